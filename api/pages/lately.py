"""What happened lately: the newest records that readers ask for, without gifts."""

from __future__ import annotations

from typing import NamedTuple

from ledger.books.gift import split_ref
from ledger.view.snapshot import Snapshot

SIGNS = {
    "payment": "paid", "delivery": "paid", "receipt": "signed", "feedback": "reported", "progress": "allocated",
    "payment-return": "refunded", "refund": "refunded", "write-off": "written-off", "reversal": "void",
    "acknowledgement": "overdue", "allocation": "allocated", "project": "held",
}  # fmt: skip
"""The kinds of record that are listed, each with its sign."""
SHOWN = 8


class Event(NamedTuple):
    """A record that happened: its name, kind and party, and its sign."""

    ref: str
    kind: str
    party: str
    sign: str


def lately(snapshot: Snapshot, project: str = "") -> list[Event]:
    """The newest of them, in the ledger or in a project."""
    found = []
    for kind, sign in SIGNS.items():
        for item in snapshot.records(kind=kind, project=project, limit=SHOWN, newest_first=True).items:
            found.append(Event(item.ref, kind, item.leaf.statement.party, sign))
    return sorted(found, key=lambda one: split_ref(one.ref), reverse=True)[:SHOWN]
