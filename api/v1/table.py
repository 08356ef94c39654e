"""Answers as tables, for NDJSON, CSV and Parquet. The columns depend only on the model, so they are the same on every page and in
every form.

A nested member becomes one column for each of its members. An amount becomes `amount`, the decimal, beside `amount_minor`,
`amount_unit` and `amount_exponent`. A list becomes one column of JSON text. Programs guess types, some from the first hundred rows.
So a reference is written `#52.10`, which is not mistaken for the number 52.1, and only text may be absent, because some programs
fail if a number is absent in the first rows and present in a later one.
"""

from __future__ import annotations

import json
import types
from collections.abc import Sequence
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from ledger.pasted import marked_ref

from .money import Money
from .text_types import DAY_SAID, REF_SAID, SUM_SAID, TIME_SAID

Cell = str | int | bool | None
Kind = Literal["text", "reference", "day", "moment", "integer", "sum", "decimal", "truth", "references", "json"]
KINDS: dict[object, Kind] = {str: "text", int: "integer", bool: "truth"}
MEANT: dict[object, Kind] = {REF_SAID: "reference", DAY_SAID: "day", TIME_SAID: "moment", SUM_SAID: "sum"}


class Column(NamedTuple):
    """A column: its name, the path of its value in the item, and its type."""

    name: str
    path: tuple[str, ...]
    kind: Kind


def columns_of(model: type[BaseModel], path: tuple[str, ...] = ()) -> list[Column]:
    """The columns for items of a model, in the order of its fields. Raises TypeError if anything other than text may be absent."""
    columns: list[Column] = []
    for name, field in model.model_fields.items():
        inner, here = _without_none(field.annotation), (*path, name)
        may_be_absent = inner is not field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            kind: Kind | None = None
            columns += [Column("_".join(here), here, "decimal")] if issubclass(inner, Money) else []
            columns += columns_of(inner, here)
        else:
            kind = _kind(inner, field.metadata)
            columns.append(Column("_".join(here), here, kind))
        if may_be_absent and kind not in ("text", "reference", "day", "moment"):
            raise TypeError(f"{model.__name__}.{name}: only text may be absent from a table")
    return columns


def rows_of(columns: Sequence[Column], items: Sequence[BaseModel]) -> list[list[Cell]]:
    """One row per item."""
    return [[_cell(column, item) for column in columns] for item in (item.model_dump(mode="json") for item in items)]


def _cell(column: Column, item: Any) -> Cell:
    for name in column.path:
        item = item[name]
    if item is None:
        return None
    if column.kind == "reference":
        return marked_ref(item)
    if column.kind == "decimal":
        return decimal_text(item["minor"], item["exponent"])
    if column.kind in ("json", "references"):
        return json_text([marked_ref(ref) for ref in item] if column.kind == "references" else item)
    cell: Cell = item
    return cell


def json_text(value: object) -> str:
    """JSON on one line. Unlike the ledger's canonical JSON, it allows sums above 2^53-1."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def decimal_text(minor: int, exponent: int) -> str:
    """1000 with exponent 2 is `10.00`; with exponent 0 it is `1000.0`, so that readers see a column of decimals from the first row
    on."""
    whole, rest = divmod(abs(minor), 10**exponent)
    sign = "-" if minor < 0 else ""
    return f"{sign}{whole}.{rest:0{exponent}}" if exponent else f"{sign}{whole}.0"


def _kind(annotation: Any, metadata: Sequence[object] = ()) -> Kind:
    meant = next((MEANT[one] for one in metadata if isinstance(one, str) and one in MEANT), None)
    if meant:
        return meant
    if get_origin(annotation) is Annotated:
        return _kind(get_args(annotation)[0], annotation.__metadata__)
    if get_origin(annotation) is list and _kind(get_args(annotation)[0]) == "reference":
        return "references"
    return "text" if get_origin(annotation) is Literal else KINDS.get(annotation, "json")


def _without_none(annotation: object) -> object:
    """`X` from `X | None`."""
    if get_origin(annotation) in (Union, types.UnionType):
        rest = [part for part in get_args(annotation) if part is not type(None)]
        return rest[0] if len(rest) == 1 else annotation
    return annotation
