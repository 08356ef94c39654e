"""The row of statistics by region."""

from __future__ import annotations

from typing import NamedTuple


class RangeRow(NamedTuple):
    """The last range of gifts of a tape that statistics by region are of: it ends before the entry `until`. `amount` and `gifts`
    are all that was entered before that."""

    until: int
    amount: int
    gifts: int
