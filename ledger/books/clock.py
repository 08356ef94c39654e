"""The clock of the log. Times of entries do not run backwards; if the operator's clock was wrong, a correction turns it back."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import Refused
from .moment import days_after, local_day, seconds
from .rows import ClockRow
from .rule import demand, memory
from .state import Books
from .statement_context import Flow, JournalEntry, Mode, StatementContext

Fields = tuple[str, ...]
SIGNED_AHEAD_S = 5 * 60
SIGNED_BEFORE_S = 30 * 24 * 3600
APART_DAYS = 30
"""At least so many days are between two corrections."""


def corrects_clock(entry: JournalEntry) -> bool:
    """Whether the entry turns the clock back; its own time is then the true one."""
    kind: str = entry.runs[0].first.kind
    return kind == "clock-correction"


def time_after(before: str, entry: JournalEntry) -> str:
    """The time of the log after an entry, if it was `before`: the later of the two, unless the entry corrects it."""
    return entry.time if corrects_clock(entry) else max(before, entry.time)


def check_times(fault: Mode, before: str, time: str, signed_at: str) -> None:
    """Entry times must not run backwards, and a statement must be entered near the time at which it was signed. Fault: `time`."""
    if time < before:
        fault("time", f"time {time}: is before {before}, the time of the entry before it")
    try:
        ahead = seconds(signed_at) - seconds(time)
    except Refused as refused:
        fault(refused.rule, refused.message)
        return
    if ahead > SIGNED_AHEAD_S:
        fault("time", f"signed_at {signed_at}: is more than 5 minutes after the entry's time {time}; set the clock of the computer")
    if -ahead > SIGNED_BEFORE_S:
        fault("time", f"signed_at {signed_at}: is more than 30 days before the entry's time {time}; sign the statement again")


@demand("it is the only record of its statement", "reference", decidable=True)
def stands_alone(books: Books, context: StatementContext, fields: Fields) -> None:
    if context.number or len(context.runs) > 1 or len(context.runs[0].amounts) > 1:
        raise Refused("it must be the only record of its statement", rule="reference")


@demand("the time of its entry is before the time of the entry before it", "time")
def turns_back(books: Books, context: StatementContext, fields: Fields) -> None:
    head = books.head.get("")
    if head is not None and context.time >= head.time:
        context.fault("time", f"time {context.time}: is not before {head.time}; there is nothing to correct")


@demand("by its time, at least 30 days have passed since the last correction", "time")
def is_rare(books: Books, context: StatementContext, fields: Fields) -> None:
    last = max((row.day for _, row in books.clock.all()), default="")
    if last and context.day < days_after(last, APART_DAYS):
        context.fault("time", f"time {context.time}: the clock was corrected on {last}; wait until 30 days have passed")


@demand("each key that signed it was given to its party by that day, so before the clock went wrong", "authority")
def knew_before(books: Books, context: StatementContext, fields: Fields) -> None:
    for signer in context.signers:
        row = books.key.get(signer.key)
        if row is not None and row.given_on > context.day:
            words = f"was given to {signer.party} on {row.given_on}, by the clock that was wrong; sign with an older key"
            context.fault("authority", f"key {signer.key}: {words}")


@demand("the clock was turned back", "clock-corrected", remarks=True)
def tells_of_correction(books: Books, context: StatementContext, fields: Fields, reason: str) -> None:
    head = books.head.get("")
    before = head.time if head else context.time
    context.remark("clock-corrected", f"the clock was turned back from {before} to {context.time}: {reason}")


@memory("on which day the clock was corrected; later entries follow this time")
def sets_clock(books: Books, context: StatementContext, record: object, rows: Sequence[Flow]) -> None:
    books.clock.put(str(context.index), ClockRow(local_day(books, context.time)))
