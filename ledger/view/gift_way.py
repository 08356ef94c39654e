"""The way of a gift: how much of it is in each stage, which records it went through, and how much was paid twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..books.gift import GiftTrace, split_ref
from ..books.marks import marks_of
from ..books.state import Books
from .traceability import RETURNED, STAGES, stage_of


def gift_stages(trace: GiftTrace) -> dict[str, int]:
    """The minor units of a gift by stage, without empty ones, the furthest first; they add up to the gift. Besides the stages of
    `traceability.STAGES`, `refunded` went back to the donor, and `void` was entered by mistake."""
    sums = Counter[str]()
    for piece in trace.pieces:
        stage = "refunded" if piece.state in RETURNED else stage_of(piece.state, piece.level)
        sums[stage] += piece.end - piece.start
    return {stage: sums[stage] for stage in (*STAGES, "refunded", "void") if sums[stage]}


def way_of(trace: GiftTrace) -> list[tuple[str, int]]:
    """The records that units of a gift went through, in the order of the log, each with how many minor units went through it."""
    sums = Counter[str]()
    for piece in trace.pieces:
        for ref in set(piece.path):
            sums[ref] += piece.end - piece.start
    return sorted(sums.items(), key=lambda one: split_ref(one[0]))


def paid_again(books: Books, trace: GiftTrace) -> int:
    """The minor units of a gift that were paid or delivered, came back, and were paid or delivered again."""
    return sum(piece.end - piece.start for piece in trace.pieces if _is_paid_again(books, piece.path))


def _is_paid_again(books: Books, path: Sequence[str]) -> bool:
    # After a payment that came back is what brought it back; after one that bought goods, what became of the goods.
    paid = [books.disbursement.get(ref) is not None for ref in path]
    return any(
        paid[place] and not paid[place + 1] and any(paid[place + 2 :]) and not marks_of(books, path[place]).is_void
        and books.taking.get(path[place + 1]) is None
        for place in range(len(path) - 1)
    )  # fmt: skip
