"""Witnesses on the command line: `init --witness`, asking after a record, `witness`, and the ledger that stops."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from ledger.directory.publication import POLICY
from ledger.log.checkpoint import checkpoint_in
from ledger.log.note import VerifierKey, parse_note
from ledger.log.policy import Policy
from tests.cli.transcript import Ended
from tests.witnessing.witness import Watching, watching

Run = Callable[..., Ended]
UNKNOWN = VerifierKey("none.example", bytes(32))


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ledger.witnessing.round.APART_S", 0.0)


@pytest.fixture
def two() -> Iterator[list[Watching]]:
    with ExitStack() as stack:
        yield [stack.enter_context(watching(name, UNKNOWN)) for name in ("north", "south")]


def named(one: Watching) -> list[str]:
    return ["--witness", f"{one.name}={one.vkey.format()}@{one.url}"]


def begin(run: Run, two: list[Watching], *more: str) -> Path:
    """A ledger B whose witnesses know it."""
    ended = run("init", "B", "--origin", "b.example/1", "--unit", "CNY:2", *named(two[0]), *named(two[1]), *more)
    assert ended.exit_code == 0, ended.stderr
    policy = Policy.parse(Path("B", POLICY).read_bytes())
    for one in two:
        one.log = policy.logs[0].vkey
    return Path("B")


def size(directory: Path) -> int:
    return checkpoint_in((directory / "checkpoint").read_bytes()).tree_size


def party(run: Run, number: int) -> Ended:
    return run("party", "add", f"shop{number}", "--name", "Shop", "--role", "vendor", "--ledger", "B")


def test_a_new_ledger_names_them_and_says_why(desk: Path, run: Run, two: list[Watching]):
    ended = run("init", "B", "--origin", "b.example/1", *named(two[0]), *named(two[1]))
    text = Path("B", POLICY).read_text()
    assert text.startswith("# Without witnesses, only the operator says")
    assert "group witnesses 2 north south\nquorum witnesses\n" in text
    assert "refused: north: it answers 403 (it does not know the log's key)" in ended.stderr and "not published yet" in ended.stderr
    ended = run("export", "E", "--ledger", "B")
    assert ended.exit_code == 4 and "the quorum of witnesses has not cosigned" in ended.stderr and not Path("E").exists()
    ended = run("verify", "B", "--trust", f"B/{POLICY}")
    assert ended.exit_code == 3 and "cosigned by no witness" in ended.stdout


def test_every_record_is_cosigned_and_verify_says_so(desk: Path, run: Run, two: list[Watching]):
    directory = begin(run, two)
    ended = run("witness", "--ledger", "B")
    assert ended.exit_code == 0 and "2 entries: cosigned by north (" in ended.stdout
    ended = party(run, 1)
    assert ended.exit_code == 0 and "cosigned by north (" in ended.stderr and ", south (" in ended.stderr
    assert size(directory) == 3 and len(parse_note((directory / "checkpoint").read_bytes()).signatures) == 3
    ended = run("verify", "B", "--trust", f"B/{POLICY}")
    assert "unwitnessed" not in ended.stdout and ended.exit_code == 0


def test_nothing_is_published_before_the_quorum_and_nothing_is_lost(desk: Path, run: Run, two: list[Watching]):
    directory = begin(run, two)
    run("witness", "--ledger", "B")
    two[1].says = (500, "", b"")
    ended = party(run, 1)
    assert ended.exit_code == 0 and "not published yet" in ended.stderr and size(directory) == 2
    ended = run("witness", "--ledger", "B", "--json")
    assert ended.exit_code == 4 and json.loads(ended.stdout)["published"] is False
    two[1].says = None
    assert run("witness", "--ledger", "B").exit_code == 0 and size(directory) == 3


def test_hold_gives_no_answer_before_the_quorum(desk: Path, run: Run, two: list[Watching]):
    directory = begin(run, two, "--hold")
    run("witness", "--ledger", "B")
    two[1].says = (500, "", b"")
    ended = party(run, 1)
    assert ended.exit_code == 4 and "recorded as 2.0" in ended.stderr and "holds its answers" in ended.stderr and not ended.stdout
    two[1].says = None
    ended = party(run, 2)
    assert ended.exit_code == 0 and ended.stdout and size(directory) == 4


def test_a_copy_from_another_machine_is_stopped_before_it_signs(
    desk: Path, run: Run, two: list[Watching], monkeypatch: pytest.MonkeyPatch
):  # fmt: skip
    begin(run, two)
    party(run, 1)
    assert run("backup", "BACK", "--ledger", "B").exit_code == 0
    party(run, 2)
    shutil.move("B", "LOST")
    monkeypatch.setenv("GIVETRAIL_STATE", str(desk / "another machine"))
    assert run("restore", "BACK", "B", "--keys", "LOST/keys").exit_code == 0
    ended = party(run, 3)
    assert ended.exit_code != 0 and "witness north has cosigned 4 entries of this log, but only 3 are here" in ended.stderr
    assert "recorded as" not in ended.stderr and size(Path("B")) == 3
    assert run("witness", "--resume", "--ledger", "B").exit_code == 0
    assert party(run, 3).exit_code == 0, "somebody has looked"


def test_a_shown_checkpoint(desk: Path, run: Run, two: list[Watching], monkeypatch: pytest.MonkeyPatch):
    begin(run, two)
    run("witness", "--ledger", "B")
    shutil.copytree("B", "OLD")
    party(run, 1)
    ended = run("witness", "--shown", "OLD/checkpoint", "--ledger", "B")
    assert ended.exit_code == 0 and "the ledger continues its 2 entries" in ended.stdout
    ended = run("witness", "--shown", "B/checkpoint", "--ledger", "OLD")
    assert ended.exit_code == 6 and "has signed 3 entries that are not here" in ended.stdout
    monkeypatch.setenv("GIVETRAIL_STATE", str(desk / "another machine"))
    ended = run("party", "add", "shop", "--name", "Shop", "--role", "vendor", "--ledger", "OLD")
    assert ended.exit_code == 6 and "the log's key has signed 3 entries" in ended.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [(["--witness", "north"], "must be NAME=VKEY@URL"), (["--witness", "north=abc@https://x.example"], "vkey"),
     (["--quorum", "2"], "1 to the number of witnesses, which is 0"), (["--hold"], "needs a quorum of witnesses")],
)  # fmt: skip
def test_what_names_no_witness_makes_no_ledger(desk: Path, run: Run, words: list[str], says: str):
    ended = run("init", "B", "--origin", "b.example/1", *words)
    assert ended.exit_code == 2 and says in ended.stderr and not Path("B").exists()


def test_the_same_witness_twice_is_refused(desk: Path, run: Run, two: list[Watching]):
    twice = ["--witness", f"other={two[0].vkey.format()}@{two[0].url}"]
    ended = run("init", "B", "--origin", "b.example/1", *named(two[0]), *twice)
    assert ended.exit_code == 2 and "the same public key is given above" in ended.stderr and not Path("B").exists()


def test_without_witnesses_nobody_is_asked(desk: Path, run: Run):
    run("init", "B", "--origin", "b.example/1")
    ended = run("witness", "--ledger", "B")
    assert ended.exit_code == 2 and "names no witness with an address" in ended.stderr


def test_a_whole_copy_on_another_machine_asks_before_it_signs(
    desk: Path, run: Run, two: list[Watching], monkeypatch: pytest.MonkeyPatch
):  # fmt: skip
    """The copy has what is known of the witnesses too; but this machine has never signed for the log."""
    begin(run, two)
    run("witness", "--ledger", "B")
    shutil.copytree("B", "OLD")
    party(run, 1)
    monkeypatch.setenv("GIVETRAIL_STATE", str(desk / "another machine"))
    ended = run("party", "add", "shop", "--name", "Shop", "--role", "vendor", "--ledger", "OLD")
    assert ended.exit_code != 0 and "recorded as" not in ended.stderr and "but only 2 are here" in ended.stderr
