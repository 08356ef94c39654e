"""`givetrail witness`: the witnesses of a ledger's policy, and their alarms."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import click

from ledger.canonical import JsonObject
from ledger.clock import utc_now
from ledger.directory.alarms import FOLDER, LOOKED_AT, Alarm, alarms, resume, stop_by_checkpoint, why_stopped
from ledger.directory.opening import open_reader, require_ledger
from ledger.directory.publication import signed_note
from ledger.directory.small_files import policy_in
from ledger.entries.log_keys import vkey_of
from ledger.errors import Conflict, GiveTrailError, Unverifiable, UsageError
from ledger.log.checkpoint import Checkpoint, checkpoint_in, open_checkpoint
from ledger.log.merkle import subtree_root
from ledger.log.note import MAX_NOTE_BYTES
from ledger.log.tile import node_reader
from ledger.store.protocol import Store
from ledger.witnessing.round import Round, ask_witnesses

from ..command import Command, ledger_directory, wants_json
from ..files import read_bytes
from ..outcome import Outcome
from ..screen import hint, plain, say
from ..witnesses import as_document, told


@click.command("witness", cls=Command)
@click.option(
    "--follow", type=click.IntRange(min=1), metavar="SECONDS", help="Keep asking; wait this many seconds between rounds."
)
@click.option(
    "--shown", metavar="FILE", help="A signed checkpoint of this log that somebody else holds: compare it with the ledger."
)
@click.option("--resume", "resumes", is_flag=True, help="Somebody has looked at the alarms: let records be entered again.")
def command(follow: int | None, shown: str | None, resumes: bool) -> Outcome:
    """Ask the witnesses of the trust policy to cosign the newest checkpoint, and publish it with their cosignatures.

    Every command that records asks them too, after it has answered. A witness that has cosigned more than the ledger holds, or
    another history, raises an alarm. If enough of them do, nothing more can be recorded, because the directory may be an older
    copy: restore what is missing, and then type `givetrail witness --resume`. What they said stays in DIR/witnesses as evidence.
    """
    directory = ledger_directory()
    require_ledger(directory)
    if (follow is not None) + (shown is not None) + resumes > 1:
        raise UsageError("--follow, --shown and --resume do not go together; give one of them", rule="usage")
    if resumes:
        return _resumed(directory)
    if shown is not None:
        return _compared(directory, shown)
    if not policy_in(directory).with_addresses:
        words = "the trust policy names no witness with an address, so there is nobody to ask"
        raise UsageError(f"{words}; add `witness NAME VKEY URL` lines to it", rule="policy", where=str(directory))
    if follow is not None and wants_json():
        raise UsageError("--follow never ends, so --json has no document to print; leave one out", rule="usage", where="follow")
    if follow is not None:
        _follow(directory, follow)
    return _outcome(directory, ask_witnesses(directory))


def _outcome(directory: Path, done: Round) -> Outcome:
    value = {"directory": str(directory), **as_document(done), "alarms": [one._asdict() for one in alarms(directory)]}
    code = Conflict.exit_code if done.stopped else 0 if done.published else Unverifiable.exit_code
    return Outcome(value, lambda document: [*told(done), *map(_in_force, document["alarms"])], code)


def _in_force(row: JsonObject) -> str:
    return f"alarm of {row['at']}: {plain(Alarm(**row).words)}"


def _follow(directory: Path, seconds: int) -> None:
    """Ask again when there is something new to cosign, or the last round left something to do."""
    asked, complete, pause_s = b"", False, 0
    while True:
        time.sleep(pause_s)
        pause_s = seconds
        note = signed_note(directory) or b""
        if note == asked and complete:
            continue
        try:
            done = ask_witnesses(directory)
        except GiveTrailError as error:
            hint(f"{plain(error.message)} [{error.rule}]")
            continue
        asked, complete = note, done.published and all(one.what == "cosigned" for one in done.asked)
        for line in told(done):
            say(line)


def _resumed(directory: Path) -> Outcome:
    raised, was = resume(directory, utc_now()), why_stopped(directory)
    value = {"directory": str(directory), "looked_at": [one._asdict() for one in raised], "stopped": was}
    return Outcome(value, _resumed_lines)


def _resumed_lines(value: JsonObject) -> Iterator[str]:
    for one in value["looked_at"]:
        yield f"looked at: {plain(Alarm(**one).words)}"
    yield f"records can be entered again; what was said is kept in {plain(value['directory'])}/{LOOKED_AT}"


def _compared(directory: Path, shown: str) -> Outcome:
    """Compare a checkpoint that somebody holds with the ledger. If it contradicts the ledger, nothing more can be recorded."""
    note = read_bytes(shown, MAX_NOTE_BYTES)
    store, books = open_reader(directory)
    try:
        held = open_checkpoint(note, vkey_of(books))
        here = checkpoint_in(signed_note(directory) or note)
        agrees = held.tree_size <= store.tree_size and _root(store, held) == held.root
    finally:
        store.close()
    if not agrees:
        stop_by_checkpoint(directory, here, held, note)
    value: JsonObject = {"directory": str(directory), "shown": shown, "tree_size": held.tree_size, "agrees": agrees}
    return Outcome(value, _compared_lines, 0 if agrees else Conflict.exit_code)


def _root(store: Store, held: Checkpoint) -> bytes:
    return subtree_root(0, held.tree_size, node_reader(store.tile)) if held.tree_size else held.root


def _compared_lines(value: JsonObject) -> Iterator[str]:
    if value["agrees"]:
        yield f"{plain(value['shown'])}: the ledger continues its {value['tree_size']} entries"
    else:
        yield f"{plain(value['shown'])}: the log's key has signed {value['tree_size']} entries that are not here"
        yield f"nothing more can be recorded; the note is kept in {plain(value['directory'])}/{FOLDER}"
        yield "docs/how-to/after-a-loss.md says what to do"
