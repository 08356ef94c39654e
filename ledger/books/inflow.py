"""What counts as inflow of a project, and what does not (books §2): income by its class, losses, advances, and grants that two
parties pay one another.

Everything is a running sum for a project or for two parties. Income goes first: what a project writes off, changes into another
unit or passes on is income as far as it has some that counts.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import Absent, Refused
from .income_sums import Tape, add_to, project_of, sum_of
from .naming import check_not_void
from .restriction import enter_project
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
    "much as the project had written off in that unit and not recovered"
)
def earns(books: Books, context: StatementContext, record: object, rows: Rows, tape: Tape, income_class: str, amount: int) -> None:
    project = project_of(books, tape[0])
    entered = 0 if income_class in NO_INFLOW else amount
    if income_class == "recovery":
        entered = min(amount, sum_of(books.lost, project, tape[1]))
        add_to(books.lost, project, tape[1], -entered)
    add_to(books.earned, project, tape[1], entered)
    enter_project(books, "/".join(tape), entered)
    books.income.put(context.ref, books.income[context.ref]._replace(entered=entered))


def still_counts(books: Books, row: IncomeRow) -> int:
    """How much of an income counts as inflow of its project."""
    return min(row.entered, sum_of(books.earned, project_of(books, row.fund), row.unit))


def earn_less(books: Books, row: IncomeRow) -> None:
    """Income is void: what of it still counts does not count any more, and a recovery recovered nothing."""
    project, counted = project_of(books, row.fund), still_counts(books, row)
    add_to(books.earned, project, row.unit, -counted)
    enter_project(books, f"{row.fund}/{row.unit}", -counted)
    if row.income_class == "recovery":
        add_to(books.lost, project, row.unit, row.entered)


@memory(
    "the project has lost that much in that unit, and can recover it; of its inflow, as much of it is subtracted as it has of "
    "income that counts"
)
def loses(books: Books, context: StatementContext, record: object, rows: Rows, tape: Tape, amount: int) -> None:
    project = project_of(books, tape[0])
    income = min(amount, sum_of(books.earned, project, tape[1]))
    add_to(books.lost, project, tape[1], amount)
    add_to(books.earned, project, tape[1], -income)
    enter_project(books, "/".join(tape), -income)


@demand(
    "it is income of the party of class `advance`, in that unit, that is not void; it came into a fund of the same project, or "
    "outside projects as the payment does",
    "reference", decidable=True,
)  # fmt: skip
def of_advance(books: Books, context: StatementContext, fields: Fields, of: str, tape: Tape) -> None:
    row = _advance(books, context, of, fields[0])
    if row.income_class != "advance" or row.party != context.party or row.unit != tape[1]:
        words = f"is of class {row.income_class}, {row.party} and {row.unit}, and not an advance of {context.party} in {tape[1]}"
        raise Refused(f"{fields[0]} {of}: {words}", rule="reference")
    if project_of(books, row.fund) != project_of(books, tape[0]):
        words = f"the advance came into {row.fund!r}, which is not of the project of {tape[0]!r}; repay it from there"
        raise Refused(f"{fields[0]} {of}: {words}", rule="reference")


@demand("at least that much of the advance has not been repaid", "return-excess")
def within_advance(books: Books, context: StatementContext, fields: Fields, of: str, amount: int) -> None:
    row = _advance(books, context, of, fields[0])
    if amount > row.amount - row.repaid:
        facts = {"amount": money(books, row.unit, amount), "left": money(books, row.unit, row.amount - row.repaid)}
        words = f"{fields[1]} {{amount}}: only {{left}} of advance {of} has not been repaid; interest and fees are a cost"
        raise Refused(words, rule="return-excess", facts=facts)


@memory("that much more of the advance is repaid", decidable=True)
def repays(books: Books, context: StatementContext, record: object, rows: Rows, of: str, amount: int) -> None:
    name = context.resolve(of, "repays")
    books.disbursement.put(context.ref, books.disbursement[context.ref]._replace(gives_back=name))
    repay(books, name, amount)


def repay(books: Books, name: str, amount: int) -> None:
    """Count `amount` more of an advance as repaid; less if it is below 0."""
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
    enter_project(books, row.tape, entered)
    return entered


def grant_kept(books: Books, row: TakingRow, more: int) -> None:
    """`more` is kept of what a receipt took, or less if it is below 0: what counts of it is at most what is kept."""
    counted = min(row.entered, row.kept + more) - min(row.entered, row.kept)
    _net(books, row.party, books.disbursement[row.of].party, row.unit, received=more, counted=counted)
    enter_project(books, row.tape, counted)


def _net(books: Books, party: str, other: str, unit: str, received: int = 0, granted: int = 0, counted: int = 0) -> None:
    row, what = books.net.get(key := f"{party}/{other}/{unit}") or NOTHING, f"what {party} and {other} granted one another"
    books.net.put(key, NetRow(
        total(row.received, received, what), total(row.granted, granted, what), row.counted + counted,
    ))  # fmt: skip


def _advance(books: Books, context: StatementContext, of: str, field: str) -> IncomeRow:
    name = context.resolve(of, field)
    row = books.income.get(name)
    if row is None:
        raise Absent(f"{field} {of}: is not income; name the advance that is repaid", rule="reference")
    check_not_void(books, name, f"{field} {of}")
    return row
