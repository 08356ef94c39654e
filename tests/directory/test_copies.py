"""An older copy of the whole directory is put back, or grows into another branch: the ledger says so and accepts nothing."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from ledger.audit.verify import verify
from ledger.bundle.trace_bundle import make_bundle
from ledger.directory import anchor
from ledger.directory.opening import open_reader
from ledger.directory.source import DirectorySource
from ledger.entries.store_flows import StoreFlows
from ledger.errors import ReadOnly
from ledger.log.checkpoint import open_checkpoint
from ledger.log.tile import CHECKPOINT
from tests.writer.on_disk import TRUST, OnDisk, a_gift

VKEY = TRUST.logs[0].vkey


def copied(town: OnDisk) -> Path:
    """A copy of the whole directory, made while nobody writes."""
    town.close()
    copy = town.directory.with_name("copy")
    shutil.copytree(town.directory, copy)
    town.reopen()
    return copy


def put_back(town: OnDisk, copy: Path) -> None:
    """The copy takes the directory's place, and the ledger is opened again."""
    town.close()
    shutil.rmtree(town.directory)
    shutil.copytree(copy, town.directory)
    town.reopen()


def check_accepts_nothing(town: OnDisk, because: str) -> None:
    """It opens, says why it takes nothing, signs nothing; reading and verifying go on."""
    assert because in town.sequencer.read_only_because
    before, outside = town.entries(), anchor.recall(VKEY.format())
    calls = (lambda: town.sequencer.submit([a_gift(town)]), lambda: town.sequencer.submit([]), town.sequencer.sign)
    for call in calls:
        with pytest.raises(ReadOnly) as refused:
            call()
        assert because in refused.value.message
    assert (town.entries(), anchor.recall(VKEY.format())) == (before, outside)
    with closing(DirectorySource(town.directory)) as source:
        assert verify(source, TRUST).verdict == "verified"
    store, books = open_reader(town.directory)
    with closing(store):
        assert make_bundle(StoreFlows(store, books), "4.0", (town.directory / CHECKPOINT).read_bytes())


@pytest.fixture
def given(town: OnDisk) -> OnDisk:
    """The town with one gift, at entry 4."""
    town.sequencer.submit_one(a_gift(town))
    return town


def test_an_older_copy_put_back_accepts_nothing(given: OnDisk):
    copy = copied(given)
    given.sequencer.submit_one(a_gift(given))
    put_back(given, copy)
    check_accepts_nothing(given, "kept outside the directory has 6 entries, but this ledger has only 5: an older copy was restored")


def test_the_newest_copy_put_back_goes_on(given: OnDisk):
    copy = copied(given)
    put_back(given, copy)
    assert given.sequencer.read_only_because == ""
    assert given.sequencer.submit_one(a_gift(given)).index == 5


def test_a_known_statement_is_not_answered_by_a_ledger_that_is_behind(given: OnDisk):
    """It cannot know whether the answer is still true in the newest copy."""
    copy = copied(given)
    lost = a_gift(given)
    given.sequencer.submit_one(lost)
    put_back(given, copy)
    with pytest.raises(ReadOnly):
        given.sequencer.submit_one(lost)


def branch(given: OnDisk, copy: Path, gifts: int) -> None:
    """Other gifts are entered into the copy, where no checkpoint is kept outside: on another machine."""
    elsewhere = given.moved_to(copy)
    given.close()
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("GIVETRAIL_STATE", str(copy.with_name("other-state")))
        elsewhere.reopen()
        assert elsewhere.sequencer.read_only_because == ""
        for _ in range(gifts):
            elsewhere.sequencer.submit_one(a_gift(elsewhere, 77))
        elsewhere.close()
    given.reopen()


@pytest.mark.parametrize("gifts", [1, 2, 5])
def test_a_copy_that_grew_on_another_machine_is_another_branch(given: OnDisk, gifts: int):
    """As long as the true one, or longer: its entries are not those that were signed for here."""
    copy = copied(given)
    branch(given, copy, gifts)
    given.sequencer.submit_one(a_gift(given))
    put_back(given, copy)
    check_accepts_nothing(given, "at 6 entries has a different root, so this ledger is another branch")


def test_the_true_ledger_is_stopped_where_a_copy_was_written_to_on_the_same_machine(given: OnDisk):
    """Which of the two is the true one, only people can tell; none of them goes on unseen."""
    elsewhere = given.moved_to(copied(given)).reopen()
    elsewhere.sequencer.submit_one(a_gift(elsewhere, 77))
    elsewhere.close()
    given.reopen()
    assert "a copy of this directory, signed last" in given.sequencer.read_only_because


def test_the_checkpoint_in_the_directory_alone_stops_an_older_database(given: OnDisk, state: Path):
    """Only the database is put back, and what was kept outside is gone."""
    copy = copied(given)
    given.sequencer.submit_one(a_gift(given))
    given.close()
    shutil.copy(copy / "ledger.sqlite", given.directory / "ledger.sqlite")
    shutil.rmtree(state)
    given.reopen()
    assert "checkpoint has 6 entries, but this ledger has only 5" in given.sequencer.read_only_because
    with closing(DirectorySource(given.directory)) as source:
        report = verify(source, TRUST)
    assert (report.exit_code, [finding.rule for finding in report.findings]) == (4, ["missing"])


def test_the_place_outside_follows_the_environment(given: OnDisk, state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (kept,) = state.glob("*.checkpoint")
    assert open_checkpoint(kept.read_bytes(), VKEY).tree_size == 5
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "else" / "where"))
    given.reopen()
    (moved,) = (tmp_path / "else" / "where").glob("*.checkpoint")
    assert moved.read_bytes() == kept.read_bytes()
    given.sequencer.submit_one(a_gift(given))
    assert open_checkpoint(moved.read_bytes(), VKEY).tree_size == 6
    assert open_checkpoint(kept.read_bytes(), VKEY).tree_size == 5


def test_without_the_variable_it_is_the_users_state_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv("GIVETRAIL_STATE")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "user"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert tmp_path in anchor.anchor_path(VKEY.format()).parents
    monkeypatch.setenv("GIVETRAIL_STATE", "")
    assert tmp_path in anchor.anchor_path(VKEY.format()).parents


def test_two_logs_are_kept_apart(given: OnDisk):
    assert anchor.anchor_path(VKEY.format()) != anchor.anchor_path(VKEY.format().replace("books", "other"))


def test_a_lost_place_outside_is_made_again_at_opening(given: OnDisk, state: Path):
    given.close()
    shutil.rmtree(state)
    given.reopen()
    assert anchor.recall(VKEY.format()) == (given.directory / CHECKPOINT).read_bytes()
