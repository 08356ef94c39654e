"""Mutations of sums, periods and days that are right as a whole, and not in their parts."""

from __future__ import annotations

from .on_rows import ACTIVITY, CHARITY, EXCHANGE, OFFICERS, PROJECT, SAID
from .on_rules import at_once
from .on_void import undone
from .tabled import TODAY, TOMORROW, YESTERDAY, by, case, fund, gift, malformed, paid
from .telling import a

BY_DAY = {"fund": "hope-well", "unit": "CNY", "by": "day", "from_day": YESTERDAY, "to_day": TODAY}
TWO_DAYS = by(CHARITY, gift("hope-well", 5, received_on=YESTERDAY), gift("hope-well", 6))
LIMIT = {"unit": "CNY", "rate": [6, 1000]}
SPENT = {"cost_class": "administration", "rate": [1, 10]}
GOAL = {"unit": "CNY", "amount": 5}


def told(*cells: tuple[str, int]) -> dict[str, object]:
    """Statistics of two days."""
    return a("statistics", **BY_DAY, cells=[{"code": day, "amount": amount, "gifts": 1} for day, amount in cells])


case("statistics-total-of-a-day", "Statistics have what was given on two days, and then as much, a unit of it on the wrong day.",
     "statistics-total", TWO_DAYS, by(CHARITY, told((YESTERDAY, 5), (TODAY, 6)), told((YESTERDAY, 6), (TODAY, 5))))
case("statistics-total-of-a-month-outside", "Statistics name a month that is not within their days.", "statistics-total",
     by(CHARITY, gift("hope-well", 5)),
     by(CHARITY, a("statistics", **{**BY_DAY, "by": "month", "from_day": TODAY},
                   cells=[{"code": "2026-06", "amount": 5, "gifts": 1}])))

for name, does, record in (
    ("fund-with-two-fee-limits", "A fund has two limits of fees in one unit.", fund("hope-new", fee_limits=[LIMIT, LIMIT])),
    ("project-with-two-fee-limits", "A project has two limits of fees in one unit.",
     a("project", id="hope-new", **PROJECT, fee_limits=[LIMIT, LIMIT])),
    ("project-with-two-cost-limits", "A project limits one class of costs twice.",
     a("project", id="hope-new", **PROJECT, cost_limits=[SPENT, {**SPENT, "rate": [9, 10]}])),
    ("project-with-two-goals", "A project has two goals in one unit.", a("project", id="hope-new", **PROJECT, goal=[GOAL, GOAL])),
    ("activity-with-two-budgets", "An activity has two budgets in one unit.",
     a("activity", id="hope-new", parent="hope-school", **ACTIVITY, budget=[GOAL, GOAL])),
):  # fmt: skip
    malformed(name, does, OFFICERS, record)

TO_GATE = a("exchange", fund="hope-general", unit="CNY", amount=2500, to_unit="USD", to_amount=2500, rate=[1, 1], source="Gate",
            exchanged_on=TODAY, custodian="gate")  # fmt: skip
case("approval-of-an-exchange-with-who-was-paid", "What one officer pays and exchanges with one party comes to a unit too much.",
     "approval", by(CHARITY, gift("hope-general", 5001, received_on=YESTERDAY), paid("hope-general", 2500, payee="gate"), TO_GATE,
                    paid("hope-general", 1, payee="gate")))

PERIOD = {**SAID, "activity": "school-desks", "reported_on": TODAY}
case("day-of-a-period-to-come", "Feedback is about the days until today, and then about those until tomorrow.", "day",
     by(CHARITY, a("feedback", **PERIOD, from_day=YESTERDAY, to_day=TODAY),
        a("feedback", **PERIOD, from_day=YESTERDAY, to_day=TOMORROW)))
case("day-of-a-period-before-the-books", "Feedback is about days from the first of the books on, and then from the one before.",
     "day", by(CHARITY, a("feedback", **PERIOD, from_day="2026-01-01", to_day=TODAY),
               a("feedback", **PERIOD, from_day="2025-12-31", to_day=TODAY)))
DUE = (("overdue-feedback", "late-feedback", 0),)
EXCHANGED = a("exchange", **EXCHANGE, amount=100, to_amount=719, exchanged_on=TODAY)
INTEREST = a("income", fund="hope-general", unit="CNY", amount=10, income_class="interest", source="Bank", received_on=TODAY,
             channel="cash")  # fmt: skip
for what, does, record in (
    ("an-exchange", "An exchange is declared void a week after it was entered, and another one on the day after that.", EXCHANGED),
    ("income", "Income is declared void a week after it was entered, and other income on the day after that.", INTEREST),
):
    case(f"late-void-of-{what}", does, "late-void", by(CHARITY, record, record),
         by(OFFICERS, undone("first.0"), **at_once("2026-05-13T10:00:00Z")),
         by(OFFICERS, undone("first.1"), **at_once("2026-05-14T10:00:00Z")), also=DUE)
