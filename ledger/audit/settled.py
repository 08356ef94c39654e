"""Which rules of the books a bundle settles, and how one record in it is judged by them.

A bundle shows part of a log. A fault that the books find in that part is a finding where nothing that was left out could undo it,
and is passed over where it could: that a thing does not exist, that units are not there, how much came in.
"""

from __future__ import annotations

from typing import NamedTuple

from ..books.act import Act, Kept
from ..books.authority import check
from ..books.naming import named_by
from ..books.record import Record
from ..books.state import Books, Party
from ..errors import Refused

# Each rule, and why a fault in a part of the log is one in all of it.
SETTLED = {
    "after": "The statement names what it is bound to, and the bundle shows where that stands which it speaks of.",
    "approval": "Who signed stands in the entry. What was paid before on that day is no less in the whole log. Whoever makes a "
    "bundle puts in it every entry that changed a threshold (ledger/bundle.py).",
    "authority": "Funds, payments, activities and the roles of parties keep their owners for ever.",
    "fee": "The record alone breaks it.",
    "receipt-excess": "Receipts that are left out add to those that are shown, returns take from the payment.",
    "refund-units": "The gift has its units for ever. Refunds that are left out add to those that are shown.",
    "restriction": "A fund stays below its parent, and as restricted as it was made.",
    "return-excess": "Returns that are left out add to those that are shown.",
    "tape-limit": "What a payee was paid on that day is no less in the whole log.",
    "time": "The record has the day, the entry the time, entry 0 the time zone.",
}


class Judged(NamedTuple):
    """Whether nothing speaks against applying the record, and the faults that are settled."""

    applies: bool
    faults: list[Refused]


def judged(books: Books, record: Record, act: Act, moves: bool) -> Judged:
    """Judge a record as the fold does; `moves` says that it moves units, so that all funds it names are in the books."""
    _suppose_parties(books, record)
    act.fault, refused = Kept(), None
    try:
        check(books, record, act)
        record.check(books, act)
    except Refused as fault:
        refused = fault
    found = [*act.fault, *([refused] if refused else [])]
    return Judged(refused is None, [fault for fault in found if is_settled(fault, moves)])


def is_settled(fault: Refused, moves: bool) -> bool:
    """Whether a fault is one in the whole log too. What a record that moves units names is there, or it could not be heard; then a
    wrong name is wrong."""
    return fault.rule in SETTLED or (moves and fault.rule == "reference")


def _suppose_parties(books: Books, record: Record) -> None:
    """A party that the bundle does not hold, such as a payee without a key, is taken to exist, without a role."""
    for way, name in named_by(record):
        if way.what == "party" and not way.is_new and books.party.get(name) is None:
            books.party.load(name, Party(name, (), (), 0))
