"""The disk refuses: nobody is answered, nothing is there by half, and it goes on when there is room again."""

from __future__ import annotations

import resource
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ledger.audit.verify import verify
from ledger.directory import anchor
from ledger.directory.creation import create
from ledger.directory.source import DirectorySource
from ledger.disk.atomic_directory import made_beside
from ledger.errors import ReadOnly, StorageError, UsageError
from ledger.log.key import SigningKey
from ledger.log.note import VerifierKey
from ledger.log.tile import CHECKPOINT
from ledger.writer.sequencer import Answer
from tests.language import ORIGIN
from tests.writer.on_disk import FIRST_RECORD, TRUST, OnDisk, a_gift, numbered_id
from tests.writer.test_kill import check_signed, check_whole

VKEY = TRUST.logs[0].vkey.format()


@contextmanager
def full_database(town: OnDisk) -> Iterator[None]:
    """SQLite answers as it does when the disk is full."""
    connection = town.sequencer.store._connection
    (used,), (before,) = connection.one("PRAGMA page_count"), connection.one("PRAGMA max_page_count")
    connection.one(f"PRAGMA max_page_count={used + 2}")
    yield
    connection.one(f"PRAGMA max_page_count={before}")


@contextmanager
def files_limited_to(size_bytes: int) -> Iterator[None]:
    """No file of this process can grow beyond that."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_disk_full_enters_nothing_and_the_same_command_works_later(town: OnDisk):
    gifts = [a_gift(town) for _ in range(100)]
    before = (town.entries(), (town.directory / CHECKPOINT).read_bytes(), anchor.recall(VKEY))
    with full_database(town):
        with pytest.raises(StorageError) as refused:
            town.sequencer.submit(gifts)
        assert refused.value.rule == "disk-full"
        assert refused.value.message.endswith("ledger.sqlite: cannot be written: disk full; free space")
        assert (town.entries(), (town.directory / CHECKPOINT).read_bytes(), anchor.recall(VKEY)) == before
    with pytest.raises(ReadOnly, match="open the ledger again"):
        town.sequencer.submit(gifts)
    check_whole(town.directory)
    assert town.reopen().sequencer.submit(gifts) == [Answer(4 + n, False) for n in range(100)]
    check_signed(town.reopen())


def test_groups_before_the_disk_was_full_are_known_when_sent_again(town: OnDisk):
    """A call of many groups ends in the middle; who was not answered sends all of it again."""
    gifts = [a_gift(town) for _ in range(3000)]
    with files_limited_to((town.directory / "unique.index").stat().st_size + 400_000):
        with pytest.raises(StorageError):
            town.sequencer.submit(gifts)
    entered = town.reopen().sequencer.tree_size - 4
    assert 0 < entered < 3000 and entered % 128 == 0
    check_signed(town)
    answers = town.sequencer.submit(gifts)
    assert answers == [Answer(4 + n, n < entered) for n in range(3000)]
    check_signed(town.reopen())


@pytest.mark.parametrize("limit_bytes", [0, 100, 1000])
def test_where_the_checkpoint_cannot_be_written_nobody_is_answered(town: OnDisk, limit_bytes: int):
    """So small a file as that cannot be written: neither the database's nor the checkpoint's."""
    gift = a_gift(town)
    with files_limited_to(limit_bytes):
        with pytest.raises(StorageError):
            town.sequencer.submit_one(gift)
    assert isinstance(town.reopen().sequencer.submit_one(gift), Answer)
    check_signed(town)
    assert len(town.reopen().leaves) == 5


@pytest.mark.parametrize("where", ["state", "inside"])
def test_where_it_cannot_be_published_it_is_entered_and_not_acknowledged(town: OnDisk, state: Path, where: str):
    place = state if where == "state" else town.directory / CHECKPOINT
    aside = place.with_name("aside")
    place.rename(aside)
    if where == "state":
        place.write_text("a file where a folder should be")
    else:
        place.mkdir()
        (place / "something").touch()
    gift = a_gift(town)
    with pytest.raises(StorageError) as refused:
        town.sequencer.submit_one(gift)
    assert str(place) in refused.value.message
    town.close()
    with pytest.raises(StorageError) as refused:
        town.reopen()
    assert str(place) in refused.value.message
    if where == "state":
        place.unlink()
    else:
        (place / "something").unlink()
        place.rmdir()
    aside.rename(place)
    assert town.reopen().sequencer.submit_one(gift) == Answer(4, known=True)
    check_signed(town)


@pytest.mark.parametrize("is_there", [True, False], ids=["in an empty folder", "in a new one"])
def test_a_ledger_that_could_not_be_made_is_taken_away_and_can_be_made_again(tmp_path: Path, state: Path, is_there: bool):
    """Entry 0 is durable and nothing is published. A folder that was there is the same one after it."""
    if is_there:
        (tmp_path / "ledger").mkdir()
    stood_in = (tmp_path / "ledger").stat().st_ino if is_there else None
    state.write_text("a file where a folder should be")
    made = {"origin": ORIGIN, "first_record": FIRST_RECORD, "operator": "op", "statement_id": numbered_id(0)}
    with pytest.raises(StorageError):
        create(tmp_path / "ledger", **made)
    assert [path.name for path in tmp_path.rglob("*") if path != state] == ["ledger"] * is_there
    state.unlink()
    sequencer = create(tmp_path / "ledger", **made)
    assert (sequencer.tree_size, sequencer.read_only_because) == (1, "")
    assert (tmp_path / "ledger" / CHECKPOINT).exists()
    assert stood_in in (None, (tmp_path / "ledger").stat().st_ino)
    sequencer.store.close()


def test_a_ledger_is_made_beside_nothing_else(tmp_path: Path):
    (tmp_path / "ledger").mkdir()
    (tmp_path / "ledger" / "note.txt").write_text("from before")
    with pytest.raises(UsageError, match="is not an empty directory; give a new one"):
        create(tmp_path / "ledger", origin=ORIGIN, first_record=FIRST_RECORD, operator="op", statement_id=numbered_id(0))
    assert [path.name for path in tmp_path.rglob("*")] == ["ledger", "note.txt"]


def test_a_failed_making_keeps_the_checkpoint_that_an_earlier_ledger_of_the_key_has_left(tmp_path: Path):
    keys = (SigningKey.generate(), SigningKey.generate())
    made = {"origin": ORIGIN, "first_record": FIRST_RECORD, "operator": "op", "statement_id": numbered_id(0), "keys": keys}
    create(tmp_path / "ledger", **made).store.close()
    kept = anchor.anchor_path(VerifierKey(ORIGIN, keys[0].public).format())
    before = kept.read_bytes()
    (tmp_path / "taken" / "by").mkdir(parents=True)
    with pytest.raises(UsageError, match="is not an empty directory"):
        create(tmp_path / "taken", **made)
    assert kept.read_bytes() == before


@pytest.mark.parametrize(("was", "allowed", "ends"), [(0o700, 0o777, 0o700), (0o755, 0o700, 0o700), (0o750, 0o777, 0o750)])
def test_an_empty_folder_never_becomes_more_open(tmp_path: Path, was: int, allowed: int, ends: int):
    (tmp_path / "place").mkdir()
    (tmp_path / "place").chmod(was)
    with made_beside(tmp_path / "place", allowed) as new:
        (new / "ledger.sqlite").touch()
    assert stat.S_IMODE((tmp_path / "place").stat().st_mode) == ends
    assert [path.name for path in tmp_path.rglob("*")] == ["place", "ledger.sqlite"]


def test_where_no_directory_can_be_made_the_error_says_so(tmp_path: Path):
    (tmp_path / "file").touch()
    made = {"origin": ORIGIN, "first_record": FIRST_RECORD, "operator": "op", "statement_id": numbered_id(0)}
    for directory, says in ((tmp_path / "file", "; give a new one"), (tmp_path / "file" / "ledger", "; give another directory")):
        with pytest.raises(UsageError) as refused:
            create(directory, **made)
        assert says in refused.value.message


def test_the_next_call_publishes_what_could_not_be_published(town: OnDisk, state: Path):
    """The same process goes on when there is room again; what was entered is known, and signed before it is said."""
    state.rename(state.with_name("aside"))
    state.touch()
    gift = a_gift(town)
    with pytest.raises(StorageError):
        town.sequencer.submit_one(gift)
    state.unlink()
    state.with_name("aside").rename(state)
    assert town.sequencer.submit_one(gift) == Answer(4, known=True)
    check_signed(town)


def test_a_verification_that_has_no_room_for_what_it_writes_aside_says_so(town: OnDisk):
    town.sequencer.submit([a_gift(town) for _ in range(300)])
    town.close()
    with closing(DirectorySource(town.directory)) as source, files_limited_to(100):
        with pytest.raises(StorageError, match="cannot be written"):
            verify(source, TRUST)
