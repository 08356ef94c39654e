"""A head that is not to be signed yet is not, and one that is signed is not signed again."""

from __future__ import annotations

from ledger.log.tile import CHECKPOINT
from tests.writer.on_disk import OnDisk, a_gift
from tests.writer.test_kill import check_signed


def test_the_head_is_signed_when_it_is_said(town: OnDisk):
    note = town.directory / CHECKPOINT
    before, size = note.read_bytes(), town.sequencer.tree_size
    town.sequencer.submit([a_gift(town)], sign=False)
    assert town.sequencer.tree_size == size + 1 and note.read_bytes() == before
    town.sequencer.sign()
    assert note.read_bytes() != before
    check_signed(town)


def test_what_is_signed_is_not_signed_again(town: OnDisk):
    known = a_gift(town)
    town.sequencer.submit_one(known)
    inode = (town.directory / CHECKPOINT).stat().st_ino
    town.sequencer.submit([known])
    assert (town.directory / CHECKPOINT).stat().st_ino == inode
