"""Sources that are opened again by worker processes: under the same checkpoint, and with nothing carried over."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger.audit.target import is_url, open_source
from ledger.directory.source import DirectorySource
from ledger.disk.regular import DISK
from ledger.errors import FormatError, NotFound, StorageError, Unverifiable
from ledger.log_files import source as sources
from ledger.log_files.source import FolderSource, Source
from ledger.store.sqlite import SqliteStore
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
    with pytest.raises(StorageError) as refused:
        DirectorySource(copy)
    assert refused.value.rule == "database" and not (OPEN_FILES.is_dir() and open_databases(copy))


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


def test_a_directory_is_closed_once_and_opened_again_when_it_is_read(small: Small):
    source = DirectorySource(small.directory)
    assert source._opened is not None
    for _ in range(2):
        source.close()
        assert source._opened is None
    assert len(list(source.entries(0, 6))) == 6 and source._opened is not None
    source.close()


@pytest.mark.parametrize(("start", "end", "lacking"), [(0, 7, 6), (6, 7, 6), (9, 12, 9), (5, 9, 6)])
def test_an_entry_beyond_the_last_is_missing(small: Small, start: int, end: int, lacking: int):
    """After those that are there."""
    with closing(DirectorySource(small.directory)) as source:
        given = []
        words = f"^entry {lacking} of {small.directory}: is missing; get a complete copy"
        with pytest.raises(Unverifiable, match=words) as missing:
            for raw in source.entries(start, end):
                given.append(raw)
        assert given == small.entries[start:end] and missing.value.rule == "missing"
        assert list(source.entries(2, 6)) == small.entries[2:] and list(source.entries(3, 3)) == []


def damaged(small: Small, place: Path, *commands: str) -> DirectorySource:
    """A copy of the directory in whose database this was done."""
    copy = Path(shutil.copytree(small.directory, place / "copy"))
    with closing(sqlite3.connect(copy / "ledger.sqlite")) as database:
        for command in commands:
            database.execute(command)
        database.commit()
    return DirectorySource(copy)


def test_an_entry_that_is_gone_is_named(small: Small, tmp_path: Path):
    with closing(damaged(small, tmp_path, "DELETE FROM entries WHERE entry = 2")) as source:
        with pytest.raises(Unverifiable, match="^entry 2 of "):
            list(source.entries(0, 6))
        assert list(source.entries(3, 6)) == small.entries[3:]


def test_the_size_is_also_what_the_tables_count(small: Small, tmp_path: Path):
    with closing(damaged(small, tmp_path, "DELETE FROM entries WHERE entry > 3")) as source:
        assert (source._store.tree_size, source.durable_size()) == (4, 6)


def test_a_tile_that_is_not_what_was_written_is_no_verdict(small: Small, tmp_path: Path):
    with closing(damaged(small, tmp_path, "UPDATE tiles SET hashes = zeroblob(192)")) as source:
        with pytest.raises(Unverifiable, match="table tiles: ") as refused:
            source.tile(0, 0, 6)
        assert refused.value.rule == "derived"
        assert [rule for rule, _ in source.faults_beside(6, None)] == ["derived"]


@pytest.mark.parametrize("width", [0, 1, 5, 6])
def test_a_tile_is_given_as_far_as_it_was_asked_for(small: Small, width: int):
    with closing(DirectorySource(small.directory)) as source:
        assert source.tile(0, 0, width) == (small.folder / "tile/0/000.p/6").read_bytes()[: 32 * width]


@pytest.mark.parametrize(("level", "index", "width"), [(0, 0, 7), (0, 1, 1), (1, 0, 1)])
def test_a_tile_that_the_database_lacks_is_said(small: Small, level: int, index: int, width: int):
    with closing(DirectorySource(small.directory)) as source, pytest.raises(Unverifiable, match="does not have ") as lacking:
        source.tile(level, index, width)
    assert lacking.value.rule == "derived"


def failing(rule: str, where: str = "") -> Callable[..., Any]:
    def fail(*values: Any) -> None:
        raise StorageError("x", rule=rule, where=where)

    return fail


def test_what_a_database_refuses_for_another_reason_is_raised_as_it_is(small: Small, monkeypatch: pytest.MonkeyPatch):
    with closing(DirectorySource(small.directory)) as source:
        for name, ask in (("entries", lambda: list(source.entries(0, 6))), ("tile", lambda: source.tile(0, 0, 6)),
                          ("check_pages", lambda: source.faults_beside(6, None))):  # fmt: skip
            with monkeypatch.context() as patch, pytest.raises(StorageError) as refused:
                patch.setattr(SqliteStore, name, failing("storage", "entries"))
                ask()
            assert refused.value.rule == "storage"


def test_a_database_whose_pages_are_damaged_is_a_fault_beside_the_entries(small: Small, monkeypatch: pytest.MonkeyPatch):
    """Then its tables are not looked at."""
    with closing(DirectorySource(small.directory)) as source:
        monkeypatch.setattr(SqliteStore, "check_pages", failing("database"))
        assert source.faults_beside(6, []) == [("database", "x")]


def test_rows_are_compared_where_they_are_those_of_all_entries(small: Small):
    with closing(DirectorySource(small.directory)) as source:
        assert source.faults_beside(6, None) == source.faults_beside(5, []) == []
        assert {rule for rule, _ in source.faults_beside(6, [])} == {"derived"}


@pytest.mark.parametrize(("target", "is_one"), [("http://x", True), ("a+b.c-1://", True), ("1a://x", False), ("http:/x", False)])
def test_an_address_begins_with_a_scheme(target: str, is_one: bool):
    assert is_url(target) is is_one and is_url(Path(target)) is False


def test_a_target_is_what_it_holds(small: Small, tmp_path: Path):
    (tmp_path / "tiles" / "tile").mkdir(parents=True)
    (tmp_path / "link").mkdir()
    (tmp_path / "link" / "checkpoint").symlink_to("nowhere")
    assert type(open_source(small.folder)) is type(open_source(tmp_path / "tiles")) is type(open_source(tmp_path / "link"))
    with closing(open_source(small.directory)) as source:
        assert type(source) is DirectorySource and source.name == str(small.directory)
    folder = open_source(small.folder)
    assert type(folder) is FolderSource and folder.name == str(small.folder)
    with pytest.raises(NotFound) as refused:
        open_source(tmp_path)
    assert refused.value.rule == "target"


@pytest.mark.parametrize(("limit", "read"), [(99, False), (100, True), (101, True)])
def test_a_file_has_a_bound(tmp_path: Path, limit: int, read: bool):
    (tmp_path / "file").write_bytes(bytes(100))
    if read:
        assert FolderSource(tmp_path).read("file", limit) == bytes(100)
        return
    with pytest.raises(FormatError, match="is larger than 99 bytes") as refused:
        FolderSource(tmp_path).read("file", limit)
    assert refused.value.rule == "size-limit"


def test_a_file_that_is_not_there_and_one_that_is_none_are_missing(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    gone = "in .*: is missing; get a complete copy"
    words = {"gone": f"gone {gone}", "file/below": f"below {gone}", "folder": "is a folder.*get a complete copy"}
    for name, said in words.items():
        with pytest.raises(Unverifiable, match=said) as refused:
            FolderSource(tmp_path).read(name, 9)
        assert refused.value.rule == "missing"


def test_a_disk_that_fails_is_named_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(path: Path, limit: int) -> bytes:
        raise OSError(min(DISK), "Input/output error", str(path))

    monkeypatch.setattr(sources, "read_regular", fail)
    for read in (lambda source: source.read("file", 9), FolderSource.checkpoint):
        with pytest.raises(Unverifiable, match="check the disk, and run the same command again") as refused:
            read(FolderSource(tmp_path))
        assert refused.value.rule == "missing"
