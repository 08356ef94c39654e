"""A statement as people read it before they sign it: every field of every record, with amounts in their units and parties by
name."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.books.naming import ways
from ledger.books.record import KINDS
from ledger.books.state import Books
from ledger.canonical import JsonObject, parse

from .money import decimal, is_amount, unit_of
from .screen import by_name, plain


def described(statement_raw: bytes, signers: list[str], books: Books | None) -> list[str]:
    """Lines that show the whole statement. Without books, amounts stay in minor units."""
    said, books = parse(statement_raw, "statement"), books or Books()
    after, party = said.get("after", "none").partition(":")[0], with_name(said["party"], books)
    lines = [f"{party} says to the ledger {said['ledger']}, after entry {after}, at {said['signed_at']} (id {said['id']})"]
    for number, record in enumerate(said["records"]):
        lines.append(f"record {number}: {record['kind']}")
        lines += [f"  {line}" for line in _fields(record, record, books)]
    return [*lines, f"signed by: {', '.join(map(plain, signers)) or 'nobody yet'}"]


def with_name(party: str, books: Books) -> str:
    """A party with its name, if the books have it."""
    row = books.party.get(party)
    return by_name(party, row.name if row else "")


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
    shown = (lambda item: with_name(item, books)) if part is record and name in _parties(record["kind"]) else plain
    return ", ".join(map(shown, value)) if isinstance(value, list) else shown(value)


def _parties(kind: str) -> set[str]:
    """The members of a kind that name parties."""
    return {way.path[0] for way in ways(KINDS[kind]) if way.what == "party"} if kind in KINDS else set()
