"""The rows of fees, of what the law requires, and of rates of exchange."""

from __future__ import annotations

from typing import NamedTuple


class Limit(NamedTuple):
    """At most `numerator` of `denominator` of the amounts of gifts may be kept as fees, and `fixed` a gift. `by` names what says
    so."""

    numerator: int
    denominator: int
    fixed: int
    by: str


class Required(NamedTuple):
    """A requirement: a ratio, in force on the days from one to another, "" for no end; said `by` a party in record `ref`. `before`
    is the key of the one of that place and name that was said before it, or ""."""

    numerator: int
    denominator: int
    from_day: str
    until_day: str
    by: str
    ref: str
    before: str


class Used(NamedTuple):
    """A requirement by which somebody was judged; `own` if the judged party said it itself. Of rates, by the name `rate`, the first
    that a party said of a pair of units, which is then `place`."""

    place: str
    name: str
    by: str
    ref: str
    own: bool


class Rate(NamedTuple):
    """Minor units of one currency for minor units of another, as a party said last of a pair and a day, in record `ref`."""

    numerator: int
    denominator: int
    by: str
    ref: str


class Rated(NamedTuple):
    """The next in the chain of the parties that said a rate of a pair on a day, "" at its end."""

    party: str


class Unreferenced(NamedTuple):
    """An exchange of a party on a day that no rate can judge but the operator's, and how much it gave and got."""

    party: str
    unit: str
    amount: int
    to_unit: str
    to_amount: int
    day: str


class FeesKept(NamedTuple):
    """Gifts to one fund on one day of which a fee was kept, under one limit: what they are together, their fees, how many."""

    amount: int
    fee: int
    gifts: int
    limit: Limit


class Fees(NamedTuple):
    """What was `kept` of the `gifts` to one tape of which a fee was kept, without void ones; and how much of it refunds gave back:
    what who kept it gave back, and what a fund paid."""

    kept: int = 0
    gifts: int = 0
    refunded: int = 0
    covered: int = 0
