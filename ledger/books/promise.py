"""What a project promised by a day (books §4): which payments and deliveries wait for a receipt or for feedback, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .gift import due_on
from .level_due import level_due
from .levels import received
from .life import reported_up_to, taken_below
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

    Units wait for a receipt if they have not come back, were not taken into a fund, and no receipt of the level that the project
    waits for, or of a stronger one, acknowledges them. Units wait for feedback if they were received and are not reported. Outside
    a project nothing was promised.
    """
    kept = row.amount - row.returned
    units = (received(row, level_due(books, row)), received(row), reported_up_to(books, row))
    signed, arrived, told = (some + row.taken - taken_below(books, ref, row, some) for some in (min(one, kept) for one in units))
    for stage, amount in (("receipt", kept - signed), ("feedback", arrived - told)):
        if amount > 0 and (day := due_on(books, row, stage)):
            yield Waiting(ref, row, stage, amount, day)
