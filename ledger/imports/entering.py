"""What every import does with its records: look up which are known, submit statements of the others, and name the file."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from ..books.keys import in_force_on
from ..books.state import Books
from ..canonical import JsonObject, to_base64
from ..entries.channel_reference import ReferenceKeys
from ..errors import Conflict, GiveTrailError, Refused
from ..writer.author import Author
from ..writer.sequencer import Answer, Sequencer

Records = list[JsonObject]


def check_author(books: Books, author: Author) -> None:
    """Refuse an author without a key in force, before anything is read. Raises Refused."""
    rows, today = [books.key.get(to_base64(key.public)) for key in author.keys], local_today(books, author.clock())
    if not any(row is not None and row.party == author.party and in_force_on(row, today) for row in rows):
        raise Refused(
            f"party {author.party!r}: none of the keys given is a key of the party in force; sign with one", rule="key-standing",
        )


def check_owner(books: Books, fund_id: str, party: str, field: str) -> None:
    """Refuse a fund that does not exist or belongs to another party. Raises Refused."""
    fund = books.fund.get(fund_id)
    if fund is None:
        raise Refused(f"{field} {fund_id!r}: there is no such fund; record it first", rule="reference", where=field)
    if fund.owner != party:
        raise Refused(f"{field} {fund_id!r}: belongs to {fund.owner}, not to {party}", rule="authority", where=field)


def exponent_of(books: Books, unit: str) -> int:
    """The exponent of a unit. Raises Refused if it is not declared."""
    row = books.unit.get(unit)
    if row is None:
        raise Refused(f"unit {unit!r}: there is no such unit; record it first", rule="reference", where="unit")
    return row.exponent


def offset_minutes(books: Books) -> int:
    """The offset of the ledger's days from UTC."""
    ledger = books.ledger.get("")
    return ledger.offset_minutes if ledger else 0


def local_today(books: Books, now: str) -> str:
    """The ledger's local day at `now`, `YYYY-MM-DDTHH:MM:SSZ`."""
    moment = datetime.datetime.fromisoformat(now) + datetime.timedelta(minutes=offset_minutes(books))
    return moment.date().isoformat()


def enter(sequencer: Sequencer, author: Author, statements: Sequence[Records]) -> int:
    """Sign statements of these records, bound to the head of the log, and enter them; return the number of records.

    Raises the first error that the sequencer answers; statements before and after it may have been entered.
    """
    for answer in _submit(sequencer, author, statements, sign=True):
        if isinstance(answer, GiveTrailError):
            raise answer
    return sum(map(len, statements))


def enter_new(sequencer: Sequencer, author: Author, statements: Sequence[Records]) -> list[int]:
    """As `enter`, but returns the numbers, from 0, of the statements that were refused because the ledger already has one of their
    references.

    The head is left unsigned: the caller signs when the file is done.
    """
    refused = []
    for number, answer in enumerate(_submit(sequencer, author, statements, sign=False)):
        if isinstance(answer, Conflict) and answer.rule == "duplicate-reference":
            refused.append(number)
        elif isinstance(answer, GiveTrailError):
            raise answer
    return refused


def enter_key(sequencer: Sequencer, author: Author, keys: ReferenceKeys, label: str, of: str = "") -> bytes:
    """The secret bytes of a label, made on first use for references `of` one organisation. When this returns, the ledger has the
    key's check value, so what is committed with the key can be found again. Raises UsageError, Refused, StorageError."""
    secret = keys.secret(label, of)
    record = keys.unsaid(label)
    if record is not None:
        enter(sequencer, author, [[record]])
    return secret


def _submit(sequencer: Sequencer, author: Author, statements: Sequence[Records], sign: bool) -> list[Answer | GiveTrailError]:
    if not statements:
        return []
    after = sequencer.head()
    return sequencer.submit([author.submission(records, after) for records in statements], sign)


def source_record(media: str, size_bytes: int, digest: str, mapping: str | None, **counts: int) -> JsonObject:
    """The record that commits to the file; `counts` are rows, entered, known and left_out."""
    record = {"bytes": size_bytes, "kind": "source", "media": media, "digest": digest, **counts}
    return record if mapping is None else {**record, "mapping": mapping}
