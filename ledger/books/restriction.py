"""Restricted funds (books §2): where their money may go, what a payment may spend, and what of it counts as inflow."""

from __future__ import annotations

from ..errors import Refused
from .act import Act
from .state import Books, Fund, Sum, total

STRICTNESS = ("unrestricted", "restricted", "endowment")
TAKE_FEES = frozenset({"custodian", "platform"})


def inherited(own: str, above: str) -> str:
    """The restriction of a fund that says `own` below one that is `above`: the stricter."""
    return max(own, above, key=STRICTNESS.index)


def threshold(books: Books, fund_id: str, unit: str) -> int | None:
    """The strictest threshold of a fund and the funds above it, in minor units; None where none of them has one."""
    limits: list[int] = []
    fund = books.fund.get(fund_id)
    while fund is not None:
        limits.extend(amount for limited, amount in fund.thresholds if limited == unit)
        fund = books.fund.get(fund.parent) if fund.parent else None
    return min(limits, default=None)


def check_allocation(books: Books, act: Act, source: str, to: str) -> None:
    """Money stays in the fund's tree; restricted money goes down it only; endowment capital stays. Faults: `restriction`."""
    from_fund, to_fund = _fund(books, source), _fund(books, to)
    if from_fund.root != to_fund.root or source == to:
        act.fault("restriction", f"to {to!r}: is not another fund in the tree of {source!r}")
    elif from_fund.restriction != "unrestricted" and not descends(books, to, source):
        act.fault("restriction", f"to {to!r}: {source!r} is {from_fund.restriction}; its money goes to its own descendants only")


def check_spending(books: Books, act: Act, fund_id: str) -> None:
    """Endowment capital is not spent. Fault: `restriction`."""
    if _fund(books, fund_id).restriction == "endowment":
        act.fault("restriction", f"fund {fund_id!r}: endowment capital is not spent")


def check_passing_on(books: Books, act: Act, source: str, to: str) -> None:
    """Money of a restricted fund that passes to another party's fund stays restricted there. Fault: `restriction`."""
    if _fund(books, source).restriction != "unrestricted" and _fund(books, to).restriction == "unrestricted":
        act.fault("restriction", f"to_fund {to!r}: is unrestricted, and the money of {source!r} is restricted")


def check_kept(books: Books, act: Act, source: str, to: str) -> None:
    """Goods bought with a fund's money lie in it or below it; of an unrestricted fund also elsewhere in its tree."""
    same_tree = _fund(books, source).root == _fund(books, to).root
    free = _fund(books, source).restriction == "unrestricted"
    if not (source == to or descends(books, to, source) or (free and same_tree)):
        act.fault("restriction", f"goods.fund {to!r}: goods bought by {source!r} have to stay in it or below it")


def check_fee(books: Books, act: Act, fund_id: str) -> None:
    """A fee goes into a fund of the party that says the gift, or into one that a channel opened for money of its own: unrestricted,
    no project's, of a custodian or platform, as which its key signed when it was admitted. Fault: `authority`."""
    fund = books.fund.get(fund_id)
    if fund is None or fund.owner == act.party:
        return
    owner = books.party.get(fund.owner)
    if owner is None or TAKE_FEES.isdisjoint(owner.roles) or fund.project or fund.restriction != "unrestricted":
        act.fault(
            "authority",
            f"fee.fund {fund_id!r}: is of {fund.owner}, which takes no fees into it; name a fund of {act.party}, or an "
            "unrestricted one, of no project, of a custodian or platform",
        )


def check_cover(books: Books, act: Act, fund_id: str) -> None:
    """A cover comes from an unrestricted fund of the same party. Fault: `restriction`."""
    fund = _fund(books, fund_id)
    if fund.restriction != "unrestricted" or fund.owner != act.party:
        act.fault("restriction", f"cover.fund {fund_id!r}: has to be an unrestricted fund of {act.party}")


def descends(books: Books, fund_id: str, ancestor: str) -> bool:
    """Whether `fund_id` stands below `ancestor`."""
    fund = books.fund.get(fund_id)
    while fund is not None and fund.parent:
        if fund.parent == ancestor:
            return True
        fund = books.fund.get(fund.parent)
    return False


def same_project(books: Books, one: str, other: str) -> bool:
    """Whether two funds belong to the tree of the same project."""
    return _fund(books, one).project != "" and _fund(books, one).project == _fund(books, other).project


def check_cost_limit(books: Books, act: Act, fund_id: str, unit: str, cost_class: str, amount: int) -> None:
    """A cost class stays within ⌊rate × inflow⌋ of its project's tree. Fault: `cost-limit`."""
    project = books.project.get(_fund(books, fund_id).project)
    for limited, numerator, denominator in project.cost_limits if project else ():
        if limited != cost_class:
            continue
        spent, base = amount + _spent(books, fund_id, unit, cost_class), inflow(books, fund_id, unit)
        limit = max(0, base) * numerator // denominator
        if spent > limit:
            act.fault(
                "cost-limit", f"amount {amount}: {cost_class} would reach {spent}; {numerator}/{denominator} of {base} is {limit}"
            )


def inflow(books: Books, fund_id: str, unit: str) -> int:
    """What came into the tree of a fund's project from outside, less what went out of it again and was no cost or loss, in minor
    units.

    Below 0 where more went out than came in: by exchanges there and back at other rates."""
    came = books.came.get(f"{_fund(books, fund_id).project}/{unit}")
    return came.amount if came else 0


def enter_project(books: Books, tape: str, amount: int) -> None:
    """So much came into a tape from outside its project. Raises Refused (`tape-limit`)."""
    fund_id, _, unit = tape.partition("/")
    fund = books.fund.get(fund_id)
    if fund is not None and fund.project and amount:
        key = f"{fund.project}/{unit}"
        came = books.came.get(key)
        books.came.put(key, Sum(total(came.amount if came else 0, amount, f"what came into project {fund.project!r}")))


def leave_project(books: Books, tape: str, amount: int) -> None:
    """Of what came into a tape, so much went out of its project again: later costs are judged without it."""
    enter_project(books, tape, -amount)


def inflow_not_used(books: Books, fund_id: str, unit: str, amount: int) -> int:
    """How much of `amount` no cost of the fund's project needs as inflow to be within its limit: what an exchange takes along."""
    project = books.project.get(_fund(books, fund_id).project)
    if project is None:
        return amount
    base = inflow(books, fund_id, unit)
    used = 0
    for cost_class, numerator, denominator in project.cost_limits:
        spent = _spent(books, fund_id, unit, cost_class)
        needed = -(-spent * denominator // numerator) if numerator else base * (spent > 0)
        used = max(used, needed)
    return max(0, min(amount, base - used))


def spend(books: Books, fund_id: str, unit: str, cost_class: str, amount: int) -> None:
    """So much more was spent in a cost class, or less, of the project of a fund, if it has one. Raises Refused (`tape-limit`)."""
    if _fund(books, fund_id).project:
        spent = total(_spent(books, fund_id, unit, cost_class), amount, f"what was spent on {cost_class}")
        books.spent.put(_spent_key(books, fund_id, unit, cost_class), Sum(max(0, spent)))


def _spent(books: Books, fund_id: str, unit: str, cost_class: str) -> int:
    spent = books.spent.get(_spent_key(books, fund_id, unit, cost_class))
    return spent.amount if spent else 0


def _spent_key(books: Books, fund_id: str, unit: str, cost_class: str) -> str:
    return f"{_fund(books, fund_id).project}/{unit}/{cost_class}"


def _fund(books: Books, fund_id: str) -> Fund:
    fund = books.fund.get(fund_id)
    if fund is None:
        raise Refused(f"fund {fund_id!r}: no such fund; record the fund first", rule="reference")
    return fund
