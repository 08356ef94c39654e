"""Makes a ledger from a backup, another directory, or any copy of its log as files. Only the entries are taken; everything else is
made from them again, so that rotten data beside them is left behind.

The log's own signed checkpoint proves that the entries are right. Only a newer checkpoint can show whether entries are missing: the
one that this machine keeps outside the directory, or one that someone else holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ..audit.target import open_source
from ..books.stamp import stamps
from ..books.state import Books
from ..directory import anchor
from ..directory.opening import LOG_KEY
from ..directory.publication import POLICY, explained
from ..directory.rebuild import add_again
from ..directory.source import DirectorySource
from ..disk.atomic_directory import check_free, made_beside
from ..disk.durable import write_durably
from ..disk.regular import read_regular
from ..entries.leaf import keys_of_entry
from ..entries.loading import apply_again
from ..entries.log_keys import vkey_of
from ..errors import Conflict, GiveTrailError, InputError, StorageError, Unverifiable, UsageError, VerificationError
from ..log.checkpoint import checkpoint_in
from ..log.key import ENCRYPTED, SigningKey
from ..log.merkle import subtree_root
from ..log.note import VerifierKey
from ..log.policy import MAX_POLICY_BYTES, Policy
from ..log.tile import CHECKPOINT, leaf_hash_at, node_reader
from ..log_files.source import Source
from ..log_files.stamps import copy_stamps
from ..store.location import FILE_NAME
from ..store.opening import create_store, open_store
from ..store.protocol import DirectoryStore
from ..writer.group import Group
from ..writer.sequencer import GROUP
from .heads import Head, check_heads, head_in, kept_outside, newest
from .keys import KEYS, copy_keys, holds_log_key

Progress = Callable[[int, int], None]


class Asked(NamedTuple):
    """The input of a restore. `keys` is the folder of keys, if it is not beside the entries. `newest` is a signed note that may be
    newer than what is restored, with the name of its place. `policy` says which log it must be."""

    keys: Path | None = None
    newest: tuple[str, bytes] | None = None
    policy: Policy | None = None
    passphrase: bytes | None = None


NOTHING_MORE = Asked()
LOG_NAME = "log.pem"


class Restored(NamedTuple):
    """A ledger of `tree_size` entries with this `root` (hex); its checkpoint signs the first `signed` of them. `keys` are the names
    of its secret files. `known` is the size of the newest known head; `known_by` says where that head is, "" if only the ledger's
    own is known. `last` is the time of the last entry. `damaged` says what is wrong with the checkpoint kept outside, or "";
    nothing can be recorded until that is settled. `rotten` says what is wrong with the log's key, which is then left out, or ""."""

    origin: str
    vkey: str
    tree_size: int
    root: str
    signed: int
    keys: list[str]
    known: int
    known_by: str
    last: str
    damaged: str = ""
    rotten: str = ""

    @property
    def missing(self) -> int:
        """How many more entries are known, from signed checkpoints, than there are here."""
        return max(0, self.known - self.tree_size)


def restore(
    target: str | Path, directory: Path, asked: Asked = NOTHING_MORE, progress: Progress = lambda done, all: None
) -> Restored:
    """Make a ledger in a new or empty directory from the backup, directory, folder of tiles or address `target`.

    A newer known head is kept outside the directory, so that nothing is recorded in a ledger that lacks entries. A damaged one that
    is kept there stays as it is, and its legible part counts.

    Raises UsageError, NotFound, Unverifiable; VerificationError if the entries are not what was signed; Conflict if the log has a
    successor or two histories; StorageError. The directory is then as it was.
    """
    check_free(directory)
    with made_beside(directory, last=FILE_NAME) as new, _naming(directory, new):
        taken = take(target, new, asked, progress)
        _check_goes_on(taken.vkey)
        write_durably(new / CHECKPOINT, taken.head.note)
        write_durably(new / POLICY, _policy(target, taken.vkey))
        keys = copy_keys(folder, new) if (folder := keys_beside(target, asked)) else []
        rotten = _check_log_key(new, taken.vkey, asked)
        keys = [key for key in keys if not rotten or key != LOG_NAME]
        best = newest([taken.head, *taken.others])
        _keep(best, taken, directory)
    known, known_by = taken.known()
    damaged = taken.damaged.words if taken.damaged else ""
    return Restored(
        taken.vkey.name, taken.vkey.format(), taken.tree_size, taken.root.hex(), taken.head.checkpoint.tree_size, keys,
        known, known_by, taken.last, damaged, rotten,
    )  # fmt: skip


@contextmanager
def _naming(directory: Path, new: Path) -> Iterator[None]:
    """Make an error of the disk name the directory that is being made, as the user named it. SQLite needs free space even to read,
    so on a full disk the error can name the file being read."""
    try:
        yield
    except StorageError as error:
        words = error.message.replace(str(new), str(directory))
        if error.rule == "disk-full" and words == error.message:
            words = f"{directory}: was not made, because a disk is full: {words}"
        raise StorageError(words, rule=error.rule, where=error.where.replace(str(new), str(directory))) from error


class Taken(NamedTuple):
    """Entries that were put into a new store: their log, their number, their root, the head that proved them, other known heads,
    the time of the last entry; and the checkpoint kept outside, if that is damaged."""

    vkey: VerifierKey
    tree_size: int
    root: bytes
    head: Head
    others: list[Head]
    last: str
    damaged: anchor.Damaged | None = None

    def known(self) -> tuple[int, str]:
        """The largest number of entries that a signed head, or the legible part of a damaged one, speaks of, and where that is
        from; "" if nothing is known but what was taken."""
        best = newest([self.head, *self.others])
        most, name = best.checkpoint.tree_size, best.name if best is not self.head or self.others else ""
        if self.damaged and (self.damaged.size or 0) > most:
            return self.damaged.size or 0, "the damaged checkpoint kept outside the directory"
        return most, name


def take(target: str | Path, new: Path, asked: Asked, progress: Progress) -> Taken:
    """Put the entries of `target` into a new store in the folder `new`, and make everything derived. The entries must give the root
    of the log's own checkpoint, and of every other known checkpoint that is not beyond them. Nothing is synced: `made_beside` syncs
    everything at the end.

    Raises what `restore` raises.
    """
    with closing(open_source(target)) as source, closing(create_store(new, keys_of=keys_of_entry, lasting=False)) as store:
        note = source.checkpoint()
        books = Books()
        signed = checkpoint_in(note).tree_size
        _enter(store, books, source.entries(0, signed), signed, source.name, progress)
        if not signed:
            raise Unverifiable(f"{source.name}: its checkpoint is of an empty log; there is nothing to restore", rule="empty")
        if isinstance(source, DirectorySource):
            _enter_unsigned(store, books, Path(target))
        vkey = vkey_of(books)
        head = _own_head(source, note, vkey, asked)
        others = kept_outside(vkey) + ([head_in(*asked.newest, vkey)] if asked.newest else [])
        node = node_reader(store.tile)
        check_heads([head, *others], store.tree_size, node, source.name)
        copy_stamps(source, new, sorted({*source.stamped(), *(row.size for row in stamps(books))}))
        last = books.head.get("")
        return Taken(vkey, store.tree_size, subtree_root(0, store.tree_size, node), head, others, last.time if last else "",
                     anchor.damaged(vkey))  # fmt: skip


def _own_head(source: Source, note: bytes, vkey: VerifierKey, asked: Asked) -> Head:
    if asked.policy is not None:
        asked.policy.check(note)
    return head_in(f"the checkpoint of {source.name}", note, vkey)


def _enter(store: DirectoryStore, books: Books, raws: Iterator[bytes], size: int, name: str, progress: Progress) -> None:
    """Put entries into the store, group by group, with everything derived from them. Raises VerificationError, Unverifiable."""
    while store.tree_size < size:
        group = Group(store.tree_size, books)
        try:
            add_again(group, books, islice(raws, GROUP))
        except (InputError, VerificationError, Unverifiable) as error:
            index = group.first + len(group.entries)
            raise VerificationError(_not_true(name, index, error), rule=error.rule, where=str(index)) from None
        store.append(group.batch(store))
        progress(store.tree_size, size)


def _not_true(name: str, index: int, error: GiveTrailError) -> str:
    return (
        f"entry {index} of {name} is damaged ({error.message}). Nothing was made: restore from another copy, or put the entry back "
        "there first with `givetrail repair --from` another copy"
    )


def _enter_unsigned(store: DirectoryStore, books: Books, directory: Path) -> None:
    """Add the entries of a directory that were durable but not signed for yet, as long as each names the hash of the one before
    it."""
    with closing(open_store(directory, write=False, checked=False)) as source:
        for index in range(store.tree_size, source.tree_size):
            group = Group(index, books)
            try:
                raw = source.entry(index)
                leaf, context = apply_again(books, raw, index)
            except (GiveTrailError, StorageError):
                return
            if leaf.entry.index != index or leaf.entry.prev != leaf_hash_at(store.tile, index - 1).hex():
                books.rollback()
                return
            books.commit()
            group.add(raw, leaf, context, keys_of_entry(raw, index))
            store.append(group.batch(store))


def keys_beside(target: str | Path, asked: Asked) -> Path | None:
    """The folder of keys for what is restored: the one that was named, or else the one beside the entries, or else None.

    Raises UsageError if the named folder does not have the log's key.
    """
    if asked.keys is not None:
        if not holds_log_key(asked.keys):
            words = f"{asked.keys}: does not hold log.pem, the key of the log; name the folder `keys` of the ledger or of a backup"
            raise UsageError(words, rule="key-file", where="keys")
        return asked.keys
    beside = Path(target) / KEYS
    return beside if "://" not in str(target) and beside.is_dir() else None


def _check_log_key(new: Path, vkey: VerifierKey, asked: Asked) -> str:
    """Leave out a log key that is beside the entries and rotten, and say why; "" if it is right or missing.

    Raises UsageError if it was named with `keys` and is another key, or needs a passphrase.
    """
    if not holds_log_key(new / KEYS):
        return ""
    try:
        if SigningKey.load(new / LOG_KEY, asked.passphrase).public == vkey.public:
            return ""
        words = f"keys/log.pem: is not the key of {vkey.name}; name the folder `keys` of that ledger with --keys"
    except UsageError as error:
        if ENCRYPTED in (new / LOG_KEY).read_bytes():
            raise
        words = f"keys/log.pem: {error.message.removeprefix(f'{new / LOG_KEY}: ').partition('; ')[0]}"
    if asked.keys is not None:
        raise UsageError(words, rule="key-file", where="keys")
    (new / LOG_KEY).unlink()
    return words.partition("; ")[0]


def _policy(target: str | Path, vkey: VerifierKey) -> bytes:
    """The trust policy beside the entries, if it is one of this log; otherwise one that does not require witnesses."""
    if "://" not in str(target):
        with suppress(OSError, GiveTrailError):
            raw = read_regular(Path(target) / POLICY, MAX_POLICY_BYTES)
            if Policy.parse(raw).names(vkey):
                return raw
    return explained(Policy.for_log(vkey))


def _check_goes_on(vkey: VerifierKey) -> None:
    successor = anchor.successor_of(vkey.format())
    if successor:
        raise Conflict(anchor.ended(vkey.name, successor), rule="ended", where="origin")


def _keep(best: Head, taken: Taken, directory: Path) -> None:
    """Keep the newest head outside the directory, unless a newer one is kept there. A damaged one is replaced only by a head of
    more entries than were taken, so that the missing ones are not forgotten."""
    size, damaged = best.checkpoint.tree_size, taken.damaged
    if damaged:
        is_newer = damaged.size is not None and size >= damaged.size and size > taken.tree_size
    else:
        is_newer = size > max((one.checkpoint.tree_size for one in kept_outside(taken.vkey)), default=0)
    if is_newer:
        with closing(anchor.Anchor(taken.vkey.format(), directory)) as held:
            held.keep(best.note)
