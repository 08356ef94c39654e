"""The power fails: on every disk that strict POSIX allows, each key and entry that was acknowledged is there."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from ledger.audit.verify import verify
from ledger.directory.opening import open_reader, open_writer
from ledger.directory.publication import POLICY
from ledger.directory.source import DirectorySource
from ledger.errors import GiveTrailError
from ledger.log.key import SigningKey
from ledger.log.policy import Policy
from tests.faults import life
from tests.faults.disk import Program
from tests.faults.power import Call, Disk, read_log
from tests.faults.program import Job

SEED = 20261129
LIFE = [
    life.INIT, life.PARTY, life.FUND, life.GIFT, life.REFERRED, life.KEY, ["key", "add", "ben", "--party", "hope", *life.ON],
    life.IMPORT, life.GIFT, life.EXPORT, life.SHOP, life.REBUILD, life.GIFT,
]  # fmt: skip


class Lived(NamedTuple):
    """A recording, the folder as it was at its end, and every entry."""

    calls: list[Call]
    home: Path
    entries: list[bytes]


class Owed(NamedTuple):
    """What was acknowledged up to some moment: the number of entries, and files that have to be there as they were."""

    entries: int
    files: frozenset[str]


@pytest.fixture(scope="module")
def lived(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Some commands, one after the other, with all that they did to their files."""
    folder = tmp_path_factory.mktemp("life")
    home, log = folder / "disk", folder / "log"
    home.mkdir()
    life.write_gifts(home)
    for words in LIFE:
        ended = program.run(Job(words, str(home), [str(home)], log=str(log)))
        assert ended.code == 0, ended
    store, _ = open_reader(home / "books")
    with closing(store):
        return Lived(read_log(log), home, list(store.entries(0, store.tree_size)))


def owed_after(lived: Lived) -> list[Owed]:
    """For every moment what the program had said by then: references, and with them the keys that were there."""
    disk, owed = Disk(lived.home), [Owed(0, frozenset())]
    for call in lived.calls:
        disk.play(call)
        if call.what == "s":
            said = call.content.decode()
            sizes = [int(number) + 1 for number in re.findall(r"^(\d+)\.\d+$", said, re.MULTILINE)]
            sizes += [int(number) for number in re.findall(r", (\d+) entries", said)]
            keys = frozenset(f"keys/{name}" for name in disk.files("books/keys"))
            owed.append(Owed(max([owed[-1].entries, *sizes]), owed[-1].files | keys | {POLICY}))
        else:
            owed.append(owed[-1])
    return owed[1:]


def lost(lived: Lived, folder: Path, owed: Owed) -> Iterator[str]:
    """What was acknowledged and is not there."""
    directory = folder / "books"
    for name in owed.files:
        path = directory / name
        if not path.is_file() or path.read_bytes() != (lived.home / "books" / name).read_bytes():
            yield name
        elif path.suffix == ".pem":
            SigningKey.load(path)
    if owed.entries:
        yield from lost_entries(lived, directory, owed.entries)


def lost_entries(lived: Lived, directory: Path, owed: int) -> Iterator[str]:
    """The next writer goes on; then all is there and verified."""
    sequencer = open_writer(directory)
    with closing(sequencer.store) as store:
        if sequencer.read_only_because:
            yield sequencer.read_only_because
        there = list(store.entries(0, store.tree_size))
    if len(there) < owed or there != lived.entries[: len(there)]:
        yield f"{owed} entries were acknowledged, {len(there)} are there"
    with closing(DirectorySource(directory)) as source:
        report = verify(source, Policy.parse((lived.home / "books" / POLICY).read_bytes()))
    if report.verdict != "verified" or report.tree_size != len(there):
        yield f"{report.verdict}: {report.findings}"


def check_disks(lived: Lived, folder: Path, count: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Cut the power at so many moments, and look. What was lost."""
    monkeypatch.setenv("GIVETRAIL_STATE", str(folder / "state"))
    chance = random.Random(SEED)
    owed, wrong = owed_after(lived), []
    cuts = sorted(chance.randrange(len(lived.calls)) for _ in range(count))
    disk, at = Disk(lived.home), 0
    for cut in cuts:
        for call in lived.calls[at : cut + 1]:
            disk.play(call)
        at = cut + 1
        shutil.rmtree(folder, ignore_errors=True)
        disk.leave(folder, chance)
        try:
            wrong += [f"call {cut}: {what}" for what in lost(lived, folder, owed[cut])]
        except GiveTrailError as error:
            wrong.append(f"call {cut}: {error.message}")
    return wrong


def test_the_power_fails_a_few_times(lived: Lived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert check_disks(lived, tmp_path / "left", 40, monkeypatch) == []


@pytest.mark.long
def test_the_power_fails_a_thousand_times(lived: Lived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert check_disks(lived, tmp_path / "left", 1000, monkeypatch) == []
