"""Small ranges, so that the logs of this corpus, of some eighty entries, are shared out among several processes."""

from __future__ import annotations

import pytest

from ledger.examination import parallel


@pytest.fixture(autouse=True)
def ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "RANGE", 16)
