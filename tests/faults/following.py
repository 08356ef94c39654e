"""What happens after a fault: the message is read, and what it says is done to the letter."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import NamedTuple

from tests.faults.cases import Case
from tests.faults.disk import Program
from tests.faults.program import FAULTS, Ended, Job

WATCHED = ("books", "state", "out", "copy", "watch", "saved", ".saved", ".books")
VERIFY = ["verify", "books", "--trust", "books/trust.policy"]
ID = re.compile(r"run the same command again with (--statement-id) ([0-9a-f-]{36})")
REMOVE = re.compile(r"remove (\S+?),? and run the same command again")


class Told(NamedTuple):
    """The outcome, and what is wrong with it, "" for nothing."""

    outcome: str
    wrong: str


class Struck:
    """One fault at one file call of one command, on a desk of its own."""

    def __init__(self, program: Program, case: Case, home: Path, at: int, fault: str, alone: bool = False) -> None:
        """`alone`: in a process of its own."""
        self._program, self._case, self._home = program, case, home
        self._watched = [str(home / name) for name in WATCHED]
        run = program.start if alone else program.run
        self.ended = run(Job(case.words, str(home), self._watched, at, FAULTS[fault]))
        self._there = 0

    def _run(self, words: list[str]) -> Ended:
        return self._program.run(Job(words, str(self._home), self._watched))

    def told(self) -> Told:
        """What became of it."""
        self._there = self._case.count(self._home)
        if self.ended.code < 0:
            return self._after_death()
        if self.ended.code == 0:
            wrong = "" if self._case.says in self.ended.out.splitlines() or not self._case.says else f"said {self.ended.out!r}"
            return Told("said and there", wrong or self._wrong_at_the_end())
        return self._after_refusal(self.ended.err)

    def _after_death(self) -> Told:
        """Nothing was said. What can be said again is said again, all else where it is not there."""
        wrong = self._wrong_now()
        if self._case.repeats or not self._there:
            again = self._run(self._case.words)
            if again.code and "already exists" not in again.err:
                return Told("killed", f"{wrong}; again: {again.err}")
        return Told("killed", wrong or self._wrong_at_the_end())

    def _after_refusal(self, said: str) -> Told:
        words = rf"recorded as {self._case.says}\b" if self._case.says else r"rows? recorded as|is made"
        is_said = re.search(words, said) is not None
        outcome = "there, and said so" if is_said else "refused, and there" if self._there else "refused, not there"
        wrong = self._wrong_now()
        if outcome == "there, and said so" and not self._there:
            wrong = "said, and not there"
        words = self._advised(said)
        if words is None and outcome != "there, and said so":
            return Told(outcome, f"no advice: {said}")
        if words is not None:
            again = self._run(words)
            if again.code:
                return Told(outcome, f"{said}\nthe advice: {again.err or again.code}")
        return Told(outcome, wrong or self._wrong_at_the_end())

    def _advised(self, said: str) -> list[str] | None:
        """The command line that the message asks for; None where there is nothing to do."""
        if found := ID.search(said):
            return [*self._case.words, *found.groups()]
        if found := REMOVE.search(said):
            shutil.rmtree(self._home / found[1], ignore_errors=True)
            return self._case.words
        return self._case.words if "run the same command again" in said else None

    def _wrong_now(self) -> str:
        """A verification right after a fault finds nothing false."""
        if self._case.words[0] == "init" or not (self._home / "books" / "ledger.sqlite").exists():
            return ""
        ended = self._run(VERIFY)
        return "" if ended.code == 0 else f"verify: {ended.out}{ended.err}"

    def _wrong_at_the_end(self) -> str:
        count = self._case.count(self._home)
        if count != self._case.whole:
            return f"{count} of {self._case.whole} are there"
        ended = self._run(VERIFY)
        return "" if ended.code == 0 else f"verify at the end: {ended.out}{ended.err}"
