"""Statements of gifts that are alike, judged by columns: the first gift as a whole, of the others what differs.

A festival's statement holds 64 gifts that differ in amount and reference. To make 64 records of it in order to add up their
amounts is most of what an audit would do. What is accepted here is what `statement.validated` accepts, since the same types judge
it; whatever is not of this form is left to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from .books.act import Run
from .books.record import KINDS, Record
from .canonical import encode
from .errors import GiveTrailError
from .statement import RECORDS, Statement, validated

FEWEST = 4


class Alike(NamedTuple):
    """A statement of records that are alike: `statement` has only the first of them, `run` the amounts of all, `keys` what they
    have that may exist once."""

    statement: Statement
    run: Run
    keys: Sequence[str]


def by_columns(value: dict[str, Any]) -> Alike | None:
    """The statement that canonical bytes decoded to, or None where its records are not of one run, or not worth it, or wrong."""
    records = value.get("records")
    if not isinstance(records, list) or not FEWEST <= len(records) <= RECORDS:
        return None
    kind = _kind(records[0])
    columns = _varying(records, kind) if kind is not None else None
    if columns is None:
        return None
    try:
        statement = validated(encode({**value, "records": records[:1]}))
        for name, column in columns.items():
            _column(kind, name).validate_json(encode(column))
    except (GiveTrailError, ValidationError):
        return None
    first = statement.records[0]
    if first.stands_alone():
        return None
    return Alike(statement, Run(first, tuple(columns["amount"])), first.keys_of_run(statement.party, columns))


def _kind(record: Any) -> type[Record] | None:
    """The kind of a record, where its records can be alike."""
    name = record.get("kind") if isinstance(record, dict) else None
    kind = KINDS.get(name) if isinstance(name, str) else None
    return kind if kind is not None and kind.alike is not None else None


def _varying(records: list[Any], kind: type[Record]) -> dict[str, list[Any]] | None:
    """The columns of the fields that may differ; None where others do, or members are missing or too many."""
    first = records[0]
    same = [name for name in first if name not in kind.varies]
    # What equals a text is that text: a number could equal another that is written otherwise.
    if not all(type(first[name]) is str for name in same):
        return None
    if set(map(type, records)) != {dict} or set(map(len, records)) != {len(first)}:
        return None
    try:
        rows = list(map(itemgetter(*same), records))
        columns = {name: list(map(itemgetter(name), records)) for name in first if name in kind.varies}
    except KeyError:
        return None
    if rows.count(rows[0]) != len(rows) or any(None in column for column in columns.values()):
        return None
    return columns


@cache
def _column(kind: type[Record], name: str) -> TypeAdapter[Any]:
    """What judges a column: a list of the field's own type."""
    return TypeAdapter(list[get_type_hints(kind, include_extras=True)[name]], config=ConfigDict(strict=True))
