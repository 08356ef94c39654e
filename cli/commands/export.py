"""`givetrail export`: the log as static files."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

import click

from ledger.canonical import JsonObject
from ledger.directory.opening import open_reader, require_ledger, why_behind
from ledger.directory.source import DirectorySource
from ledger.entries.log_keys import vkey_of
from ledger.errors import GiveTrailError, UsageError
from ledger.log_files.export import Exported, export_tiles
from ledger.store.location import holds_store

from ..command import Command, ledger_directory
from ..outcome import Outcome
from ..screen import hint, plain
from ..sofar import AGAIN, so_far


@click.command("export", cls=Command)
@click.argument("folder", metavar="DIR")
def command(folder: str) -> Outcome:
    """Write the log into DIR as static files (C2SP tlog-tiles): mirror, backup and audit input. Run again, it adds what is new."""
    directory = ledger_directory()
    require_ledger(directory)
    if holds_store(Path(folder)):
        raise UsageError(f"{folder}: holds a ledger; an export needs a folder of its own", rule="export", where=folder)
    so_far().again = f"{AGAIN}: it writes what is missing"
    source = DirectorySource(directory)
    try:
        done = export_tiles(source, Path(folder))
    finally:
        source.close()
    so_far().made, so_far().again = f"{plain(folder)} has the {done.tree_size} entries", ""
    _say_lost(done)
    _say_behind(directory)
    value = {
        "folder": folder, "origin": done.origin, "tree_size": done.tree_size, "entries": done.tree_size - done.before,
        "files": done.files, "removed": done.removed, "cosignatures": done.signatures - 1,
    }  # fmt: skip
    return Outcome(value, _lines)


def _say_lost(done: Exported) -> None:
    """Witnesses sign each checkpoint anew."""
    if done.before < done.tree_size and done.signatures < done.signatures_before:
        hint(
            f"the checkpoint of {done.before} entries had {done.signatures_before - 1} cosignatures, that of {done.tree_size} has "
            f"{done.signatures - 1}: ask the witnesses for theirs"
        )


def _say_behind(directory: Path) -> None:
    """Whoever is given this export should know that it is not the newest, or the last."""
    with suppress(GiveTrailError):  # an export is made of what is signed, be the rest as damaged as it may
        store, books = open_reader(directory)
        with closing(store):
            behind = why_behind(directory, store, vkey_of(books))
        if behind:
            hint(f"nothing more is recorded in {plain(directory)}: {plain(behind)}")


def _lines(value: JsonObject) -> list[str]:
    written = f"{value['entries']} new entries, {value['files']} files written"
    return [f"{plain(value['folder'])}: {plain(value['origin'])} at {value['tree_size']} entries; {written}"]
