"""Logs whose entries say nothing, signed by the key of the log: a mirror knows no money."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from ledger.log.checkpoint import open_checkpoint
from ledger.log.merkle import leaf_hash, root_of
from ledger.log_files.mirror import Mirror, Mirrored
from ledger.log_files.source import FolderSource
from tests.audit.conftest import small, state  # noqa: F401
from tests.log_files.tileserver import put_log
from tests.writer.on_disk import TRUST

VKEY = TRUST.logs[0].vkey


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its path in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def check_whole(folder: Path) -> int:
    """The folder stands at a signed checkpoint, and every entry and tile under it is there and right. Its size."""
    source = FolderSource(folder)
    head = open_checkpoint(source.checkpoint(), VKEY)
    leaves = [leaf_hash(raw) for raw in source.entries(0, head.tree_size)]
    assert (len(leaves), root_of(leaves)) == (head.tree_size, head.root)
    return head.tree_size


@pytest.fixture
def mirrored(tmp_path: Path) -> Callable[..., Mirrored]:
    """Bring the mirror at M up to the log that lies in a folder."""

    def update(folder: Path, target: Path = tmp_path / "M") -> Mirrored:
        mirror = Mirror(target, TRUST)
        try:
            return mirror.update(FolderSource(folder))
        finally:
            mirror.close()

    return update


@pytest.fixture
def at(tmp_path: Path) -> Callable[[int], Path]:
    """The export of the log at a size, made once."""
    return cache(lambda size: put_log(size, tmp_path / f"log-{size}"))
