"""The members of one record as its page shows them: amounts with their unit, funds and records with the page that they lead to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ledger.books.field import Part
from ledger.books.gift import split_ref
from ledger.books.life import named_at
from ledger.books.record import Record
from ledger.view.snapshot import Snapshot

from .locale import Voice
from .members import choices_of, form_of
from .names import words
from .paths import fund_path
from .steps import fund_name, unit_of

HIDDEN = ("kind",)


class Amount(NamedTuple):
    """Minor units."""

    minor: int
    unit: str


class Span(NamedTuple):
    """Units [start, end) of what a fund has had of a unit, in minor units."""

    start: int
    end: int
    unit: str


class Named(NamedTuple):
    """A fund by its name and the path of its page, or a record by its reference and kind."""

    name: str
    leads_to: str


Value = str | int | Amount | Span | Named | list["Member"]


class Member(NamedTuple):
    """A member: what it is called, and its values in a form of `members.MEMBERS`, or as words (`choice`). A value of the form
    `parts` is a list of members."""

    label: str
    form: str
    values: list[Value]


class Told(NamedTuple):
    """The record whose members are shown."""

    snapshot: Snapshot
    voice: Voice
    ref: str
    record: Record


def members_of(snapshot: Snapshot, voice: Voice, ref: str, record: Record) -> list[Member]:
    """The members that a record has, in the order in which its kind declares them."""
    with snapshot.reading():
        return list(_members(Told(snapshot, voice, ref, record), record))


def _members(told: Told, part: Part) -> Iterator[Member]:
    for name, value in part:
        if name in HIDDEN or value is None or value == ():
            continue
        form, label = form_of(told.record.kind, name)
        values = list(value) if isinstance(value, tuple) and form != "ratio" else [value]
        yield Member(told.voice.say(label), form, [_value(told, part, name, form, one) for one in values])


def _value(told: Told, part: Part, name: str, form: str, value: object) -> Value:
    if form == "parts":
        return list(_members(told, value)) if isinstance(value, Part) else str(value)
    if form == "money" and isinstance(value, int):
        return Amount(value, _unit(told, part, name))
    if isinstance(value, tuple):
        first, last = value
        return Span(first, last, _unit(told, part, name)) if form == "span" else f"{first}/{last}"
    text = str(value)
    if form == "choice":
        return words(told.voice, choices_of(told.record.kind, name), text)
    if form == "fund":
        return Named(fund_name(told.snapshot, text), fund_path(told.snapshot, text))
    if form == "record":
        ref = named_at(text, told.ref)[0]
        return Named(ref, told.snapshot.store_flows.target(*split_ref(ref)).record.kind)
    return value if isinstance(value, int) else text


def _unit(told: Told, part: Part, name: str) -> str:
    """In which unit an amount is: that of its part, if it has one. The cost of goods is in the unit of the payment."""
    if name == "to_amount":
        return str(getattr(part, "to_unit", ""))
    own = "" if name == "cost" else getattr(part, "unit", "")
    return own or unit_of(told.snapshot, told.ref, told.record)
