"""Records as steps on the way of the money: what each is, its day, and the page that says more about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from ledger.books.flows import Target
from ledger.books.gift import split_ref
from ledger.books.group import payee_name
from ledger.books.life import last_told, named_at
from ledger.books.moment import local_day
from ledger.books.record import Record
from ledger.books.rows import Disbursement
from ledger.books.rule import says, values_of
from ledger.view.records_about import record_of, said_about
from ledger.view.snapshot import Snapshot

from .paths import path_of


class Step(NamedTuple):
    """A record: its name, its kind, the day that it names or was entered on, the party that recorded it, the recipient
    (`group/<class>` for a group) or fund that it names ("" for none), its purpose, and the path of its page."""

    ref: str
    kind: str
    day: str
    party: str
    payee: str
    fund: str
    purpose: str
    path: str


def step_of(snapshot: Snapshot, ref: str) -> Step:
    """A record as a step. Raises NotFound."""
    target = snapshot.store_flows.target(*split_ref(ref))
    record = target.record
    return Step(
        ref, record.kind, day_of(snapshot, target), target.party, _payee(record), _fund(record),
        getattr(record, "purpose", None) or "", path_of(ref, record.kind),
    )  # fmt: skip


def feedback_on(snapshot: Snapshot, ref: str, row: Disbursement) -> list[str]:
    """Feedback about a payment or delivery: the first that names it, and the last about its activity whose period includes its
    day."""
    told = last_told(snapshot.books, row)
    own = said_about(snapshot, ref, "feedback") if row.feedbacks else []
    return [*own, *([f"{told.entry}.{told.record}"] if told else [])]


DAY_WORDS = ("in-its-books", "in-books-of", "not-after-today")


def day_of(snapshot: Snapshot, target: Target) -> str:
    """The day on which a record says that it happened; if it does not say, the day of its entry."""
    rows = target.record.demands
    days = [day for word in DAY_WORDS for day, *_ in values_of(word, rows, target.record)]
    return days[0] if days else local_day(snapshot.books, target.time)


def unit_of(snapshot: Snapshot, ref: str, record: Record) -> str:
    """The unit of a record's amount; if it does not name one, that of the record that it is about."""
    unit: str | None = getattr(record, "unit", None)
    of = named_at(getattr(record, "of", ""), ref)[0] if unit is None else ""
    return unit or snapshot.store_flows.target(*split_ref(of)).record.unit


def fund_name(snapshot: Snapshot, id: str) -> str:
    """The name of a fund; its id if the ledger does not have it."""
    row = snapshot.books.fund.get(id)
    return record_of(snapshot, id, row.since).name if row else id


def goods_of(snapshot: Snapshot) -> Callable[[str], str]:
    """A function that names the goods that a unit counts; it gives the id if the ledger does not have the unit."""

    @cache
    def name(unit: str) -> str:
        row = snapshot.books.unit.get(unit)
        records: Any = snapshot.leaf(row.since).statement.records if row else ()
        return next((record.name for record in records if record.kind == "unit" and record.unit == unit), unit)

    return name


def _payee(record: Record) -> str:
    return next((payee_name(payee) for payee, _ in values_of("disburses", record.remembers, record)), "")


def _fund(record: Any) -> str:
    """The other fund to which the record moves what it takes out of one."""
    if _payee(record) or not says("goes-out", record.moves):
        return ""
    return next((fund for (fund, _), *_ in values_of("comes-in", record.moves, record) if fund != record.fund), "")
