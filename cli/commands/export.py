"""`givetrail export`: the log as static files."""

from __future__ import annotations

from pathlib import Path

import click

from ledger.audit.source import DirectorySource
from ledger.directory import require_ledger
from ledger.errors import UsageError
from ledger.exchange.tiles import export_tiles

from ..command import Command, ledger_directory
from ..outcome import Outcome
from ..screen import plain
from ..sofar import AGAIN, so_far


@click.command("export", cls=Command)
@click.argument("folder", metavar="DIR")
def command(folder: str) -> Outcome:
    """Write the log into DIR as static files (C2SP tlog-tiles): mirror, backup and audit input. Run again, it adds what is new."""
    directory = ledger_directory()
    require_ledger(directory)
    if (Path(folder) / "ledger.sqlite").exists():
        raise UsageError(f"{folder}: holds a ledger; an export needs a folder of its own", rule="export", where=folder)
    so_far().again = f"{AGAIN}: it writes what is missing"
    source = DirectorySource(directory)
    try:
        done = export_tiles(source, Path(folder))
    finally:
        source.close()
    so_far().made, so_far().again = f"{plain(folder)} has the {done.tree_size} entries", ""
    value = {"folder": folder, "tree_size": done.tree_size, "files": done.files, "removed": done.removed}
    return Outcome(value, lambda value: [f"{plain(value['folder'])}: {value['tree_size']} entries, {value['files']} files written"])
