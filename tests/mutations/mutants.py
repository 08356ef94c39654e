"""Runs the tests against one changed program after the other, each in a fork of a process that has everything loaded: a plugin of
pytest."""

from __future__ import annotations

import ast
import gc
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType, FunctionType
from typing import NamedTuple

import pytest

from tests.mutations.sites import Site, mutated

TESTS_S, TEST_S, STARTED_S = 60.0, 60.0, 0.01
"""No test is begun after the first; one that takes longer than the second, beyond it, is taken for one that does not end. The third
is what beginning a test takes."""
NEVER_RUN, KILLED, SURVIVED, ENDLESS = "never run", "killed", "survived", "killed: it does not end"
UNSURE = "unsure: the tests fail without the change too"
NOT_CHANGED = 2
HOW = {0: SURVIVED, 1: KILLED, NOT_CHANGED: "not changed"}
FEW, FIRST_S = 4, 15.0


class Outcome(NamedTuple):
    """What became of a mutant: killed, or one of the other words above, after how many seconds."""

    site: Site
    how: str
    seconds: float


class Mutants:
    """Tells `say` the outcome for every site. `tests` are those to run for it, the most telling first."""

    def __init__(
        self, root: Path, sites: Sequence[Site], tests: Callable[[Site], list[str]], say: Callable[[Outcome], None],
        tests_s: float = TESTS_S,
    ) -> None:  # fmt: skip
        self._root, self._sites, self._tests, self._say, self._tests_s = root, sites, tests, say, tests_s

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        self._functions = [one for one in gc.get_objects() if type(one) is FunctionType]
        for site in self._sites:
            chosen, began_s = [items[name] for name in self._tests(site) if name in items], time.perf_counter()
            how = self._tried(session, site, chosen) if chosen else NEVER_RUN
            self._say(Outcome(site, how, time.perf_counter() - began_s))
        return True

    def _tried(self, session: pytest.Session, site: Site, chosen: Sequence[pytest.Item]) -> str:
        how, begun = self._run(session, site, chosen)
        if how == KILLED and self._run(session, None, chosen[:begun])[0] != SURVIVED:
            return UNSURE
        return how

    def _run(self, session: pytest.Session, site: Site | None, chosen: Sequence[pytest.Item]) -> tuple[str, int]:
        """What became of the program, changed or not, and how many tests were begun."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            self._in_child(session, site, chosen, writing)
        os.close(writing)
        until_s = time.perf_counter() + self._tests_s + TEST_S
        ended, status = 0, 0
        while not ended and time.perf_counter() < until_s:
            time.sleep(0.01)
            ended, status = os.waitpid(child, os.WNOHANG)
        if not ended:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
        with open(reading, "rb") as begun:
            number = len(begun.read())
        return (HOW.get(os.waitstatus_to_exitcode(status), KILLED) if ended else ENDLESS), number

    def _in_child(self, session: pytest.Session, site: Site | None, chosen: Sequence[pytest.Item], begun: int) -> None:
        os.setpgrp()
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        code = NOT_CHANGED
        try:
            if site is not None:
                apply(mutated(self._root, site), str(self._root / site.path), site.function, self._functions)
            code = 1
            code = 0 if _all_pass(session, chosen, self._tests_s, begun) else 1
        finally:
            os._exit(code)


def _all_pass(session: pytest.Session, chosen: Sequence[pytest.Item], tests_s: float, begun: int) -> bool:
    until_s = time.perf_counter() + tests_s
    for place, item in enumerate(chosen):
        following = chosen[place + 1] if place + 1 < len(chosen) else None
        os.write(begun, b".")
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed or time.perf_counter() > until_s:
            break
    return not session.testsfailed


def apply(tree: ast.Module, file: str, function: str, functions: Iterable[FunctionType]) -> None:
    """Give every function that was made of this text the changed code. Raises AssertionError where there is none."""
    wanted = {code.co_firstlineno: code for code in _codes(compile(tree, file, "exec")) if code.co_qualname == function}
    changed = 0
    for made in functions:
        old = made.__code__
        if old.co_filename == file and old.co_firstlineno in wanted and old.co_qualname == function:
            made.__code__ = wanted[old.co_firstlineno]
            changed += 1
    assert changed, f"{function} of {file} was not found"


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _codes(const)


def order(told: Mapping[str, tuple[float, Mapping[str, list[int]]]]) -> Callable[[Site], list[str]]:
    """Which tests run a line, the most telling first: for some seconds those that run little but the line's own file, and end soon;
    then, of what is left, a few cases of each test, then a few more."""
    by_line: dict[tuple[str, int], list[str]] = {}
    run: dict[str, int] = {}
    for test, (_, lines) in told.items():
        run[test] = sum(map(len, lines.values()))
        for path, line in ((path, line) for path, own in lines.items() for line in own):
            by_line.setdefault((path, line), []).append(test)

    def tests(site: Site) -> list[str]:
        def weight(test: str) -> float:
            took_s, lines = told[test]
            return (took_s + STARTED_S) * run[test] / len(lines[site.path])

        rounds = Counter[str]()
        spent_s = 0.0

        def rank(test: str) -> int:
            nonlocal spent_s
            spent_s += told[test][0] + STARTED_S
            if spent_s < FIRST_S:
                return 0
            function = test.partition("[")[0]
            rounds[function] += 1
            return 1 + rounds[function] // FEW

        lightest = sorted(by_line.get((site.path, site.line), []), key=weight)
        return sorted(lightest, key=rank)

    return tests
