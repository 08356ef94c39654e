"""The fold: `apply` for intake and for the quick path of an audit, `judge` for an entry that broke a rule.

Both run the same methods of the same kinds. `apply` stops at the first fault and leaves nothing; `judge` keeps the faults, goes on
after a wrong flow with the leaf's own where they are possible, and skips a record that cannot be applied at all.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..errors import Refused
from . import authority
from .act import Act, Flow, Leg, Said
from .record import Record
from .state import Books, Head
from .tape import EMPTY

RANGES_PER_RECORD = 64
SIGNED_AHEAD_S = 5 * 60
SIGNED_BEFORE_S = 30 * 24 * 3600


class Fault(NamedTuple):
    """What `judge` found: the record number, or -1 for the statement; the rule; the sentence; whether the record applied."""

    record: int
    rule: str
    message: str
    applied: bool


def apply(books: Books, said: Said) -> Act:
    """Apply a statement. The changes wait in `books` for `commit`, or `rollback`. Raises Refused at the first rule broken."""
    act = Act(said, local_day(books, said.time))
    check_statement(books, act, said)
    for number, record in enumerate(said.records):
        act.number = number
        act.flows.extend(_apply_record(books, record, act))
    authority.check_nobody_else(books, act)
    books.head.put("", Head(said.index + 1, said.time, _rules(books)))
    return act


def judge(books: Books, said: Said, leaf_flows: Sequence[Flow]) -> tuple[Act, list[Fault]]:
    """Apply what can be applied of a statement that `apply` refused, or whose flows are not the leaf's, and say every fault.

    The changes wait for `commit`, as after `apply`.
    """
    faults: list[Fault] = []
    act = Act(said, local_day(books, said.time))
    books.faults = []
    try:
        _gather(books, faults, -1, lambda: check_statement(books, act, said))
        for number, record in enumerate(said.records):
            act.number = number
            own = [row for row in leaf_flows if row[0] == number]
            if not _gather(books, faults, number, lambda r=record, o=own: act.flows.extend(_judge_record(books, r, act, o))):
                _move_skipped(books, own)
        _gather(books, faults, -1, lambda: authority.check_nobody_else(books, act))
    finally:
        books.faults = None
    books.head.put("", Head(said.index + 1, max(said.time, _time(books)), _rules(books)))
    return act, faults


def check_statement(books: Books, act: Act, said: Said) -> None:
    """What holds for the statement as a whole: its ledger, `after`, times, id and signers."""
    ledger = books.ledger.get("")
    if ledger is not None and said.ledger != ledger.origin:
        books.fault("ledger", f"ledger {said.ledger!r}: this is {ledger.origin!r}; a statement enters the log it names only")
    if said.index and not 0 <= said.after < said.index:
        books.fault("after", f"after {said.after}: has to name an entry before {said.index}")
    _check_times(books, said)
    act.keys.append((0, statement_key(said.party, said.id)))
    authority.identify(books, act, said.signers)


def statement_key(party: str, id: str) -> str:
    """What may exist once in a ledger: a statement's id, per party."""
    return f"statement\0{party}\0{id}"


def _check_times(books: Books, said: Said) -> None:
    before = _time(books)
    if said.time < before:
        books.fault("time", f"time {said.time}: lies before {before}, the time of the entry before")
    ahead = seconds(said.signed_at) - seconds(said.time)
    if ahead > SIGNED_AHEAD_S:
        books.fault("time", f"signed_at {said.signed_at}: more than 5 minutes after the entry's time {said.time}; set the clock")
    if -ahead > SIGNED_BEFORE_S:
        books.fault("time", f"signed_at {said.signed_at}: more than 30 days before the entry's time {said.time}; sign it again")


def _apply_record(books: Books, record: Record, act: Act) -> list[Flow]:
    authority.check(books, record, act)
    act.keys.extend([(act.number, key) for key in record.unique_keys(act.party)])
    record.check(books, act)
    legs = record.legs(books, act)
    rows = move(books, legs, act.number) if legs else []
    record.post(books, act, rows)
    return rows


def _judge_record(books: Books, record: Record, act: Act, own: list[Flow]) -> list[Flow]:
    authority.check(books, record, act)
    act.keys.extend([(act.number, key) for key in record.unique_keys(act.party)])
    record.check(books, act)
    legs = record.legs(books, act)
    before = books.savepoint()
    try:
        rows = move(books, legs, act.number) if legs else []
    except Refused as refused:
        books.back_to(before)
        rows = _own_flows_or(refused, books, legs, own)
    if rows != own:
        books.fault("tape-flow", f"flows {own}: the rules give {rows}")
        after = books.savepoint()
        books.back_to(before)
        try:
            rows = _own_flows(books, legs, own)
        except Refused:
            books.back_to(after)
    record.post(books, act, rows)
    return rows


def _own_flows_or(refused: Refused, books: Books, legs: Sequence[Leg], own: list[Flow]) -> list[Flow]:
    try:
        rows = _own_flows(books, legs, own)
    except Refused:
        raise refused from None
    books.fault(refused.rule, refused.message)
    return rows


def _own_flows(books: Books, legs: Sequence[Leg], own: list[Flow]) -> list[Flow]:
    """Put the leaf's own flows on the tapes, where they move what the legs move and are possible. Raises Refused."""
    if _moved(own) != _wanted(legs):
        raise Refused("the leaf's flows move other amounts than the record", rule="tape-flow")
    named = any(leg.units for leg in legs)
    for _, sign, name, start, end in own:
        tape = books.tape.get(name) or EMPTY
        books.tape.put(name, tape.catch_up(start, end) if sign == "+" else tape.take(((start, end),)))
        if sign == "-" and not named:
            # What lies below was taken by something that could not be applied; without this every later record would differ too.
            books.tape.put(name, books.tape.get(name).skip_to(end))
    return own


def _moved(rows: list[Flow]) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    for _, sign, tape, start, end in rows:
        sums[sign, tape] = sums.get((sign, tape), 0) + end - start
    return sums


def _wanted(legs: Sequence[Leg]) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    for leg in legs:
        if leg.out:
            sums["-", leg.out] = sums.get(("-", leg.out), 0) + leg.out_amount
        if leg.into:
            sums["+", leg.into] = sums.get(("+", leg.into), 0) + leg.in_amount
    return sums


def move(books: Books, legs: Sequence[Leg], number: int) -> list[Flow]:
    """Move the units of a record's legs and write the flows: everything out first, then everything in (formats §3).

    Raises Refused: `overdraft`, `tape-limit`, `fragmented`."""
    rows: list[Flow] = []
    tapes = books.tape
    for leg in legs:
        if leg.out:
            tape = tapes.get(leg.out) or EMPTY
            ranges = leg.units or tape.lowest(leg.out_amount)
            tapes.put(leg.out, tape.take(ranges))
            rows.extend([number, "-", leg.out, start, end] for start, end in ranges)
    for leg in legs:
        if leg.into:
            tape = tapes.get(leg.into) or EMPTY
            tapes.put(leg.into, tape.give(leg.in_amount, leg.inner))
            rows.append([number, "+", leg.into, tape.end, tape.end + leg.in_amount])
    if len(rows) > RANGES_PER_RECORD:
        raise Refused(
            f"the record takes {len(rows)} ranges; at most {RANGES_PER_RECORD} are allowed: split it, or allocate first",
            rule="fragmented",
        )
    return rows


def _move_skipped(books: Books, own: list[Flow]) -> None:
    """A record that is skipped still moves its units where that is possible: one fault is one finding."""
    before = books.savepoint()
    try:
        for _, sign, name, start, end in own:
            tape = books.tape.get(name) or EMPTY
            books.tape.put(name, tape.catch_up(start, end) if sign == "+" else tape.take(((start, end),)))
    except Refused:
        books.back_to(before)


def _gather(books: Books, faults: list[Fault], number: int, step: Callable[[], None]) -> bool:
    """Run one step of `judge`; whether it was carried out. A Refused stops it, kept faults do not."""
    before = books.savepoint()
    applied = True
    try:
        step()
    except Refused as refused:
        applied = False
        books.back_to(before)
        books.faults.append(refused)
    faults.extend(Fault(number, fault.rule, fault.message, applied) for fault in books.faults)
    books.faults.clear()
    return applied


@lru_cache(maxsize=1024)
def seconds(time: str) -> int:
    """Seconds since 1970 of `YYYY-MM-DDTHH:MM:SSZ`. Raises ValueError."""
    return int(datetime.datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.UTC).timestamp())


def local_day(books: Books, time: str) -> str:
    """The day of a UTC time in the ledger's time zone."""
    ledger = books.ledger.get("")
    return _day(time, ledger.offset_minutes if ledger else 0)


@lru_cache(maxsize=1024)
def _day(time: str, offset_minutes: int) -> str:
    moment = datetime.datetime.fromtimestamp(seconds(time) + 60 * offset_minutes, datetime.UTC)
    return moment.date().isoformat()


def _time(books: Books) -> str:
    head = books.head.get("")
    return head.time if head else ""


def _rules(books: Books) -> str:
    head = books.head.get("")
    return head.rules if head else ""
