"""`givetrail serve` as a process: it says where it is, answers beside a writing process, and ends when it is told to."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from ledger.log.checkpoint import parse_checkpoint
from ledger.log.note import parse_note
from tests.api.story import Told
from tests.cli.transcript import run_program
from tests.writer.on_disk import OnDisk
from tests.writer.test_kill import acknowledged, entering

PATIENCE_S = 180
GIVETRAIL = str(Path(sys.executable).with_name("givetrail"))
ROOT = Path(__file__).parents[2]


@contextmanager
def serving(*command: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of its own, and its address."""
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, **environment},
        start_new_session=True,
    )  # fmt: skip
    try:
        yield process, re.search(r"http://\S+?(?=;|\s|$)", hear(process, "http://")).group()
    finally:
        with suppress(ProcessLookupError):  # and the processes that it has started
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def hear(process: subprocess.Popen[str], words: str) -> str:
    """The next line of its stderr with these words in it."""
    said = ""
    while words not in said:
        said = process.stderr.readline()
        assert said, f"it ended with {process.wait()}"
    return said


def get(address: str) -> tuple[bytes, dict[str, str]]:
    with urllib.request.urlopen(address, timeout=PATIENCE_S) as response:
        return response.read(), {name.lower(): value for name, value in response.headers.items()}


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_and_ends_when_told(told: Told, end: signal.Signals):
    """Also with a stream open, which would go on for ever."""
    with serving(GIVETRAIL, "serve", "--ledger", str(told.directory), "--port", "0") as (process, address):
        assert address.startswith("http://127.0.0.1:")
        body, headers = get(f"{address}/tile/0/000")
        assert body == (told.export / "tile/0/000").read_bytes() and "server" not in headers
        assert json.loads(get(f"{address}/v1/donations/{told.refs['gift']}/trace")[0])["ref"] == told.refs["gift"]
        with urllib.request.urlopen(f"{address}/v1/checkpoints/stream", timeout=PATIENCE_S) as stream:
            assert [stream.readline() for _ in range(3)] == [b"retry: 2000\n", b"\n", b"id: 324\n"]
            process.send_signal(end)
            assert stream.read().count(b"event: checkpoint") == 1, "and the stream ends whole"
        assert process.wait(PATIENCE_S) == 0
        assert process.stderr.read() == ""


def test_it_follows_a_process_that_writes(town: OnDisk):
    """Every checkpoint that it gives is covered by tiles and answers of that size."""
    town.close()
    with serving(GIVETRAIL, "serve", "--ledger", str(town.directory), "--port", "0") as (_, address):
        writer = entering(town.directory, 0)
        try:
            assert writer.stdout.readline()
            sizes = set()
            while len(sizes) < 5:
                size = parse_checkpoint(parse_note(get(f"{address}/checkpoint")[0]).text).tree_size
                sizes.add(size)
                index, width = divmod(size, 256)
                path = f"{address}/tile/0/{index:03}.p/{width}" if width else f"{address}/tile/0/{index - 1:03}"
                assert len(get(path)[0]) == 32 * (width or 256)
                ledger = json.loads(get(f"{address}/v1/ledger?at_size={size}")[0])
                gifts = size - 4
                assert ledger["tree_size"] == size
                assert sum(one["amount"]["minor"] for one in ledger["given"]) == gifts * (gifts + 1) // 2
        finally:
            acknowledged(writer, 0)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_several_processes_answer_at_one_address(told: Told, end: signal.Signals):
    with serving(GIVETRAIL, "serve", "--ledger", str(told.directory), "--port", "0", "--workers", "2") as (process, address):
        for _ in range(5):
            assert get(f"{address}/checkpoint")[0] == (told.export / "checkpoint").read_bytes()
            assert json.loads(get(f"{address}/v1/ledger")[0])["tree_size"] == told.tree_size
        process.send_signal(end)
        assert process.wait(PATIENCE_S) == 0
        assert process.stderr.read() == ""


def test_all_end_when_one_process_fails(told: Told):
    with serving(GIVETRAIL, "serve", "--ledger", str(told.directory), "--port", "0", "--workers", "2") as (process, address):
        get(f"{address}/checkpoint")
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        if not children.exists():
            pytest.skip("this system does not say which processes a process has started")
        os.kill(int(children.read_text().split()[-1]), signal.SIGKILL)
        assert process.wait(PATIENCE_S) == 1
        assert "ended unexpectedly" in process.stderr.read()


def test_the_factory_serves_what_the_environment_names(told: Told):
    """Under any ASGI server."""
    command = [sys.executable, "-m", "uvicorn", "--factory", "api.app:app_of_environment", "--port", str(free_port())]
    with serving(*command, GIVETRAIL_LEDGER=str(told.directory), GIVETRAIL_RATE="7") as (process, address):
        assert get(f"{address}/checkpoint")[0] == (told.export / "checkpoint").read_bytes()
        assert json.loads(get(f"{address}/v1/ledger")[0])["tree_size"] == told.tree_size
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) in (0, -signal.SIGTERM)


def test_an_option_goes_before_its_variable(told: Told):
    """And a variable without an option is read."""
    command = [GIVETRAIL, "serve", "--ledger", str(told.directory), "--port", "0", "--public-url", "https://option.example/x"]
    variables = {"GIVETRAIL_PUBLIC_URL": "https://variable.example", "GIVETRAIL_RATE": "fast"}
    refused = subprocess.run(command, env={**os.environ, **variables}, cwd=ROOT, capture_output=True, text=True, check=False)
    assert refused.returncode == 2 and "rate 'fast'" in refused.stderr
    with serving(*command, "--rate", "9", **variables) as (_, address):
        assert b'href="https://option.example/x/projects"' in get(f"{address}/projects")[0]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_the_factory_wants_a_ledger():
    ended = subprocess.run(
        [sys.executable, "-c", "import api.app; api.app.app_of_environment()"],
        cwd=ROOT, capture_output=True, text=True, check=False,
        env={name: value for name, value in os.environ.items() if name != "GIVETRAIL_LEDGER"},
    )  # fmt: skip
    assert ended.returncode == 1 and "set GIVETRAIL_LEDGER to its directory" in ended.stderr


def test_what_cannot_be_served_is_said(told: Told, tmp_path: Path):
    nothing = run_program(["serve", "--ledger", str(tmp_path)])
    assert nothing.exit_code == 2 and "does not contain a ledger" in nothing.stderr
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        busy = run_program(["serve", "--ledger", str(told.directory), "--port", str(port)])
    assert busy.exit_code == 2 and f"cannot listen on 127.0.0.1 port {port} (Address already in use); choose another" in busy.stderr
    assert run_program(["serve", "--ledger", str(told.directory), "--rate", "fast"]).exit_code == 2
