"""The words of parties and their keys: which party has which key, and from when to when it is in force."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from typing import Any

from ..errors import Refused
from .naming import party_of
from .rows import ACTIVE, Held, KeyRow, Party
from .rule import demand, memory
from .state import Books
from .statement_context import Flow, StatementContext

Fields = tuple[str, ...]
Rows = Sequence[Flow]


@demand("no party has the key, and no log has", "key-standing", decidable=True)
def is_new_key(books: Books, context: StatementContext, fields: Fields, key: str) -> None:
    row = books.key.get(key)
    if row is not None:
        raise Refused(f"{fields[0]} {key}: belongs to {row.party} since entry {row.since}; make another key", rule="key-standing")
    ledger = books.ledger.get("")
    if ledger is not None and key in (ledger.log_key, *(ended.log_key for _, ended in books.ended.all())):
        raise Refused(f"{fields[0]} {key}: is the log's key; make another key", rule="key-standing")


@demand("another key in force of the party has signed too", "key-standing", decidable=True)
def signed_by_another(books: Books, context: StatementContext, fields: Fields, key: str) -> None:
    if not any(signer.party == context.party and signer.key != key for signer in context.signers):
        raise Refused(
            f"{fields[0]} {key}: no key in force of {context.party} has signed it; sign with one of its keys", rule="key-standing",
        )


@demand("the key is in force", "reference", decidable=True)
def in_force(books: Books, context: StatementContext, fields: Fields, key: str) -> None:
    row = books.key.get(key)
    if row is None or row.until != ACTIVE:
        raise Refused(f"{fields[0]} {key}: is not in force; there is nothing to revoke", rule="reference")


@demand("no party has that id yet", "reference", decidable=True)
def is_new_party(books: Books, context: StatementContext, fields: Fields, party: str) -> None:
    if books.party.get(party) is not None:
        words = "this party is already admitted; its own officers change its keys"
        raise Refused(f"{fields[0]} {party!r}: {words}", rule="reference")


@demand("the party was made by an earlier entry", "reference", decidable=True)
def was_admitted(books: Books, context: StatementContext, fields: Fields, party: str) -> None:
    if party_of(books, context, party, fields[0]).since == context.index:
        words = "is admitted in this same statement; there is nothing to recover"
        raise Refused(f"{fields[0]} {party!r}: {words}", rule="reference")


@demand("`operator` is not among them, because entry 0 names the operator", "reference", decidable=True)
def not_operator(books: Books, context: StatementContext, fields: Fields, roles: tuple[str, ...]) -> None:
    if "operator" in roles:
        raise Refused(f"{fields[0]}: only entry 0 can name the operator", rule="reference")


@demand("the party was given a new key", "recovery", remarks=True)
def tells_of_recovery(books: Books, context: StatementContext, fields: Fields, party: str, reason: str) -> None:
    context.remark("recovery", f"party {party} was given a new key by {context.party}: {reason}")


@memory("a party with that name and these roles", decidable=True)
def admits(
    books: Books, context: StatementContext, record: Any, rows: Rows, party: str, name: str | None, roles: tuple[str, ...]
) -> None:
    books.party.put(party, Party(name or party, roles, (), context.index))


@memory("the party that makes the record becomes the operator, with that name", decidable=True)
def makes_operator(books: Books, context: StatementContext, record: Any, rows: Rows, name: str) -> None:
    books.party.put(context.party, Party(name, ("operator",), (), context.index))


@memory("the key belongs to that officer of the party named, or else of the party that makes the record", decidable=True)
def gives_key(
    books: Books, context: StatementContext, record: Any, rows: Rows, key: str, officer: str, party: str | None = None
) -> None:
    party_of(books, context, party or context.party, "party")
    hold(books, party or context.party, officer, key, context.index)


@memory("the key is no longer in force", decidable=True)
def revokes(books: Books, context: StatementContext, record: Any, rows: Rows, key: str) -> None:
    revoke(books, key, context.index)


@memory("the keys that the party had so far are no longer in force", decidable=True)
def revokes_all(books: Books, context: StatementContext, record: Any, rows: Rows, party: str) -> None:
    for officer in party_of(books, context, party, "party").officers:
        held = books.held.get(f"{party}/{officer}")
        for key in held.keys if held else ():
            revoke(books, key, context.index)


def hold(books: Books, party: str, officer: str, key: str, index: int) -> None:
    """Put an officer's key in force, and add the officer to the list of the party, which must exist."""
    row, held = books.party.get(party), books.held.get(f"{party}/{officer}")
    if row is not None and officer not in row.officers:
        at = bisect(row.officers, officer)
        books.party.put(party, row._replace(officers=(*row.officers[:at], officer, *row.officers[at:])))
    books.held.put(f"{party}/{officer}", Held((*(held.keys if held else ()), key)))
    books.key.put(key, KeyRow(party, officer, index, ACTIVE))


def revoke(books: Books, key: str, index: int) -> None:
    """Revoke the key. If it was its officer's last, take the officer off the party's list."""
    row = books.key.get(key)
    party = books.party.get(row.party) if row else None
    if row is None or party is None:
        return
    books.key.put(key, row._replace(until=index))
    name = f"{row.party}/{row.officer}"
    held = books.held.get(name)
    keys = held.keys if held else ()
    at = keys.index(key) if key in keys else len(keys)
    books.held.put(name, Held((*keys[:at], *keys[at + 1 :])))
    if len(keys) == 1 and at == 0:
        at = party.officers.index(row.officer)
        books.party.put(row.party, party._replace(officers=(*party.officers[:at], *party.officers[at + 1 :])))
