"""Writers that are killed: what was acknowledged is there, nothing is there by half, nothing is there twice."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from ledger.audit.verify import verify
from ledger.directory import anchor
from ledger.directory.opening import open_reader
from ledger.directory.source import DirectorySource
from ledger.errors import Conflict
from ledger.log.checkpoint import Checkpoint, open_checkpoint
from ledger.log.merkle import leaf_hash, root_of
from ledger.log.tile import CHECKPOINT
from ledger.log_files.export import export_tiles
from ledger.log_files.source import FolderSource
from tests.language import ORIGIN
from tests.writer.entering import gift, seen_by_all
from tests.writer.on_disk import TRUST, OnDisk

ROOT = Path(__file__).resolve().parents[2]
SEED = 20260907
VKEY = TRUST.logs[0].vkey


def entering(directory: Path, first: int, *when: str) -> subprocess.Popen[bytes]:
    """A process that enters gifts from number `first` on."""
    command = [sys.executable, "-m", "tests.writer.entering", str(directory), str(first), *when]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)


def acknowledged(process: subprocess.Popen[bytes], seconds: float | None) -> dict[int, int]:
    """Kill a process so long after its first answer, or (None) wait for it to die. Every answer it gave: gift number to entry."""
    assert process.stdout
    lines = [process.stdout.readline()]
    if seconds is not None:
        time.sleep(seconds)
        process.kill()
    lines += process.stdout.readlines()
    process.wait()
    process.stdout.close()
    return dict(tuple(map(int, line.split())) for line in lines if line.endswith(b"\n"))


def check_whole(directory: Path) -> None:
    """A reader beside nobody finds what was signed in order, before anybody has mended anything."""
    with closing(DirectorySource(directory)) as source:
        report = verify(source, TRUST)
    assert (report.verdict, report.findings) == ("verified", ())


def check_signed(town: OnDisk) -> None:
    """The head is signed in both places, and is the root over the entries."""
    head = Checkpoint(ORIGIN, town.sequencer.tree_size, root_of(map(leaf_hash, town.entries())))
    for note in ((town.directory / CHECKPOINT).read_bytes(), anchor.recall(VKEY.format())):
        assert open_checkpoint(note, VKEY) == head


def check_each_once(town: OnDisk, answers: dict[int, int]) -> None:
    """Every gift that was acknowledged stands where its answer said, and no gift stands anywhere else too."""
    seen = seen_by_all(town.sequencer)
    for number, index in answers.items():
        assert town.leaves[index].entry.statement_raw == gift(number, seen)[0]
    raws = [leaf.entry.statement_raw for leaf in town.leaves]
    assert len(set(raws)) == len(raws)


def survive(town: OnDisk, kills: int) -> None:
    chance, answers = random.Random(SEED), {}
    town.close()
    for kill in range(kills):
        given = acknowledged(entering(town.directory, len(answers)), chance.uniform(0, 0.12))
        assert list(given) == list(range(len(answers), len(answers) + len(given)))
        answers |= given
        if kill % 6 == 0:
            check_whole(town.directory)
        town.reopen()
        assert town.sequencer.read_only_because == ""
        check_signed(town)
        check_each_once(town, answers)
        town.close()
    assert len(answers) >= kills
    check_whole(town.directory)


def test_killed_at_any_moment_nothing_acknowledged_is_lost(town: OnDisk):
    survive(town, 18)


@pytest.mark.long
def test_killed_often_nothing_acknowledged_is_lost(town: OnDisk):
    survive(town, 150)


@pytest.mark.parametrize("when", ["before", "between"])
def test_killed_between_commit_and_signature_the_tail_is_signed_at_opening(town: OnDisk, when: str):
    """Three calls enter 1, 7 and 2 gifts; the third is durable and was never acknowledged."""
    town.close()
    answers = acknowledged(entering(town.directory, 0, when), None)
    assert answers == {number: number + 4 for number in range(8)}
    store, _ = open_reader(town.directory)
    assert store.tree_size == 14
    store.close()
    assert open_checkpoint((town.directory / CHECKPOINT).read_bytes(), VKEY).tree_size == 12
    check_whole(town.directory)
    with closing(DirectorySource(town.directory)) as source:
        assert export_tiles(source, town.directory / "export").tree_size == 12
    assert verify(FolderSource(town.directory / "export"), TRUST).verdict == "verified"
    town.reopen()
    assert town.sequencer.tree_size == 14
    check_signed(town)
    seen = seen_by_all(town.sequencer)
    assert [answer.index for answer in town.sequencer.submit([gift(9, seen), gift(8, seen), gift(10, seen)])] == [13, 12, 14]
    check_signed(town)


def test_a_second_writer_is_refused_and_a_reader_is_not(town: OnDisk):
    town.close()
    process = entering(town.directory, 0)
    try:
        assert process.stdout and process.stdout.readline()
        with pytest.raises(Conflict) as refused:
            town.reopen()
        assert refused.value.rule == "locked"
        assert f"process {process.pid}" in refused.value.message
        check_whole(town.directory)
    finally:
        acknowledged(process, 0)
    town.reopen()
    check_signed(town)
