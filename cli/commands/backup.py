"""`givetrail backup`: all that a ledger needs to go on, in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import click

from ledger.canonical import JsonObject
from ledger.recovery.backup import back_up
from ledger.writer.sequencer import utc_now

from ..command import Command, ledger_directory
from ..outcome import Outcome
from ..screen import Counter, hint, plain
from ..sofar import AGAIN, so_far
from .scrub import ROTTEN_EXIT


@click.command("backup", cls=Command)
@click.argument("folder", metavar="DIR")
@click.option("--without-secret-keys", "bare", is_flag=True, help="Leave out every secret key: *.pem and *.key.")
def command(folder: str, bare: bool) -> Outcome:
    """Make a backup of the ledger in DIR, a new folder: database, checkpoint, trust policy and keys.

    None is made of a ledger in which nothing can be recorded: one that is damaged, lacks entries or has ended. Where a key of an
    officer or of references is rotten, the backup is made, the key is named, and the exit code is 4. Other processes may go on
    writing meanwhile. The backup is verified before it gets its name, and never changed: name another folder the next time.
    `givetrail restore DIR NEW` makes a ledger of it.
    """
    with Counter("backing up", AGAIN) as count:
        done = back_up(ledger_directory(), Path(folder), utc_now(), secrets=not bare, progress=count)
    so_far().made, so_far().again = f"{plain(folder)} is a backup, whole", ""
    for name, why in done.warnings:
        hint(f"in it as it is: {plain(name)}: {plain(why)}")
    if done.shut:
        hint(f"not compared, being kept by a passphrase: {plain(', '.join(done.shut))}")
    _say_next(folder, done.keys)
    return Outcome({"folder": folder, **done._asdict()}, _lines, ROTTEN_EXIT if done.warnings else 0)


def _say_next(folder: str, keys: list[str]) -> None:
    if keys:
        hint(f"{plain(folder)} holds secret keys: keep it where nobody else can read it, on another disk.")
    else:
        hint("no secret key is in it: keep a copy of keys/ elsewhere, or nobody can go on with this log.")


def _lines(value: JsonObject) -> list[str]:
    size, signed = value["tree_size"], value["signed"]
    rest = f", {size - signed} of them not signed for yet" if signed < size else ""
    return [
        f"{plain(value['folder'])}: backup of {plain(value['origin'])}, {size} entries{rest}, root {value['root']}",
        f"secret keys: {plain(', '.join(value['keys'])) or 'none'}",
        "verified: entries, tiles and root against the signed checkpoint",
    ]
