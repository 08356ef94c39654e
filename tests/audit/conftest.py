"""A small ledger, and its export."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.audit.mirror import Small, make_small


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    """Six entries: who is who, a project, a gift, an allocation, a payment."""
    folder = tmp_path_factory.mktemp("small")
    before = os.environ.get("GIVETRAIL_STATE")
    os.environ["GIVETRAIL_STATE"] = str(folder / "state")
    yield make_small(folder)
    if before is None:
        del os.environ["GIVETRAIL_STATE"]
    else:
        os.environ["GIVETRAIL_STATE"] = before


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
