"""From a payment back to the inflows of its units, page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from ..books.flows import outs, size
from ..books.gift import split_ref
from ..books.tape import Span
from ..books.trace import Flows, Origin, walk_back
from ..bounds import MAX_INTEGER
from ..errors import NotFound
from .page_size import check_limit


class OriginCursor(NamedTuple):
    """Where a page ended. The next begins at unit number `unit` of what the record took, without the first `skip` origins there."""

    unit: int
    skip: int


class OriginPage(NamedTuple):
    """Origins in the order of the units that they brought in. `start` and `end` of an origin are unit numbers of what the record
    took, from 0; `amount` is how many it took in all. `next` is None on the last page."""

    amount: int
    origins: tuple[Origin, ...]
    next: OriginCursor | None


START = OriginCursor(0, 0)


def origins_of(flows: Flows, ref: str, after: OriginCursor | None, limit: int) -> OriginPage:
    """One page of the origins of the units that record `ref` took out of its funds.

    If amounts never changed on the way, the cost depends only on the page. If many gifts became one thing, those before the page
    are walked past. Raises NotFound (`reference`) if the record did not take any units, UsageError (`parameter`).
    """
    check_limit(limit)
    target = flows.target(*split_ref(ref))
    taken = outs(target.rows)
    if not taken:
        raise NotFound(
            f"{ref}: is a {target.record.kind}, which does not pay money out; give a payment", rule="reference", where=ref,
        )
    amount, at = size([span for _, span in taken]), after or START
    page: list[Origin] = []
    for origin, exact in islice(_behind(flows, taken, at.unit), min(max(0, at.skip), MAX_INTEGER), None):
        if len(page) == limit:
            return OriginPage(amount, tuple(page), at)
        page.append(origin)
        at = OriginCursor(origin.end, 0) if exact else OriginCursor(at.unit, at.skip + 1)
    return OriginPage(amount, tuple(page), None)


def _behind(flows: Flows, taken: Sequence[tuple[str, Span]], unit: int) -> Iterator[tuple[Origin, bool]]:
    """The origins from unit number `unit` on, numbered across all ranges that were taken."""
    number = 0
    for tape, (low, high) in taken:
        first = low + max(0, unit - number)
        for origin, exact in walk_back(flows, tape, first, high) if first < high else ():
            shift = number - low
            yield origin._replace(start=origin.start + shift, end=origin.end + shift), exact
        number += high - low
