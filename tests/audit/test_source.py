"""Sources that are opened again by worker processes: under the same checkpoint, and with nothing carried over."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger.audit.source import DirectorySource, FolderSource, Source, open_source
from ledger.errors import StorageError, Unverifiable
from tests.audit.mirror import Small

FORKED = multiprocessing.get_context("fork")
OPEN_FILES = Path("/proc/self/fd")


def in_a_fork(work: Callable[[], Any]) -> Any:
    """What a forked process makes of it."""
    here, there = FORKED.Pipe()

    def run() -> None:
        there.send(work())

    process = FORKED.Process(target=run)
    process.start()
    there.close()
    try:
        return here.recv()
    finally:
        process.join()


def contents(source: Source) -> tuple[str, bytes, list[bytes], bytes]:
    return source.name, source.checkpoint(), list(source.entries(0, 6)), source.tile(0, 0, 6)


@pytest.fixture(params=["directory", "folder"])
def source(request: pytest.FixtureRequest, small: Small):
    with closing(open_source(getattr(small, request.param))) as source:
        yield source


def test_what_opens_a_source_again_is_a_value(source: Source):
    opener = source.opener()
    again = pickle.loads(pickle.dumps(opener))
    assert again == opener == source.opener() and hash(again) == hash(opener)
    with closing(again()) as other:
        assert contents(other) == contents(source)


def test_a_forked_worker_reads_the_same(source: Source):
    before = contents(source)
    opener = source.opener()
    assert in_a_fork(lambda: contents(opener())) == before
    assert contents(source) == before


def test_a_path_may_be_a_text(small: Small):
    with closing(open_source(str(small.directory))) as directory, closing(open_source(str(small.folder))) as folder:
        assert contents(directory)[1:] == contents(folder)[1:]


def test_a_worker_keeps_to_the_checkpoint_that_was_there(small: Small, tmp_path: Path):
    opener = FolderSource(small.folder).opener()
    folder = FolderSource(tmp_path, opener().checkpoint())
    (tmp_path / "checkpoint").write_bytes(b"another")
    assert folder.checkpoint() == opener().checkpoint() == (small.folder / "checkpoint").read_bytes()


def test_without_a_checkpoint_nothing_is_opened_again(tmp_path: Path):
    (tmp_path / "tile").mkdir()
    with pytest.raises(Unverifiable) as missing:
        open_source(tmp_path).opener()
    assert missing.value.rule == "missing"


def test_a_database_that_was_cut_short_is_refused_before_it_is_read(small: Small, tmp_path: Path):
    """SQLite would read the rest as zeros. What else is wrong with it, the hashes tell."""
    copy = Path(shutil.copytree(small.directory, tmp_path / "copy"))
    database = copy / "ledger.sqlite"
    os.truncate(database, database.stat().st_size - 4096)
    with pytest.raises(StorageError):
        DirectorySource(copy)


def open_databases(directory: Path) -> list[str]:
    """The files of a directory's database that this process has open."""
    names = [os.readlink(path) for path in OPEN_FILES.iterdir() if path.exists()]
    return sorted(name for name in names if name.startswith(f"{directory.resolve()}/ledger.sqlite"))


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="the system does not list a process's open files")
def test_no_open_database_is_carried_into_a_fork(small: Small):
    """SQLite's locks belong to a process: a connection in two of them can damage the file."""
    with closing(DirectorySource(small.directory)) as source:
        entries = source.entries(0, 6)
        first = next(entries)
        assert open_databases(small.directory)
        assert in_a_fork(lambda: open_databases(small.directory)) == []
        assert [first, *entries] == list(source.entries(0, 6))
        assert open_databases(small.directory)
    assert not open_databases(small.directory)
