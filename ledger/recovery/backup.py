"""A backup: everything that a ledger needs to continue, in a folder of its own, made while another process may write.

    ledger.sqlite   the database as it was at one commit
    checkpoint      the newest signed checkpoint that the database reaches
    trust.policy    as in the ledger's directory
    timestamps/     the tokens of timestamps, as there
    keys/           secret keys, unless they were left out; reference keys, and the files that say when to destroy them
    backup.json     marks the folder as a backup. While it exists nothing can be recorded here; `restore` makes a ledger from it

A backup is never changed. The next one is another folder, so that data that became rotten meanwhile never replaces sound data.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from ..audit.consistency import KnownCheckpoint
from ..audit.tree import TreeCheck
from ..books.state import Books
from ..canonical import encode
from ..directory.opening import BACKUP, require_ledger, why_behind
from ..directory.publication import POLICY, signed_note
from ..directory.small_files import Compared, compare_keys
from ..directory.source import DirectorySource
from ..disk.atomic_directory import check_free, made_beside
from ..disk.durable import write_durably
from ..disk.regular import read_regular
from ..entries.loading import load_books
from ..entries.log_keys import vkey_of
from ..errors import InputError, ReadOnly, StorageError, Unverifiable, UsageError, VerificationError
from ..log.checkpoint import Checkpoint
from ..log.merkle import leaf_hash
from ..log.note import VerifierKey
from ..log.policy import MAX_POLICY_BYTES
from ..log.tile import CHECKPOINT, FULL_WIDTH
from ..log_files.folder import read_note
from ..log_files.stamps import copy_stamps
from ..store.location import FILE_NAME
from ..store.opening import copy_store, leave_one_file, open_store
from ..store.protocol import DirectoryStore
from .heads import Head, head_in, newest
from .keys import KEYS, copy_keys

Progress = Callable[[int, int], None]


class BackedUp(NamedTuple):
    """The backup has `tree_size` entries with this `root` (hex); its checkpoint signs the first `signed` of them. `keys` are the
    names of the secret files in it. `warnings` are (file, what is wrong with it) for keys that are not what they must be. `shut`
    are the files that could not be compared because they need a passphrase."""

    origin: str
    tree_size: int
    root: str
    signed: int
    keys: list[str]
    warnings: list[tuple[str, str]]
    shut: list[str]


def back_up(
    directory: Path, folder: Path, made_at: str, *, secrets: bool = True, progress: Progress = lambda done, all: None
) -> BackedUp:
    """Make a backup of a ledger in a new or empty folder, and verify it before it gets its final name: the database; the books;
    entries, tiles and root against the signed checkpoint; the log's key and the trust policy against the entries. `made_at` is a
    time in UTC.

    Raises UsageError, NotFound; VerificationError if the ledger itself, its log's key or its policy is damaged; ReadOnly if it is
    behind a kept checkpoint, or the log has ended; StorageError. Then no backup is left.
    """
    require_ledger(directory)
    check_free(folder)
    _check_apart(directory, folder)
    with made_beside(folder, last=FILE_NAME) as new:
        before = _note(directory)
        copy_store(directory, new, progress)
        _copy_small(directory, new)
        with closing(DirectorySource(directory)) as live:
            copy_stamps(live, new, live.stamped())
        keys = copy_keys(directory / KEYS, new, secrets)
        done = _checked(directory, new, before, progress)._replace(keys=keys)
        said = {"entries": done.tree_size, "made_at": made_at, "origin": done.origin, "root": done.root, "signed": done.signed}
        write_durably(new / BACKUP, encode(said) + b"\n")
        leave_one_file(new)
    return done


def _check_apart(directory: Path, folder: Path) -> None:
    if Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(directory)):
        words = f"{folder}: is inside the ledger's directory, and would be lost with it; give a folder on another disk"
        raise UsageError(words, rule="directory", where=str(folder))


def _note(directory: Path) -> bytes:
    note = read_note(directory / CHECKPOINT) or signed_note(directory)
    if note is None:
        words = f"{directory / CHECKPOINT}: is missing; record anything, which signs it again, or run `givetrail repair`"
        raise StorageError(words, rule="missing", where=CHECKPOINT)
    return note


def _head(directory: Path, note: bytes, vkey: VerifierKey) -> Head:
    """The head in the directory's own note. Raises ReadOnly if it is damaged, as recording there would."""
    try:
        return head_in(CHECKPOINT, note, vkey)
    except (InputError, Unverifiable, VerificationError):
        _check_behind(directory, vkey)
        raise


def _check_behind(directory: Path, vkey: VerifierKey) -> None:
    """Refuse a ledger that does not accept records. Raises ReadOnly, StorageError."""
    with closing(open_store(directory, write=False, checked=False)) as live:
        behind = why_behind(directory, live, vkey)
    if behind:
        raise ReadOnly(f"no backup was made, because nothing can be recorded here: {behind}", rule="read-only", where=CHECKPOINT)


def _copy_small(directory: Path, new: Path) -> None:
    try:
        write_durably(new / POLICY, read_regular(directory / POLICY, MAX_POLICY_BYTES))
    except OSError as error:
        words = f"{directory / POLICY}: cannot be read: {error.strerror}; restore it, or write it again: `log <key>`, `quorum none`"
        raise StorageError(words, rule="storage", where=POLICY) from None


def _checked(directory: Path, new: Path, before: bytes, progress: Progress) -> BackedUp:
    """Read the copy through, and put the checkpoint beside it. Raises VerificationError, StorageError."""
    with closing(open_store(new, write=False, checked=False)) as store:
        store.check()
        _check_derived(store)
        books, size = load_books(store), store.tree_size
        vkey = vkey_of(books)
        # The checkpoint from before the copy is never beyond it; the current one may be newer and still not beyond it.
        heads = [_head(directory, note, vkey) for note in (before, _note(directory))]
        within = [one for one in heads if one.checkpoint.tree_size <= size]
        if not within:
            found = heads[0].checkpoint.tree_size
            words = (
                f"{directory}: {found} entries are signed, but only {size} are there; restore the others with `givetrail repair`"
            )
            raise VerificationError(words, rule="missing", where=CHECKPOINT)
        head = newest(within)
        write_durably(new / CHECKPOINT, head.note)
        root = _checked_tree(new, store, head, progress)
        small = _checked_small(directory, books, vkey)
    return BackedUp(vkey.name, size, root.hex(), head.checkpoint.tree_size, [], [(*fault,) for fault in small.faults], small.shut)


def _checked_small(directory: Path, books: Books, vkey: VerifierKey) -> Compared:
    """What is wrong with the keys. Raises VerificationError if it is the log's key or the policy; ReadOnly, StorageError."""
    _check_behind(directory, vkey)
    small = compare_keys(directory, books)
    for fault in small.vital():
        words = f"no backup was made: {directory / fault.file}: {fault.why}. Keep your older backups"
        raise VerificationError(words, rule="policy" if fault.file == POLICY else "key-file", where=fault.file)
    return small


def _check_derived(store: DirectoryStore) -> None:
    """Read every derived table of the copy. Raises StorageError, rule "derived"."""
    with store.one_commit():
        for fault in store.faults():
            raise StorageError(f"no backup was made: {fault}", rule="derived", where=FILE_NAME)


def _checked_tree(new: Path, store: DirectoryStore, head: Head, progress: Progress) -> bytes:
    """The root over all entries, after checking that they give the tiles and the signed root. Raises VerificationError."""
    size = store.tree_size
    with closing(DirectorySource(new, head.note)) as tiles:
        tree = TreeCheck(tiles, [KnownCheckpoint(*head)])
        for start in range(0, size, FULL_WIDTH):
            tree.extend([leaf_hash(raw) for raw in store.entries(start, min(start + FULL_WIDTH, size))])
            progress(tree.size, size)
        tree.finish(Checkpoint(head.checkpoint.origin, size, tree.root))
    for finding in tree.findings:
        raise VerificationError(
            f"the ledger itself is damaged, so no backup was made: {finding.message}. Keep your older backups; `givetrail verify` "
            "lists what is wrong, and `givetrail repair --from BACKUP` repairs it",
            rule=finding.rule,
        )  # fmt: skip
    return tree.root
