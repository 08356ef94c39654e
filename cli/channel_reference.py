"""References of a channel on the command line, committed with the secret key that the party has for the channel on that
day."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterator

import click

from ledger.books.record import channel_key
from ledger.canonical import JsonObject
from ledger.entries.channel_reference import (
    NewKey,
    ReferenceKeys,
    commit_reference,
    normal_reference,
)
from ledger.entries.file_salt import SALT
from ledger.entries.label import NEVER, label_chooser
from ledger.entries.leaf import find_keys
from ledger.errors import Conflict, NotFound, UsageError, shown

from .screen import hint
from .session import Session, said_in

YEARS_KEPT = 10
KEY_BYTES = 32
# The day of a record over a channel, by its kind.
DAYS = ("received_on", "paid_on", "refunded_on", "returned_on")


def destroy_option() -> click.Option:
    """`--destroy-on DAY`, for a reference key that is made on first use."""
    return click.Option(
        ["--destroy-on"], metavar="YYYY-MM-DD",
        help=f"When to destroy a reference key that is made now. Default: the end of the year, {YEARS_KEPT} years on.",
    )  # fmt: skip


def reference_options() -> Iterator[click.Option]:
    """`--reference TEXT`, and the day for a key that it makes."""
    yield click.Option(
        ["--reference"], metavar="TEXT",
        help="The channel's own number for it. Only a hash keyed with the party's secret key is recorded.",
    )
    yield destroy_option()


def maker(party: str, today: str, destroy_on: str | None) -> Callable[[str], NewKey]:
    """A function that makes a new reference key for a label, and says so. The party must keep the key: without it no reference can
    be found again."""

    def make(label: str) -> NewKey:
        day = destroy_on or f"{int(today[:4]) + YEARS_KEPT}-12-31"
        how_long = "for ever" if day == NEVER else f"until {day}, and then destroy it"
        if label != SALT:
            hint(f"made the reference key {party}/{label}; keep a copy of it {how_long}")
        return NewKey(os.urandom(KEY_BYTES), day)

    return make


def find(session: Session, party: str, channel: str, reference: str) -> str:
    """The record that has a channel's reference. It searches with every reference key of the party that is here. Raises
    NotFound."""
    place = _place(session, ReferenceKeys(session.directory, party, session.books), party, channel, normal_reference(reference))
    if place is None:
        raise NotFound(
            f"reference {shown(reference)}: no record of {party} in channel {channel!r} has it, by the reference keys here",
            rule="reference", where="reference",
        )  # fmt: skip
    return f"{place[0]}.{place[1]}"


def _place(session: Session, keys: ReferenceKeys, party: str, channel: str, reference: str) -> tuple[int, int] | None:
    sought = [channel_key(party, channel, commit(reference)) for commit in keys.committers(channel).values()]
    return next((place for place in find_keys(session.store, sought) if place is not None), None)


def committed(session: Session, party: str, record: JsonObject, reference: str, destroy_on: str | None) -> list[JsonObject]:
    """The record with a channel's reference, committed under the key of its channel and day, as imports do it; and the record of
    that key, if the ledger does not have it yet.

    Raises UsageError if the record does not name a channel, if it already has a committed reference, or if a key is not the right
    one; Conflict if the ledger has the reference, under any key, unless it is in the statement that is repeated.
    """
    if record.get("channel") is None:
        raise UsageError("--reference: belongs to a channel; name the channel with --channel", rule="usage", where="channel")
    if record.get("channel_ref") is not None:
        raise UsageError("--reference and --channel-ref mean the same; give only one of them", rule="usage", where="channel_ref")
    reference, channel = normal_reference(reference), str(record["channel"])
    label = label_chooser(session.books, party, channel)(_day(record))
    keys = ReferenceKeys(session.directory, party, session.books, maker(party, session.today, destroy_on))
    place = _place(session, keys, party, channel, reference)
    if place is not None and place[0] != session.repeated and record.get("replaces") != f"{place[0]}.{place[1]}":
        said = f"it is already recorded: {place[0]}.{place[1]} has the same party, channel and reference"
        raise Conflict(f"reference {shown(reference)}: {said}", rule="duplicate-reference", where="reference")
    whole = {**record, "channel_ref": commit_reference(keys.secret(label), label, channel, reference)}
    unsaid = keys.unsaid(label) or said_then(session, label)
    return [whole, unsaid] if unsaid else [whole]


def said_then(session: Session, label: str) -> JsonObject | None:
    """The reference key's record in the statement that is repeated, because a repeated statement must be the same to the byte."""
    records = said_in(session.store.entry(session.repeated)) if session.repeated >= 0 else []
    return next((one for one in records if one["kind"] == "reference-key" and one["label"] == label), None)


def _day(record: JsonObject) -> str:
    """The record's day. Raises UsageError."""
    day = next(str(record[field]) for field in DAYS if field in record)
    try:
        datetime.date.fromisoformat(day)
    except ValueError:
        words = f"--reference: the record's date is {shown(day)}; write it as YYYY-MM-DD"
        raise UsageError(words, rule="usage", where="reference") from None
    return day
