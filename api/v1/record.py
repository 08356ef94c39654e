"""What every answer about a record has, the records of every kind, and how records are found."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from starlette.responses import Response

from ledger.books.gift import split_ref
from ledger.books.marks import marks_of
from ledger.canonical import JsonObject
from ledger.errors import NotFound
from ledger.view.listing import Listed
from ledger.view.snapshot import Snapshot

from .list_request import OfRecords, One
from .money import Answer, Units, units_of
from .page import Batch
from .param import KindAsked, Ref, Sought, Wanted
from .route_docs import lists, resource, says
from .text_types import DaySaid, RefSaid, TimeSaid

Say = Callable[[Snapshot, Listed], Answer]
Question = Callable[[Snapshot, str | None, int], Batch]

router = resource("records")


class Said(Answer):
    """What every record has: its reference, the party that made it, and when it was entered (UTC). If the party declared it void,
    `void_by` is the reversal, with its day `void_on` and its `void_reason`: the record is in no sum. If it breaks rules of conduct
    and says so, `breach_findings` are the rules, and `breach_reason` is why."""

    ref: RefSaid
    party: str
    time: TimeSaid
    void_by: RefSaid | None
    void_on: DaySaid | None
    void_reason: str | None
    breach_findings: list[str]
    breach_reason: str | None


class Record(Said):
    """A record of any kind. `record` is as it was signed: its amounts are in minor units, and `@2` means record 2 of the same
    entry."""

    kind: str
    stage: str
    record: JsonObject
    units: list[Units]


def found(kind: str, wanted: Wanted, answer: Say) -> Question:
    """The question for a page of records, each converted by `answer(snapshot, listed)`. A cursor is the name of the last record."""

    def question(snapshot: Snapshot, cursor: str | None, limit: int) -> Batch:
        after = split_ref(cursor) if cursor else None
        page = snapshot.records(kind=kind, **wanted.conditions, after=after, limit=limit, newest_first=wanted.newest_first)
        return Batch([answer(snapshot, listed) for listed in page.items], "{}.{}".format(*page.next) if page.next else None)

    return question


def one(snapshot: Snapshot, ref: str, *kinds: str) -> Listed:
    """The record with that name, if it is of one of these kinds, or of any kind if none is named. Raises NotFound."""
    entry, number = split_ref(ref)
    leaf = snapshot.leaf(entry)
    target = leaf.target(number)
    if target is None or (kinds and target.record.kind not in kinds):
        what = f"is a {target.record.kind}" if target else f"entry {entry} has no record {number}"
        raise NotFound(f"{ref}: {what}; give a {' or '.join(kinds) or 'record'}", rule="reference", where=ref)
    return Listed(ref, target.record, leaf, leaf.rows(number))


def serve_kind(router: APIRouter, path: str, kind: str, model: type[Answer], answer: Say, *, many: str, single: str) -> None:
    """Add the two routes of a kind of record: the list at `path`, and each record by its name. `answer` converts a record; `many`
    and `single` describe the routes."""

    @router.get(path, name=path[1:], description=many, **lists(model))
    async def listing(asked: OfRecords, sought: Sought) -> Response:
        return await asked.page(model, found(kind, sought, answer))

    @router.get(f"{path}/{{ref}}", name=kind, description=single, **says(model))
    async def named(asked: One, ref: Ref) -> Response:
        return await asked.answer(lambda snapshot: answer(snapshot, one(snapshot, ref, kind)))


def said(snapshot: Snapshot, listed: Listed) -> JsonObject:
    """The members of `Said`."""
    marks = marks_of(snapshot.books, listed.ref)._asdict()
    return {"ref": listed.ref, "party": listed.leaf.statement.party, "time": listed.leaf.entry.time, **marks}


def absolute(ref: str, listed: Listed) -> str:
    """A reference in a record; `@2` is record 2 of the same entry."""
    return f"{listed.leaf.entry.index}.{ref[1:]}" if ref[0] == "@" else ref


def record_of(snapshot: Snapshot, listed: Listed) -> Record:
    """A record as it was signed."""
    number = split_ref(listed.ref)[1]
    raw = listed.leaf.entry.statement["records"][number]
    return Record(
        **said(snapshot, listed), kind=listed.record.kind, stage=listed.record.stage, record=raw, units=units_of(listed.rows)
    )


@router.get("/records", **lists(Record))
async def records(asked: OfRecords, sought: Sought, kind: KindAsked = None) -> Response:
    """Records of every kind, or of one."""
    return await asked.page(Record, found(kind or "", sought, record_of))


@router.get("/records/{ref}", **says(Record))
async def record(asked: One, ref: Ref) -> Response:
    """A record of any kind."""
    return await asked.answer(lambda snapshot: record_of(snapshot, one(snapshot, ref)))
