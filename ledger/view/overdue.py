"""What is overdue: what a project promised by a day and has not shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

from ..books.life import last_told
from ..books.moment import day_to_judge
from ..books.promise import Waiting, waiting
from ..books.rows import Told
from .scope import Scope, fund_row, split_tape
from .snapshot import Snapshot


class Overdue(NamedTuple):
    """`amount` minor units of `unit` of the payment or delivery `ref`, out of `fund`, wait for a `stage`, `receipt` or `feedback`,
    that was due on a day. `kind` says which of the two it is, and `payee` who got it."""

    due_on: str
    ref: str
    stage: str
    fund: str
    unit: str
    amount: int
    kind: str
    payee: str


def overdue(snapshot: Snapshot, as_of: str = "", *, fund: str = "", project: str = "", charity: str = "") -> list[Overdue]:
    """Payments and deliveries that have waited for a receipt or for feedback longer than the project promised, as of the day
    `as_of`, or that of the last entry if it is later; sorted by due day.

    Waiting for a receipt: units of the payment that have not come back and that no receipt acknowledges at the level that the
    project waits for, or at a stronger one; due the project's `receipt_days` after the day of payment, or of its entry, if it was
    corrected to a later one. Waiting for feedback: units received and not reported; due `feedback_days` after the first receipt of
    such units. It is overdue from the day after the due day. Outside a project nothing was promised. Fund, project and charity
    are those of the fund that was paid from.
    """
    day = day_to_judge(as_of, snapshot.day)
    return _all(snapshot, lambda due_on: due_on < day, Scope(fund, project, charity))


def due_until(
    snapshot: Snapshot, until: str, as_of: str = "", *, fund: str = "", project: str = "", charity: str = ""
) -> list[Overdue]:
    """What waits in the same way and is not overdue yet on that day, but due on the day `until` or before; sorted by due day."""
    day = day_to_judge(as_of, snapshot.day)
    return _all(snapshot, lambda due_on: day <= due_on <= until, Scope(fund, project, charity))


def _all(snapshot: Snapshot, is_asked: Callable[[str], bool], scope: Scope) -> list[Overdue]:
    return sorted(
        Overdue(one.due_on, one.ref, one.stage, *split_tape(one.row.tape), one.amount, one.row.kind, one.row.payee)
        for fund, found in snapshot.once(_by_fund).items()
        if scope.holds(snapshot.books, fund)
        for one in found
        if is_asked(one.due_on)
    )


def waiting_of(snapshot: Snapshot) -> list[Waiting]:
    """Everything that waits for a receipt or for feedback, overdue or not."""
    return [one for found in snapshot.once(_by_fund).values() for one in found]


def _by_fund(snapshot: Snapshot) -> dict[str, list[Waiting]]:
    """What waits, overdue or not, by the fund that was paid from. A payment is looked at again only if its row has changed, or the
    last feedback about its activity on its day."""
    books, known, found = snapshot.books, snapshot.reader.waiting, defaultdict[str, list[Waiting]](list)
    told_on: dict[tuple[str, str], Told | None] = {}
    for ref, row in books.disbursement.all():
        if not fund_row(books, row.fund).project:
            continue
        key = (row.fund, row.day)
        told = told_on[key] if key in told_on else told_on.setdefault(key, last_told(books, row))
        of_row = known.get(ref)
        if of_row is None or of_row[0] is not row or of_row[1] != told:
            of_row = known[ref] = (row, told, tuple(waiting(books, ref, row)))
        if of_row[2]:
            found[row.fund] += of_row[2]
    return found
