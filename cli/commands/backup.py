"""`givetrail backup`: everything that a ledger needs to continue, in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import click

from ledger.canonical import JsonObject
from ledger.clock import utc_now
from ledger.recovery.backup import back_up

from ..command import Command, ledger_directory
from ..done_so_far import AGAIN, so_far
from ..outcome import Outcome
from ..screen import Counter, entries, hint, plain
from .scrub import ROTTEN_EXIT


@click.command("backup", cls=Command)
@click.argument("folder", metavar="DIR")
@click.option("--without-secret-keys", "bare", is_flag=True, help="Leave out every secret key: *.pem and *.key.")
def command(folder: str, bare: bool) -> Outcome:
    """Make a backup of the ledger in DIR, a new folder: database, checkpoint, trust policy and keys.

    Other processes can keep writing meanwhile. The backup is verified before it gets its name and never changed afterwards, so
    use a new folder each time. `givetrail restore DIR NEW` makes a ledger from it.

    A ledger in which nothing can be recorded, because it is damaged, lacks entries or has ended, is not backed up. If an officer's
    key or a reference key is damaged, the backup is made, the key is named, and the exit code is 4.
    """
    with Counter("backing up", AGAIN) as count:
        done = back_up(ledger_directory(), Path(folder), utc_now(), secrets=not bare, progress=count)
    so_far().made, so_far().again = f"the backup {plain(folder)} is complete", ""
    for name, why in done.warnings:
        hint(f"copied although it is damaged: {plain(name)}: {plain(why)}")
    if done.shut:
        hint(f"not compared, because a passphrase protects them: {plain(', '.join(done.shut))}")
    _say_next(folder, done.keys)
    return Outcome({"folder": folder, **done._asdict()}, _lines, ROTTEN_EXIT if done.warnings else 0)


def _say_next(folder: str, keys: list[str]) -> None:
    if keys:
        hint(f"{plain(folder)} contains secret keys. Keep it on another disk, where no one else can read it.")
    else:
        hint("The backup contains no secret keys. Keep a copy of keys/ elsewhere: without it, nothing more can be recorded.")


def _lines(value: JsonObject) -> list[str]:
    size, signed = value["tree_size"], value["signed"]
    rest = f", {size - signed} of them not signed yet" if signed < size else ""
    return [
        f"{plain(value['folder'])}: backup of {plain(value['origin'])}, {entries(size)}{rest}, root {value['root']}",
        f"secret keys: {plain(', '.join(value['keys'])) or 'none'}",
        "verified: entries, tiles and root against the signed checkpoint",
    ]
