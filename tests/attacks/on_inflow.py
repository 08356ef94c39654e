"""Promises about costs, kept by money that is none: borrowed, lost and found, or granted in a circle."""

from __future__ import annotations

from typing import Any

from tests.golden.telling import a

from .case import CHARITY, POLICY, Hearing, attack, broken
from .forging import LogForge, receipt, story
from .on_promises import administration
from .scene import TODAY

OFFICERS = "hope.li2 hope.wang"
SCHOOL, GATE_SCHOOL = "hope-school/CNY", "gate-school/CNY"


def income(f: LogForge, amount: int, income_class: str) -> int:
    """Money of that class comes into the school."""
    said = {"fund": "hope-school", "unit": "CNY", "amount": amount, "income_class": income_class, "source": "Said so"}
    return f.append("hope.li2", a("income", **said, received_on=TODAY), flows=f.into(SCHOOL, amount))


def granted(f: LogForge, by: str, payee: str, source: str, to: str, taken_by: str) -> None:
    """Two friends: one grants 500, and the other takes it."""
    said: dict[str, Any] = {"fund": source.split("/")[0], "unit": "CNY", "amount": 500, "payee": payee, "grant": {}}
    paid = f.append(by, a("payment", **said, cost_class="programme", paid_on=TODAY), flows=f.out(source, 500))
    f.append(taken_by, {**receipt(paid, 500), "into": to.split("/")[0]}, flows=f.into(to, 500))


@attack(CHARITY, story)
def cost_limit_raised_by_an_advance(f: LogForge) -> Hearing:
    """A project borrows for an hour what it spends a tenth of on itself."""
    income(f, 5000, "advance")
    yield POLICY, broken("cost-limit", administration(f, 100), 0)


@attack(CHARITY, story)
def cost_limit_raised_by_a_recovery(f: LogForge) -> Hearing:
    """A project finds money that it had not lost."""
    income(f, 5000, "recovery")
    yield POLICY, broken("cost-limit", administration(f, 100), 0)


@attack(CHARITY, story)
def cost_limit_raised_by_income_that_is_lost(f: LogForge) -> Hearing:
    """A project says that a bank paid interest, and then that it was stolen."""
    index = income(f, 5000, "interest")
    ((_, _, tape, start, end),) = f.value(index)["flows"]
    lost = a("write-off", fund="hope-school", unit="CNY", amount=5000, cause="loss", reason="Stolen", units=[[start, end]])
    f.append(OFFICERS, lost, flows=[[0, "-", tape, start, end]])
    yield POLICY, broken("cost-limit", administration(f, 100), 0)


@attack(CHARITY, story)
def cost_limit_raised_by_grants_in_a_circle(f: LogForge) -> Hearing:
    """A charity and a platform grant one another the same 500 again and again."""
    for _ in range(3):
        granted(f, "hope.li2", "gate", SCHOOL, GATE_SCHOOL, "gate.sun")
        granted(f, "gate.sun", "hope", GATE_SCHOOL, SCHOOL, "hope.li2")
    yield POLICY, broken("cost-limit", administration(f, 100), 0)
