"""One gift, followed: where each of its units is, which are overdue, and the sentence that says so (books §4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ..amount import to_text
from ..errors import NotFound
from .flows import Target, ins
from .level_due import level_due
from .levels import LEVELS, SOMEBODY_ELSE
from .life import STATES, reported_up_to
from .moment import days_after, local_day
from .rows import Disbursement, Project
from .state import Books
from .trace import Flows, Piece, forward

PAID = ("paid", "received", "reported")
WAITING = ("held", "allocated")
DISPUTED = "disputed: someone other than the payer signed for it, and the payer says that it came back or never went out"


class OverdueStage(NamedTuple):
    """A stage that the project promised and that has not come: `receipt` or `feedback` for a disbursement, with its due day."""

    stage: str
    ref: str
    due_on: str


class GiftTrace(NamedTuple):
    """A gift of `amount` minor units. `pieces` tile [0, amount) in the gift's own units, last the fee, which `fee_to` keeps. Of the
    units that are `covered`, `unspent_covered` are still in a fund."""

    ref: str
    party: str
    fund: str
    unit: str
    exponent: int
    amount: int
    received_on: str
    pieces: tuple[Piece, ...]
    payments: int
    deliveries: int
    waiting_since: str
    overdue: tuple[OverdueStage, ...]
    fee_to: str = ""
    unspent_covered: int = 0

    @property
    def signed(self) -> int:
        """How many minor units somebody other than the party that paid signed for."""
        signed = [piece for piece in self.pieces if piece.state in PAID and piece.level in SOMEBODY_ELSE]
        return sum(piece.end - piece.start for piece in signed)

    def totals(self) -> dict[str, int]:
        """Minor units in each state, in the order of books §4. States without units are left out."""
        sums = {state: sum(p.end - p.start for p in self.pieces if p.state == state) for state in STATES}
        return {state: amount for state, amount in sums.items() if amount}

    def totals_told(self) -> dict[str, int]:
        """`totals` as sentences tell them: what is covered and still unspent is apart, as `unspent-covered`."""
        totals = self.totals()
        spent = totals.get("covered", 0) - self.unspent_covered
        return {**totals, "covered": spent, "unspent-covered": self.unspent_covered}


def split_ref(ref: str) -> tuple[int, int]:
    """`"1834.0"` → (1834, 0). Raises NotFound for anything else."""
    entry, dot, record = ref.partition(".")
    if not (dot and entry.isascii() and entry.isdigit() and record.isascii() and record.isdigit() and len(ref) < 24):
        raise NotFound(f"{ref!r}: is not a reference; a reference looks like 1834.0 (entry, then record)", rule="reference")
    return int(entry), int(record)


def follow_gift(flows: Flows, ref: str, as_of: str) -> GiftTrace:
    """Follow the gift `ref`; overdue stages are judged as of the day `as_of`. Raises NotFound if `ref` is not a gift."""
    entry, record = split_ref(ref)
    target = flows.target(entry, record)
    gift = target.record
    if not gift.is_gift:
        raise NotFound(f"{ref}: is a {gift.kind}, not a gift; give the reference of a donation", rule="reference")
    pieces = _pieces(flows, target, entry, record)
    unit = flows.books.unit.get(gift.unit)
    return GiftTrace(
        ref, target.party, gift.fund, gift.unit, unit.exponent if unit else 0, gift.amount, gift.received_on,
        tuple(pieces), _count(flows.books, pieces, "payment"), _count(flows.books, pieces, "delivery"),
        _waiting_since(flows, pieces, gift.received_on), tuple(_overdue(flows.books, pieces, as_of)),
        gift.fee_to or "", _unspent_covered(flows, pieces),
    )  # fmt: skip


def _pieces(flows: Flows, target: Target, entry: int, record: int) -> list[Piece]:
    ((tape, (start, end)),) = ins(target.rows)
    covers = [(low, high, by) for by, facts in flows.claims_on(entry, record) for low, high in facts.get("cover", ())]
    pieces = []
    for low, high, by in _cut(start, end, sorted(covers)):
        found = [_shifted(piece, start) for piece in forward(flows, tape, low, high)]
        pieces += [piece._replace(state="covered", path=(*piece.path, by)) for piece in found] if by else found
    return [*pieces, *_fee(flows, target.record, entry, record)]


def _fee(flows: Flows, gift: Any, entry: int, record: int) -> Iterator[Piece]:
    """The last units of a gift with a fee, which are on no tape: kept, or given back by a refund."""
    if gift.fee is not None:
        start = gift.amount - gift.fee
        piece = Piece(start, gift.amount, "fee", "", start, gift.amount, ())
        for by, facts in flows.claims_on(entry, record):
            if facts.get("fee"):
                piece = piece._replace(state="covered" if facts["paid_by"] else "refunded", path=(by,))
        yield piece


def _cut(start: int, end: int, covers: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """[start, end) in parts: those that refunds cover, with the refund's name, and those between them, with "". A cover may reach
    beyond the gift or miss it, because nothing has checked what a bundle's maker wrote yet."""
    at = start
    for low, high, by in covers:
        low, high = max(low, at), min(high, end)
        if low < high:
            if at < low:
                yield at, low, ""
            yield low, high, by
            at = high
    if at < end:
        yield at, end, ""


def _shifted(piece: Piece, start: int) -> Piece:
    return piece._replace(start=piece.start - start, end=piece.end - start)


def _unspent_covered(flows: Flows, pieces: Sequence[Piece]) -> int:
    """How many units were paid back from another fund and are in a fund all the same: they were allocated, or came back. No tape
    has a unit of a fee."""
    covered = [piece for piece in pieces if piece.state == "covered" and piece.tape]
    there = [piece for piece in covered if not any(flows.outflows(piece.tape, piece.at_start, piece.at_end))]
    return sum(piece.end - piece.start for piece in there)


def _count(books: Books, pieces: Sequence[Piece], kind: str) -> int:
    """How many disbursements of a kind the pieces ended in."""
    rows = [books.disbursement.get(ref) for ref in {piece.path[-1] for piece in pieces if piece.state in PAID and piece.path}]
    return sum(row is not None and row.kind == kind for row in rows)


def _waiting_since(flows: Flows, pieces: Sequence[Piece], received_on: str) -> str:
    days = []
    for piece in pieces:
        if piece.state in WAITING:
            last = flows.target(*split_ref(piece.path[-1])).time if piece.path else ""
            days.append(local_day(flows.books, last) if last else received_on)
    return min(days, default="")


def _overdue(books: Books, pieces: Sequence[Piece], as_of: str) -> list[OverdueStage]:
    overdue: dict[tuple[str, str], OverdueStage] = {}
    for piece in pieces:
        row = books.disbursement.get(piece.path[-1]) if piece.state in PAID and piece.path else None
        for stage in waits_for(books, row, piece) if row else ():
            if (due := due_on(books, row, stage)) and due < as_of:
                overdue[stage, piece.path[-1]] = OverdueStage(stage, piece.path[-1], due)
    return sorted(overdue.values())


def waits_for(books: Books, row: Disbursement, piece: Piece) -> Iterator[str]:
    """The stages that a piece still lacks: a receipt of the level that the project waits for, and feedback once there is one."""
    if piece.state == "paid" or LEVELS.index(piece.level) > LEVELS.index(level_due(books, row)):
        yield "receipt"
    if piece.state == "received":
        yield "feedback"


def due_on(books: Books, row: Disbursement | None, stage: str) -> str:
    """The day by which the project promised a receipt of a disbursement, or feedback on what was received; "" for none."""
    project = project_of(books, row.fund) if row else None
    if row is None or project is None:
        return ""
    if stage == "receipt":
        return days_after(row.first_day, project.receipt_days)
    # Where a feedback is void, and nothing is reported on, all receipts wait again.
    first = row.unreported_from if reported_up_to(books, row) else min((one.first_day for one in row.receipts), default="")
    return days_after(first or row.first_day, project.feedback_days)


def project_of(books: Books, fund_id: str) -> Project | None:
    """The project a fund belongs to."""
    fund = books.fund.get(fund_id)
    return books.project.get(fund.project) if fund else None


def sentence(trace: GiftTrace) -> str:
    """The trace as one sentence, with amounts in the gift's unit."""
    totals = trace.totals_told()

    def money(amount: int) -> str:
        return to_text(amount, trace.exponent, trace.unit)

    parts = [_paid_part(trace, totals, money)]
    waiting = sum(totals.get(state, 0) for state in WAITING)
    if waiting:
        parts.append(f"{money(waiting)} waiting since {trace.waiting_since}")
    for state, words in (
        ("disputed", DISPUTED), ("fee", "kept as a fee"),
        ("refunded", "refunded"), ("covered", "refunded from another fund after it was spent"),
        ("unspent-covered", "refunded from another fund, still unspent"),
        ("written-off", "written off"), ("void", "declared void, because it should not have been recorded"),
    ):  # fmt: skip
        if totals.get(state):
            parts.append(f"{money(totals[state])} {words}")
    said = "; ".join(part for part in parts if part)
    warnings = "".join(f" {one.stage.capitalize()} for {one.ref} is overdue: it was due on {one.due_on}." for one in trace.overdue)
    return f"{money(trace.amount)}, given on {trace.received_on} to {trace.fund}: {said}.{warnings}"


def _paid_part(trace: GiftTrace, totals: dict[str, int], money: Any) -> str:
    paid = sum(totals.get(state, 0) for state in PAID)
    if not paid:
        return ""
    received = totals.get("received", 0) + totals.get("reported", 0)
    ways = [
        _counted(trace.payments, "paid in", "payment", "payments"),
        _counted(trace.deliveries, "delivered as goods in", "delivery", "deliveries"),
    ]
    words = f"{money(paid)} {' and '.join(way for way in ways if way)}"
    if received:
        levels = sorted({piece.level for piece in trace.pieces if piece.state in PAID and piece.level})
        words += f", {money(received)} of it acknowledged ({', '.join(levels)})"
    if "reported" in totals:
        words += f", {money(totals['reported'])} of it reported on"
    return words


def _counted(count: int, how: str, one: str, many: str) -> str:
    return f"{how} {count} {one if count == 1 else many}" if count else ""
