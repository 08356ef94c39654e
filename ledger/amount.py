"""Amounts as people write them and as the ledger keeps them: decimals with the unit's exponent, and whole numbers of minor units.

Every number that a person writes is read here. Its digits are counted in the text, and an amount that is not exact is refused,
never rounded.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from .bounds import MAX_AMOUNT, MAX_INTEGER
from .errors import SchemaError, shown

MAX_EXPONENT = 9
DIGITS = len(str(MAX_INTEGER))
# Marks that look alike on paper.
WRITTEN_ALIKE = {" ": " \u00a0\u2009\u202f", "'": "'\u2019"}
MARKS = (".", ",", *WRITTEN_ALIKE.values())
# A double has 17 digits at most. A program that counts in doubles gets only a few of its last binary places wrong.
DOUBLE_DIGITS = 17
NOISE_ULP = 4
MOST_NOISE_MINOR = 0.01


class Notation(NamedTuple):
    """How numbers are written: the decimal mark, and the mark between groups of three digits, or "" if there is none."""

    decimal_mark: str = "."
    thousands: str = ""


PLAIN = Notation()


class Money(NamedTuple):
    """An amount in a message: minor units, and the number of decimals of their unit. As text `12.50 CNY`."""

    amount_minor: int
    unit: str
    exponent: int

    def __str__(self) -> str:
        return to_text(self.amount_minor, self.exponent, self.unit)

    def __format__(self, spec: str) -> str:
        return str(self)


@cache
def _pattern(notation: Notation) -> re.Pattern[str]:
    """Digits without a leading zero, ungrouped or in groups of three, then optionally the mark and more digits. `0.300` never means
    three hundred."""
    grouped = ""
    if notation.thousands:
        marks = re.escape(WRITTEN_ALIKE.get(notation.thousands, notation.thousands))
        grouped = f"|[1-9][0-9]{{0,2}}(?:[{marks}][0-9]{{3}})+"
    return re.compile(f"(0|[1-9][0-9]*{grouped})(?:{re.escape(notation.decimal_mark)}([0-9]+))?")


def to_minor(text: str, exponent: int, unit: str, notation: Notation = PLAIN, least: int = 1) -> int:
    """`"12.50"` with exponent 2 → 1250.

    Raises SchemaError unless `text` is digits without a needless leading zero, with at most one decimal mark between them; on more
    decimals than the unit has, even if they are zeros; and on an amount below `least` minor units or above 10^14.
    """
    found = _pattern(notation).fullmatch(text)
    if found is None:
        such = _example(exponent, notation)
        raise SchemaError(f"amount {shown(text)}: is not a number such as {such}", rule="amount", where="amount")
    whole, decimals = found[1], found[2] or ""
    if len(decimals) > exponent:
        raise SchemaError(f"amount {shown(text)}: {_too_fine(unit, exponent)}", rule="amount", where="amount")
    digits = "".join(filter(str.isdigit, whole)) + decimals.ljust(exponent, "0")
    # Python refuses to parse an integer of thousands of digits.
    minor = int(digits) if len(digits) < 2 * DIGITS else MAX_INTEGER + 1
    return _in_range(minor, text, unit, least)


def from_number(value: int | Decimal, exponent: int, unit: str) -> tuple[int, bool]:
    """The minor units of a number in JSON, and whether it was written as a double whose last binary places are off, as in
    `41133.770000000004`. Such a number means the nearest exact amount; any other number with a fraction of a minor unit is refused.

    Raises SchemaError.
    """
    sign, digits, power = Decimal(value).as_tuple()
    assert isinstance(power, int), "JSON has no NaN"
    text, power = "".join(map(str, digits)).lstrip("0"), power + exponent
    shown_value = str(value)
    if sign or not text or len(text) + power > DIGITS:
        _in_range(0, shown_value, unit, 1)
    if power >= 0:
        return _in_range(int(text + "0" * power), shown_value, unit, 1), False
    kept, rest = text[:power] or "0", text[power:]
    if not rest.strip("0"):
        return _in_range(int(kept), shown_value, unit, 1), False
    for minor in (int(kept), int(kept) + 1):
        if minor and len(text) <= DOUBLE_DIGITS and _is_noise(float(value), minor, exponent):
            return _in_range(minor, shown_value, unit, 1), True
    raise SchemaError(f"amount {shown(shown_value)}: {_too_fine(unit, exponent)}", rule="amount", where="amount")


def _is_noise(value: float, minor: int, exponent: int) -> bool:
    meant = minor / 10**exponent
    noise = NOISE_ULP * math.ulp(meant)
    # Where a double's last places are a large part of a minor unit, rounding noise cannot be told from a real amount.
    told: bool = noise * 10**exponent <= MOST_NOISE_MINOR and 0 < abs(value - meant) <= noise
    return told


def _in_range(minor: int, text: str, unit: str, least: int) -> int:
    if not least <= minor <= MAX_AMOUNT:
        raise SchemaError(
            f"amount {shown(text)}: an amount is {least} to {MAX_AMOUNT} minor units of {unit}", rule="amount", where="amount"
        )
    return minor


def _example(exponent: int, notation: Notation) -> str:
    decimals = "50".ljust(exponent, "0")[:exponent]
    return f"12{notation.decimal_mark}{decimals}" if exponent else "12"


def _too_fine(unit: str, exponent: int) -> str:
    return f"{unit} has {exponent} decimal{'' if exponent == 1 else 's'}; give at most that many"


def to_text(amount_minor: int, exponent: int, unit: str) -> str:
    """1250 with exponent 2 → `"12.50 CNY"`; no grouping, so that the text can be searched and read back."""
    digits = str(abs(amount_minor)).rjust(exponent + 1, "0")
    whole, decimals = digits[: len(digits) - exponent], digits[len(digits) - exponent :]
    return f"{'-' if amount_minor < 0 else ''}{whole}{f'.{decimals}' if decimals else ''} {unit}"
