"""`givetrail scrub`: the whole directory of a ledger, checked for damage."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ledger.canonical import JsonObject
from ledger.directory.scrub import scrub

from ..command import Command, ledger_directory
from ..done_so_far import AGAIN
from ..outcome import Outcome
from ..screen import Counter, entries, plain
from .rebuild import differing

ROTTEN_EXIT = 4


@click.command("scrub", cls=Command)
def command() -> Outcome:
    """Check the whole directory for damage, and change nothing.

    It compares the entries with their hashes and with what the log has signed; and indexes, totals, keys, trust policy and
    checkpoints with the entries. Disks sometimes change data without notice, so run it from time to time, while you still have a
    good backup. Nothing can be recorded while it runs. To check a ledger that someone sent you, use `givetrail verify`.
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
    verdict = "sound" if value["sound"] else "damaged" if within else "all sound; a file beside them is damaged"
    yield f"{plain(value['directory'])}: {entries(value['tree_size'])}, {verdict}"
    for entry in value["entries"]:
        yield plain(entry["why"])
    if value["why"] and not value["entries"]:
        yield plain(value["why"])
    if value["differing"]:
        yield f"rows that do not agree with the entries: {differing(value['differing'])}; run `givetrail rebuild`"
    for fault in value["files"]:
        yield f"{plain(fault['file'])}: {plain(fault['why'])}"
    if value["not_checked"]:
        yield f"not checked, because a passphrase protects them: {plain(', '.join(value['not_checked']))}"
    if value["differing"] is None:
        yield "not checked: keys, trust policy and checkpoints, because only sound entries can show whether they are right"
