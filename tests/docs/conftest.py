"""What runs the commands of docs/how-to/verify-by-hand.md, and a small ledger to run them on."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.audit.mirror import Small, make_small
from tests.docs.by_hand import TOOLS, Done, Run, missing_tools, run_blocks
from tests.writer.on_disk import TRUST


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the tools that the page names: the only ones that its blocks can find."""
    if reason := missing_tools():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{reason}; install it: this machine tests for others", pytrace=False)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("tools")
    for tool in TOOLS:
        (folder / tool).symlink_to(str(shutil.which(tool)))
    return folder


@pytest.fixture
def by_hand(tools: Path, tmp_path: Path) -> Run:
    """Runs the page's blocks over a bundle and a policy."""

    def run(bundle: bytes, policy: bytes = TRUST.format(), shell: str = "sh", between: str = "") -> Done:
        (tmp_path / "gift.json").write_bytes(bundle)
        (tmp_path / "trust.policy").write_bytes(policy)
        return run_blocks(tmp_path, tools, shell, between)

    return run


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """Six entries: who is who, a project, a gift, an allocation, a payment."""
    folder = tmp_path_factory.mktemp("small")
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("GIVETRAIL_STATE", str(folder / "state"))
        return make_small(folder)
