"""The words of a reversal: a record is declared void, and what it did is undone.

Units that came in by it must be unspent, and end as void. Units that went out come back at the tail. The fold keeps nothing of
single gifts, so the reversal of one says itself what the gift was, and claims that this is true (`claims.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..errors import Refused
from ..unit_facts import UnitRange
from .balance import add_moves, counting_day, day_of
from .disbursement import bring_back
from .fees import keep_less
from .flows import ins, outs, size
from .gift_totals import give
from .inflow import counts_of, earn_less
from .inflow_sums import come, enter_project, leave_first
from .invoice import take_off_invoice
from .levels import OWN, acknowledged, received
from .life import name_of, reported_up_to
from .moment import days_after, local_day
from .naming import check_not_void, made_by
from .opening import OPENING, add_opening
from .period import cover
from .regions import ungive
from .restriction import check_inflow_left, same_project
from .returned import unpay, unreceive
from .rows import Allocation, Brought, Disbursement, Sum, Told
from .rule import demand, memory
from .state import Books, money, total
from .statement_context import Flow, StatementContext
from .tape import EMPTY, Span
from .void_rows import ExchangeRow, FeedbackRow, IncomeRow, ReceiptRow, TakingRow, VoidRow

Fields = tuple[str, ...]
Rows = Sequence[Flow]
Units = Sequence[Span]
SOON_DAYS = 7
BY_THE_TWO = ("recipient-signed", *OWN)


@demand(
    "the record is not void, and of a kind that a reversal can declare void (`reference`); where the books remember nothing of it, "
    "it is in an earlier entry, was made by the same party (`authority`), and is what `gave` says of it (`reference`); no unit "
    "that came in by it, or none of the `units` named, is spent (`overdraft`)",
    "reference", "authority", "overdraft", decidable=True,
)  # fmt: skip
def can_be_undone(
    books: Books, context: StatementContext, fields: Fields, of: str, gave: Any, units: Units | None
) -> None:
    name = context.resolve(of, fields[0])
    check_not_void(books, name, f"{fields[0]} {of}")
    if made_by(books, name) is None:
        context.claim("can-be-undone", of, party=context.party, gave=gave.as_facts() if gave is not None else {})
    elif gave is not None:
        raise Refused(f"{fields[1]}: {of} is not a gift; leave it out", rule="reference")
    if context.whole:
        _check_unspent(books, [(f"{gave.fund}/{gave.unit}", gave.units)] if gave else came_in(books, name, units), f"of {of}")


@demand("the record is not void", "reference", decidable=True)
def not_void(books: Books, context: StatementContext, fields: Fields, of: str) -> None:
    check_not_void(books, context.resolve(of, fields[0]), f"{fields[0]} {of}")


@demand("units are named of an allocation only, and are among those that it moved", "reference", decidable=True)
def part_of(books: Books, context: StatementContext, fields: Fields, of: str, units: Units | None) -> None:
    if units is None:
        return
    row = books.allocation.get(context.resolve(of, fields[0]))
    if row is None:
        raise Refused(f"{fields[1]}: {of} is not an allocation; it can be undone as a whole only", rule="reference")
    ((low, high),) = row.units
    for start, end in units:
        if start < low or high < end:
            there = UnitRange(low, high, money(books, row.unit, row.amount))
            facts = {"units": UnitRange(start, end, money(books, row.unit, end - start)), "there": there}
            words = f"{fields[1]}: {{units}} of fund {row.to} are not from that allocation, which moved {{there}}"
            raise Refused(words, rule="reference", facts=facts)


def _check_unspent(books: Books, came: Iterable[tuple[str, Units]], said: str) -> None:
    for tape, spans in came:
        there = books.tape.get(tape) or EMPTY
        for start, end in spans:
            if not there.is_free(start, end):
                fund, _, unit = tape.partition("/")
                facts = {"units": UnitRange(start, end, money(books, unit, end - start))}
                words = f"it brought {{units}} into fund {fund}, and some of it is spent; void what spent it first"
                raise Refused(f"{said}: {words}", rule="overdraft", facts=facts)


def came_in(books: Books, name: str, part: Units | None) -> Iterator[tuple[str, Units]]:
    """(tape, units) of what came in by a record that the books remember."""
    row = made_by(books, name)
    if isinstance(row, Disbursement):
        yield from ((tape, ((start, end),)) for tape, start, end in row.bought)
    elif isinstance(row, IncomeRow):
        yield f"{row.fund}/{row.unit}", row.units
    elif isinstance(row, ExchangeRow):
        yield f"{row.fund}/{row.to_unit}", row.units
    elif isinstance(row, TakingRow):
        yield row.tape, row.units
    elif isinstance(row, Allocation):
        yield f"{row.to}/{row.unit}", part or row.units


@demand(
    "some of a payment has not come back, and none is in a fund that took it; an advance is not repaid; where a receipt took some "
    "of a grant to a party that had a key, that party signed no other receipt of it that is not void (`reference`); others than "
    "payer and payee who signed a receipt of a payment have declared that void (`approval`)",
    "reference", "approval",
)  # fmt: skip
def can_come_back(books: Books, context: StatementContext, fields: Fields, of: str) -> None:
    name = context.resolve(of, fields[0])
    income, taking, row = books.income.get(name), books.taking.get(name), books.disbursement.get(name)
    if income is not None and income.repaid:
        raise Refused(f"{fields[0]} {of}: some of the advance is repaid; declare that void first", rule="reference")
    if taking is not None and (grant := books.disbursement[taking.of]).keyed and acknowledged(grant, "recipient-signed"):
        words = f"{taking.party} signed for grant {taking.of} without a fund too; declare that receipt void first"
        raise Refused(f"{fields[0]} {of}: {words}", rule="reference")
    if row is None:
        return
    if row.taken or not row.left:
        taken = "the payee took some of it into a fund, and can pay that back, or declare its receipt void"
        why = taken if row.taken else "all of it has come back"
        raise Refused(f"{fields[0]} {of}: {why}", rule="reference")
    others = [one.level for one in row.receipts if one.total and one.level not in BY_THE_TWO]
    if others:
        context.fault("approval", f"{fields[0]} {of}: has a {others[0]} receipt; whoever signed that must declare it void first")


@demand(
    "if what an allocation, income, exchange, purchase or taking of a grant brought into a project is taken out of it again, what "
    "the project has spent in each cost class is within its share of the rest",
    "cost-limit",
)  # fmt: skip
def leaves_inflow(books: Books, context: StatementContext, fields: Fields, of: str, units: Units | None) -> None:
    row = made_by(books, context.resolve(of, fields[0]))
    if isinstance(row, IncomeRow):
        check_inflow_left(books, context, (row.fund, row.unit), row.entered)
    elif isinstance(row, ExchangeRow):
        check_inflow_left(books, context, (row.fund, row.to_unit), row.entered)
    elif isinstance(row, TakingRow):
        check_inflow_left(books, context, (row.fund, row.unit), -counts_of(row, -row.kept))
    elif isinstance(row, Disbursement):
        for tape, start, end in row.bought:
            fund_id, _, unit = tape.partition("/")
            check_inflow_left(books, context, (fund_id, unit), end - start)
    elif isinstance(row, Allocation) and not same_project(books, row.source, row.to):
        back = size(units or row.units)
        check_inflow_left(books, context, (row.to, row.unit), back - min(back, row.uncounted))


@demand(
    "a payment, delivery, exchange or income is declared void more than 7 days after it was entered", "late-void",
    decidable=True, remarks=True,
)  # fmt: skip
def soon(books: Books, context: StatementContext, fields: Fields, of: str) -> None:
    row = made_by(books, context.resolve(of, fields[0]))
    if isinstance(row, Disbursement | ExchangeRow | IncomeRow) and context.day > days_after(row.entered_on, SOON_DAYS):
        words = f"{fields[0]} {of}: the {_kind_of(row)} was entered on {row.entered_on}, and is declared void on {context.day}"
        signed_on = local_day(books, context.signed_at)
        context.remark("late-void", f"{words}, by a statement signed on {signed_on}" if signed_on < context.day else words)


def _kind_of(row: Disbursement | ExchangeRow | IncomeRow) -> str:
    if isinstance(row, Disbursement):
        return row.kind
    return "exchange" if isinstance(row, ExchangeRow) else "income"


@memory(
    "the record is void, unless some units of it have not come back, and what the books remember of it is undone: an allocation's "
    "inflow, an exchange's, what a payment spent or paid back, what a receipt acknowledged or took, what a feedback reported "
    "on; in the balance by day, it moves on the day of the record",
    decidable=True,
)
def undoes(books: Books, context: StatementContext, record: object, rows: Rows, of: str, units: Units | None, reason: str) -> None:
    name = context.resolve(of, "of")
    row = made_by(books, name)
    if units is None or (isinstance(row, Allocation) and row.returned + size(units) == row.amount):
        books.void.put(name, VoidRow(context.party, context.index, context.number, reason, context.day))
        count = books.voided.get(key := f"{context.party}/{context.day[:4]}")
        books.voided.put(key, Sum(count.amount + 1 if count else 1))
    for _, _, tape, start, end in rows:
        before = books.undone.get(tape)
        books.undone.put(tape, Sum(total(before.amount if before else 0, end - start, "what was undone")))
    if context.whole and isinstance(row, Disbursement | ExchangeRow | IncomeRow | TakingRow):
        add_moves(books, rows, counting_day(books, row))
    if isinstance(row, Allocation):
        pass_back(books, name, row, rows)
    elif isinstance(row, Disbursement):
        spend_less(books, context, of, row, rows)
    elif isinstance(row, ExchangeRow):
        change_back(books, context, name, row, rows)
    elif isinstance(row, IncomeRow):
        earn_less(books, row)
        if row.income_class == OPENING and context.whole:
            add_opening(books, row.fund, row.unit, row.day, -row.amount)
    elif isinstance(row, ReceiptRow):
        acknowledge_less(books, row)
    elif isinstance(row, TakingRow):
        untake(books, row)
    elif isinstance(row, FeedbackRow):
        report_less(books, name, row)


@memory(
    "the gift's amount, and the gift, are taken out of what was given to the tape on that day, and out of the project's inflow; "
    "its fee is not a cost of the project any more, and does not count for a limit of fees"
)
def ungives(
    books: Books, context: StatementContext, record: object, rows: Rows, tape: tuple[str, str], day: str, amount: int,
    kept: tuple[int | None, str | None],
) -> None:  # fmt: skip
    fee, keeper = kept
    if fee and keeper:
        keep_less(books, "/".join(tape), day, keeper, amount, fee)
    give(books, "/".join(tape), day, -amount, -1)
    ungive(books, "/".join(tape), amount)
    enter_project(books, "/".join(tape), -amount)
    add_moves(books, rows, day_of(books, context.party, day, context.day))


def leave(books: Books, rows: Rows) -> None:
    """What went out does not count as inflow of its project."""
    for tape, (start, end) in outs(rows):
        enter_project(books, tape, start - end)


def pass_back(books: Books, name: str, row: Allocation, rows: Rows) -> None:
    """Where an allocation passed inflow on, what comes back brings it back; what it moved besides comes back first."""
    back = size([span for _, span in ins(rows)])
    other = min(back, row.uncounted)
    books.allocation.put(name, row._replace(returned=row.returned + back, uncounted=row.uncounted - other))
    if not same_project(books, row.source, row.to):
        come(books, (row.to, row.unit), other - back, other - back)
        leave_first(books, (row.to, row.unit), other)
        come(books, (row.source, row.unit), back, back - other)


def spend_less(books: Books, context: StatementContext, of: str, row: Disbursement, rows: Rows) -> None:
    """What had not come back comes back; a payment spent so much less, and what it bought never came in."""
    back = bring_back(books, context, rows, of, row, row.left)
    if row.invoice:
        take_off_invoice(books, row.party, row.invoice, row.left, gone=context.resolve(of, "of"))
    if context.whole:
        unpay(books, row, back)
        leave(books, rows)


def change_back(books: Books, context: StatementContext, name: str, row: ExchangeRow, rows: Rows) -> None:
    """The inflow that an exchange carried from one unit to the other goes back."""
    ((tape, (start, _)),) = ins(rows)
    books.back.put(f"{name}/0", Brought(context.index, context.number, 0, row.amount, tape, start))
    if context.whole:
        come(books, (row.fund, row.to_unit), -row.entered, -row.entered)
        leave_first(books, (row.fund, row.to_unit), row.uncounted * row.to_amount // row.amount)
        come(books, (row.fund, row.unit), row.left + row.uncounted, row.left)


def untake(books: Books, receipt: TakingRow) -> None:
    """A receipt took nothing: these units of the grant are where they were."""
    key = f"{receipt.of}/{receipt.number}"
    books.taken.put(key, books.taken[key]._replace(tape="", at=0))
    row = books.disbursement[receipt.of]
    books.disbursement.put(receipt.of, row._replace(taken=row.taken - receipt.amount))
    unreceive(books, receipt)


def acknowledge_less(books: Books, receipt: ReceiptRow) -> None:
    """A receipt acknowledges nothing. The first and last day of its level stay, unless it was the only one."""
    row = books.disbursement[receipt.of]
    levels = {one.level: one for one in row.receipts}
    before = levels[receipt.level]
    levels[receipt.level] = before._replace(total=max(0, before.total - receipt.amount), receipts=before.receipts - 1)
    kept = tuple([one for one in levels.values() if one.receipts])
    if receipt.line:
        line = books.line[receipt.line]
        books.line.put(receipt.line, line._replace(amount=line.amount - receipt.amount))
        told = books.opened_day[line.day]
        books.opened_day.put(line.day, told._replace(receipts=told.receipts - 1))
    since = row.unreported_from if reported_up_to(books, row) < received(row) else row.waited_from
    row = row._replace(receipts=kept, waited_from=since)
    books.disbursement.put(receipt.of, row._replace(reported=min(row.reported, received(row))))


def report_less(books: Books, name: str, feedback: FeedbackRow) -> None:
    """A feedback reports on nothing: what it named is reported on as far as it was by the last one before it that is not void."""
    for payment, _, _ in feedback.payments:
        row = books.disbursement[payment]
        reported, by = row.reported, row.reported_by
        while by and (named := books.feedback.get(by)) is not None and books.void.get(by) is not None:
            before = next(((was, of) for one, was, of in named.payments if one == payment), None)
            if before is None:
                break
            reported, by = before
        row = row._replace(reported=min(reported, received(row)), reported_by=by, feedbacks=row.feedbacks - 1)
        books.disbursement.put(payment, row)
    for step in cover(feedback.from_day, feedback.to_day) if feedback.activity else ():
        key = f"{feedback.activity}/{step}"
        told = books.told[key]
        while told.entry >= 0 and books.void.get(name_of(told)) is not None:
            told = books.told[f"{key}/{told.before}"] if told.before else NEVER
        books.told.put(key, told)


NEVER = Told(-1, -1, "")
