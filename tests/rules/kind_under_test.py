"""A kind whose rows a test writes, with a field of every sort that a row can name."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from ledger.books.field import Amount, Day, DisbursementRef, FundId, KeyText, Part, Ranges, Ratio, Ref, Slug, Unit
from ledger.books.kind import Kind
from ledger.books.record import BY_OWNER, Record

NAME = "probe"


class Bit(Part):
    """A part that can be left out, and holds a list and what can be left out."""

    fund: FundId
    day: Day | None = None
    tags: Annotated[tuple[Slug, ...], Field(min_length=1)] | None = None


class Share(Part):
    """An item whose members are called as those of a tuple, or of what holds it."""

    fund: FundId
    count: Amount
    index: Amount
    record: Amount
    field: Amount
    item: Amount


class Holder(Part):
    """A key, and whose it is."""

    key: KeyText
    officer: Slug


def fields() -> type[Record]:
    """A class with all of its fields but `kind`, so that it is no kind yet."""

    class Base(Kind):
        stage: ClassVar[str] = "control"
        signing: ClassVar[Any] = BY_OWNER

        fund: FundId
        unit: Unit
        amount: Amount
        day: Day
        of: Ref
        paid: DisbursementRef
        rate: Ratio
        count: Amount
        index: Amount
        record: Amount
        field: Amount
        item: Amount
        end: Day | None = None
        until: Day | None = None
        other: Ref | None = None
        to: FundId | None = None
        bit: Bit | None = None
        units: Ranges | None = None
        shares: tuple[Share, ...] | None = None
        keys: tuple[Holder, ...] | None = None
        tags: tuple[Slug, ...] = ()

        @property
        def later(self) -> str:
            """Is in no JSON."""
            return "2999-01-01"

    return Base


def probe(base: type[Record] | None = None, **said: Any) -> type[Record]:
    """Make the class `Probe` of these fields, which says this. Raises TypeError."""
    base = base or fields()
    for name, value in said.items():
        setattr(base, name, value)

    class Probe(base):  # type: ignore[misc, valid-type]
        kind: Literal["probe"]

    return Probe
