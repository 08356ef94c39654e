"""What is made beside its place and could not be put there whole: it is taken away again, or the message says what to take away."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from ledger.disk import atomic_directory as beside
from ledger.errors import StorageError


def refused(directory: Path) -> str:
    with pytest.raises(StorageError) as error, beside.made_beside(directory) as new:
        (new / "checkpoint").write_text("signed")
    assert error.value.rule == "storage"
    return error.value.message


def fail() -> None:
    raise OSError(errno.EIO, "Input/output error")


@pytest.mark.parametrize("empty", [False, True], ids=["new", "empty folder"])
def test_what_the_disk_does_not_keep_is_not_there(tmp_path: Path, empty: bool, monkeypatch: pytest.MonkeyPatch):
    saved = tmp_path / "saved"
    if empty:
        saved.mkdir()
    with monkeypatch.context() as disk:
        disk.setattr(beside, "sync_folder", lambda path: fail() if saved.exists() and path in (saved, tmp_path) else None)
        assert refused(saved) == f"{saved}: cannot be written: Input/output error; correct that"
    assert [path.name for path in tmp_path.rglob("*")] == ["saved"] * empty
    with beside.made_beside(saved) as new:
        (new / "checkpoint").write_text("signed")
    assert (saved / "checkpoint").read_text() == "signed"


def test_what_cannot_be_taken_away_either_is_to_be_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    saved = tmp_path / "saved"
    monkeypatch.setattr(beside, "sync_folder", lambda path: fail() if saved.exists() else None)
    monkeypatch.setattr(beside, "_remove", lambda paths: None)
    words = "cannot be written (Input/output error), or removed; check the disk, remove"
    assert refused(saved) == f"{saved}: {words} {saved}"
