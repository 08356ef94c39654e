"""The last audit: a report of `givetrail verify --format json` that the operator names. It is read again when it is replaced.

The report is not signed, and the server does not repeat the audit. It does check that the report is about this log: its origin, and
its root over the number of entries that the report is about. If it is not, the server refuses to start; a report that is replaced
later is refused in the answers.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Lock
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ledger.complaint import complaint
from ledger.disk.regular import read_regular
from ledger.errors import UsageError, shortened, shown
from ledger.log.merkle import subtree_root
from ledger.log.tile import node_reader
from ledger.store.opening import open_store

from .settings import REPORT, Settings
from .signed_head import SignedHead

REPORT_BYTES = 16 * 2**20
"""A report lists at most a thousand findings, so a larger file is not one."""
Count = Annotated[int, Field(ge=0)]
Tile = Callable[[int, int], bytes]


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Found(_Said):
    """A finding in a report."""

    id: str
    kind: Literal["broken", "unknown", "audit"] = Field(alias="class")
    entry: int
    record: int
    message: str
    cases: int = Field(1, ge=1)
    amount: Count = 0
    unit: str = ""


class JudgedBy(_Said):
    """A requirement or rate by which the audit judged somebody, who said it, and whether the judged party did."""

    place: str
    name: str
    by: str
    ref: str
    own: bool


class CosignedBy(_Said):
    """A witness that cosigned the checkpoint, the name of its key, when, and whether that was ahead of the auditor's clock."""

    witness: str
    key_name: str
    time: str
    ahead: bool


class Stamp(_Said):
    """A timestamp over the first `size` entries, and whether the audit verified it."""

    size: Count
    time: str
    authority: str
    entry: Count | None
    verified: bool
    why: str = ""


class Challenged(_Said):
    """What became of a challenge that the audit judged (docs/reference/report.schema.json)."""

    name: str
    outcome: str
    why: str
    record: str
    agrees: bool
    void: bool


class Bounds(_Said):
    """Between which verified timestamps a range of entries was made; "" where there is none."""

    first: Count
    last: Count
    after: str
    before: str


class Report(_Said):
    """A report as in docs/reference/report.schema.json. `left_out` counts the findings beyond the thousand that are listed."""

    target: str
    as_of: str
    origin: str
    tree_size: Count
    root: str = ""
    verdict: Literal["verified", "partly verified", "failed", "could not verify"]
    witnessed: bool
    cosigned_by: list[CosignedBy]
    passed_over: list[str]
    exit_code: int
    areas: list[str] = []
    checked: dict[str, Count]
    records: dict[str, Count] = {}
    units: dict[str, dict[str, Count]] = {}
    judged_by: list[JudgedBy] = []
    unreferenced: Count = 0
    gift: object = None
    not_checked: list[str]
    findings: list[Found]
    left_out: dict[str, Count] = {}
    evidence: list[dict[str, str]] = []
    unpublished: Count = 0
    last_entry: str = ""
    stamps: list[Stamp] = []
    bounds: list[Bounds] = []
    challenges: list[Challenged] = []


class LastAudit:
    """The report at a path; "" for none. Call `of` from the reader threads."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._read: tuple[str, Report] | None = None
        self._true: set[str] = set()
        self._lock = Lock()

    def mark(self) -> str:
        """Identifies the current version of the file; "" if no report is named."""
        if not self._path:
            return ""
        try:
            now = os.stat(self._path)
        except OSError:
            return "missing"
        return f"{now.st_ino}-{now.st_mtime_ns}-{now.st_size}"

    def of(self, origin: str, tree_size: int, tile: Tile) -> Report | None:
        """The report, if it is about this log, which has `tree_size` signed entries; None if no report is named. Raises UsageError
        (`report`), without the file's path."""
        if not self._path:
            return None
        with self._lock:
            return self._checked(origin, tree_size, tile)

    def _checked(self, origin: str, tree_size: int, tile: Tile) -> Report:
        mark = self.mark()
        if self._read is None or self._read[0] != mark:
            self._read = mark, report_in(self._path)
            self._true.clear()
        report = self._read[1]
        if report.root not in self._true or report.tree_size > tree_size:
            check_report(report, origin, tree_size, tile)
            self._true.add(report.root)
        return report


def require_report(directory: Path, settings: Settings) -> None:
    """Check, before a server starts, that the report is about the ledger in a directory. Raises UsageError (`report`),
    StorageError."""
    if not settings.report:
        return
    head = SignedHead(directory).head()
    with closing(open_store(directory, write=False)) as store:
        try:
            check_report(report_in(settings.report), head.origin, head.tree_size, store.tile)
        except UsageError as error:
            raise _no_report(f"report {shortened(settings.report)}: {error.message}") from None


def report_in(path: str) -> Report:
    """The audit report in a file. Raises UsageError (`report`)."""
    try:
        raw = read_regular(path, REPORT_BYTES)
        report = Report.model_validate_json(raw) if len(raw) <= REPORT_BYTES else None
    except OSError as error:
        raise _no_report(f"cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise _no_report(
            f"is not an audit report: {where} {complaint(first)}; make one with `givetrail verify --format json`",
        ) from None
    if report is None:
        raise _no_report(f"is larger than {REPORT_BYTES} bytes; make one with `givetrail verify --format json`")
    if report.gift is not None:
        raise _no_report("is about a trace bundle; give one about the log")
    return report


def check_report(report: Report, origin: str, tree_size: int, tile: Tile) -> None:
    """Check a report against the log of an origin with `tree_size` signed entries. Raises UsageError (`report`)."""
    if report.origin != origin:
        raise _no_report(f"is about the log {shown(report.origin)}, but this one is {shown(origin)}; give one of this log")
    if not 1 <= report.tree_size <= tree_size:
        raise _no_report(f"is of {report.tree_size} entries, but only {tree_size} are signed here; give one of this log")
    root = subtree_root(0, report.tree_size, node_reader(tile)).hex()
    if report.root != root:
        raise _no_report(
            f"says that the root of {report.tree_size} entries is {shown(report.root)}, but here it is {shown(root)}, so it "
            "is about another log with this name, or this log was changed; find out which"
        )


def _no_report(message: str) -> UsageError:
    return UsageError(message, rule="report", where=REPORT)
