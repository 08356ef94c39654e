"""Grants that are paid back twice, by others, or into a purse that is free."""

from __future__ import annotations

from typing import Any

from tests.golden.telling import a

from .case import CHARITY, POLICY, Hearing, attack, broken
from .forging import LogForge, paid, receipt, story
from .scene import TODAY

GATE, HOPE = "gate.sun", "hope.wang"
SCHOOL, GATE_SCHOOL = "hope-school/CNY", "gate-school/CNY"


def granted(f: LogForge) -> tuple[int, list[list[int]]]:
    """A platform grants 10, and the charity takes it: the receipt, and its units."""
    given = f.append(GATE, a("payment", fund="gate-school", unit="CNY", amount=10, payee="hope", grant={}, cost_class="programme",
                             paid_on=TODAY), flows=f.out(GATE_SCHOOL, 10))  # fmt: skip
    flows = f.into(SCHOOL, 10)
    took = f.append(HOPE, {**receipt(given, 10), "into": "hope-school"}, flows=flows)
    return took, [[start, end] for *_, start, end in flows]


def back(of: int, units: list[list[int]], **members: Any) -> dict[str, Any]:
    """The charity pays the grant back."""
    said = {"fund": "hope-school", "unit": "CNY", "amount": 10, "payee": "gate", "paid_on": TODAY, "units": units}
    return a("payment", **{**said, "returns": f"{of}.0", **members})


def goes(units: list[list[int]], tape: str = SCHOOL) -> list[list[Any]]:
    """These units go out."""
    return [[0, "-", tape, start, end] for start, end in units]


@attack(CHARITY, story)
def other_peoples_gifts_are_paid_back(f: LogForge) -> Hearing:
    """A charity spends a grant, and pays it back out of what others gave: no cost of it, and no approval of theirs."""
    took, units = granted(f)
    paid(f, 10, fund="hope-school", units=units)
    other = [[row[3], row[4]] for row in f.out(SCHOOL, 10)]
    yield POLICY, broken("return-excess", f.append(HOPE, back(took, other), flows=goes(other)), 0)


@attack(CHARITY, story)
def a_grant_is_paid_back_to_a_friend(f: LogForge) -> Hearing:
    """What a platform granted goes back to a shop, as if that were no cost."""
    took, units = granted(f)
    yield POLICY, broken("reference", f.append(HOPE, back(took, units, payee="shop"), flows=goes(units)), 0)


@attack(CHARITY, story)
def a_platform_takes_a_grant_back_into_its_purse(f: LogForge) -> Hearing:
    """Restricted money is granted, comes back, and is free."""
    took, units = granted(f)
    returned = f.append(HOPE, back(took, units), flows=goes(units))
    said = {**receipt(returned, 10), "into": "gate-fees"}
    yield POLICY, broken("restriction", f.append(GATE, said, flows=f.into("gate-fees/CNY", 10)), 0)


@attack(CHARITY, story)
def a_receipt_is_void_that_was_spent(f: LogForge) -> Hearing:
    """A charity takes a grant, spends it, and says then that it never came."""
    took, units = granted(f)
    paid(f, 10, fund="hope-school", units=units)
    void = a("reversal", of=f"{took}.0", reason="Entered by mistake")
    yield POLICY, broken("overdraft", f.append("hope.li2 hope.wang", void, flows=goes(units)), 0)


@attack(CHARITY, story)
def a_grant_is_void_that_was_taken(f: LogForge) -> Hearing:
    """A platform says that it never paid what the charity took."""
    took, _ = granted(f)
    void = a("reversal", of=f"{took - 1}.0", reason="Entered by mistake")
    yield POLICY, broken("reference", f.append(GATE, void, flows=f.into(GATE_SCHOOL, 10)), 0)
