"""Amounts between people and the ledger: whole numbers of minor units inside, decimals with the unit's exponent outside."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from .canonical import MAX_INTEGER
from .errors import SchemaError, shown

MAX_EXPONENT = 9


def to_minor(text: str, exponent: int, unit: str) -> int:
    """`"12.50"` with exponent 2 → 1250. Raises SchemaError on anything but a plain positive decimal the unit can hold exactly."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not text.isascii() or set(text) - set("0123456789."):
        raise SchemaError(f"amount {shown(text)}: not a decimal number such as 12.50", rule="amount", where="amount")
    minor = value.scaleb(exponent)
    if minor != minor.to_integral_value():
        raise SchemaError(
            f"amount {shown(text)}: {unit} has {exponent} decimals; give no more", rule="amount", where="amount"
        )
    if not 1 <= minor <= MAX_INTEGER:
        raise SchemaError(
            f"amount {shown(text)}: an amount is 1 to {MAX_INTEGER} minor units of {unit}", rule="amount", where="amount"
        )
    return int(minor)


def to_text(amount_minor: int, exponent: int, unit: str) -> str:
    """1250 with exponent 2 → `"12.50 CNY"`; no grouping, so that the text can be searched and read back."""
    return f"{Decimal(amount_minor).scaleb(-exponent):f} {unit}"
