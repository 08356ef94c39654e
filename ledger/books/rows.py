"""The rows of the books, frozen: what each table remembers of a thing."""

from __future__ import annotations

from typing import NamedTuple

ACTIVE = -1
NEVER = -1


class Head(NamedTuple):
    """How far the fold has come: entries applied, the last entry's time (`YYYY-MM-DDTHH:MM:SSZ`), the rule set in force."""

    size: int
    time: str
    rules: str


class Ledger(NamedTuple):
    """Entry 0, with the name and key of the newest log if that continues another. `offset_minutes` is the fixed offset of local
    days from UTC."""

    origin: str
    name: str
    operator: str
    log_key: str
    offset_minutes: int


class Ended(NamedTuple):
    """A log that another continues. It ended after `size` entries, and the next entry is the succession. `root` is the root over
    them that the succession names, in hex; `key` is that log's key."""

    size: int
    root: str
    log_key: str


class ClockRow(NamedTuple):
    """A correction of the log's clock, by the day to which it went back."""

    day: str


class OverseerRow(NamedTuple):
    """A key of an auditor, inspector or regulator that signed a statement of another party, first at the entry `since`."""

    party: str
    since: int


class UnitRow(NamedTuple):
    """A unit of account: 10^exponent minor units make one."""

    exponent: int
    since: int


class Party(NamedTuple):
    """A party, an organisation or a person. `officers` are those whom `held` gives a key. A party without officers can be named but
    cannot sign. Its books begin on `books_from`, which is "" where a bundle does not show it. `keyed_since` is the entry that gave
    it its first key, or NEVER."""

    name: str
    roles: tuple[str, ...]
    officers: tuple[str, ...]
    since: int
    books_from: str = ""
    is_person: bool = False
    keyed_since: int = NEVER
    jurisdiction: str = ""


class KeyRow(NamedTuple):
    """A key. `since` is the entry that gave it, on the day `given_on`; it is in force from the day `from_day` on, which is "" for a
    key that came with its party or by a recovery. `until` is the entry that revoked it, or ACTIVE; it is in force until the day
    before `until_day`, which is "" if it fell at once. A key with `kinds` signs only records of these."""

    party: str
    officer: str
    since: int
    until: int
    given_on: str = ""
    from_day: str = ""
    until_day: str = ""
    kinds: tuple[str, ...] = ()


class MandateRow(NamedTuple):
    """What a party's last mandate says, and what of it is pending: a value is followed by the one that replaces it and the day from
    which it does, or by itself and "". `thresholds` and `major` are by unit, 0 where there is none; `second` is a party or "";
    `key_delay` is in days, or -1; `labels` are (label, use, first day, last day or ""); `channels` are by channel the custodian, or
    "". `since` is the entry of the mandate."""

    thresholds: tuple[tuple[str, int, int, str], ...]
    second: tuple[str, str, str]
    key_delay: tuple[int, int, str]
    labels: tuple[tuple[str, str, str, str], ...]
    channels: tuple[tuple[str, str, str, str], ...]
    major: tuple[tuple[str, int, int, str], ...]
    since: int


class ReferenceKeyRow(NamedTuple):
    """What a party recorded about the key of a label. `of` is an org-id or ""; `since` is the entry that recorded it first."""

    check_value: str
    destroy_on: str
    of: str
    since: int


class Held(NamedTuple):
    """The keys of an officer that are in force, will be, or were when a key of the party last changed."""

    keys: tuple[str, ...]


class Fund(NamedTuple):
    """A fund, `depth` below its root. `restriction` is the effective one, with what the funds above it demand."""

    owner: str
    parent: str
    root: str
    kind: str
    project: str
    restriction: str
    since: int
    depth: int


class Project(NamedTuple):
    """`cost_limits` are (cost class, numerator, denominator). `receipt_level` is the weakest level of a receipt that it waits for,
    or ""."""

    owner: str
    name: str
    cost_limits: tuple[tuple[str, int, int], ...]
    receipt_days: int
    feedback_days: int
    receipt_level: str = ""


class Activity(NamedTuple):
    """The project that it is part of, who leads it, and who else may report on it."""

    project: str
    owner: str
    implementers: tuple[str, ...]


class Told(NamedTuple):
    """The last feedback about a payment, or about an activity for a period that includes the whole of a certain day, month, year or
    century; `before` is the one before it, or ""."""

    entry: int
    record: int
    before: str = ""

    @property
    def by(self) -> tuple[int, int]:
        """The feedback."""
        return self.entry, self.record


class Level(NamedTuple):
    """The receipts of one level for a disbursement: the units they acknowledge in total, how many they are, and their first and
    last days."""

    level: str
    total: int
    receipts: int
    first_day: str
    last_day: str


class Disbursement(NamedTuple):
    """A payment or a delivery, entered on a day. `payee` is a party or `group/<class>`. `yields` is "", "goods" or "grant"; the
    goods are `bought`: (tape, start, end); a grant may be `meant_for` a fund of its payee. `keyed` if its payee could sign then.
    It `gives_back` the grant that a receipt took, or an advance. `returned` units, the highest, came back by `returns` returns;
    `taken` units are in funds of the payee; `takings` receipts took some into them, void ones too, and count nowhere else. The
    `receipts` are sums by level. `reported` of these units were reported on, by the feedback `reported_by`, before the last
    receipt, which is (entry, record) `received_by`. A feedback about the activity may have come since; `life.reported_up_to`
    looks for it. `feedbacks` name the disbursement itself. `invoice` is the keyed hash of the invoice that was paid, or "";
    `channel` is the way of the money, and `label` that of its reference, or "". `answered_on` is the first day on which some of it
    came back, or ""; `unreported_from` is the first day of the receipts that came since all that was received had been reported
    on, or "". Of a grant, `regained` units were paid back to the funder, and are not its cost any more. `counts_on` is the day on
    which a correction made it count in the balance by day, or "". `waited_from` is the `unreported_from` of what a receipt had
    acknowledged that is void now: the next receipt is said of the same, and waits no shorter. `beside` are the parties that signed
    it with its own, and the seconds of the party's mandate then; `keeper` the custodian of the channel then, or ""."""

    kind: str
    party: str
    fund: str
    tape: str
    amount: int
    payee: str
    cost_class: str
    day: str
    yields: str
    keyed: bool = False
    entered_on: str = ""
    bought: tuple[tuple[str, int, int], ...] = ()
    returned: int = 0
    returns: int = 0
    receipts: tuple[Level, ...] = ()
    received_by: tuple[int, int] = (-1, -1)
    reported: int = 0
    reported_by: str = ""
    feedbacks: int = 0
    meant_for: str = ""
    gives_back: str = ""
    taken: int = 0
    takings: int = 0
    invoice: str = ""
    channel: str = ""
    label: str = ""
    answered_on: str = ""
    unreported_from: str = ""
    regained: int = 0
    counts_on: str = ""
    waited_from: str = ""
    beside: tuple[str, ...] = ()
    keeper: str = ""

    @property
    def first_day(self) -> str:
        """From which day its receipt is due: its own, or, if a correction moved that, at the latest the day of its entry."""
        return min(self.day, self.entered_on or self.day)

    @property
    def unit(self) -> str:
        """The unit of its tape."""
        return self.tape.partition("/")[2]

    @property
    def left(self) -> int:
        """How many of its units have not come back."""
        return self.amount - self.returned


class Brought(NamedTuple):
    """Units [start, end) of a payment, delivery or exchange, numbered within what it took, that record (entry, record) brought to
    `at` of a tape: back, or into a fund of the payee; the tape is "" if that is void. `agreed` if the recipient signed that record
    too, where it is a return."""

    entry: int
    record: int
    start: int
    end: int
    tape: str
    at: int
    agreed: bool = False

    @property
    def by(self) -> tuple[int, int]:
        """The record that brought them."""
        return self.entry, self.record


class InvoiceRow(NamedTuple):
    """An invoice to a party: what it comes to, as the first payment of it says, and what was paid of it and did not come back.
    `first` is that payment; "" if it does not name the invoice any more, and nothing else is paid of it."""

    unit: str
    amount: int
    paid: int
    first: str


class Allocation(NamedTuple):
    """An allocation. `start` is where its units begin on the tape of `to`; `returned` of them were taken back. `uncounted` of what
    it moved, and was not taken back, was no inflow."""

    party: str
    source: str
    to: str
    unit: str
    amount: int
    start: int
    returned: int = 0
    uncounted: int = 0

    @property
    def units(self) -> tuple[tuple[int, int], ...]:
        """Its units on the tape of `to`."""
        return ((self.start, self.start + self.amount),)


class Answered(NamedTuple):
    """The record that a one-time key answered."""

    of: str


class BreachRow(NamedTuple):
    """A record of the party that names the rules of conduct which it breaks, entered on the day."""

    party: str
    kind: str
    findings: tuple[str, ...]
    reason: str
    day: str


class Given(NamedTuple):
    """Gifts into one fund in one unit on one day, or in one month, year or century."""

    amount: int = 0
    gifts: int = 0


class Sum(NamedTuple):
    """A running total, in minor units or in records."""

    amount: int


class MonthRow(NamedTuple):
    """What came into a fund tree in one unit and went out of it, on the days of one month: `07+1000-0 09+0-300`, by day."""

    days: str


class FirstMonthRow(NamedTuple):
    """The first month in which something moved into or out of a fund tree in one unit, `YYYY-MM`."""

    month: str
