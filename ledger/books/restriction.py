"""Restricted funds (books §2): where their money may go, and what a payment may spend."""

from __future__ import annotations

from ..errors import Refused
from .state import Books, Fund

STRICTNESS = ("unrestricted", "restricted", "endowment")


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


def check_allocation(books: Books, source: str, to: str) -> None:
    """Money stays in the fund's tree; restricted money goes down it only; endowment capital stays. Faults: `restriction`."""
    from_fund, to_fund = _fund(books, source), _fund(books, to)
    if from_fund.root != to_fund.root or source == to:
        books.fault("restriction", f"to {to!r}: is not another fund in the tree of {source!r}")
    elif from_fund.restriction != "unrestricted" and not descends(books, to, source):
        books.fault("restriction", f"to {to!r}: {source!r} is {from_fund.restriction}; its money goes to its own descendants only")


def check_spending(books: Books, fund_id: str) -> None:
    """Endowment capital is not spent. Fault: `restriction`."""
    if _fund(books, fund_id).restriction == "endowment":
        books.fault("restriction", f"fund {fund_id!r}: endowment capital is not spent")


def check_passing_on(books: Books, source: str, to: str) -> None:
    """Money of a restricted fund that passes to another party's fund stays restricted there. Fault: `restriction`."""
    if _fund(books, source).restriction != "unrestricted" and _fund(books, to).restriction == "unrestricted":
        books.fault("restriction", f"to_fund {to!r}: is unrestricted, and the money of {source!r} is restricted")


def check_kept(books: Books, source: str, to: str) -> None:
    """Goods bought with a fund's money lie in it or below it; of an unrestricted fund also elsewhere in its tree."""
    same_tree = _fund(books, source).root == _fund(books, to).root
    free = _fund(books, source).restriction == "unrestricted"
    if not (source == to or descends(books, to, source) or (free and same_tree)):
        books.fault("restriction", f"goods.fund {to!r}: goods bought by {source!r} have to stay in it or below it")


def check_cover(books: Books, fund_id: str, party: str) -> None:
    """A cover comes from an unrestricted fund of the same party. Fault: `restriction`."""
    fund = _fund(books, fund_id)
    if fund.restriction != "unrestricted" or fund.owner != party:
        books.fault("restriction", f"cover.fund {fund_id!r}: has to be an unrestricted fund of {party}")


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


def check_cost_limit(books: Books, fund_id: str, unit: str, cost_class: str, amount: int) -> None:
    """A cost class stays within ⌊rate × inflow so far⌋ of its project's tree. Fault: `cost-limit`."""
    project = books.project.get(_fund(books, fund_id).project)
    for limited, numerator, denominator in project.cost_limits if project else ():
        if limited != cost_class:
            continue
        tapes = [books.tape.get(f"{member}/{unit}") for member in project.funds]
        inflow = sum(tape.end - tape.inner for tape in tapes if tape)
        spent = books.spent.get(spent_key(books, fund_id, unit, cost_class))
        total = amount + (spent.amount if spent else 0)
        limit = inflow * numerator // denominator
        if total > limit:
            books.fault(
                "cost-limit", f"amount {amount}: {cost_class} would reach {total}; {numerator}/{denominator} of {inflow} is {limit}"
            )


def spent_key(books: Books, fund_id: str, unit: str, cost_class: str) -> str:
    """Under which key the spending of a project in a cost class is kept."""
    return f"{_fund(books, fund_id).project}/{unit}/{cost_class}"


def _fund(books: Books, fund_id: str) -> Fund:
    fund = books.fund.get(fund_id)
    if fund is None:
        raise Refused(f"fund {fund_id!r}: no such fund; record the fund first", rule="reference")
    return fund
