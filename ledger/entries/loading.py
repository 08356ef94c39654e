"""Loads the books from a store's rows, or rebuilds them from its entries."""

from __future__ import annotations

from ..books.fold import apply
from ..books.state import Books
from ..books.statement_context import StatementContext
from ..errors import CanonicalError, InputError, Refused, StorageError, VerificationError, shown
from ..store.protocol import Store
from .leaf import Leaf, read_leaf

CHANGED = "restore it with `givetrail repair --from COPY`, from a backup, an export or a mirror"


def load_books(store: Store) -> Books:
    """The books from the store's derived rows, all of one commit.

    Raises StorageError if the rows are damaged.
    """
    books = Books()
    with store.one_commit():
        size = store.tree_size
        for table in store.tables():
            for key, raw in store.rows(table):
                load_row(books, table, key, raw)
    check_head(books, size)
    return books


def load_row(books: Books, table: str, key: str, raw: bytes) -> None:
    """Put a stored row into the books. Raises StorageError if it is damaged."""
    try:
        books.load(table, key, raw)
    except (CanonicalError, TypeError, AttributeError):
        raise _damaged(f"{table} {key}") from None


def check_head(books: Books, size: int) -> None:
    """Refuse books whose own head does not say that `size` entries were applied. Raises StorageError."""
    head = books.head.get("")
    if (head.size if head else 0) != size:
        raise _damaged("head")


def _damaged(row: str) -> StorageError:
    return StorageError(f"the books' row {shown(row)} is damaged; run `givetrail rebuild`", rule="derived", where=row)


def apply_again(books: Books, raw: bytes, index: int) -> tuple[Leaf, StatementContext]:
    """Apply entry `index`, which was admitted before, to books that have every entry before it. The changes wait in `books` for
    `commit`.

    Raises VerificationError, rule "rebuild", if the bytes cannot be read as an entry, or if the books refuse it or move other units
    than it says.
    """
    try:
        leaf = read_leaf(raw)
        context = apply(books, leaf.journal_entry())
    except (InputError, Refused) as error:
        raise not_entered(index, error.message) from None
    if context.flows != leaf.entry.flows:
        raise not_entered(index, "its flows are not what the rules give")
    return leaf, context


def not_entered(index: int, why: str) -> VerificationError:
    """The error for an entry that differs from what was entered: which entry, and why."""
    return VerificationError(f"entry {index}: {why}; it was changed after it was recorded: {CHANGED}", rule="rebuild")
