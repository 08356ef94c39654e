"""What happened lately: the newest records that readers ask for, without gifts."""

from __future__ import annotations

from typing import NamedTuple

from ledger.books.gift import split_ref
from ledger.view.listing import Listed
from ledger.view.outcome import result
from ledger.view.snapshot import Snapshot
from ledger.view.standing import OWN, standing_in

SIGNS = {
    "payment": "paid", "delivery": "paid", "receipt": "signed", "feedback": "reported", "progress": "allocated",
    "payment-return": "refunded", "refund": "refunded", "write-off": "written-off", "reversal": "void",
    "acknowledgement": "done", "allocation": "allocated", "project": "held",
}  # fmt: skip
"""The kinds of record that are listed, each with its sign."""
OWN_SIGNS = {"receipt": "self", "feedback": "reported-self"}
"""Their signs if the charity says it of itself."""
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
    for kind in SIGNS:
        for item in snapshot.records(kind=kind, project=project, limit=SHOWN, newest_first=True).items:
            found.append(Event(item.ref, kind, item.leaf.statement.party, _sign(snapshot, kind, item)))
    return sorted(found, key=lambda one: split_ref(one.ref), reverse=True)[:SHOWN]


def _sign(snapshot: Snapshot, kind: str, item: Listed) -> str:
    if kind == "receipt":
        paid = snapshot.books.disbursement[item.record.of]
        is_own_word = standing_in(snapshot.books, item.leaf.statement.party, paid) == OWN
    else:
        is_own_word = kind == "feedback" and result(snapshot, item.ref).is_own_word
    return OWN_SIGNS[kind] if is_own_word else SIGNS[kind]
