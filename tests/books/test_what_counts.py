"""What counts as inflow of a project (books §2): income by its class, losses, advances, and grants that go round."""

import pytest

from tests.language import Ledger, a_ledger


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger().play("""
        hope: project clinic restricted general cost_limits=administration:1/10; activity ward clinic
        hope: project annex restricted general
        friends: project camp restricted; fund purse unrestricted
        hope: donation 100.00 CNY -> general
    """)


def came(ledger: Ledger, project: str = "clinic", unit: str = "CNY") -> int:
    row = ledger.books.came.get(f"{project}/{unit}")
    return row.amount if row else 0


def kept(ledger: Ledger, table: str) -> dict[str, int]:
    return {key: row.amount for key, row in getattr(ledger.books, table).items() if row.amount}


@pytest.mark.parametrize("income_class", ["opening-balance", "interest", "sale", "service", "membership", "fees", "investment",
                                          "public-grant", "tax-relief"])  # fmt: skip
def test_income_counts(ledger: Ledger, income_class: str):
    ledger.play(f"hope: income 5.00 CNY -> clinic income_class={income_class} as got; reversal of ^got")
    assert came(ledger) == 0
    ledger.play(f"hope: income 5.00 CNY -> ward income_class={income_class}")
    assert (came(ledger), kept(ledger, "uncounted")) == (500, {})


@pytest.mark.parametrize(("income_class", "lender"), [("advance", "lender=press"), ("unstated", "")])
def test_what_is_to_be_repaid_or_unstated_does_not_count(ledger: Ledger, income_class: str, lender: str):
    ledger.play(f"""
        hope: income 500.00 CNY -> clinic income_class={income_class} {lender} as got
        hope: payment 0.01 CNY clinic -> shop cost_class=administration
          ! cost-limit: 1/10 of its inflow, 0.00 CNY
        hope: write-off 1.00 CNY clinic
          ! approval: a second
    """)
    assert (came(ledger), kept(ledger, "uncounted")) == (0, {"clinic/CNY": 50000})
    ledger.play("hope: reversal of ^got")
    assert (came(ledger), kept(ledger, "uncounted")) == (0, {})


def test_the_repayment_of_an_advance_is_no_cost(ledger: Ledger):
    ledger.play(f"""
        hope: income 50.00 CNY -> clinic income_class=advance lender=press as lent; income 9.00 CNY -> clinic as interest
        hope: payment 20.00 CNY clinic -> press repays=^lent as first
        hope: payment 30.01 CNY clinic -> press repays=^lent
          ! return-excess: only 30.00 CNY of advance
        hope: payment 1.00 CNY clinic -> press repays=^interest
          ! reference: is of class interest, hope and CNY, and not an advance of hope in CNY
        hope: payment 1.00 CNY clinic -> shop repays=^lent
          ! reference: press lent it, and not shop
        hope: payment 1.00 CNY clinic group=payroll:1:{"A" * 43} repays=^lent
          ! schema: with returns or repays, give payee
        friends: donation 9.00 CNY -> purse; payment 1.00 CNY purse -> press repays=^lent
          ! reference: not an advance of friends
        hope: payment 1.00 CNY general -> press repays=^lent
          ! reference: not of the project of 'general'
        hope: payment 1.00 CNY clinic -> press repays=^first
          ! reference: is not income
        hope: payment 1.00 CNY clinic -> press repays=^lent cost_class=programme
          ! schema: give cost_class, or returns
        hope: payment 1.00 CNY clinic -> press repays=^lent grant=
          ! schema: give no goods, grant or invoice
        hope: reversal of ^lent
          ! overdraft: some of it is spent
        hope: correction of ^first cost_class=programme
          ! reference: it pays a grant or an advance back, which is not a cost
        hope: payment-return 5.00 of ^first
    """)
    assert kept(ledger, "spent") == {}
    assert ledger.books.income[ledger.labels["lent"]].repaid == 1500
    ledger.play("hope: reversal of ^first")
    assert ledger.books.income[ledger.labels["lent"]].repaid == 0


def test_an_advance_that_is_repaid_is_not_void(ledger: Ledger):
    ledger.play("""
        hope: income 9.00 CNY -> clinic as own; income 5.00 CNY -> clinic income_class=advance lender=press as lent
        hope: payment 5.00 CNY clinic -> press repays=^lent as repaid
        hope: reversal of ^lent
          ! reference: some of the advance is repaid
        hope: reversal of ^repaid
        hope: reversal of ^lent
        hope: payment 1.00 CNY clinic -> press repays=^lent
          ! reference: was declared void by
    """)
    assert came(ledger) == 900


def test_a_recovery_counts_up_to_what_was_lost(ledger: Ledger):
    ledger.play("""
        hope: income 2.00 CNY -> clinic income_class=recovery as early
        hope by li, wang: key wang
    """)
    assert came(ledger) == 0
    ledger.play("""
        hope: donation 30.00 CNY -> clinic
        hope by li, wang: write-off 10.00 CNY clinic units=200..1200
        hope: income 4.00 CNY -> clinic income_class=recovery as some
    """)
    assert (came(ledger), kept(ledger, "lost")) == (2400, {"clinic/CNY": 600})
    ledger.play("hope: income 9.00 CNY -> clinic income_class=recovery as more")
    assert (came(ledger), kept(ledger, "lost"), kept(ledger, "uncounted")) == (3000, {}, {"clinic/CNY": 500})
    ledger.play("hope by li, wang: reversal of ^more; reversal of ^some; reversal of ^early")
    assert (came(ledger), kept(ledger, "lost"), kept(ledger, "uncounted")) == (2000, {"clinic/CNY": 1000}, {})


def test_income_that_is_written_off_counts_no_more_however_often_it_is_found(ledger: Ledger):
    """Else a project could lose and recover the same money, and spend a tenth of it each time."""
    ledger.play("""
        hope by li, wang: key wang
        hope: income 10.00 CNY -> clinic
        hope by li, wang: write-off 6.00 CNY clinic
    """)
    assert came(ledger) == 400
    for _ in range(3):
        ledger.play("""
            hope: income 6.00 CNY -> clinic income_class=recovery
            hope by li, wang: write-off 6.00 CNY clinic
        """)
        assert came(ledger) == 400


def test_what_is_lost_and_what_is_void_lower_inflow_by_all_that_they_took(ledger: Ledger):
    ledger.play("""
        hope by li, wang: key wang
        hope: donation 10.00 CNY -> clinic; income 5.00 CNY -> clinic as wrong
        hope by li, wang: write-off 3.00 CNY clinic
        hope by li, wang: reversal of ^wrong
    """)
    assert (came(ledger), kept(ledger, "lost")) == (700, {"clinic/CNY": 300})


@pytest.fixture
def wing(ledger: Ledger) -> Ledger:
    """A project whose money may go back to the general fund, and come again."""
    return ledger.play("""
        hope: project wing unrestricted general cost_limits=administration:1/10
        hope by li, wang: key wang
    """)


@pytest.mark.parametrize("gone", ["write-off 10.00 CNY wing", "reversal of ^wrong"])
@pytest.mark.parametrize("again", ["reversal of ^away", "allocation 10.00 CNY general -> wing"])
def test_income_that_never_was_counts_no_more_when_a_gift_is_back(wing: Ledger, gone: str, again: str):
    """The gift is elsewhere when the income is void or lost."""
    wing.play(f"""
        hope: donation 10.00 CNY -> wing; income 10.00 CNY -> wing as wrong
        hope: allocation 10.00 CNY wing -> general units=0..1000 as away
        hope by li, wang: {gone}
        hope by li, wang: {again}
        hope: payment 1.01 CNY wing -> shop cost_class=administration
          ! cost-limit: 1/10 of its inflow, 10.00 CNY
    """)
    assert came(wing, "wing") == 1000


def test_income_that_never_was_counts_no_more_when_an_exchange_is_void(wing: Ledger):
    wing.play("""
        hope: donation 10.00 CNY -> wing; income 10.00 CNY -> wing as wrong
        hope: exchange 10.00 CNY wing 1.00 USD rate=1/10 units=0..1000 as changed
        hope by li, wang: reversal of ^wrong; reversal of ^changed
    """)
    assert (came(wing, "wing"), came(wing, "wing", "USD")) == (1000, 0)


def test_borrowed_money_is_no_inflow_wherever_it_goes(wing: Ledger):
    wing.play("""
        hope: income 5.00 CNY -> general income_class=advance lender=press as lent; donation 6.00 CNY -> wing
        hope: allocation 4.00 CNY general -> wing as down
    """)
    assert (came(wing, "wing"), kept(wing, "uncounted")) == (600, {"general/CNY": 100, "wing/CNY": 400})
    wing.play("hope: exchange 3.00 CNY wing 0.30 USD rate=1/10 as changed")
    assert (came(wing, "wing"), kept(wing, "uncounted")) == (600, {"general/CNY": 100, "wing/CNY": 100, "wing/USD": 30})
    wing.play("hope by li, wang: reversal of ^changed; reversal of ^down units=600..800")
    assert (came(wing, "wing"), kept(wing, "uncounted")) == (600, {"general/CNY": 300, "wing/CNY": 200})
    wing.play("hope: payment 5.00 CNY general -> press repays=^lent as repaid; allocation 4.00 CNY wing -> general")
    assert (came(wing, "wing"), kept(wing, "uncounted")) == (400, {"general/CNY": 200})
    wing.play("hope by li, wang: reversal of ^repaid")
    assert kept(wing, "uncounted") == {"general/CNY": 700}


def test_borrowed_money_that_is_lost_and_found_is_no_inflow(wing: Ledger):
    wing.play("""
        hope: income 5.00 CNY -> wing income_class=advance lender=press
        hope by li, wang: write-off 5.00 CNY wing
        hope: income 5.00 CNY -> wing income_class=recovery
    """)
    assert (came(wing, "wing"), kept(wing, "lost"), kept(wing, "uncounted")) == (0, {}, {"wing/CNY": 500})


def test_what_was_passed_on_is_repaid_out_of_inflow(wing: Ledger):
    """The project sends the loan away, and pays it back with a gift."""
    wing.play("""
        hope: donation 10.00 CNY -> wing; income 10.00 CNY -> wing income_class=advance lender=press as lent
        hope: allocation 10.00 CNY wing -> general units=1000..2000
        hope: payment 1.00 CNY wing -> shop cost_class=administration
        hope: payment 9.00 CNY wing -> press repays=^lent
          ! cost-limit: takes 9.00 CNY of inflow out of project 'wing'
    """)


@pytest.mark.parametrize(("there", "back"), [
    ("income 10.00 USD -> wing income_class=advance lender=press; exchange 20.00 CNY wing 20.00 USD rate=1/1 as it",
     "reversal of ^it"),
    ("income 20.00 USD -> wing as it; donation 2.00 USD -> wing", "reversal of ^it"),
    ("income 20.00 USD -> wing; donation 2.00 USD -> wing", "write-off 20.00 USD wing"),
])  # fmt: skip
def test_what_a_cost_has_used_is_not_taken_out_again(wing: Ledger, there: str, back: str):
    units = "2000..2200" if "donation" in there else "0..200"
    wing.play(f"""
        hope: donation 20.00 CNY -> wing
        hope: {there}
        hope: payment 2.00 USD wing -> shop cost_class=administration units={units}
        hope by li, wang: {back}
          ! cost-limit: of inflow out of project 'wing'
    """)


def test_goods_whose_cost_limit_is_used_stay(wing: Ledger):
    wing.play("""
        hope: donation 20.00 CNY -> wing; donation 10 box -> wing
        hope: payment 20.00 CNY wing -> press goods=100:box:wing:20.00 as bought
        hope: payment 10 box wing -> shop cost_class=administration units=0..10
        hope by li, wang: reversal of ^bought
          ! cost-limit: takes 100 box of inflow out of project 'wing'
    """)


@pytest.mark.parametrize("back", ["reversal of ^took", "payment 10.00 CNY clinic -> friends returns=^took units=100..1100"])
def test_a_grant_whose_share_is_used_stays(wing: Ledger, back: str):
    wing.play(f"""
        hope: donation 1.00 CNY -> clinic
        friends: donation 10.00 CNY -> camp; payment 10.00 CNY camp -> hope grant= as given
        hope: receipt 10.00 of ^given into=clinic as took
        hope: payment 1.00 CNY clinic -> shop cost_class=administration units=0..100
        hope by li, wang: {back}
          ! cost-limit: takes 10.00 CNY of inflow out of project 'clinic'
    """)


def test_a_grant_that_goes_round_through_a_fund_counts_once(ledger: Ledger):
    """It is taken into another tree, of no project, and allocated from there."""
    ledger.play("hope: fund pool restricted; project tents restricted pool; donation 10.00 CNY -> tents")
    for number in range(3):
        ledger.play(f"""
            hope: payment 10.00 CNY tents -> friends grant= as there{number}
            friends: receipt 10.00 of ^there{number} into=camp
            friends: payment 10.00 CNY camp -> hope grant= as back{number}
            hope: receipt 10.00 of ^back{number} into=pool; allocation 10.00 CNY pool -> tents
        """)
    assert came(ledger, "tents") == 1000


def test_an_advance_is_repaid_with_money_that_could_go_where_it_came(wing: Ledger):
    """Else restricted money would pay for what a free fund has spent."""
    wing.play("""
        hope by li, wang: fund pool restricted; fund tap restricted pool; activity beds wing
        hope: donation 9.00 CNY -> pool; donation 9.00 CNY -> tap; donation 9.00 CNY -> wing; donation 9.00 CNY -> beds
        hope: income 5.00 CNY -> general income_class=advance lender=press as lent
        hope: payment 5.00 CNY pool -> press repays=^lent
          ! reference: came into 'general', to which money of 'pool' cannot go
        hope: income 5.00 CNY -> pool income_class=advance lender=press as pooled
        hope: payment 5.00 CNY tap -> press repays=^pooled
          ! reference: came into 'pool', to which money of 'tap' cannot go
        hope: income 5.00 CNY -> tap income_class=advance lender=press as tapped
        hope: income 5.00 CNY -> wing income_class=advance lender=press as winged
        hope: payment 5.00 CNY pool -> press repays=^tapped; payment 5.00 CNY beds -> press repays=^winged
    """)


def go_round(ledger: Ledger, number: int) -> None:
    """The clinic grants 10.00 to the camp, and the camp as much to the clinic."""
    ledger.play(f"""
        hope: payment 10.00 CNY clinic -> friends grant= as there{number}
        friends: receipt 10.00 of ^there{number} into=camp as took{number}
        friends: payment 10.00 CNY camp -> hope grant= as back{number}
        hope: receipt 10.00 of ^back{number} into=clinic
    """)


def test_grants_that_go_round_count_once(ledger: Ledger):
    ledger.play("hope: donation 10.00 CNY -> clinic")
    for number in range(4):
        go_round(ledger, number)
    assert (came(ledger), came(ledger, "camp")) == (1000, 1000)
    ledger.play("""
        friends: donation 7.00 CNY -> camp; payment 7.00 CNY camp -> hope grant= as more
        hope: receipt 7.00 of ^more into=annex as annexed
    """)
    assert came(ledger, "annex") == 700
    ledger.play("hope: reversal of ^annexed")
    assert came(ledger, "annex") == 0


def test_a_grant_that_came_back_or_was_void_was_not_granted(ledger: Ledger):
    ledger.play("""
        hope: donation 10.00 CNY -> clinic; donation 9 box -> clinic
        hope: payment 4.00 CNY clinic -> friends grant= as one; payment 5.00 CNY clinic -> friends grant= as two
        hope: delivery 3 box clinic -> friends grant= as goods
        hope: payment-return 4.00 of ^one
        hope: reversal of ^two; reversal of ^goods
    """)
    assert {row for _, row in ledger.books.net.items()} == {(0, 0, 0)}


def test_a_grant_that_is_paid_back_was_neither_taken_nor_granted(ledger: Ledger):
    ledger.play("""
        hope: donation 10.00 CNY -> clinic
        hope: payment 8.00 CNY clinic -> friends grant= as given
        friends: receipt 8.00 of ^given into=camp as took
        friends: payment 3.00 CNY camp -> hope returns=^took units=0..300 as back
        hope: receipt 3.00 of ^back into=clinic
    """)
    assert {key: tuple(row) for key, row in ledger.books.net.items()} == {
        "hope/friends/CNY": (0, 500, 0), "friends/hope/CNY": (500, 0, 500),
    }  # fmt: skip
    assert (came(ledger), came(ledger, "camp"), kept(ledger, "spent")) == (1000, 500, {"clinic/CNY/programme": 500})
