"""Turns rows of a CSV file into gifts, by a mapping."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ..amount import MARKS, Notation, to_minor
from ..entries.channel_reference import CHARACTERS, normal_reference
from ..errors import InputError, RowError, SchemaError, UsageError, shown
from .day import day_reader
from .fault import Faults
from .mapping import Gifts, Mapping, Skip
from .reading import BLOCK_BYTES, SummedFile

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

CACHED = 4096
# Digits with separators between them, whatever the separators mean.
MARKED = re.compile(f"[0-9]+(?:[{''.join(MARKS)}][0-9]+)+")

# (row number, day received, amount in minor units, fee in minor units or 0, what identifies the row)
Gift = tuple[int, str, int, int, str]


class Terms(NamedTuple):
    """What the ledger says about a file's gifts: the exponent of their unit, the offset of its days from UTC, its current local
    day."""

    exponent: int
    offset_minutes: int
    today: str


class GiftRows:
    """The reading of a file. Iterating yields its gifts; after that, `rows` and `skipped` have their totals."""

    def __init__(self, file: SummedFile, mapping: Mapping, terms: Terms, faults: Faults) -> None:
        self._file, self._mapping, self._terms, self._faults = file, mapping, terms, faults
        self.rows = 0
        self.skipped = 0

    def __iter__(self) -> Iterator[Gift]:
        """Raises UsageError if a column is missing, RowError if a row is broken (see `Faults`), StorageError."""
        form = self._mapping.file
        buffered = io.BufferedReader(self._file, BLOCK_BYTES)
        text = io.TextIOWrapper(buffered, form.encoding, errors="surrogateescape", newline="")
        try:
            yield from self._gifts(csv.reader(text, delimiter=form.delimiter, strict=True))
        except (csv.Error, UnicodeError) as error:
            # What follows cannot be split into rows, so it cannot be left out row by row either.
            number = self.rows + 1
            raise RowError(f"row {number} or after: not CSV in {form.encoding}: {error}", rule="csv", where=str(number)) from None
        finally:
            text.detach()
            buffered.detach()

    def _gifts(self, reader: CsvReader) -> Iterator[Gift]:
        read = gift_reader(self._mapping, next(reader, []), self._terms)
        number = 0
        for cells in reader:
            if not cells:
                continue
            self.rows = number = number + 1
            try:
                gift = read(number, cells)
            except InputError as error:
                self._faults.meet(number, f"row {number} (line {reader.line_num}), column {error.where!r}", error)
                continue
            if gift is None:
                self.skipped += 1
            else:
                yield gift


def gift_reader(mapping: Mapping, header: list[str], terms: Terms) -> Callable[[int, list[str]], Gift | None]:
    """A function from a row's number and cells to its gift, or None if the row is skipped. It raises SchemaError, with the column
    in `where`; making it raises UsageError if the header lacks a column."""
    gifts, width = mapping.gifts, len(header)
    received_at, amount_at = _column(header, gifts.received), _column(header, gifts.amount)
    fee_at = _column(header, gifts.fee) if gifts.fee else None
    reference_at = _column(header, gifts.reference) if gifts.reference else None
    skipped = _skip_test(gifts.skip, header)
    day_of = day_reader(gifts.received, gifts.received_form, terms.offset_minutes, terms.today)
    amount_of = amount_reader(gifts, gifts.amount, terms.exponent)
    fee_of = amount_reader(gifts, gifts.fee or "", terms.exponent, least=0)

    def read(number: int, cells: list[str]) -> Gift | None:
        if len(cells) != width:
            raise SchemaError(
                f"has {len(cells)} cells, but the header has {width}; correct the row", rule="cells", where=gifts.received,
            )
        if skipped is not None and skipped(cells):
            return None
        received, amount_text = cells[received_at].strip(), cells[amount_at].strip()
        day, amount = day_of(received), amount_of(amount_text)
        fee, fee_text = 0, ""
        if fee_at is not None:
            fee_text = cells[fee_at].strip()
            fee = fee_of(fee_text) if fee_text else 0
            if fee >= amount:
                message = f"fee {shown(fee_text)}: must be less than the amount {shown(amount_text)}"
                raise SchemaError(message, rule="fee", where=gifts.fee or "")
        if reference_at is None:
            return number, day, amount, fee, f"{received}\0{amount_text}\0{fee_text}"
        reference = cells[reference_at].strip()
        # Only values that are not in the simplest form need this check; there may be millions of rows.
        if not (reference.isascii() and reference.isprintable() and 0 < len(reference) <= CHARACTERS):
            reference = _reference(reference, gifts.reference or "")
        return number, day, amount, fee, reference

    return read


def _column(header: list[str], name: str) -> int:
    names = [unicodedata.normalize("NFC", column.strip()) for column in header]
    name = unicodedata.normalize("NFC", name)
    if names.count(name) != 1:
        found = ", ".join(map(shown, names[:20])) or "none"
        how_often = "is missing" if name not in names else "is twice"
        raise UsageError(f"column {name!r}: {how_often} in the header; it has {found}", rule="column", where=name)
    return names.index(name)


def _skip_test(skip: Skip | None, header: list[str]) -> Callable[[list[str]], bool] | None:
    if skip is None:
        return None
    at = _column(header, skip.column)
    if skip.when == "empty":
        return lambda cells: not cells[at].strip()
    return lambda cells: cells[at].lstrip()[:1] in ("-", "\u2212")


def _reference(text: str, column: str) -> str:
    try:
        text.encode()
        return normal_reference(text)
    except UnicodeEncodeError:
        message = f"reference {shown(text)}: cannot be read in the file's encoding; name the right encoding in the mapping"
        raise SchemaError(message, rule="reference", where=column) from None
    except SchemaError as error:
        raise SchemaError(error.message, rule=error.rule, where=column) from None


def amount_reader(gifts: Gifts, column: str, exponent: int, least: int = 1) -> Callable[[str], int]:
    """A function from a cell to minor units, which remembers the latest amounts. It raises SchemaError."""
    in_minor_units = gifts.amount_form == "minor"

    @lru_cache(CACHED)
    def amount(text: str) -> int:
        try:
            return to_minor(text, 0 if in_minor_units else exponent, gifts.unit, gifts.notation, least)
        except SchemaError as error:
            whole = f"amount {shown(text)}: is not a whole number of minor units of {gifts.unit}"
            message = (whole if in_minor_units else error.message) + _of_marks(text, gifts.notation)
            raise SchemaError(message, rule=error.rule, where=column) from None

    return amount


def _of_marks(text: str, notation: Notation) -> str:
    """What to do if a cell may be written in a different notation than the mapping says."""
    if not MARKED.fullmatch(text):
        return ""
    now = f'decimal_mark "{notation.decimal_mark}"' + (f', thousands "{notation.thousands}"' if notation.thousands else "")
    return f"; it is read with {now}: if the file writes otherwise, say so in the mapping"
