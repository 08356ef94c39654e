"""`givetrail export`: the log as static files."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

import click

from ledger.canonical import JsonObject
from ledger.directory.opening import open_reader, require_ledger, why_behind
from ledger.directory.publication import waits, why_missing
from ledger.directory.source import DirectorySource
from ledger.entries.log_keys import vkey_of
from ledger.errors import GiveTrailError, Unverifiable, UsageError
from ledger.log_files.export import Exported, export_tiles
from ledger.log_files.stamps import copy_stamps
from ledger.store.location import holds_store

from ..command import Command, ledger_directory
from ..done_so_far import AGAIN, so_far
from ..outcome import Outcome
from ..screen import counted, entries, hint, plain


@click.command("export", cls=Command)
@click.argument("folder", metavar="DIR")
def command(folder: str) -> Outcome:
    """Write the log into DIR as static files (C2SP tlog-tiles), for mirrors, backups and audits. Run it again to add new
    entries."""
    directory = ledger_directory()
    require_ledger(directory)
    if holds_store(Path(folder)):
        raise UsageError(f"{folder}: is a ledger, not an export; name another folder", rule="export", where=folder)
    if waits(directory):
        raise Unverifiable(f"{directory}: {why_missing(directory)}", rule="missing", where=str(directory))
    so_far().again = f"{AGAIN}: it writes what is missing"
    source = DirectorySource(directory)
    try:
        done = export_tiles(source, Path(folder))
        stamps = copy_stamps(source, Path(folder), (size for size in source.stamped() if size <= done.tree_size))
    finally:
        source.close()
    so_far().made, so_far().again = f"{plain(folder)} has the first {entries(done.tree_size)}", ""
    _say_lost(done)
    _say_behind(directory)
    value = {
        "folder": folder, "origin": done.origin, "tree_size": done.tree_size, "entries": done.tree_size - done.before,
        "files": done.files + stamps, "removed": done.removed, "cosignatures": done.signatures - 1,
    }  # fmt: skip
    return Outcome(value, _lines)


def _say_lost(done: Exported) -> None:
    """Witnesses sign each checkpoint separately."""
    if done.before < done.tree_size and done.signatures < done.signatures_before:
        hint(
            f"the checkpoint of {entries(done.before)} had {counted(done.signatures_before - 1, 'cosignature')}, the one of "
            f"{entries(done.tree_size)} has {done.signatures - 1}: ask the witnesses to sign it"
        )


def _say_behind(directory: Path) -> None:
    """Say if the ledger is behind or has ended: the export is then not the newest, or it is the last."""
    with suppress(GiveTrailError):  # an export has what is signed, however damaged the rest is
        store, books = open_reader(directory)
        with closing(store):
            behind = why_behind(directory, store, vkey_of(books))
        if behind:
            hint(f"nothing more is recorded in {plain(directory)}: {plain(behind)}")


def _lines(value: JsonObject) -> list[str]:
    written = f"{counted(value['entries'], 'new entry', 'new entries')}, {counted(value['files'], 'file')} written"
    return [f"{plain(value['folder'])}: {plain(value['origin'])} at {entries(value['tree_size'])}; {written}"]
