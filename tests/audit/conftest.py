"""A small ledger, and its export."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.audit.mirror import Small, make_small


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """Six entries: who is who, a project, a gift, an allocation, a payment."""
    folder = tmp_path_factory.mktemp("small")
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("GIVETRAIL_STATE", str(folder / "state"))
        return make_small(folder)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
