"""Parquet, where the extra is installed."""

from __future__ import annotations

import importlib
import io
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from ..problem import RequestRefused
from .table import Column, columns_of, rows_of


def parquet_of(model: type[BaseModel], items: Sequence[BaseModel]) -> bytes:
    """A Parquet file with one row an item. Raises RequestRefused (406) where pyarrow is not installed."""
    arrow, parquet = _library("pyarrow"), _library("pyarrow.parquet")
    columns = columns_of(model)
    rows = rows_of(columns, items)
    schema = arrow.schema([(column.name, _type(arrow, column)) for column in columns])
    arrays = [arrow.array([row[at] for row in rows], field.type) for at, field in enumerate(schema)]
    file = io.BytesIO()
    parquet.write_table(arrow.Table.from_arrays(arrays, schema=schema), file)
    return file.getvalue()


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise RequestRefused(
            HTTPStatus.NOT_ACCEPTABLE, "parquet: this server lacks the extra `givetrail[parquet]`; ask for another form",
            rule="not-acceptable", where="format",
        ) from None  # fmt: skip


def _type(arrow: Any, column: Column) -> Any:
    return {"integer": arrow.int64(), "truth": arrow.bool_()}.get(column.kind, arrow.string())
