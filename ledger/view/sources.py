"""One step back from a payment: what brought its units into the fund from which it took them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from ..books.flows import outs, size
from ..books.gift import split_ref
from ..books.tape import Span
from .page_size import check_limit
from .snapshot import PAGE, Snapshot

Taken = Sequence[tuple[str, Span]]


class Source(NamedTuple):
    """Units [start, end), numbered from the first that the record took, came into the fund by `ref`."""

    ref: str
    start: int
    end: int


class SourcePage(NamedTuple):
    """Of `amount` units that a record took, `gifts` came into the fund as gifts, the others by `sources`, of which this is one
    page, in the order of the units. `next` is where the next page begins; None on the last."""

    amount: int
    gifts: int
    sources: tuple[Source, ...]
    next: int | None


def sources_of(snapshot: Snapshot, ref: str, after: int = 0, limit: int = PAGE) -> SourcePage:
    """What brought the units that a record took into its funds, from unit number `after` on: at most `limit` (1 to 1000) records
    that are not gifts into the fund.

    Gifts are counted by their ranges on the tape and not read, however many they are. Raises NotFound (`reference`), UsageError
    (`parameter`).
    """
    check_limit(limit)
    with snapshot.reading():
        taken = outs(snapshot.store_flows.target(*split_ref(ref)).rows)
        found = list(islice(_others(snapshot, taken, after), limit + 1))
        gifts = sum(_gifts(snapshot, tape, span) for tape, span in taken)
    amount = size([span for _, span in taken])
    return SourcePage(amount, gifts, tuple(found[:limit]), found[limit].start if len(found) > limit else None)


def _others(snapshot: Snapshot, taken: Taken, after: int) -> Iterator[Source]:
    """The sources that are not gifts, from a unit number on."""
    number = 0
    for tape, (low, high) in taken:
        first, shift = low + max(0, after - number), number - low
        for start, end, entry, record in snapshot.reader.store.inflows(tape, first, high) if first < high else ():
            yield Source(f"{entry}.{record}", max(start, first) + shift, min(end, high) + shift)
        number += high - low


def _gifts(snapshot: Snapshot, tape: str, span: Span) -> int:
    """How many units of a range came in as gifts."""
    low, high = span
    return sum(max(0, end - max(start, low)) for start, end in snapshot.reader.gifts.on(tape, high))
