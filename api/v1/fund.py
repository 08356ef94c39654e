"""Funds: whose they are, what came in, what went out, what is left."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field
from starlette.responses import Response

from ledger.books.state import Books
from ledger.view import Snapshot
from ledger.view.figures import FundFigure, fund_figures

from .asking import ById, One
from .money import Answer, Money, Span, money_of
from .page import Batch, keyed
from .param import CharityAsked, Id, ProjectAsked, known
from .saying import lists, resource, says

SHOWN_RANGES = 1000

router = resource("funds")


class Fund(Answer):
    """A purse of one party. `restriction` is with what the funds above demand; `thresholds` are the fund's own, above which two
    officers sign; `root` is the top of its tree; `project` is null outside one; `entry` made it."""

    id: str
    name: str
    purpose: str
    kind: Literal["fund", "project", "activity"]
    owner: str
    parent: str | None
    root: str
    project: str | None
    restriction: Literal["unrestricted", "restricted", "endowment"]
    thresholds: list[Money]
    entry: int


class Figures(Answer):
    """A fund in one unit: `inflow` = `outflow` + `balance`. `given` of the inflow and of fees are gifts, `gifts` of them."""

    fund: str
    inflow: Money
    outflow: Money
    balance: Money
    given: Money
    gifts: int


class Tape(Figures):
    """A fund in one unit, and the units that are left on its tape: `left_ranges` ranges, the lowest 1,000 of which are in
    `left`."""

    left: list[Span]
    left_ranges: int = Field(ge=0)


class FundWithTapes(Fund):
    """A fund, with a tape for each unit that ever came into it."""

    tree_size: int
    tapes: list[Tape]


def members(snapshot: Snapshot, id: str) -> dict[str, Any]:
    """The members of `Fund`. Raises NotFound."""
    row = known(snapshot.books.fund, id, "fund", "funds")
    record = record_of(snapshot, id, row.since)
    return {
        "id": id, "name": record.name, "purpose": record.purpose, "kind": row.kind, "owner": row.owner,
        "parent": row.parent or None, "root": row.root, "project": row.project or None, "restriction": row.restriction,
        "entry": row.since,
        "thresholds": [money_of(snapshot.books, amount, unit) for unit, amount in row.thresholds],
    }  # fmt: skip


def record_of(snapshot: Snapshot, id: str, since: int) -> Any:
    """The record that made a fund, a project or an activity, in entry `since`."""
    records = snapshot.leaf(since).statement.records
    return next(record for record in records if record.kind in ("fund", "project", "activity") and record.id == id)


def figures_of(books: Books, figure: FundFigure) -> dict[str, Any]:
    """The members of `Figures`."""
    amounts = {name: getattr(figure, name) for name in ("inflow", "outflow", "balance", "given")}
    money = {name: money_of(books, minor, figure.unit) for name, minor in amounts.items()}
    return {"fund": figure.fund, "gifts": figure.gifts, **money}


def _tape(books: Books, figure: FundFigure) -> Tape:
    row = books.tape[f"{figure.fund}/{figure.unit}"]
    left = row.lowest(row.free())
    spans = [Span(start=start, end=end) for start, end in left[:SHOWN_RANGES]]
    return Tape(**figures_of(books, figure), left=spans, left_ranges=len(left))


def fund_with_tapes(snapshot: Snapshot, id: str) -> FundWithTapes:
    """A fund with its figures. Raises NotFound."""
    said = members(snapshot, id)
    tapes = [_tape(snapshot.books, figure) for figure in fund_figures(snapshot, fund=id)]
    return FundWithTapes(**said, tree_size=snapshot.tree_size, tapes=tapes)


@router.get("/funds", **lists(Fund))
async def funds(asked: ById, project: ProjectAsked = None, charity: CharityAsked = None) -> Response:
    """Funds, by id."""

    def question(snapshot: Snapshot, cursor: str | None, limit: int) -> Batch:
        rows = snapshot.books.fund.items()
        ids = [id for id, row in rows if project in (None, row.project) and charity in (None, row.owner)]
        return keyed(ids, cursor, limit).said(lambda id: Fund(**members(snapshot, id)))

    return await asked.page(Fund, question)


@router.get("/funds/{id}", **says(FundWithTapes))
async def fund(asked: One, id: Id) -> Response:
    """One fund, with its tapes."""
    return await asked.answer(lambda snapshot: fund_with_tapes(snapshot, id))
