"""The words of bank statements, and of receipts that open a line of one (books §2).

A statement says nothing in clear but its days, balances and the root over its lines. A line is opened when a receipt needs it: its
day and amount, and the path to the root. If the custodian's key signed the statement, that line is the custodian's word.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from ..bank_line import line_bytes, root_over
from ..errors import Absent, Refused
from .bank_rows import AccountRow, LineRow, OpenedRow, StatementRow
from .custody import CHARGES, custodian_for, is_apart
from .field import Amount, Count, Digest, HexDigest, Part, Ref, Salt
from .moment import days_after
from .naming import disbursement_of, fund_of
from .reads import BankStated
from .rows import Disbursement
from .rule import demand, memory
from .state import Books, money
from .statement_context import Flow, StatementContext

Fields = tuple[str, ...]
Rows = Sequence[Flow]
RULE = "bank-line"
GAP = "bank-statement-gap"
MOST_STEPS = 53


class Line(Part):
    """A line of a bank statement by which money went out, opened. Its day is that of the receipt."""

    statement: Ref = Field(description="The bank statement that has the line.")
    number: Count = Field(description="The place of the line among those of the statement, from 0.")
    line_count: Count = Field(description="How many lines the statement has.")
    amount: Amount = Field(description="How much went out by the line.")
    rest: Digest = Field(description="The salted digest of all else that the line says.")
    salt: Salt = Field(description="The salt of the line, 16 bytes.")
    path: Annotated[tuple[HexDigest, ...], Field(max_length=MOST_STEPS)] = Field(
        description="The hashes that lead from the line to the root, in the order of RFC 9162."
    )


@demand("it is the root of its fund tree", "reference", decidable=True)
def is_root(books: Books, context: StatementContext, fields: Fields, fund: str) -> None:
    root = fund_of(books, context, fund, fields[0]).root
    if root != fund:
        raise Refused(f"{fields[0]} {fund!r}: is below {root!r}; name the root of the tree", rule="reference")


@demand(
    "no statement of the account in that unit was of another fund tree or channel, and if a custodian signs, none was signed by "
    "another",
    "reference",
)  # fmt: skip
def of_one_account(
    books: Books, context: StatementContext, fields: Fields, account: tuple[str, str], fund: str, channel: str, to_day: str
) -> None:
    before = books.account.get(_account(context, account))
    if before is None:
        return
    if before.root != fund:
        raise Refused(f"{fields[1]} {fund!r}: the money of this account is in tree {before.root!r}", rule="reference")
    if before.channel != channel:
        raise Refused(f"{fields[2]} {channel!r}: the channel of this account is {before.channel!r}", rule="reference")
    keeper = _signing_keeper(books, context, channel, to_day)
    if keeper and before.custodian and keeper != before.custodian:
        words = f"{before.custodian} signed the statements of this account, and not {keeper}; another bank's account is another one"
        raise Refused(f"{fields[2]} {channel!r}: {words}", rule="reference")


@demand(
    "the statement does not begin on the day after the one before it of that account and unit ends, with the balance with which "
    "that closes",
    GAP, remarks=True,
)  # fmt: skip
def joins(
    books: Books, context: StatementContext, fields: Fields, account: tuple[str, str], from_day: str, opening: int
) -> None:
    before = books.account.get(_account(context, account))
    if before is None or (days_after(before.to_day, 1), before.closing) == (from_day, opening):
        return
    closes, opens = (money(books, account[1], amount) for amount in (before.closing, opening))
    words = f"begins on {from_day} with {{opening}}, but the one before it of this account ends on {before.to_day} with {{closing}}"
    context.remark(GAP, f"{fields[1]}: {words}", closing=closes, opening=opens)


@memory(
    "a bank statement by the party, and the custodian of the channel, if that signed it; it is the last of the account in "
    "that unit",
    decidable=True,
)
def states(books: Books, context: StatementContext, record: BankStated, rows: Rows, account: tuple[str, str]) -> None:
    keeper, before = _signing_keeper(books, context, record.channel, record.to_day), books.account.get(_account(context, account))
    books.bank_statement.put(context.ref, StatementRow(
        context.party, record.fund, record.unit, record.channel, record.from_day, record.to_day, record.lines, record.line_count,
        keeper, _account(context, account),
    ))  # fmt: skip
    last = AccountRow(
        record.fund, record.from_day, record.opening, record.to_day, record.closing, record.channel,
        keeper or (before.custodian if before else ""),
    )  # fmt: skip
    books.account.put(_account(context, account), last)


@demand(
    "the line is in the bank statement that it names, which the custodian of the payment's channel signed, of the party that paid, "
    "that channel, the unit and fund tree of the payment, and the days of the receipt; that custodian was not paid itself, and is "
    "not related to who paid or was paid; receipts that open the line are of one payee, and acknowledge at most its amount; "
    "all lines of one account and day that receipts open are of one statement",
    RULE, "reference", decidable=True,
)  # fmt: skip
def opens_line(books: Books, context: StatementContext, fields: Fields, of: str, line: Line, day: str, amount: int) -> None:
    row, name = disbursement_of(books, context, of, fields[0]), context.resolve(line.statement, fields[1])
    stated = books.bank_statement.get(name)
    if stated is None:
        raise Absent(f"{fields[1]} {line.statement}: is not a bank statement; give the reference of one", rule="reference")
    problem = _mismatch(books, row, stated, day) or _own_word(books, context, row, stated, day) or _false_path(stated, line, day)
    problem = problem or _told_elsewhere(books, context, name, f"{stated.account}/{day}")
    if problem:
        raise Refused(f"{fields[1]} {line.number} of {line.statement}: {problem}", rule=RULE)
    opened = books.line.get(f"{name}/{line.number}")
    # Part of a log may lack the record by which an earlier receipt is void.
    before = opened.amount if opened is not None and context.whole else 0
    if opened is not None and before and opened.payee != row.payee:
        words = f"an earlier receipt shows that it went to {opened.payee}, and not to {row.payee}"
        raise Refused(f"{fields[1]} {line.number} of {line.statement}: {words}", rule=RULE)
    if amount + before > line.amount:
        words = "the line is of {line}, and receipts that open it would acknowledge more"
        raise Refused(f"{fields[1]} {line.number}: {words}", rule=RULE, facts={"line": money(books, row.unit, line.amount)})


@memory(
    "so much of the line is acknowledged by receipts that open it, of payments to that payee; of that account and day, receipts "
    "open lines of that statement"
)
def takes_line(
    books: Books, context: StatementContext, record: object, rows: Rows, of: str, line: Line, day: str, amount: int
) -> None:
    name = context.resolve(line.statement, "line")
    stated, before = books.bank_statement.get(name), books.line.get(key := f"{name}/{line.number}")
    account_day = f"{stated.account}/{day}" if stated else ""
    payee = disbursement_of(books, context, of, "of").payee
    books.line.put(key, LineRow(amount + (before.amount if before else 0), payee, account_day))
    told = books.opened_day.get(account_day)
    books.opened_day.put(account_day, OpenedRow(name, told.receipts + 1 if told else 1))
    receipt = books.receipt.get(context.ref)
    if receipt is not None:
        books.receipt.put(context.ref, receipt._replace(line=key))


def _mismatch(books: Books, row: Disbursement, stated: StatementRow, day: str) -> str:
    """Why a statement cannot have a line of a payment on a day, in words; "" if it can."""
    fund = books.fund.get(row.fund)
    if not stated.custodian:
        return "no custodian has signed that statement"
    paid_from = (row.party, row.channel, row.unit, fund.root if fund else row.fund)
    if paid_from != (stated.party, stated.channel, stated.unit, stated.root):
        return "the payment was not made from that account"
    if not stated.from_day <= day <= stated.to_day:
        return f"that statement is of {stated.from_day} to {stated.to_day}, not of {day}"
    return ""


def _own_word(books: Books, context: StatementContext, row: Disbursement, stated: StatementRow, day: str) -> str:
    """Why what the custodian of a statement says of a payment is not the word of somebody else, in words; "" if it is. Part of a
    log does not show who is related."""
    if row.payee in (stated.custodian, CHARGES):
        return f"{stated.custodian} was paid itself, and cannot confirm that"
    bound = {row.party, stated.custodian}
    if context.whole and not is_apart(books, stated.custodian, {row.party, row.payee}, {context.day, day}, bound):
        return f"{stated.custodian} is related to {row.party} or {row.payee}, or is not a custodian"
    return ""


def _told_elsewhere(books: Books, context: StatementContext, name: str, account_day: str) -> str:
    """Why a line of a statement may be a line that a receipt opened of another one, in words; "" if it cannot be. Lines are salted,
    so nobody can compare them. Part of a log may lack the record by which that receipt is void."""
    told = books.opened_day.get(account_day) if context.whole else None
    if told is None or not told.receipts or told.statement == name:
        return ""
    return f"a receipt opens a line of that account and day from statement {told.statement}; use the same statement"


def _signing_keeper(books: Books, context: StatementContext, channel: str, to_day: str) -> str:
    """The custodian of the channel, if it signed the statement; "" if not."""
    keeper = custodian_for(books, context, context.party, channel, {to_day})
    return keeper if context.has_signed(keeper) else ""


def _false_path(stated: StatementRow, line: Line, day: str) -> str:
    root = root_over(line_bytes(day, line.amount, line.rest, line.salt), line.number, line.line_count, line.path)
    return "" if (root, line.line_count) == (stated.lines, stated.line_count) else "that statement does not have this line"


def _account(context: StatementContext, account: tuple[str, str]) -> str:
    return f"{context.party}/{account[0]}/{account[1]}"
