"""`givetrail monitor`: what it says, and how it ends."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

import cli.commands.monitor
from tests.cli.transcript import Ended, run_program
from tests.language import ORIGIN
from tests.log_files.tileserver import TileServer, body, put_log, serving, status
from tests.monitoring.conftest import WITNESSED, cosigned
from tests.writer.on_disk import TRUST


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a trust policy."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policy").write_bytes(TRUST.format())
    return tmp_path


@pytest.fixture
def server(desk: Path) -> Iterator[TileServer]:
    """A log of 300 entries, served."""
    with serving(put_log(300, desk / "log")) as server:
        yield server


def monitor(server: TileServer, *more: str) -> Ended:
    return run_program(["monitor", server.url, "M", "--trust", "policy", *more])


def test_a_round_says_what_was_checked_and_what_not(desk: Path, server: TileServer):
    ended = monitor(server)
    lines = ended.stdout.splitlines()
    assert (ended.exit_code, ended.stderr) == (0, "") and lines[0].startswith(f"M: {ORIGIN}, 300 entries, root ")
    assert lines[1].endswith(", 1 checkpoint kept") and lines[1].startswith("newest since 20")
    assert lines[2:] == [
        "checked: the log's signature, and the cosignatures that the policy asks for",
        "not checked: the entries and the rules about money: run givetrail verify on the log",
        "not checked: whether others were shown the same log: name what they keep with --compare, or witnesses in the trust policy",
        "not checked: earlier checkpoints: the folder had none, so a log that was replaced as a whole would not be noticed",
    ]
    put_log(600, desk / "log")
    said = monitor(server, "--compare", "M").stdout
    assert "checked: the log continues from the 300 entries that the folder had\ncompared: M: 1 checkpoint agrees\n" in said
    assert {path.name for path in (desk / "M").iterdir()} == {"checkpoints", "monitor.json", "feed.atom", "index.html"}


def test_an_alarm_ends_with_3_and_is_in_the_document(desk: Path, server: TileServer):
    monitor(server)
    fork = put_log(700, desk / "fork", other_from=100)
    with serving(fork) as other:
        assert monitor(other).stdout.splitlines()[2].startswith("alarm: ")
        ended = monitor(other, "--json", "--compare", str(fork))
    value = json.loads(ended.stdout)
    assert ended.exit_code == value["exit_code"] == 3
    assert [alarm["rule"] for alarm in value["alarms"]] == ["fork", "consistency"]
    assert (desk / "M" / value["alarms"][0]["evidence"][0]).read_bytes() == (fork / "checkpoint").read_bytes()
    assert value["tree_size"] == 300 and "fork" in (desk / "M/feed.atom").read_text()


def test_a_log_that_is_not_reached_ends_with_4(desk: Path, server: TileServer):
    server.always["checkpoint"] = status(400)
    ended = monitor(server)
    assert ended.exit_code == 4 and ended.stderr.startswith("not reached: ")
    assert "alarm: " in monitor(server, "--silent-after", "0").stdout
    assert (desk / "M/index.html").exists()


def test_a_webhook_that_fails_is_said_and_hides_nothing(desk: Path, server: TileServer):
    monitor(server)
    server.always["checkpoint"] = body((put_log(200, desk / "old") / "checkpoint").read_bytes())
    ended = monitor(server, "--webhook", f"{server.url}/hook")  # this server takes no POST
    assert ended.exit_code == 3 and "[consistency]" in ended.stdout
    assert "not told: " in ended.stdout and "answers 501" in ended.stdout
    assert monitor(server, "--webhook", "http://example.org/").exit_code == 2


def test_it_follows_until_an_alarm(desk: Path, server: TileServer, monkeypatch: pytest.MonkeyPatch):
    """The log grows; the server is gone for a round; a quorum is missed for a round; the log is rolled back."""
    old = put_log(200, desk / "old")
    waits: list[float] = []
    happening = iter([
        lambda: put_log(400, desk / "log"),
        lambda: server.next("checkpoint", status(400)),
        lambda: None,
        lambda: server.always.update(checkpoint=body((old / "checkpoint").read_bytes())),
    ])  # fmt: skip
    monkeypatch.setattr(cli.commands.monitor.time, "sleep", lambda seconds: (waits.append(seconds), next(happening)()))
    ended = monitor(server, "--follow", "7")
    assert (ended.exit_code, waits) == (3, [7] * 4)
    heads = [line.split(", root ")[0] for line in ended.stdout.splitlines() if ", root " in line and line.startswith("M: ")]
    assert heads == [f"M: {ORIGIN}, {size} entries" for size in (300, 400, 400)]
    assert ended.stderr.count("[unreachable]") == 1 and "[consistency]" in ended.stdout


def test_following_outlasts_a_quorum_that_comes_late(desk: Path, server: TileServer, monkeypatch: pytest.MonkeyPatch):
    (desk / "policy").write_bytes(WITNESSED.format())
    happening = iter([
        lambda: (desk / "log/checkpoint").write_bytes(cosigned(desk / "log")), lambda: signal.raise_signal(signal.SIGINT),
    ])  # fmt: skip
    monkeypatch.setattr(cli.commands.monitor.time, "sleep", lambda seconds: next(happening)())
    ended = monitor(server, "--follow", "7")
    assert ended.exit_code == 130 and ended.stderr.count("[witness-quorum]") == 1
    assert ended.stdout.startswith(f"M: {ORIGIN}, 300 entries")


def test_wrong_usage_makes_nothing(desk: Path, server: TileServer):
    for words in (["--follow", "7", "--json"], ["--follow", "0"], ["--silent-after", "-1"], ["--compare", ""]):
        assert monitor(server, *words).exit_code == 2
    assert run_program(["monitor", "ftp://example.org/log", "N", "--trust", "policy"]).exit_code == 2
    assert not (desk / "M").exists()
