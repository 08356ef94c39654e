"""Whose signature a refused statement lacks: the officers in the ledger who can give it, and what to type for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from ledger.books.acknowledging import payee_that_signed
from ledger.books.authority import INSTEAD, OF_TWO, SECOND, WELCOME
from ledger.books.keys import officers_in_force
from ledger.books.kinship import is_near
from ledger.books.mandate import has_role, second_of
from ledger.books.state import Books
from ledger.canonical import JsonObject

OF_PARTY = frozenset({"own rule", *OF_TWO, *SECOND})
"""The demands that a second officer of the party meets."""
OTHERS = "others who signed"
PAYEES = ("payee", "to", "custodian")
SHOWN = 4
NOBODY = "nobody else in the ledger can: add an officer with `givetrail key add`, or admit an auditor with `givetrail party add`"


class Unsigned(NamedTuple):
    """A statement that lacks a signature: its party, its records, the PARTY/OFFICER who signed it, its day, and the word of
    `signing` that is not met."""

    party: str
    records: Sequence[JsonObject]
    names: Collection[str]
    day: str
    demand: str


def who_can(books: Books, one: Unsigned) -> list[str]:
    """PARTY/OFFICER of everyone who can sign as well: officers of the party, then those of others."""
    parties = [*([one.party] if one.demand in OF_PARTY else []), *_others(books, one)]
    names = (f"{party}/{officer}" for party in parties for officer in officers_in_force(books, party, one.day))
    return [name for name in dict.fromkeys(names) if name not in one.names]


def _others(books: Books, one: Unsigned) -> Iterator[str]:
    """The parties that can sign besides the one that makes the statement: payees, its mandate's second, those with a role."""
    payees = [payee for record in one.records if one.demand == OTHERS and (payee := payee_that_signed(books, str(record["of"])))]
    if payees:
        yield from payees
        return
    needs_two = len(officers_in_force(books, one.party, one.day)) >= 2
    if needs_two and one.demand in OF_TWO:
        return
    given_to = {str(record[field]) for record in one.records for field in PAYEES if record.get(field)}
    by_second = {INSTEAD} if needs_two else {INSTEAD, *SECOND, *OF_TWO}
    second = second_of(books, one.party, one.day) if one.demand in by_second else ""
    roles = WELCOME.get(one.demand, frozenset())
    able = [party for party, row in books.party.items() if row.officers and has_role(books, party, roles)] if roles else []
    for party in filter(None, [second, *able]):
        if party != one.party and not is_near(books, party, given_to, {one.day}, {party, one.party}):
            yield party


def what_to_type(names: Sequence[str], here: Collection[str], how: str) -> str:
    """How one of these can sign too. `how` says it of a `name`, its `party` and `officer`, whose key file is `here`; without a key
    file it is by a file that is passed on."""
    near = [name for name in names if name in here]
    if near:
        first = (dict(zip(("party", "officer"), name.split("/"), strict=True), name=name) for name in near[:SHOWN])
        return " or ".join(how.format_map(one) for one in first)
    if names:
        return f"write it with --sign-only -o FILE, which {' or '.join(names[:SHOWN])} signs with `givetrail approve FILE`"
    return NOBODY
