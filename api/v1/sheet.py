"""CSV that a spreadsheet can open without harm.

UTF-8 behind a byte order mark: without it the spreadsheets of many readers show Chinese names as garbage, and programs have NDJSON
and Parquet. Lines end in CRLF (RFC 4180). Text stands in quotes. A text that a spreadsheet could take for a formula gets an
apostrophe before it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel

from .table import Cell, columns_of, rows_of

BYTE_ORDER_MARK = "\ufeff"
# The full-width signs count too: spreadsheets of East Asian locales read them as the others.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_of(model: type[BaseModel], items: Sequence[BaseModel]) -> bytes:
    """A header and one line an item."""
    columns = columns_of(model)
    lines = [[column.name for column in columns], *rows_of(columns, items)]
    return (BYTE_ORDER_MARK + "".join(",".join(map(_written, line)) + "\r\n" for line in lines)).encode()


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int):
        return str(cell)
    return '"' + defused(cell).replace('"', '""') + '"'


def defused(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
