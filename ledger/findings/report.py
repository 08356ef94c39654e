"""What a verification says at its end: verified, failed, could not verify; where it was asked for less, *partly verified*."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from ..canonical import JsonObject
from .finding import RULES, Finding

KEPT_FINDINGS = 1000
SEVERITY = ("broken", "unknown", "audit")
VERIFIED, PARTLY = "verified", "partly verified"
AUDIT_EXIT, PARTLY_EXIT = 5, 7
NOT_CHECKED = (
    "Not checked: evidence files, because the ledger holds only their digests",
    "Not checked: the world, because no ledger can prove that goods arrived or that a figure is true",
)


class Note(NamedTuple):
    """A signed checkpoint that stands behind a finding, and where it was seen: whoever holds two can show them to anybody."""

    name: str
    note: str


class Report(NamedTuple):
    """What was checked, what was not, every finding (at most 1,000, the gravest; `left_out` counts the rest), and the verdict.

    `as_of` is the day as of which overdue items were judged, "" where it was not; `areas` are those of `ledger.findings.scope` of
    which something was checked; `witnessed` says that the witnesses whom the policy asks for have cosigned; `evidence` holds the
    signed notes that contradict each other; `unpublished` counts the entries of a ledger's directory beyond its checkpoint, and
    `last_entry` is the reference of the last entry that is there, one of these or not, "" where there is none."""

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
    not_checked: tuple[str, ...]
    findings: tuple[Finding, ...]
    left_out: int
    evidence: tuple[Note, ...]
    unpublished: int = 0
    last_entry: str = ""

    def as_json(self) -> JsonObject:
        """The report as `verify --format json` prints it (docs/reference/schema/report.json)."""
        return {
            **self._asdict(),
            "areas": list(self.areas),
            "not_checked": list(self.not_checked),
            "findings": [finding.as_json() for finding in self.findings],
            "evidence": [note._asdict() for note in self.evidence],
        }


def verdict_of(findings: Iterable[Finding], whole: bool = True, fail_on_audit: bool = False) -> tuple[str, int]:
    """(verdict, exit code); `whole` says that everything was checked, `fail_on_audit` that findings for people count too. Where
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
    """The verdict as people hear it: *verified, unwitnessed* where no witness stands behind it."""
    return f"{VERIFIED}, unwitnessed" if verdict == VERIFIED and not witnessed else verdict


class Findings:
    """What was found, each once, in bounded memory: of too many the gravest are kept, what is overdue last, then the earliest."""

    def __init__(self) -> None:
        self._kept: set[Finding] = set()
        self.left_out = 0

    def add(self, findings: Iterable[Finding]) -> None:
        """Keep these too."""
        self._kept.update(findings)
        if len(self._kept) > 4 * KEPT_FINDINGS:
            self._thin()

    def _thin(self) -> None:
        kept = sorted(self._kept, key=_gravity)
        self.left_out += max(0, len(kept) - KEPT_FINDINGS)
        self._kept = set(kept[:KEPT_FINDINGS])

    def save(self) -> list[object]:
        """As JSON; `resume` takes it."""
        kept = self.all()  # and only then is it known how many are left out
        return [self.left_out, [list(finding) for finding in kept]]

    def resume(self, saved: list[Any]) -> None:
        """Go on where `save` was called."""
        self.left_out = saved[0]
        self.add(Finding(*finding) for finding in saved[1])

    def all(self) -> tuple[Finding, ...]:
        """At most 1,000, in the order of the log; `left_out` then counts the rest."""
        self._thin()
        return tuple(sorted(self._kept))


def _gravity(finding: Finding) -> tuple[int, bool, Finding]:
    return SEVERITY.index(finding.kind), RULES[finding.rule].area == "traceability", finding
