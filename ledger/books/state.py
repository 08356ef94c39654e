"""What the books remember: tables of frozen rows, small however many gifts there are.

Rows change only by replacement, through `Table.put`. What a statement changed can be taken back until `Books.commit`: `rollback`
does. The rows changed since the last `take_changes` are what a store has to write.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..amount import Money
from ..bounds import MAX_INTEGER
from ..canonical import encode, parse
from ..errors import Refused
from .rows import (
    Activity,
    Allocation,
    Back,
    Disbursement,
    Ended,
    Fund,
    Given,
    Head,
    Held,
    KeyRow,
    Ledger,
    Party,
    Project,
    ReferenceKeyRow,
    Sum,
    Told,
    UnitRow,
)
from .table import Table
from .tape import Tape


def total(amount: int, more: int, what: str) -> int:
    """A sum that the books keep, after more of it. Raises Refused (`tape-limit`) when it would pass 2^53-1."""
    if amount + more > MAX_INTEGER:
        raise Refused(f"{what} would exceed 2^53-1 minor units, the most that can be recorded; use another fund", rule="tape-limit")
    return amount + more


def money(books: Books, unit: str, amount_minor: int) -> Money:
    """An amount as a message has it."""
    row = books.unit.get(unit)
    return Money(amount_minor, unit, row.exponent if row else 0)


def money_of(books: Books, tape: str, amount_minor: int) -> Money:
    """An amount of a tape's unit, as a message has it."""
    return money(books, tape.partition("/")[2], amount_minor)


TABLES: tuple[tuple[str, type], ...] = (
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
