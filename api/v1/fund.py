"""Funds: who owns them, what came in, what went out, what is left."""

from __future__ import annotations

from pydantic import Field
from starlette.responses import Response

from ledger.books.state import Books
from ledger.view.figures import FundFigure, fund_figures
from ledger.view.snapshot import Snapshot

from .fund_members import Figures, Fund, figures_of, members
from .list_request import ById, One
from .money import Span
from .page import Batch, keyed
from .param import CharityAsked, Id, ProjectAsked
from .route_docs import lists, resource, says

SHOWN_RANGES = 1000

router = resource("funds")


class Tape(Figures):
    """A fund in one unit, and the units that are left on its tape: `left_ranges` ranges, the lowest 1,000 of which are in
    `left`."""

    left: list[Span]
    left_ranges: int = Field(ge=0)


class FundWithTapes(Fund):
    """A fund, with a tape for each unit that it ever received."""

    tree_size: int
    tapes: list[Tape]


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
