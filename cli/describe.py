"""A statement as people read it before they sign it: every field of every record, amounts in their units."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.books.state import Books
from ledger.canonical import JsonObject, parse

from .money import decimal, is_amount, unit_of
from .screen import plain


def described(statement_raw: bytes, signers: list[str], books: Books | None) -> list[str]:
    """Lines that say all of a statement. Without books amounts stay in minor units."""
    said = parse(statement_raw, "statement")
    after = said.get("after", "none").partition(":")[0]
    lines = [f"{said['party']} says to the ledger {said['ledger']}, after entry {after}, at {said['signed_at']} (id {said['id']})"]
    for number, record in enumerate(said["records"]):
        lines.append(f"record {number}: {record['kind']}")
        lines += [f"  {line}" for line in _fields(record, record, books or Books())]
    return [*lines, f"signed by: {', '.join(map(plain, signers)) or 'nobody yet'}"]


def _fields(part: JsonObject, record: JsonObject, books: Books) -> Iterator[str]:
    for name, value in part.items():
        if name == "kind":
            continue
        if isinstance(value, dict):
            yield f"{name}:"
            yield from (f"  {line}" for line in _fields(value, record, books))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for at, item in enumerate(value):
                yield f"{name} {at}:"
                yield from (f"  {line}" for line in _fields(item, record, books))
        else:
            yield f"{name}: {_shown(name, value, part, record, books)}"


def _shown(name: str, value: object, part: JsonObject, record: JsonObject, books: Books) -> str:
    if is_amount(name) and isinstance(value, int):
        unit = unit_of(name, part, record, books)
        return decimal(value, unit, books) if unit else f"{value} minor units"
    if isinstance(value, list):
        return ", ".join(plain(item) for item in value)
    return plain(value)
