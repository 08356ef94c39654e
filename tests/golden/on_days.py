"""Mutations of days: when money and goods moved, beside when it was recorded."""

from __future__ import annotations

from .forge import Forge
from .mutation import PARTY, WHOLE, Outcome, audit, mutation
from .on_rows import BACK, CHARITY, OFFICERS
from .tabled import YESTERDAY, by, case, flows_of, fund, gift, paid
from .telling import a

BEFORE = "2026-05-04"
REFUNDED = {"gift": "first.0", "fund": "hope-general", "unit": "CNY", "reason": "legal"}

case("day-of-a-return-before-its-payment",
     "A part of a payment comes back on the day before it, and another one two days before it.",
     "day", by(CHARITY, paid("school-desks", 20)),
     by(CHARITY, *(a("payment-return", **{**BACK, "returned_on": day}, of="first.0") for day in (YESTERDAY, BEFORE))))
case("day-of-a-refund-before-its-gift",
     "A part of a gift is refunded on the day before it, and another one two days before it.",
     "day", by(OFFICERS, gift("hope-general", 100)),
     by(OFFICERS, *(a("refund", **REFUNDED, units=[units], refunded_on=day)
                    for units, day in (([12159, 12169], YESTERDAY), ([12169, 12179], BEFORE)))))
case("day-before-the-books-begin",
     "A gift came in on the first day of the charity's books, and another one on the day before.",
     "day", by(CHARITY, *(gift("hope-general", 10, received_on=day) for day in ("2026-01-01", "2025-12-31"))))


@mutation(PARTY)
def overdrawn_on_day(f: Forge) -> Outcome:
    """A fund pays in March, and all that ever came into it came in May."""
    records = [fund("side"), gift("side", 100), paid("side", 60, paid_on="2026-03-03")]
    f.append(OFFICERS, *records, flows=flows_of(f, records))
    return audit("overdrawn-on-day", WHOLE, WHOLE)
