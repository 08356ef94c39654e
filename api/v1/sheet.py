"""CSV that programs read correctly and that a spreadsheet can open safely.

It is UTF-8 with a byte order mark, because without it many spreadsheets show Chinese names as garbage. Lines end in CRLF (RFC
4180). Text is quoted, and still many readers guess its type. So text gets a leading apostrophe if a spreadsheet could take it for a
formula, or any reader for a number, a day, a truth value or nothing, or if it already begins with an apostrophe. Removing one
apostrophe gives the text again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import BaseModel

from ledger.pasted import MARK

from .table import Cell, Kind, columns_of, rows_of

BYTE_ORDER_MARK = "\ufeff"
APOSTROPHE = "'"
# Full-width signs too, because spreadsheets in East Asian locales read them like ordinary ones.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
DIGIT = re.compile(r"\d")
LETTERS = re.compile(r"[^\W\d_]+")
NOT_TEXT = frozenset(("true", "false", "yes", "no", "t", "f", "y", "n", "null", "none", "nil", "na", "n/a", "nan", "inf",
                      "infinity"))  # fmt: skip
"""Words that some reader takes for a value."""
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
IN_DAYS_AND_NUMBERS = frozenset((
    *MONTHS, *WEEKDAYS, *(name[:3] for name in (*MONTHS, *WEEKDAYS)), "sept", "am", "pm", "st", "nd", "rd", "th", "t", "z", "e",
    "utc", "gmt", *"年月日号时分秒点", "上午", "下午",
))  # fmt: skip


class Sheet:
    """Writes items of a model as CSV, part by part."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._columns = columns_of(model)

    def begin(self) -> bytes:
        """The header, which is always there."""
        return (BYTE_ORDER_MARK + _line([_quoted(column.name) for column in self._columns])).encode()

    def items(self, items: Sequence[BaseModel]) -> bytes:
        """One line per item."""
        kinds = [column.kind for column in self._columns]
        rows = rows_of(self._columns, items)
        return "".join(_line([_written(cell, kind) for cell, kind in zip(row, kinds, strict=True)]) for row in rows).encode()

    def end(self) -> bytes:
        """Nothing more."""
        return b""


def _line(fields: list[str]) -> str:
    return ",".join(fields) + "\r\n"


def _written(cell: Cell, kind: Kind) -> str:
    if cell is None:
        return ""
    if kind == "truth":
        return "true" if cell else "false"
    if kind in ("integer", "sum", "decimal"):
        return str(cell)
    return _quoted(defused(str(cell)) if kind == "text" else str(cell))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def defused(text: str) -> str:
    """The text, changed so that no reader mistakes it for anything else."""
    return f"{APOSTROPHE}{text}" if text.startswith((*FORMULA_SIGNS, APOSTROPHE)) or is_misread(text) else text


def is_misread(text: str) -> bool:
    """Whether some reader takes the text for a number, a day or time of day, a truth value or nothing."""
    if text.startswith(MARK):
        return False
    said = text.strip().lower()
    return said in NOT_TEXT or (DIGIT.search(said) is not None and IN_DAYS_AND_NUMBERS.issuperset(LETTERS.findall(said)))
