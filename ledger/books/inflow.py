"""What counts as inflow of a project, and what does not (books §2): income by its class, losses, advances, and grants that two
parties pay one another.

Everything is a running sum for a project, for a tree or for two parties (`inflow_sums.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import Refused
from .inflow_sums import Tape, add_to, come, inflow_gone, inflow_lost, leave_first, project_of, sum_of
from .naming import row_of
from .restriction import check_inflow_left, may_go
from .rows import Disbursement
from .rule import demand, memory
from .state import Books, money, total
from .statement_context import Flow, StatementContext
from .void_rows import IncomeRow, NetRow, TakingRow

Fields = tuple[str, ...]
Rows = Sequence[Flow]
NO_INFLOW = ("advance", "unstated")
NOTHING = NetRow()


@memory(
    "the income is inflow of the fund's project: all of it, but none of an advance or of what is unstated, and of a recovery as "
    "much as write-offs lowered the inflow in that unit and recoveries did not raise it again; the rest is in the fund, and is not "
    "inflow"
)
def earns(books: Books, context: StatementContext, record: object, rows: Rows, tape: Tape, income_class: str, amount: int) -> None:
    entered = 0 if income_class in NO_INFLOW else amount
    if income_class == "recovery":
        entered = min(amount, sum_of(books.lost, books, tape))
        add_to(books.lost, books, tape, -entered)
    come(books, tape, amount, entered)
    books.income.put(context.ref, books.income[context.ref]._replace(entered=entered))


def earn_less(books: Books, row: IncomeRow) -> None:
    """Income is void: what of it was inflow is none any more, and a recovery recovered nothing. The rest leaves as it would in any
    other way."""
    tape = (row.fund, row.unit)
    come(books, tape, -row.entered, -row.entered)
    leave_first(books, tape, row.amount - row.entered)
    if row.income_class == "recovery":
        add_to(books.lost, books, tape, row.entered)


@demand(
    "if the loss takes inflow out of a project, what that has spent in each cost class is within its share of the rest",
    "cost-limit",
)  # fmt: skip
def leaves_for_costs_after_a_loss(books: Books, context: StatementContext, fields: Fields, tape: Tape, amount: int) -> None:
    check_inflow_left(books, context, tape, inflow_lost(books, tape, amount))


@memory(
    "the project's inflow in that unit is lowered by that much, as far as there is any, and can be recovered as far; the rest of "
    "the loss was not inflow"
)
def loses(books: Books, context: StatementContext, record: object, rows: Rows, tape: Tape, amount: int) -> None:
    counted = inflow_lost(books, tape, amount)
    add_to(books.lost, books, tape, counted)
    come(books, tape, -amount, -counted)


@demand(
    "it is income of the party of class `advance`, in that unit, that is not void; it came into the fund that pays, or into one to "
    "which that fund could allocate money, of the same project or, like it, of none; and the payee is its lender",
    "reference", decidable=True,
)  # fmt: skip
def of_advance(books: Books, context: StatementContext, fields: Fields, of: str, tape: Tape, payee: str | None) -> None:
    row = _advance(books, context, of, fields[0])
    if row.income_class != "advance" or row.party != context.party or row.unit != tape[1]:
        words = f"is of class {row.income_class}, {row.party} and {row.unit}, and not an advance of {context.party} in {tape[1]}"
        raise Refused(f"{fields[0]} {of}: {words}", rule="reference")
    if row.lender != payee:
        raise Refused(f"{fields[0]} {of}: {row.lender} lent it, and not {payee}; repay it to {row.lender}", rule="reference")
    if project_of(books, row.fund) != project_of(books, tape[0]):
        words = f"the advance came into {row.fund!r}, which is not of the project of {tape[0]!r}; repay it from there"
        raise Refused(f"{fields[0]} {of}: {words}", rule="reference")
    if row.fund != tape[0] and not may_go(books, tape[0], row.fund):
        words = f"the advance came into {row.fund!r}, to which money of {tape[0]!r} cannot go; repay it from there"
        raise Refused(f"{fields[0]} {of}: {words}", rule="reference")


@demand("at least that much of the advance has not been repaid", "return-excess")
def within_advance(books: Books, context: StatementContext, fields: Fields, of: str, amount: int) -> None:
    row = _advance(books, context, of, fields[0])
    if amount > row.amount - row.repaid:
        facts = {"amount": money(books, row.unit, amount), "left": money(books, row.unit, row.amount - row.repaid)}
        words = f"{fields[1]} {{amount}}: only {{left}} of advance {of} has not been repaid; interest and fees are a cost"
        raise Refused(words, rule="return-excess", facts=facts)


@demand(
    "if the project has passed the borrowed money on, what the project has spent in each cost class is within its share of the "
    "inflow that is left",
    "cost-limit",
)  # fmt: skip
def leaves_for_costs_besides(books: Books, context: StatementContext, fields: Fields, tape: Tape, amount: int) -> None:
    check_inflow_left(books, context, tape, inflow_gone(books, tape, amount))


@memory("that much more of the advance is repaid; what in the fund is not inflow goes first", decidable=True)
def repays(books: Books, context: StatementContext, record: object, rows: Rows, of: str, amount: int) -> None:
    name = context.resolve(of, "repays")
    paid = books.disbursement[context.ref]
    books.disbursement.put(context.ref, paid._replace(gives_back=name))
    _count_repaid(books, name, amount)
    if context.whole:
        leave_first(books, (paid.fund, paid.unit), amount)


def is_repayment(books: Books, row: Disbursement) -> bool:
    """Whether a payment repays an advance: money that was never given, and is not spent."""
    return bool(row.gives_back) and books.income.get(row.gives_back) is not None


def repay_less(books: Books, name: str, tape: Tape, amount: int) -> None:
    """So much came back of what repaid an advance: it is borrowed money again."""
    _count_repaid(books, name, -amount)
    come(books, tape, amount, 0)


def _count_repaid(books: Books, name: str, amount: int) -> None:
    row = books.income[name]
    books.income.put(name, row._replace(repaid=row.repaid + amount))


@memory("the party has granted that much more to the other party in that unit")
def grants(books: Books, context: StatementContext, record: object, rows: Rows, to: str | None, unit: str, amount: int) -> None:
    grant(books, context.party, to or "", unit, amount)


def grant(books: Books, party: str, to: str, unit: str, amount: int) -> None:
    """Count a grant to a party; one that came back, or was void, if the amount is below 0."""
    _net(books, party, to, unit, granted=amount)


def grant_enters(books: Books, row: TakingRow) -> int:
    """Count what a receipt took, and return how much of it is inflow: as far as all that its party took of the other's grants is
    more than what it granted to the other, and than what was inflow before."""
    funder = books.disbursement[row.of].party
    net = books.net.get(f"{row.party}/{funder}/{row.unit}") or NOTHING
    entered = max(0, min(row.amount, net.received + row.amount - net.granted - net.counted))
    _net(books, row.party, funder, row.unit, received=row.amount, counted=entered)
    come(books, (row.fund, row.unit), row.amount, entered)
    return entered


def counts_of(row: TakingRow, more: int) -> int:
    """How much more of what a receipt took is inflow if `more` of it is kept: what counts is at most what is kept."""
    return min(row.entered, row.kept + more) - min(row.entered, row.kept)


def grant_kept(books: Books, row: TakingRow, more: int) -> None:
    """`more` is kept of what a receipt took, or less if it is below 0."""
    tape, counted = (row.fund, row.unit), counts_of(row, more)
    _net(books, row.party, books.disbursement[row.of].party, row.unit, received=more, counted=counted)
    come(books, tape, max(more, counted), counted)
    if more < counted:
        leave_first(books, tape, counted - more)


def _net(books: Books, party: str, other: str, unit: str, received: int = 0, granted: int = 0, counted: int = 0) -> None:
    row, what = books.net.get(key := f"{party}/{other}/{unit}") or NOTHING, f"what {party} and {other} granted one another"
    books.net.put(key, NetRow(
        total(row.received, received, what), total(row.granted, granted, what), row.counted + counted,
    ))  # fmt: skip


def _advance(books: Books, context: StatementContext, of: str, field: str) -> IncomeRow:
    return row_of(books, books.income, context, of, field, "is not income; name the advance that is repaid")
