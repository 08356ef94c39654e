"""Amounts between the command line and the books: the unit of an amount, and the decimal that shows it.

People write decimals with the exponent of the unit; records hold minor units. The unit of a field is found by its name:

    amount       the unit of its own part, or else of the record, or else of the payment that the record's `of` names
    quantity     the unit of its own part
    cost, fee    the unit of the record
    fixed        the unit of its own part
    …_amount     the …_unit beside it
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ledger.amount import to_minor, to_text
from ledger.books.state import Books
from ledger.errors import NotFound, SchemaError, shown
from ledger.imports.entering import exponent_of

FROM_OF = "of"


def is_amount(field: str) -> bool:
    """Whether a field of that name, if it is a whole number, is an amount in minor units."""
    return field in ("amount", "quantity", "cost", "fee", "fixed") or field.endswith("_amount")


def unit_of(field: str, part: Mapping[str, Any], record: Mapping[str, Any], books: Books) -> str | None:
    """The unit of an amount, by the rule above; None if nothing names one."""
    if field.endswith("_amount"):
        return part.get(field.removesuffix("amount") + "unit")
    own = None if field == "cost" else part.get("unit")
    if own is not None or field == "quantity":
        return own
    return record.get("unit") or _unit_paid(record.get(FROM_OF), books)


def _unit_paid(ref: object, books: Books) -> str | None:
    row = books.disbursement.get(ref) if isinstance(ref, str) else None
    return row.tape.partition("/")[2] if row else None


def minor(text: object, field: str, part: Mapping[str, object], record: Mapping[str, object], books: Books) -> int:
    """The minor units of a decimal. Raises SchemaError naming field and value; Refused for an undeclared unit; NotFound."""
    if not isinstance(text, str):
        why = 'give a decimal as text, such as "12.50"; only --file takes minor units'
        raise SchemaError(f"{field} {shown(text)}: {why}", rule="amount", where=field)
    unit = unit_of(field, part, record, books)
    if unit is None:
        named = record.get(FROM_OF)
        why = f"{named} is not a payment or delivery; give one with --of" if named else "it has no unit; give one with --unit"
        raise NotFound(f"{field} {shown(text)}: {why}", rule="reference", where=field)
    try:
        return to_minor(text, exponent_of(books, unit), unit)
    except SchemaError as error:
        raise SchemaError(f"{field}{error.message.removeprefix('amount')}", rule=error.rule, where=field) from None


def decimal(amount_minor: int, unit: str, books: Books) -> str:
    """An amount as people read it; in minor units if the ledger does not know the unit."""
    row = books.unit.get(unit)
    return to_text(amount_minor, row.exponent, unit) if row else f"{amount_minor} minor units of {unit}"
