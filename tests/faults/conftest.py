"""The warmed program under the shim, one for all tests of a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.disk import Program, built_shim


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Runs command lines, and lets files fail."""
    started = Program(built_shim(tmp_path_factory.mktemp("shim")))
    yield started
    started.close()
