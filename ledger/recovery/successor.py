"""A log that continues another log whose last entries were lost, although others may have seen them.

The old log must not sign again: anyone who holds a checkpoint of what was lost would then have proof of two histories. So its
successor has another name and another key. Its tree begins with the entries that survived, byte for byte in their places, so every
reference, signature and amount stays the same. Then comes one `succession`, signed by the operator and an overseer.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from ..books.state import Books
from ..canonical import JsonObject, to_base64
from ..clock import Clock
from ..directory.anchor import Anchor, ended, recall, successor_of
from ..directory.opening import LOG_KEY, open_writer
from ..directory.publication import POLICY, explained
from ..disk.atomic_directory import made_beside
from ..disk.durable import write_durably
from ..entries.leaf import keys_of_entry
from ..entries.loading import load_books
from ..entries.statement import read_statement
from ..errors import Conflict, Refused
from ..log.key import SigningKey
from ..log.merkle import HASH_BYTES
from ..log.note import VerifierKey
from ..log.policy import Policy
from ..log.tile import FULL_WIDTH
from ..store.location import FILE_NAME
from ..store.opening import open_store
from ..store.protocol import DirectoryStore
from ..writer.sequencer import Sequencer
from ..writer.submission import Submission
from .keys import copy_keys
from .restore import Asked, Progress, Taken, keys_beside, take

OVERSEE = frozenset({"auditor", "regulator"})
# The statement of a succession, made from its one record, what the record is bound to, and the books before it.
Say = Callable[[JsonObject, tuple[int, str], Books], Submission]


class Successor(NamedTuple):
    """The log to begin: its name and key, what happened to the one before, and who states it."""

    origin: str
    log_key: SigningKey
    reason: str
    say: Say


class Succeeded(NamedTuple):
    """The log `continued` ended after `size` entries, and the next entry is the succession. `known` is its size by the newest known
    checkpoint. `vkey` is the verifier key of its successor; `last` is the time of the last entry that was kept."""

    origin: str
    vkey: str
    continued: str
    size: int
    root: str
    known: int
    known_by: str
    keys: list[str]
    last: str

    @property
    def lost(self) -> int:
        """How many entries are known to be lost, at least: the newest known checkpoint may be of another history."""
        return max(0, self.known - self.size)


def succeed(
    target: str | Path, directory: Path, asked: Asked, successor: Successor, clock: Clock,
    progress: Progress = lambda done, all: None,
) -> Succeeded:  # fmt: skip
    """Make a ledger in a new or empty directory from what survived in `target`, and continue it under its successor's name and key.
    From then on this machine signs nothing for the log that ended.

    Raises what `restore` raises; Refused if the succession breaks a rule; Conflict if the log already has a successor, or is open
    for writing. The directory is then as it was.
    """
    with made_beside(directory, last=FILE_NAME) as new:
        taken = take(target, new, asked, progress)
        _check_first(taken.vkey)
        with closing(Anchor(taken.vkey.format(), directory)):
            keys = copy_keys(folder, new) if (folder := keys_beside(target, asked)) else []
            (new / LOG_KEY).unlink(missing_ok=True)
            successor.log_key.save(new / LOG_KEY, asked.passphrase)
            _enter(new, taken, successor, clock)
        vkey = VerifierKey(successor.origin, successor.log_key.public)
        write_durably(new / POLICY, explained(Policy.for_log(vkey)))
    open_writer(directory, asked.passphrase, clock).store.close()
    known, known_by = taken.known()
    return Succeeded(
        vkey.name, vkey.format(), taken.vkey.name, taken.tree_size, taken.root.hex(), known, known_by or taken.head.name,
        sorted({*keys, "log.pem"}), taken.last,
    )  # fmt: skip


def draft(target: str | Path, asked: Asked, successor: Successor, progress: Progress = lambda done, all: None) -> Submission:
    """The statement of a succession, for others to sign too; nothing is made. Raises what `succeed` raises, and Refused if nobody
    but the operator may sign it."""
    with tempfile.TemporaryDirectory(prefix="givetrail-") as folder:
        taken = take(target, Path(folder), asked, progress)
        _check_first(taken.vkey)
        with closing(open_store(Path(folder), write=False)) as store:
            books = load_books(store)
            _check_overseer(books)
            return successor.say(_record(taken, successor), _head(store), books)


def _check_first(vkey: VerifierKey) -> None:
    """Refuse a log whose successor has already signed something. Raises Conflict."""
    before = successor_of(vkey.format())
    if before and recall(before) is not None:
        raise Conflict(ended(vkey.name, before), rule="ended", where="successor")


def _check_overseer(books: Books) -> None:
    """Refuse unless an auditor or regulator other than the operator has a key. Raises Refused."""
    ledger = books.ledger.get("")
    for name, party in books.party.items():
        if party.officers and OVERSEE.intersection(party.roles) and (ledger is None or name != ledger.operator):
            return
    words = (
        "a succession must be signed by an auditor or regulator, but none has a key in this ledger, so it cannot have a successor. "
        "Start a new ledger with `givetrail init`, and keep this one as it is, for reading"
    )
    raise Refused(words, rule="authority", where="successor")


def _record(taken: Taken, successor: Successor) -> JsonObject:
    return {
        "kind": "succession", "reason": successor.reason, "log_key": to_base64(successor.log_key.public),
        "continues": {"origin": taken.vkey.name, "root": taken.root.hex(), "size": taken.tree_size},
    }  # fmt: skip


def _head(store: DirectoryStore) -> tuple[int, str]:
    last = store.tree_size - 1
    at = last % FULL_WIDTH * HASH_BYTES
    return last, store.tile(0, last // FULL_WIDTH)[at : at + HASH_BYTES].hex()


def _enter(new: Path, taken: Taken, successor: Successor, clock: Clock) -> None:
    """Enter the succession. Its checkpoint is signed when the directory is opened in its final place."""
    with closing(open_store(new, write=True, keys_of=keys_of_entry)) as store:
        books = load_books(store)
        submission = successor.say(_record(taken, successor), _head(store), books)
        _check_said(submission, taken, successor)
        sequencer = Sequencer(store, books, successor.origin, successor.log_key, lambda checkpoint, note: None, clock)
        (answer,) = sequencer.submit([submission], sign=False)
        if isinstance(answer, Exception):
            raise answer


def _check_said(submission: Submission, taken: Taken, successor: Successor) -> None:
    """Refuse a statement that was signed for something other than what is made. Raises Refused, and what `read_statement`
    raises."""
    statement, wanted = read_statement(submission[0]), _record(taken, successor)
    said = statement.records[0].model_dump(exclude_none=True)
    for field in ("kind", "continues", "log_key"):
        if said.get(field) != wanted[field]:
            words = f"{field}: the signed statement differs from what is restored here; have it signed again"
            raise Refused(words, rule="ledger", where=field)
    if statement.ledger != successor.origin:
        words = f"ledger {statement.ledger!r}: the statement was signed for that name; give it with --successor"
        raise Refused(words, rule="ledger", where="successor")
