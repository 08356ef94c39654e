"""What an error of the ledger means at the command line: which option gives a field, who can sign, which name was meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from ledger.books.state import Books
from ledger.entries.statement import read_statement
from ledger.errors import GiveTrailError, NotFound
from ledger.writer.submission import Submission

from .screen import plain
from .session import Session, nearest, officers_here, parties_here
from .who_signs import Unsigned, what_to_type, who_can

Flags = Mapping[str, str]
"""The option that gives each field of a record, if it was made from options; a member after a dot belongs to a part."""
PATH = re.compile(r"records\.\d+\.[a-z-]+(?:\.(?P<field>\w+))?(?P<members>(?:\.\w+)*)")
VALUE = re.compile(r"^: |(?:…|\}): ")
"""What ends the record itself in a message about all of it."""
FIELD = re.compile(r"(?P<field>[a-z]+_[a-z_]+)(?=[ :])")
ABSENT = re.compile(r"(?:\w+ )?'(?P<name>[^']+)': there is no such (?P<what>party|fund|unit|activity)\b")
NEW_KEY = "new key"
"""The demand that only the new key itself meets."""
MOST = 10_000
"""How many names are compared with one that is wrong."""


def must_be_party(books: Books, party: str) -> None:
    """Raises NotFound, with the names that may be meant, if the ledger does not have the party."""
    if books.party.get(party) is None:
        known = ", ".join(nearest(party, _names(books, "party")))
        raise NotFound(f"there is no party {plain(party)}; parties: {plain(known)}", rule="reference", where="party")


def _names(books: Books, what: str) -> list[str]:
    tables: dict[str, Callable[[], Iterator[tuple[str, object]]]] = {
        "party": books.party.items, "fund": books.fund.items, "unit": books.unit.items, "activity": books.activity.items,
    }  # fmt: skip
    return [name for name, _ in islice(tables[what](), MOST)]


@contextmanager
def by_options(flags: Flags) -> Iterator[None]:
    """Inside the block, an error about a field of a record names the option that gives it."""
    try:
        yield
    except GiveTrailError as error:
        told = _with_option(error.message, flags) if flags else error.message
        if told == error.message:
            raise
        raise type(error)(told, rule=error.rule, where=error.where) from None


def _with_option(message: str, flags: Flags) -> str:
    path = PATH.match(message)
    if path and path["field"] is None:
        return VALUE.split(message[path.end() :], 1)[-1]
    found = path or FIELD.match(message)
    if found is None or found["field"] not in flags:
        return message
    flag = flags[found["field"]]
    members = path["members"].strip(".") if path else ""
    rest = message[found.end() :]
    if members and rest.startswith(": "):
        rest = f": {members}{rest.removeprefix(':')}"
    return re.sub(r"; give it$", f"; give it with {flag}", f"{flag.split()[0]}{rest}")


@contextmanager
def advising(session: Session, submission: Submission, how: str) -> Iterator[None]:
    """Inside the block, a refusal of the statement says who else can sign it, and `how`, and which names are like one that is
    missing."""
    try:
        yield
    except GiveTrailError as error:
        more = _missing_signature(session, error, submission, how) or _near(session.books, error)
        if not more:
            raise
        raise type(error)(f"{error.message}{more}", rule=error.rule, where=error.where) from None


def _missing_signature(session: Session, error: GiveTrailError, submission: Submission, how: str) -> str:
    demand = error.facts.get("demand")
    if demand is None or demand == NEW_KEY:
        return ""
    statement, rows = read_statement(submission[0]), (session.books.key.get(key) for key, _ in submission[1])
    records, names = [record.model_dump() for record in statement.records], [f"{row.party}/{row.officer}" for row in rows if row]
    can = who_can(session.books, Unsigned(statement.party, records, names, session.today, demand))
    return f"; {what_to_type(can, _here(session.directory), how)}"


def _here(directory: Path) -> list[str]:
    return [f"{party}/{officer}" for party in parties_here(directory) for officer in officers_here(directory, party)]


def _near(books: Books, error: GiveTrailError) -> str:
    absent = ABSENT.match(error.message)
    near = get_close_matches(absent["name"], _names(books, absent["what"]), 3) if absent else []
    return f" (near: {', '.join(near)})" if near else ""
