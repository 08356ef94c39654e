"""Organisations by their org-id: the slug made from an id, and the party that the ledger has for it."""

from __future__ import annotations

import hashlib
import re

from ..books.kinds.party import Party
from ..books.state import Books
from ..entries.leaf import read_leaf
from ..store.protocol import Store

PLAIN = re.compile(r"[A-Z0-9][A-Z0-9-]{0,62}")
STEM = 36
DIGEST_HEX = 26


def party_slug(identifier: str) -> str:
    """The party id made from an org-id: always the same, always a slug, and different for every other org-id.

    `GB-CHC-1015648` is put into lower case. If an id would lose something by that (small letters, other characters, length), the
    result has what a slug can keep of it, then `.` and the start of its SHA-256. The first form never has a `.`.
    """
    if PLAIN.fullmatch(identifier):
        return identifier.lower()
    stem = re.sub("[^a-z0-9]+", "-", identifier.lower())[:STEM].strip("-") or "org"
    return f"{stem}.{hashlib.sha256(identifier.encode()).hexdigest()[:DIGEST_HEX]}"


def identifiers(books: Books, store: Store) -> dict[str, str | None]:
    """Party → org-id, or None, of every party that a `party` record admitted, in that order.

    The books do not keep org-ids, so each entry that admitted a party is read once.
    """
    found: dict[str, str | None] = {}
    for index in sorted({row.since for _, row in books.party.items()}):
        for record in read_leaf(store.entry(index)).statement.records:
            if isinstance(record, Party):
                found.setdefault(record.id, record.identifier)
    return found
