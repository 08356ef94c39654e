from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from ledger.directory.publication import POLICY
from ledger.log.note import VerifierKey
from ledger.log.policy import Policy
from tests.language import ORIGIN, key
from tests.witnessing.witness import Watching, watching
from tests.writer.on_disk import OnDisk, a_town

LOG = VerifierKey(ORIGIN, key("the.log").public)


@pytest.fixture(autouse=True)
def quick_and_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """No pause between rounds, and a place of its own outside the directory."""
    monkeypatch.setattr("ledger.witnessing.round.APART_S", 0.0)
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))


@pytest.fixture
def three() -> Iterator[list[Watching]]:
    """Three witnesses."""
    with ExitStack() as stack:
        yield [stack.enter_context(watching(name, LOG)) for name in ("north", "south", "west")]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[OnDisk]:
    town = a_town(tmp_path / "ledger")
    yield town
    town.close()


def trust(town: OnDisk, witnesses: list[Watching], threshold: int) -> Policy:
    """Give the ledger a policy that names the witnesses."""
    policy = Policy.for_log(LOG, [one.witness for one in witnesses], threshold)
    (town.directory / POLICY).write_bytes(policy.format())
    return policy
