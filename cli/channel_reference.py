"""References of a channel on the command line: committed with the party's secret key of the year."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterator

import click

from ledger.books.record import channel_key
from ledger.canonical import JsonObject
from ledger.entries.channel_reference import NewKey, ReferenceKeys, commit_reference, normal_reference
from ledger.entries.leaf import find_keys
from ledger.errors import Conflict, NotFound, UsageError, shown

from .screen import hint
from .session import Desk, said_in

YEARS_KEPT = 10
KEY_BYTES = 32


def destroy_option() -> click.Option:
    """`--destroy-on DAY`, for reference keys that are made on first use."""
    return click.Option(
        ["--destroy-on"], metavar="YYYY-MM-DD",
        help=f"When a reference key made now is to be destroyed; default: the end of the year {YEARS_KEPT} years on.",
    )  # fmt: skip


def reference_options() -> Iterator[click.Option]:
    """`--reference TEXT`, and the day for a key that it makes."""
    yield click.Option(
        ["--reference"], metavar="TEXT", help="The channel's own reference; only its HMAC under the party's secret key is recorded."
    )
    yield destroy_option()


def maker(party: str, today: str, destroy_on: str | None) -> Callable[[str], NewKey]:
    """Makes a new reference key for a label, and says so. A key is needed to find a reference again, so it has to be kept."""

    def make(label: str) -> NewKey:
        day = destroy_on or f"{int(today[:4]) + YEARS_KEPT}-12-31"
        hint(f"made the reference key {party}/{label}, to be destroyed on {day}; keep a copy of it until then")
        return NewKey(os.urandom(KEY_BYTES), day)

    return make


def find(desk: Desk, party: str, channel: str, reference: str) -> str:
    """The record that has a channel's reference, found with every reference key of the party that is here. Raises NotFound."""
    place = _place(desk, ReferenceKeys(desk.directory, party, desk.books), party, channel, normal_reference(reference))
    if place is None:
        raise NotFound(
            f"reference {shown(reference)}: no record of {party} in channel {channel!r} has it, by the reference keys here",
            rule="reference", where="reference",
        )  # fmt: skip
    return f"{place[0]}.{place[1]}"


def _place(desk: Desk, keys: ReferenceKeys, party: str, channel: str, reference: str) -> tuple[int, int] | None:
    sought = [channel_key(party, channel, commit(reference)) for commit in keys.committers(channel).values()]
    return next((place for place in find_keys(desk.store, sought) if place is not None), None)


def committed(desk: Desk, party: str, record: JsonObject, reference: str, destroy_on: str | None) -> list[JsonObject]:
    """The record with a channel's reference, committed under the key of the year of its day, as imports use it; and the record of
    that key, where the ledger does not have it yet.

    Raises UsageError where the record names no channel or has a committed reference already, or where a key is not the right one;
    Conflict where the ledger has the reference, under whichever key, unless by the statement that is said once more.
    """
    if record.get("channel") is None:
        raise UsageError("--reference: is a reference within a channel; name it with --channel", rule="usage", where="channel")
    if record.get("channel_ref") is not None:
        raise UsageError("--reference and --channel-ref say the same; give one of them", rule="usage", where="channel_ref")
    reference, channel, year = normal_reference(reference), str(record["channel"]), _year(record)
    keys = ReferenceKeys(desk.directory, party, desk.books, maker(party, desk.today, destroy_on))
    place = _place(desk, keys, party, channel, reference)
    if place is not None and place[0] != desk.repeated:
        said = f"{place[0]}.{place[1]} has the same party, channel and reference; it is recorded already"
        raise Conflict(f"reference {shown(reference)}: {said}", rule="duplicate-reference", where="reference")
    whole = {**record, "channel_ref": commit_reference(keys.secret(year), year, channel, reference)}
    unsaid = keys.unsaid(year) or _said_then(desk, year)
    return [whole, unsaid] if unsaid else [whole]


def _said_then(desk: Desk, label: str) -> JsonObject | None:
    """The reference key's record in the statement that is repeated, since a repeated statement is the same to the byte."""
    records = said_in(desk.store.entry(desk.repeated)) if desk.repeated >= 0 else []
    return next((one for one in records if one["kind"] == "reference-key" and one["label"] == label), None)


def _year(record: JsonObject) -> str:
    """The year of the record's day. Raises UsageError."""
    year = next(str(record[field]) for field in ("received_on", "paid_on") if field in record)[:4]
    try:
        datetime.date(int(year), 1, 1)
    except ValueError:
        raise UsageError(
            f"--reference: the record's day begins with {shown(year)}; give YYYY-MM-DD", rule="usage", where="reference"
        ) from None
    return year
