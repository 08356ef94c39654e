"""The fold: `apply` for intake and for the quick path of an audit, `judge` for an entry that breaks a rule.

Both run the same methods of the same kinds. `apply` stops at the first fault and changes nothing. `judge` keeps the faults; after a
wrong flow it continues with the leaf's own flows if they are possible, and it skips a record that cannot be applied at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import accumulate, pairwise
from typing import NamedTuple

from ..errors import Refused
from . import authority
from .balance import add_unread
from .clock import check_times, corrects_clock, time_after
from .conduct import check_named, hear_breach
from .field import RANGES_PER_RECORD
from .flows import ins, outs
from .in_money import in_money, other_flows
from .inflow_sums import enter_project
from .moment import books_time, local_day
from .overseeing import remember_overseers
from .record import Record
from .rows import Head
from .rule import FIRST, RULE_SETS, Row
from .state import Books
from .statement_context import ALONE, SKIPPED, Flow, JournalEntry, Kept, Leg, Run, StatementContext
from .tape import EMPTY, cut

STATEMENT = -1
EPOCH = "1970-01-01T00:00:00Z"


class Fault(NamedTuple):
    """A fault that `judge` found: the record number, or STATEMENT; the rule; the message; whether the record was applied."""

    record: int
    rule: str
    message: str
    applied: bool


def apply(books: Books, entry: JournalEntry) -> StatementContext:
    """Apply a statement. The changes wait in `books` for `commit` or `rollback`. Raises Refused at the first broken rule."""
    context = StatementContext(entry, local_day(books, entry.time), demands_of(books, entry))
    check_statement(books, context, entry)
    for run in entry.runs:
        context.flows.extend(_apply_one(books, run.first, context) if run.amounts == ALONE else _apply_run(books, run, context))
        context.number += len(run.amounts)
    authority.check_nobody_else(books, context)
    remember_overseers(books, context)
    books.head.put("", Head(entry.index + 1, entry.time, rules_of(books)))
    return context


def _apply_one(books: Books, record: Record, context: StatementContext) -> list[Flow]:
    legs = checked(books, record, context)
    rows = move(books, legs, context.number, record.kind) if legs else []
    record.post(books, context, rows)
    return rows


def _apply_run(books: Books, run: Run, context: StatementContext) -> list[Flow]:
    """Apply records that are alike: the judgement of the first holds for all, and their units come in one after the other."""
    (leg,) = checked(books, run.first, context)
    into = leg.into
    tape = books.tape.get(into) or EMPTY
    rows = inflows(into, tape.end, run.amounts, context.number)
    amount = rows[-1][-1] - tape.end
    books.tape.put(into, tape.give(amount))
    run.first.post_run(books, into, amount, len(run.amounts))
    return rows


def inflows(tape: str, at: int, amounts: Sequence[int], number: int = 0) -> list[Flow]:
    """The flows of consecutive inflows into a tape, from `at` on, for the records numbered from `number`."""
    ends = accumulate(amounts, initial=at)
    return [[place, "+", tape, start, end] for place, (start, end) in enumerate(pairwise(ends), number)]


def judge(
    books: Books, entry: JournalEntry, records: Sequence[Record], leaf_flows: Sequence[Flow]
) -> tuple[StatementContext, list[Fault]]:
    """Apply what can be applied of a statement that `apply` refused, or whose flows differ from the leaf's, and return every fault.

    `records` are the statement's records, one by one; `leaf_flows` have the form that `check_flows` demands. The changes wait for
    `commit`, as after `apply`.
    """
    faults: list[Fault] = []
    entry = _at_a_real_time(books, entry, faults)
    kept = Kept()
    context = StatementContext(entry, local_day(books, entry.time), demands_of(books, entry), kept)
    context.skipped = books.skipped

    def carried_out(number: int, step: Callable[[], None]) -> bool:
        claimed, remarked = len(context.claims), len(context.remarks)
        applied = _carried_out(books, kept, step)
        if not applied:
            del context.claims[claimed:], context.remarks[remarked:]
        faults.extend(Fault(number, fault.rule, fault.message, applied) for fault in kept.take())
        return applied

    carried_out(STATEMENT, lambda: check_statement(books, context, entry))
    for number, record in enumerate(records):
        context.number = number
        own = [row for row in leaf_flows if row[0] == number]
        if not carried_out(number, partial(_judge_into, books, record, context, own)):
            books.skipped.add(context.ref)
            _follow(books, own, entered_on=context.day)
    carried_out(STATEMENT, lambda: authority.check_nobody_else(books, context))
    remember_overseers(books, context)
    carried_out(STATEMENT, lambda: _check_order(books, context, len(records), leaf_flows))
    books.head.put("", Head(entry.index + 1, time_after(books_time(books), entry), rules_of(books)))
    return context, faults


def skip(books: Books, index: int, leaf_flows: Sequence[Flow]) -> None:
    """Pass over an entry that could not be read. Its flows move their units where that is possible. Then `commit`."""
    books.skipped.add(str(index))
    today = local_day(books, books_time(books) or EPOCH)
    for row in leaf_flows:
        _follow(books, [row], entered_on=today)


def check_statement(books: Books, context: StatementContext, entry: JournalEntry) -> None:
    """Check the statement as a whole: its ledger, `after`, times, id and signers."""
    check_place(books, context, entry)
    check_times(context.fault, "" if corrects_clock(entry) else books_time(books), entry.time, entry.signed_at)
    authority.identify(books, context, entry.signers)


def check_place(books: Books, context: StatementContext, entry: JournalEntry) -> None:
    """A statement must be in the log that it names, and bound to an entry before it. Faults: `ledger`, `after`."""
    ledger = books.ledger.get("")
    if ledger is not None and entry.ledger != ledger.origin and entry.runs[0].first.kind != "succession":
        context.fault("ledger", f"ledger {entry.ledger!r}: this is {ledger.origin!r}; a statement can enter only the log it names")
    if entry.index == 0 and entry.runs[0].first.kind != "ledger":
        context.fault("ledger", f"record 0 {entry.runs[0].first.kind}: entry 0 must begin with the record that names the ledger")
    if not (0 <= entry.after < entry.index or (entry.index == 0 and entry.after == -1)):
        context.fault("after", f"after {entry.after}: must name an entry before {entry.index}; only entry 0 names none")
        context.after = entry.index - 1


def checked(books: Books, record: Record, context: StatementContext) -> Sequence[Leg]:
    """The units that a record moves, once every check has passed."""
    hear_breach(context, record)
    authority.check(books, record, context)
    record.check(books, context)
    check_named(context)
    context.breach = ()
    return record.legs(books, context)


def _judge_into(books: Books, record: Record, context: StatementContext, own: list[Flow]) -> None:
    context.flows.extend(_judge_record(books, record, context, own))


def _judge_record(books: Books, record: Record, context: StatementContext, own: list[Flow]) -> list[Flow]:
    legs = checked(books, record, context)
    fit, fifo = fits(own, legs), not any(leg.units for leg in legs)
    before = books.savepoint()
    try:
        rows = move(books, legs, context.number, record.kind) if legs else []
    except Refused as refused:
        books.back_to(before)
        if not fit or not _follow(books, own, fifo):
            raise
        context.fault(refused.rule, refused.message)
        rows = own
    if rows != own:
        message, facts = other_flows(books, own, rows)
        context.fault("tape-flow", message, **facts)
        after = books.savepoint()
        books.back_to(before)
        if not _follow(books, own, fifo):
            books.back_to(after)
        elif fit:
            rows = own
    record.post(books, context, rows)
    return rows


def fits(own: list[Flow], legs: Sequence[Leg]) -> bool:
    """Whether the leaf's flows move the same amounts as the legs, perhaps of other units. Every inflow must be in one piece."""
    taken, wanted = Counter[str](), Counter[str]()
    for tape, (start, end) in outs(own):
        taken[tape] += end - start
    for leg in legs:
        wanted[leg.out] += leg.out_amount
    given = [(tape, end - start) for tape, (start, end) in ins(own)]
    return given == [(leg.into, leg.in_amount) for leg in legs if leg.into] and taken == wanted


def _follow(books: Books, own: list[Flow], fifo: bool = False, entered_on: str = "") -> bool:
    """Put the leaf's own flows on the tapes and return whether they allow it. If not, the tapes stay as they were.

    One fault must give one finding, because the log's writer went on from these flows. If a record that should take the lowest
    units (`fifo`) passes over free ones, they stay free. If the next record passes over them too, they were taken by a record that
    could not be applied. With `entered_on`, the day of the entry, what came in counts as inflow of its project, and all that moved
    in the balances of the days, because no later step will count it.
    """
    before = books.savepoint()
    try:
        for _, sign, name, start, end in own:
            tape = books.tape.get(name) or EMPTY
            lowest = tape.frontier
            if entered_on and sign == "+":
                enter_project(books, name, end - tape.end)
            tape = tape.catch_up(start, end) if sign == "+" else tape.take(((start, end),))
            if fifo and sign == "-" and lowest < start:
                again = books.passed_over.get(name) == lowest
                tape = tape.skip_to(end) if again else tape
                books.passed_over[name] = lowest
            books.tape.put(name, tape)
        if entered_on:
            add_unread(books, own, entered_on)
    except Refused:
        books.back_to(before)
        return False
    return True


def _check_order(books: Books, context: StatementContext, records: int, leaf_flows: Sequence[Flow]) -> None:
    """Flows must be in the order of the records, and each must belong to a record. Fault: `tape-flow`."""
    numbers = [row[0] for row in leaf_flows]
    beyond = [row for row in leaf_flows if not 0 <= row[0] < records]
    if beyond or numbers != sorted(numbers):
        context.fault(
            "tape-flow",
            f"flows of records {numbers}: must be in order, and each must be one of the {records} records in the statement",
        )
        _follow(books, beyond, entered_on=context.day)


def _at_a_real_time(books: Books, entry: JournalEntry, faults: list[Fault]) -> JournalEntry:
    """If an entry's time is not in the calendar, record the fault and use the time of the entry before."""
    try:
        local_day(books, entry.time)
    except Refused as refused:
        faults.append(Fault(STATEMENT, refused.rule, refused.message, True))
        return entry._replace(time=books_time(books) or EPOCH)
    return entry


def move(books: Books, legs: Sequence[Leg], number: int, kind: str = "") -> list[Flow]:
    """Move the units of a record's legs and return the flows: first everything out, then everything in (formats §3). Units that
    become several things go out in as many parts.

    Raises Refused: `overdraft`, `tape-limit`, `fragmented`."""
    tapes, costs = books.tape, [leg.cost for leg in legs if leg.cost]
    rows: list[Flow] = []
    for leg in legs:
        if leg.out:
            tape = tapes.get(leg.out) or EMPTY
            try:
                ranges = leg.units or tape.lowest(leg.out_amount)
                tapes.put(leg.out, tape.take(ranges))
            except Refused as refused:
                raise in_money(books, refused, leg.out, kind) from None
            rows.extend([number, "-", leg.out, start, end] for start, end in (cut(ranges, costs) if costs else ranges))
    for leg in legs:
        if leg.into:
            tape = tapes.get(leg.into) or EMPTY
            tapes.put(leg.into, tape.give(leg.in_amount))
            rows.append([number, "+", leg.into, tape.end, tape.end + leg.in_amount])
    if len(rows) > RANGES_PER_RECORD:
        raise Refused(
            f"the record moves {len(rows)} ranges of units, but at most {RANGES_PER_RECORD} are allowed; split it, or allocate "
            "first",
            rule="fragmented",
        )
    return rows


def _carried_out(books: Books, kept: Kept, step: Callable[[], None]) -> bool:
    """Run one step of `judge`; return whether it was carried out. A Refused stops it, kept faults do not."""
    before = books.savepoint()
    try:
        step()
    except Refused as refused:
        books.back_to(before)
        if refused.rule != SKIPPED:
            kept.append(refused)
        return False
    return True


def demands_of(books: Books, entry: JournalEntry) -> Mapping[str, Sequence[Row]]:
    """What the rule set in force demands of each kind; at entry 0, the rule set that it names. An unknown rule set is refused by
    the record that names it."""
    rules = rules_of(books) or getattr(entry.runs[0].first, "rules", FIRST)
    return RULE_SETS.get(rules, RULE_SETS[FIRST])


def rules_of(books: Books) -> str:
    """The rule set in force; "" for the first."""
    head = books.head.get("")
    return head.rules if head else ""
