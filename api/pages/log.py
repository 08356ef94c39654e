"""The page of the log: its signed head, its key, its witnesses, the result of the last audit; and the page of downloads."""

from __future__ import annotations

from ledger.canonical import to_base64
from ledger.entries.log_keys import vkey_of
from ledger.findings.report import spoken
from ledger.log.note import parse_note
from ledger.view.snapshot import Snapshot

from ..http.trust_policy import cosigners, witnesses
from ..v1.finding import audit_of
from ..v1.form import forms
from .names import LISTS
from .page_request import Asked, Page


def log(snapshot: Snapshot, asked: Asked) -> Page:
    """The log at a tree size."""
    books = snapshot.books
    audit = audit_of(snapshot, asked.last_audit) if asked.last_audit else None
    report = audit.report if audit else None
    lines = parse_note(snapshot.note).signatures if snapshot.note else ()
    facts = {
        "origin": books.ledger[""].origin, "vkey": vkey_of(books).format(), "time": snapshot.time,
        "root": snapshot.root().hex(), "root64": to_base64(snapshot.root()),
        "note": snapshot.note.decode() if snapshot.note else "",
        "signers": [{"name": line.name, "id": line.key_id.hex()} for line in lines], "policy": asked.policy,
        "cosigners": cosigners(asked.policy, snapshot.note or b""),
        "witnesses": witnesses(asked.policy), "audit": audit,
        "verdict": spoken(report.verdict, report.witnessed) if report else "",
    }  # fmt: skip
    return Page("log.html", facts)


def data(snapshot: Snapshot, asked: Asked) -> Page:
    """Where to download everything."""
    said = [str(form) for form in forms()]
    return Page("data.html", {"lists": list(LISTS), "forms": said, "origin": snapshot.books.ledger[""].origin})


def figures(snapshot: Snapshot, asked: Asked) -> Page:
    """How every figure is calculated."""
    return Page("figures.html", {})
