"""The verification of a whole ledger: reads it once, in order, and says everything it finds.

Three outcomes: verified, failed, could not verify. Without a trust policy the outcome is the third, whatever else holds.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from ..books.fold import local_day
from ..books.state import Books
from ..errors import GiveTrailError, InputError, Unverifiable, VerificationError
from ..leaf import Leaf, read_leaf
from ..log.checkpoint import Checkpoint, parse_checkpoint
from ..log.entry import FIRST_PREV
from ..log.merkle import leaf_hash
from ..log.note import parse_note
from ..log.policy import Policy
from .accounting import Accounting, with_sound_flows
from .examine import Examined, examine, flows_of_refused
from .finding import WHOLE, Finding
from .lateness import overdue
from .source import Source
from .spill import Claims, Keys, LeafHashes
from .tree import Earlier, TreeCheck

KEPT_HERE = "the checkpoint kept on this machine"
NONE_EARLIER = "earlier checkpoints: none was named, so a log that was replaced as a whole is not seen"
NOT_CHECKED = (
    "evidence files: the ledger holds their digests only",
    NONE_EARLIER,
    "the world: no ledger can prove that goods arrived or that a figure is true",
)
KEPT_FINDINGS = 1000
SEVERITY = ("broken", "unknown", "audit")
Progress = Callable[[int, int], None]


class Report(NamedTuple):
    """What was checked, what was not, every finding (at most 1,000, the gravest; `left_out` counts the rest), and the verdict."""

    target: str
    origin: str
    tree_size: int
    root: str
    verdict: str
    exit_code: int
    checked: dict[str, int]
    records: dict[str, int]
    units: dict[str, dict[str, int]]
    not_checked: tuple[str, ...]
    findings: tuple[Finding, ...]
    left_out: int


def verify(
    source: Source,
    policy: Policy | None,
    *,
    as_of: str = "",
    earlier: Sequence[Earlier] = (),
    progress: Progress = lambda done, all: None,
) -> Report:
    """Check everything of a log against a trust policy. `as_of` is the day for lateness, default the last entry's; the log has to
    extend each of `earlier`, checkpoints of it that were seen before and found good.

    Raises StorageError.
    """
    findings: list[Finding] = []
    checkpoint = _trusted_checkpoint(source, policy, findings)
    if checkpoint is None:
        return _report(source, None, findings, None, None)
    if not checkpoint.tree_size:
        findings.append(Finding(WHOLE, WHOLE, "empty", "the log has no entries"))
    with tempfile.TemporaryDirectory(prefix="givetrail-") as folder:
        same = [(name, seen) for name, seen in earlier if seen.origin == checkpoint.origin]
        findings += [_another_logs(name, seen) for name, seen in earlier if seen.origin != checkpoint.origin]
        reading = _Reading(source, checkpoint, Path(folder), progress, same)
        reading.run()
        findings += reading.tree.findings + reading.findings + reading.accounting.findings
        findings += _of_another_log(reading.accounting.books, checkpoint)
        findings += overdue(reading.accounting.books, _day_to_judge(reading, as_of))
        return _report(source, checkpoint, findings, reading, policy)


def _another_logs(name: str, seen: Checkpoint) -> Finding:
    message = f"{name}: is a checkpoint of {seen.origin!r}, so nothing was compared with it; name one of this log"
    return Finding(WHOLE, WHOLE, "trust-anchor", message)


def _of_another_log(books: Books, checkpoint: Checkpoint) -> list[Finding]:
    ledger = books.ledger.get("")
    if ledger is None or ledger.origin == checkpoint.origin:
        return []
    return [Finding(0, WHOLE, "ledger", f"ledger {ledger.origin!r}: the checkpoint is that of {checkpoint.origin!r}")]


def _day_to_judge(reading: _Reading, as_of: str) -> str:
    """`as_of`, or the day of the last entry that was judged: also where entries follow that could not be."""
    head = reading.accounting.books.head.get("")
    if as_of and reading.unknown_from < 0:
        return as_of
    return local_day(reading.accounting.books, head.time) if head else ""


def _trusted_checkpoint(source: Source, policy: Policy | None, findings: list[Finding]) -> Checkpoint | None:
    try:
        note = source.checkpoint()
        checkpoint = parse_checkpoint(parse_note(note).text)
    except (InputError, Unverifiable) as error:
        rule = "checkpoint" if isinstance(error, InputError) else error.rule
        findings.append(Finding(WHOLE, WHOLE, rule, error.message))
        return None
    try:
        if policy is None:
            raise Unverifiable("no trust policy was named; give --trust FILE", rule="trust-anchor")
        policy.check(note)
    except (Unverifiable, VerificationError) as error:
        findings.append(Finding(WHOLE, WHOLE, error.rule, error.message))
    return checkpoint


class _Reading:
    """One pass over the entries. Chain, tree, `after` and the fold need the order; what `examine` does does not."""

    def __init__(
        self, source: Source, checkpoint: Checkpoint, folder: Path, progress: Progress, earlier: Sequence[Earlier]
    ) -> None:
        self._source, self._checkpoint, self._progress = source, checkpoint, progress
        self.earlier = earlier
        self.tree = TreeCheck(source, earlier)
        self.hashes = LeafHashes(folder)
        self.accounting = Accounting(Keys(folder), Claims(folder, checkpoint.tree_size))
        self.findings: list[Finding] = []
        self.unknown_from = -1
        self.counts = {"entries": 0, "bytes": 0, "signatures": 0}

    def run(self) -> None:
        size = self._checkpoint.tree_size
        try:
            for index, raw in enumerate(self._source.entries(0, size)):
                self._take(examine(raw, index), index)
                if index % 256 == 255:
                    self._progress(index + 1, size)
        except (InputError, Unverifiable) as error:
            rule = error.rule if isinstance(error, Unverifiable) else "tile"
            self.findings.append(Finding(self.hashes.size, WHOLE, rule, error.message))
        else:
            self.tree.finish(self._checkpoint)
        self._progress(self.hashes.size, size)
        try:
            self.accounting.finish(self._reread)
        except Unverifiable as error:
            self.findings.append(Finding(WHOLE, WHOLE, error.rule, error.message))
        self.hashes.close()

    def _take(self, examined: Examined, index: int) -> None:
        self.findings.extend(examined.findings)
        self._check_chain(examined, index)
        self._count(examined)
        self.tree.append(examined.hash)
        if examined.unknown and self.unknown_from < 0:
            self.unknown_from = index
        if examined.leaf is not None:
            self._check_after(examined.leaf, index)
        if self.unknown_from < 0 and examined.leaf is not None:
            self.accounting.apply(examined, examined.leaf)
            self.unknown_from = index if self.accounting.unknown else -1
        elif self.unknown_from < 0:
            flows = flows_of_refused(examined.raw)
            self.unknown_from = index if flows is None else -1
            self.accounting.skip(index, flows or [])
        self.hashes.append(examined.hash)

    def _count(self, examined: Examined) -> None:
        self.counts["entries"] += 1
        self.counts["bytes"] += len(examined.raw)
        self.counts["signatures"] += len(examined.entry.signatures) if examined.entry else 0

    def _check_chain(self, examined: Examined, index: int) -> None:
        if examined.entry is None:
            return
        prev = self.hashes.get(index - 1).hex() if index else FIRST_PREV
        if examined.entry.index != index:
            self.findings.append(Finding(index, WHOLE, "chain", f"index {examined.entry.index}: stands at place {index}"))
        if examined.entry.prev != prev:
            self.findings.append(Finding(index, WHOLE, "chain", f"prev {examined.entry.prev}: the entry before has {prev}"))

    def _check_after(self, leaf: Leaf, index: int) -> None:
        after = leaf.statement.after_index
        if 0 <= after < index and self.hashes.get(after).hex() != leaf.statement.after_hash:
            message = f"after {after}: the statement was signed for a history in which that entry has another hash"
            self.findings.append(Finding(index, WHOLE, "after", message))

    def _reread(self, index: int) -> Leaf | None:
        """A leaf again, and surely the one that was read before. Raises Unverifiable where the source changed meanwhile."""
        if not 0 <= index < self.hashes.size:
            return None
        (raw,) = self._source.entries(index, index + 1)
        if leaf_hash(raw) != self.hashes.get(index):
            raise Unverifiable(f"entry {index}: the source gave other bytes the second time; verify again", rule="missing")
        try:
            return with_sound_flows(read_leaf(raw))
        except GiveTrailError:
            return None


def _report(
    source: Source, checkpoint: Checkpoint | None, findings: list[Finding], reading: _Reading | None, policy: Policy | None
) -> Report:
    kinds = {finding.kind for finding in findings}
    verdict, code = ("failed", 3) if "broken" in kinds else ("could not verify", 4) if "unknown" in kinds else ("verified", 0)
    named = reading is not None and any(name != KEPT_HERE for name, _ in reading.earlier)
    not_checked = [words for words in NOT_CHECKED if not (named and words is NONE_EARLIER)]
    if policy is not None and policy.quorum == "none":
        not_checked.insert(0, "witnesses: the trust policy asks for none, so the log could show others another history")
    if reading is not None and reading.unknown_from >= 0:
        first = reading.unknown_from
        not_checked.insert(0, f"accounting from entry {first} on: what stands there could not be read, or is of a later version")
    found = sorted(set(findings), key=lambda finding: (SEVERITY.index(finding.kind), finding))
    return Report(
        target=source.name,
        origin=checkpoint.origin if checkpoint else "",
        tree_size=checkpoint.tree_size if checkpoint else 0,
        root=checkpoint.root.hex() if checkpoint else "",
        verdict=verdict,
        exit_code=code,
        checked={**reading.counts, "tiles": reading.tree.tiles} if reading else {},
        records=dict(sorted(reading.accounting.records.items())) if reading else {},
        units=_units(reading) if reading else {},
        not_checked=tuple(not_checked),
        findings=tuple(sorted(found[:KEPT_FINDINGS])),
        left_out=max(0, len(found) - KEPT_FINDINGS),
    )


def _units(reading: _Reading) -> dict[str, dict[str, int]]:
    """Per unit: its exponent, how many gifts were given and how much, and what is left in all funds, in minor units."""
    books = reading.accounting.books
    sums = {unit: {"exponent": row.exponent, "gifts": 0, "given": 0, "left": 0} for unit, row in books.unit.items()}
    nothing = {"exponent": 0, "gifts": 0, "given": 0, "left": 0}
    for name, given in books.given.items():
        unit = sums.setdefault(name.split("/")[1], dict(nothing))
        unit["gifts"] += given.gifts
        unit["given"] += given.amount
    for name, tape in books.tape.items():
        sums.setdefault(name.partition("/")[2], dict(nothing))["left"] += tape.free()
    return sums
