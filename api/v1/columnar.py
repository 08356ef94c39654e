"""Parquet, if the extra is installed: text, days, times (UTC), decimals and integers have their own types."""

from __future__ import annotations

import importlib
import importlib.util
import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from ledger.amount import MAX_EXPONENT

from .table import Cell, Column, Kind, columns_of, rows_of

LIBRARY = "pyarrow"
LACKING = "parquet: this server does not have the extra `givetrail[parquet]`; ask for another format"
GROUP_ROWS = 10_000
"""How many rows are kept and written together. Every row group costs readers a look-up."""
DIGITS = 38
READ: dict[Kind, Any] = {"day": date.fromisoformat, "moment": datetime.fromisoformat, "decimal": Decimal}


def is_there() -> bool:
    """Whether Parquet can be written here."""
    return importlib.util.find_spec(LIBRARY) is not None


class Columnar:
    """Writes items of a model as a Parquet file, part by part. It needs the library."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._arrow, parquet = importlib.import_module(LIBRARY), importlib.import_module(f"{LIBRARY}.parquet")
        self._columns = columns_of(model)
        self._schema = self._arrow.schema([(column.name, _type(self._arrow, column.kind)) for column in self._columns])
        self._out, self._rows = _Drain(), list[list[Cell]]()
        self._file = parquet.ParquetWriter(self._out, self._schema)

    def begin(self) -> bytes:
        """The first bytes."""
        return self._out.drained()

    def items(self, items: Sequence[BaseModel]) -> bytes:
        """Keep items. Returns the bytes of a row group when one is full."""
        self._rows += rows_of(self._columns, items)
        if len(self._rows) >= GROUP_ROWS:
            self._write()
        return self._out.drained()

    def end(self) -> bytes:
        """The rest, and the index at the end of the file."""
        if self._rows:
            self._write()
        self._file.close()
        return self._out.drained()

    def _write(self) -> None:
        arrays = [
            self._arrow.array([_value(column, row[at]) for row in self._rows], self._schema.field(at).type)
            for at, column in enumerate(self._columns)
        ]
        self._file.write_table(self._arrow.Table.from_arrays(arrays, schema=self._schema))
        self._rows = []


class _Drain(io.RawIOBase):
    """A file that keeps only what was written since the last read."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._at = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def write(self, raw: Any) -> int:
        part = bytes(raw)
        self._parts.append(part)
        self._at += len(part)
        return len(part)

    def drained(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def _type(arrow: Any, kind: Kind) -> object:
    types = {
        "integer": arrow.int64(), "truth": arrow.bool_(), "day": arrow.date32(), "moment": arrow.timestamp("us", "UTC"),
        "decimal": arrow.decimal128(DIGITS, MAX_EXPONENT), "sum": arrow.decimal128(DIGITS, 0),
    }  # fmt: skip
    return types.get(kind, arrow.string())


def _value(column: Column, cell: Cell) -> object:
    return READ[column.kind](cell) if cell is not None and column.kind in READ else cell
