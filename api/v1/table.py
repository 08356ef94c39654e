"""Answers as tables, for CSV and Parquet: the columns follow from the model, so they are the same on every page.

A member of its own members becomes a column for each (`amount` → `amount_minor`, `amount_unit`, `amount_exponent`); a list is one
column of JSON text.
"""

from __future__ import annotations

import types
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from ledger.canonical import encode

Cell = str | int | bool | None
Kind = Literal["text", "integer", "truth", "json"]
KINDS: dict[Any, Kind] = {str: "text", int: "integer", bool: "truth"}


class Column(NamedTuple):
    """A column: its name, where its value stands in the item, and what it is."""

    name: str
    path: tuple[str, ...]
    kind: Kind


def columns_of(model: type[BaseModel], path: tuple[str, ...] = ()) -> list[Column]:
    """The columns of items of a model, in the order of its fields."""
    columns: list[Column] = []
    for name, field in model.model_fields.items():
        inner, here = _without_none(field.annotation), (*path, name)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            columns += columns_of(inner, here)
        else:
            columns.append(Column("_".join(here), here, _kind(inner)))
    return columns


def rows_of(columns: Sequence[Column], items: Sequence[BaseModel]) -> list[list[Cell]]:
    """One row an item."""
    return [[_cell(column, item) for column in columns] for item in (item.model_dump(mode="json") for item in items)]


def _cell(column: Column, item: Any) -> Cell:
    for name in column.path:
        if item is None:
            return None
        item = item[name]
    return encode(item).decode() if column.kind == "json" and item is not None else item


def _kind(annotation: Any) -> Kind:
    if get_origin(annotation) is Literal:
        return "text"
    return KINDS.get(annotation, "json")


def _without_none(annotation: Any) -> Any:
    """`X` of `X | None`."""
    if get_origin(annotation) in (Union, types.UnionType):
        rest = [part for part in get_args(annotation) if part is not type(None)]
        return rest[0] if len(rest) == 1 else annotation
    return annotation
