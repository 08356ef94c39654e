"""Writers that are killed at any moment, by the thousand: what was acknowledged is there, and nothing is there twice."""

from __future__ import annotations

import random
import re
import shutil
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from ledger.audit.verify import verify
from ledger.directory.opening import key_path, open_reader
from ledger.directory.publication import POLICY
from ledger.directory.source import DirectorySource
from ledger.entries.leaf import read_leaf
from ledger.log.key import SigningKey
from ledger.log.policy import Policy
from tests.faults import life
from tests.faults.disk import Program
from tests.faults.program import KILL, TEAR, Ended, Job

SEED = 20261129
LEDGER_KILLS = 250  # then a new one, so that looking does not become the greater part of the work
LOOK_EVERY = 25
LONGEST_S = 0.06
MOST_CALLS = 140


class Gone(NamedTuple):
    """A command that was killed, or ended before. `number` tells its gift, party or key from all others."""

    what: str
    number: int
    ended: Ended


class Town:
    """A ledger whose writers are killed. Gift n is of n minor units, and has an id of its own, so that it can be said again."""

    def __init__(self, program: Program, home: Path, chance: random.Random) -> None:
        self._program, self._home, self._chance = program, home, chance
        self._number = 0
        self._owed: dict[int, str] = {}
        self._keys: dict[str, bytes] = {}
        self._imported = 0
        home.mkdir()
        for words in (life.INIT, life.PARTY, life.FUND):
            assert self._run(words).code == 0

    def _run(self, words: list[str], **fault: float | int) -> Ended:
        return self._program.run(Job(words, str(self._home), [str(self._home)], **fault))

    def kill_one(self) -> bool:
        """Run a command and kill it at some file call, before it or in it, or at some moment; then say it again at times. Whether
        it was killed."""
        what = self._chance.choice(["gift"] * 5 + ["import", "party", "key", "export"])
        self._number += 1
        words = getattr(self, f"_{what}")(self._number)
        if self._chance.random() < 0.5:
            ended = self._run(words, seconds=self._chance.uniform(0, LONGEST_S))
        else:
            ended = self._run(words, at=self._chance.randrange(1, MOST_CALLS), fault=self._chance.choice([KILL, TEAR]))
        assert ended.code in (0, -9), (words, ended)
        self._take(Gone(what, self._number, ended))
        if what in ("gift", "import", "export") and self._chance.random() < 0.5:
            again = self._run(words)
            assert again.code == 0, (words, again)
            self._take(Gone(what, self._number, again))
        return ended.code == -9

    def _gift(self, number: int) -> list[str]:
        amount = f"{number // 100}.{number % 100:02}"
        return [*life.GIFT, "--amount", amount, "--statement-id", f"00000000-0000-4000-8000-{number:012}"]

    def _import(self, number: int) -> list[str]:
        """A file that has a few rows more each time."""
        self._imported += self._chance.randrange(1, 90)
        life.write_gifts(self._home, self._imported)
        return life.IMPORT

    def _party(self, number: int) -> list[str]:
        return ["party", "add", f"p{number}", "--name", "P", "--role", "vendor", "--officer", "lin", *life.ON]

    def _key(self, number: int) -> list[str]:
        return ["key", "new", "--party", "hope", "--officer", f"k{number}", *life.ON]

    def _export(self, number: int) -> list[str]:
        return life.EXPORT

    def _take(self, gone: Gone) -> None:
        """What was acknowledged is owed from now on."""
        if gone.ended.code != 0:
            return
        if gone.what == "gift":
            assert self._owed.setdefault(gone.number, gone.ended.out.strip()) == gone.ended.out.strip()
        name = {"party": f"p{gone.number}/lin", "key": f"hope/k{gone.number}"}.get(gone.what)
        if name:
            path = key_path(self._home / "books", *name.split("/"))
            self._keys[str(path)] = path.read_bytes()

    def look(self) -> None:
        """All that is owed is there, nothing is there twice, and all is verified, before anybody has mended anything."""
        for path, content in self._keys.items():
            assert Path(path).read_bytes() == content and SigningKey.load(Path(path))
        directory = self._home / "books"
        store, _ = open_reader(directory)
        with closing(store):
            leaves = [read_leaf(raw) for raw in store.entries(0, store.tree_size)]
        self._check_gifts(leaves)
        with closing(DirectorySource(directory)) as source:
            report = verify(source, Policy.parse((directory / POLICY).read_bytes()))
        assert (report.verdict, report.findings, report.tree_size + report.unpublished) == ("verified", (), len(leaves))

    def _check_gifts(self, leaves: list) -> None:
        numbers = [re.sub("^0+", "", leaf.statement.id[-12:]) for leaf in leaves if leaf.statement.id.startswith("00000000-")]
        assert len(set(numbers)) == len(numbers)
        for number, ref in self._owed.items():
            assert leaves[int(ref.partition(".")[0])].statement.records[0].amount == number
        rows = [record.channel_ref for leaf in leaves for record in leaf.statement.records if getattr(record, "channel_ref", None)]
        assert len(set(rows)) == len(rows) <= self._imported

    def follow_the_page(self, number: int, at: int) -> tuple[str, bool]:
        """Type a gift without an id, kill it at the call `at`, and do what the page about losses says then. What `verify` said of
        the last entry, and whether the gift was typed again."""
        words = [*life.GIFT, "--amount", f"{number // 100}.{number % 100:02}"]
        if self._run(words, at=at, fault=KILL).out:
            return "", False
        verified = self._run(["verify", "books", "--trust", "books/trust.policy"])
        assert verified.code == 0 and "verified, unwitnessed" in verified.out, verified
        last = re.search(r"^last entry: (\S+)(.*)$", verified.out, re.MULTILINE)
        assert last is not None, verified.out
        again = not self._run(["trace", last[1], *life.ON]).out.startswith(f"{words[-1]} CNY, given on")
        if again:
            assert self._run(words).code == 0
        return last[2].strip(), again

    def calls_of_a_gift(self) -> int:
        """How many file calls it takes, when nothing kills it."""
        return self._run([*life.GIFT, "--amount", "900.00"]).calls

    def amounts(self) -> list[int]:
        """What was given, in order."""
        store, _ = open_reader(self._home / "books")
        with closing(store):
            leaves = [read_leaf(raw) for raw in store.entries(0, store.tree_size)]
        return [record.amount for leaf in leaves for record in leaf.statement.records if record.kind == "donation"]


def kill_many(program: Program, folder: Path, kills: int) -> None:
    chance, done = random.Random(SEED), 0
    while done < kills:
        home = folder / "home"
        shutil.rmtree(home, ignore_errors=True)
        town = Town(program, home, chance)
        for _ in range(min(LEDGER_KILLS, kills - done) // LOOK_EVERY + 1):
            killed = 0
            while killed < min(LOOK_EVERY, kills - done):
                killed += town.kill_one()
            done += killed
            town.look()


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "home" / "state"))


def test_killed_some_times(program: Program, tmp_path: Path):
    kill_many(program, tmp_path, 20)


def test_whoever_does_what_the_page_says_types_nothing_twice(program: Program, tmp_path: Path):
    """Killed in the last part of a command, in which it becomes durable and then signed."""
    town = Town(program, tmp_path / "home", random.Random(SEED))
    calls = town.calls_of_a_gift()
    said = [town.follow_the_page(number, at) for number, at in enumerate(range(calls - 48, calls, 5), 1)]
    assert town.amounts() == [90_000, *range(1, 11)]
    assert {("(not published yet)", False), ("", False), ("", True)} <= set(said)


@pytest.mark.long
def test_killed_ten_thousand_times(program: Program, tmp_path: Path):
    kill_many(program, tmp_path, 10_000)
