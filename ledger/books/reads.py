"""What words read of a record, or of a part of it, besides the fields that a row names. The annotations of their functions say it,
and a class that lacks a member is refused when it is made (`row_types.py`)."""

from __future__ import annotations

from typing import Protocol


class Amounted(Protocol):
    """A record of an amount."""

    amount: int


class Disbursed(Amounted, Protocol):
    """A payment or a delivery: units leave a fund."""

    kind: str
    fund: str
    unit: str


class BankStated(Protocol):
    """A bank statement."""

    fund: str
    unit: str
    channel: str
    from_day: str
    to_day: str
    opening: int
    closing: int
    line_count: int
    lines: str


class Gift(Amounted, Protocol):
    """The record that a trace begins with."""

    fund: str
    unit: str
    received_on: str
    fee: int | None
    fee_to: str | None


class Named(Protocol):
    """Has a name."""

    name: str


class Limit(Protocol):
    """The fraction of the inflow that may be spent in a cost class."""

    cost_class: str
    rate: tuple[int, int]


class FeeLimit(Protocol):
    """The fraction of gifts in a unit, and the amount of each gift, that may be kept as fees."""

    unit: str
    rate: tuple[int, int]
    fixed: int | None


class Promised(Named, Protocol):
    """A project with its cost limits."""

    cost_limits: tuple[Limit, ...]


class Placed(Protocol):
    """A number of gifts from a region."""

    code: str
    gifts: int


class Cell(Protocol):
    """The sum of a number of gifts of one month, day or region."""

    code: str
    amount: int
    gifts: int


class Log(Protocol):
    """A log that ended after a number of entries."""

    origin: str
    size: int
