"""Folds statements with similar records together: the judgement of the first record of a form holds for all of that form.

At a festival, hundreds of gifts a second come into a few funds. Judged one by one, the fold would spend most of its time on who may
sign and where the money may go, with the same answer every time. Units that come into different funds do not affect each other, so
records of different forms may be mixed in any order. Only the records of one fund must keep the order of the log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from ..errors import Refused
from . import authority
from .clock import check_times
from .fold import check_place, checked, demands_of, rules_of
from .moment import books_time, local_day
from .overseeing import remember_overseers
from .rows import Head
from .state import Books
from .statement_context import Flow, JournalEntry, StatementContext, refuse
from .tape import EMPTY


class Alike(NamedTuple):
    """Consecutive statements from entry `index` on, by columns.

    `forms` has one statement per form: the first record of the form, with the index and time of its statement, and the lowest
    `after` of the statements that have the form. `counts` is the number of records of each statement; `which` is the form of each
    record, `amounts` its amount, `shares` the part of the amount that does not come in, or 0. `moments` are the (time, signed_at)
    of the statements in order, without consecutive repeats. The maker has checked that every statement is bound to an entry before
    it, and that every share is below its amount."""

    index: int  # type: ignore[assignment]  # it hides tuple.index, which is never called
    forms: Sequence[JournalEntry]
    counts: Sequence[int]
    which: Sequence[int]
    amounts: Sequence[int]
    shares: Sequence[int]
    moments: Sequence[tuple[str, str]]


def apply_alike(books: Books, alike: Alike) -> list[list[Flow]]:
    """Apply the statements as `apply` would one after the other; return the flows of each. The changes wait for `commit` or
    `rollback`.

    Raises Refused if one of them breaks a rule, or might. Apply them one by one to learn which."""
    _check_moments(books, alike.moments)
    days = _days_of(books, alike.moments)
    forms = [_Form(books, form, days) for form in alike.forms]
    before = {form.tape: books.tape.get(form.tape) or EMPTY for form in forms}
    ends = {tape: known.end for tape, known in before.items()}
    records = zip(map(forms.__getitem__, alike.which), alike.amounts, alike.shares, strict=True)
    flows = [_flows(ends, islice(records, count)) for count in alike.counts]
    for tape, known in before.items():
        books.tape.put(tape, known.give(ends[tape] - known.end))
    for number, count in Counter(alike.which).items():
        forms[number].post(books, count)
    books.head.put("", Head(alike.index + len(alike.counts), alike.moments[-1][0], rules_of(books)))
    return flows


def _check_moments(books: Books, moments: Sequence[tuple[str, str]]) -> None:
    before = books_time(books)
    for time, signed_at in moments:
        check_times(refuse, before, time, signed_at)
        before = time


def _days_of(books: Books, moments: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The days of the statements. Most runs are of one day."""
    first, last = (local_day(books, moments[at][0]) for at in (0, -1))
    return (first,) if first == last else tuple(dict.fromkeys(local_day(books, time) for time, _ in moments))


class _Form:
    """What is judged once for all records of a form, and what is summed up over them."""

    __slots__ = ("first", "tape", "amount", "share")

    def __init__(self, books: Books, form: JournalEntry, days: Sequence[str]) -> None:
        """Find where the money comes in. Raises Refused if a rule forbids the first record, on its own day or on a later one of
        these, because a key may fall and a relation may begin; or if another rule set is in force for the kind, because its rules
        may depend on fields in which records of a form differ."""
        self.first = form.runs[0].first
        self.amount = self.share = 0
        first_day = local_day(books, form.time)
        self.tape = self._judged(books, form, first_day)
        for day in days:
            if day > first_day:
                self._judged(books, form, day)

    def _judged(self, books: Books, form: JournalEntry, day: str) -> str:
        """The tape into which the money comes, where the first record is in order on that day."""
        first, context = self.first, StatementContext(form, day, demands_of(books, form))
        if context.demands[first.kind] is not first.demands:
            raise Refused(f"{first.kind}: other rules are in force than those by which records are alike", rule="rules")
        check_place(books, context, form)
        authority.identify(books, context, form.signers)
        (leg,) = checked(books, first, context)
        authority.check_nobody_else(books, context)
        remember_overseers(books, context)
        if context.remarks:
            raise Refused(f"{first.kind}: each one is to be judged by itself", rule=context.remarks[0].fault.rule)
        return leg.into

    def post(self, books: Books, count: int) -> None:
        """Remember `count` records of the form. Raises Refused (`tape-limit`)."""
        self.first.post_run(books, self.tape, self.amount, count, self.share)


def _flows(ends: dict[str, int], records: Iterable[tuple[_Form, int, int]]) -> list[Flow]:
    """The flows of a statement's records. `ends` is the end of each tape; it is updated."""
    flows: list[Flow] = []
    for number, (form, amount, share) in enumerate(records):
        tape = form.tape
        form.amount += amount
        form.share += share
        start = ends[tape]
        ends[tape] = end = start + amount - share
        flows.append([number, "+", tape, start, end])
    return flows
