"""Days that cannot be, and money that was spent before it came in."""

from __future__ import annotations

from tests.golden.telling import a

from .case import CHARITY, POLICY, Hearing, attack, audit, broken
from .forging import LogForge, story
from .scene import TODAY

WHOLE = -1
SIDE = a("fund", id="side", name="Side", purpose="Whatever comes", restriction="unrestricted")


def gift(day: str) -> dict[str, object]:
    """A gift into the fund."""
    return a("donation", fund="side", unit="CNY", amount=100, channel="cash", received_on=day)


def payment(day: str) -> dict[str, object]:
    """A payment out of the fund."""
    return a("payment", fund="side", unit="CNY", amount=60, payee="shop", cost_class="programme", paid_on=day)


@attack(CHARITY, story)
def payment_ten_months_before_its_gift(f: LogForge) -> Hearing:
    """A charity moves the first day of its books back, and dates a payment to ten months before the only gift into the fund."""
    earlier = f.append("hope.li2 hope.wang", a("mandate", books_from="2025-01-01"), SIDE)
    flows = [[0, "+", "side/CNY", 0, 100], [1, "-", "side/CNY", 0, 60]]
    f.append("hope.li2", gift(TODAY), payment("2025-07-06"), flows=flows)
    yield POLICY, audit("overdrawn-on-day", WHOLE, WHOLE, also=(("backfilled", earlier, 0), ("opening-unconfirmed", WHOLE, WHOLE)))


@attack(CHARITY, story)
def payment_before_the_books_begin(f: LogForge) -> Hearing:
    """The same without moving the first day of the books."""
    f.append("hope.li2 hope.wang", SIDE)
    flows = [[0, "+", "side/CNY", 0, 100], [1, "-", "side/CNY", 0, 60]]
    yield POLICY, broken("day", f.append("hope.li2", gift(TODAY), payment("2025-07-06"), flows=flows), 1)


@attack(CHARITY, story)
def gift_of_the_year_1000(f: LogForge) -> Hearing:
    """A gift is dated to the year 1000, so that every later payment seems to be made with it."""
    f.append("hope.li2 hope.wang", SIDE)
    yield POLICY, broken("day", f.append("hope.li2", gift("1000-01-01"), flows=[[0, "+", "side/CNY", 0, 100]]), 0)


@attack(CHARITY, story)
def payment_covered_by_a_gift_of_a_later_day(f: LogForge) -> Hearing:
    """A payment names the units of a gift that came in two months later; the gifts before it were already spent."""
    f.append("hope.li2 hope.wang", SIDE)
    spans = [("+", 0, 100), ("-", 0, 60), ("+", 100, 200), ("-", 140, 200)]
    flows = [[number, sign, "side/CNY", start, end] for number, (sign, start, end) in enumerate(spans)]
    later = {**payment("2026-03-06"), "units": [[140, 200]]}
    f.append("hope.li2", gift("2026-03-05"), payment("2026-03-05"), gift(TODAY), later, flows=flows)
    yield POLICY, audit("overdrawn-on-day", WHOLE, WHOLE)
