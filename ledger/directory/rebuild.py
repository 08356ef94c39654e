"""Makes everything derived again from the entries, byte for byte: indexes, tiles, rows of the books.

It is made in a folder of its own and compared with what the log signed before it replaces the old data. So an interrupted rebuild
changes nothing, and nothing is built on entries that are not what was signed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ..books.state import Books
from ..disk.durable import take_away_all
from ..entries.leaf import keys_of_entry
from ..entries.loading import apply_again, not_entered
from ..entries.log_keys import vkey_of
from ..errors import StorageError, VerificationError
from ..log.merkle import HASH_BYTES, subtree_root
from ..log.tile import FULL_WIDTH, node_reader
from ..store.opening import create_store, open_store_to_replace
from ..store.protocol import DirectoryStore, Store
from ..writer.group import Group
from ..writer.sequencer import GROUP
from .opening import require_ledger, signed_here

BESIDE = ".rebuild"
Progress = Callable[[int, int], None]


class Rebuilt(NamedTuple):
    """How many entries there are, and for each derived table, how many rows were not what the entries give; tables without such
    rows are left out."""

    tree_size: int
    differing: dict[str, int]


def rebuild(directory: Path, progress: Progress = lambda done, size: None) -> Rebuilt:
    """Make the derived data again and replace the old. A database of an older version is brought to this one. A damaged header of
    its file is repaired, whatever happens to the rest.

    Raises VerificationError if the entries break a rule or are not what was signed (`givetrail verify` then reports everything);
    Conflict, StorageError. Then nothing else has changed.
    """
    require_ledger(directory)
    with open_store_to_replace(directory, mend=True) as store, derived_beside(directory, store, progress) as beside:
        differing = store.differences(beside)
        store.take_over(beside)
        return Rebuilt(store.tree_size, differing)


@contextmanager
def derived_beside(directory: Path, store: DirectoryStore, progress: Progress) -> Iterator[Path]:
    """A closed store of the same entries with everything derived from them, in a folder that exists while the block runs.

    Raises VerificationError if the entries are not what was signed, or break a rule; StorageError.
    """
    folder = directory / BESIDE
    take_away_all(folder)
    try:
        with create_store(folder, keys_of=keys_of_entry, lasting=False) as beside:
            books = _fold(store, beside, progress)
            _check_signed(directory, beside, books)
            _check_unsigned(store, beside)
        yield folder
    finally:
        take_away_all(folder)


def _fold(store: Store, beside: Store, progress: Progress) -> Books:
    size, books = store.tree_size, Books()
    for first in range(0, size, GROUP):
        group, end = Group(first, books), min(size, first + GROUP)
        add_again(group, books, store.entries(first, end))
        beside.append(group.batch(beside))
        progress(end, size)
    return books


def add_again(group: Group, books: Books, raws: Iterable[bytes]) -> None:
    """Apply entries that were admitted before, one after the other, and add each to the group. If one cannot be applied, the group
    has those before it. Raises what `apply_again` raises, and the errors of a malformed entry."""
    for index, raw in enumerate(raws, group.first + len(group.entries)):
        leaf, context = apply_again(books, raw, index)
        books.commit()
        group.add(raw, leaf, context, keys_of_entry(raw, index))


def _check_signed(directory: Path, beside: Store, books: Books) -> None:
    """Check that the entries give the root of every kept checkpoint."""
    node = node_reader(beside.tile)
    for name, signed in signed_here(directory, vkey_of(books)):
        if 0 < signed.tree_size <= beside.tree_size and subtree_root(0, signed.tree_size, node) != signed.root:
            raise VerificationError(
                f"the entries are not those that {name} was signed over, at {signed.tree_size} entries. Nothing was changed; "
                "`givetrail verify` says which entries differ, and `givetrail repair` restores them",
                rule="rebuild",
            )


def _check_unsigned(store: Store, beside: Store) -> None:
    """Check that entries match the leaf hashes that were written with them. If a process ended before it signed, this is the only
    check on the last entries."""
    for number in range(-(-beside.tree_size // FULL_WIDTH)):
        made = beside.tile(0, number)
        try:
            kept = store.tile(0, number)
        except StorageError:
            continue  # the tile is damaged, not the entries
        for at in range(0, len(kept), HASH_BYTES) if kept != made else ():
            if kept[at : at + HASH_BYTES] != made[at : at + HASH_BYTES]:
                raise not_entered(number * FULL_WIDTH + at // HASH_BYTES, "its leaf hash is not the one that was recorded")


