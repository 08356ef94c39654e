"""`givetrail restore`: a ledger made from any copy of its log; or a new log that continues what is left of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from ledger.audit.succession import unproven
from ledger.audit.target import is_url, open_source
from ledger.bundle.kept_checkpoint import KEPT_BYTES, note_kept
from ledger.canonical import JsonObject
from ledger.clock import utc_now
from ledger.recovery.repair import numbered
from ledger.recovery.restore import Asked, Restored, keys_beside, restore
from ledger.recovery.successor import Succeeded, draft, succeed

from ..command import Command
from ..done_so_far import AGAIN, so_far
from ..files import read_foreign
from ..outcome import Outcome
from ..remote import read_policy
from ..screen import Counter, entries, hint, plain
from ..session import passphrase, passphrase_option
from ..signing import wrote_envelope
from ..succession import Succession

LACKING_EXIT = 6


@click.command("restore", cls=Command, on_ledger=False)
@click.argument("source", metavar="FROM")
@click.argument("directory", metavar="DIR")
@click.option("--keys", metavar="FOLDER", help="The keys, if they are not in FROM: log.pem, and a folder for each party.")
@click.option("--newest", metavar="FILE|URL", help="A checkpoint that someone else holds, to find out whether entries are missing.")
@click.option("--trust", metavar="FILE", help="The trust policy of the log that FROM must be a copy of.")
@click.option("--successor", "succ_origin", metavar="ORIGIN", help="End the log, and continue it under this name with a new key.")
@click.option("--reason", "succ_reason", metavar="TEXT", help="With --successor: what happened, for everyone to read.")
@click.option(
    "--officer", "succ_officers", metavar="O", multiple=True,
    help="The operator's officer who signs. Repeat for more. Default: its only key file.",
)
@click.option(
    "--cosign", "succ_cosign", metavar="P/O", multiple=True,
    help="The auditor's or regulator's officer who signs too. Repeat for more.",
)
@click.option(
    "--log-key", "succ_log_key", metavar="FILE", help="The new log's key file. --sign-only makes it if it does not exist."
)
@click.option(
    "--sign-only", "succ_sign_only", is_flag=True, help="Write the succession to -o FILE for others to sign, and make no ledger."
)
@click.option("-o", "--output", "succ_output", metavar="FILE", help="The file that --sign-only writes; - is stdout.")
@click.option("--signed", "succ_signed", metavar="FILE", help="The succession with everyone's signatures.")
def command(source: str, directory: str, keys: str | None, newest: str | None, trust: str | None, **words: Any) -> Outcome:
    """Make a ledger in DIR, a new directory, from FROM: a backup, a ledger's directory, an export, a mirror, or a log's address.

    The entries must give the root hash of the signed checkpoint; everything else is made again from them. If a newer checkpoint is
    known, on this machine or from --newest, it says how many entries are missing, and the exit code is 6.

    With --successor, the log ends with what is in FROM, and a new log continues it. Use this if entries that others may have seen
    are lost.
    """
    succession = Succession(**{name.removeprefix("succ_"): value for name, value in words.items()})
    succession.check()
    asked = _asked(keys, newest, trust)
    target = source if is_url(source) else Path(source)
    with Counter("restoring", AGAIN) as count:
        if succession.origin is not None:
            return _succeeded(target, directory, asked, succession, count)
        done = restore(target, Path(directory), asked, count)
    so_far().made, so_far().again = f"the ledger {plain(directory)} is complete", ""
    _say_next(directory, done)
    value = {"from": source, "directory": directory, **done._asdict(), "missing": done.missing}
    return Outcome(value, _lines, LACKING_EXIT if done.missing or done.damaged else 0)


command.params.append(passphrase_option())


def _asked(keys: str | None, newest: str | None, trust: str | None) -> Asked:
    return Asked(
        keys=Path(keys) if keys else None,
        newest=(newest, _note(newest)) if newest else None,
        policy=read_policy(trust) if trust else None,
        passphrase=passphrase(),
    )


def _note(name: str) -> bytes:
    """The checkpoint in a file, or of the log at an address or in a folder."""
    if is_url(name) or Path(name).is_dir():
        with closing(open_source(name)) as source:
            return source.checkpoint()
    return note_kept(read_foreign(name, KEPT_BYTES))


def _succeeded(target: str | Path, directory: str, asked: Asked, succession: Succession, count: Counter) -> Outcome:
    successor = succession.successor(keys_beside(target, asked))
    if succession.sign_only:
        said = draft(target, asked, successor, count)
        succession.keep_key(successor.log_key)  # only now is it known that there can be a successor
        hint(f"keep {plain(succession.log_key)}: it is the key of the new log")
        return wrote_envelope(None, said, succession.output or "")
    done = succeed(target, Path(directory), asked, successor, utc_now, count)
    so_far().made, so_far().again = f"the ledger {plain(directory)} is complete", ""
    hint(f"Share {plain(directory)}/trust.policy: the old one does not verify this log. Tell everyone that {plain(done.continued)}")
    hint("has ended, why, and what was lost. Every audit will report continued-after-loss from now on.")
    return Outcome({"directory": directory, **done._asdict(), "lost": done.lost}, lambda value: _said(directory, done))


def _said(directory: str, done: Succeeded) -> Iterator[str]:
    yield f"{plain(directory)}: ledger {plain(done.origin)}, {entries(done.size + 1)}"
    yield f"continues: {plain(done.continued)}, {entries(done.size)}, root {done.root}"
    yield f"lost: {_lost(done)}"
    yield f"last entry kept: entry {done.size - 1}, of {done.last}"
    yield f"log key: {plain(done.vkey)}"
    yield f"keys: {plain(', '.join(done.keys))}"


def _lost(done: Succeeded) -> str:
    if not done.lost:
        return f"nothing, as far as {plain(done.known_by)} shows"
    return f"at least {entries(done.lost)}, as {plain(done.known_by)} shows; {unproven(done.size)}"


def _say_next(directory: str, done: Restored) -> None:
    if done.rotten:
        hint(f"{plain(done.rotten)}, so it was left out, and nothing can be recorded: put the right one into")
        hint(f"{plain(directory)}/keys, from another backup")
    elif not done.keys:
        hint(f"it has no keys, so nothing can be recorded: put log.pem and the officers' keys into {plain(directory)}/keys")
    if done.missing:
        hint("Nothing can be recorded until these entries are back. Get a newer backup, export or mirror that has them, and type")
        hint(f"  givetrail repair --ledger {plain(directory)} --from COPY")
        hint("If no one has them any more, the log ends here: see docs/how-to/after-a-loss.md")
    elif done.damaged:
        hint("Nothing can be recorded until the checkpoint that is kept outside is repaired. Type")
        hint(f"  givetrail repair --ledger {plain(directory)}")
    elif not done.known_by:
        hint("This machine has not signed for this log before, so it cannot tell whether later entries are lost. Before you")
        hint("continue, ask a mirror, a witness or a donor with a proof for a newer checkpoint, and compare with --newest.")


def _lines(value: JsonObject) -> Iterator[str]:
    size, signed = value["tree_size"], value["signed"]
    yield f"{plain(value['directory'])}: ledger {plain(value['origin'])}, {entries(size)}, root {value['root']}"
    yield f"last entry: {value['last']}"
    if signed < size:
        yield f"{size - signed} of them were not signed yet; the next command that records signs them"
    yield f"keys: {plain(', '.join(value['keys'])) or 'none'}"
    if value["damaged"]:
        yield f"{plain(value['damaged'])}; it was not changed"
    if value["missing"]:
        yield f"missing: {numbered(value['missing'], size)}, signed by {plain(value['known_by'])}"
    elif value["known_by"]:
        yield f"missing: nothing, as far as is known; the newest known checkpoint has {entries(value['known'])}"
