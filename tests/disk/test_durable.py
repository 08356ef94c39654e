from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ledger.disk import durable
from ledger.disk.durable import make_folder, write_durably, write_once
from ledger.errors import StorageError


def test_a_file_is_made_and_replaced(tmp_path: Path):
    path = tmp_path / "checkpoint"
    for content in (b"one", b"", b"three" * 100_000):
        write_durably(path, content)
        assert path.read_bytes() == content
    assert [file.name for file in tmp_path.iterdir()] == ["checkpoint"]


def test_a_secret_is_nobody_elses(tmp_path: Path):
    write_durably(tmp_path / "key", b"secret", mode=0o600)
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    write_durably(str(tmp_path / "key"), b"other", mode=0o600)
    assert (tmp_path / "key").read_bytes() == b"other"


def test_who_has_the_old_file_open_keeps_it(tmp_path: Path):
    path = tmp_path / "checkpoint"
    write_durably(path, b"old")
    with path.open("rb") as file:
        write_durably(path, b"new")
        assert file.read() == b"old"


def test_a_leftover_of_a_crash_is_no_obstacle(tmp_path: Path):
    path, leftover = tmp_path / "checkpoint", tmp_path / f".checkpoint.{os.getpid()}.new"
    leftover.write_text("longer than what comes now")
    write_durably(path, b"new")
    assert path.read_bytes() == b"new"
    assert not leftover.exists()


def test_where_it_cannot_be_written_nothing_changes(tmp_path: Path):
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "nowhere" / "file", tmp_path / "folder"):
        with pytest.raises(StorageError) as refused:
            write_durably(path, b"x")
        assert str(path) in refused.value.message
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]


def test_what_may_be_written_once_is_never_replaced(tmp_path: Path):
    path = tmp_path / "a" / "b" / "key"
    write_once(path, b"first")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        write_once(path, b"second")
    assert (path.read_bytes(), [file.name for file in path.parent.iterdir()]) == (b"first", ["key"])


def test_where_it_cannot_be_synced_it_can_be_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Neither a file nor a folder is left behind that the next one would take for durable."""

    def refuse(path: Path) -> None:
        raise OSError(28, "No space left on device")

    for make in (make_folder, lambda path: write_once(path, b"secret")):
        with monkeypatch.context() as full:
            full.setattr(durable, "sync_folder", refuse)
            with pytest.raises(StorageError) as refused:
                make(tmp_path / "key")
        assert (refused.value.rule, list(tmp_path.iterdir())) == ("disk-full", [])
    write_once(tmp_path / "key", b"secret")


def test_a_folder_is_made_where_there_is_none(tmp_path: Path):
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(StorageError):
            make_folder(path)
