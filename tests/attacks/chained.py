"""A ledger in memory (tests/language.py) whose entries are real: chained, bound to what was seen, under a tree that is signed."""

from __future__ import annotations

import hashlib
import uuid
from types import SimpleNamespace
from typing import Any

from ledger.books.statement_context import Flow
from ledger.books.term import terms
from ledger.bundle.trace_bundle import make_bundle
from ledger.entries.leaf import Leaf, bearer, bears_again, keys_of_statement
from ledger.entries.statement import open_statement, sign_statement, write_statement
from ledger.entries.store_flows import StoreFlows
from ledger.errors import Conflict
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.entry import FIRST_PREV, Entry, encode_entry
from ledger.log.merkle import leaf_hash, root_of
from ledger.log.note import VerifierKey
from ledger.log.policy import Policy
from ledger.log.tile import grow
from ledger.store.protocol import Place
from ledger.writer.submission import Submission
from tests.golden.forge import tiles
from tests.language import ORIGIN, Ledger, key
from tests.trace.reading import Plain

from .case import Artefacts

TRUST = Policy.for_log(VerifierKey(ORIGIN, key("the.log").public)).format()


class Chained(Ledger):
    """`raws` are the bytes of the entries."""

    def __init__(self) -> None:
        super().__init__()
        self.raws: list[bytes] = []
        self._heard = 0
        self._once: dict[str, tuple[int, int]] = {}

    def hash_at(self, index: int) -> str:
        """The leaf hash of an entry, in hex."""
        return leaf_hash(self.raws[index]).hex()

    def signed(self, party: str, records: list[dict[str, Any]], by: list[str], after: int | None = None, **more: str) -> Submission:
        """A statement, written and signed; bound to the last entry, or to entry `after`. Every one has an id of its own."""
        seen = len(self.raws) - 1 if after is None else after
        self._heard += 1
        raw = write_statement(
            ledger=more.get("ledger", ORIGIN), party=party, records=records, signed_at=more.get("signed_at", self.time),
            id=str(uuid.UUID(bytes=hashlib.sha256(b"heard %d" % self._heard).digest()[:16])),
            after=(seen, self.hash_at(seen)) if seen >= 0 else None,
        )  # fmt: skip
        return raw, sign_statement(raw, [key(name) for name in by])

    def heard(self, party: str, records: list[dict[str, Any]], by: list[str], after: int | None = None, **more: str) -> Any:
        """A statement, signed and opened again. Raises Conflict where a reference stands in the ledger already."""
        raw, signatures = self.signed(party, records, by, after, **more)
        statement = open_statement(raw, signatures)
        once = keys_of_statement(statement)
        known = [(number, self._once[name]) for number, name in once if name in self._once]
        is_new = len({name for _, name in once}) == len(once)
        if not is_new or not all(bears_again(statement, len(self.raws), number, last) for number, last in known):
            raise Conflict("record each thing once", rule="duplicate-reference")
        leaf = Leaf(Entry(len(self.raws), FIRST_PREV, more.get("time", self.time), signatures, {}, raw, []), statement)
        return leaf, leaf.journal_entry()

    def _keep(self, leaf: Leaf, flows: list[Flow]) -> None:
        super()._keep(leaf, flows)
        entry = leaf.entry
        for number, name in keys_of_statement(leaf.statement):
            self._once[name] = bearer(leaf.statement, entry.index, number)
        self.raws.append(self.placed((entry.statement_raw, entry.signatures), flows, entry.time))

    def placed(self, submission: Submission, flows: list[Flow], time: str) -> bytes:
        """The bytes of a statement as the next entry, whatever the books say to it."""
        raw, signatures = submission
        prev = self.hash_at(len(self.raws) - 1) if self.raws else FIRST_PREV
        return encode_entry(len(self.raws), prev, time, signatures, raw, flows)

    def note(self, size: int | None = None) -> bytes:
        """The checkpoint over the first entries, signed by the log."""
        return sealed(self.raws[:size])

    def artefacts(self, **more: Any) -> Artefacts:
        """The log as an auditor is handed it."""
        return handed_out(self.raws, **more)

    def bundle(self, ref: str, as_of: str) -> Artefacts:
        """A gift's bundle as a reader is handed it."""
        return Artefacts(TRUST, bundle=make_bundle(Held(self), ref, self.note(), as_of))


class Held(Plain):
    """What a bundle is made from, all of it in memory."""

    def __init__(self, ledger: Chained) -> None:
        super().__init__(ledger.books, ledger.leaves)
        grown = grow(0, map(leaf_hash, ledger.raws), lambda level, index: b"")
        found = {(level, index): content for level, index, content in grown}
        self.leaf = ledger.leaves.__getitem__
        self.tree_size = len(ledger.raws)
        self.store = SimpleNamespace(
            entry=ledger.raws.__getitem__, tile=lambda level, index: found.get((level, index), b""), mentions=self._mentions
        )
        self._places: dict[str, list[Place]] = {}
        for leaf in ledger.leaves:
            for number, record in enumerate(leaf.statement.records):
                for term in terms(ledger.books, record, leaf.statement.party, leaf.entry.index):
                    self._places.setdefault(term, []).append((leaf.entry.index, number))

    having = StoreFlows.having

    def _mentions(self, term: str, start: Place, end: Place, limit: int) -> list[Place]:
        """As `ledger.store.protocol.Store` has it."""
        return [place for place in self._places.get(term, []) if start <= place < end][:limit]


def sealed(raws: list[bytes]) -> bytes:
    """The checkpoint over these entries, signed by the log."""
    return sign_checkpoint(Checkpoint(ORIGIN, len(raws), root_of(map(leaf_hash, raws))), key("the.log"))


def handed_out(raws: list[bytes], **more: Any) -> Artefacts:
    """A log of these entries as an auditor is handed it."""
    return Artefacts(TRUST, {**tiles(raws), "checkpoint": sealed(raws)}, **more)
