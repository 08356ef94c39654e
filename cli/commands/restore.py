"""`givetrail restore`: a ledger made of a backup, or of any copy of its log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from ledger.audit.source import is_url, open_source
from ledger.log.note import MAX_NOTE_BYTES
from ledger.recovery.restore import Asked, Restored, restore

from ..command import Command
from ..desk import passphrase, passphrase_option
from ..elsewhere import read_policy
from ..files import read_foreign
from ..outcome import Outcome
from ..screen import Counter, hint, plain
from ..sofar import AGAIN, so_far

LACKING_EXIT = 6


@click.command("restore", cls=Command, on_ledger=False)
@click.argument("source", metavar="FROM")
@click.argument("directory", metavar="DIR")
@click.option("--keys", metavar="FOLDER", help="The keys, where they are not in FROM: log.pem, and a folder for each party.")
@click.option("--newest", metavar="FILE|URL", help="A checkpoint that somebody else holds: is anything missing?")
@click.option("--trust", metavar="FILE", help="The trust policy: FROM has to be a copy of its log.")
def command(source: str, directory: str, **words: Any) -> Outcome:
    """Make a ledger in DIR, a new directory, of FROM: a backup, a ledger's directory, an export, a mirror, or the address of a log.

    The entries must lead to the root of the signed checkpoint; everything else is made of them anew. Where a newer checkpoint is
    known, on this machine or by --newest, it says how many entries are missing, and ends with 6.
    """
    asked = _asked(**words)
    with Counter("restoring", AGAIN) as count:
        done = restore(source if is_url(source) else Path(source), Path(directory), asked, count)
    so_far().made, so_far().again = f"{plain(directory)} holds the ledger", ""
    _say_next(directory, done)
    value = {"from": source, "directory": directory, **done._asdict(), "missing": done.missing}
    return Outcome(value, _lines, LACKING_EXIT if done.missing else 0)


command.params.append(passphrase_option())


def _asked(keys: str | None, newest: str | None, trust: str | None) -> Asked:
    return Asked(
        keys=Path(keys) if keys else None,
        newest=(newest, _note(newest)) if newest else None,
        policy=read_policy(trust) if trust else None,
        passphrase=passphrase(),
    )


def _note(name: str) -> bytes:
    """The checkpoint in a file, or of a log at an address or in a folder."""
    if is_url(name) or Path(name).is_dir():
        with closing(open_source(name)) as source:
            return source.checkpoint()
    return read_foreign(name, MAX_NOTE_BYTES)


def _say_next(directory: str, done: Restored) -> None:
    if not done.keys:
        hint(f"no keys are in it, so nothing can be recorded: put log.pem and the officers' keys into {plain(directory)}/keys")
    if done.missing:
        hint("nothing is recorded in it until they are back. Whoever has a newer backup, an export or a mirror has them: type")
        hint(f"  givetrail repair --ledger {plain(directory)} --from COPY")
        hint("where nobody has them any more, the log ends here: docs/how-to/after-a-loss.md")
    elif not done.known_by:
        hint("this machine has not signed for this log before, so it cannot tell whether later ones are lost. Before you go on,")
        hint("ask whoever may hold a newer checkpoint: a mirror, a witness, a donor with a proof. --newest compares with it.")


def _lines(value: dict[str, Any]) -> Iterator[str]:
    size, signed = value["tree_size"], value["signed"]
    yield f"{plain(value['directory'])}: ledger {plain(value['origin'])}, {size} entries, root {value['root']}"
    yield f"last entry: {value['last']}"
    if signed < size:
        yield f"{size - signed} of them were not signed for yet; the next command that records signs them"
    yield f"keys: {plain(', '.join(value['keys'])) or 'none'}"
    if value["missing"]:
        which = f"{size} to {value['known'] - 1}" if value["missing"] > 1 else str(size)
        yield f"missing: {value['missing']} entries, {which}, signed by {plain(value['known_by'])}"
    elif value["known_by"]:
        yield f"missing: nothing that is known of; the newest checkpoint that is known has {value['known']} entries"
