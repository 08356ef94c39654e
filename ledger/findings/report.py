"""What a verification reports at its end: verified, failed or could not verify; *partly verified* if it was asked for less than
everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ..canonical import JsonObject
from .finding import Finding
from .table import RULES

KEPT_FINDINGS = 1000
OF_EACH_RULE = 5
"""How many findings of a rule are kept, whatever else there is; there are fewer than 200 rules."""
SEVERITY = ("broken", "unknown", "audit")
VERIFIED, PARTLY = "verified", "partly verified"
AUDIT_EXIT, PARTLY_EXIT = 5, 7
NO_WITNESSES = "Not checked: witnesses, because the trust policy asks for none; the log could show other people another history"
NOT_CHECKED = (
    "Not checked: evidence files, because the ledger holds only their digests",
    "Not checked: the world, because no ledger can prove that goods arrived or that a figure is true",
)


class Note(NamedTuple):
    """A signed checkpoint that supports a finding, and where it was seen. Anyone with two contradicting ones can show them to
    others."""

    name: str
    note: str


class JudgedBy(NamedTuple):
    """A requirement by which somebody was judged: of which place, its name, the party that said it and its record. `own` says that
    the judged party said it itself. Of rates (`rate`), the first of a party and a pair of units, which is then `place`."""

    place: str
    name: str
    by: str
    ref: str
    own: bool


class CosignedBy(NamedTuple):
    """A witness of the trust policy that cosigned the checkpoint: its name there, the name of its key, and the time by its clock in
    UTC, `YYYY-MM-DDTHH:MM:SSZ`, "" if it is after the year 9999. `ahead` says that this is later than the clock of whoever verified
    by more than an hour."""

    witness: str
    key_name: str
    time: str
    ahead: bool


class Stamp(NamedTuple):
    """A timestamp of an authority over the first `size` entries: its `time` (UTC), by the entry that records it or else by its
    token. `entry` is None if none records it. If it is not `verified`, `why` says what was not checked, or that it is false."""

    size: int
    time: str
    authority: str
    entry: int | None
    verified: bool
    why: str = ""


class Bounds(NamedTuple):
    """Between which verified timestamps the entries from `first` to `last` were made: later than `after` and no later than `before`
    (UTC); "" if none bounds that side."""

    first: int
    last: int
    after: str
    before: str


class Report(NamedTuple):
    """What was checked, what was not, the findings (at most 1,000, the gravest; `left_out` counts the rest by rule), the verdict.

    `as_of` is the day as of which overdue stages were judged, "" if they were not. `areas` are those of `ledger.findings.scope` in
    which something was checked. `witnessed` says that the witnesses required by the policy have cosigned; `cosigned_by`
    are all of its witnesses that did, and `passed_over` names those whose type of key is not known here. `evidence` has the signed
    notes that contradict each other. `judged_by` are the requirements of the law, and the rates, by which somebody was judged;
    `unreferenced` counts the exchanges that no rate but the operator's can judge. `unpublished` counts the entries of a ledger's
    directory beyond its checkpoint, and `last_entry` is the reference of the last entry present, whether published or not; "" if
    there is none. `challenges` say of each challenge that was judged what became of it; `stamps` are the timestamps over what was
    read."""

    target: str
    as_of: str
    origin: str
    tree_size: int
    root: str
    verdict: str
    witnessed: bool
    exit_code: int
    areas: tuple[str, ...]
    checked: dict[str, int]
    records: dict[str, int]
    units: dict[str, dict[str, int]]
    judged_by: tuple[JudgedBy, ...]
    unreferenced: int
    not_checked: tuple[str, ...]
    findings: tuple[Finding, ...]
    left_out: dict[str, int]
    evidence: tuple[Note, ...]
    unpublished: int = 0
    last_entry: str = ""
    cosigned_by: tuple[CosignedBy, ...] = ()
    passed_over: tuple[str, ...] = ()
    challenges: tuple[JsonObject, ...] = ()
    stamps: tuple[Stamp, ...] = ()

    def bounds_of(self, index: int) -> tuple[Stamp | None, Stamp | None]:
        """The last verified timestamp that is recorded before an entry, which was made later; and the first over it, which it was
        made before. None where there is none."""
        verified = [one for one in self.stamps if one.verified]
        before = [one for one in verified if one.entry is not None and one.entry < index]
        after = [one for one in verified if one.size > index]
        return max(before, key=lambda one: one.time, default=None), min(after, key=lambda one: one.time, default=None)

    def bounds(self) -> list[Bounds]:
        """The same for all entries, by ranges of entries with the same bounds; empty if no timestamp is verified."""
        verified = [one for one in self.stamps if one.verified]
        marks = {0, *(one.size for one in verified), *(one.entry + 1 for one in verified if one.entry is not None)}
        starts = sorted(mark for mark in marks if mark < self.tree_size) if verified else []
        found = []
        for first, end in zip(starts, [*starts[1:], self.tree_size], strict=False):
            after, before = self.bounds_of(first)
            found.append(Bounds(first, end - 1, after.time if after else "", before.time if before else ""))
        return found

    def as_json(self) -> JsonObject:
        """The report as `verify --format json` prints it (docs/reference/schema/report.json)."""
        return {
            **self._asdict(),
            "areas": list(self.areas),
            "judged_by": [one._asdict() for one in self.judged_by],
            "not_checked": list(self.not_checked),
            "findings": [finding.as_json() for finding in self.findings],
            "evidence": [note._asdict() for note in self.evidence],
            "cosigned_by": [one._asdict() for one in self.cosigned_by],
            "passed_over": list(self.passed_over),
            "challenges": list(self.challenges),
            "stamps": [stamp._asdict() for stamp in self.stamps],
            "bounds": [one._asdict() for one in self.bounds()],
        }


def verdict_of(findings: Iterable[Finding], whole: bool = True, fail_on_audit: bool = False) -> tuple[str, int]:
    """(verdict, exit code). `whole` says that everything was checked, `fail_on_audit` that findings for people count too. If
    several exit codes apply, the first of 3, 4, 5, 7, 0."""
    kinds = {finding.kind for finding in findings}
    if "broken" in kinds:
        return "failed", 3
    if "unknown" in kinds:
        return "could not verify", 4
    verdict = VERIFIED if whole else PARTLY
    if fail_on_audit and "audit" in kinds:
        return verdict, AUDIT_EXIT
    return verdict, 0 if whole else PARTLY_EXIT


def spoken(verdict: str, witnessed: bool) -> str:
    """The verdict as people read it: *verified, unwitnessed* if no witness has cosigned."""
    return f"{VERIFIED}, unwitnessed" if verdict == VERIFIED and not witnessed else verdict


class Findings:
    """The findings, each once, in bounded memory. If there are too many, the first few of every rule are kept, so that many of one
    rule never hide those of another, and then the gravest: overdue stages are dropped first, findings of authenticity last, and of
    the others the latest first."""

    def __init__(self) -> None:
        self._kept: set[Finding] = set()
        self._left_out = Counter[str]()

    @property
    def left_out(self) -> dict[str, int]:
        """How many findings of each rule are not kept, by rule."""
        return dict(sorted(self._left_out.items()))

    def leave_out(self, counts: Mapping[str, int]) -> None:
        """Count findings that others left out."""
        self._left_out.update(counts)

    def add(self, findings: Iterable[Finding]) -> None:
        """Add findings."""
        self._kept.update(findings)
        if len(self._kept) > 4 * KEPT_FINDINGS:
            self._thin()

    def _thin(self) -> None:
        if len(self._kept) <= KEPT_FINDINGS:
            return
        of_rule = Counter[str]()
        ranked = []
        for finding in sorted(self._kept, key=_gravity):
            ranked.append((of_rule[finding.rule] >= OF_EACH_RULE, *_gravity(finding)))
            of_rule[finding.rule] += 1
        ranked.sort()
        self._left_out.update(finding.rule for *_, finding in ranked[KEPT_FINDINGS:])
        self._kept = {finding for *_, finding in ranked[:KEPT_FINDINGS]}

    def save(self) -> list[object]:
        """The findings as JSON, for `resume`."""
        kept = self.all()  # only then is it known how many are left out
        return [self.left_out, [list(finding) for finding in kept]]

    def resume(self, saved: list[Any]) -> None:
        """Continue from what `save` returned."""
        self._left_out = Counter(saved[0])
        self.add(Finding(*finding) for finding in saved[1])

    def all(self) -> tuple[Finding, ...]:
        """At most 1,000, in the order of the log; `left_out` then counts the rest."""
        self._thin()
        return tuple(sorted(self._kept))


def _gravity(finding: Finding) -> tuple[int, bool, bool, Finding]:
    area = RULES[finding.rule].area
    return SEVERITY.index(finding.kind), area != "authenticity", area == "traceability", finding
