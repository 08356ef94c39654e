"""Whom funds paid, and how far what they were paid has come."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from ..books.levels import SOMEBODY_ELSE
from ..books.life import disbursement_ends
from ..books.rows import Disbursement
from ..books.state import Books
from .scope import Scope, split_tape
from .snapshot import Snapshot

STAGES = ("signed", "self", "paid")
"""A receipt that somebody else signed, one that only the party that paid did, none."""


class Payee(NamedTuple):
    """What a payee, a party or `group/<class>`, got in one unit and did not give back: `stages` in minor units, by who signed the
    receipt, in `records` payments or deliveries."""

    payee: str
    unit: str
    stages: dict[str, int]
    records: int

    @property
    def amount(self) -> int:
        """All of it, in minor units."""
        return sum(self.stages.values())


class OfRow(NamedTuple):
    """The minor units of one payment or delivery in each stage, and what of it went into which fund of its payee."""

    stages: Counter[str]
    taken: Counter[str]


class _Sum(NamedTuple):
    """Payments and deliveries out of one fund to one payee in one unit that went into the same funds of it, if into any."""

    fund: str
    payee: str
    unit: str
    taken: tuple[tuple[str, int], ...]
    stages: tuple[tuple[str, int], ...]
    records: int


def payees(snapshot: Snapshot, *, fund: str = "", project: str = "", charity: str = "") -> list[Payee]:
    """Whom the funds of the scope paid or gave goods, for each unit, the largest first, less what came back. What a fund of the
    same scope took is in none; what another fund took has a receipt that somebody else signed."""
    held = Scope(fund, project, charity).funds(snapshot.books)
    sums: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    records = Counter[tuple[str, str]]()
    for one in snapshot.once(_sums):
        if one.fund in held:
            outside = sum(amount for into, amount in one.taken if into not in held)
            if one.stages or outside:
                key = (one.payee, one.unit)
                sums[key].update(dict(one.stages))
                sums[key]["signed"] += outside
                records[key] += one.records
    found = [Payee(*key, {stage: counts[stage] for stage in STAGES}, records[key]) for key, counts in sums.items()]
    return sorted(found, key=lambda payee: (payee.unit, -payee.amount, payee.payee))


def _sums(snapshot: Snapshot) -> list[_Sum]:
    """Everything that was paid or delivered, in sums; what was taken into funds, one by one."""
    plain: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    found = []
    for row, of_row in _rows(snapshot):
        unit = split_tape(row.tape)[1]
        if of_row.taken:
            stages = tuple(of_row.stages.items())
            found.append(_Sum(row.fund, row.payee, unit, tuple(of_row.taken.items()), stages, 1))
        elif of_row.stages:
            plain[row.fund, row.payee, unit].update(of_row.stages, records=1)
    for (fund, payee, unit), counts in plain.items():
        records = counts.pop("records")
        found.append(_Sum(fund, payee, unit, (), tuple(counts.items()), records))
    return found


def _rows(snapshot: Snapshot) -> Iterator[tuple[Disbursement, OfRow]]:
    """Every payment and delivery. One is looked at again only if its row has changed, or if some of it came back: whether its payee
    agrees to that is not in the row."""
    books, known = snapshot.books, snapshot.reader.paid
    for ref, row in books.disbursement.all():
        before = known.get(ref)
        if before is None or before[0] is not row or row.returned:
            before = known[ref] = (row, _of_row(books, ref, row))
        yield row, before[1]


def _of_row(books: Books, ref: str, row: Disbursement) -> OfRow:
    stages, taken = Counter[str](), Counter[str]()
    for end in disbursement_ends(books, ref, 0, row.amount):
        amount = end.end - end.start
        if end.state in ("received", "reported"):
            stages["signed" if end.level in SOMEBODY_ELSE else "self"] += amount
        elif end.state == "paid":
            stages["paid"] += amount
        elif (taking := books.taking.get(end.ref)) is not None:
            taken[taking.fund] += amount
    return OfRow(stages, taken)
