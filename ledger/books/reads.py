"""What words read of a record, or of a part of it, beside the fields that a row names: the annotations of their functions say it,
and a class that lacks it is refused when it is made (`row_types.py`)."""

from __future__ import annotations

from typing import Protocol

from .field import Sum


class Amounted(Protocol):
    """A record of an amount."""

    amount: int


class Disbursed(Amounted, Protocol):
    """A payment or a delivery: what leaves a fund."""

    kind: str
    fund: str
    unit: str


class Paid(Amounted, Protocol):
    """Money that a payee gets on a day."""

    fund: str
    unit: str
    payee: str
    paid_on: str


class Gift(Amounted, Protocol):
    """What a trace begins with."""

    fund: str
    unit: str
    received_on: str


class Named(Protocol):
    """What has a name."""

    name: str


class Limit(Protocol):
    """So much of the inflow, as a fraction, is spent in a cost class at most."""

    cost_class: str
    rate: tuple[int, int]


class Promised(Named, Protocol):
    """A project with its cost limits."""

    cost_limits: tuple[Limit, ...]


class Purse(Protocol):
    """What makes a fund."""

    kind: str
    thresholds: tuple[Sum, ...]


class Cell(Protocol):
    """A sum of so many gifts."""

    amount: int
    gifts: int


class Log(Protocol):
    """A log that ended, after so many entries."""

    origin: str
    size: int
