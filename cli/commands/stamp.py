"""`givetrail stamp`: a timestamp authority stamps the log, and the ledger holds on to its token."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, NamedTuple

import click

from ledger.books.clock import SIGNED_AHEAD_S
from ledger.books.moment import seconds
from ledger.books.stamp import stamps
from ledger.canonical import JsonObject
from ledger.clock import utc_now
from ledger.entries.log_keys import vkey_of
from ledger.errors import Refused, UsageError
from ledger.log.checkpoint import Checkpoint, open_checkpoint
from ledger.log.entry import decode_entry
from ledger.log.tile import token_path
from ledger.log.timestamp_token import Token, check_imprint, read_token, verify_token
from ledger.log_files.folder import Folder
from ledger.log_files.source import note_in
from ledger.log_files.stamps import stamp_in

from ..command import Command
from ..done_so_far import AGAIN, so_far
from ..outcome import Outcome
from ..remote import roots_in
from ..screen import entries, hint, plain
from ..session import Session, opened
from ..signing import Signing, signing_options, state

WAIT_S = 5
"""How far the clock of the authority may be ahead of this computer's, so that waiting makes up for it."""


class Head(NamedTuple):
    """The signed checkpoint of a ledger, its directory, its operator, the time of its last signed entry; and which record has which
    token, by the digest of this."""

    checkpoint: Checkpoint
    directory: Path
    operator: str
    time: str
    recorded: dict[str, str]


@click.command("stamp", cls=Command)
@click.option("--authority", metavar="URL", required=True, help="The http(s) address of a timestamp authority (RFC 3161).")
@click.option("--roots", metavar="FILE", help="Its root certificate, in PEM. Without it, who signed is not checked.")
@click.option("--no-record", is_flag=True, help="Keep the token, and record nothing: then only what came before is bounded.")
def command(authority: str, roots: str | None, no_record: bool, **words: Any) -> Outcome:
    """Have an authority stamp the log as it is now, keep its token in timestamps/, and record it.

    The token proves that all entries so far existed at its time. The record proves that all later entries are younger. If the
    command was interrupted, run it again: it records the token that is there.
    """
    signing = Signing.take(words)
    if no_record and signing.sign_only:
        raise UsageError("--no-record and --sign-only do not go together; leave one out", rule="usage", where="no_record")
    with opened(write=False) as session:
        head = _head(session)
    token = _stamped(head, authority, roots)
    value = _value(head, token, roots is not None)
    known = head.recorded.get(token.digest)
    if no_record or known is not None:
        return Outcome({**value, "record": known}, _lines)
    _wait_for(token)
    signing = signing._replace(party=signing.party or head.operator)
    outcome = state(signing, lambda session, party: [_record(head, token)])
    if signing.sign_only:
        return outcome
    return Outcome({**value, "record": outcome.value["records"][0]}, _lines)


command.params.extend(signing_options())


def _head(session: Session) -> Head:
    """What is stamped. Raises what `open_checkpoint` raises, StorageError."""
    checkpoint = open_checkpoint(note_in(session.directory), vkey_of(session.books))
    last = session.store.entry(checkpoint.tree_size - 1)
    known = {row.digest: row.ref for row in stamps(session.books)}
    return Head(checkpoint, session.directory, session.books.ledger[""].operator, decode_entry(last).time, known)


def _stamped(head: Head, authority: str, roots: str | None) -> Token:
    """The token that is kept of this checkpoint, or else a new one, which is kept now that it was checked."""
    trusted = roots_in(roots)
    raw = stamp_in(head.directory, head.checkpoint.tree_size)
    token = read_token(raw) if raw is not None else _asked(head, authority)
    check_imprint(token, head.checkpoint)
    if trusted is not None:
        verify_token(token, trusted)
    ahead = seconds(head.time) - seconds(token.time)
    if ahead > SIGNED_AHEAD_S:
        words = f"time {head.time}: the last entry is {ahead} s after {token.time}, the time of {token.authority}, so its clock was"
        remedy = "correct the clock (`givetrail record clock-correction`), then stamp"
        raise Refused(f"{words} ahead, and every audit would say so; {remedy}. Nothing was kept", rule="time", where="authority")
    if raw is None:
        Folder(head.directory).put(token_path(head.checkpoint.tree_size), token.raw)
    else:
        hint(f"{plain(token_path(head.checkpoint.tree_size))} was there already; the authority was not asked again")
    so_far().made = f"{plain(token_path(head.checkpoint.tree_size))} is kept"
    so_far().again = f"{AGAIN}: it records the token"
    return token


def _asked(head: Head, authority: str) -> Token:
    from ledger.network.timestamp_client import ask

    return ask(authority, head.checkpoint)


def _wait_for(token: Token) -> None:
    """Let this computer's clock come to the time of the token, if that is only seconds away. What is further away is refused."""
    ahead = seconds(token.time) - seconds(utc_now())
    if 0 < ahead <= WAIT_S:
        time.sleep(ahead)


def _record(head: Head, token: Token) -> JsonObject:
    return {
        "kind": "timestamp", "size": head.checkpoint.tree_size, "root": head.checkpoint.root.hex(), "time": token.time,
        "authority": token.authority, "digest": token.digest,
    }  # fmt: skip


def _value(head: Head, token: Token, verified: bool) -> JsonObject:
    size = head.checkpoint.tree_size
    return {
        "file": token_path(size), "size": size, "root": head.checkpoint.root.hex(), "time": token.time,
        "authority": token.authority, "digest": token.digest, "verified": verified,
    }  # fmt: skip


def _lines(value: JsonObject) -> list[str]:
    checked = "verified" if value["verified"] else "who signed it was not checked (--roots)"
    recorded = f"recorded as {value['record']}" if value["record"] else "not recorded"
    said = f"{value['file']}: {entries(value['size'])}, stamped at {value['time']} by {plain(value['authority'])}"
    return [said, f"{checked}; {recorded}"]
