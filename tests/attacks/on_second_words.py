"""Things that were said twice, or by whom they help, so that a sum or a day says less than it knows."""

from __future__ import annotations

from typing import Any

from tests.golden.banking import LINES, SAVINGS, opened, stated
from tests.golden.cast import account_ref
from tests.golden.on_banks import transfer
from tests.golden.telling import a

from .case import CHARITY, POLICY, WHOLE, Hearing, attack, audit, broken
from .forging import LogForge, gift, paid, receipt, story
from .on_corrections import corrected
from .on_void import OFFICERS
from .scene import TODAY

BEFORE, EARLY = "2026-05-04", "2026-04-24"
CHARGES = {"group": {"group_class": "bank-charges", "people": 1, "list": "A" * 43}}


def moved(f: LogForge) -> int:
    """A fund of its own that pays out what it got today, and with another day what it gets only then."""
    f.append(OFFICERS, a("fund", id="hope-till", name="Till", purpose="Anything", restriction="unrestricted"))
    gift(f, 100, "hope-till", received_on=EARLY)
    first = paid(f, 100, "hope-till", paid_on=EARLY)
    gift(f, 50, "hope-till")
    paid(f, 50, "hope-till", paid_on=BEFORE)
    return first


@attack(CHARITY, story)
def correction_there_and_back(f: LogForge) -> Hearing:
    """A charity has paid out what came in later. It moves an older payment to today and back, as if that held more."""
    first = moved(f)
    f.append(OFFICERS, corrected(first, day=TODAY))
    f.append(OFFICERS, corrected(first, day=EARLY))
    yield POLICY, audit("overdrawn-on-day", WHOLE, WHOLE)


@attack(CHARITY, story)
def statistics_with_false_months(f: LogForge) -> Hearing:
    """A charity says how much it was given by day, with a true total, and says that most of it came today."""
    gift(f, 900, received_on=BEFORE)
    gift(f, 100)
    cells = [{"code": BEFORE, "amount": 100, "gifts": 1}, {"code": TODAY, "amount": 900, "gifts": 1}]
    said = a("statistics", fund="school-desks", unit="CNY", by="day", from_day=BEFORE, to_day=TODAY, cells=cells)
    yield POLICY, audit("statistics-total", f.append("hope.li2", said), 0)


@attack(CHARITY, story)
def grant_that_arrived_on_paper(f: LogForge) -> Hearing:
    """A charity grants money to a printer without a key, and shows a paper of its own that it arrived."""
    gift(f, 40)
    spent = paid(f, 40, payee="press", grant={})
    yield POLICY, broken("reference", f.append("hope.li2", receipt(spent, 40, "self-declared")), 0)


def line(f: LogForge, number: int = 0) -> dict[str, Any]:
    """A line of the bank's statement, opened by a receipt of its day."""
    return {"received_on": LINES[number].day, "line": opened(number, f"{f.entry['statement']}.0")}


def sent(f: LogForge, amount: int, **members: Any) -> int:
    """A payment by the bank, out of a gift that came before it."""
    gift(f, amount, "hope-well", received_on=LINES[0].day)
    start, end = f.value(len(f.entries) - 1)["flows"][0][3:]
    pay = {**transfer(amount), "units": [[start, end]], **members}
    pay = {name: value for name, value in pay.items() if name != "payee" or "group" not in members}
    return f.append("hope.wang", pay, flows=[[0, "-", "hope-well/CNY", start, end]])


@attack(CHARITY, story)
def bank_line_for_the_bank(f: LogForge) -> Hearing:
    """A charity pays its bank, and opens the bank's line: it seems as if somebody else had confirmed what the bank got."""
    spent = sent(f, 30, payee="savings")
    yield POLICY, broken("bank-line", f.append("hope.wang", {**receipt(spent, 30, "confirmed"), **line(f)}), 0)


@attack(CHARITY, story)
def bank_charges_that_the_bank_saw(f: LogForge) -> Hearing:
    """A bank says as a third party that its own charges were paid."""
    spent = sent(f, 30, cost_class="administration", **CHARGES)
    yield POLICY, broken("authority", f.append(SAVINGS, receipt(spent, 30, "third-party")), 0)


@attack(CHARITY, story)
def account_that_a_friend_goes_on_with(f: LogForge) -> Hearing:
    """A charity lets two officers say how an account of its bank went on, as if it were of another channel."""
    said = stated(from_day="2026-04-24", to_day="2026-04-24", opening=529, closing=50000, channel="wire")
    yield POLICY, broken("reference", f.append(OFFICERS, said), 0)


@attack(CHARITY, story)
def threshold_split_between_payment_and_exchange(f: LogForge) -> Hearing:
    """One officer pays a platform as much as the threshold allows, and exchanges more with the same platform."""
    gift(f, 6000)
    paid(f, 5000, payee="gate")
    change = a("exchange", fund="school-desks", unit="CNY", amount=500, to_unit="USD", to_amount=500, rate=[1, 1], source="Gate",
               exchanged_on=TODAY, custodian="gate")  # fmt: skip
    flows = [*f.out("school-desks/CNY", 500), *f.into("school-desks/USD", 500)]
    yield POLICY, broken("approval", f.append("hope.li2", change, flows=flows), 0)


@attack(CHARITY, story)
def opening_that_is_left_out(f: LogForge) -> Hearing:
    """A charity does not book what its bank had when the books began, and spends it beside them."""
    f.append(f"{OFFICERS} {SAVINGS}", stated(
        fund="hope-endowment", account=account_ref("6222 0004"), from_day="2026-01-01", to_day="2026-01-31"))  # fmt: skip
    yield POLICY, audit("opening-unconfirmed", WHOLE, WHOLE)


@attack(CHARITY, story)
def feedback_about_all_times(f: LogForge) -> Hearing:
    """A charity reports once on all that an activity will ever do."""
    said = a("feedback", activity="school-desks", from_day=BEFORE, to_day="2999-12-31", reported_on=TODAY, indicator="desks",
             value=0, measured_in="desks", method="Counted")  # fmt: skip
    yield POLICY, broken("day", f.append("hope.li2", said), 0)
