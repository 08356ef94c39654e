"""Grants of a 360Giving 1.4 JSON file: only the members of each that a ledger may have.

Titles, descriptions and places are not read, because free text may name a person. A grant to an individual is refused.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from ..amount import from_number
from ..books.register import bare
from ..entries.channel_reference import normal_reference
from ..errors import CanonicalError, FormatError, SchemaError, shown
from ..jsontext import read_foreign_json
from ..text import is_name
from .day import day_as_written
from .fault import Faults

NAME_CHARACTERS = 200
INDIVIDUAL = ("recipientIndividual", "toIndividualsDetails", "recipientIndividualName")


class Grant(NamedTuple):
    """A grant. `number` counts from 1 in the file; `rounded` says that the file's amount differed from a whole number of minor
    units in the last places of a double; `to_itself` that the file gives the funder's own org-id as the recipient's."""

    number: int
    id: str
    funder: str
    paid_on: str
    amount_minor: int
    unit: str
    payee: str
    payee_name: str
    rounded: bool
    to_itself: bool


class Expected(NamedTuple):
    """What the ledger expects of every grant: the funder's org-id, or "" if the first grant decides; the exponents of its units;
    its current local day."""

    funder: str
    exponents: Mapping[str, int]
    today: str


def read_grants(raw: bytes, expected: Expected, faults: Faults) -> tuple[int, list[Grant]]:
    """The number of grants in the file, and those that can become payments, in the order of the file.

    Raises FormatError if the bytes are not a 360Giving file, RowError for a broken grant (see `Faults`).
    """
    listed = _listed(raw)
    grants: list[Grant] = []
    numbers: dict[str, int] = {}
    for number, value in enumerate(listed, 1):
        id_ = value.get("id") if isinstance(value, dict) else None
        try:
            grant = _grant(number, value, expected)
            expected = expected._replace(funder=expected.funder or _funder(value))
            if numbers.setdefault(grant.id, number) != number:
                raise SchemaError(f"id: is already in grant {numbers[grant.id]}", rule="grant")
        except SchemaError as error:
            faults.meet(number, f"grant {number}, id {shown(id_)}", error)
            continue
        grants.append(grant)
    return len(listed), grants


def _listed(raw: bytes) -> list[Any]:
    try:
        value = read_foreign_json(raw, "360Giving file")
    except CanonicalError as error:
        raise FormatError(error.message, rule="360giving", where=error.where) from None
    if not isinstance(value, dict) or not isinstance(value.get("grants"), list):
        raise FormatError('360Giving file: does not have a list "grants"; use the JSON format, version 1.4', rule="360giving")
    grants: list[object] = value["grants"]
    return grants


def _grant(number: int, value: object, expected: Expected) -> Grant:
    if not isinstance(value, dict):
        raise SchemaError("is not an object", rule="grant")
    if any(value.get(member) for member in INDIVIDUAL):
        raise SchemaError("is a grant to an individual, and grants to people are not imported; leave it out", rule="individual")
    funder = _funder(value)
    if expected.funder and funder != expected.funder:
        message = f"fundingOrganization: is {shown(funder)}; but this party's grants must be from {expected.funder!r}"
        raise SchemaError(message, rule="funder")
    unit = _text(value, "currency", 63)
    if unit not in expected.exponents:
        raise SchemaError(f"currency {unit!r}: there is no such unit; record it first", rule="unit")
    amount, rounded = _amount(value.get("amountAwarded"), unit, expected.exponents[unit])
    payee = _organisation(value, "recipientOrganization")
    name = _text(payee, "name", NAME_CHARACTERS, "recipientOrganization.name")
    payee_id = _text(payee, "id", NAME_CHARACTERS, "recipientOrganization.id")
    paid_on = _day(_text(value, "awardDate", 40), expected.today)
    return Grant(number, _id(value), funder, paid_on, amount, unit, payee_id, name, rounded, bare(payee_id) == bare(funder))


def _funder(value: dict[str, object]) -> str:
    return _text(_organisation(value, "fundingOrganization"), "id", NAME_CHARACTERS, "fundingOrganization.id")


def _organisation(value: dict[str, object], member: str) -> dict[str, object]:
    listed = value.get(member)
    if not isinstance(listed, list) or len(listed) != 1 or not isinstance(listed[0], dict):
        count = len(listed) if isinstance(listed, list) else 0
        raise SchemaError(f"{member}: holds {count} organisations; there must be one", rule="grant")
    return listed[0]


def _text(value: dict[str, object], member: str, limit: int, where: str = "") -> str:
    found = value.get(member)
    # In the ledger's form, because NFC may turn one character into two.
    text = unicodedata.normalize("NFC", found).strip() if isinstance(found, str) else ""
    if not 1 <= len(text) <= limit or not is_name(text):
        must = f"must be one line of 1 to {limit} characters, which begins and ends with a visible character"
        raise SchemaError(f"{where or member} {shown(found)}: {must}", rule="grant")
    return text


def _id(value: dict[str, object]) -> str:
    found = value.get("id")
    try:
        return normal_reference(found if isinstance(found, str) else "")
    except SchemaError as error:
        raise SchemaError(f"id: {error.message}", rule="grant") from None


def _day(text: str, today: str) -> str:
    # The day as written: converting the time zone would move a midnight that only stands for a day.
    try:
        day = day_as_written(text)
    except ValueError:
        message = "must begin with a day, YYYY-MM-DD, of the years 1000 to 2999, and can continue with a time"
        raise SchemaError(f"awardDate {shown(text)}: {message}", rule="grant") from None
    if day > today:
        raise SchemaError(f"awardDate {day}: is after today, {today}", rule="day")
    return day


def _amount(value: object, unit: str, exponent: int) -> tuple[int, bool]:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise SchemaError(f"amountAwarded {shown(value)}: is not a number", rule="amount")
    try:
        return from_number(value, exponent, unit)
    except SchemaError as error:
        raise SchemaError(f"amountAwarded{error.message.removeprefix('amount')}", rule=error.rule) from None
