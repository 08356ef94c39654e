"""Records as steps on the way of money: what each is, on which day, and where a page says more of it."""

from __future__ import annotations

from typing import Any, NamedTuple

from ledger.books.fold import local_day
from ledger.books.gift import split_ref
from ledger.books.life import last_told
from ledger.books.record import Target
from ledger.books.state import Disbursement
from ledger.view import Snapshot

from ..v1.disbursement import said_about
from ..v1.fund import record_of

DAYS = ("received_on", "paid_on", "delivered_on", "reported_on")
PAGES = {"donation": "/g/", "payment": "/payment/", "delivery": "/payment/"}


class Step(NamedTuple):
    """A record: its name, kind, the day that it says or was entered on, the party that said it, whom or which fund it names as the
    one that gets something ("" for none), its purpose, and the path of its page."""

    ref: str
    kind: str
    day: str
    party: str
    payee: str
    fund: str
    purpose: str
    path: str


def step_of(snapshot: Snapshot, ref: str) -> Step:
    """The step that a record is. Raises NotFound."""
    target = snapshot.trail.target(*split_ref(ref))
    record: Any = target.record
    return Step(
        ref, record.kind, day_of(snapshot, target), target.party, _payee(record), _fund(record),
        getattr(record, "purpose", None) or "", path_of(ref, record.kind),
    )  # fmt: skip


def feedback_on(snapshot: Snapshot, ref: str, row: Disbursement) -> list[str]:
    """Feedback about a payment or delivery: the first that names it, and the last about its activity whose period includes
    its day."""
    told = last_told(snapshot.books, row)
    own = said_about(snapshot, ref, "feedback") if row.feedbacks else []
    return [*own, *([f"{told.entry}.{told.record}"] if told else [])]


def day_of(snapshot: Snapshot, target: Target) -> str:
    """The day that a record names as its own; where it names none, that of its entry."""
    for name in DAYS:
        day = getattr(target.record, name, None)
        if day:
            return day
    return local_day(snapshot.books, target.time)


def path_of(ref: str, kind: str) -> str:
    """The page that says most of a record."""
    entry, _, number = ref.partition(".")
    return f"{PAGES[kind]}{ref}" if kind in PAGES else f"/entry/{entry}#r{number}"


def fund_path(snapshot: Snapshot, id: str) -> str:
    """Where a fund is shown: with its project, or else with its owner."""
    row = snapshot.books.fund.get(id)
    if row is None:
        return ""
    return f"/project/{row.project}#fund-{id}" if row.project else f"/charity/{row.owner}#fund-{id}"


def fund_name(snapshot: Snapshot, id: str) -> str:
    """What a fund is called; its id where the ledger does not have it."""
    row = snapshot.books.fund.get(id)
    return record_of(snapshot, id, row.since).name if row else id


def _payee(record: Any) -> str:
    payee = getattr(record, "payee", None)
    return payee or (getattr(record, "to", "") if record.kind == "delivery" else "")


def _fund(record: Any) -> str:
    return getattr(record, "to", "") if record.kind == "allocation" else ""
