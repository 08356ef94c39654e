"""How far a payment or delivery has come: each of its units once, so that the stages add up to it."""

from __future__ import annotations

from collections import Counter

from ..books.levels import LEVELS
from ..books.life import disbursement_ends
from ..books.promise import waiting
from .snapshot import Snapshot
from .traceability import stage_of

UNSIGNED = ("paid", "disputed", "taken", "returned")
STAGES = ("reported", "reported-self", "signed", "self", "paid", "disputed", "taken", "returned")


def payment_stages(snapshot: Snapshot, ref: str) -> dict[str, int]:
    """The minor units of a payment or delivery by stage, without empty ones; they add up to its amount. Besides the stages of
    gifts, `taken` are in a fund of the payee, because it is a grant, and `returned` came back. Raises KeyError if it is neither."""
    row, sums = snapshot.books.disbursement[ref], Counter[str]()
    for end in disbursement_ends(snapshot.books, ref, 0, row.amount):
        sums[_stage(snapshot, end.state, end.level, end.ref)] += end.end - end.start
    return {stage: sums[stage] for stage in STAGES if sums[stage]}


def payment_receipts(snapshot: Snapshot, ref: str, day: str) -> dict[str, int]:
    """The minor units of a payment or delivery by who signed a receipt for them, without empty ones; they add up to its amount. By
    level, the strongest first; then those that are `disputed`, `overdue` on a day, or `missing` and not overdue; then `taken` and
    `returned` ones. Raises KeyError if it is neither."""
    row, sums = snapshot.books.disbursement[ref], Counter[str]()
    for end in disbursement_ends(snapshot.books, ref, 0, row.amount):
        stage = _stage(snapshot, end.state, end.level, end.ref)
        sums[end.level if stage not in UNSIGNED else "missing" if stage == "paid" else stage] += end.end - end.start
    due = (one for one in waiting(snapshot.books, ref, row) if one.stage == "receipt" and one.due_on < day)
    late = min(sum(one.amount for one in due), sums["missing"])
    sums.update(overdue=late, missing=-late)
    return {who: sums[who] for who in (*LEVELS, "disputed", "overdue", "missing", "taken", "returned") if sums[who]}


def _stage(snapshot: Snapshot, state: str, level: str, by: str) -> str:
    if by:
        return "taken" if snapshot.books.taking.get(by) is not None else "returned"
    return stage_of(state, level)
