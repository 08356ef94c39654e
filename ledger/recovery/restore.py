"""A ledger made of a backup, of another directory, or of any copy of its log as files: the entries are taken, and everything else
is made of them anew, so that nothing that became rotten beside them comes along.

The log's own signed checkpoint says whether the entries are the true ones. Whether they are all of them, only a newer checkpoint
can tell: what this machine keeps outside the directory, or one that somebody else holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ..audit.target import open_source
from ..books.state import Books
from ..directory import anchor
from ..directory.opening import LOG_KEY, POLICY
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
from ..store.location import FILE_NAME
from ..store.opening import create_store, open_store
from ..store.protocol import DirectoryStore
from ..writer.group import Group
from ..writer.sequencer import GROUP
from .heads import Head, check_heads, head_in, kept_outside, newest
from .keys import KEYS, copy_keys, holds_log_key

Progress = Callable[[int, int], None]


class Asked(NamedTuple):
    """What a restoring starts from. `keys` is the folder of keys, where it is not beside the entries; `newest` a signed note that
    is perhaps newer than what is restored, with the name of its place; `policy` says which log it has to be."""

    keys: Path | None = None
    newest: tuple[str, bytes] | None = None
    policy: Policy | None = None
    passphrase: bytes | None = None


NOTHING_MORE = Asked()
LOG_NAME = "log.pem"


class Restored(NamedTuple):
    """A ledger of `tree_size` entries with this `root` (hex), the first `signed` of them under its checkpoint. `keys` are the names
    of the secret files in it. `known` is the newest head that is known; `known_by` says where, "" where no other than its own is.
    `last` is the time of the last entry. `damaged` says what is wrong with the checkpoint kept outside, "" where nothing is;
    nothing is recorded before that is settled. `rotten` says what is wrong with the log's key, which was left out then, or ""."""

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
        """How many entries were signed, by what is known, and are not there."""
        return max(0, self.known - self.tree_size)


def restore(
    target: str | Path, directory: Path, asked: Asked = NOTHING_MORE, progress: Progress = lambda done, all: None
) -> Restored:
    """Make a ledger in a new or empty directory of the backup, directory, folder of tiles or address `target`.

    A newer head that is known is kept outside the directory, so that nothing is recorded in a ledger that lacks entries. What is
    kept there and damaged stays as it is, and counts by what can be read of it.

    Raises UsageError, NotFound, Unverifiable; VerificationError where the entries are not those that were signed; Conflict where
    the log has a successor, or two histories; StorageError. The directory is then as it was.
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
    """Let an error of the disk name the directory that is being made, as the user named it. SQLite needs room even to read, so a
    full disk can show itself at the file that is read."""
    try:
        yield
    except StorageError as error:
        words = error.message.replace(str(new), str(directory))
        if error.rule == "disk-full" and words == error.message:
            words = f"{directory}: was not made, because a disk is full: {words}"
        raise StorageError(words, rule=error.rule, where=error.where.replace(str(new), str(directory))) from error


class Taken(NamedTuple):
    """Entries that were put into a new store: whose log they are, how many, their root, the head that they were taken under, other
    heads that are known, the time of the last; and what is kept outside, where that is damaged."""

    vkey: VerifierKey
    tree_size: int
    root: bytes
    head: Head
    others: list[Head]
    last: str
    damaged: anchor.Damaged | None = None

    def known(self) -> tuple[int, str]:
        """The most entries that are known of, by a signed head or by what can be read of a damaged one, and by what they are; by ""
        where nothing is known but what was taken."""
        best = newest([self.head, *self.others])
        most, name = best.checkpoint.tree_size, best.name if best is not self.head or self.others else ""
        if self.damaged and (self.damaged.size or 0) > most:
            return self.damaged.size or 0, "the damaged checkpoint kept outside the directory"
        return most, name


def take(target: str | Path, new: Path, asked: Asked, progress: Progress) -> Taken:
    """Put the entries of `target` into a new store in the folder `new`, and make all that is derived. They lead to the root of the
    log's own checkpoint, and to those of all others that are known and not beyond them. Nothing is synced:
    `made_beside` does that when all is there.

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
        last = books.head.get("")
        return Taken(vkey, store.tree_size, subtree_root(0, store.tree_size, node), head, others, last.time if last else "",
                     anchor.damaged(vkey))  # fmt: skip


def _own_head(source: Source, note: bytes, vkey: VerifierKey, asked: Asked) -> Head:
    if asked.policy is not None:
        asked.policy.check(note)
    return head_in(f"the checkpoint of {source.name}", note, vkey)


def _enter(store: DirectoryStore, books: Books, raws: Iterator[bytes], size: int, name: str, progress: Progress) -> None:
    """Put entries into the store, group by group, with all that is derived from them. Raises VerificationError, Unverifiable."""
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
    """What was durable in a directory and not signed for yet: entry after entry, as long as each is chained to the one before."""
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
    """The folder of keys that goes with what is restored: the one that was named, else the one beside the entries, else None.

    Raises UsageError where the one that was named has no key of the log.
    """
    if asked.keys is not None:
        if not holds_log_key(asked.keys):
            words = f"{asked.keys}: does not hold log.pem, the key of the log; name the folder `keys` of the ledger or of a backup"
            raise UsageError(words, rule="key-file", where="keys")
        return asked.keys
    beside = Path(target) / KEYS
    return beside if "://" not in str(target) and beside.is_dir() else None


def _check_log_key(new: Path, vkey: VerifierKey, asked: Asked) -> str:
    """Leave a log's key out that lies beside the entries and is rotten, and say why; "" where it is right or not there.

    Raises UsageError where it was named with `keys` and is another one, or wants a passphrase.
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
    """The trust policy that lies beside the entries, where it is one of this log; else one that asks for no witness."""
    if "://" not in str(target):
        with suppress(OSError, GiveTrailError):
            raw = read_regular(Path(target) / POLICY, MAX_POLICY_BYTES)
            if Policy.parse(raw).names(vkey):
                return raw
    return Policy.for_log(vkey).format()


def _check_goes_on(vkey: VerifierKey) -> None:
    successor = anchor.successor_of(vkey.format())
    if successor:
        raise Conflict(anchor.ended(vkey.name, successor), rule="ended", where="origin")


def _keep(best: Head, taken: Taken, directory: Path) -> None:
    """Keep the newest head outside the directory, where none or an older one is kept. One that is damaged makes place only for a
    head of more entries than were taken, so that these are not forgotten."""
    size, damaged = best.checkpoint.tree_size, taken.damaged
    if damaged:
        is_newer = damaged.size is not None and size >= damaged.size and size > taken.tree_size
    else:
        is_newer = size > max((one.checkpoint.tree_size for one in kept_outside(taken.vkey)), default=0)
    if is_newer:
        with closing(anchor.Anchor(taken.vkey.format(), directory)) as held:
            held.keep(best.note)
