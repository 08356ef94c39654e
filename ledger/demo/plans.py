"""What the charities plan: budgets and numbers to reach. All grow with the gifts, except where a place has only so many."""

from __future__ import annotations

from .stage import Record

CNY_A_GIFT = {
    "wells": (("programme", 15_95), ("administration", 1_00)),
    "meals": (("programme", 8_00), ("administration", 50)),
}  # fmt: skip
"""By project, what each class of costs may take of the money that is hoped for, in fen for each gift."""
CNY_OF_ACTIVITY = {"wells-drilling": 16_95, "meals-kitchen": 7_50, "meals-allowance": 1_00}
HOUSEHOLDS, MEALS_OF_TEN_GIFTS, GIFTS_A_CHILD = 240, 24, 20


def budget_of_project(project: str, gifts: int) -> Record:
    """The member `budget` of a project that has one."""
    lines = [{"cost_class": cost, "unit": "CNY", "amount": fen * gifts} for cost, fen in CNY_A_GIFT.get(project, ())]
    return {"budget": lines} if lines else {}


def budget_of_activity(activity: str, gifts: int) -> Record:
    """The member `budget` of an activity that has one."""
    fen = CNY_OF_ACTIVITY.get(activity)
    return {"budget": [{"unit": "CNY", "amount": fen * gifts}]} if fen else {}


def targets(fund: str, gifts: int) -> Record:
    """The member `targets` of a project or activity that has some: one stays below, one is reached, one is open, and of one nothing
    is reported."""
    meals, children = MEALS_OF_TEN_GIFTS * gifts // 10, 5 + gifts // GIFTS_A_CHILD
    said = {
        "wells": _target("households-with-water", "households with water", HOUSEHOLDS, "2026-10-31", baseline=0),
        "meals": _target("meals-served", "meals served", meals, "2027-01-31"),
        "desks-kits": _target("children-equipped", "children equipped", children, "2026-10-31", baseline=0),
        "elders": _target("households-visited", "households visited", 40, "2027-02-28", baseline=0),
    }.get(fund)
    return {"targets": [said]} if said else {}


def _target(indicator: str, measured_in: str, target: int, by: str, **baseline: int) -> Record:
    return {"indicator": indicator, "measured_in": measured_in, **baseline, "target": target, "by": by}
