"""Traces in both directions: where the units of a gift are, and where the units of a payment came from."""

from __future__ import annotations

from starlette.responses import Response

from ledger.books.gift import GiftTrace, sentence
from ledger.books.marks import marks_of
from ledger.books.moment import day_to_judge
from ledger.books.trace import Origin, Piece
from ledger.view.origins import OriginCursor
from ledger.view.snapshot import Snapshot

from .cursor import NumberCursor
from .list_request import PAGE_ROWS, DueOn, JudgedOn, Limit, OfPlaces, OneOn
from .money import Answer, Money, Span, money_of, unit_of
from .page import Batch, sliced
from .param import Ref
from .route_docs import lists, resource, says
from .text_types import RefSaid

router = resource("traces")


class StateSum(Answer):
    """How much of something is in a state (books §4)."""

    state: str
    amount: Money


class OverdueStage(Answer):
    """Something that the project promised by a day and that is missing: a `receipt` or `feedback` for the payment or delivery
    `ref`."""

    stage: str
    ref: str
    due_on: DueOn


class TracePiece(Answer):
    """A part of the gift that stayed together: `units` are numbered from the first of the gift. The part is in `state`, at `at` of
    `tape`, or left the tape there. `path` names the records that moved it; the last one put it where it is."""

    units: Span
    amount: Money
    state: str
    level: str | None
    tape: str
    at: Span
    path: list[str]


class Trace(Answer):
    """Where a gift is. `totals` are of the whole gift. `pieces` cover it without gaps or overlaps, perhaps on several pages. What
    is overdue is judged as of `as_of`. Of a void gift, `void_by` is the reversal, with its day `void_on` and its `void_reason`."""

    tree_size: int
    as_of: JudgedOn
    ref: str
    sentence: str
    party: str
    fund: str
    amount: Money
    received_on: str
    totals: list[StateSum]
    waiting_since: str | None
    overdue: list[OverdueStage]
    void_by: str | None
    void_on: str | None
    void_reason: str | None
    pieces: list[TracePiece]
    pieces_in_all: int
    next: str | None


class FoundOrigin(Answer):
    """A part of what the record used that came from the record `ref`, as units `at` of `tape`, through the records of `path`.
    `units` are numbered from the first that the record used. `shared`: rounding between units of account gives one unit at an edge
    two origins."""

    ref: RefSaid
    units: Span
    amount: Money
    tape: str
    at: Span
    path: list[RefSaid]
    shared: bool


def trace_of(snapshot: Snapshot, ref: str, as_of: str, cursor: str | None, limit: int) -> Trace:
    """A gift, followed: one page of its pieces. Raises NotFound."""
    trace, books = snapshot.gift(ref, as_of), snapshot.books
    page, marks = sliced(trace.pieces, cursor, limit), marks_of(books, ref)
    return Trace(
        tree_size=snapshot.tree_size, as_of=day_to_judge(as_of, snapshot.day), ref=ref, sentence=sentence(trace), party=trace.party,
        fund=trace.fund, amount=money_of(books, trace.amount, trace.unit), received_on=trace.received_on,
        totals=[StateSum(state=state, amount=money_of(books, minor, trace.unit)) for state, minor in trace.totals().items()],
        waiting_since=trace.waiting_since or None, overdue=[OverdueStage(**one._asdict()) for one in trace.overdue],
        void_by=marks.void_by, void_on=marks.void_on, void_reason=marks.void_reason,
        pieces=[_piece(snapshot, trace, piece) for piece in page.items], pieces_in_all=len(trace.pieces), next=page.next,
    )  # fmt: skip


def _piece(snapshot: Snapshot, trace: GiftTrace, piece: Piece) -> TracePiece:
    return TracePiece(
        units=Span(start=piece.start, end=piece.end), amount=money_of(snapshot.books, piece.end - piece.start, trace.unit),
        state=piece.state, level=piece.level or None, tape=piece.tape, at=Span(start=piece.at_start, end=piece.at_end),
        path=list(piece.path),
    )  # fmt: skip


def origins_of(snapshot: Snapshot, ref: str, cursor: str | None, limit: int) -> Batch:
    """The inflows that the units used by a record came from. Raises NotFound."""
    page = snapshot.payment_origins(ref, _place(cursor), limit)
    return Batch([_origin(snapshot, origin) for origin in page.origins], "{}.{}".format(*page.next) if page.next else None)


def _place(cursor: str | None) -> OriginCursor | None:
    if cursor is None:
        return None
    unit, _, skip = cursor.partition(".")
    return OriginCursor(int(unit), int(skip))


def _origin(snapshot: Snapshot, origin: Origin) -> FoundOrigin:
    return FoundOrigin(
        ref=origin.ref, units=Span(start=origin.start, end=origin.end),
        amount=money_of(snapshot.books, origin.at_end - origin.at_start, unit_of(origin.tape)), tape=origin.tape,
        at=Span(start=origin.at_start, end=origin.at_end), path=list(origin.path), shared=origin.shared,
    )  # fmt: skip


@router.get("/donations/{ref}/trace", **says(Trace))
async def trace(asked: OneOn, ref: Ref, cursor: NumberCursor = None, limit: Limit = PAGE_ROWS) -> Response:
    """A gift, followed forward: where each part of it is now."""
    return await asked.answer(lambda snapshot: trace_of(snapshot, ref, asked.as_of, cursor, limit))


@router.get("/records/{ref}/origins", **lists(FoundOrigin))
async def origins(asked: OfPlaces, ref: Ref) -> Response:
    """A payment, or any record that took money out of a fund, followed back to its origins: gifts and other income."""
    return await asked.page(FoundOrigin, lambda snapshot, cursor, limit: origins_of(snapshot, ref, cursor, limit))
