"""The levels of receipts: who says that a payment or delivery arrived, from the strongest to the weakest.

Receipts of a level acknowledge units from the lowest up, so the strongest level of each unit follows from one sum a level.
"""

from __future__ import annotations

from collections.abc import Iterator

from .rows import Disbursement

LEVELS = ("recipient-signed", "confirmed", "third-party", "holder-signed", "documented", "self-declared")
SOMEBODY_ELSE = LEVELS[:3]
"""The levels called *signed by somebody else*: a party other than the one that paid, whose name the ledger knows."""
OWN = LEVELS[4:]
"""The levels at which the party that paid speaks for itself."""


def acknowledged(row: Disbursement, level: str) -> int:
    """How many units receipts of a level acknowledge."""
    return next((one.total for one in row.receipts if one.level == level), 0)


def received(row: Disbursement, weakest: str = LEVELS[-1]) -> int:
    """How many units, from the lowest, receipts of that level or a stronger one acknowledge."""
    strong_enough = LEVELS[: LEVELS.index(weakest) + 1]
    return max((one.total for one in row.receipts if one.level in strong_enough), default=0)


def steps(row: Disbursement) -> Iterator[tuple[int, int, str]]:
    """(start, end, level) of the units received, from the lowest: the strongest level that acknowledges each."""
    sums = {one.level: one.total for one in row.receipts}
    at = 0
    for level in LEVELS:
        if (total := sums.get(level, 0)) > at:
            yield at, total, level
            at = total


def contesting(level: str, is_void: bool) -> bool:
    """Whether a receipt of a level contradicts the party that records alone that the money came back, or, if it is void, that it
    never went out. A bank confirms that it went out, and not that it stayed away."""
    return level not in OWN and (is_void or level != "confirmed")


def contested(row: Disbursement, is_void: bool) -> int:
    """How many units, from the lowest, are acknowledged at a level that contradicts a return, or that the payment or delivery is
    void."""
    return max((one.total for one in row.receipts if contesting(one.level, is_void)), default=0)
