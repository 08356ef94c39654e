"""The verification of a whole ledger: reads it once, in order, and reports everything it finds.

There are three outcomes: verified, failed, could not verify. Without a trust policy the outcome is always the third.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..books.moment import check_as_of, day_to_judge, local_day
from ..books.rates import unreferenced
from ..books.state import Books
from ..disk.durable import refusing
from ..errors import InputError, Unverifiable, UsageError, VerificationError
from ..examination.parallel import Cut, examined
from ..findings.finding import WHOLE, Finding
from ..findings.report import NOT_CHECKED, Findings, JudgedBy, Note, Report, Stamp, verdict_of
from ..findings.scope import AREAS, EVERYTHING, Scope
from ..log.checkpoint import Checkpoint, checkpoint_in
from ..log.entry import FIRST_PREV
from ..log.policy import Policy
from ..log_files.source import Source
from .balances import opened_without_proof, overdrawn
from .consistency import KnownCheckpoint, check_prefix, forks, of_this_log, taken_away
from .fee_limits import fee_findings
from .future import future
from .overdue import overdue
from .overseers import Known, unknown
from .question import Question
from .replay import Progress, Replay, SecondReading
from .requirements import judged_by, unused
from .resume import SavedAudit
from .stamps import Stamps, not_checked
from .succession import continued, of_another_log
from .trust import Trust, trust_in
from .units import units_of
from .unpublished import examine_unpublished
from .witnesses import watching_itself

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

KEPT_HERE = "the checkpoint kept on this machine"
NONE_EARLIER = "Not checked: earlier checkpoints, because none was given; a log that was replaced as a whole would not be noticed"
THE_LOGS = "the log's checkpoint"


def verify(
    source: Source,
    policy: Policy | None,
    *,
    as_of: str = "",
    now: str = "",
    earlier: Sequence[KnownCheckpoint] = (),
    at_size: int | None = None,
    scope: Scope = EVERYTHING,
    overseers: Known | None = None,
    requirements: Books | None = None,
    questions: Sequence[Question] = (),
    timestamp_roots: Sequence[Certificate] | None = None,
    jobs: int = 1,
    state: Path | None = None,
    progress: Progress = lambda done, all: None,
) -> Report:
    """Check a log against a trust policy: its first `at_size` entries, by default all, in `scope`, with `jobs` processes. `as_of`
    is the day for what is overdue, unless that of the last entry is later. No entry may be later than `now`, the caller's clock in
    UTC, unless it is "" or `as_of` is later still. The log must extend each of `earlier`. The folder `state` keeps the audit's
    progress; an audit saved there continues. `overseers` are those that the caller knows; None if that is not to be judged.
    `requirements` are those that the caller brings (`parse_requirements`), `timestamp_roots` the certificates that it trusts to
    vouch for timestamp authorities (`parse_roots`). `questions` are asked of the whole log.

    Raises StorageError; UsageError if `as_of` is not a day, if the log is smaller than `at_size`, or if a state is asked for in a
    scope other than all or with `requirements`; Conflict if the state cannot be used.
    """
    check_as_of(as_of)
    if state is not None and not scope.whole:
        raise UsageError(
            "--state: it works with whole verifications only; leave out --only and --sample", rule="usage", where="state",
        )
    if state is not None and requirements is not None:
        words = "--requirements: judges the log from its first entry on, and a saved state has judged it by others; leave out one"
        raise UsageError(f"{words} of --requirements and --state", rule="usage", where="requirements")
    with refusing(state or tempfile.gettempdir()):
        verification = _Verification(source, policy, scope, overseers, requirements)
        verification.questions = questions
        verification.roots = timestamp_roots
        return verification.run((as_of, now), earlier, at_size, jobs, state, progress)


class _Verification:
    """One verification, from the checkpoint to the report."""

    def __init__(self, source: Source, policy: Policy | None, scope: Scope, overseers: Known | None, brought: Books | None) -> None:
        self._source, self._policy, self._scope, self._overseers, self._brought = source, policy, scope, overseers, brought
        self.questions: Sequence[Question] = ()
        self._findings = Findings()
        self._evidence: list[Note] = []
        self._elsewhere: list[KnownCheckpoint] = []
        self._trust = Trust()
        self._as_of, self._not_checked = "", [*NOT_CHECKED]
        self._checked: dict[str, int] = {}
        self._records: dict[str, int] = {}
        self._units: dict[str, dict[str, int]] = {}
        self._judged_by: tuple[JudgedBy, ...] = ()
        self._unreferenced = 0
        self._later: list[KnownCheckpoint] = []
        self._durable = 0
        self._stamps: tuple[Stamp, ...] = ()
        self.roots: Sequence[Certificate] | None = None

    def run(
        self, days: tuple[str, str], earlier: Sequence[KnownCheckpoint], at_size: int | None, jobs: int, state: Path | None,
        progress: Progress,
    ) -> Report:  # fmt: skip
        signed = self._signed(days[1])
        if signed is None:
            return self._report("", 0, "")
        size = signed.tree_size if at_size is None else at_size
        if not 0 <= size <= signed.tree_size:
            raise UsageError(f"at-size {size}: the log has {signed.tree_size} entries; give a size up to that", rule="usage")
        if not size:
            self._find("empty", "the log has no entries")
        self._scope = self._scope.within(size)
        saved = SavedAudit(state, signed.origin) if state is not None else None
        seen = self._compare([KnownCheckpoint(*one) for one in earlier] + (saved.seen() if saved else []), signed)
        if saved is not None and saved.size > size:
            # `_compare` reported a log that was rolled back; there is nothing to continue from.
            saved = None
        with tempfile.TemporaryDirectory(prefix="givetrail-") as folder:
            replay = Replay(self._source, saved.folder if saved else Path(folder), self._scope, seen)
            if saved is not None:
                saved.resume(replay)
            replay.accounting.books.brought = self._brought
            self._replay(replay, signed, size, seen, jobs, saved, progress)
            self._judge(replay, signed, *days)
            root = signed.root if size == signed.tree_size else replay.tree.root
            return self._report(signed.origin, size, root.hex(), signed.tree_size)

    def _find(self, found: str, message: str) -> None:
        self._findings.add([Finding(WHOLE, WHOLE, found, message)])

    def _signed(self, now: str) -> Checkpoint | None:
        """The log's checkpoint, whatever the policy says of it; None if there is none."""
        try:
            self._note = self._source.checkpoint()
            checkpoint = checkpoint_in(self._note)
        except (InputError, Unverifiable) as error:
            self._find("checkpoint" if isinstance(error, InputError) else error.rule, error.message)
            return None
        self._trust = trust_in(self._policy, self._note, now)
        self._findings.add(self._trust.findings)
        self._not_checked[:0] = self._trust.not_checked
        return checkpoint

    def _compare(self, earlier: Sequence[KnownCheckpoint], signed: Checkpoint) -> list[KnownCheckpoint]:
        """Compare the checkpoints with one another; return those that the pass must compare with the log's tree."""
        seen, self._elsewhere = of_this_log(earlier, signed.origin)
        for finding, notes in forks([KnownCheckpoint(THE_LOGS, signed, self._note), *seen]):
            self._findings.add([finding])
            self._evidence.extend(notes)
        self._durable = max(signed.tree_size, self._source.durable_size())
        self._findings.add(taken_away(seen, self._durable))
        self._later = [one for one in seen if one.checkpoint.tree_size > signed.tree_size]
        if not any(one.name != KEPT_HERE for one in seen):
            self._not_checked.insert(-1, NONE_EARLIER)
        return [one for one in seen if one.checkpoint.tree_size < signed.tree_size]

    def _replay(
        self, replay: Replay, signed: Checkpoint, size: int, seen: Sequence[KnownCheckpoint], jobs: int, saved: SavedAudit | None,
        progress: Progress,
    ) -> None:  # fmt: skip
        begun = replay.hashes.size
        if begun:
            tiles = f"Not checked again: tiles of the first {begun} entries, because they were compared when the state was saved"
            self._not_checked.insert(0, tiles)
        keep = saved.save if saved is not None else lambda replay: None
        try:
            replay.run(examined(self._source, begun, size, self._scope, jobs), size, progress, keep)
        except Cut as cut:
            self._findings.add([Finding(replay.hashes.size, WHOLE, cut.rule, cut.message)])
        else:
            self._close_tree(replay, signed, size, begun, seen)
            if size == signed.tree_size < self._durable:
                self._examine_unpublished(replay, signed)
        progress(replay.hashes.size, size)
        self._check_watchers(replay, size)
        replay.finish()

    def _check_watchers(self, replay: Replay, size: int) -> None:
        """Compare the policy's witnesses with the parties, and ask the questions, while entries can still be read again."""
        if self._policy is None or not self._scope.covers("key-standing"):
            return
        books, again = replay.accounting.books, SecondReading(self._source, replay.hashes)
        try:
            self._findings.add(watching_itself(books, self._policy, again.leaf))
            for question in self.questions if replay.unknown_from < 0 and replay.hashes.size == size else ():
                self._findings.add(question.ask(books, again))
        except Unverifiable as error:
            self._find(error.rule, error.message)

    def _close_tree(self, replay: Replay, signed: Checkpoint, size: int, begun: int, seen: Sequence[KnownCheckpoint]) -> None:
        # The pass has compared the sizes that it went through.
        others = [one for one in seen if not begun < one.checkpoint.tree_size <= size]
        if size == signed.tree_size:
            replay.tree.finish(signed)
        else:
            asked_for = f"only the first {size} of {signed.tree_size} were asked for"
            self._not_checked.insert(0, f"Not checked: entries from {size} on, because {asked_for}")
            others.append(KnownCheckpoint("what was read", Checkpoint(signed.origin, size, replay.tree.root)))
        for one in others:
            try:
                check_prefix(self._source, one.checkpoint.tree_size, one.checkpoint.root, signed)
            except (VerificationError, Unverifiable) as error:
                self._find(error.rule, f"{one.name}: {error.message}")

    def _examine_unpublished(self, replay: Replay, signed: Checkpoint) -> None:
        size = signed.tree_size
        last = replay.hashes.get(size - 1).hex() if size else FIRST_PREV
        found = examine_unpublished(self._source, replay.tree, signed, self._durable, last, self._later, self._scope)
        self._findings.add(found)
        self._not_checked.insert(0, f"Not checked: accounting of the entries from {size} on, because they are not published yet")

    def _judge(self, replay: Replay, signed: Checkpoint, as_of: str, now: str) -> None:
        """Report what can only be judged at the end, and the totals."""
        books = replay.accounting.books
        self._findings.add(replay.findings.all())
        self._findings.leave_out(replay.findings.left_out)
        self._findings.add(continued(books, self._elsewhere, self._source, signed))
        self._evidence.extend(replay.tree.evidence)
        if self._scope.keeps_books:
            if replay.hashes.size == signed.tree_size and replay.unknown_from < 0:
                self._findings.add(of_another_log(books, signed, self._trust.key))
            elif (ledger := books.ledger.get("")) and ledger.origin != signed.origin:
                name = f"the log's name; the entries are of {ledger.origin!r}, and only later entries can continue it"
                self._not_checked.insert(0, f"Not checked: {name}")
            if self._scope.covers("overdrawn-on-day") and replay.unknown_from < 0:
                self._findings.add(overdrawn(books))
            if self._scope.covers("opening-unconfirmed") and replay.unknown_from < 0:
                self._findings.add(opened_without_proof(books))
            if self._overseers is not None and self._scope.covers("overseer-unknown"):
                self._findings.add(unknown(books.overseer, self._overseers))
            if not replay.tree.findings:
                self._look_at_stamps(Stamps(self._source, signed, replay.hashes.size, books, self.roots))
            if now and self._scope.covers("future"):
                self._findings.add(future(books, max(as_of, local_day(books, now))))
            if "traceability" in self._scope.areas:
                self._as_of = _day_to_judge(replay, as_of)
                self._findings.add(overdue(books, self._as_of))
            if "accounting" in self._scope.areas:
                self._findings.add(fee_findings(books))
                self._not_checked += unused(books)
                self._judged_by, self._unreferenced = judged_by(books), sum(1 for _ in unreferenced(books))
            self._units = units_of(books)
        self._look_beside(replay)
        if replay.unknown_from >= 0:
            unread = (
                f"Not checked: accounting from entry {replay.unknown_from} on, because entries could not be read, or are in a "
                "later version"
            )
            self._not_checked.insert(0, unread)
        self._not_checked[:0] = self._scope.left_out(replay.counts["entries"], replay.drawn)
        self._checked = {**replay.counts, "tiles": replay.tree.tiles}
        self._records = dict(sorted(replay.accounting.records.items()))

    def _look_at_stamps(self, stamps: Stamps) -> None:
        stamps.judge()
        self._stamps = tuple(stamps.seen)
        self._findings.add(finding for finding in stamps.findings if self._scope.covers(finding.rule))
        self._not_checked[-1:-1] = not_checked(stamps.seen)

    def _look_beside(self, replay: Replay) -> None:
        """Compare the data beside the entries with what the entries give; the books only if nothing else was found."""
        size, books = replay.hashes.size, replay.accounting.books
        known = self._scope.whole and self._brought is None and verdict_of(self._findings.all())[1] == 0
        faults = self._source.faults_beside(size, books.rows() if known else None)
        self._findings.add([Finding(WHOLE, WHOLE, rule, fault) for rule, fault in faults])

    def _report(self, origin: str, tree_size: int, root: str, signed_size: int = 0) -> Report:
        found = self._findings.all()
        verdict, exit_code = verdict_of(found, self._scope.whole)
        return Report(
            target=self._source.name,
            as_of=self._as_of,
            origin=origin,
            tree_size=tree_size,
            root=root,
            verdict=verdict, witnessed=self._trust.witnessed, exit_code=exit_code,
            cosigned_by=self._trust.cosigned_by, passed_over=self._trust.passed_over,
            areas=tuple(area for area in AREAS if area in self._scope.areas and self._of_something(area)),
            checked=self._checked,
            records=self._records,
            units=self._units,
            judged_by=self._judged_by,
            unreferenced=self._unreferenced,
            not_checked=tuple(self._not_checked),
            findings=found,
            left_out=self._findings.left_out,
            evidence=self._shown_evidence(),
            unpublished=max(0, self._durable - signed_size),
            last_entry=f"{self._durable - 1}.0" if self._durable else "",
            stamps=self._stamps,
        )

    def _of_something(self, area: str) -> bool:
        """Whether anything in that area was checked."""
        looked_at = {
            "integrity": self._checked.get("entries"), "authenticity": self._checked.get("signatures"),
            "accounting": self._records, "traceability": self._as_of,
        }  # fmt: skip
        return bool(looked_at[area])

    def _shown_evidence(self) -> tuple[Note, ...]:
        """The notes that contradict one another, each once; the log's own is always among them."""
        if not self._evidence:
            return ()
        return tuple(dict.fromkeys([Note(THE_LOGS, self._note.decode(errors="replace")), *self._evidence]))


def _day_to_judge(replay: Replay, as_of: str) -> str:
    """`as_of`, or the day of the last entry that was judged if it is later, or if entries follow that could not be judged."""
    head = replay.accounting.books.head.get("")
    last = local_day(replay.accounting.books, head.time) if head else ""
    return day_to_judge(as_of, last) if replay.unknown_from < 0 else last
