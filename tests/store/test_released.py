"""A ledger of every version that was ever released is brought up by `givetrail rebuild` and goes on (`released.py` keeps them)."""

from __future__ import annotations

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from ledger.directory.opening import open_reader, open_writer
from ledger.directory.rebuild import rebuild
from ledger.errors import UsageError
from ledger.log.tile import CHECKPOINT
from ledger.store.sqlite_connection import OLDEST_VERSION, SCHEMA_VERSION
from ledger.writer.sequencer import Answer
from tests.cli.transcript import run_program
from tests.directory.test_rebuild import tables
from tests.store.released import FOLDER, tell
from tests.writer.on_disk import OnDisk, a_gift
from tests.writer.test_kill import check_signed, check_whole

VECTORS = {int(file.name.partition(".")[0]): file for file in sorted(FOLDER.glob("*.tar.xz"))}
LARGEST_BYTES = 100_000


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))


def unpacked(version: int, place: Path) -> Path:
    """The directory as its own program left it."""
    with tarfile.open(VECTORS[version]) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # older releases of Python have none
        archive.extractall(place)
    with closing(sqlite3.connect(place / "ledger" / "ledger.sqlite")) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (version,)
    return place / "ledger"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> OnDisk:
    """The same ledger, told to this program and made again."""
    place = tmp_path_factory.mktemp("fresh")
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("GIVETRAIL_STATE", str(place / "state"))
        ledger = tell(place / "ledger")
        ledger.close()
        rebuild(ledger.directory)
    return ledger


def test_every_version_that_can_be_brought_up_has_a_vector():
    """That of this version is made before the next one: `python -m tests.store.released`."""
    assert VECTORS and set(range(OLDEST_VERSION, SCHEMA_VERSION)) <= set(VECTORS) <= set(range(OLDEST_VERSION, SCHEMA_VERSION + 1))
    assert all(file.stat().st_size <= LARGEST_BYTES for file in VECTORS.values())


@pytest.mark.parametrize("version", VECTORS)
def test_a_released_ledger_is_brought_up_and_goes_on(version: int, fresh: OnDisk, tmp_path: Path):
    directory = unpacked(version, tmp_path)
    before, checkpoint = tables(directory)["entries"], (directory / CHECKPOINT).read_bytes()
    if version < SCHEMA_VERSION:
        for opening in (open_reader, open_writer):
            with pytest.raises(UsageError, match="run `givetrail rebuild`"):
                opening(directory)
    rebuilt = run_program(["rebuild", "--ledger", str(directory)])
    assert (rebuilt.exit_code, rebuilt.stderr) == (0, "")

    assert tables(directory)["entries"] == before, "no entry was touched"
    assert (directory / CHECKPOINT).read_bytes() == checkpoint, "so the root is the one that was signed"
    check_whole(directory)
    assert tables(directory) == tables(fresh.directory), "and all else is as if this program had written it"
    assert (directory / "unique.index").read_bytes() == (fresh.directory / "unique.index").read_bytes()

    town = fresh.moved_to(directory).reopen()
    with closing(town):
        size = len(before)
        (again,) = town.sequencer.submit([a_gift(town)])
        assert again == Answer(size, known=False) and town.sequencer.tree_size == size + 1
        check_signed(town)
    check_whole(directory)
