"""Amounts and units in answers of the API."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from ledger.amount import MAX_EXPONENT
from ledger.books.field import Evidence
from ledger.books.state import Books
from ledger.books.statement_context import Flow
from ledger.bounds import MAX_INTEGER

from .text_types import SignedSumSaid, SumSaid


class Answer(BaseModel):
    """Base of every answer. An answer is immutable and has exactly the declared members."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)


class Money(Answer):
    """`minor` times 10^-exponent of a unit: 1000, CNY, 2 is 10.00 CNY. Goods are counted in the same way. An amount of the ledger
    is at most 2^53-1, a sum of amounts may be more."""

    minor: int = Field(ge=0)
    unit: str
    exponent: int = Field(ge=0, le=MAX_EXPONENT)


class SumOfMoney(Money):
    """A sum of amounts."""

    minor: SumSaid


class SignedMoney(SumOfMoney):
    """What records add to a sum together: below 0 if they take from it."""

    minor: SignedSumSaid


class Span(Answer):
    """Units [start, end) of a tape, in minor units."""

    start: int = Field(ge=0, le=MAX_INTEGER)
    end: int = Field(ge=1, le=MAX_INTEGER)


class Units(Answer):
    """Units [start, end) of the tape `<fund>/<unit>` that came in (`+`) or went out (`-`)."""

    sign: str = Field(pattern=r"^[+-]$")
    tape: str
    start: int = Field(ge=0, le=MAX_INTEGER)
    end: int = Field(ge=1, le=MAX_INTEGER)


class File(Answer):
    """A file that is evidence for a record, as a commitment: the SHA-256 of a secret salt and the file."""

    bytes: int = Field(ge=0, le=MAX_INTEGER)
    digest: str
    media: str


def money_of(books: Books, minor: int, unit: str) -> Money:
    """An amount with the exponent that the ledger declares for its unit."""
    declared = books.unit.get(unit)
    return Money(minor=minor, unit=unit, exponent=declared.exponent if declared else 0)


def sum_of(books: Books, minor: int, unit: str) -> SumOfMoney:
    """A sum of amounts in a unit."""
    return SumOfMoney(**money_of(books, minor, unit).model_dump())


def signed_of(books: Books, minor: int, unit: str) -> SignedMoney:
    """What is added to a sum in a unit, or taken from it."""
    declared = books.unit.get(unit)
    return SignedMoney(minor=minor, unit=unit, exponent=declared.exponent if declared else 0)


def unit_of(tape: str) -> str:
    """The unit of a tape `<fund>/<unit>`."""
    return tape.partition("/")[2]


def units_of(rows: Sequence[Flow]) -> list[Units]:
    """The flows of a record."""
    return [Units(sign=sign, tape=tape, start=start, end=end) for _, sign, tape, start, end in rows]


def files_of(evidence: Sequence[Evidence] | None) -> list[File]:
    """The evidence that a record names."""
    return [File(bytes=file.bytes, digest=file.digest, media=file.media) for file in evidence or ()]
