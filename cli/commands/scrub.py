"""`givetrail scrub`: everything in the ledger's directory compared, before it is needed."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ledger.canonical import JsonObject
from ledger.directory.scrub import scrub

from ..command import Command, ledger_directory
from ..outcome import Outcome
from ..screen import Counter, plain
from ..sofar import AGAIN
from .rebuild import differing

ROTTEN_EXIT = 4


@click.command("scrub", cls=Command)
def command() -> Outcome:
    """Read the whole directory and compare it with itself: entries with their hashes and with what the log has signed, indexes and
    books with what the entries give, keys, trust policy and checkpoints with the entries. Nothing is changed.

    A disk changes what it holds, seldom and without a word: scrub from time to time, while there is a backup that is still right.
    Nobody can record meanwhile. Who was sent a ledger wants `givetrail verify` instead.
    """
    directory = ledger_directory()
    with Counter("comparing", AGAIN) as count:
        found = scrub(directory, count)
    small = [] if found.small is None else found.small.faults
    sound = not found.entries and found.differing == {}
    value = {
        "directory": str(directory), "tree_size": found.tree_size, "sound": sound and not small, "differing": found.differing,
        "why": found.why, "entries": [{"entry": index, "why": why} for index, why in found.entries],
        "files": [fault._asdict() for fault in small], "not_checked": found.small.shut if found.small else [],
    }  # fmt: skip
    return Outcome(value, _lines, 0 if value["sound"] else ROTTEN_EXIT)


def _lines(value: JsonObject) -> Iterator[str]:
    within = value["entries"] or value["differing"] != {}
    verdict = "sound" if value["sound"] else "damaged" if within else "all sound, but not the files beside them"
    yield f"{plain(value['directory'])}: {value['tree_size']} entries, {verdict}"
    for entry in value["entries"]:
        yield plain(entry["why"])
    if value["why"] and not value["entries"]:
        yield plain(value["why"])
    if value["differing"]:
        yield f"rows that are not what the entries give: {differing(value['differing'])}; run `givetrail rebuild`"
    for fault in value["files"]:
        yield f"{plain(fault['file'])}: {plain(fault['why'])}"
    if value["not_checked"]:
        yield f"not checked, being kept by a passphrase: {plain(', '.join(value['not_checked']))}"
    if value["differing"] is None:
        yield "not checked: keys, trust policy and checkpoints, which are compared with entries that are right"
