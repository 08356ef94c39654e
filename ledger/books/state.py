"""What the books remember: tables of frozen rows, small however many gifts there are.

Rows change only by replacement, through `Table.put`. What a statement changed can be taken back until `Books.commit`: `rollback`
does. The rows changed since the last `take_changes` are what a store has to write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, NamedTuple, TypeVar

from ..amount import Money
from ..canonical import MAX_INTEGER, encode, parse
from ..errors import Refused
from .tape import Span, Tape

Row = TypeVar("Row", bound=tuple[Any, ...])
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
    def units(self) -> tuple[Span, ...]:
        """Its units on the tape of `to`."""
        return ((self.start, self.start + self.amount),)


class Given(NamedTuple):
    """Gifts into one fund in one unit on one day, in one month, year or century."""

    amount: int = 0
    gifts: int = 0


class Sum(NamedTuple):
    """A running total in minor units."""

    amount: int


def total(amount: int, more: int, what: str) -> int:
    """A sum that the books keep, after more of it. Raises Refused (`tape-limit`) when it would pass 2^53-1."""
    if amount + more > MAX_INTEGER:
        raise Refused(f"{what} may not pass 2^53-1 minor units, and would; use another fund", rule="tape-limit")
    return amount + more


def money(books: Books, unit: str, amount_minor: int) -> Money:
    """An amount as a message has it."""
    row = books.unit.get(unit)
    return Money(amount_minor, unit, row.exponent if row else 0)


def money_of(books: Books, tape: str, amount_minor: int) -> Money:
    """An amount of a tape's unit, as a message has it."""
    return money(books, tape.partition("/")[2], amount_minor)


class Table(Generic[Row]):
    """One table of the books. `get` gives the row of a key as the statement being applied sees it, or None; `before` is what the
    rows put since the last commit were then, None where there was none."""

    __slots__ = ("name", "row", "get", "before", "_rows")

    def __init__(self, name: str, row: type[Row]) -> None:
        self.name, self.row = name, row
        self._rows: dict[str, Row] = {}
        self.before: dict[str, Row | None] = {}
        self.get: Callable[[str], Row | None] = self._rows.get

    def __getitem__(self, key: str) -> Row:
        """The row of a key that there is. Raises KeyError."""
        row = self.get(key)
        if row is None:
            raise KeyError(key)
        return row

    def put(self, key: str, row: Row) -> None:
        """Replace a row, provisionally until commit."""
        if key not in self.before:
            self.before[key] = self._rows.get(key)
        self._rows[key] = row

    def items(self) -> Iterator[tuple[str, Row]]:
        """Every row, by key."""
        for key in sorted(self._rows):
            yield key, self._rows[key]

    def all(self) -> Iterable[tuple[str, Row]]:
        """Every row, in no order; quicker than `items` where there are many."""
        return self._rows.items()

    def changed(self) -> dict[str, Row]:
        """The rows put since the last commit."""
        return {key: self._rows[key] for key in self.before}

    def back_to(self, changed: dict[str, Row]) -> None:
        """Have exactly these rows put since the last commit, as `changed` gave them."""
        for key, before in self.before.items():
            if before is None:
                del self._rows[key]
            else:
                self._rows[key] = before
        self.before.clear()
        for key, row in changed.items():
            self.put(key, row)

    def load(self, key: str, row: Row) -> None:
        """Put a row that is committed already."""
        self._rows[key] = row

    def load_all(self, other: Table[Row]) -> None:
        """Put every row of another table, as committed already."""
        self._rows.update(other._rows)


TABLES: tuple[tuple[str, type[Any]], ...] = (
    ("head", Head), ("ledger", Ledger), ("ended", Ended), ("unit", UnitRow), ("party", Party), ("key", KeyRow), ("held", Held),
    ("fund", Fund), ("tape", Tape), ("project", Project), ("activity", Activity), ("told", Told), ("disbursement", Disbursement),
    ("back", Back), ("allocation", Allocation), ("given", Given), ("came", Sum), ("spent", Sum), ("paid", Sum),
    ("reference_key", ReferenceKeyRow),
)  # fmt: skip


class Books:
    """The whole state of the fold.

    Nothing in it is longer the more was said of one thing; what is summed up or looked for is a row of its own. `ended` is kept
    by the name of a log, `held` by party and officer; `told` by activity and what `period.cover` gives; `back` by disbursement and
    number; `given` by tape and what `period.steps_of` gives; `came` by project and unit: what came into its tree from outside and
    did not go out of it again, the inflow of its cost limits; `spent` by project, unit and cost class; `paid` by tree, payee, day
    and unit; `reference_key` by party and label."""

    head: Table[Head]
    ledger: Table[Ledger]
    ended: Table[Ended]
    unit: Table[UnitRow]
    party: Table[Party]
    key: Table[KeyRow]
    held: Table[Held]
    fund: Table[Fund]
    tape: Table[Tape]
    project: Table[Project]
    activity: Table[Activity]
    told: Table[Told]
    disbursement: Table[Disbursement]
    back: Table[Back]
    allocation: Table[Allocation]
    given: Table[Given]
    came: Table[Sum]
    spent: Table[Sum]
    paid: Table[Sum]
    reference_key: Table[ReferenceKeyRow]

    def __init__(self) -> None:
        self.tables: tuple[Table[Any], ...] = tuple(Table(name, row) for name, row in TABLES)
        for table in self.tables:
            setattr(self, table.name, table)
        # For an audit: the lowest free unit of a tape when a record passed over it; never saved.
        self.passed_over: dict[str, int] = {}
        # For an audit: the names of records that were skipped, and of entries that could not be read; never saved.
        self.skipped: set[str] = set()
        self._unsaved: dict[tuple[str, str], tuple[Any, ...]] = {}

    def commit(self, keep: bool = True) -> None:
        """Make the statement's changes part of the books. With `keep` they also wait for `take_changes`."""
        for table in self.tables:
            if table.before:
                if keep:
                    self._unsaved.update({(table.name, key): row for key, row in table.changed().items()})
                table.before.clear()

    def rollback(self) -> None:
        """Forget what was put since the last commit."""
        for table in self.tables:
            table.back_to({})

    def savepoint(self) -> tuple[dict[str, Any], ...]:
        """What was put since the last commit, to come back to with `back_to`."""
        return tuple(table.changed() for table in self.tables)

    def back_to(self, savepoint: tuple[dict[str, Any], ...]) -> None:
        """Forget what was put since that savepoint."""
        for table, changed in zip(self.tables, savepoint, strict=True):
            table.back_to(changed)

    def copy(self) -> Books:
        """Other books with the same rows, which are shared: what is put into one of them is not in the other. For books between
        two statements; changes that wait for `take_changes` wait in these only."""
        other = Books()
        for table, same in zip(other.tables, self.tables, strict=True):
            table.load_all(same)
        return other

    def take_changes(self) -> list[tuple[str, str, bytes]]:
        """(table, key, row as canonical JSON) of every row changed since the last call, sorted."""
        rows = [(name, key, encode(_plain(row))) for (name, key), row in sorted(self._unsaved.items())]
        self._unsaved = {}
        return rows

    def rows(self) -> Iterator[tuple[str, str, bytes]]:
        """Every row, as `take_changes` gives those that changed."""
        for table in self.tables:
            for key, row in table.items():
                yield table.name, key, encode(_plain(row))

    def load(self, table_name: str, key: str, raw: bytes) -> None:
        """Put back one row that `take_changes` gave. Raises CanonicalError."""
        table = getattr(self, table_name)
        table.load(key, table.row(*_frozen(parse(raw, f"state row {table_name}/{key}"))))


def _plain(value: Any) -> Any:
    """Named tuples as plain lists, which is what the JSON encoder takes."""
    return [_plain(item) if isinstance(item, tuple) else item for item in value]


def _frozen(value: Any) -> Any:
    return tuple([_frozen(item) if isinstance(item, list) else item for item in value])
