"""Running sums of a project in one unit: the income in its inflow, and what it lost. Outside projects nothing is kept."""

from __future__ import annotations

from .rows import Sum
from .state import Books, total
from .table import Table

Tape = tuple[str, str]


def project_of(books: Books, fund_id: str) -> str:
    """The project that a fund belongs to; "" if it belongs to none."""
    fund = books.fund.get(fund_id)
    return fund.project if fund is not None else ""


def sum_of(table: Table[Sum], project: str, unit: str) -> int:
    """The sum of a project."""
    row = table.get(f"{project}/{unit}")
    return row.amount if row else 0


def add_to(table: Table[Sum], project: str, unit: str, amount: int) -> None:
    """Add to the sum of a project. Raises Refused (`tape-limit`)."""
    if project and amount:
        table.put(f"{project}/{unit}", Sum(total(sum_of(table, project, unit), amount, f"what counts of project {project!r}")))


def carry(books: Books, source: Tape, to: Tape, amount: int, entered: int) -> None:
    """`amount` of inflow became `entered` of another project or unit: the income in it goes along first."""
    one, other = project_of(books, source[0]), project_of(books, to[0])
    income = min(amount, sum_of(books.earned, one, source[1])) if amount > 0 else 0
    add_to(books.earned, one, source[1], -income)
    add_to(books.earned, other, to[1], income * entered // amount if income else 0)
