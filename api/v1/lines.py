"""NDJSON that programs open without configuration. Every line has the same members, none of them a list, an object or null, because
many programs take the type of a member from the first lines. Absent text is ""."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

from .table import columns_of, json_text, rows_of


class Lines:
    """Writes items of a model as NDJSON, part by part."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._columns = columns_of(model)

    def begin(self) -> bytes:
        """Nothing before the first item."""
        return b""

    def items(self, items: Sequence[BaseModel]) -> bytes:
        """One line per item."""
        names = [column.name for column in self._columns]
        rows = ({name: "" if cell is None else cell for name, cell in zip(names, row, strict=True)}
                for row in rows_of(self._columns, items))  # fmt: skip
        return "".join(json_text(row) + "\n" for row in rows).encode()

    def end(self) -> bytes:
        """Nothing more."""
        return b""
