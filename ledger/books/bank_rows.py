"""The rows of what banks say of accounts, and of what was there when books began."""

from __future__ import annotations

from typing import NamedTuple


class StatementRow(NamedTuple):
    """A bank statement of a party: of an account with money of the fund tree `root`, in one unit, on a channel, from one day to
    another. `lines` is the root over its `line_count` lines, in hex; `custodian` is who keeps the account, if that party signed the
    record, or ""; `account` is the key of the account in the books."""

    party: str
    root: str
    unit: str
    channel: str
    from_day: str
    to_day: str
    lines: str
    line_count: int
    custodian: str
    account: str


class AccountRow(NamedTuple):
    """An account in one unit: the fund tree to which its money belongs, the days and balances of its last statement, its channel,
    and the custodian that signed a statement of it, or ""."""

    root: str
    from_day: str
    opening: int
    to_day: str
    closing: int
    channel: str
    custodian: str


class LineRow(NamedTuple):
    """A line of a bank statement that receipts opened: how much of it they acknowledge, whom their payments went to, and the day of
    the account (a key of `opened_day`)."""

    amount: int
    payee: str
    day: str


class OpenedRow(NamedTuple):
    """A day of an account: the bank statement from which receipts opened lines of that day, and how many receipts did."""

    statement: str
    receipts: int


class ShownRow(NamedTuple):
    """What the last statement of an account that begins on `day`, then the first of the books, opens with."""

    day: str
    opening: int


class OpeningRow(NamedTuple):
    """The opening balances of a fund tree in one unit: those `booked` on `day`, the first of the books, and `elsewhere`; and what
    was shown of that day, `banked` by statements of accounts and `counted`."""

    day: str
    booked: int
    elsewhere: int
    banked: int
    counted: int
