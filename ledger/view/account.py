"""One line that adds up: what came into the funds of a scope from outside of it, what left them, and what is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from typing import NamedTuple

from ..books.period import is_century
from .movement import TERMS, Leg, Movement, allocated, disbursed, earned, exchanged, returned, took
from .scope import Scope, split_tape
from .snapshot import Snapshot


class Term(NamedTuple):
    """`amount` minor units in `records` records: what this term adds to what is left, below 0 if it takes from it."""

    name: str
    amount: int
    records: int


class Account(NamedTuple):
    """A line in one unit, in minor units: the amounts of its terms, in the order of `movement.TERMS`, add up to what is `left`."""

    unit: str
    terms: tuple[Term, ...]
    left: int

    @property
    def came(self) -> int:
        """What came in: the sum of the terms above 0."""
        return sum(term.amount for term in self.terms if term.amount > 0)

    @property
    def went(self) -> int:
        """What went out: the sum of the terms below 0, without its sign."""
        return sum(-term.amount for term in self.terms if term.amount < 0)


_ByUnit = dict[str, dict[str, tuple[int, int]]]
"""By unit and term, minor units and records."""


def _by_unit() -> _ByUnit:
    return defaultdict(lambda: defaultdict(lambda: (0, 0)))


class _Sum(NamedTuple):
    """Legs of one term and unit between the same two funds, of `records` records that have no other leg in this term."""

    term: str
    unit: str
    leg: Leg
    records: int


class _Sums(NamedTuple):
    """Everything that moved: summed by leg, and what has several legs."""

    legs: list[_Sum]
    others: list[Movement]


def accounts(snapshot: Snapshot, *, fund: str = "", project: str = "", charity: str = "") -> list[Account]:
    """The line of one fund, of the funds of a project, of those of a charity, or of all, for each unit that is or was in them, by
    unit. Terms that are 0 are left out.

    What moves between two funds of the scope is in no term, and nor is what is void with what came back of it. The terms are:
    `opening`, balances from before the books began; `given`, gifts as they were recorded, fees included; `fees`, what was kept of
    gifts, less what refunds gave back; `granted`, what receipts took of payments of funds outside the scope; `income`, other
    income, advances too; `returned`, what came back from payees; `moved`, allocations to and from funds outside; `exchanged`, money
    exchanged; `bought`, goods bought; `paid`, payments; `delivered`, goods handed over; `written-off`, what was lost; `refunded`,
    what went back to donors.
    """
    held = Scope(fund, project, charity).funds(snapshot.books)
    sums = _by_unit()
    for term, unit, amount, records in _counted(snapshot.once(_sums), held):
        before = sums[unit][term]
        sums[unit][term] = (before[0] + amount, before[1] + records)
    left = defaultdict[str, int](int)
    for tape, row in snapshot.books.tape.all():
        fund_id, unit = split_tape(tape)
        left[unit] += row.free() if fund_id in held else 0
    return _lines(sums, left)


def accounts_by_fund(snapshot: Snapshot, *, project: str = "", charity: str = "") -> dict[str, list[Account]]:
    """For each fund of a project or a charity in which something moved, by id, the line that `accounts` gives for that fund."""
    held = Scope("", project, charity).funds(snapshot.books)
    sums: dict[str, _ByUnit] = defaultdict(_by_unit)
    for fund, term, unit, amount, records in _counted_by_fund(snapshot.once(_sums), held):
        before = sums[fund][unit][term]
        sums[fund][unit][term] = (before[0] + amount, before[1] + records)
    left: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for tape, row in snapshot.books.tape.all():
        fund, unit = split_tape(tape)
        left[fund][unit] = row.free()
    return {fund: lines for fund in sorted(sums) if (lines := _lines(sums[fund], left[fund]))}


def _lines(sums: _ByUnit, left: Mapping[str, int]) -> list[Account]:
    return [account for unit in sorted(sums) if (account := _account(unit, sums[unit], left[unit])).terms]


def _account(unit: str, sums: dict[str, tuple[int, int]], left: int) -> Account:
    return Account(unit, tuple(Term(name, *sums[name]) for name in TERMS if name in sums and sums[name][0]), left)


def _counted(sums: _Sums, held: Container[str]) -> Iterator[tuple[str, str, int, int]]:
    """(term, unit, minor units, records) of what crosses the edge of the scope."""
    for term, unit, leg, records in sums.legs:
        if leg.fund in held and leg.other not in held:
            yield term, unit, leg.amount, records
    for movement in sums.others:
        amount = movement.effect(held)
        if amount:
            yield movement.term, movement.unit, amount, 1


def _counted_by_fund(sums: _Sums, held: Collection[str]) -> Iterator[tuple[str, str, str, int, int]]:
    """(fund, term, unit, minor units, records) of what crosses the edge of each fund."""
    for term, unit, leg, records in sums.legs:
        if leg.fund in held and leg.other != leg.fund:
            yield leg.fund, term, unit, leg.amount, records
    for movement in sums.others:
        for fund in {leg.fund for leg in movement.legs}.intersection(held):
            amount = movement.effect({fund})
            if amount:
                yield fund, movement.term, movement.unit, amount, 1


def _sums(snapshot: Snapshot) -> _Sums:
    found: dict[tuple[str, str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    others = []
    for movement in movements_by_row(snapshot):
        # Of the two legs of an allocation no scope counts more than one.
        if len(movement.legs) > 1 and movement.term != "moved":
            others.append(movement)
            continue
        for leg in movement.legs:
            sum_ = found[movement.term, movement.unit, leg.fund, leg.other]
            sum_[0] += leg.amount
            sum_[1] += 1
    legs = [_Sum(term, unit, Leg(fund, amount, other), n) for (term, unit, fund, other), (amount, n) in found.items()]
    return _Sums([*legs, *_of_gifts(snapshot)], others)


def movements_by_row(snapshot: Snapshot) -> Iterator[Movement]:
    """What every record moves but gifts, of which only sums are known. The movements of allocations have no day."""
    books, reader, flows = snapshot.books, snapshot.reader, snapshot.store_flows
    for ref, spent in books.disbursement.all():
        yield from disbursed(books, ref, spent)
    for ref, income in books.income.all():
        yield from earned(books, ref, income)
    for ref, taking in books.taking.all():
        yield from took(books, ref, taking)
    for _, allocation in books.allocation.all():
        yield from allocated(allocation)
    for ref, exchange in books.exchange.all():
        yield from exchanged(books, ref, exchange)
    for one in reader.returns.until(flows):
        yield from returned(books, one.payment, one.amount, one.day)
    for refund in reader.refunds.until(flows):
        yield from refund.movements
    for losses in reader.losses.until(flows):
        yield from losses


def _of_gifts(snapshot: Snapshot) -> Iterable[_Sum]:
    for key, given in snapshot.books.given.all():
        tape, _, step = key.rpartition("/")
        if is_century(step):
            fund, unit = split_tape(tape)
            yield _Sum("given", unit, Leg(fund, given.amount), given.gifts)
    for tape, fees in snapshot.books.fee.all():
        fund, unit = split_tape(tape)
        yield _Sum("fees", unit, Leg(fund, -fees.kept), fees.gifts)
