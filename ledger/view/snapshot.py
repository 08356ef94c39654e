"""A ledger at one tree size: its books, its flows, its records, its proofs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cached_property
from typing import Any, TypeVar

from ..books.gift import GiftTrace, follow_gift
from ..books.moment import day_to_judge, local_day
from ..books.state import Books
from ..bundle.trace_bundle import make_bundle
from ..entries.leaf import Leaf
from ..entries.store_flows import StoreFlows
from ..errors import NotFound
from ..log.checkpoint import Checkpoint
from ..log.merkle import Node, prove_consistency, prove_inclusion, subtree_root
from ..log.proof import format_proof
from ..log.tile import node_reader
from ..store.protocol import Place
from .listing import Page, find
from .origins import OriginCursor, OriginPage, origins_of
from .reader import Reader

PAGE = 50
Made = TypeVar("Made")


class Snapshot:
    """A ledger as it was with `tree_size` entries; made by `View.at`. It never changes. Callers must not change `books` or anything
    in it.

    Every method that reads raises StorageError, with rule `derived` if a row is not as it was written.
    """

    tree_size: int
    time: str
    """The time of the last entry, `YYYY-MM-DDTHH:MM:SSZ`; "" in the empty ledger."""
    day: str
    """The local day of that time. Overdue stages are judged as of it unless another day is given."""
    books: Books
    store_flows: StoreFlows
    """Flows, gifts, claims and records of the entries below `tree_size` (`ledger.books.trace.Flows`). Use it within `reading`."""
    note: bytes | None
    """The signed checkpoint of this size, if the view was at this size and so has it."""

    def __init__(self, reader: Reader, books: Books, note: bytes | None) -> None:
        """The ledger as these books know it."""
        head = books.head.get("")
        self.reader, self.books, self.note = reader, books, note
        self.tree_size, self.time = (head.size, head.time) if head else (0, "")
        self.day = local_day(books, self.time) if head else ""
        self.store_flows = StoreFlows(reader.store, books, reader.leaves)
        self._made: dict[Callable[[Snapshot], object], Any] = {}

    def once(self, make: Callable[[Snapshot], Made]) -> Made:
        """The result of a function of this snapshot, computed once and kept. Callers must not change it."""
        if make not in self._made:
            with self.reading():
                self._made[make] = make(self)
        made: Made = self._made[make]
        return made

    def reading(self) -> AbstractContextManager[None]:
        """A context in which all reads see one commit. Can be nested; keep it short. The methods below use it themselves."""
        return self.reader.reading()

    def leaf(self, entry: int) -> Leaf:
        """An entry, decoded. Raises NotFound (`entry`) from `tree_size` on."""
        return self.store_flows.leaf(entry)

    def entry(self, entry: int) -> bytes:
        """The bytes of an entry. Raises NotFound (`entry`) from `tree_size` on."""
        return self.store_flows.entry(entry)

    def records(
        self,
        *,
        kind: str = "",
        fund: str = "",
        project: str = "",
        party: str = "",
        about: str = "",
        indicator: str = "",
        after: Place | None = None,
        limit: int = PAGE,
        newest_first: bool = False,
    ) -> Page:
        """Records that meet every condition given, in the order of the log or in reverse; without conditions, all records.

        `fund` is named by the record, or is that of the payment or allocation that it is about; `project` is that of such a fund;
        `party` made the record or is named in it; `about` is a reference `<entry>.<record>` that the record names; `indicator` is
        what feedback measured. A name that the ledger does not have matches nothing. `after` is the place (entry, record) of the
        last record seen, in this snapshot or any other; that record need not meet the conditions. `limit` is 1 to 1000.

        Raises UsageError (`parameter`).
        """
        named = {"kind": kind, "fund": fund, "project": project, "party": party, "about": about, "indicator": indicator}
        terms = [f"{what}:{name}" for what, name in named.items() if name]
        with self.reading():
            return find(self.store_flows, terms, after, limit, newest_first)

    def gift(self, ref: str, as_of: str = "") -> GiftTrace:
        """A gift, followed. A stage is overdue if it was due before the day `as_of`, or `day` if it is later. Raises NotFound
        (`reference`)."""
        with self.reading():
            return follow_gift(self.store_flows, ref, day_to_judge(as_of, self.day))

    def payment_origins(self, ref: str, after: OriginCursor | None = None, limit: int = PAGE) -> OriginPage:
        """The inflows of the units that a payment, or any record, took out of a fund: a page of at most `limit` (1 to 1000).

        Raises NotFound (`reference`) for a record that does not move anything out, UsageError (`parameter`).
        """
        with self.reading():
            return origins_of(self.store_flows, ref, after, limit)

    @cached_property
    def _node(self) -> Node:
        return node_reader(self.reader.store.tile)

    def root(self) -> bytes:
        """The root over the first `tree_size` entries."""
        with self.reading():
            return subtree_root(0, self.tree_size, self._node)

    def checkpoint(self) -> Checkpoint:
        """Origin, tree size and root, not signed. Raises NotFound (`tree-size`) for the empty ledger, which does not have an
        origin."""
        ledger = self.books.ledger.get("")
        if ledger is None:
            raise NotFound("tree size 0: an empty ledger does not have a name yet; give a size from 1", rule="tree-size", where="0")
        return Checkpoint(ledger.origin, self.tree_size, self.root())

    def inclusion(self, entry: int) -> list[bytes]:
        """The path of an entry in the tree of this size (RFC 6962 §2.1.1). Raises NotFound (`inclusion`)."""
        with self.reading():
            return prove_inclusion(entry, self.tree_size, self._node)

    def consistency(self, old_size: int) -> list[bytes]:
        """The proof that the tree of `old_size` is a prefix of this one (RFC 6962 §2.1.2). Raises NotFound (`consistency`)."""
        with self.reading():
            return prove_consistency(old_size, self.tree_size, self._node)

    def proof(self, entry: int) -> bytes:
        """The C2SP tlog-proof of an entry. Raises NotFound (`inclusion`; `checkpoint` if `note` is None)."""
        return format_proof(entry, self.inclusion(entry), self._signed_note())

    def bundle(self, ref: str) -> bytes:
        """The trace bundle of a gift under `note`. Raises NotFound (`reference`; `checkpoint` if `note` is None), SizeError."""
        with self.reading():
            return make_bundle(self.store_flows, ref, self._signed_note(), self.day)

    def _signed_note(self) -> bytes:
        if self.note is None:
            raise NotFound(
                f"tree size {self.tree_size}: the signed checkpoint of this size was not kept; ask at the newest size",
            rule="checkpoint",
                where=str(self.tree_size),
            )  # fmt: skip
        return self.note
