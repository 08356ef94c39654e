"""The list behind a term of a line of accounts: its records, each with what it adds to the term, newest first, page by page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from heapq import merge
from itertools import groupby, islice
from typing import Literal, NamedTuple

from ..books.gift import split_ref
from ..books.period import is_month
from ..books.state import Books
from ..errors import InputError, NotFound, shown
from ..store.protocol import Place
from .account import Term, accounts, movements_by_row
from .figures import Sum
from .listing import Listed, listed_at, places
from .movement import TERMS, TERMS_OF, Movement, movements_of
from .page_size import check_limit
from .scope import Scope, split_tape
from .snapshot import PAGE, Snapshot

LOOKED_AT = 4096
"""After so many records a page ends, even if it is not full."""
MONTH = r"[0-9]{4}-(?:0[1-9]|1[0-2])"
WITHOUT_MONTHS = ("fees", "moved")
SPENT = "spent"
"""Not a term, but three of them: what was paid and delivered, less what came back."""
TERMS_IN = {SPENT: ("paid", "delivered", "returned")}
WITH_PAYEES = ("returned", "bought", "paid", "delivered", SPENT)
By = Literal["month", "payee"]


class Row(NamedTuple):
    """What a record adds to a term: minor units, below 0 if it takes from it. `fund` is the first fund of the scope that it moved
    units of, `other` the fund outside the scope at the other end, or "". `day` is its own day, or that of its entry. `payee` is a
    party or `group/<class>`, or ""."""

    ref: str
    kind: str
    day: str
    fund: str
    other: str
    payee: str
    amount: int


class MovementPage(NamedTuple):
    """A page may have fewer rows than asked for, even none. Give `next` as `after` to get the next page; it is None on the last."""

    rows: tuple[Row, ...]
    next: Place | None


class Narrowed(NamedTuple):
    """A term, or `SPENT`, in one unit, and only what was paid to a payee, or is of a month `YYYY-MM`, or both; "" for all."""

    term: str
    unit: str
    payee: str = ""
    month: str = ""

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms that are added up."""
        return TERMS_IN.get(self.term, (self.term,))

    def check(self) -> None:
        """Raises InputError (`parameter`) for a term that there is not, NotFound (`reference`) if it has no payees or months."""
        lists = (*TERMS, *TERMS_IN)
        if self.term not in lists:
            raise InputError(f"term {shown(self.term)}: give one of {', '.join(lists)}", rule="parameter", where="term")
        if self.payee and self.term not in WITH_PAYEES:
            raise NotFound(f"payee: {self.term} has none; give one of {', '.join(WITH_PAYEES)}", rule="reference", where="payee")
        if self.month and self.term in WITHOUT_MONTHS:
            raise NotFound(f"month: {self.term} is not known by month; leave it out", rule="reference", where="month")
        if self.month and not re.fullmatch(MONTH, self.month):
            raise InputError(f"month {shown(self.month)}: give one such as 2026-09", rule="parameter", where="month")

    def holds(self, movement: Movement) -> bool:
        """Whether a movement is asked for."""
        return (
            movement.term in self.terms
            and movement.unit == self.unit
            and self.payee in ("", movement.payee)
            and self.month in ("", movement.day[:7])
        )


def movements(
    snapshot: Snapshot, asked: Narrowed, scope: Scope, *, after: Place | None = None, limit: int = PAGE
) -> MovementPage:
    """The records behind a term of `account.accounts`, newest first, from `after` on. Together they add up to the term.

    Gifts are found by the index, so a page of them costs a page. Raises InputError (`parameter`).
    """
    asked.check()
    check_limit(limit)
    held, rows, last = scope.funds(snapshot.books), list[Row](), after
    with snapshot.reading():
        for looked_at, place in enumerate(_places(snapshot, asked, scope, held, after)):
            if looked_at == LOOKED_AT:
                return MovementPage(tuple(rows), last)
            found = _rows(snapshot.books, listed_at(snapshot.store_flows, place), asked, held)
            if found and len(rows) == limit:
                return MovementPage(tuple(rows), split_ref(rows[-1].ref))
            rows += found
            last = place
    return MovementPage(tuple(rows), None)


def total(snapshot: Snapshot, asked: Narrowed, scope: Scope) -> Term:
    """What all pages add up to, and how many rows they have. Raises InputError (`parameter`)."""
    asked.check()
    if not asked.payee and not asked.month:
        line = next((one for one in accounts(snapshot, **scope._asdict()) if one.unit == asked.unit), None)
        terms = [term for term in (line.terms if line else ()) if term.name in asked.terms]
        return Term(asked.term, sum(term.amount for term in terms), sum(term.records for term in terms))
    parts = [
        part for part in snapshot.once(_parts)
        if part.term in asked.terms and part.unit == asked.unit
        and asked.payee in ("", part.payee) and asked.month in ("", part.month)
    ]  # fmt: skip
    effects = list(_effects(parts, scope.funds(snapshot.books)))
    return Term(asked.term, sum(amount for _, amount, _ in effects), sum(records for _, _, records in effects))


def sums_by(snapshot: Snapshot, term: str, by: By, scope: Scope) -> list[Sum]:
    """What a term, or `SPENT`, adds up to by payee or by month, for each unit; by key and unit. What came back from a payee is in
    the month in which it came back. Raises InputError (`parameter`)."""
    asked = Narrowed(term, "", "-" if by == "payee" else "", "0000-01" if by == "month" else "")
    asked.check()
    sums: dict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    parts = [part for part in snapshot.once(_parts) if part.term in asked.terms]
    for part, amount, records in _effects(parts, scope.funds(snapshot.books)):
        key = (part.month if by == "month" else part.payee, part.unit)
        sums[key] = (sums[key][0] + amount, sums[key][1] + records)
    return [Sum(*key, *sum) for key, sum in sorted(sums.items())]


def latest(snapshot: Snapshot, fund: str, limit: int) -> list[tuple[Row, str, str]]:
    """(row, term, unit) of what moved in a fund by its newest records, the newest first, at most `limit`."""
    found, held = list[tuple[Row, str, str]](), {fund}
    with snapshot.reading():
        for place in islice(places(snapshot.store_flows, [f"fund:{fund}"], None, newest_first=True), LOOKED_AT):
            listed = listed_at(snapshot.store_flows, place)
            moved = movements_of(snapshot.books, listed.ref, listed.record, listed.leaf.entry.time)
            found += [(_row_of(listed, one, held), one.term, one.unit) for one in moved if one.effect(held)]
            if len(found) >= limit:
                break
    return found[:limit]


class _Part(NamedTuple):
    """Movements of one term, unit, month and payee that have one leg between the same funds; or `whole`, one movement that has
    several."""

    term: str
    unit: str
    month: str
    payee: str
    fund: str
    other: str
    amount: int
    records: int
    whole: Movement | None = None


def _effects(parts: Sequence[_Part], held: Container[str]) -> Iterator[tuple[_Part, int, int]]:
    for part in parts:
        if part.whole is not None:
            amount = part.whole.effect(held)
            if amount:
                yield part, amount, 1
        elif part.fund in held and part.other not in held:
            yield part, part.amount, part.records


def _parts(snapshot: Snapshot) -> list[_Part]:
    sums: dict[tuple[str, str, str, str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    parts = []
    for one in movements_by_row(snapshot):
        if len(one.legs) == 1:
            (leg,) = one.legs
            sum_ = sums[one.term, one.unit, one.day[:7], one.payee, leg.fund, leg.other]
            sum_[0] += leg.amount
            sum_[1] += 1
        elif one.term not in WITHOUT_MONTHS:
            parts.append(_Part(one.term, one.unit, one.day[:7], one.payee, "", "", 0, 1, one))
    for step, given in snapshot.books.given.all():
        tape, _, month = step.rpartition("/")
        if is_month(month) and given.gifts:
            fund, unit = split_tape(tape)
            parts.append(_Part("given", unit, month, "", fund, "", given.amount, given.gifts))
    return [*parts, *(_Part(*key, amount, records) for key, (amount, records) in sums.items())]


def _rows(books: Books, listed: Listed, asked: Narrowed, held: Container[str]) -> list[Row]:
    moved = movements_of(books, listed.ref, listed.record, listed.leaf.entry.time)
    return [_row_of(listed, one, held) for one in moved if asked.holds(one) and one.effect(held)]


def _row_of(listed: Listed, movement: Movement, held: Container[str]) -> Row:
    first = movement.counted(held)[0]
    amount = movement.effect(held)
    return Row(listed.ref, listed.record.kind, movement.day, first.fund, first.other, movement.payee, amount)


def _places(
    snapshot: Snapshot, asked: Narrowed, scope: Scope, held: frozenset[str], after: Place | None
) -> Iterator[Place]:
    """The places of records that may be in the list, the newest first."""
    if asked.term == "granted":  # few receipts take money into a fund
        yield from (place for place in snapshot.once(_takings) if after is None or place < after)
        return
    kinds = [kind for kind, among in TERMS_OF.items() if not set(among).isdisjoint(asked.terms)]
    found = [
        places(snapshot.store_flows, [f"kind:{kind}", *_of_payee(snapshot, kind, asked.payee), *where], after, newest_first=True)
        for kind in kinds for where in _wheres(scope, held)
    ]  # fmt: skip
    for place, _ in groupby(merge(*found, reverse=True)):
        yield place


def _of_payee(snapshot: Snapshot, kind: str, payee: str) -> list[str]:
    """The term of the index under which the records of a kind are that name this payee: what came back does not name it."""
    return [f"party:{payee}"] if "returned" not in TERMS_OF[kind] and snapshot.books.party.get(payee) else []


def _wheres(scope: Scope, held: frozenset[str]) -> list[list[str]]:
    """The terms of the index under which the records of a scope are: a charity's are under its funds."""
    if scope.project or scope.fund:
        return [[f"project:{scope.project}"] if scope.project else [f"fund:{scope.fund}"]]
    return [[f"fund:{fund}"] for fund in sorted(held)] if scope.charity else [[]]


def _takings(snapshot: Snapshot) -> list[Place]:
    return sorted((split_ref(ref) for ref, _ in snapshot.books.taking.all()), reverse=True)
