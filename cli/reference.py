"""References of a channel on the command line: committed with the party's secret key of the year (ledger/reference.py)."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterator
from typing import Any

import click

from ledger.books.kinds.donation import channel_key
from ledger.errors import NotFound, UsageError, shown
from ledger.leaf import key_digest, keys_of_statement, read_leaf
from ledger.reference import NewKey, ReferenceKeys, commit_reference

from .desk import Desk, slug
from .screen import hint

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
    """The record that has a channel's reference, found with every reference key of the party that lies here. Raises NotFound."""
    for path in sorted((desk.directory / "keys" / slug(party, "party")).glob("reference-*.key")):
        label = path.stem.removeprefix("reference-")
        secret = ReferenceKeys(desk.directory, party).find(label)
        key = channel_key(party, channel, commit_reference(secret, label, channel, reference)) if secret else ""
        for entry, number in desk.store.candidates([key_digest(key)])[0]:
            if (number, key) in keys_of_statement(read_leaf(desk.store.entry(entry)).statement):
                return f"{entry}.{number}"
    raise NotFound(
        f"reference {shown(reference)}: no record of {party} in channel {channel!r} has it, by the reference keys that lie here",
        rule="reference", where="reference",
    )  # fmt: skip


def commit(desk: Desk, party: str, record: dict[str, Any], reference: str, destroy_on: str | None) -> str:
    """The committed form of a channel's reference, under the key of the year that the record's day lies in, as imports use it.

    Raises UsageError where the record names no channel or has a committed reference already.
    """
    if record.get("channel") is None:
        raise UsageError("--reference: is a reference within a channel; name it with --channel", rule="usage", where="channel")
    if record.get("channel_ref") is not None:
        raise UsageError("--reference and --channel-ref say the same; give one of them", rule="usage", where="channel_ref")
    year = next(str(record[field]) for field in ("received_on", "paid_on") if field in record)[:4]
    try:
        datetime.date(int(year), 1, 1)
    except ValueError:
        raise UsageError(
            f"--reference: the record's day begins with {shown(year)}; give YYYY-MM-DD", rule="usage", where="reference"
        ) from None
    keys = ReferenceKeys(desk.directory, party, maker(party, desk.today, destroy_on))
    return commit_reference(keys.secret(year), year, str(record["channel"]), reference)
