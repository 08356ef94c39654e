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
    assert (came(ledger), kept(ledger, "earned")) == (0, {})
    ledger.play(f"hope: income 5.00 CNY -> ward income_class={income_class}")
    assert (came(ledger), kept(ledger, "earned")) == (500, {"clinic/CNY": 500})


@pytest.mark.parametrize("income_class", ["advance", "unstated"])
def test_what_is_to_be_repaid_or_unstated_does_not_count(ledger: Ledger, income_class: str):
    ledger.play(f"""
        hope: income 500.00 CNY -> clinic income_class={income_class} as got
        hope: payment 0.01 CNY clinic -> shop cost_class=administration
          ! cost-limit: 1/10 of its inflow, 0.00 CNY
        hope: write-off 1.00 CNY clinic
          ! approval: a second
    """)
    assert (came(ledger), kept(ledger, "earned")) == (0, {})
    ledger.play("hope: reversal of ^got")
    assert came(ledger) == 0


def test_the_repayment_of_an_advance_is_no_cost(ledger: Ledger):
    ledger.play("""
        hope: income 50.00 CNY -> clinic income_class=advance as lent; income 9.00 CNY -> clinic as interest
        hope: payment 20.00 CNY clinic -> press repays=^lent as first
        hope: payment 30.01 CNY clinic -> press repays=^lent
          ! return-excess: only 30.00 CNY of advance
        hope: payment 1.00 CNY clinic -> press repays=^interest
          ! reference: is of class interest, hope and CNY, and not an advance of hope in CNY
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
        hope: income 9.00 CNY -> clinic as own; income 5.00 CNY -> clinic income_class=advance as lent
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
    assert (came(ledger), kept(ledger, "lost")) == (3400, {"clinic/CNY": 600})
    ledger.play("hope: income 9.00 CNY -> clinic income_class=recovery as more")
    assert (came(ledger), kept(ledger, "lost")) == (4000, {})
    ledger.play("hope by li, wang: reversal of ^more; reversal of ^some; reversal of ^early")
    assert (came(ledger), kept(ledger, "lost"), kept(ledger, "earned")) == (3000, {"clinic/CNY": 1000}, {})


def test_income_that_is_written_off_counts_no_more_however_often_it_is_found(ledger: Ledger):
    """Else a project could lose and recover the same money, and spend a tenth of it each time."""
    ledger.play("""
        hope by li, wang: key wang
        hope: income 10.00 CNY -> clinic
        hope by li, wang: write-off 6.00 CNY clinic
    """)
    assert (came(ledger), kept(ledger, "earned")) == (400, {"clinic/CNY": 400})
    for _ in range(3):
        ledger.play("""
            hope: income 6.00 CNY -> clinic income_class=recovery
            hope by li, wang: write-off 6.00 CNY clinic
        """)
        assert came(ledger) == 400


def test_what_was_lowered_is_not_lowered_again_by_a_void(ledger: Ledger):
    ledger.play("""
        hope by li, wang: key wang
        hope: donation 10.00 CNY -> clinic; income 5.00 CNY -> clinic as wrong
        hope by li, wang: write-off 3.00 CNY clinic
        hope by li, wang: reversal of ^wrong
    """)
    assert (came(ledger), kept(ledger, "earned")) == (1000, {})


def test_income_goes_along_with_what_is_passed_on_or_exchanged(ledger: Ledger):
    ledger.play("""
        hope: project wing unrestricted general; income 10.00 CNY -> wing
        hope by li, wang: key wang
        hope: allocation 6.00 CNY wing -> clinic as moved; exchange 4.00 CNY wing 2.00 USD rate=1/2 as changed
    """)
    assert kept(ledger, "earned") == {"clinic/CNY": 600, "wing/USD": 200}
    ledger.play("hope by li, wang: write-off 1.00 USD wing; write-off 1.00 CNY clinic")
    assert (came(ledger), came(ledger, "wing", "USD")) == (500, 100)
    ledger.play("hope by li, wang: reversal of ^moved units=200..300")
    assert kept(ledger, "earned") == {"clinic/CNY": 400, "wing/CNY": 100, "wing/USD": 100}


def test_an_exchange_that_is_void_brings_the_income_back(ledger: Ledger):
    ledger.play("""
        hope: project wing unrestricted general; income 10.00 CNY -> wing
        hope: exchange 4.00 CNY wing 2.00 USD rate=1/2 as changed; reversal of ^changed
    """)
    assert kept(ledger, "earned") == {"wing/CNY": 1000}


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
