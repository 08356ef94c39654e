"""Which lines of the program each test runs, and how long it takes: a plugin of pytest."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

Seen = set[tuple[str, int]]
LOOKED_S = 5.0
"""What a test runs after so long is not looked at: to look makes it slower, and such a test tells nothing soon."""


class Lines:
    """Writes {test: [seconds, {path: [line, …]}]}, beside what was known of other tests. What a fixture of several tests runs is
    run by each of them."""

    def __init__(self, root: Path, paths: list[str], file: Path) -> None:
        self._paths = {str(root / path): path for path in paths}
        self._file = file
        self._now: Seen = set()
        self._of_fixtures: dict[str, Seen] = defaultdict(set)
        self._told: dict[str, tuple[float, Seen, list[str]]] = {}
        self._known: dict[CodeType, str | None] = {}
        self._until_s = 0.0

    def _trace(self, frame: FrameType, event: str, _: Any) -> Any:
        code = frame.f_code
        if code not in self._known:
            self._known[code] = self._paths.get(code.co_filename)
        path = self._known[code]
        if path is None:
            return None
        if time.perf_counter() > self._until_s:
            sys.settrace(None)
            return None
        self._now.add((path, frame.f_lineno))

        def each(frame: FrameType, event: str, _: Any) -> Any:
            self._now.add((path, frame.f_lineno))
            return each if time.perf_counter() < self._until_s else None

        return each

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._now, began_s = set(), time.perf_counter()
        self._until_s = began_s + LOOKED_S
        threading.settrace(self._trace)
        sys.settrace(self._trace)
        yield
        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type]
        self._told[item.nodeid] = (time.perf_counter() - began_s, self._now, list(item.fixturenames))

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Iterator[None]:
        before, self._now = self._now, set()
        yield
        if fixturedef.scope != "function":
            self._of_fixtures[fixturedef.argname] |= self._now
        self._now = before | self._now

    def pytest_sessionfinish(self) -> None:
        told = json.loads(self._file.read_text()) if self._file.exists() else {}
        for test, (took_s, seen, fixtures) in self._told.items():
            seen = seen.union(*[self._of_fixtures[name] for name in fixtures if name in self._of_fixtures])
            lines: dict[str, list[int]] = defaultdict(list)
            for path, line in sorted(seen):
                lines[path].append(line)
            told[test] = (round(took_s, 3), lines)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps(told))
