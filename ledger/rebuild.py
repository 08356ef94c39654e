"""Everything derived, made again from the entries, byte for byte: indexes, tiles, rows of the books (architecture.md)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .books.act import Act
from .books.fold import apply
from .books.state import Books
from .directory import require_ledger
from .errors import Refused, VerificationError
from .group import Group
from .leaf import Leaf, keys_of_entry, read_leaf
from .sequencer import GROUP
from .store.sqlite import SqliteStore

Progress = Callable[[int, int], None]


def rebuild(directory: Path, progress: Progress = lambda done, size: None) -> int:
    """Drop what is derived and make it again; the number of entries. Run again, it starts over. A database of an older version
    becomes one of this version.

    Raises VerificationError where the entries break a rule (then `givetrail verify` says all of them), Conflict, StorageError.
    """
    require_ledger(directory)
    with SqliteStore.open(directory, write=True, keys_of=keys_of_entry, older=True) as store:
        size, books = store.tree_size, Books()
        store.rebuild_begin()
        for first in range(0, size, GROUP):
            store.rebuild_append(_group(store, books, first, min(size, first + GROUP)).batch(store))
            progress(min(size, first + GROUP), size)
    return size


def _group(store: SqliteStore, books: Books, first: int, end: int) -> Group:
    group = Group(first, books)
    for index, raw in enumerate(store.entries(first, end), first):
        leaf, act = apply_again(books, raw, index)
        books.commit()
        group.add(raw, leaf, act, keys_of_entry(raw, index))
    return group


def apply_again(books: Books, raw: bytes, index: int) -> tuple[Leaf, Act]:
    """Apply entry `index`, which was admitted before, to books that stand before it. The changes wait in `books` for `commit`.

    Raises VerificationError, rule "rebuild", where the books refuse it or move other units than it says.
    """
    leaf = read_leaf(raw)
    try:
        act = apply(books, leaf.said())
    except Refused as refused:
        raise _not_ours(index, refused.message) from None
    if act.flows != leaf.entry.flows:
        raise _not_ours(index, "its flows are not what the rules give")
    return leaf, act


def _not_ours(index: int, why: str) -> VerificationError:
    return VerificationError(f"entry {index}: {why}; the entries were changed: run `givetrail verify`", rule="rebuild")
