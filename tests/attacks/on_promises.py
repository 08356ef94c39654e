"""Thresholds, cost limits and days that a charity promised, and the ways round them; and times that no clock has."""

from __future__ import annotations

from tests.golden.cast import public
from tests.golden.on_bytes import replaced
from tests.golden.telling import a

from .case import CHARITY, NOTHING, OPERATOR, POLICY, Hearing, attack, audit, broken, unseen
from .forging import LogForge, gift, paid, payment, story
from .scene import TODAY

DESKS = "school-desks/CNY"
SCHOOL = "hope-school/CNY"
LATE = "2026-05-01"
THRESHOLD = 5000


@attack(CHARITY, story)
def threshold_split_in_a_day(f: LogForge) -> Hearing:
    """One officer pays a shop twice on one day, each time below the threshold, together above it."""
    gift(f, 6000)
    paid(f, 3000)
    yield POLICY, broken("approval", paid(f, 3000), 0)


@attack(CHARITY, story)
def threshold_split_in_a_statement(f: LogForge) -> Hearing:
    """One officer pays a shop twice in one statement."""
    gift(f, 6000)
    (start, _), *_ = f.lowest(DESKS, 6000)
    spans = [(start, start + 3000), (start + 3000, start + 6000)]
    flows = [[number, "-", DESKS, *span] for number, span in enumerate(spans)]
    yield POLICY, broken("approval", f.append("hope.li2", payment(3000), payment(3000), flows=flows), 1)


@attack(CHARITY, story)
def threshold_split_over_days_that_are_past(f: LogForge) -> Hearing:
    """One officer records two payments on one day and dates them to two."""
    gift(f, 6000)
    paid(f, 3000, paid_on=LATE)
    yield POLICY, broken("approval", paid(f, 3000), 0)


@attack(CHARITY, story)
def threshold_split_over_funds(f: LogForge) -> Hearing:
    """One officer pays a shop out of two funds of one tree."""
    gift(f, 3000)
    gift(f, 3000, "school-books")
    paid(f, 3000)
    yield POLICY, broken("approval", paid(f, 3000, "school-books"), 0)


@attack(CHARITY, story)
def threshold_counted_down_by_a_return(f: LogForge) -> Hearing:
    """One officer pays, says that it came back, and pays again."""
    gift(f, 6000)
    first = paid(f, 4000)
    back = a("payment-return", of=f"{first}.0", amount=4000, returned_on=TODAY, reason="Said so")
    f.append("hope.li2", back, flows=f.into(DESKS, 4000))
    yield POLICY, broken("approval", paid(f, 4000), 0)


@attack(CHARITY, story)
def threshold_raised_with_the_payment(f: LogForge) -> Hearing:
    """The only officer says a looser mandate in the statement that pays."""
    f.append("river.xu2", a("mandate", thresholds=[{"unit": "CNY", "amount": 9}]))
    loose = a("mandate", thresholds=[{"unit": "CNY", "amount": 9000}])
    flows = [[1, *row[1:]] for row in f.out("river-relief/CNY", 90)]
    yield POLICY, broken("approval", f.append("river.xu2", loose, payment(90, "river-relief"), flows=flows), 1)


def administration(f: LogForge, amount: int) -> int:
    """A payment for the project's own costs, of which there are 99 left."""
    return paid(f, amount, "hope-school", cost_class="administration")


def changed(f: LogForge, unit: str, amount: int, to_unit: str, to_amount: int, rate: list[int]) -> None:
    """An exchange in the project's fund."""
    said = a("exchange", fund="hope-school", unit=unit, amount=amount, to_unit=to_unit, to_amount=to_amount, rate=rate)
    said |= {"source": "Bank", "exchanged_on": TODAY}
    f.append("hope.li2", said, flows=f.out(f"hope-school/{unit}", amount) + f.into(f"hope-school/{to_unit}", to_amount))


@attack(CHARITY, story)
def cost_limit_raised_by_moving_money(f: LogForge) -> Hearing:
    """A project assigns its money from fund to fund, so that it comes in again and again, and then spends a tenth of that."""
    deep = a("fund", id="deep", parent="hope-school", name="Deep", purpose="Deep", restriction="restricted")
    f.append("hope.li2 hope.wang", deep)
    record = a("allocation", fund="hope-school", unit="CNY", to="deep", amount=1000)
    index = f.append("hope.li2", record, flows=f.out(SCHOOL, 1000) + f.into("deep/CNY", 1000))
    (_, tape, start, end) = f.value(index)["flows"][-1][1:]
    flows = [[0, "-", tape, start, end], *f.into(SCHOOL, 1000)]
    f.append("hope.li2 hope.wang", a("reversal", of=f"{index}.0", reason="And back"), flows=flows)
    yield POLICY, broken("cost-limit", administration(f, 100), 0)


@attack(CHARITY, story)
def cost_limit_raised_by_returns(f: LogForge) -> Hearing:
    """A project pays and takes back, so that the same money comes in twice."""
    index = paid(f, 1000, "hope-school")
    back = a("payment-return", of=f"{index}.0", amount=1000, returned_on=TODAY, reason="And back")
    f.append("hope.li2", back, flows=f.into(SCHOOL, 1000))
    yield POLICY, broken("cost-limit", administration(f, 100), 0)


@attack(CHARITY, story)
def cost_limit_raised_by_exchanges(f: LogForge) -> Hearing:
    """A project changes its yuan into dollars and back, and then spends a tenth of what came in twice."""
    changed(f, "CNY", 1400, "USD", 200, [1, 7])
    changed(f, "USD", 200, "CNY", 1400, [7, 1])
    yield POLICY, broken("cost-limit", administration(f, 100), 0)


@attack(CHARITY, story)
def cost_limit_raised_by_a_gift_that_goes_back(f: LogForge) -> Hearing:
    """A project records a large gift, gives it back the same day, and spends a tenth of it."""
    index = gift(f, 9000, "hope-school")
    span = f.value(index)["flows"][0][3:]
    said = a("refund", gift=f"{index}.0", fund="hope-school", unit="CNY", units=[span], reason="donor-request", refunded_on=TODAY)
    f.append("hope.li2 hope.wang", said, flows=[[0, "-", SCHOOL, *span]])
    yield POLICY, broken("cost-limit", administration(f, 100), 0)


@attack(CHARITY, story)
def overdue_receipt_in_a_log_without_new_entries(f: LogForge) -> Hearing:
    """A charity records nothing more, so that no day comes on which its receipts are overdue."""
    yield POLICY, unseen("What is overdue is judged as of the day of the last entry unless another day is given.", "A calendar.")
    f.as_of = "2026-06-30"
    yield POLICY, audit("overdue-feedback", f.entry["late-feedback"], 0)


@attack(NOTHING, story)
def entry_of_a_day_that_local_time_has_not(f: LogForge) -> Hearing:
    """A mirror sets the time of the last entry to the last second of the calendar, whose local day is beyond it."""
    time = f.value(f.last)["time"].encode()
    f.files = {path: raw for path, raw in f.honest().items() if not path.startswith("tile/entries")}
    f.entries[-1] = replaced(f.entries[-1], b'"time":"%b"' % time, b'"time":"9999-12-31T23:59:59Z"')
    yield POLICY, broken("time", f.last, also=(("root", -1, -1), ("tile", -1, -1)))


@attack(CHARITY, story)
def entry_of_a_second_that_clocks_have_not(f: LogForge) -> Hearing:
    """An entry's time is the 60th second of a minute; all that is of that day is signed again."""
    yield POLICY, broken("time", f.edit(f.last, lambda value: value.update(time="2026-05-06T23:59:60Z")))


@attack(OPERATOR, story)
def recovery_behind_a_thousand_overdue_receipts(f: LogForge) -> Hearing:
    """The operator takes a charity's keys over with an auditor of its own making; a thousand small payments before are overdue."""
    gift(f, 2000, "river-relief", "river.xu2")
    ((start, _),) = f.lowest("river-relief/CNY", 1024)
    for first in range(start, start + 1024, 256):
        spans = [(first + number, first + number + 1) for number in range(256)]
        flows = [[number, "-", "river-relief/CNY", *span] for number, span in enumerate(spans)]
        f.append("river.xu2", *[payment(1, "river-relief")] * 256, flows=flows)
    puppet = a("party", id="puppet", entity="organisation", roles=["auditor"], name="P",
        keys=[{"key": public("puppet.key"), "officer": "p"}])  # fmt: skip
    f.append("op.chief puppet.key", puppet)
    said = a("recovery", party="river", key=public("mallory.key"), officer="xu", reason="Said to be lost")
    index = f.append("op.chief puppet.key mallory.key", said)
    f.as_of = "2026-08-01"
    yield POLICY, audit("recovery", index, 0, more=True)
