"""What a snapshot proves, somebody who has only the trust policy can check."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.bundle.verification import verify_bundle
from ledger.errors import NotFound
from ledger.log.checkpoint import open_checkpoint, parse_checkpoint
from ledger.log.merkle import leaf_hash, root_of, verify_consistency, verify_inclusion
from ledger.log.note import parse_note
from ledger.log.proof import verify_proof
from ledger.log.tile import CHECKPOINT
from ledger.view import View
from tests.directory.test_rebuild import STORY
from tests.writer.on_disk import TRUST, OnDisk, a_gift


@pytest.fixture
def grown(town: OnDisk) -> OnDisk:
    """A story, and so many gifts that the tree has tiles of two levels."""
    town.play(STORY)
    town.sequencer.submit([a_gift(town, 1 + n) for n in range(300)])
    return town


SIZES = [1, 2, 3, 4, 19, 128, 255, 256, 257, 318, 319]


def test_roots_and_proofs_at_every_kind_of_size(grown: OnDisk):
    hashes = [leaf_hash(raw) for raw in grown.entries()]
    with View.open(grown.directory) as view:
        roots = {size: root_of(hashes[:size]) for size in (0, *SIZES)}
        for size in SIZES:
            snapshot = view.at(size)
            assert snapshot.root() == roots[size] == snapshot.checkpoint().root
            for entry in {0, size // 2, size - 1}:
                verify_inclusion(hashes[entry], entry, size, snapshot.inclusion(entry), roots[size])
                assert leaf_hash(snapshot.entry(entry)) == hashes[entry]
            for old in [0, *(old for old in SIZES if old <= size)]:
                verify_consistency(old, size, snapshot.consistency(old), roots[old], roots[size])
            for asked in (lambda s=snapshot, n=size: s.inclusion(n), lambda s=snapshot: s.inclusion(-1)):
                with pytest.raises(NotFound) as missing:
                    asked()
                assert missing.value.rule == "inclusion"
            for old in (size + 1, -1):
                with pytest.raises(NotFound) as missing:
                    snapshot.consistency(old)
                assert missing.value.rule == "consistency"


def test_a_proof_file_and_a_bundle_of_the_newest_size(grown: OnDisk):
    with View.open(grown.directory) as view:
        snapshot = view.at()
        note, checkpoint = view.signed()
        assert note == (grown.directory / CHECKPOINT).read_bytes() == snapshot.note
        assert checkpoint == open_checkpoint(note, view.vkey) == snapshot.checkpoint()
        for entry in (0, 4, 318):
            assert verify_proof(snapshot.proof(entry), leaf_hash(snapshot.entry(entry)), TRUST) == checkpoint
        report = verify_bundle(snapshot.bundle(grown.labels["gift"]), TRUST)
        assert (report.verdict, report.findings) == ("verified", ())
        assert report.trace and report.trace.totals() == snapshot.gift(grown.labels["gift"]).totals()


def test_an_older_size_proves_under_the_checkpoint_that_was_seen(town: OnDisk, view: View):
    """The view was at size 5 when that was signed, and never at size 6."""
    town.play("hope: donation 5.00 CNY -> school as one")
    assert view.refresh()
    town.play("hope: payment 2.00 CNY school -> press")
    town.play("hope: payment 1.00 CNY school -> press")
    assert view.refresh() and view.tree_size == 7
    older = view.at(5)
    assert older.note is not None and parse_checkpoint(parse_note(older.note).text) == older.checkpoint()
    report = verify_bundle(older.bundle("4.0"), TRUST)
    assert report.verdict == "verified" and report.trace and report.trace.totals() == {"held": 500}
    verify_proof(older.proof(4), leaf_hash(older.entry(4)), TRUST)
    between = view.at(6)
    assert between.note is None and between.gift("4.0").totals() == {"held": 300, "paid": 200}
    for asked in (lambda: between.proof(4), lambda: between.bundle("4.0")):
        with pytest.raises(NotFound) as missing:
            asked()
        assert missing.value.rule == "checkpoint" and "6" in missing.value.message


def test_a_bundle_of_what_is_no_gift(grown: OnDisk):
    with View.open(grown.directory) as view:
        for ref in ("5.0", "4.9", "319.0", "gift", "4"):
            with pytest.raises(NotFound):
                view.at().bundle(ref)


def test_a_later_note_of_the_same_size_is_taken_over(town: OnDisk, view: View):
    """Somebody publishes the same checkpoint with one more signature line, as witnesses do."""
    path: Path = town.directory / CHECKPOINT
    note = path.read_bytes()
    before = view.at()
    path.write_bytes(note + "— witness.example.org ".encode() + b"AAAAAQE=\n")
    assert view.refresh() is False
    assert view.signed().note == path.read_bytes() == view.at().note
    assert before.note == note
