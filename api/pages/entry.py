"""The page of an entry: its bytes, their content, and the proof that it is in the log."""

from __future__ import annotations

import json

from ledger.books.gift import split_ref
from ledger.books.life import named_at
from ledger.canonical import JsonObject, from_base64, from_decimal
from ledger.errors import CanonicalError, NotFound, shown
from ledger.text import marked
from ledger.view.snapshot import Snapshot

from ..v1.entry import inclusion_of, whole_entry
from .page_request import Asked, Page

RAW_SHOWN = 16_384
RECORDS = 40
FLOWS = 100


def entry(snapshot: Snapshot, asked: Asked) -> Page:
    """An entry. Raises NotFound."""
    index = _index(asked.path["index"])
    said = whole_entry(snapshot, index)
    raw = from_base64(said.raw).decode()
    records = [_record(snapshot, index, number, record) for number, record in enumerate(said.statement["records"][:RECORDS])]
    return Page("entry.html", {
        "entry": said, "raw": visible(raw[:RAW_SHOWN]), "raw_is_all": len(raw) <= RAW_SHOWN, "records": records,
        "flows": said.flows[:FLOWS], "inclusion": inclusion_of(snapshot, index), "has_note": snapshot.note is not None,
        "is_last": index + 1 == snapshot.tree_size,
    })  # fmt: skip


def _index(text: str) -> int:
    try:
        return from_decimal(text)
    except CanonicalError:
        raise NotFound(f"entry {shown(text)}: is not the number of an entry; entries are numbered from 0", rule="entry") from None


def _record(snapshot: Snapshot, index: int, number: int, record: JsonObject) -> JsonObject:
    """A record and its members; its breach is said in words."""
    members = {name: visible(_text(value)) for name, value in record.items() if name not in ("kind", "breach")}
    ref, kind = f"{index}.{number}", record["kind"]
    return {"ref": ref, "number": number, "kind": kind, "members": members, "undone": _undone(snapshot, ref, record)}


def _undone(snapshot: Snapshot, ref: str, record: JsonObject) -> tuple[str, str] | None:
    """The kind and name of the record that a reversal declares void."""
    if record["kind"] != "reversal":
        return None
    of = named_at(record["of"], ref)[0]
    return snapshot.store_flows.target(*split_ref(of)).record.kind, of


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def visible(text: str) -> str:
    """The text with invisible and direction-changing characters replaced by their JSON escapes."""
    return marked(text, lambda char: json.dumps(char)[1:-1])
