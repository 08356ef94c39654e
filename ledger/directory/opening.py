"""A ledger is a directory: where its parts are, how it is made, and how it is opened.

    ledger.sqlite   entries (the truth) and what is derived from them
    unique.index    the places of each unique key (derived)
    checkpoint      the published checkpoint; `signed` is the last signed one, if it waits for witnesses (publication)
    trust.policy    the policy to share with verifiers (C2SP tlog-policy)
    witnesses/      what witnesses said (alarms)
    keys/           log.pem, and <party>/<officer>.pem
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from itertools import pairwise
from pathlib import Path

from ..books.state import Books
from ..clock import Clock, utc_now
from ..disk.durable import write_durably
from ..entries.leaf import keys_of_entry
from ..entries.loading import load_books
from ..entries.log_keys import ended_logs, vkey_of
from ..errors import InputError, NotFound, ReadOnly, Unverifiable, UsageError, VerificationError
from ..log.checkpoint import Checkpoint, open_checkpoint
from ..log.key import SigningKey
from ..log.merkle import EMPTY_ROOT, subtree_root
from ..log.note import VerifierKey
from ..log.policy import Policy
from ..log.tile import node_reader
from ..log_files.folder import read_note
from ..store.location import FILE_NAME, holds_store
from ..store.opening import create_store, open_store
from ..store.protocol import DirectoryStore, Store
from ..writer.sequencer import Sequencer
from . import anchor
from .alarms import why_stopped
from .publication import POLICY, explained, keep_signed, signed_path
from .rot import scrub_share

LOG_KEY = "keys/log.pem"
BACKUP = "backup.json"
OLDER = (
    "an older copy was restored. Restore what is missing with `givetrail repair --from COPY`, from a newer backup, an export or a "
    "mirror; docs/how-to/after-a-loss.md says what to do if no copy exists. Reading and verifying still work"
)


def key_path(directory: Path, party: str, officer: str) -> Path:
    """The path of the key of a party's officer."""
    return directory / "keys" / party / f"{officer}.pem"


def begin(
    directory: Path, policy: Policy, log_key: SigningKey, clock: Clock, place: Path | None = None
) -> Sequencer:  # fmt: skip
    """An empty log in an existing directory with its trust policy, which names this log only, open for writing. `place` is where
    the directory will be moved to, if anywhere. Raises Conflict, StorageError."""
    vkey = policy.logs[0].vkey
    write_durably(directory / POLICY, explained(policy))
    store = create_store(directory, keys_of=keys_of_entry)
    with ExitStack() as on_failure:
        on_failure.callback(store.close)
        sequencer = _signing(store, Books(), vkey, log_key, directory, clock, place)
        on_failure.pop_all()
    return sequencer


def open_writer(directory: Path, passphrase: bytes | None = None, clock: Clock = utc_now) -> Sequencer:
    """Open a ledger for writing. If it is behind its last signed checkpoint, or on another branch, it does not accept anything
    (`read_only_because`).

    Raises UsageError, Conflict (another process writes), StorageError.
    """
    require_ledger(directory)
    refuse_backup(directory)
    log_key = SigningKey.load(directory / LOG_KEY, passphrase)
    store = open_store(directory, write=True, keys_of=keys_of_entry, look=scrub_share)
    with ExitStack() as on_failure:
        on_failure.callback(store.close)
        books = load_books(store)
        vkey = vkey_of(books)
        if vkey.public != log_key.public:
            raise UsageError(f"{directory / LOG_KEY}: is not the key of this log; put the right file in its place", rule="key-file")
        _end_before(books, vkey, directory)
        sequencer = _signing(store, books, vkey, log_key, directory, clock)
        sequencer.read_only_because = why_behind(directory, store, vkey) or why_stopped(directory)
        if not sequencer.read_only_because and _signed_size(directory, vkey) < store.tree_size:
            sequencer.sign()
        on_failure.pop_all()
    return sequencer


def open_reader(directory: Path) -> tuple[DirectoryStore, Books]:
    """Open a ledger for reading, also while another process writes. Raises UsageError, StorageError."""
    require_ledger(directory)
    store = open_store(directory, write=False)
    with ExitStack() as on_failure:
        on_failure.callback(store.close)
        books = load_books(store)
        on_failure.pop_all()
    return store, books


def require_ledger(directory: Path) -> None:
    """Refuse a path that is not a ledger. Raises NotFound."""
    if not holds_store(directory):
        raise NotFound(f"{directory}: does not contain a ledger; make one with `givetrail init`", rule="directory")


def refuse_backup(directory: Path) -> None:
    """Refuse a backup, which must not be written to. Raises UsageError."""
    if os.path.lexists(directory / BACKUP):
        words = f"{directory}: is a backup, which is never changed; make a ledger from it with `givetrail restore {directory} DIR`"
        raise UsageError(words, rule="backup", where=str(directory))


def _signing(
    store: DirectoryStore, books: Books, vkey: VerifierKey, log_key: SigningKey, directory: Path, clock: Clock,
    place: Path | None = None,
) -> Sequencer:  # fmt: skip
    """The sequencer of a store. It holds the checkpoint kept outside until it is closed. Raises Conflict, StorageError."""
    kept = anchor.Anchor(vkey.format(), place or directory)
    store.close_too(kept.close)
    sequencer = Sequencer(store, books, vkey.name, log_key, publisher(directory, kept), clock)

    def check() -> None:
        kept.check()
        if stopped := why_stopped(directory):
            raise ReadOnly(stopped, rule="read-only", where=str(directory))

    sequencer.before_commit = check
    return sequencer


def _end_before(books: Books, vkey: VerifierKey, directory: Path) -> None:
    """End the logs that this one continues, so that they sign nothing more on this machine. Raises Conflict, StorageError."""
    ended = sorted(ended_logs(books).values(), key=lambda old: books.ended[old.name].size)
    chain = [old.format() for old in (*ended, vkey)]
    for old, successor in pairwise(chain):
        if anchor.successor_of(old) != successor:
            with closing(anchor.Anchor(old, directory)) as kept:
                kept.end(successor)


def publisher(directory: Path, kept: anchor.Anchor) -> Callable[[Checkpoint, bytes], None]:
    """A function that keeps a signed checkpoint and publishes it: first outside the directory, so that an older copy of the
    directory is never taken for the newest."""

    def publish(checkpoint: Checkpoint, note: bytes) -> None:
        kept.remember(note)
        keep_signed(directory, note)

    return publish


def why_behind(directory: Path, store: Store, vkey: VerifierKey) -> str:
    """Why nothing may be appended: the log is behind a checkpoint that it signed, or on another branch, or a kept checkpoint cannot
    be read; "" if none of this is true."""
    successor = anchor.successor_of(vkey.format())
    if successor:
        return anchor.ended(vkey.name, successor)
    for name, path, note in _kept(directory, vkey):
        try:
            signed = open_checkpoint(note, vkey) if note is not None else Checkpoint(vkey.name, 0, EMPTY_ROOT)
        except (InputError, Unverifiable, VerificationError) as error:
            found = anchor.Damaged(path, error.message, anchor.size_line(note or b""))
            return f"{found.words}. `givetrail repair` writes it again; reading and verifying still work"
        if signed.tree_size > store.tree_size:
            what = f"{name} has {signed.tree_size} entries, but this ledger has only {store.tree_size}: "
            return what + (_grown_elsewhere(directory, path) or OLDER)
        if signed.tree_size and subtree_root(0, signed.tree_size, node_reader(store.tile)) != signed.root:
            what = f"{name} at {signed.tree_size} entries has a different root, so this ledger is another branch. "
            return what + (_grown_elsewhere(directory, path) or "Restore the right copy")
    return ""


def _grown_elsewhere(directory: Path, path: Path) -> str:
    """What to do if a copy of the directory signed last; "" if none did, or that is not known."""
    other = anchor.signed_in(path)
    if path.parent == directory or other == os.path.abspath(directory) or not os.path.lexists(Path(other or "/") / FILE_NAME):
        return ""
    kept = shlex.quote(str(path))
    return (
        f"{other}, a copy of this directory, signed last. Continue there, or put it in the place of this one. If it was only to "
        f"try things out, and no one else has seen what was recorded there, remove it and run `mv {kept} {kept}.trial`; the next "
        "time, make such a copy with `givetrail copy DIR --trial`. Reading and verifying still work"
    )


def signed_here(directory: Path, vkey: VerifierKey) -> Iterator[tuple[str, Checkpoint]]:
    """The name and content of the last signed checkpoints, in the directory and outside, without damaged ones. Raises StorageError
    if one cannot be read."""
    for name, _, note in _kept(directory, vkey):
        with suppress(InputError, Unverifiable, VerificationError):
            if note is not None:
                yield name, open_checkpoint(note, vkey)


def _signed_size(directory: Path, vkey: VerifierKey) -> int:
    """How many entries are signed for in both places; 0 if one of them has no checkpoint."""
    return min(open_checkpoint(note, vkey).tree_size if note is not None else 0 for _, _, note in _kept(directory, vkey))


def _kept(directory: Path, vkey: VerifierKey) -> list[tuple[str, Path, bytes | None]]:
    """The two places of the last signed checkpoint: its name, its path, and the note if there is one."""
    inside, outside = signed_path(directory), anchor.anchor_path(vkey.format())
    return [
        ("the checkpoint kept outside the directory", outside, anchor.recall(vkey.format())),
        (inside.name, inside, read_note(inside)),
    ]
