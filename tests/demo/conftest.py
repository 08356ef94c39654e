"""Demonstration ledgers, each made once for all tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ledger.demo.story import DemoResult, make_demo

Make = Callable[[int], DemoResult]


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Make]:
    """The demonstration of so many gifts, made on first use; checkpoints are kept in a folder of their own."""
    made: dict[int, DemoResult] = {}

    def demo(gifts: int) -> DemoResult:
        if gifts not in made:
            made[gifts] = make_demo(tmp_path_factory.mktemp("demo") / str(gifts), gifts)
        return made[gifts]

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIVETRAIL_STATE", str(tmp_path_factory.mktemp("state")))
        yield demo


@pytest.fixture
def new(make: Make, tmp_path: Path) -> Path:
    """A directory for a ledger that a test makes itself."""
    return tmp_path / "ledger"
