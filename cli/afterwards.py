"""What a statement did beyond being recorded: the audit findings that it is, and what it changes later than today.

Neither shows in a record's reference, and both are hard to undo, so they are said at once, on stderr.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from ledger.books.gift import split_ref
from ledger.books.keys import officers_in_force, pending
from ledger.books.kinds.key import Key
from ledger.books.kinds.key_revocation import KeyRevocation
from ledger.books.kinds.mandate import Mandate
from ledger.books.mandate import UNSAID, Clause, in_force, mandate_of
from ledger.books.record import Record
from ledger.books.rows import ACTIVE, Disbursement, MandateRow
from ledger.books.state import Books, money
from ledger.entries.statement import Statement
from ledger.writer.sequencer import Answer

from .screen import hint, plain
from .session import Session

NOW = ""


class Change(NamedTuple):
    """A change in words, and from which day; NOW if that is today."""

    day: str
    words: str


def tell(session: Session, statement: Statement, answer: Answer, before: MandateRow) -> None:
    """Say on stderr what the statement did. `before` is what the mandate of its party was."""
    for number, rule, message in answer.remarks:
        hint(f"warning: {answer.index}.{number} stays an audit finding (`givetrail explain {rule}`): {plain(message)}")
    for number, record in enumerate(statement.records):
        _tell_equal(session.books, f"{answer.index}.{number}")
        changes = sorted(_changes(session, statement.party, record, before))
        for day, some in groupby(changes, key=lambda change: change.day):
            when = f"from {day} on" if day else "from now on"
            hint(f"{answer.index}.{number}: {when}: {plain(', '.join(change.words for change in some))}")


def _tell_equal(books: Books, ref: str) -> None:
    """Warn of a payment or delivery that is like an earlier one: the same party, payee, day, unit and amount."""
    row = books.disbursement.get(ref)
    if row is None:
        return
    paid = books.paid.get(f"{row.party}/{row.payee}/{row.day}/{row.unit}")
    if paid is None or paid.amount < 2 * row.amount:
        return
    same = [name for name, one in books.disbursement.all() if _is_like(one, row) and name != ref and not books.void.get(name)]
    if same:
        first = min(same, key=split_ref)
        said = f"{money(books, row.unit, row.amount)} to {row.payee} on {row.day}"
        hint(f"warning: {ref}: {plain(said)} is recorded already, as {first}; if it is the same, declare one of them void")


def _is_like(one: Disbursement, other: Disbursement) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in ("kind", "party", "payee", "day", "unit", "amount"))


def _changes(session: Session, party: str, record: Record, before: MandateRow) -> Iterator[Change]:
    books, today = session.books, session.today
    if isinstance(record, Mandate):
        yield from _of_mandate(books, before, mandate_of(books, party), today)
    row = books.key.get(record.key) if isinstance(record, Key | KeyRevocation) else None
    if row is not None and pending(row, today):
        if row.until == ACTIVE:
            yield Change(row.from_day, f"{row.officer} signs with the new key; until then, `key withdraw` withdraws it")
        else:
            yield Change(row.until_day, f"the key of {row.officer} signs nothing; until then, `key withdraw` keeps it")
    if isinstance(record, KeyRevocation) and row is not None and not officers_in_force(books, row.party, today):
        yield Change(NOW, f"{row.party} has no key in force, and only `givetrail record recovery` gives it one")


def _of_mandate(books: Books, before: MandateRow, after: MandateRow, today: str) -> Iterator[Change]:
    """What a mandate changes later, and what of the one before it changes today."""
    was, now = dict(_clauses(books, before)), dict(_clauses(books, after))
    for nothing in {**now, **was}:
        said_nothing = (nothing, nothing, "")
        earlier, clause = in_force(was.get(nothing, said_nothing), today), now.get(nothing, said_nothing)
        current, (_, later, since) = in_force(clause, today), clause
        if earlier not in (nothing, current):
            yield Change(NOW, current)
        if since > today and later != current:
            yield Change(since, later)
    left = {label for label, *_ in after.labels}
    yield from (Change(NOW, f"no label {label}") for label, *_ in before.labels if label not in left)


def _clauses(books: Books, row: MandateRow) -> Iterator[tuple[str, Clause[str]]]:
    """The clauses of a mandate in words, each under what it is called where it says nothing."""
    for unit, *limit, since in row.thresholds:
        yield _said(f"no threshold for {unit}", [_money(books, unit, one) for one in limit], since, "a threshold of {}")
    for unit, *limit, since in row.major:
        yield _said(f"no major amount of {unit}", [_money(books, unit, one) for one in limit], since, "major from {} on")
    for channel, *keepers, since in row.channels:
        yield _said(f"{channel} kept by nobody named", keepers, since, f"{channel} kept by {{}}")
    *seconds, since = row.second
    yield _said("no second", seconds, since, "second {}")
    *delays, since = row.key_delay
    yield _said("the usual delay", ["" if days == UNSAID else f"{days}" for days in delays], since, "a delay of {} days")


def _money(books: Books, unit: str, amount: int) -> str:
    return "" if amount == UNSAID else str(money(books, unit, amount))


def _said(nothing: str, values: Sequence[str], since: str, words: str) -> tuple[str, Clause[str]]:
    before, after = (words.format(value) if value else nothing for value in values)
    return nothing, (before, after, since)
