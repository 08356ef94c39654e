"""A ledger in a directory, and beside it the place where its last checkpoint is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.writer.on_disk import OnDisk, a_town


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where last checkpoints are kept."""
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[OnDisk]:
    ledger = a_town(tmp_path / "ledger")
    yield ledger
    ledger.close()
