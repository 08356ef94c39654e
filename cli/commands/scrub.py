"""`givetrail scrub`: everything in the ledger's directory compared, before it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from ledger.scrub import scrub

from ..command import Command, ledger_directory
from ..outcome import Outcome
from ..screen import Counter, plain
from ..sofar import AGAIN
from .rebuild import differing

ROTTEN_EXIT = 4


@click.command("scrub", cls=Command)
def command() -> Outcome:
    """Read the whole directory and compare it with itself: entries with their hashes and with what the log has signed, indexes and
    books with what the entries give. Nothing is changed.

    A disk changes what it holds, seldom and without a word: scrub from time to time, while there is a backup that is still right.
    Nobody can record meanwhile. Who was sent a ledger wants `givetrail verify` instead.
    """
    directory = ledger_directory()
    with Counter("comparing", AGAIN) as count:
        found = scrub(directory, count)
    sound = not found.entries and found.differing == {}
    value = {
        "directory": str(directory), "tree_size": found.tree_size, "sound": sound, "differing": found.differing, "why": found.why,
        "entries": [{"entry": index, "why": why} for index, why in found.entries],
    }  # fmt: skip
    return Outcome(value, _lines, 0 if sound else ROTTEN_EXIT)


def _lines(value: dict[str, Any]) -> Iterator[str]:
    yield f"{plain(value['directory'])}: {value['tree_size']} entries, " + ("sound" if value["sound"] else "damaged")
    for entry in value["entries"]:
        yield plain(entry["why"])
    if value["why"] and not value["entries"]:
        yield plain(value["why"])
    if value["differing"]:
        yield f"rows that are not what the entries give: {differing(value['differing'])}; run `givetrail rebuild`"
