"""What the books remember: tables of frozen rows, small however many gifts there are.

Rows change only by replacement, through `Table.put`. Until `Books.commit`, `rollback` undoes a statement's changes. A store must
write the rows changed since the last `take_changes`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from typing import Any, get_args, get_origin, get_type_hints

from ..amount import Money
from ..bounds import MAX_INTEGER
from ..canonical import encode, parse
from ..errors import Refused
from .bank_rows import AccountRow, LineRow, OpenedRow, OpeningRow, ShownRow, StatementRow
from .fee_rows import Fees, FeesKept, Limit, Rate, Rated, Required, Unreferenced, Used
from .region_rows import RangeRow
from .register_rows import Registered
from .relation_rows import Donor, Implementer, Kin, RelatedRow, RelationRow
from .rows import (
    Activity,
    Allocation,
    Answered,
    BreachRow,
    Brought,
    ClockRow,
    Disbursement,
    Ended,
    FirstMonthRow,
    Fund,
    Given,
    Head,
    Held,
    InvoiceRow,
    KeyRow,
    Ledger,
    MandateRow,
    MonthRow,
    OverseerRow,
    Party,
    Project,
    ReferenceKeyRow,
    Sum,
    Told,
    UnitRow,
)
from .stamp_rows import StampRow
from .table import Table
from .tape import Tape
from .void_rows import ExchangeRow, FeedbackRow, IncomeRow, NetRow, ReceiptRow, TakingRow, VoidRow


def total(amount: int, more: int, what: str) -> int:
    """Add `more` to a sum that the books keep. Raises Refused (`tape-limit`) if the sum would pass 2^53-1."""
    if amount + more > MAX_INTEGER:
        raise Refused(f"{what} would exceed 2^53-1 minor units, the most that can be recorded; use another fund", rule="tape-limit")
    return amount + more


def money(books: Books, unit: str, amount_minor: int) -> Money:
    """An amount, as a message shows it."""
    row = books.unit.get(unit)
    return Money(amount_minor, unit, row.exponent if row else 0)


def money_of(books: Books, tape: str, amount_minor: int) -> Money:
    """An amount in a tape's unit, as a message shows it."""
    return money(books, tape.partition("/")[2], amount_minor)


TABLES: tuple[tuple[str, type], ...] = (
    ("head", Head), ("ledger", Ledger), ("ended", Ended), ("unit", UnitRow), ("party", Party), ("key", KeyRow), ("held", Held),
    ("fund", Fund), ("tape", Tape), ("project", Project), ("activity", Activity), ("told", Told), ("disbursement", Disbursement),
    ("back", Brought), ("taken", Brought), ("allocation", Allocation), ("given", Given), ("came", Sum), ("spent", Sum),
    ("paid", Sum), ("reference_key", ReferenceKeyRow), ("mandate", MandateRow), ("breach", BreachRow), ("answered", Answered),
    ("invoice", InvoiceRow), ("income", IncomeRow), ("exchange", ExchangeRow), ("receipt", ReceiptRow), ("taking", TakingRow),
    ("given_back", Brought), ("net", NetRow), ("uncounted", Sum), ("lost", Sum), ("feedback", FeedbackRow),
    ("void", VoidRow), ("voided", Sum), ("undone", Sum),
    ("moved_from", FirstMonthRow), ("moved_in", MonthRow), ("clock", ClockRow), ("relation", RelationRow), ("kin", Kin),
    ("donor", Donor), ("granted", Donor), ("works", Implementer), ("related", RelatedRow), ("kept", FeesKept), ("fee_limit", Limit),
    ("project_fee", Sum), ("fee", Fees), ("requirement", Required), ("used", Used), ("rate", Rate),
    ("rated", Rated), ("unreferenced", Unreferenced), ("overseer", OverseerRow), ("bank_statement", StatementRow),
    ("account", AccountRow), ("line", LineRow), ("opening", OpeningRow), ("region", RangeRow), ("ungiven", Given),
    ("registered", Registered), ("opened_day", OpenedRow), ("shown", ShownRow), ("stamp", StampRow),
)  # fmt: skip


class Books:
    """The whole state of the fold.

    No row grows with the number of records about one thing: every sum and every searchable item has a row of its own. `ended` is
    keyed by the name of a log, `held` by party and officer; `told` by activity and a step of `period.cover`; `back` and `taken` by
    disbursement and number; `taking` by receipt, and `given_back` by receipt and number; `net` by party,
    the other party and unit; `uncounted` by pot (`inflow_sums.py`) and unit: what is in it that is not inflow; `lost` likewise:
    what write-offs took of its inflow and was not recovered; `given` by tape and a step of
    `period.steps_of`; `came` by project and unit: what came into its tree
    from outside and did not leave again, the inflow of its cost limits; `spent` by project, unit and cost class; `paid` by party,
    payee, day and unit; `reference_key` by party and label; `mandate` by party; `breach` and `related` by record; `answered` by
    one-time key; `invoice` by the party that pays it and its keyed hash; `void` by the record that is void, and `voided` by its
    party and the year; `undone` by tape: what reversals moved on it, which is not in any figure of what came in or went out;
    `moved_from` by the root of a fund tree and unit, `moved_in` by these and month (`balance.py`); `clock` by the entry that
    corrects it; `relation` by both parties, `kin` by party, or by party and the one related to it (`relation.py`); `donor` by tree
    and party, and `granted` likewise; `works` by project and party; `kept` by tape, day and limit, which is in `fee_limit` by fund
    and unit; `project_fee` by project and unit;
    `fee` by tape; `requirement` by place and name, the earlier ones with their record too; `used` by record; `rate` by pair,
    day and party, `rated` by pair and day, or by these and party (`rates.py`); `unreferenced` by record; `overseer` by key;
    `bank_statement` by record; `account` by party, its keyed hash and unit; `line` by bank statement and number: what receipts
    acknowledge that open it; `opening` by the root of a fund tree and unit; `region` by tape; `ungiven` by tape: gifts that are
    void; `registered` by the bare identifier (`register.py`); `opened_day` by account and day, `shown` by account; `stamp` by
    record, and the last one by "" too (`stamp.py`). `brought` has the requirements and rates of
    an auditor, which come before those of the log and are never saved."""

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
    back: Table[Brought]
    taken: Table[Brought]
    allocation: Table[Allocation]
    given: Table[Given]
    came: Table[Sum]
    spent: Table[Sum]
    paid: Table[Sum]
    reference_key: Table[ReferenceKeyRow]
    mandate: Table[MandateRow]
    breach: Table[BreachRow]
    answered: Table[Answered]
    invoice: Table[InvoiceRow]
    moved_from: Table[FirstMonthRow]
    moved_in: Table[MonthRow]
    income: Table[IncomeRow]
    exchange: Table[ExchangeRow]
    receipt: Table[ReceiptRow]
    taking: Table[TakingRow]
    given_back: Table[Brought]
    net: Table[NetRow]
    uncounted: Table[Sum]
    lost: Table[Sum]
    feedback: Table[FeedbackRow]
    void: Table[VoidRow]
    voided: Table[Sum]
    undone: Table[Sum]
    clock: Table[ClockRow]
    relation: Table[RelationRow]
    kin: Table[Kin]
    donor: Table[Donor]
    granted: Table[Donor]
    works: Table[Implementer]
    related: Table[RelatedRow]
    kept: Table[FeesKept]
    fee_limit: Table[Limit]
    project_fee: Table[Sum]
    fee: Table[Fees]
    requirement: Table[Required]
    used: Table[Used]
    rate: Table[Rate]
    rated: Table[Rated]
    unreferenced: Table[Unreferenced]
    overseer: Table[OverseerRow]
    bank_statement: Table[StatementRow]
    account: Table[AccountRow]
    line: Table[LineRow]
    opening: Table[OpeningRow]
    region: Table[RangeRow]
    ungiven: Table[Given]
    registered: Table[Registered]
    opened_day: Table[OpenedRow]
    shown: Table[ShownRow]
    stamp: Table[StampRow]

    def __init__(self) -> None:
        self.tables: tuple[Table[Any], ...] = tuple(Table(name, row) for name, row in TABLES)
        for table in self.tables:
            setattr(self, table.name, table)
        # For an audit: the lowest free unit of a tape when a record passed over it; never saved.
        self.passed_over: dict[str, int] = {}
        # For an audit: the names of skipped records, and of entries that could not be read; never saved.
        self.skipped: set[str] = set()
        self.brought: Books | None = None
        self._unsaved: dict[tuple[str, str], tuple[Any, ...]] = {}

    def commit(self, keep: bool = True) -> None:
        """Make the statement's changes part of the books. With `keep`, `take_changes` will return them."""
        for table in self.tables:
            if table.before:
                if keep:
                    self._unsaved.update({(table.name, key): row for key, row in table.changed().items()})
                table.before.clear()

    def rollback(self) -> None:
        """Undo everything put since the last commit."""
        for table in self.tables:
            table.back_to({})

    def savepoint(self) -> tuple[dict[str, Any], ...]:
        """Everything put since the last commit, for `back_to`."""
        return tuple(table.changed() for table in self.tables)

    def back_to(self, savepoint: tuple[dict[str, Any], ...]) -> None:
        """Undo everything put since that savepoint."""
        for table, changed in zip(self.tables, savepoint, strict=True):
            table.back_to(changed)

    def copy(self) -> Books:
        """A copy with the same rows, which are shared; a row put into one is not in the other. Call it between two statements.
        Changes that wait for `take_changes` stay with the original."""
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
        """Every row, in the form of `take_changes`."""
        for table in self.tables:
            for key, row in table.items():
                yield table.name, key, encode(_plain(row))

    def load(self, table_name: str, key: str, raw: bytes) -> None:
        """Put back a row that `take_changes` returned. Raises CanonicalError."""
        table = getattr(self, table_name)
        table.load(key, _made(table.row, _frozen(parse(raw, f"state row {table_name}/{key}"))))


def _plain(value: Any) -> Any:
    """Named tuples as plain lists, which the JSON encoder takes."""
    return [_plain(item) if isinstance(item, tuple) else item for item in value]


def _made(row: type, values: tuple[object, ...]) -> Any:
    """A row of these values; the members that are rows too, or hold rows, are made as such."""
    within = _rows_within(row)
    return row(*(within[at](value) if at in within and value is not None else value for at, value in enumerate(values)))


@cache
def _rows_within(row: type) -> dict[int, Callable[[object], object]]:
    """How the members of a row that are or hold rows are made, by their place."""
    found: dict[int, Callable[[object], object]] = {}
    for at, declared in enumerate(get_type_hints(row).values()):
        inner = next((one for one in (declared, *get_args(declared)) if hasattr(one, "_make")), None)
        if inner is not None and get_origin(declared) is tuple:
            found[at] = partial(_each, inner._make)
        elif inner is not None:
            found[at] = inner._make
    return found


def _each(make: Callable[[object], object], values: Iterable[object]) -> tuple[object, ...]:
    return tuple(map(make, values))


def _frozen(value: Any) -> Any:
    return tuple([_frozen(item) if isinstance(item, list) else item for item in value])
