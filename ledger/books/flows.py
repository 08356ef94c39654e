"""What moved: the flows of a record as ranges of tapes, and what a trace makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from .statement_context import Flow
from .tape import Span


class Hop(NamedTuple):
    """Units that leave `out` ranges of a tape and come into one range of another; `into` is "" where they end, in `state` if that
    is all there is to say of them."""

    out_tape: str
    out: tuple[Span, ...]
    into: str = ""
    span: Span = (0, 0)
    state: str = ""


class Target(NamedTuple):
    """An earlier record as a claim or a trace sees it: what it says, its flows, the party that said it, its entry's time."""

    record: Any
    rows: Sequence[Flow]
    party: str
    time: str


def outs(rows: Sequence[Flow]) -> list[tuple[str, Span]]:
    """(tape, span) of the flows out, in order."""
    return [(tape, (start, end)) for _, sign, tape, start, end in rows if sign == "-"]


def ins(rows: Sequence[Flow]) -> list[tuple[str, Span]]:
    """(tape, span) of the flows in, in order."""
    return [(tape, (start, end)) for _, sign, tape, start, end in rows if sign == "+"]


def by_tape(flows: Sequence[tuple[str, Span]]) -> list[tuple[str, tuple[Span, ...]]]:
    """Flows of one tape together, tapes in the order in which they first stand there."""
    tapes: dict[str, list[Span]] = {}
    for tape, span in flows:
        tapes.setdefault(tape, []).append(span)
    return [(tape, tuple(spans)) for tape, spans in tapes.items()]


def size(spans: Sequence[Span]) -> int:
    """How many units some ranges hold."""
    return sum(end - start for start, end in spans)
