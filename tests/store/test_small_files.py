"""What the store keeps beside the database, and how files come to be where they are: locks, headers, folders, durable files."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from ledger.disk import atomic_directory as besides
from ledger.disk import durable, lock
from ledger.disk.atomic_directory import check_free, made_beside
from ledger.disk.durable import let_go, refusing, take_away, take_away_all, unwritable, write_durably, write_once
from ledger.disk.lock import FileLock, WriterLock
from ledger.errors import Conflict, StorageError, UsageError
from ledger.store import sqlite_header as header
from ledger.store.sqlite import FILE_NAME
from ledger.store.sqlite_header import HEADER_BYTES, MOST, Header, mend_header


@pytest.fixture(autouse=True)
def no_mask() -> Iterator[None]:
    """Modes are as they were asked for."""
    before = os.umask(0)
    yield
    os.umask(before)


def open_files() -> int:
    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_lock_says_who_holds_it_and_is_held_until_it_is_closed(tmp_path: Path):
    (tmp_path / "lock").write_bytes(b"longer than any number of a process\n")
    held = WriterLock(tmp_path)
    assert (tmp_path / "lock").read_bytes() == b"%d\n" % os.getpid()
    for _ in range(2):
        before = open_files()
        with pytest.raises(Conflict, match=f"process {os.getpid()} writes to this ledger") as refused:
            WriterLock(tmp_path)
        assert (refused.value.rule, refused.value.where, open_files()) == ("locked", str(tmp_path), before)
    (tmp_path / "lock").write_bytes(b"")
    with pytest.raises(Conflict, match="another process writes"):
        WriterLock(tmp_path)
    held.close()
    held.close()
    os.fstat(0)
    WriterLock(tmp_path).close()


def test_a_lock_is_a_file_that_all_may_read(tmp_path: Path):
    FileLock(tmp_path / "lock", b"says", lambda holder: Conflict(holder, rule="locked")).close()
    assert (mode_of(tmp_path / "lock"), (tmp_path / "lock").read_bytes()) == (0o644, b"says")


def test_a_lock_that_cannot_be_made_closes_nothing_of_others(tmp_path: Path):
    with pytest.raises(StorageError) as refused:
        WriterLock(tmp_path / "nowhere")
    assert (refused.value.rule, refused.value.where) == ("storage", str(tmp_path / "nowhere" / "lock"))
    os.fstat(0)


def test_a_lock_that_cannot_be_written_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*asked: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = open_files()
    with monkeypatch.context() as full:
        full.setattr(lock.os, "pwrite", refuse)
        with pytest.raises(StorageError) as refused:
            WriterLock(tmp_path)
    assert (refused.value.rule, open_files()) == ("disk-full", before)
    WriterLock(tmp_path).close()


def test_a_file_is_synced_before_it_has_its_name_and_the_folder_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    synced: list[tuple[bool, bool]] = []
    path = tmp_path / "file"

    def sync(descriptor: int) -> None:
        synced.append((stat.S_ISDIR(os.fstat(descriptor).st_mode), path.exists()))

    monkeypatch.setattr(durable.os, "fsync", sync)
    before = open_files()
    for make in (write_durably, write_once):
        make(path, b"content")
        assert (synced, open_files()) == ([(False, False), (True, True)], before)
        path.unlink()
        synced.clear()
    durable.make_folder(tmp_path / "a" / "b")
    assert (synced, open_files()) == ([(True, False)] * 2, before)
    durable.make_folder(tmp_path / "a" / "b")
    assert synced == [(True, False)] * 2, "what is there already is not synced"


def test_where_a_sync_leaves_bytes_in_the_drive_the_drive_is_told_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """As on macOS."""
    told: list[int] = []
    monkeypatch.setattr(fcntl, "F_FULLFSYNC", 51, raising=False)
    monkeypatch.setattr(fcntl, "fcntl", lambda descriptor, what: told.append(what))
    write_durably(tmp_path / "file", b"content")
    assert told == [51]


def test_modes_are_those_that_were_asked_for(tmp_path: Path):
    write_durably(tmp_path / "public", b"")
    write_durably(tmp_path / "own", b"", mode=0o600)
    write_once(tmp_path / "in" / "once", b"")
    write_once(tmp_path / "in" / "open", b"", mode=0o644)
    durable.make_folder(tmp_path / "a" / "b", 0o700)
    names = ("public", "own", "in", "in/once", "in/open", "a", "a/b")
    assert [mode_of(tmp_path / name) for name in names] == [0o644, 0o600, 0o777, 0o600, 0o644, 0o777, 0o700]


def test_what_is_written_in_parts_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write = os.write
    monkeypatch.setattr(durable.os, "write", lambda descriptor, rest: write(descriptor, rest[:3]))
    write_durably(tmp_path / "file", b"0123456789")
    assert (tmp_path / "file").read_bytes() == b"0123456789"


def test_what_could_not_be_written_whole_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*asked: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(durable.os, "write", refuse)
    before = open_files()
    for make in (write_durably, write_once):
        with pytest.raises(StorageError) as refused:
            make(tmp_path / "file", b"content")
        assert (refused.value.rule, os.listdir(tmp_path), open_files()) == ("disk-full", [], before)


def test_a_place_that_is_taken_is_taken_by_a_file_of_that_name_only(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageError, match="File exists"):
        durable.make_folder(tmp_path / "file")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(StorageError, match="File exists"):
        durable.make_folder(tmp_path / "link")


@pytest.mark.parametrize(
    ("number", "rule", "words"),
    [
        (errno.ENOSPC, "disk-full", "disk full; free space"), (errno.EDQUOT, "disk-full", "disk full; free space"),
        (errno.EIO, "storage", f"{os.strerror(errno.EIO)}; correct that"),
    ],
)  # fmt: skip
def test_what_the_system_says_of_a_file_is_told(tmp_path: Path, number: int, rule: str, words: str):
    error = unwritable(tmp_path, OSError(number, os.strerror(number)))
    assert (error.message, error.rule, error.where) == (f"{tmp_path}: cannot be written: {words}", rule, str(tmp_path))
    with pytest.raises(StorageError) as refused, refusing(str(tmp_path)):
        raise OSError(number, os.strerror(number))
    assert (refused.value.message, refused.value.rule) == (error.message, rule)


def test_what_is_taken_away_is_taken_as_far_as_it_can_be(tmp_path: Path):
    for name in ("empty", "full"):
        (tmp_path / name).mkdir()
    for name in ("file", "full/file"):
        (tmp_path / name).touch()
    take_away([tmp_path / "nowhere", tmp_path / "full", tmp_path / "empty", tmp_path / "file"])
    assert os.listdir(tmp_path) == ["full"]
    take_away_all(tmp_path / "full")
    take_away_all(tmp_path / "full")
    assert os.listdir(tmp_path) == []
    let_go(10**6)


def headed(tmp_path: Path, changed: dict[int, int], tables: bool = True) -> Path:
    """A header of ours with bytes changed, of a file that has tables or has none yet."""
    raw = bytearray(5000)
    for at, byte in header._FIXED.items():
        raw[at] = byte if tables or at < header._FROM else 0
    for at, byte in changed.items():
        raw[at] = byte
    (tmp_path / "file").write_bytes(raw)
    return tmp_path / "file"


def test_the_first_byte_that_is_wrong_is_told_and_all_are_mended(tmp_path: Path):
    for changed in ({}, {0: 1}, {18: 1, 21: 0}, {16: 9, 68: 9, 91: 9}):
        path, sound = headed(tmp_path, changed), headed(tmp_path, {}).read_bytes()
        path = headed(tmp_path, changed)
        with closing(Header(path)) as head:
            if changed:
                at, byte = next(iter(changed.items()))
                words = rf"byte {at} is {byte}, but must be {sound[at]}\); run `givetrail rebuild`"
                with pytest.raises(StorageError, match=words) as refused:
                    head.check()
                assert (refused.value.rule, refused.value.where) == ("database", str(path))
            else:
                head.check()
        mend_header(path)
        assert path.read_bytes() == sound


def test_a_header_of_another_kind_of_file_is_left_alone(tmp_path: Path):
    """More bytes are wrong than ours can have, or the file is too short to have one."""
    assert MOST == 3
    for path in (headed(tmp_path, dict.fromkeys((0, 1, 2, 3), 0)), headed(tmp_path, dict.fromkeys(range(68, 72), 0))):
        before = path.read_bytes()
        with closing(Header(path)) as head:
            head.check()
        mend_header(path)
        assert path.read_bytes() == before
    for length in (0, 1, HEADER_BYTES - 1):
        path.write_bytes(bytes(length))
        with closing(Header(path)) as head:
            head.check()
        mend_header(path)
        assert path.read_bytes() == bytes(length)


def test_a_file_whose_tables_are_in_its_log_only_has_half_a_header(tmp_path: Path):
    path = headed(tmp_path, {}, tables=False)
    with closing(Header(path)) as head:
        head.check()
    for at, told in ((header._FROM - 1, True), (header._FROM, False), (header._TO - 1, False), (header._TO, True)):
        raw = headed(tmp_path, {18: 1, at: 7}, tables=False).read_bytes()[:HEADER_BYTES]
        assert header._wrong(raw, 0) == ({18: 2} if told else {}), "with half of the tables' part it is not known for one of ours"
    path = headed(tmp_path, {18: 1}, tables=False)
    mend_header(path)
    assert path.read_bytes() == headed(tmp_path, {}, tables=False).read_bytes()


def test_a_mended_header_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    synced: list[int] = []
    monkeypatch.setattr(header, "sync_file", synced.append)
    mend_header(headed(tmp_path, {}))
    assert synced == []
    mend_header(headed(tmp_path, {0: 1}))
    assert len(synced) == 1
    with pytest.raises(StorageError) as refused:
        mend_header(tmp_path / "nowhere")
    assert refused.value.where == str(tmp_path / "nowhere")


def test_a_file_stays_open_until_its_last_header_is_closed(tmp_path: Path):
    path, before = headed(tmp_path, {}), open_files()
    first, second, third = Header(path), Header(path), Header(path)
    assert [users for _, users in Header._open.values()] == [3] and open_files() == before + 1
    for left, head in ((2, first), (1, second)):
        head.close()
        head.close()
        assert [users for _, users in Header._open.values()] == [left] and open_files() == before + 1
    third.close()
    assert (Header._open, open_files()) == ({}, before)
    with pytest.raises(StorageError, match="cannot be opened"):
        Header(tmp_path / "nowhere")
    with pytest.raises(StorageError, match="Is a directory"):
        Header(tmp_path)
    assert (Header._open, open_files()) == ({}, before)


def place(tmp_path: Path, name: str = "place") -> list[str]:
    return sorted(os.listdir(tmp_path / name))


def test_a_folder_is_put_in_its_place_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    synced: list[str] = []
    monkeypatch.setattr(besides, "sync_file", lambda descriptor: synced.append(os.readlink(f"/proc/self/fd/{descriptor}")))
    monkeypatch.setattr(besides, "sync_folder", lambda path: synced.append(str(path)))
    before = open_files()
    with made_beside(tmp_path / "above" / "place") as new:
        assert new == tmp_path / "above" / f".place.{os.getpid()}.new" and mode_of(new) == 0o700
        (new / "folder").mkdir()
        for name in (FILE_NAME, "folder/file"):
            (new / name).write_text(name)
        assert place(tmp_path, "above") == [new.name]
    assert place(tmp_path, "above") == ["place"] and place(tmp_path, "above/place") == ["folder", FILE_NAME]
    assert synced[:2] == [str(new / FILE_NAME), str(new)] and synced[2:4] == [str(new / "folder/file"), str(new / "folder")]
    assert synced[4:] == [str(tmp_path / "above" / "place"), str(tmp_path / "above")] and open_files() == before


def test_into_an_empty_folder_the_database_comes_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "place").mkdir(0o750)
    inode, moved, rename = (tmp_path / "place").stat().st_ino, [], os.rename
    monkeypatch.setattr(besides.os, "rename", lambda source, target: (moved.append(source.name), rename(source, target)))
    with made_beside(tmp_path / "place", 0o705, last=FILE_NAME) as new:
        for name in ("aaa", FILE_NAME, "zzz"):
            (new / name).touch()
    assert (moved[-1], sorted(moved)) == (FILE_NAME, ["aaa", FILE_NAME, "zzz"])
    assert ((tmp_path / "place").stat().st_ino, mode_of(tmp_path / "place"), os.listdir(tmp_path)) == (inode, 0o700, ["place"])


def test_what_fails_within_leaves_nothing_above_or_beside(tmp_path: Path):
    with pytest.raises(KeyError), made_beside(tmp_path / "a" / "b" / "place") as new:
        (new / "file").touch()
        raise KeyError
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("there", [False, True])
def test_what_is_refused_at_the_end_is_not_there(tmp_path: Path, there: bool, monkeypatch: pytest.MonkeyPatch):
    """What was put in its place already may be gone after a power cut, so it is taken away."""
    if there:
        (tmp_path / "place").mkdir()

    def refuse(folder: Path) -> None:
        if folder == tmp_path / "place":
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(besides, "sync_folder", refuse)
    with pytest.raises(StorageError) as refused, made_beside(tmp_path / "place") as new:
        (new / "folder").mkdir()
        (new / "folder" / "file").touch()
        (new / FILE_NAME).touch()
    assert (refused.value.rule, refused.value.where) == ("storage", str(tmp_path / "place"))
    assert os.listdir(tmp_path) == (["place"] if there else []) and (not there or place(tmp_path) == [])


def test_a_place_that_holds_something_is_refused_before_and_after(tmp_path: Path):
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes").touch()
    for name in ("file", "link", "full"):
        with pytest.raises(UsageError, match="is not an empty directory") as refused, made_beside(tmp_path / name):
            raise AssertionError
        assert (refused.value.rule, refused.value.where) == ("directory", str(tmp_path / name))
    with pytest.raises(UsageError, match="is not an empty directory"), made_beside(tmp_path / "late"):
        (tmp_path / "late").mkdir()
        (tmp_path / "late" / "notes").touch()
    assert sorted(os.listdir(tmp_path)) == ["file", "full", "late", "link"] and place(tmp_path, "late") == ["notes"]
    check_free(tmp_path / "nowhere")
    with (
        pytest.raises(UsageError, match=r"cannot be made \(.*\); give another directory"),
        made_beside(tmp_path / "file" / "below"),
    ):
        raise AssertionError
    with pytest.raises(StorageError, match="File name too long"), made_beside(tmp_path / ("x" * 250)):
        raise AssertionError


def test_what_dead_processes_left_goes_and_what_living_ones_make_stays(tmp_path: Path):
    for process in ("1", str(os.getpid()), str(2**22 + 1), str(2**70), "x", ""):
        (tmp_path / f".place.{process}.new").mkdir()
        (tmp_path / f".place.{process}.new" / "file").touch()
    for name in (f".other.{2**70}.new", f".place.{2**70}.new.old", f".place.more.{2**70}.new"):
        (tmp_path / name).mkdir()
    with made_beside(tmp_path / "place"):
        assert not (tmp_path / f".place.{os.getpid()}.new" / "file").exists()
    left = [".place.1.new", ".place.x.new", ".place..new", f".other.{2**70}.new", f".place.{2**70}.new.old"]
    assert sorted(os.listdir(tmp_path)) == sorted([*left, f".place.more.{2**70}.new", "place"])


def test_a_process_of_somebody_else_lives(monkeypatch: pytest.MonkeyPatch):
    for raised, lives in ((None, True), (PermissionError, True), (ProcessLookupError, False), (OverflowError, False)):

        def kill(process: int, signal: int, raised: type[Exception] | None = raised) -> None:
            assert signal == 0, "to ask whether a process lives must not end it"
            if raised is not None:
                raise raised

        monkeypatch.setattr(besides.os, "kill", kill)
        assert besides._lives(7) is lives


def test_a_place_that_cannot_be_looked_at_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(path: object) -> list[Path]:
        raise OSError(errno.EIO, "Input/output error")

    (tmp_path / "place").mkdir()
    monkeypatch.setattr(Path, "iterdir", refuse)
    for directory in (tmp_path / "place", tmp_path / "new"):
        with pytest.raises(StorageError, match="Input/output error") as refused, made_beside(directory):
            raise AssertionError
        assert refused.value.where == str(directory)
    with suppress(FileNotFoundError):
        assert os.listdir(tmp_path / "new") == []
