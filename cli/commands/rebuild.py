"""`givetrail rebuild`: everything derived, made again from the entries."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ledger.canonical import JsonObject
from ledger.directory.rebuild import rebuild

from ..command import Command, ledger_directory
from ..done_so_far import AGAIN, so_far
from ..outcome import Outcome
from ..screen import Counter, entries, plain


@click.command("rebuild", cls=Command)
def command() -> Outcome:
    """Make indexes, tiles and totals again from the entries.

    They are made beside the old ones and replace them at the end. The entries are not changed. If they are not what the log has
    signed, nothing is changed, except that a damaged head of the database's file is written again.
    """
    directory = ledger_directory()
    with Counter("rebuilding", AGAIN) as count:
        made = rebuild(directory, count)
    so_far().made, so_far().again = f"{plain(directory)} is rebuilt", ""
    return Outcome({"directory": str(directory), "tree_size": made.tree_size, "differing": made.differing}, _lines)


def _lines(value: JsonObject) -> Iterator[str]:
    yield f"{plain(value['directory'])}: made again from {entries(value['tree_size'])}"
    yield f"rows that did not agree with the entries: {differing(value['differing']) or 'none'}"


def differing(rows: dict[str, int]) -> str:
    """How many rows of which tables differ, in words; "" for none."""
    return ", ".join(f"{count} of {table}" for table, count in rows.items())
