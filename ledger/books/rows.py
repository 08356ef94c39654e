"""The rows of the books, frozen: what each table remembers of a thing."""

from __future__ import annotations

from typing import NamedTuple

ACTIVE = -1


class Head(NamedTuple):
    """Where the fold stands: entries applied, the last entry's time (`YYYY-MM-DDTHH:MM:SSZ`), the rule set in force."""

    size: int
    time: str
    rules: str


class Ledger(NamedTuple):
    """Entry 0, with the name and key of the newest log where that continues another. `offset_minutes` is the fixed distance of
    local days from UTC."""

    origin: str
    name: str
    operator: str
    log_key: str
    offset_minutes: int


class Ended(NamedTuple):
    """A log that another continues: it ended after `size` entries, the next is the succession; the root over them, in hex, that
    this names; its key."""

    size: int
    root: str
    log_key: str


class UnitRow(NamedTuple):
    """A unit of account: 10^exponent minor units make one."""

    exponent: int
    since: int


class Party(NamedTuple):
    """`officers` are those with a key that is not revoked; a party without any can be named and never signs."""

    name: str
    roles: tuple[str, ...]
    officers: tuple[str, ...]
    since: int


class KeyRow(NamedTuple):
    """`until` is the entry that revoked the key, or ACTIVE."""

    party: str
    officer: str
    since: int
    until: int


class ReferenceKeyRow(NamedTuple):
    """What a party said of the key of a label. `of` is an org-id or ""; `since` the entry that said it first."""

    check_value: str
    destroy_on: str
    of: str
    since: int


class Held(NamedTuple):
    """The keys of an officer that are in force."""

    keys: tuple[str, ...]


class Fund(NamedTuple):
    """`restriction` is effective: what the ancestors demand is in it. `thresholds` (unit, amount) are the fund's own, for they can
    change: `restriction.threshold` looks at the ancestors too, of which there are `depth`."""

    owner: str
    parent: str
    root: str
    kind: str
    project: str
    restriction: str
    thresholds: tuple[tuple[str, int], ...]
    since: int
    depth: int


class Project(NamedTuple):
    """`cost_limits` are (cost class, numerator, denominator)."""

    owner: str
    name: str
    cost_limits: tuple[tuple[str, int, int], ...]
    receipt_days: int
    feedback_days: int


class Activity(NamedTuple):
    """The project it is a part of, who leads it, and who may report on it beside that."""

    project: str
    owner: str
    implementers: tuple[str, ...]


class Told(NamedTuple):
    """The last feedback about an activity and a period that holds a certain day, month, year or century whole."""

    entry: int
    record: int


class Level(NamedTuple):
    """Receipts of one level for a disbursement: what they acknowledge together, how many they are, and the first and last of
    their days."""

    level: str
    total: int
    receipts: int
    first_day: str
    last_day: str


class Disbursement(NamedTuple):
    """A payment or a delivery. `yields` is "", "fund" or "goods". `returned` units came back by `returns` returns. `receipts` are
    sums by level; `level` is the one that acknowledges most, the first to reach that. Of these units `reported` were reported on
    before the last receipt, which is (entry, record) `received_by`; since then a feedback about the activity may have come, which
    `life.reported_up_to` looks for. `feedbacks` name the disbursement itself."""

    kind: str
    party: str
    fund: str
    tape: str
    amount: int
    payee: str
    cost_class: str
    day: str
    yields: str
    returned: int = 0
    returns: int = 0
    receipts: tuple[Level, ...] = ()
    level: str = ""
    received_by: tuple[int, int] = (-1, -1)
    reported: int = 0
    feedbacks: int = 0

    @property
    def unit(self) -> str:
        """The unit of its tape."""
        return self.tape.partition("/")[2]


class Back(NamedTuple):
    """Units [start, end) of a payment, numbered by what it took, that came back by record (entry, record), at `at` of a tape."""

    entry: int
    record: int
    start: int
    end: int
    tape: str
    at: int

    @property
    def by(self) -> tuple[int, int]:
        """The record by which they came back."""
        return self.entry, self.record


class Allocation(NamedTuple):
    """`start` is where its units begin on the tape of `to`; `reversed_by` the entry that reversed it, or ACTIVE."""

    party: str
    source: str
    to: str
    unit: str
    amount: int
    start: int
    reversed_by: int

    @property
    def units(self) -> tuple[tuple[int, int], ...]:
        """Its units on the tape of `to`."""
        return ((self.start, self.start + self.amount),)


class Given(NamedTuple):
    """Gifts into one fund in one unit on one day, in one month, year or century."""

    amount: int = 0
    gifts: int = 0


class Sum(NamedTuple):
    """A running total in minor units."""

    amount: int
