"""Replays a log: the one pass over it in its order, for the chain, the tree, `after` and the fold. Everything that does not need
this order was examined before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from ..canonical import JsonObject
from ..entries.leaf import Leaf, read_leaf
from ..errors import GiveTrailError, Unverifiable
from ..examination.chunk import Chunk
from ..examination.entry_template import are_flows
from ..examination.examine import Brief, brief
from ..examination.spill import Claims, Keys, LeafHashes
from ..findings.finding import WHOLE, Finding
from ..findings.report import Findings
from ..findings.scope import Scope
from ..log.entry import FIRST_PREV
from ..log.merkle import leaf_hash
from ..log_files.source import Source
from .accounting import Accounting
from .consistency import KnownCheckpoint
from .succession import KIND, other_root
from .tree import TreeCheck

Progress = Callable[[int, int], None]
Keep = Callable[["Replay"], None]
TOLD_EVERY = 256
KEPT_EVERY = 65_536


class SecondReading:
    """Reads leaves a second time, and checks that their bytes have the hashes from which the tree was built."""

    def __init__(self, source: Source, hashes: LeafHashes) -> None:
        self._source, self._hashes = source, hashes

    def leaf(self, index: int) -> Leaf | None:
        """A leaf; None if there is none or it cannot be read. Raises Unverifiable if the source changed meanwhile."""
        if not 0 <= index < self._hashes.size:
            return None
        return next(self._read(index, index + 1))

    def leaves(self, end: int) -> Iterator[Leaf]:
        """The readable leaves up to `end`. Raises Unverifiable."""
        return (leaf for leaf in self._read(0, min(end, self._hashes.size)) if leaf is not None)

    def _read(self, start: int, end: int) -> Iterator[Leaf | None]:
        for index, raw in enumerate(self._source.entries(start, end), start):
            if leaf_hash(raw) != self._hashes.get(index):
                raise changed(index)
            try:
                leaf = read_leaf(raw)
                yield leaf._replace(entry=leaf.entry._replace(index=index))
            except GiveTrailError:
                yield None


def changed(index: int) -> Unverifiable:
    """The error for an entry that changed since it was first read."""
    return Unverifiable(f"entry {index}: the source gave different bytes when read again; verify again", rule="missing")


class Replay:
    """Takes examined entries in order. `unknown_from` is the first entry that cannot be judged, as cannot any after it, or -1."""

    def __init__(self, source: Source, folder: Path, scope: Scope, earlier: Sequence[KnownCheckpoint]) -> None:
        self._source, self._scope = source, scope
        self.tree = TreeCheck(source, earlier)
        self.hashes = LeafHashes(folder)
        self.accounting = Accounting(Keys(folder), Claims(folder), SecondReading(source, self.hashes))
        self.findings = Findings()
        self.unknown_from = -1
        self.counts = {"entries": 0, "bytes": 0, "signatures": 0}
        self.drawn = 0

    def run(self, seen: Iterable[Brief | Chunk], tree_size: int, progress: Progress, keep: Keep) -> None:
        """Take all that was seen. If the source fails, what came before is taken first. Raises what the source raises."""
        last_told = kept = self.hashes.size
        for one in seen:
            self.take(one)
            if self.hashes.size - last_told >= TOLD_EVERY:
                last_told = self.hashes.size
                progress(last_told, tree_size)
            if self.hashes.size - kept >= KEPT_EVERY:
                kept = self.hashes.size
                keep(self)
        keep(self)
        progress(self.hashes.size, tree_size)

    def save(self) -> JsonObject:
        """The state so far, as JSON for `resume`. The files beside it are flushed."""
        self.hashes.flush()
        return {
            "size": self.hashes.size,
            "root": self.tree.root.hex(),
            "tree": self.tree.save(),
            "accounting": self.accounting.save(),
            "findings": self.findings.save(),
            "counts": self.counts,
            "unknown_from": self.unknown_from,
        }

    def resume(self, saved: JsonObject) -> None:
        """Continue from what `save` returned, with the files as they were then."""
        self.tree.resume(saved["tree"])
        self.accounting.resume(saved["accounting"])
        self.findings.resume(saved["findings"])
        self.counts, self.unknown_from = saved["counts"], saved["unknown_from"]

    def take(self, seen: Brief | Chunk) -> None:
        """Take the next entries."""
        if isinstance(seen, Brief):
            self._take_one(seen)
        elif self._is_sound(seen):
            self._append(seen.hashes, seen.size, seen.signatures, seen.drawn)
        else:
            for one in self._one_by_one(seen):
                self._take_one(one)

    def _is_sound(self, chunk: Chunk) -> bool:
        """Whether none of its entries has a finding. If so, they have been folded."""
        return (
            chunk.prev == self._last()
            and all(self._hash(chunk, after) == expected for after, expected in chunk.bound)
            and (self.accounting.apply_chunk(chunk) if self.unknown_from < 0 else are_flows(chunk.flows))
        )

    def _hash(self, chunk: Chunk, index: int) -> str:
        start = chunk.alike.index
        return (self.hashes.get(index) if index < start else chunk.hashes[index - start]).hex()

    def _one_by_one(self, chunk: Chunk) -> Iterator[Brief]:
        """The same entries, read and examined again. Raises Unverifiable if the source changed meanwhile."""
        start = chunk.alike.index
        for index, raw in enumerate(self._source.entries(start, start + len(chunk.hashes)), start):
            seen = brief(raw, index, self._scope)
            if seen.hash != chunk.hashes[index - start]:
                raise changed(index)
            yield seen

    def _append(self, hashes: Sequence[bytes], size: int, signatures: int, drawn: int) -> None:
        self.tree.extend(hashes)
        self.hashes.extend(hashes)
        self.counts["entries"] += len(hashes)
        self.counts["bytes"] += size
        self.counts["signatures"] += signatures
        self.drawn += drawn

    def _take_one(self, brief: Brief) -> None:
        index = self.hashes.size
        if brief.findings:
            self.findings.add(brief.findings)
        self._check_chain(brief, index)
        self._check_succession(brief, index)
        self._append((brief.hash,), brief.size, brief.signatures, brief.signatures > 0)
        if brief.unknown and self.unknown_from < 0:
            self.unknown_from = index
        self._check_after(brief, index)
        if self.unknown_from < 0 and self._scope.keeps_books:
            self._fold(brief, index)

    def _fold(self, brief: Brief, index: int) -> None:
        if brief.journal_entry is not None:
            self.accounting.apply(brief)
            self.unknown_from = index if self.accounting.unknown else -1
        else:
            self.unknown_from = index if brief.moved is None else -1
            self.accounting.skip(index, brief.moved or [])

    def _last(self) -> str:
        """The hash of the last entry, in hex."""
        return self.hashes.get(self.hashes.size - 1).hex() if self.hashes.size else FIRST_PREV

    def _check_chain(self, brief: Brief, index: int) -> None:
        prev = self._last()
        if brief.prev and brief.prev != prev:
            self.findings.add([Finding(index, WHOLE, "chain", f"prev {brief.prev}: the entry before it has hash {prev}")])

    def _check_succession(self, brief: Brief, index: int) -> None:
        first = brief.journal_entry.runs[0].first if brief.journal_entry is not None else None
        if first is not None and first.kind == KIND:
            self.findings.add(other_root(index, first.continues.root, self.tree.root))

    def _check_after(self, brief: Brief, index: int) -> None:
        after, expected = brief.after
        if 0 <= after < index and self.hashes.get(after).hex() != expected:
            message = f"after {after}: the statement was signed for a history in which that entry has a different hash"
            self.findings.add([Finding(index, WHOLE, "after", message)])

    def finish(self) -> None:
        """Settle what was written to disk, and collect the findings of the parts, in the areas that were asked for."""
        judged = self.unknown_from if self.unknown_from >= 0 else self.hashes.size
        try:
            self.accounting.finish(judged)
        except Unverifiable as error:
            self.findings.add([Finding(WHOLE, WHOLE, error.rule, error.message)])
        self.findings.add(self.tree.findings)
        self.findings.add(finding for finding in self.accounting.findings if self._scope.covers(finding.rule))
        self.hashes.close()
