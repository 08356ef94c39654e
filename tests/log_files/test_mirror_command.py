"""`givetrail mirror`, over HTTP: what it says, how it ends, and that a killed one goes on where it was."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import cli.commands.mirror
from ledger.log.checkpoint import parse_checkpoint
from ledger.log.cosignature import cosign
from ledger.log.key import SigningKey
from ledger.log.note import COSIGNATURE, VerifierKey, format_note, parse_note
from ledger.log.policy import Policy, Witness
from tests.audit.mirror import make_small
from tests.cli.transcript import Ended, run_program
from tests.language import ORIGIN
from tests.log_files.conftest import contents
from tests.log_files.tileserver import Answer, TileServer, body, put_log, serving, status
from tests.writer.on_disk import TRUST

ROOT = Path(__file__).resolve().parents[2]
STRANGER = SigningKey.from_seed(bytes(32))
PROGRAM = [sys.executable, "-c", "from cli.main import main; main()"]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a trust policy."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    (tmp_path / "policy").write_bytes(TRUST.format())
    return tmp_path


@pytest.fixture
def server(desk: Path) -> Iterator[TileServer]:
    """A log of 300 entries, served."""
    with serving(put_log(300, desk / "log")) as server:
        yield server


def mirror(server: TileServer, *more: str) -> Ended:
    return run_program(["mirror", server.url, "M", "--trust", "policy", *more])


def test_a_log_is_mirrored_and_the_mirror_verified(desk: Path):
    small = make_small(desk)
    with serving(small.folder) as server:
        ended = mirror(server)
        root = ended.stdout.split()[5]
        assert (ended.exit_code, ended.stdout.splitlines(), ended.stderr) == (0, [
            f"M: {ORIGIN}, 6 entries, root {root}",
            "checked: the log's signature, 6 new entries, their tiles and the root",
            "not checked: the rules about money: run givetrail verify on the folder",
            "not checked: witnesses: the trust policy asks for none, so the log could show other people another history",
            "not checked: earlier checkpoints: the folder had none, so a log that was replaced as a whole would not be noticed",
            "2 files written",
        ], "")  # fmt: skip
    assert contents(desk / "M") == contents(small.folder)
    assert run_program(["verify", "M", "--trust", "policy"]).exit_code == 0


def test_run_again_it_fetches_what_is_new(desk: Path, server: TileServer):
    mirror(server)
    server.asked.clear()
    put_log(600, desk / "log")
    ended = mirror(server, "--once", "--json")
    value = json.loads(ended.stdout)
    assert (ended.exit_code, value["before"], value["tree_size"], value["url"], value["folder"]) == (0, 300, 600, server.url, "M")
    assert contents(desk / "M") == contents(desk / "log")
    assert sorted(path for path in server.paths if "entries" in path) == ["tile/entries/001", "tile/entries/002.p/88"]
    assert "checked: the log continues from the 600 entries that the folder had" in mirror(server).stdout.splitlines()


def test_a_fork_is_refused_with_exit_code_3(desk: Path, server: TileServer):
    mirror(server)
    with serving(put_log(700, desk / "fork", other_from=100)) as other:
        ended = mirror(other, "--json")
    error = json.loads(ended.stdout)
    assert (ended.exit_code, error["error"]) == (3, "fork")
    assert (desk / error["where"]).read_bytes() == (desk / "fork/checkpoint").read_bytes()
    assert (desk / "M/checkpoint").read_bytes() == (desk / "log/checkpoint").read_bytes()


@pytest.mark.parametrize(
    ("behaviour", "exit_code", "rule"),
    [(status(404), 4, "missing"), (status(400), 4, "unreachable"), (body(b"<html>"), 4, "missing"), (body(b"?"), 3, "checkpoint")],
)
def test_without_a_checkpoint_nothing_is_made(desk: Path, server: TileServer, behaviour, exit_code: int, rule: str):
    server.always["checkpoint"] = behaviour
    ended = mirror(server)
    assert (ended.exit_code, ended.stdout) == (exit_code, "") and ended.stderr.endswith(f"[{rule}]\n")
    assert not (desk / "M").exists()


@pytest.mark.parametrize("lost", ["tile/entries/001.p/44", "tile/0/000", "tile/1/000.p/1"])
def test_a_file_that_is_lost_leaves_the_mirror_where_it_was(desk: Path, server: TileServer, lost: str):
    server.always[lost] = status(400)
    assert mirror(server).exit_code == 4
    assert not (desk / "M/checkpoint").exists()
    server.always.clear()
    assert mirror(server).exit_code == 0
    assert contents(desk / "M") == contents(desk / "log")


def held(answer: Answer) -> None:
    """No answer, until the server ends."""
    answer.server.ended.wait()


def test_killed_over_the_network_it_takes_up_what_it_has(desk: Path):
    with serving(put_log(1000, desk / "log")) as server:
        server.always["tile/entries/002"] = held
        process = subprocess.Popen([*PROGRAM, "mirror", server.url, str(desk / "M"), "--trust", str(desk / "policy")], cwd=ROOT)
        while not (desk / "M/tile/0/001").exists():
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()
        process.wait()
        assert not (desk / "M/checkpoint").exists()
        server.always.clear()
        server.asked.clear()
        assert mirror(server).exit_code == 0
        fetched = sorted(path for path in server.paths if "entries" in path)
    assert fetched == ["tile/entries/002", "tile/entries/003.p/232"]
    assert contents(desk / "M") == contents(desk / "log")


def test_it_follows_until_it_is_interrupted(desk: Path, server: TileServer, monkeypatch: pytest.MonkeyPatch):
    """What happens between the rounds: nothing; the log grows; the server is gone for a round; the log grows; Ctrl-C."""
    waits: list[float] = []
    happening = iter([
        lambda: None,
        lambda: put_log(400, desk / "log"),
        lambda: (put_log(600, desk / "log"), server.next("checkpoint", status(400))),
        lambda: None,
        lambda: signal.raise_signal(signal.SIGINT),
    ])  # fmt: skip
    monkeypatch.setattr(cli.commands.mirror.time, "sleep", lambda seconds: (waits.append(seconds), next(happening)()))
    ended = mirror(server, "--follow", "7")
    assert ended.exit_code == 130 and waits == [7] * 5
    heads = [line.split(", root ")[0] for line in ended.stdout.splitlines() if ", root " in line]
    assert heads == [f"M: {ORIGIN}, {size} entries" for size in (300, 400, 600)]
    assert ended.stderr.count("[unreachable]") == 1
    assert contents(desk / "M") == contents(desk / "log")


def test_following_ends_where_the_log_is_rolled_back(desk: Path, server: TileServer, monkeypatch: pytest.MonkeyPatch):
    note = (put_log(200, desk / "older") / "checkpoint").read_bytes()
    server.next("checkpoint", lambda answer: answer.send(answer.file()), body(note))
    monkeypatch.setattr(cli.commands.mirror.time, "sleep", lambda seconds: None)
    ended = mirror(server, "--follow", "1")
    assert ended.exit_code == 3 and ended.stderr.endswith("[consistency]\n")
    assert [path.read_bytes() for path in (desk / "M/refused").iterdir()] == [note]


def test_a_policy_that_asks_for_witnesses_is_obeyed(desk: Path, server: TileServer):
    north = Witness("north", VerifierKey("witness.example.org/north", STRANGER.public, COSIGNATURE))
    (desk / "policy").write_bytes(Policy(TRUST.logs, (north,), (), "north").format())
    ended = mirror(server)
    assert ended.exit_code == 3 and ended.stderr.endswith("[witness-quorum]\n")
    assert not (desk / "M").exists()
    note = parse_note((desk / "log/checkpoint").read_bytes())
    seen = cosign(parse_checkpoint(note.text), 1_800_000_000, north.vkey.name, STRANGER)
    server.always["checkpoint"] = body(format_note(note.text, [*note.signatures, seen]))
    ended = mirror(server)
    assert ended.exit_code == 0 and "witnesses" not in ended.stdout
