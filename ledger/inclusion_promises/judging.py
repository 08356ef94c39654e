"""Judges challenges while a log is verified: each is *upheld*, *answered* or *refused*.

Upheld: no entry under the challenge's checkpoint has the promised reference, or the one that has it came late. Answered: there is
such an entry, in time; it may still differ from the promise. Refused: the challenge shows nothing about this log, and the verdict
about the log is as if nobody had posed it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..audit.accounting import Leaves
from ..audit.consistency import KnownCheckpoint
from ..books.state import Books
from ..canonical import JsonObject
from ..entries.inclusion_promise import InclusionPromise
from ..findings.finding import WHOLE, Finding
from ..findings.report import Report
from ..findings.table import RULES
from .challenge import Posed
from .search import Answer, answers, money

RULE = "inclusion-promise"
OF_THE_CHECKPOINT = ("checkpoint-signature", "witness-quorum", "ledger")
UPHELD, ANSWERED, REFUSED, OPEN = "upheld", "answered", "refused", "not judged"
NOT_READ = "the log could not be read to its end"


class Judged(NamedTuple):
    """What became of a challenge: one of the words above, why, and the record that has the reference, or ""."""

    name: str
    outcome: str
    why: str
    record: str = ""
    agrees: bool = False
    void: bool = False

    def as_json(self) -> JsonObject:
        """The outcome as `verify --format json` prints it (docs/reference/report.schema.json)."""
        return self._asdict()


class ChallengeQuestion:
    """A question for `verify`: what becomes of these challenges. Until it was asked, no challenge that could be judged is."""

    def __init__(self, posed: Sequence[Posed]) -> None:
        self._posed = posed
        self.outcomes = tuple(
            Judged(one.name, REFUSED, one.refused) if one.signed is None else Judged(one.name, OPEN, NOT_READ)
            for one in posed
        )

    @property
    def checkpoints(self) -> list[KnownCheckpoint]:
        """The checkpoints of the challenges that can be judged. The log must extend each."""
        return [KnownCheckpoint(one.name, one.checkpoint, one.note) for one in self._posed if one.checkpoint]

    def ask(self, books: Books, leaves: Leaves) -> Iterator[Finding]:
        """A finding (`inclusion-promise`) for each promise that was not kept. Raises Unverifiable if the source changed
        meanwhile."""
        judged = [one.signed for one in self._posed if one.signed is not None]
        found = iter(tuple(answers(judged, books, leaves)))
        self.outcomes = tuple(
            before if one.signed is None else _outcome(one, one.signed.promise, next(found))
            for one, before in zip(self._posed, self.outcomes, strict=True)
        )
        for one, outcome in zip(self._posed, self.outcomes, strict=True):
            if one.signed and (outcome.outcome == UPHELD or (outcome.outcome == ANSWERED and not outcome.agrees)):
                yield _finding(one.signed.promise, outcome, books)


def unreliable(report: Report) -> Finding | None:
    """The first finding with which a log says nothing that counts, also not of a promise: it is not whole, not what was signed, or
    not signed as the policy asks. Other faults, such as those of the money, do not free a party of what it promised."""
    for finding in report.findings:
        rule = RULES[finding.rule]
        if finding.kind == "unknown" or rule.area == "integrity" or finding.rule in OF_THE_CHECKPOINT:
            return finding
    return None


def _outcome(posed: Posed, promise: InclusionPromise, answer: Answer) -> Judged:
    size = posed.checkpoint.tree_size if posed.checkpoint else 0
    if answer.refused:
        return Judged(posed.name, REFUSED, answer.refused)
    if not answer.ref:
        return Judged(posed.name, UPHELD, f"no entry has the reference; the challenge is about the first {size}")
    faults = answer.faults(promise, size)
    said = f"{answer.said}, entered at {answer.entered_at}" + (", void since" if answer.void else "")
    outcome = UPHELD if answer.late(promise, size) else ANSWERED
    return Judged(posed.name, outcome, "; ".join((said, *faults)), answer.ref, not answer.differs, answer.void)


def _finding(promise: InclusionPromise, outcome: Judged, books: Books) -> Finding:
    gift = f"{money(books, promise.amount, promise.unit)} to {promise.fund}"
    words = f"{outcome.name}: {promise.party} promised at {promise.promised_at} to have {gift} entered by {promise.enter_by}"
    entry, record = map(int, outcome.record.split(".")) if outcome.record else (WHOLE, WHOLE)
    return Finding(entry, record, RULE, f"{words}; {outcome.why}")
