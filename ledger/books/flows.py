"""What moved: the flows of a record as ranges on tapes, and the types that a trace makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from .statement_context import Flow
from .tape import Span


class Hop(NamedTuple):
    """Units that leave the ranges `out` of one tape and come into one range of another. `into` is "" if they leave the ledger here;
    then `state` is their state, unless the record's `ends` gives it."""

    out_tape: str
    out: tuple[Span, ...]
    into: str = ""
    span: Span = (0, 0)
    state: str = ""


class Target(NamedTuple):
    """An earlier record as a claim or a trace sees it: the record, its flows, the party that made it, and its entry's time."""

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
    """The flows grouped by tape; tapes are in order of first appearance."""
    tapes: dict[str, list[Span]] = {}
    for tape, span in flows:
        tapes.setdefault(tape, []).append(span)
    return [(tape, tuple(spans)) for tape, spans in tapes.items()]


def size(spans: Sequence[Span]) -> int:
    """How many units the ranges hold."""
    return sum(end - start for start, end in spans)
