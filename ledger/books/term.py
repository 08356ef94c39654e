"""What a record names, read from the types of its fields: the terms under which an index finds it.

    kind:payment   fund:school   project:school   activity:books   party:shop   about:1834.0
    indicator:meals-served

A kind says which of its fields are funds, parties and references by their types (`field.py`), and needs nothing else. What
has an `indicator` is found by that too.
"""

from __future__ import annotations

from .naming import named_by as named_by
from .record import Record
from .state import Books

Way = tuple[str, tuple[str, ...]]


def terms(books: Books, record: Record, party: str, index: int) -> list[str]:
    """The terms of a record that `party` made in entry `index`, sorted. The books must include that entry.

    `party` terms are the party that made it and those it names. `fund` terms are the funds it names, and those of a payment,
    delivery, allocation, exchange, income or receipt with `into` that it is about; each adds the `project` to whose tree it
    belongs. `activity` is the one that the record itself is about. Records that are alike have the same terms.
    """
    found, funds = {f"kind:{record.kind}", f"party:{party}"}, set[str]()
    if indicator := getattr(record, "indicator", ""):
        found.add(f"indicator:{indicator}")
    for (what, *_), name in named_by(record):
        if what in ("fund", "activity"):
            funds.add(name)
            found |= {f"activity:{name}"} if what == "activity" else set()
        elif what == "party":
            found.add(f"party:{name}")
        elif what in ("record", "disbursement"):
            ref = f"{index}.{name[1:]}" if name[0] == "@" else name
            found.add(f"about:{ref}")
            funds |= _funds_of(books, ref)
    for name in funds:
        fund = books.fund.get(name)
        found.add(f"fund:{name}")
        if fund is not None and fund.project:
            found.add(f"project:{fund.project}")
    return sorted(found)


def _funds_of(books: Books, ref: str) -> set[str]:
    allocation = books.allocation.get(ref)
    if allocation is not None:
        return {allocation.source, allocation.to}
    row = books.disbursement.get(ref) or books.income.get(ref) or books.exchange.get(ref) or books.taking.get(ref)
    return {row.fund} if row is not None else set()
