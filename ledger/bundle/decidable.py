"""How one record in a bundle is judged.

A bundle shows part of a log. A demand is judged only if no entry left out of the bundle could make it true: these are the words
that are `decidable` (ledger/books/rule.py). Who may make a record and who signed it can be judged too, for these reasons: funds,
payments, activities and the roles of parties never change owners; the entry says who signed; what was paid before on a day is at
least as much in the whole log; and a bundle has the mandates of everybody who signed in it (ledger/bundle/trace_bundle.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple

from ..books.authority import check
from ..books.flows import Target
from ..books.naming import named_by
from ..books.record import Record
from ..books.rows import Party
from ..books.rule import WORDS, Row
from ..books.state import Books
from ..books.statement_context import Kept, StatementContext
from ..errors import Absent, Refused

BEFORE_ALL = -1
KEEPER = ("fee_to",)


class Judged(NamedTuple):
    """Whether the record can be applied, and those of its faults that are also faults in the whole log."""

    applies: bool
    faults: list[Refused]


def judged(books: Books, record: Record, context: StatementContext, moves: bool) -> Judged:
    """Judge a record as the fold does. `moves` says that it moves units: then everything it names is in the bundle. What other
    records name may be missing."""
    suppose_parties(books, record)
    context.mode, refused = (kept := Kept()), None
    try:
        check(books, record, context)
        record.check(books, context)
    except Refused as fault:
        refused = fault
    found = [*kept, *([refused] if refused else [])]
    return Judged(refused is None, [fault for fault in found if moves or not isinstance(fault, Absent)])


def faults_of_signers(books: Books, record: Record, context: StatementContext) -> list[Refused]:
    """Faults in who made and who signed a record that names something in vain."""
    context.mode = kept = Kept()
    with suppress(Refused):
        check(books, record, context)
    return list(kept)


def suppose_parties(books: Books, record: Record) -> None:
    """Assume that a party missing from the bundle, such as a payee without a key or a donor, exists and does not have a role. Who
    keeps the fee of a gift is in the bundle, even if another record names the same party."""
    for way, name in named_by(record):
        if way.what != "party" or way.is_new:
            continue
        row, keeps_fee = books.party.get(name), record.is_gift and way.path == KEEPER
        if row is None and not keeps_fee:
            books.party.load(name, Party(name, (), (), BEFORE_ALL))
        elif row is not None and row.since == BEFORE_ALL and keeps_fee:
            books.party.unload(name)


def named_in_vain(record: Record, context: StatementContext, targets: Mapping[tuple[int, int], Target]) -> Refused | None:
    """Why a record that is named cannot be the intended one, as far as the bundle shows: it comes later, its entry does not have
    such a record, or it is not a payment or delivery although one must be named. `targets` are the bundle's records so far, by
    place."""
    for way, ref in named_by(record):
        if way.what in ("record", "disbursement"):
            try:
                context.resolve(ref, way.path[0])
            except Refused as refused:
                return refused
            place = context.split(ref)
            if place not in targets and (place[0], 0) in targets:
                return Refused(f"{way.path[0]} {ref}: entry {place[0]} does not have that record", rule="reference")
            if way.what == "disbursement" and place in targets and not _makes(targets[place].record, "disbursement"):
                return Refused(f"{way.path[0]} {ref}: is not a payment or delivery", rule="reference")
    return None


def _makes(record: Record, table: str) -> bool:
    """Whether a record leaves a row in a table of the books."""
    return any(WORDS[row.word].makes == table for row in _holding(record, record.remembers))


def is_hidden(record: Record, context: StatementContext, targets: Mapping[tuple[int, int], Target]) -> bool:
    """Whether what a record moves may depend on a record that is not in the bundle, or that could not be applied."""
    for row in _holding(record, record.moves):
        if row.word == "about":
            field, table = str(row.args[0]), str(row.args[1])
            target = targets.get(context.split(getattr(record, field)))
            if target is None or _makes(target.record, table):
                return True
    return False


def _holding(record: Record, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows that hold for a record, with those within `when` of a field that is there."""
    for row in rows:
        if row.word != "when":
            yield row
        elif getattr(record, str(row.args[0])) is not None:
            yield from (one for one in row.args if isinstance(one, Row))
