"""The books at a tree size: from the rows that the store keeps per block, and the entries after the last whole block."""

from __future__ import annotations

from ..books.state import Books
from ..entries.loading import apply_again, check_head, load_row
from ..store.protocol import BLOCK_ENTRIES, Store

# Applying this many entries is faster than reading the rows of their block.
FEW_ENTRIES = 8


def books_at(store: Store, tree_size: int, base: Books | None = None) -> Books:
    """The books after `tree_size` entries, which the store must have. `base` are books of the same ledger at that size or below.
    They do not change, and unchanged rows are shared with them.

    Call it within `store.one_commit()`. Raises StorageError if the rows are damaged, VerificationError if the entries break a rule;
    in either case `givetrail verify` says more.
    """
    books = base.copy() if base is not None else Books()
    start = size_of(books)
    reached = _load(store, books, start, tree_size)
    for index, raw in enumerate(store.entries(reached, tree_size), reached):
        apply_again(books, raw, index)
        books.commit(keep=False)
    check_head(books, tree_size)
    return books


def size_of(books: Books) -> int:
    """How many entries are in the books."""
    head = books.head.get("")
    return head.size if head else 0


def _load(store: Store, books: Books, start: int, tree_size: int) -> int:
    """Bring books of `start` entries forward by the rows of blocks that end at or before `tree_size`; return the size reached."""
    first, end = start // BLOCK_ENTRIES, tree_size // BLOCK_ENTRIES
    if start and tree_size - start <= FEW_ENTRIES:
        return start
    whole = store.tree_size == tree_size  # then the last block's rows are those of this size
    if whole and start == 0:
        _put(books, {(table, key): raw for table in store.tables() for key, raw in store.rows(table)})
        return tree_size
    if whole or end > first:
        _put(books, {(table, key): raw for table, key, raw in store.history(first, end + whole)})
        check_head(books, tree_size if whole else end * BLOCK_ENTRIES)
        return size_of(books)
    return start


def _put(books: Books, rows: dict[tuple[str, str], bytes]) -> None:
    for (table, key), raw in rows.items():
        load_row(books, table, key, raw)
