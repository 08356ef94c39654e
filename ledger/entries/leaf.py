"""A leaf from both sides: the entry in the log, and the statement in it that the books judge."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from ..books.claim import Claimed
from ..books.claims import Settling
from ..books.flows import Target
from ..books.in_money import in_money
from ..books.record import Record
from ..books.rule import SETTLED
from ..books.state import Books
from ..books.statement_context import Flow, JournalEntry
from ..canonical import JsonObject
from ..errors import Refused
from ..log.entry import Entry, decode_entry
from ..store.protocol import Store
from .statement import Statement, check_size, validated

By = TypeVar("By")

KEY_BYTES = 16


class Leaf(NamedTuple):
    """A decoded entry and its validated statement."""

    entry: Entry
    statement: Statement

    def journal_entry(self) -> JournalEntry:
        """The statement as the books see it, at its place in the log."""
        return self.statement.journal_entry(self.entry.index, self.entry.time, tuple(key for key, _ in self.entry.signatures))

    def target(self, number: int) -> Target | None:
        """Record `number` as a claim sees it; None if the statement does not have that record."""
        if number >= len(self.statement.records):
            return None
        return Target(self.statement.records[number], self.rows(number), self.statement.party, self.entry.time)

    def rows(self, number: int) -> list[Flow]:
        """The flows of record `number`."""
        return [row for row in self.entry.flows if row[0] == number]


def read_leaf(raw: bytes) -> Leaf:
    """Decode and validate entry bytes; signatures are not verified here.

    Raises SizeError, CanonicalError, SchemaError, Unverifiable.
    """
    entry = decode_entry(raw)
    check_size(entry.statement_raw)
    return Leaf(entry, validated(entry.statement_raw))


def key_digest(key: str) -> bytes:
    """The 16 bytes under which a unique key is looked up. A caller that finds two equal digests must compare the keys
    themselves."""
    return hashlib.blake2b(key.encode(), digest_size=KEY_BYTES).digest()


def digester(beginning: str) -> Callable[[str], bytes]:
    """`key_digest` for many keys with the same beginning; the function takes the rest of each."""
    begin = hashlib.blake2b(beginning.encode(), digest_size=KEY_BYTES).copy

    def digest(end: str) -> bytes:
        state = begin()
        state.update(end.encode())
        return state.digest()

    return digest


def statement_key(party: str, id: str) -> str:
    """The unique key of a statement: its id, per party."""
    return f"statement\0{party}\0{id}"


def keys_of_statement(statement: Statement) -> list[tuple[int, str]]:
    """(record, key) of each unique key in a statement, the statement's own id first."""
    party = statement.party
    keys = [(0, statement_key(party, statement.id))]
    for number, record in enumerate(statement.records):
        for key in record.unique_keys(party):
            keys.append((number, key))
    return keys


def all_keys_of_statement(statement: Statement) -> list[tuple[int, str]]:
    """(record, key) of each unique key in a statement, and of each document that it shows."""
    return [*keys_of_statement(statement), *documents_of_statement(statement)]


def bearer(statement: Statement, index: int, number: int) -> tuple[int, int]:
    """The record, as (entry, record), whose reference record `number` of entry `index` has: itself, or the one that it corrects."""
    corrected = getattr(statement.records[number], "corrects", None)
    return place_named(corrected, index) if corrected else (index, number)


def bears_again(statement: Statement, index: int, number: int, last: tuple[int, int]) -> bool:
    """Whether a record may have a reference that was last that of the record `last`: it corrects that one or, because it is void,
    replaces it."""
    named = named_before(statement.records[number])
    return named is not None and place_named(named, index) == last


def named_before(record: Record) -> str | None:
    """The record whose reference this one may have again, because it corrects or replaces that one."""
    named: str | None = getattr(record, "replaces", None) or getattr(record, "corrects", None)
    return named


def place_named(ref: str, index: int) -> tuple[int, int]:
    """(entry, record) of a reference in a record of that entry."""
    entry, number = ("", ref[1:]) if ref[0] == "@" else ref.split(".")
    return int(entry or index), int(number)


def documents_of_statement(statement: Statement) -> list[tuple[int, str]]:
    """(record, key) of each document that the statement's records show, with the first record that does. No other statement may
    have the key."""
    first: dict[str, int] = {}
    for number, record in enumerate(statement.records):
        for document in record.documents():
            first.setdefault(document_key(document), number)
    return [(number, key) for key, number in first.items()]


def document_key(document: str) -> str:
    """The key of a document, by its digest, whoever shows it."""
    return f"document\0{document}"


def find_keys(store: Store, keys: Sequence[str]) -> list[tuple[int, int] | None]:
    """For each unique key, the last (entry, record) in the store that has it, or None."""
    candidates = store.candidates([key_digest(key) for key in keys])
    return [
        next((place for place in sorted(found, reverse=True) if _has(store, place, key)), None)
        for key, found in zip(keys, candidates, strict=True)
    ]


def _has(store: Store, place: tuple[int, int], key: str) -> bool:
    entry, number = place
    return (number, key) in keys_of_statement(read_leaf(store.entry(entry)).statement)


def keys_of_entry(raw: bytes, index: int) -> list[tuple[bytes, int]]:
    """(key digest, record) of each unique key in an entry. `index` is only there because the store passes it."""
    return [(key_digest(key), number) for number, key in keys_of_statement(read_leaf(raw).statement)]


def settle_claim(
    books: Books, facts: dict[str, Any], target: Target | None, is_claimed: Callable[[str, int, int], bool]
) -> None:
    """Judge one claim by the word that made it. `is_claimed` says whether an earlier claim by a word, about the same record, has
    any of the given units. Raises Refused, also if the claimed record does not exist."""
    if target is None:
        raise Refused("the record named does not exist; a reference looks like 1834.0 (entry, then record)", rule="reference")
    try:
        _settle(SETTLED[facts["claim"]], facts, target, is_claimed)
    except Refused as refused:
        raise in_money(books, refused, facts.get("tape", "")) from None


def _settle(settling: Settling, facts: dict[str, Any], target: Target, is_claimed: Callable[[str, int, int], bool]) -> None:
    settling.judge(facts, target)
    for bar in settling.bars:
        for start, end in bar.units(facts):
            if is_claimed(bar.word, start, end):
                raise bar.refusal(start, end)


def unsettled(books: Books, target: Target | None, claims: Iterable[tuple[By, JsonObject]]) -> Iterator[tuple[By, Refused]]:
    """(the record that made it, the reason) for each claim about one record that the record does not bear out. `claims` are in the
    order in which they were made."""
    earlier = defaultdict[str, Claimed](Claimed)

    def is_claimed(word: str, start: int, end: int) -> bool:
        return earlier[word].holds_some(start, end)

    for by, facts in claims:
        try:
            settle_claim(books, facts, target, is_claimed)
        except Refused as refused:
            yield by, refused
        earlier[facts["claim"]].add(SETTLED[facts["claim"]].units(facts))
