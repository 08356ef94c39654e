"""Shares of a whole that add up to it: as figures in tenths of a per cent, and as widths of a bar."""

from __future__ import annotations

from collections.abc import Sequence

WHOLE = 1000
"""Tenths of a per cent."""
BAR = 10_000
"""The width of a bar, in hundredths of a per cent."""
LEAST = 70
"""The least width of a part that is not nothing, so that it can be seen."""


def parts_of(whole: int, amounts: Sequence[int]) -> list[int]:
    """Whole numbers in the proportion of the amounts, which are not negative, that sum to `whole`: each is rounded down, and those
    that lost the most are rounded up (largest remainder). All 0 if the amounts are."""
    total = sum(amounts)
    if not total:
        return [0] * len(amounts)
    parts = [whole * amount // total for amount in amounts]
    lost = sorted(range(len(amounts)), key=lambda place: (-(whole * amounts[place] % total), place))
    for place in lost[: whole - sum(parts)]:
        parts[place] += 1
    return parts


def widths(amounts: Sequence[int]) -> list[int]:
    """The widths of the parts of a bar, which sum to `BAR`. A part that is not nothing can be seen: the widest gives way."""
    parts = [max(part, LEAST) if amount else 0 for part, amount in zip(parts_of(BAR, amounts), amounts, strict=True)]
    if any(parts):
        parts[parts.index(max(parts))] -= sum(parts) - BAR
    return parts
