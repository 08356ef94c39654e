"""What a project promised by a day (books §4): which payments and deliveries wait for a receipt or for feedback, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .gift import due_stage
from .life import best_level, reported_up_to
from .rows import Disbursement
from .state import Books


class Waiting(NamedTuple):
    """`amount` units of the disbursement `ref` wait for `stage`, `receipt` or `feedback`, which is due on a day."""

    ref: str
    row: Disbursement
    stage: str
    amount: int
    due_on: str


def waiting(books: Books, ref: str, row: Disbursement) -> Iterator[Waiting]:
    """The units of a payment or delivery that wait, overdue or not. They follow from its row, its activity's row, and the project's
    days.

    Units wait for a receipt if they have not come back and no receipt acknowledges them, by the level of receipt that covers most.
    Units wait for feedback if they were received and are not reported. Outside a project nothing was promised.
    """
    kept = row.amount - row.returned
    received = min(best_level(row)[1], kept)
    if received < kept:
        yield from _due(books, ref, row, "paid", kept - received)
    if received:
        yield from _due(books, ref, row, "received", received - min(reported_up_to(books, row), kept))


def _due(books: Books, ref: str, row: Disbursement, state: str, amount: int) -> Iterator[Waiting]:
    stage, due_on = due_stage(books, ref, state) if amount > 0 else ("", "")
    if due_on:
        yield Waiting(ref, row, stage, amount, due_on)
