"""What the last audit said: a report of `givetrail verify --format json` that the operator names, read again when it was replaced.

Nobody signed it, and nothing here repeats the audit. That it is of this log is compared: its origin, and its root over as many
entries as it speaks of. One that is not is refused when the server starts, and told as such when it came later.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Lock
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ledger.disk.regular import read_regular
from ledger.errors import UsageError, shortened, shown
from ledger.log.merkle import subtree_root
from ledger.log.tile import node_reader
from ledger.store.opening import open_store
from ledger.view import Snapshot

from .settings import REPORT, Settings
from .signed_head import Published

REPORT_BYTES = 16 * 2**20
"""A report lists at most a thousand findings; one that is larger than this is none."""
Count = Annotated[int, Field(ge=0)]
Tile = Callable[[int, int], bytes]


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Found(_Said):
    """A finding of a report."""

    id: str
    kind: Literal["broken", "unknown", "audit"] = Field(alias="class")
    entry: int
    record: int
    message: str


class Report(_Said):
    """A report as docs/reference/report.schema.json has it. `left_out` are findings beyond the thousand that are listed."""

    target: str
    as_of: str
    origin: str
    tree_size: Count
    root: str = ""
    verdict: Literal["verified", "partly verified", "failed", "could not verify"]
    witnessed: bool
    exit_code: int
    areas: list[str] = []
    checked: dict[str, Count]
    records: dict[str, Count] = {}
    units: dict[str, dict[str, Count]] = {}
    gift: Any = None
    not_checked: list[str]
    findings: list[Found]
    left_out: Count = 0
    evidence: list[dict[str, str]] = []
    unpublished: Count = 0
    last_entry: str = ""


class Audited:
    """The report at a path, "" for none. `of` is for the threads of the readers."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._read: tuple[str, Report] | None = None
        self._true: set[str] = set()
        self._lock = Lock()

    def mark(self) -> str:
        """What tells one state of the file from another; "" where none is named."""
        if not self._path:
            return ""
        try:
            now = os.stat(self._path)
        except OSError:
            return "missing"
        return f"{now.st_ino}-{now.st_mtime_ns}-{now.st_size}"

    def of(self, snapshot: Snapshot) -> Report | None:
        """The report, if it is of this log; None where none is named. Raises UsageError (`report`), without the file's path."""
        if not self._path:
            return None
        with self._lock:
            return self._checked(snapshot)

    def _checked(self, snapshot: Snapshot) -> Report:
        mark = self.mark()
        if self._read is None or self._read[0] != mark:
            self._read = mark, report_in(self._path)
            self._true.clear()
        report = self._read[1]
        if report.root not in self._true or report.tree_size > snapshot.tree_size:
            with snapshot.reading():
                check_report(report, snapshot.books.ledger[""].origin, snapshot.tree_size, snapshot.reader.store.tile)
            self._true.add(report.root)
        return report


def require_report(directory: Path, settings: Settings) -> None:
    """Check before a server starts that the report is of the ledger in a directory. Raises UsageError (`report`), StorageError."""
    if not settings.report:
        return
    head = Published(directory).head()
    with closing(open_store(directory, write=False)) as store:
        try:
            check_report(report_in(settings.report), head.origin, head.tree_size, store.tile)
        except UsageError as error:
            raise _no_report(f"report {shortened(settings.report)}: {error.message}") from None


def report_in(path: str) -> Report:
    """The report of a log in a file. Raises UsageError (`report`)."""
    try:
        raw = read_regular(path, REPORT_BYTES)
        report = Report.model_validate_json(raw) if len(raw) <= REPORT_BYTES else None
    except OSError as error:
        raise _no_report(f"cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise _no_report(f"is none: {where}: {first['msg']}; make one with `givetrail verify --format json`") from None
    if report is None:
        raise _no_report(f"is larger than {REPORT_BYTES} bytes; make one with `givetrail verify --format json`")
    if report.gift is not None:
        raise _no_report("is of a trace bundle; name one of the log")
    return report


def check_report(report: Report, origin: str, tree_size: int, tile: Tile) -> None:
    """Compare a report with the log of an origin, of which so many entries are signed. Raises UsageError (`report`)."""
    if report.origin != origin:
        raise _no_report(f"is of the log {shown(report.origin)}, and this one is {shown(origin)}; name one of this log")
    if not 1 <= report.tree_size <= tree_size:
        raise _no_report(f"is of {report.tree_size} entries, and {tree_size} are signed here; name one of this log")
    root = subtree_root(0, report.tree_size, node_reader(tile)).hex()
    if report.root != root:
        raise _no_report(
            f"says that the root of {report.tree_size} entries is {shown(report.root)}, and here it is {shown(root)}: it is of "
            "another log of this name, or this log was changed; find out which"
        )


def _no_report(message: str) -> UsageError:
    return UsageError(message, rule="report", where=REPORT)
