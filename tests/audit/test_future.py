"""A log that ends in the future, by the clock of whoever verifies it."""

from __future__ import annotations

import pytest

from ledger.audit.verify import verify
from ledger.log_files.source import FolderSource
from tests.audit.mirror import Small
from tests.writer.on_disk import TRUST

LAST_DAY, DAY_BEFORE = "2026-09-07", "2026-09-06"


@pytest.mark.parametrize(("as_of", "now", "found"), [
    ("", "", False), ("", "2026-09-06T15:59:59Z", True), ("", "2026-09-06T16:00:00Z", False), ("", "2030-01-01T00:00:00Z", False),
    (LAST_DAY, "2026-01-01T00:00:00Z", False), (DAY_BEFORE, "2030-01-01T00:00:00Z", False),
    (DAY_BEFORE, "2026-01-01T00:00:00Z", True), (DAY_BEFORE, "", False),
])  # fmt: skip
def test_the_last_entry_is_not_after_the_day_of_the_verification(small: Small, as_of: str, now: str, found: bool):
    """Days are those of the ledger, eight hours before UTC; the later of the clock and the day asked for counts."""
    report = verify(FolderSource(small.folder), TRUST, as_of=as_of, now=now)
    future = [finding for finding in report.findings if finding.rule == "future"]
    assert bool(future) == found and report.exit_code == 0
    assert all(finding.message.endswith(f"after {DAY_BEFORE}, the day of this verification") for finding in future)
