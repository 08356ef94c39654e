"""Two copies of one directory, and a trial, which is a log of its own."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from ledger.audit.verify import verify
from ledger.books.field import KeyText
from ledger.books.record import KINDS
from ledger.directory import anchor
from ledger.directory.opening import LOG_KEY, open_writer
from ledger.directory.publication import POLICY
from ledger.directory.source import DirectorySource
from ledger.directory.trial_copy import KEY_FIELDS, make_trial
from ledger.entries.leaf import read_leaf
from ledger.errors import Conflict, GiveTrailError, ReadOnly, UsageError
from ledger.log.checkpoint import open_checkpoint
from ledger.log.policy import Policy
from ledger.log.tile import CHECKPOINT
from tests.writer.on_disk import TRUST, OnDisk, a_gift

VKEY = TRUST.logs[0].vkey


@pytest.fixture
def copied(town: OnDisk) -> OnDisk:
    """A copy of the town's directory; both are closed."""
    town.close()
    shutil.copytree(town.directory, town.directory.with_name("copy"))
    return town.moved_to(town.directory.with_name("copy"))


@pytest.mark.parametrize("first_is_the_copy", [False, True])
def test_two_copies_are_never_open_at_once(town: OnDisk, copied: OnDisk, first_is_the_copy: bool):
    first, second = (copied, town) if first_is_the_copy else (town, copied)
    first.reopen()
    with pytest.raises(Conflict) as refused:
        second.reopen()
    assert refused.value.rule == "locked" and str(first.directory) in refused.value.message
    assert "givetrail copy DIR --trial" in refused.value.message
    first.sequencer.submit_one(a_gift(first))
    first.close()


def test_where_no_lock_holds_nothing_is_committed_or_signed_twice(town: OnDisk, copied: OnDisk, monkeypatch: pytest.MonkeyPatch):
    """As on a file system without locks: the kept checkpoint is compared before each commit, and before each signature."""
    monkeypatch.setattr(anchor.FileLock, "__init__", lambda self, *words: setattr(self, "_descriptor", -1))
    town.reopen(), copied.reopen()
    late = a_gift(copied, 77)
    town.sequencer.submit_one(a_gift(town))
    kept, inside = anchor.recall(VKEY.format()), (copied.directory / CHECKPOINT).read_bytes()
    with pytest.raises(ReadOnly, match="another process has signed for this log meanwhile") as refused:
        copied.sequencer.submit_one(late)
    assert str(town.directory) in refused.value.message
    assert copied.sequencer.tree_size == open_checkpoint(inside, VKEY).tree_size
    with pytest.raises(ReadOnly):
        copied.sequencer.sign()
    assert (anchor.recall(VKEY.format()), (copied.directory / CHECKPOINT).read_bytes()) == (kept, inside)
    town.sequencer.submit_one(a_gift(town))
    town.close(), copied.close()


def test_a_closed_writer_lets_the_next_one_in_and_a_refused_opening_holds_nothing(town: OnDisk, copied: OnDisk):
    town.reopen()
    with pytest.raises(Conflict):
        copied.reopen()
    town.close()
    copied.reopen().close()
    town.reopen()
    assert town.sequencer.read_only_because == ""


def test_every_field_that_holds_a_key_is_known_to_a_trial():
    """Of all kinds: a key that was left as it is could sign for both."""
    pattern = KeyText.__metadata__[0].metadata[0]
    found = {name for kind in KINDS.values() for name, field in kind.model_fields.items() if pattern in field.metadata}
    found |= {name for kind in KINDS.values() for name, note in kind.__annotations__.items() if "KeyText" in str(note)}
    assert found == set(KEY_FIELDS)


@pytest.fixture
def grown(town: OnDisk) -> OnDisk:
    for minor in (1000, 250, 3):
        town.sequencer.submit_one(a_gift(town, minor))
    town.sequencer.submit([a_gift(town, minor) for minor in range(1, 200)])
    return town


def test_a_trial_says_the_same_by_other_keys_and_verifies_by_its_own_policy(grown: OnDisk, tmp_path: Path, state: Path):
    before = {path: path.read_bytes() for path in state.iterdir()}
    made = make_trial(grown.directory, tmp_path / "trial")
    assert {path: path.read_bytes() for path in before} == before
    policy = Policy.parse((tmp_path / "trial" / POLICY).read_bytes())
    assert policy.logs[0].vkey.format() == made.vkey and made.vkey.startswith(f"trial/{VKEY.name}+")
    with closing(DirectorySource(tmp_path / "trial")) as source:
        assert verify(source, policy).verdict == "verified" and verify(source, TRUST).exit_code != 0
        copies = [read_leaf(raw) for raw in source.entries(0, made.tree_size)]
    originals = [read_leaf(raw) for raw in grown.entries()]
    assert [(leaf.entry.time, leaf.entry.flows) for leaf in copies] == [(leaf.entry.time, leaf.entry.flows) for leaf in originals]
    used = {key for leaf in originals for key, _ in leaf.entry.signatures}
    assert not used & {key for leaf in copies for key, _ in leaf.entry.signatures}
    assert not any(key.encode() in leaf.entry.statement_raw for key in used for leaf in copies)
    assert b'"name":"Trial: Ledger"' in copies[0].entry.statement_raw
    grown.sequencer.submit_one(a_gift(grown))
    with closing(open_writer(tmp_path / "trial").store):
        assert (tmp_path / "trial" / LOG_KEY).read_bytes() != (grown.directory / LOG_KEY).read_bytes()


def test_what_fails_leaves_nothing(grown: OnDisk, tmp_path: Path):
    """The name makes a statement too large, is none, or something lies there."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for directory, origin in (("full", ""), ("file", ""), ("new", "two words"), ("new", "x" * 300), ("new", VKEY.name)):
        with pytest.raises(GiveTrailError) as refused:
            make_trial(grown.directory, tmp_path / directory, origin)
        assert refused.value.exit_code == 2
    assert (tmp_path / "full" / "notes").read_text() == (tmp_path / "file").read_text() == "mine"
    assert not (tmp_path / "new").exists()
    with pytest.raises(UsageError):
        make_trial(grown.directory, grown.directory)
    assert grown.sequencer.submit_one(a_gift(grown)).index == grown.sequencer.tree_size - 1
