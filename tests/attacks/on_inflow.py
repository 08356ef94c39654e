"""Promises about costs, kept by money that is none: borrowed, lost and found, or granted in a circle."""

from __future__ import annotations

from typing import Any

from tests.golden.telling import a

from .case import CHARITY, POLICY, Hearing, attack, broken
from .forging import LogForge, receipt, story
from .on_promises import administration, changed
from .scene import TODAY

OFFICERS = "hope.li2 hope.wang"
SCHOOL, GATE_SCHOOL = "hope-school/CNY", "gate-school/CNY"


def income(f: LogForge, amount: int, income_class: str) -> int:
    """Money of that class comes into the school."""
    said = {"fund": "hope-school", "unit": "CNY", "amount": amount, "income_class": income_class, "source": "Said so"}
    said |= {"lender": "bank"} if income_class == "advance" else {}
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


def undone(f: LogForge, index: int) -> int:
    """The income of an entry is void."""
    ((_, _, *span),) = f.value(index)["flows"]
    return f.append(OFFICERS, a("reversal", of=f"{index}.0", reason="Never came"), flows=[[0, "-", *span]])


def stolen(f: LogForge, span: list[Any]) -> int:
    """Money of the school is lost."""
    tape, start, end = span
    said = {"fund": "hope-school", "unit": "CNY", "amount": end - start, "cause": "loss", "reason": "Stolen"}
    return f.append(OFFICERS, a("write-off", **said, units=[[start, end]]), flows=[[0, "-", tape, start, end]])


def repaid(f: LogForge, advance: int, fund: str, payee: str) -> int:
    """A payment repays 500 of an advance."""
    said = {"fund": fund, "unit": "CNY", "amount": 500, "payee": payee, "repays": f"{advance}.0", "paid_on": TODAY}
    return f.append("hope.li2", a("payment", **said), flows=f.out(f"{fund}/CNY", 500))


def founded(f: LogForge, kind: str, name: str, **members: Any) -> None:
    """A fund or project of the charity."""
    f.append(OFFICERS, a(kind, id=name, name=name.title(), purpose="Tents", restriction="restricted", **members))


def given(f: LogForge, fund: str) -> None:
    """A gift of 500."""
    said = {"fund": fund, "unit": "CNY", "amount": 500, "channel": "cash"}
    f.append("hope.li2", a("donation", **said, received_on=TODAY), flows=f.into(f"{fund}/CNY", 500))


@attack(CHARITY, story)
def cost_limit_raised_by_income_that_is_void_while_gifts_are_away(f: LogForge) -> Hearing:
    """A project makes up interest, changes gifts into dollars, where they count, and declares the interest void."""
    index = income(f, 5000, "interest")
    changed(f, "CNY", 1400, "USD", 200, [1, 7])
    yield POLICY, broken("cost-limit", undone(f, index), 0)


@attack(CHARITY, story)
def cost_limit_raised_by_a_loan_that_is_lost_and_found(f: LogForge) -> Hearing:
    """A project borrows, says that the loan was stolen, and recovers it."""
    index = income(f, 5000, "advance")
    lost = stolen(f, f.value(index)["flows"][0][2:])
    income(f, 5000, "recovery")
    yield POLICY, broken("cost-limit", administration(f, 100), 0, also=(("cost-limit", lost, 0),))


@attack(CHARITY, story)
def cost_limit_kept_until_the_money_is_lost(f: LogForge) -> Hearing:
    """A project makes up interest, spends a tenth of it on itself, and says that it was stolen."""
    index = income(f, 5000, "interest")
    administration(f, 300)
    yield POLICY, broken("cost-limit", stolen(f, f.value(index)["flows"][0][2:]), 0)


@attack(CHARITY, story)
def cost_limit_raised_by_grants_in_a_circle_through_a_fund(f: LogForge) -> Hearing:
    """A charity takes what a platform grants it back into a fund above the project, and allocates it from there."""
    founded(f, "fund", "pool")
    founded(f, "project", "tents", parent="pool", receipt_days=20, feedback_days=20, cost_limits=[
        {"cost_class": "administration", "rate": [1, 10]}])  # fmt: skip
    given(f, "tents")
    for _ in range(2):
        granted(f, "hope.li2", "gate", "tents/CNY", GATE_SCHOOL, "gate.sun")
        granted(f, "gate.sun", "hope", GATE_SCHOOL, "pool/CNY", "hope.li2")
        moved = a("allocation", fund="pool", to="tents", unit="CNY", amount=500)
        f.append("hope.li2", moved, flows=f.out("pool/CNY", 500) + f.into("tents/CNY", 500))
    said = {"fund": "tents", "unit": "CNY", "amount": 51, "payee": "shop", "cost_class": "administration", "paid_on": TODAY}
    yield POLICY, broken("cost-limit", f.append("hope.li2", a("payment", **said), flows=f.out("tents/CNY", 51)), 0)


@attack(CHARITY, story)
def restricted_money_for_a_free_loan(f: LogForge) -> Hearing:
    """A charity borrows for a free fund, and repays that out of a restricted one."""
    founded(f, "fund", "pool")
    given(f, "pool")
    said = {"fund": "hope-general", "unit": "CNY", "amount": 500, "income_class": "advance", "source": "Said so", "lender": "bank"}
    index = f.append("hope.li2", a("income", **said, received_on=TODAY), flows=f.into("hope-general/CNY", 500))
    yield POLICY, broken("reference", repaid(f, index, "pool", "bank"), 0)


@attack(CHARITY, story)
def loan_repaid_to_a_friend(f: LogForge) -> Hearing:
    """A charity says that a bank lent it money, and repays that to a shop, which signs."""
    yield POLICY, broken("reference", repaid(f, income(f, 500, "advance"), "hope-school", "shop"), 0)
