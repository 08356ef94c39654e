"""The page of a record that is neither a gift nor a payment: what it says, who signed it, and what was said about it since."""

from __future__ import annotations

from typing import NamedTuple

from ledger.entries.leaf import Leaf
from ledger.view.listing import Listed
from ledger.view.outcome import result
from ledger.view.snapshot import Snapshot
from ledger.view.standing import Standing, standing_in, standing_in_activity

from ..v1.record import one
from .page_request import Asked, Page
from .paths import path_of
from .record_members import members_of
from .steps import step_of

ABOUT = 20
MASTER_DATA = ("registry", "programme")
"""The stages of records that no later record is about."""


class Signer(NamedTuple):
    """Who signed: the party, and its officer who holds the key. Both are "" for a key that the ledger does not have as a party's,
    such as a one-time key."""

    party: str
    officer: str
    key: str


def record(snapshot: Snapshot, asked: Asked) -> Page:
    """A record of any kind; a gift, payment or delivery leads to its own page. Raises NotFound."""
    ref = asked.path["ref"]
    listed = one(snapshot, ref)
    kind = listed.record.kind
    if (path := path_of(ref, kind)) != f"/record/{ref}":
        return Page("", {}, to=path)
    with snapshot.reading():
        said = snapshot.records(about=ref, limit=ABOUT, newest_first=True)
        return Page("record.html", {
            "ref": ref, "kind": kind, "step": step_of(snapshot, ref), "time": listed.leaf.entry.time,
            "standing": _standing(snapshot, listed), "members": members_of(snapshot, asked.voice, ref, listed.record),
            "signers": _signers(snapshot, listed.leaf), "about": [step_of(snapshot, item.ref) for item in said.items],
            "more_about": said.next is not None, "is_event": listed.record.stage not in MASTER_DATA,
        })  # fmt: skip


def _standing(snapshot: Snapshot, listed: Listed) -> Standing | None:
    """What the party is in what a receipt, a feedback or a progress note is about; None for other kinds."""
    record, party = listed.record, listed.leaf.statement.party
    if record.kind == "feedback":
        return result(snapshot, listed.ref).standing
    if record.kind == "progress":
        return standing_in_activity(snapshot.books, party, record.activity)
    row = snapshot.books.receipt.get(listed.ref)
    return standing_in(snapshot.books, party, snapshot.books.disbursement[row.of]) if row else None


def _signers(snapshot: Snapshot, leaf: Leaf) -> list[Signer]:
    found = []
    for key, _ in leaf.entry.signatures:
        row = snapshot.books.key.get(key)
        found.append(Signer(row.party, row.officer, key) if row else Signer("", "", key))
    return found
