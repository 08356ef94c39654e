"""A fault at every file call of every command: it says what is there, or what it advises works when it is done to the letter."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.faults.cases import CASES, URL, Case, prepare
from tests.faults.disk import Program
from tests.faults.following import WATCHED, Struck
from tests.faults.program import FAULTS, Job

SEED = 20261129
FEW = 3
Desk = Callable[[Case], Path]


@pytest.fixture(scope="module")
def desk(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Desks on which the commands before a case were run, each made once and copied."""
    made: dict[tuple[str, ...], Path] = {}

    def get(case: Case) -> Path:
        key = tuple(" ".join(words) for words in case.before)
        if key not in made:
            made[key] = home = tmp_path_factory.mktemp("desk")
            prepare(home)
            for words in case.before:
                ended = program.run(Job(words, str(home)))
                assert ended.code == 0, ended
        return made[key]

    return get


def struck(
    program: Program, case: Case, desk: Path, home: Path, points: Iterable[tuple[int, str]], alone: bool = False
) -> tuple[Counter[str], list[str]]:
    """Strike at those calls, each on a copy of the desk: how often which outcome, and what was wrong."""
    outcomes, wrong = Counter[str](), []
    for at, fault in points:
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(desk, home)
        told = Struck(program, case, home, at, fault, alone).told()
        outcomes[told.outcome] += 1
        if told.wrong:
            outcomes["wrong"] += 1
            wrong.append(f"{fault} at call {at}, {told.outcome}: {told.wrong}")
    return outcomes, wrong


@contextmanager
def reachable(case: Case, desk: Path) -> Iterator[Case]:
    """The case with the address of a server that gives out the desk's folder `out`, where it asks for one."""
    if URL not in case.words:
        yield case
        return
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(desk / "out")))
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield case._replace(words=[address if word == URL else word for word in case.words])
    finally:
        server.shutdown()
        server.server_close()


class Quiet(SimpleHTTPRequestHandler):
    """Files, and no lines on stderr."""

    def log_message(self, format: str, *args: object) -> None:
        pass


def calls_of(program: Program, case: Case, desk: Path, home: Path) -> int:
    """How many file calls the command makes where nothing fails."""
    shutil.copytree(desk, home)
    ended = program.run(Job(case.words, str(home), [str(home / name) for name in WATCHED]))
    assert ended.code == 0, ended
    return ended.calls


def check_some(name: str, program: Program, desk: Desk, folder: Path, faults: list[str], alone: bool = False) -> None:
    """A seeded sample of calls: one for each of the faults named."""
    home = desk(CASES[name])
    with reachable(CASES[name], home) as case:
        calls, chance = calls_of(program, case, home, folder / "whole"), random.Random(f"{SEED} {name}")
        points = [(chance.randrange(1, calls + 1), fault) for fault in faults]
        outcomes, wrong = struck(program, case, home, folder / "home", points, alone)
    print(f"{name}: {calls} calls, {len(points)} faults, {dict(outcomes)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", CASES)
def test_a_fault_at_some_calls(name: str, program: Program, desk: Desk, tmp_path: Path):
    check_some(name, program, desk, tmp_path, random.Random(f"{SEED} {name}").sample([*FAULTS], FEW))


@pytest.mark.long
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", CASES)
def test_a_fault_at_every_call(name: str, fault: str, program: Program, desk: Desk, tmp_path: Path):
    home = desk(CASES[name])
    with reachable(CASES[name], home) as case:
        calls = calls_of(program, case, home, tmp_path / "whole")
        outcomes, wrong = struck(program, case, home, tmp_path / "home", [(at, fault) for at in range(1, calls + 1)])
    print(f"{name}, {fault}: {calls} calls, {dict(outcomes)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.long
@pytest.mark.parametrize("name", CASES)
def test_faults_that_meet_a_process_of_its_own(name: str, program: Program, desk: Desk, tmp_path: Path):
    """A hundred of each kind of fault, over all commands."""
    check_some(name, program, desk, tmp_path, [*FAULTS] * -(-100 // len(CASES)), alone=True)
