"""A ledger's directory, open for reading: it follows the writer and gives snapshots."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, Self

from ..books.state import Books
from ..directory.opening import require_ledger
from ..directory.publication import why_missing
from ..entries.loading import load_row
from ..entries.log_keys import vkey_of
from ..errors import NotFound, ReadOnly, Unverifiable
from ..log.checkpoint import Checkpoint, open_checkpoint
from ..log.merkle import subtree_root
from ..log.note import VerifierKey
from ..log.tile import CHECKPOINT, node_reader
from ..log_files.folder import read_note
from ..store.opening import open_store
from ..store.protocol import DirectoryStore
from .history import books_at
from .reader import Reader
from .snapshot import Snapshot

KEPT_SNAPSHOTS = 5
KEPT_NOTES = 256


class Signed(NamedTuple):
    """A published checkpoint: the note as it was published, and its content."""

    note: bytes
    checkpoint: Checkpoint


class View:
    """A store open for reading, also while a writer uses it.

    Only one thread at a time may use a view and its snapshots; it does not matter which. A server with several threads opens a view
    for each. A snapshot does not change when the view moves on.
    """

    def __init__(self, directory: Path, store: DirectoryStore) -> None:
        """A view of a store that is open for reading. Raises what `open` does."""
        self._directory, self._store = directory, store
        self._reader = Reader(store)
        self._snapshots: OrderedDict[int, Snapshot] = OrderedDict()
        self._notes: OrderedDict[int, bytes] = OrderedDict()
        self._signed: Signed | None = None
        self.refresh()

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open a ledger's directory at its newest signed tree size.

        Raises NotFound if there is no ledger, Unverifiable (`missing`) if no checkpoint was published, ReadOnly if the ledger is
        behind its checkpoint or contradicts it, UsageError, StorageError.
        """
        require_ledger(directory)
        with ExitStack() as on_failure:
            store = open_store(directory, write=False)
            on_failure.callback(store.close)
            view = cls(directory, store)
            on_failure.pop_all()
        return view

    @property
    def tree_size(self) -> int:
        """The newest signed tree size, as of the last `refresh`."""
        return self._signed.checkpoint.tree_size if self._signed else 0

    def signed(self) -> Signed:
        """The newest published checkpoint, as of the last `refresh`."""
        assert self._signed is not None, "a view is made with one"
        return self._signed

    @cached_property
    def vkey(self) -> VerifierKey:
        """The verifier key that entry 0 names for the log."""
        books = Books()
        for key, raw in self._store.rows("ledger"):
            load_row(books, "ledger", key, raw)
        return vkey_of(books)

    def refresh(self) -> bool:
        """Look for a newer checkpoint and move to it; return whether there was one. Earlier snapshots do not change.

        If nothing is new, this reads one small file. Raises what `open` raises; then the view stays where it was.
        """
        note = self._published()
        if self._signed is not None and note == self._signed.note:
            return False
        with self._store.one_commit():
            signed = Signed(note, self._checked(note))
            snapshot = self._made(signed.checkpoint.tree_size, note)
        newer = snapshot.tree_size > self.tree_size
        self._signed = signed
        self._keep(snapshot)
        return newer

    def at(self, tree_size: int | None = None) -> Snapshot:
        """The ledger at a tree size; None is the newest signed one. The newest and a few older ones are kept.

        A size above the known ones is first looked for, as by `refresh`. Raises NotFound (`tree-size`) for a size that is below
        zero or not signed yet, StorageError.
        """
        wanted = self.tree_size if tree_size is None else tree_size
        if wanted > self.tree_size:
            self.refresh()
        if not 0 <= wanted <= self.tree_size:
            raise NotFound(
                f"tree size {wanted}: only {self.tree_size} entries are signed; give a size from 0 to that",
                rule="tree-size", where=str(wanted),
            )  # fmt: skip
        if wanted not in self._snapshots:
            with self._reader.reading():
                self._keep(self._made(wanted, self._notes.get(wanted)))
        self._snapshots.move_to_end(wanted)
        return self._snapshots[wanted]

    def within(self, is_over: Callable[[], bool]) -> AbstractContextManager[None]:
        """A context in which a query stops when the time `is_over`, by raising StorageError, rule "too-long". What was read before
        stays valid."""
        return self._store.within(is_over)

    def close(self) -> None:
        """Close the files; snapshots then no longer answer. Closing twice does nothing."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def _published(self) -> bytes:
        path = self._directory / CHECKPOINT
        note = read_note(path)
        if note is None:
            raise Unverifiable(f"{path}: {why_missing(self._directory)}", rule="missing")
        return note

    def _checked(self, note: bytes) -> Checkpoint:
        """A published checkpoint that the log signed over what the store has. Raises ReadOnly, and what `open_checkpoint` does."""
        checkpoint = open_checkpoint(note, self.vkey)
        size, stored = checkpoint.tree_size, self._store.tree_size
        if not self.tree_size <= size <= stored:
            raise ReadOnly(
                f"the checkpoint is of {size} entries, but {max(stored, self.tree_size)} were seen before, so an older copy was "
                "restored. Restore the newest backup, and open it again", rule="read-only",
            )  # fmt: skip
        if subtree_root(0, size, node_reader(self._store.tile)) != checkpoint.root:
            raise ReadOnly(f"the checkpoint of {size} entries has a different root; restore the right copy", rule="read-only")
        return checkpoint

    def _made(self, tree_size: int, note: bytes | None) -> Snapshot:
        """A snapshot, made from the nearest smaller one that is kept."""
        below = max((size for size in self._snapshots if size <= tree_size), default=None)
        base = self._snapshots[below].books if below is not None else None
        return Snapshot(self._reader, books_at(self._store, tree_size, base), note)

    def _keep(self, snapshot: Snapshot) -> None:
        self._snapshots[snapshot.tree_size] = snapshot
        if snapshot.note is not None:
            self._notes[snapshot.tree_size] = snapshot.note
        for size in list(self._snapshots):
            if len(self._snapshots) > KEPT_SNAPSHOTS and size not in (self.tree_size, snapshot.tree_size):
                del self._snapshots[size]
        while len(self._notes) > KEPT_NOTES:
            self._notes.popitem(last=False)
