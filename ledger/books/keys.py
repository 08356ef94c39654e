"""The words of parties and their keys: which party has which key, and from when to when it is in force."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from contextlib import suppress

from ..errors import Refused
from .mandate import ONE_OFFICER_DAYS, delay_of
from .moment import days_after, local_day
from .naming import party_of
from .rows import ACTIVE, NEVER, Held, KeyRow, Party
from .rule import demand, memory
from .state import Books
from .statement_context import Flow, StatementContext

Fields = tuple[str, ...]
Rows = Sequence[Flow]


@demand("no party has the key, and no log has, and it answered no record as a one-time key", "key-standing", decidable=True)
def is_new_key(books: Books, context: StatementContext, fields: Fields, key: str) -> None:
    row = books.key.get(key)
    if row is not None:
        raise Refused(f"{fields[0]} {key}: belongs to {row.party} since entry {row.since}; make another key", rule="key-standing")
    if (answered := books.answered.get(key)) is not None:
        raise Refused(f"{fields[0]} {key}: is the one-time key that answered {answered.of}; make another key", rule="key-standing")
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
    if row is None or not in_force_on(row, context.day):
        raise Refused(f"{fields[0]} {key}: is not in force; there is nothing to revoke", rule="reference")


@demand("the key is not in force yet, or its revocation is not", "reference")
def is_pending(books: Books, context: StatementContext, fields: Fields, key: str) -> None:
    row = books.key.get(key)
    if row is None or not pending(row, context.day):
        raise Refused(f"{fields[0]} {key}: no change of it is pending; there is nothing to withdraw", rule="reference")


@demand(
    "the key falls at once, and every other key in force of the party is as new and did not wait either",
    "key-takeover",
    remarks=True,
)  # fmt: skip
def tells_of_takeover(books: Books, context: StatementContext, fields: Fields, key: str) -> None:
    rows = [row for other, row in keys_in_force(books, context.party, context.day) if other != key]
    if rows and falls_at_once(books, context, key) and all(is_sudden(row, context.day) for row in rows):
        first = min(row.since for row in rows)
        context.remark("key-takeover", f"every key of {context.party} is of entry {first} or later, and none of them had to wait")


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


@demand("the party was given a new key", "recovery", decidable=True, remarks=True)
def tells_of_recovery(books: Books, context: StatementContext, fields: Fields, party: str, reason: str) -> None:
    context.remark("recovery", f"party {party} was given a new key by {context.party}: {reason}")


@memory(
    "a party with that name and these roles, or a person if no name is given; its books begin on that day, or else on the entry's "
    "day",
    decidable=True,
)
def admits(
    books: Books, context: StatementContext, record: object, rows: Rows, party: str, name: str | None, roles: tuple[str, ...],
    books_from: str | None,
) -> None:  # fmt: skip
    books.party.put(party, Party(name or party, roles, (), context.index, books_from or context.day, name is None))


@memory(
    "the party that makes the record becomes the operator, with that name; its books begin on that day, or else on the entry's day",
    decidable=True,
)
def makes_operator(
    books: Books, context: StatementContext, record: object, rows: Rows, name: str, books_from: str | None
) -> None:
    first_day = context.day
    with suppress(Refused):  # an audit may come here with a time that the calendar does not have
        first_day = local_day(books, context.time)
    books.party.put(context.party, Party(name, ("operator",), (), context.index, books_from or first_day))


@memory("the key belongs to that officer of the party that it names, and is in force at once", decidable=True)
def gives_key(
    books: Books, context: StatementContext, record: object, rows: Rows, key: str, officer: str, party: str | None = None
) -> None:
    party_of(books, context, party or context.party, "party")
    hold(books, key, KeyRow(party or context.party, officer, context.index, ACTIVE, context.day), context.day)


@memory(
    "the key belongs to that officer of the party that makes the record, and is in force after the party's delay "
    "([books.md](books.md) §2)",
    decidable=True,
)
def gives_key_later(books: Books, context: StatementContext, record: object, rows: Rows, key: str, officer: str) -> None:
    party_of(books, context, context.party, "party")
    from_day = days_after(context.day, delay_of(books, context))
    hold(books, key, KeyRow(context.party, officer, context.index, ACTIVE, context.day, from_day), context.day)


@memory(
    "the key falls: at once if it signed too, otherwise after the party's delay. If that leaves the party without a key in force, "
    "the keys that wait fall too",
    decidable=True,
)
def revokes(books: Books, context: StatementContext, record: object, rows: Rows, key: str) -> None:
    row = books.key.get(key)
    if row is None:
        return
    if falls_at_once(books, context, key):
        revoke(books, key, context.index, context.day)
        if not list(keys_in_force(books, row.party, context.day)):
            revoke_all(books, row.party, context.index, context.day)
    else:
        until_day = days_after(context.day, delay_of(books, context))
        is_sooner = row.until == ACTIVE or until_day < row.until_day
        books.key.put(key, row._replace(until=context.index, until_day=until_day) if is_sooner else row)


@memory("a key that is not in force yet will not be; or a revocation that is not in force yet will not be", decidable=True)
def withdraws(books: Books, context: StatementContext, record: object, rows: Rows, key: str) -> None:
    row = books.key.get(key)
    if row is not None and row.from_day > context.day:
        revoke(books, key, context.index, context.day)
    elif row is not None:
        books.key.put(key, row._replace(until=ACTIVE, until_day=""))


@memory("no key that the party had so far is in force, or will be", decidable=True)
def revokes_all(books: Books, context: StatementContext, record: object, rows: Rows, party: str) -> None:
    party_of(books, context, party, "party")
    revoke_all(books, party, context.index, context.day)


def in_force_on(row: KeyRow, day: str) -> bool:
    """Whether a key is in force on a day."""
    return row.from_day <= day and (row.until == ACTIVE or day < row.until_day)


def signs(row: KeyRow, kind: str) -> bool:
    """Whether a key signs records of a kind."""
    return not row.kinds or kind in row.kinds


def pending(row: KeyRow, day: str) -> bool:
    """Whether the key, or its revocation, is not in force yet."""
    return (row.until == ACTIVE and day < row.from_day) or (row.until != ACTIVE and day < row.until_day)


def is_sudden(row: KeyRow, day: str) -> bool:
    """Whether the key came within the days for which one officer's would have had to wait, and did not wait."""
    return "" < row.from_day <= row.given_on and day < days_after(row.given_on, ONE_OFFICER_DAYS)


def falls_at_once(books: Books, context: StatementContext, key: str) -> bool:
    """Whether the statement revokes the key at once: by that key itself, or without a delay."""
    return any(signer.key == key for signer in context.signers) or delay_of(books, context) == 0


def keys_of(books: Books, party: str) -> Iterator[tuple[str, KeyRow]]:
    """The keys of a party that are in force or pending, and perhaps some that fell since."""
    row = books.party.get(party)
    for officer in row.officers if row else ():
        held = books.held.get(f"{party}/{officer}")
        yield from ((key, one) for key in (held.keys if held else ()) if (one := books.key.get(key)) is not None)


@memory("if kinds are named, the key signs only records of these", decidable=True)
def limits(
    books: Books, context: StatementContext, record: object, rows: Rows, key: str, kinds: tuple[str, ...] | None
) -> None:
    row = books.key.get(key)
    if row is not None and kinds is not None:
        books.key.put(key, row._replace(kinds=kinds))


def keys_in_force(books: Books, party: str, day: str) -> Iterator[tuple[str, KeyRow]]:
    """The keys of a party that are in force on a day and sign everything."""
    return (pair for pair in keys_of(books, party) if in_force_on(pair[1], day) and not pair[1].kinds)


def officers_in_force(books: Books, party: str, day: str) -> tuple[str, ...]:
    """The officers of a party who have a key in force on a day that signs everything, sorted."""
    return tuple(sorted({row.officer for _, row in keys_in_force(books, party, day)}))


def hold(books: Books, key: str, row: KeyRow, day: str) -> None:
    """Give an officer a key, and add the officer to the list of the party, which must exist. Keys that fell are dropped."""
    fallen = [other for other, one in keys_of(books, row.party) if one.until != ACTIVE and one.until_day <= day]
    for other in fallen:
        _drop(books, other)
    party, held = books.party.get(row.party), books.held.get(f"{row.party}/{row.officer}")
    if party is not None and row.officer not in party.officers:
        at, first = bisect(party.officers, row.officer), party.keyed_since if party.keyed_since != NEVER else row.since
        officers = (*party.officers[:at], row.officer, *party.officers[at:])
        books.party.put(row.party, party._replace(officers=officers, keyed_since=first))
    books.held.put(f"{row.party}/{row.officer}", Held((*(held.keys if held else ()), key)))
    books.key.put(key, row)


def revoke(books: Books, key: str, index: int, day: str) -> None:
    """Revoke the key at once."""
    row = books.key.get(key)
    if row is not None:
        until = row.until if row.until != ACTIVE and row.until_day <= day else index
        books.key.put(key, row._replace(until=until, until_day=""))
        _drop(books, key)


def revoke_all(books: Books, party: str, index: int, day: str) -> None:
    """Revoke every key that a party has, or will have, at once."""
    for key, _ in list(keys_of(books, party)):
        revoke(books, key, index, day)


def _drop(books: Books, key: str) -> None:
    """Take a key that fell from its officer. If it was the officer's last, take the officer off the party's list."""
    row = books.key.get(key)
    party = books.party.get(row.party) if row else None
    if row is None or party is None:
        return
    name = f"{row.party}/{row.officer}"
    held = books.held.get(name)
    keys = held.keys if held else ()
    if key not in keys:
        return
    left = tuple(one for one in keys if one != key)
    books.held.put(name, Held(left))
    if not left:
        books.party.put(row.party, party._replace(officers=tuple(one for one in party.officers if one != row.officer)))
