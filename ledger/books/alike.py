"""Statements that are alike, folded together: what is judged of the first of a form is judged of all.

At a festival hundreds of statements a second hold one gift each. Judged one by one, who may sign and where the money may go is
most of what the fold does, and its answer is the same every time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from . import authority
from .fold import books_time, check_place, check_times, checked, demands_of, inflows, local_day, rules_of
from .state import Books, Head
from .statement_context import Act, Flow, Said, refuse
from .tape import EMPTY


class Series(NamedTuple):
    """Statements that stand one after the other, from entry `index` on, each a run of records like the first record of its form.

    `forms` have index and time of their first statement and the lowest `after` of all; `which` is the form of each statement, and
    `amounts` are its amounts; `moments` are the (time, signed_at) of the statements in their order, without those that equal the
    ones before. That every statement is bound to an entry before it is known."""

    index: int  # type: ignore[assignment]  # it hides tuple.index, which nobody calls
    forms: Sequence[Said]
    which: Sequence[int]
    amounts: Sequence[Sequence[int]]
    moments: Sequence[tuple[str, str]]


def apply_series(books: Books, series: Series) -> list[list[Flow]]:
    """Apply the statements as `apply` would one after the other; the flows of each. The changes wait for `commit`, or `rollback`.

    Raises Refused where one of them breaks a rule, or could: one after the other, they say which."""
    _check_moments(books, series.moments)
    tapes = [_tape_of(books, form) for form in series.forms]
    flows = _flows(books, series, tapes)
    last = series.moments[-1][0]
    _post(books, series, tapes)
    books.head.put("", Head(series.index + len(series.which), last, rules_of(books)))
    return flows


def _check_moments(books: Books, moments: Sequence[tuple[str, str]]) -> None:
    before = books_time(books)
    for time, signed_at in moments:
        check_times(refuse, before, time, signed_at)
        before = time


def _tape_of(books: Books, form: Said) -> str:
    """Where the money of a form's statements comes in, if nothing speaks against it; on a later day nothing more would."""
    act = Act(form, local_day(books, form.time), demands_of(books, form))
    check_place(books, act, form)
    authority.identify(books, act, form.signers)
    (leg,) = checked(books, form.runs[0].first, act)
    authority.check_nobody_else(books, act)
    return leg.into


def _flows(books: Books, series: Series, tapes: Sequence[str]) -> list[list[Flow]]:
    ends = {tape: (books.tape.get(tape) or EMPTY).end for tape in tapes}
    flows = []
    for form, amounts in zip(series.which, series.amounts, strict=True):
        tape = tapes[form]
        rows = inflows(tape, ends[tape], amounts)
        ends[tape] = rows[-1][-1]
        flows.append(rows)
    for tape, end in ends.items():
        before = books.tape.get(tape) or EMPTY
        books.tape.put(tape, before.give(end - before.end))
    return flows


def _post(books: Books, series: Series, tapes: Sequence[str]) -> None:
    sums, counts = [0] * len(tapes), [0] * len(tapes)
    for form, amounts in zip(series.which, series.amounts, strict=True):
        sums[form] += sum(amounts)
        counts[form] += len(amounts)
    for form, tape, amount, count in zip(series.forms, tapes, sums, counts, strict=True):
        form.runs[0].first.post_run(books, tape, amount, count)
