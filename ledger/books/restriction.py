"""Restricted funds (books §2): where their money may go, what a payment may spend, and how much of it counts as inflow."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import Absent
from .field import label_name
from .flows import ins, outs, size
from .inflow_sums import come, enter_project, inflow, inflow_gone, leave_first, not_inflow
from .reads import Amounted
from .rows import Allocation, Fund, Sum
from .rule import OneIn, demand, memory
from .state import Books, money, total
from .statement_context import Flow, StatementContext
from .void_rows import ExchangeRow, IncomeRow

STRICTNESS = ("unrestricted", "restricted", "endowment")


def inherited(own: str, above: str) -> str:
    """The restriction of a fund that declares `own` below one that has `above`: the stricter of the two."""
    return max(own, above, key=STRICTNESS.index)


Fields = tuple[str, ...]
Tape = tuple[str, str]


@demand(
    "it is another fund in the same tree; if the fund is not unrestricted, it is a fund below it",
    "restriction", decidable=True,
)  # fmt: skip
def stays_in_tree(books: Books, context: StatementContext, fields: Fields, source: str, to: str) -> None:
    if _fund(books, source).root != _fund(books, to).root or source == to:
        context.fault("restriction", f"{fields[1]} {to!r}: is not another fund in the tree of {source!r}")
    elif not may_go(books, source, to):
        message = f"{source!r} is {_fund(books, source).restriction}; its money can go only to funds below it"
        context.fault("restriction", f"{fields[1]} {to!r}: {message}")


def may_go(books: Books, source: str, to: str) -> bool:
    """Whether money of a fund can go to another one of its tree: one below it, or any if it is unrestricted."""
    free = _fund(books, source).restriction == "unrestricted"
    return (free and _fund(books, source).root == _fund(books, to).root) or descends(books, to, source)


@demand("the fund is not an endowment, whose capital is never spent", "restriction", decidable=True)
def spendable(books: Books, context: StatementContext, fields: Fields, fund_id: str) -> None:
    if _fund(books, fund_id).restriction == "endowment":
        context.fault("restriction", f"{fields[0]} {fund_id!r}: the capital of an endowment is never spent")


@demand(
    "the second fund is the first or one below it; or, if the first is unrestricted, any fund in the same tree",
    "restriction", decidable=True,
)  # fmt: skip
def kept_within(books: Books, context: StatementContext, fields: Fields, source: str, to: str) -> None:
    same_tree = _fund(books, source).root == _fund(books, to).root
    free = _fund(books, source).restriction == "unrestricted"
    if not (source == to or descends(books, to, source) or (free and same_tree)):
        context.fault("restriction", f"{fields[1]} {to!r}: goods bought by {source!r} must stay in it or below it")


@demand("it is an unrestricted fund of the party", "restriction", decidable=True)
def can_cover(books: Books, context: StatementContext, fields: Fields, fund_id: str) -> None:
    fund = _fund(books, fund_id)
    if fund.restriction != "unrestricted" or fund.owner != context.party:
        context.fault("restriction", f"{fields[0]} {fund_id!r}: must be an unrestricted fund of {context.party}")


def descends(books: Books, fund_id: str, ancestor: str) -> bool:
    """Whether `fund_id` is below `ancestor`."""
    fund = books.fund.get(fund_id)
    while fund is not None and fund.parent:
        if fund.parent == ancestor:
            return True
        fund = books.fund.get(fund.parent)
    return False


def same_project(books: Books, one: str, other: str) -> bool:
    """Whether two funds belong to the tree of the same project."""
    return _fund(books, one).project != "" and _fund(books, one).project == _fund(books, other).project


@demand("what a project spends in a cost class stays within its share of the project's inflow, rounded down", "cost-limit")
def within_cost_limit(books: Books, context: StatementContext, fields: Fields, tape: Tape, cost_class: str, amount: int) -> None:
    check_cost_limit(books, context, tape, cost_class, amount)


def check_cost_limit(books: Books, context: StatementContext, tape: Tape, cost_class: str, amount: int) -> None:
    """Call `context.fault` if so much more in that class passes a limit of the fund's project."""
    fund_id, unit = tape
    project = books.project.get(_fund(books, fund_id).project)
    for limited, numerator, denominator in project.cost_limits if project else ():
        if limited != cost_class:
            continue
        spent, base = amount + _spent(books, fund_id, unit, cost_class), inflow(books, fund_id, unit)
        limit = max(0, base) * numerator // denominator
        if spent > limit:
            facts = {"amount": amount, "spent": spent, "base": base, "limit": limit}
            words = (
                f"{{amount}} more: {cost_class} costs reach {{spent}}, and the project allows at most {{limit}} "
                f"({numerator}/{denominator} of its inflow, {{base}}); pay less, or from another fund"
            )
            context.fault("cost-limit", words, **{name: money(books, unit, minor) for name, minor in facts.items()})


@demand("if it takes inflow out of a project, what that has spent in each cost class is within its share of the rest", "cost-limit")
def leaves_for_costs(
    books: Books, context: StatementContext, fields: Fields, source: str, to: str, unit: str, amount: int
) -> None:
    if not same_project(books, source, to):
        check_inflow_left(books, context, (source, unit), inflow_gone(books, (source, unit), amount))


def check_inflow_left(books: Books, context: StatementContext, tape: Tape, amount: int) -> None:
    """Call `context.fault` if a limit of the fund's project is passed when so much inflow leaves it."""
    fund_id, unit = tape
    name = _fund(books, fund_id).project
    project, base = books.project.get(name), max(0, inflow(books, fund_id, unit) - amount)
    for cost_class, numerator, denominator in project.cost_limits if project and amount else ():
        spent, limit = _spent(books, fund_id, unit, cost_class), base * numerator // denominator
        if spent > limit:
            facts = {"amount": amount, "spent": spent, "base": base, "limit": limit}
            words = (
                f"takes {{amount}} of inflow out of project {name!r}: {cost_class} costs are {{spent}}, and it allows at most "
                f"{{limit}} ({numerator}/{denominator} of the {{base}} that are left); take less"
            )
            context.fault("cost-limit", words, **{fact: money(books, unit, minor) for fact, minor in facts.items()})


def inflow_not_used(books: Books, fund_id: str, unit: str, amount: int) -> int:
    """The part of `amount` that no cost of the fund's project needs as inflow to stay within its limit. An exchange takes this part
    along."""
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


@memory("all that the record moved into funds of a project is inflow of that project, in its unit ([books.md](books.md) §2)")
def enters(books: Books, context: StatementContext, record: object, rows: Sequence[Flow]) -> None:
    _enter(books, rows)


@memory(
    "money of the party that is not a gift, of that class and day; its units are those that came in",
    decidable=True,
    makes="income",
)
def takes_in(
    books: Books, context: StatementContext, record: Amounted, rows: OneIn, tape: Tape, income_class: str, day: str
) -> None:
    ((_, (start, _)),) = ins(rows)
    said = getattr(record, "channel", ""), label_name(getattr(record, "channel_ref", None)), getattr(record, "lender", None) or ""
    books.income.put(context.ref, IncomeRow(context.party, *tape, record.amount, start, income_class, day, context.day, *said))


@memory("all that the record moved out of funds of a project is subtracted from the inflow of that project, in its unit")
def leaves(books: Books, context: StatementContext, record: object, rows: Sequence[Flow]) -> None:
    _leave(books, rows)


@memory(
    "where the two funds are not of one project, what moved is first what the project of the one has that is not inflow, then its "
    "inflow, and it stays what it was in the project of the other",
)
def passes_on(
    books: Books, context: StatementContext, record: object, rows: Sequence[Flow], source: str, to: str, unit: str
) -> None:
    if not same_project(books, source, to):
        moved = size([span for _, span in ins(rows)])
        other = leave_first(books, (source, unit), moved)
        come(books, (to, unit), moved, moved - other)
        books.allocation.put(context.ref, books.allocation[context.ref]._replace(uncounted=other))


@memory(
    "an allocation by the party, of the record's `amount` between the two funds in that unit; its units are those that came in",
    decidable=True,
    makes="allocation",
)
def allocates(books: Books, context: StatementContext, record: Amounted, rows: OneIn, source: str, to: str, unit: str) -> None:
    ((_, (start, _)),) = ins(rows)
    books.allocation.put(context.ref, Allocation(context.party, source, to, unit, record.amount, start))


@memory(
    "an exchange by the party; first what the fund's project has that is not inflow passes from the unit of the one tape to that "
    "of the other, then inflow, as far as no cost has used it ([books.md](books.md) §2)",
    decidable=True,
    makes="exchange",
)
def exchanges(
    books: Books,
    context: StatementContext,
    record: object,
    rows: Sequence[Flow],
    tape: Tape,
    into: Tape,
    amounts: tuple[int, int],
    day: str,
) -> None:
    given, taken = amounts
    other = not_inflow(books, tape, given) if context.whole else 0
    left = inflow_not_used(books, *tape, given - other) if context.whole else 0
    entered = left * taken // given
    if context.whole:
        come(books, tape, -left - other, -left)
        come(books, into, entered + other * taken // given, entered)
    start = next(span[0] for _, span in ins(rows))
    row = ExchangeRow(context.party, *tape, given, into[1], taken, start, left, entered, day, context.day, other)
    books.exchange.put(context.ref, row)


def spend(books: Books, fund_id: str, unit: str, cost_class: str, amount: int) -> None:
    """Add `amount`, which may be negative, to what the fund's project spent in a cost class, if the fund has a project. Raises
    Refused (`tape-limit`)."""
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
        raise Absent(f"fund {fund_id!r}: there is no such fund; record it first", rule="reference")
    return fund


def _enter(books: Books, rows: Sequence[Flow]) -> None:
    for tape, (start, end) in ins(rows):
        enter_project(books, tape, end - start)


def _leave(books: Books, rows: Sequence[Flow]) -> None:
    for tape, (start, end) in outs(rows):
        enter_project(books, tape, start - end)
