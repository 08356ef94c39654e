"""How far a payment or delivery has come: each of its units once, so that the stages add up to it."""

from __future__ import annotations

from collections import Counter

from ..books.life import disbursement_ends
from .snapshot import Snapshot
from .traceability import stage_of

STAGES = ("reported", "reported-self", "signed", "self", "paid", "disputed", "taken", "returned")


def payment_stages(snapshot: Snapshot, ref: str) -> dict[str, int]:
    """The minor units of a payment or delivery by stage, without empty ones; they add up to its amount. Besides the stages of
    gifts, `taken` are in a fund of the payee, because it is a grant, and `returned` came back. Raises KeyError if it is neither."""
    row, sums = snapshot.books.disbursement[ref], Counter[str]()
    for end in disbursement_ends(snapshot.books, ref, 0, row.amount):
        sums[_stage(snapshot, end.state, end.level, end.ref)] += end.end - end.start
    return {stage: sums[stage] for stage in STAGES if sums[stage]}


def _stage(snapshot: Snapshot, state: str, level: str, by: str) -> str:
    if by:
        return "taken" if snapshot.books.taking.get(by) is not None else "returned"
    return stage_of(state, level)
