"""Money that is taken twice, led elsewhere, given back twice, acknowledged twice, or counted twice; and flows that lie."""

from __future__ import annotations

from typing import Any

from ledger.bounds import MAX_AMOUNT, MAX_INTEGER
from tests.golden.telling import a

from .case import CHARITY, OPERATOR, POLICY, Hearing, attack, broken
from .forging import LogForge, gift, paid, payment, receipt, story
from .scene import TODAY

DESKS = "school-desks/CNY"
SCHOOL = "hope-school/CNY"


def out(tape: str, *spans: tuple[int, int] | list[int], record: int = 0) -> list[list[Any]]:
    """Flows out of a tape."""
    return [[record, "-", tape, *span] for span in spans]


def refund(of: int, fund: str, *, units: list[list[int]] | None = None, cover: list[list[int]] | None = None) -> dict[str, Any]:
    """A refund of units that are left, or of spent ones out of the general fund."""
    more: dict[str, Any] = {"units": units} if units else {}
    more |= {"cover": {"fund": "hope-general", "units": cover}} if cover else {}
    return a("refund", gift=f"{of}.0", fund=fund, unit="CNY", reason="donor-request", refunded_on=TODAY, **more)


def placed(f: LogForge, index: int) -> tuple[int, int]:
    """Where a gift stands on its tape."""
    return tuple(f.value(index)["flows"][0][3:])


@attack(CHARITY, story)
def units_taken_twice_in_one_statement(f: LogForge) -> Hearing:
    """Two payments of one statement name the same units."""
    start, end = placed(f, gift(f, 40))
    both = [payment(40, units=[[start, end]])] * 2
    index = f.append("hope.li2", *both, flows=out(DESKS, (start, end)) + out(DESKS, (start, end), record=1))
    yield POLICY, broken("overdraft", index, 1)


@attack(CHARITY, story)
def units_that_come_in_later_in_the_statement(f: LogForge) -> Hearing:
    """A payment spends the gift that the next record of the same statement brings."""
    f.append("river.xu2", a("fund", id="boats", name="Boats", purpose="Boats", restriction="restricted"))
    said = a("donation", fund="boats", unit="CNY", amount=40, channel="cash", received_on=TODAY)
    flows = out("boats/CNY", (0, 40)) + [[1, "+", "boats/CNY", 0, 40]]
    yield POLICY, broken("overdraft", f.append("river.xu2", payment(40, "boats"), said, flows=flows), 0)


@attack(OPERATOR, story)
def flows_of_two_gifts_exchanged(f: LogForge) -> Hearing:
    """Two gifts of one statement are alike; the operator gives each the units of the other."""
    start = f.end(DESKS)
    both = [a("donation", fund="school-desks", unit="CNY", amount=50, channel="cash", received_on=TODAY)] * 2
    flows = [[0, "+", DESKS, start + 50, start + 100], [1, "+", DESKS, start, start + 50]]
    yield POLICY, broken("tape-flow", f.append("hope.li2", *both, flows=flows), 0, more=True)


@attack(OPERATOR, story)
def flows_that_leave_a_gap(f: LogForge) -> Hearing:
    """A gift is on its tape above a gap of units that no one gave."""
    start = f.end(DESKS) + 1000
    said = a("donation", fund="school-desks", unit="CNY", amount=50, channel="cash", received_on=TODAY)
    yield POLICY, broken("tape-flow", f.append("hope.li2", said, flows=[[0, "+", DESKS, start, start + 50]]), 0)


@attack(OPERATOR, story)
def flows_in_another_unit(f: LogForge) -> Hearing:
    """A gift of yuan is on the tape of dollars."""
    said = a("donation", fund="hope-general", unit="CNY", amount=50, channel="cash", received_on=TODAY)
    yield POLICY, broken("tape-flow", f.append("hope.li2", said, flows=f.into("hope-general/USD", 50)), 0)


@attack(OPERATOR, story)
def flows_of_fractions(f: LogForge) -> Hearing:
    """A flow ends at 50.5 units; no party signs flows."""
    index = gift(f, 50)
    yield POLICY, broken("tape-flow", f.edit(index, lambda value: value["flows"][0].__setitem__(4, value["flows"][0][4] + 0.5)))


@attack(OPERATOR, story)
def flows_that_move_anothers_money_too(f: LogForge) -> Hearing:
    """A payment's own flow is followed by one that takes money out of someone else's fund."""
    index = paid(f, 20)
    yield POLICY, broken("tape-flow", f.edit(index, lambda value: value["flows"].append([0, "-", "gate-fees/CNY", 0, 60])), 0)


@attack(CHARITY, story)
def refund_of_units_twice_in_one_statement(f: LogForge) -> Hearing:
    """One statement pays the same spent units of a gift back twice, out of the general fund."""
    start, end = placed(f, gift(f, 40))
    given = f.last
    paid(f, 40, units=[[start, end]])
    both = [refund(given, "school-desks", cover=[[start, end]])] * 2
    flows = f.out("hope-general/CNY", 80)
    low = flows[0][3]
    flows = out("hope-general/CNY", (low, low + 40)) + out("hope-general/CNY", (low + 40, low + 80), record=1)
    yield POLICY, broken("refund-units", f.append("hope.li2 hope.wang", *both, flows=flows), 1)


@attack(CHARITY, story)
def refund_of_more_than_was_given(f: LogForge) -> Hearing:
    """A refund names one unit beyond the gift: the first one of the next donor's."""
    given = gift(f, 40)
    start, end = placed(f, given)
    gift(f, 40)
    said = refund(given, "school-desks", units=[[start, end + 1]])
    index = f.append("hope.li2 hope.wang", said, flows=out(DESKS, (start, end + 1)))
    yield POLICY, broken("refund-units", index, 0)


@attack(CHARITY, story)
def refund_of_units_that_are_spent(f: LogForge) -> Hearing:
    """A refund gives back, as if they were there, units that were paid away."""
    given = gift(f, 40)
    start, end = placed(f, given)
    paid(f, 40, units=[[start, end]])
    index = f.append("hope.li2 hope.wang", refund(given, "school-desks", units=[[start, end]]), flows=out(DESKS, (start, end)))
    yield POLICY, broken("overdraft", index, 0)


@attack(CHARITY, story)
def refund_by_one_officer(f: LogForge) -> Hearing:
    """One officer of two gives a gift back, to whom he likes."""
    given = gift(f, 40)
    span = [*placed(f, given)]
    yield POLICY, broken("approval", f.append("hope.li2", refund(given, "school-desks", units=[span]), flows=out(DESKS, span)), 0)


@attack(CHARITY, story)
def restricted_money_to_a_sibling(f: LogForge) -> Hearing:
    """Money for books is assigned to desks, a fund beside it below the same project."""
    gift(f, 40, "school-books")
    record = a("allocation", fund="school-books", unit="CNY", to="school-desks", amount=30)
    index = f.append("hope.li2", record, flows=f.out("school-books/CNY", 30) + f.into(DESKS, 30))
    yield POLICY, broken("restriction", index, 0)


@attack(CHARITY, story)
def restricted_money_as_goods_of_a_sibling(f: LogForge) -> Hearing:
    """Money for books buys rice, which goes into the fund beside it."""
    gift(f, 40, "school-books")
    bought = [{"fund": "school-store", "unit": "rice", "quantity": 100, "cost": 30}]
    flows = f.out("school-books/CNY", 30) + f.into("school-store/rice", 100)
    yield POLICY, broken("restriction", f.append("hope.li2", payment(30, "school-books", goods=bought), flows=flows), 0)


@attack(CHARITY, story)
def restriction_lifted(f: LogForge) -> Hearing:
    """A platform records its restricted fund a second time, as unrestricted."""
    said = a("fund", id="gate-school", name="Schools", purpose="Passed on", restriction="unrestricted")
    yield POLICY, broken("reference", f.append("gate.sun", said), 0)


@attack(CHARITY, story)
def endowment_spent_in_another_unit(f: LogForge) -> Hearing:
    """Endowment capital is changed into dollars and spent so."""
    change = a(
        "exchange", fund="hope-endowment", unit="CNY", amount=700, to_unit="USD", to_amount=100, rate=[1, 7], source="Bank",
        exchanged_on=TODAY,
    )  # fmt: skip
    f.append("hope.li2", change, flows=f.out("hope-endowment/CNY", 700) + f.into("hope-endowment/USD", 100))
    said = {**payment(50, "hope-endowment"), "unit": "USD"}
    yield POLICY, broken("restriction", f.append("hope.li2", said, flows=f.out("hope-endowment/USD", 50)), 0)


@attack(CHARITY, story)
def endowment_bought_away(f: LogForge) -> Hearing:
    """Endowment capital is assigned to a new fund below it, which calls itself unrestricted, and spent there."""
    fund = a("fund", id="yield", parent="hope-endowment", name="Yield", purpose="Its yield", restriction="unrestricted")
    f.append("hope.li2 hope.wang", fund)
    record = a("allocation", fund="hope-endowment", unit="CNY", to="yield", amount=100)
    f.append("hope.li2", record, flows=f.out("hope-endowment/CNY", 100) + f.into("yield/CNY", 100))
    yield POLICY, broken("restriction", paid(f, 100, "yield"), 0)


@attack(CHARITY, story)
def receipts_after_a_return(f: LogForge) -> Hearing:
    """Half of a payment came back, and the payee acknowledges one unit more than the payment."""
    index = paid(f, 20)
    f.append("hope.li2", a("payment-return", of=f"{index}.0", amount=10, returned_on=TODAY, reason="Half"), flows=f.into(DESKS, 10))
    more = f.append("shop.zhao", receipt(index, 21))
    yield POLICY, broken("receipt-excess", more, 0, also=(("return-against-receipt", more, 0),))


@attack(CHARITY, story)
def receipts_twice_in_one_statement(f: LogForge) -> Hearing:
    """A payee acknowledges a payment twice in one statement."""
    index = paid(f, 20)
    yield POLICY, broken("receipt-excess", f.append("shop.zhao", receipt(index, 20), receipt(index, 20)), 1)


@attack(CHARITY, story)
def return_of_what_was_bought(f: LogForge) -> Hearing:
    """A charity says that the money for goods came back, and keeps the goods."""
    back = a("payment-return", of=f"{f.entry['rice']}.0", amount=100, returned_on=TODAY, reason="Rotten")
    yield POLICY, broken("reference", f.append("hope.li2", back, flows=f.into(SCHOOL, 100)), 0)


@attack(CHARITY, story)
def reversal_twice(f: LogForge) -> Hearing:
    """An allocation is reversed a second time, with units that others gave since."""
    allocated = f.entry["reversal"] - 1
    flows = f.out(DESKS, 600)[:1] + f.into(SCHOOL, 600)
    index = f.append("hope.li2 hope.wang", a("reversal", of=f"{allocated}.0", reason="Once more"), flows=flows)
    yield POLICY, broken("reference", index, 0)


@attack(CHARITY, story)
def exchange_at_another_rate_than_it_says(f: LogForge) -> Hearing:
    """An exchange gives fewer yuan than its own rate says."""
    said = a("exchange", fund="hope-general", unit="USD", amount=100, to_unit="CNY", to_amount=600, rate=[7, 1], source="Bank",
             exchanged_on=TODAY)  # fmt: skip
    index = f.append("hope.li2", said, flows=f.out("hope-general/USD", 100) + f.into("hope-general/CNY", 600))
    yield POLICY, broken("schema", index)


@attack(CHARITY, story)
def tape_of_every_unit_there_is(f: LogForge) -> Hearing:
    """Gifts fill a tape up to 2^53-1, and the next one goes past it, whose units a program with 53 bits takes for the same."""
    relief = "river-relief/CNY"
    while (room := MAX_INTEGER - f.end(relief)) > 0:
        gift(f, min(room, MAX_AMOUNT), "river-relief", "river.xu2")
    said = a("donation", fund="river-relief", unit="CNY", amount=1, channel="cash", received_on=TODAY)
    index = f.append("river.xu2", said, flows=[[0, "+", relief, MAX_INTEGER, MAX_INTEGER + 1]])
    yield POLICY, broken("tape-limit", index, 0, also=(("tape-flow", index, -1),))
