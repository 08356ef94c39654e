"""Files that are attached to records as evidence. The ledger holds their digests; the parties that named the files keep them."""

from __future__ import annotations

from typing import NamedTuple

from ledger.books.gift import split_ref
from ledger.books.record import KINDS
from ledger.view.listing import Page as Records
from ledger.view.snapshot import Snapshot

from .paths import path_of

RECORDS = 400
SHOWN = 30


class Committed(NamedTuple):
    """A file named by a record: SHA-256 of a salt and the file, its size and media type."""

    ref: str
    kind: str
    path: str
    bytes: int
    digest: str
    media: str


def committed(snapshot: Snapshot, ref: str) -> list[Committed]:
    """The files that a record names. Raises NotFound."""
    record = snapshot.store_flows.target(*split_ref(ref)).record
    files = getattr(record, "evidence", None) or ()
    path = path_of(ref, record.kind)
    return [Committed(ref, record.kind, path, file.bytes, file.digest, file.media) for file in files]


def of_project(snapshot: Snapshot, id: str) -> list[Committed]:
    """The files of a project's newest records: at most 30 files, from its last 400 records of the kinds that can have files."""
    found: list[Committed] = []
    kinds = [kind for kind, made in KINDS.items() if "evidence" in made.model_fields]
    for kind in kinds:
        page: Records = snapshot.records(kind=kind, project=id, limit=RECORDS // len(kinds), newest_first=True)
        with snapshot.reading():
            for item in page.items:
                found += committed(snapshot, item.ref)
    return sorted(found, key=lambda file: split_ref(file.ref), reverse=True)[:SHOWN]
