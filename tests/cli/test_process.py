"""The program as a process: streams, locale, colour, signals, pipes."""

from __future__ import annotations

import json
import os
import pty
import random
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCALES = [{"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "latin-1"}]


def spawn(program: list[str], *words: str, **settings) -> subprocess.Popen:
    settings = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **settings}
    return subprocess.Popen([*program, *words], **settings)


def ran(program: list[str], *words: str, **env: str) -> subprocess.CompletedProcess:
    return subprocess.run([*program, *words], capture_output=True, text=True, env={**os.environ, **env}, check=False)


def on_terminal(program: list[str], words: list[str], typed: bytes = b"") -> tuple[int, str, str]:
    """Exit code, stdout (a pipe) and stderr (a terminal, which is stdin too) of a run."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([*program, *words], stdin=theirs, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    if typed:
        os.write(ours, typed)
    shown = b""
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # Linux says so when the last writer has gone
            chunk = b""
        if not chunk:
            break
        shown += chunk
    os.close(ours)
    stdout, _ = process.communicate()
    return process.returncode, stdout.decode(), shown.decode()


def test_starts_without_what_it_does_not_need(program: list[str]):
    code = (
        "import sys, runpy\n"
        "sys.argv = ['givetrail', '--help']\n"
        "try: runpy.run_module('cli.main', run_name='x')['cli'].main()\n"
        "except SystemExit: pass\n"
        "heavy = {'pydantic', 'cryptography', 'nacl', 'sqlite3', 'sqlite_utils', 'orjson'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("words", "code"), [
    (["trace", "7.0"], 0), (["trace", "x"], 2), (["verify", "L", "--trust", "L/keys/log.pem"], 2), (["verify", "L"], 4),
    (["verify", "L", "--trust", "L/trust.policy", "--fail-on", "audit", "--as-of", "2036-12-31"], 5),
])  # fmt: skip
def test_exit_codes(ledger: Path, program: list[str], words: list[str], code: int):
    done = ran(program, *words)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


def test_result_and_hints_go_apart(ledger: Path, program: list[str]):
    done = ran(program, "trace", "8.0", "--limit", "1")
    assert done.stdout.count("\n") == 2 and done.stderr == "3 more: --after 1\n"


@pytest.mark.parametrize("locale", LOCALES)
def test_utf8_whatever_the_locale(ledger: Path, program: list[str], locale: dict[str, str]):
    name = "希望小学 é"
    assert ran(program, "party", "add", "school-1", "--name", name, "--role", "charity", **locale).returncode == 0
    shown = subprocess.run([*program, "party", "list"], capture_output=True, env={**os.environ, **locale}, check=True).stdout
    assert name in shown.decode("utf-8")
    missing = subprocess.run([*program, "verify", name], capture_output=True, env={**os.environ, **locale}, check=False)
    assert name in missing.stderr.decode("utf-8")


def test_colour_is_for_those_who_want_it(ledger: Path, program: list[str]):
    words = ["verify", "L", "--trust", "L/trust.policy"]
    assert "\x1b[" not in ran(program, *words).stdout
    assert "\x1b[32m" in ran(program, *words, FORCE_COLOR="1").stdout
    assert "\x1b[" not in ran(program, *words, FORCE_COLOR="1", NO_COLOR="1").stdout
    assert "\x1b[31m" in ran(program, "trace", "x", FORCE_COLOR="1").stderr
    assert "\x1b[" not in ran(program, *words, "--json", FORCE_COLOR="1").stdout
    assert "\x1b[31m" in on_terminal(program, ["trace", "x"])[2]


def test_progress_is_for_terminals(ledger: Path, program: list[str]):
    code, stdout, stderr = on_terminal(program, ["verify", "L", "--trust", "L/trust.policy"])
    assert (code, stdout.splitlines()[-1]) == (0, "verified, unwitnessed")
    assert "verifying: 13 of 13" in stderr and stderr.endswith("\r\x1b[K")
    assert ran(program, "verify", "L", "--trust", "L/trust.policy").stderr == ""


def test_who_is_asked_can_say_no(ledger: Path, program: list[str]):
    gift = ["--party", "hope", "--officer", "ana", "--fund", "school", "--unit", "CNY", "--amount", "1.00", "--channel", "cash"]
    assert ran(program, "record", "donation", *gift, "--sign-only", "-o", "gift.dsse").returncode == 0
    approve = ["approve", "gift.dsse", "--party", "hope", "--officer", "ben"]
    code, stdout, stderr = on_terminal(program, approve, b"n\n")
    assert (code, stdout) == (2, "") and "amount: 1.00 CNY" in stderr and "Sign this? [y/N]" in stderr
    assert on_terminal(program, approve, b"y\n")[:2] == (0, "13.0\n")
    assert on_terminal(program, [*approve, "--yes"])[:2] == (0, "13.0\n")


def test_nobody_reads_on(ledger: Path, program: list[str]):
    reading, writing = os.pipe()
    os.close(reading)
    process = spawn(program, "trace", "8.0", "--json", stdout=writing)
    os.close(writing)
    _, stderr = process.communicate()
    assert (process.returncode, stderr) == (141, "")


def test_closed_streams(ledger: Path, program: list[str]):
    done = subprocess.run(["sh", "-c", '"$0" trace 7.0 <&- >&- 2>&-', *program], check=False)
    assert done.returncode == 1
    done = subprocess.run(["sh", "-c", '"$0" trace 7.0 <&- 2>&-', *program], capture_output=True, check=False)
    assert done.returncode == 0 and done.stdout
    record = '"$0" record --party hope --officer ana --file - <&-'
    done = subprocess.run(["sh", "-c", record, *program], capture_output=True, check=False)
    assert done.returncode == 2 and b"stdin: not JSON" in done.stderr


def test_interrupted(ledger: Path, program: list[str]):
    """It waits for stdin, which never ends: what was written is more than a pipe holds, so it is being read."""
    process = spawn(program, "record", "--party", "hope", "--officer", "ana", "--file", "-", stdin=subprocess.PIPE)
    process.stdin.write(" " * (1 << 17))
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate()
    assert (process.returncode, stdout) == (130, "")
    assert stderr.lstrip() == "error: interrupted; nothing was changed; run the same command again [interrupted]\n"


def test_unexpected_error(ledger: Path, program: list[str], tmp_path: Path):
    """A fault of the program, made by a broken table of commands."""
    code = (
        "import sys, cli.main as m; m.COMMANDS['explain'] = ('cli.nowhere', 'x')\n"
        "sys.argv = ['givetrail', 'explain', *sys.argv[1:]]; m.main()"
    )
    broken = [sys.executable, "-c", code]
    env = {"PYTHONPATH": str(ROOT)}
    done = ran(broken, **env)
    assert (done.returncode, done.stdout) == (1, "") and done.stderr.count("\n") == 1
    assert done.stderr.startswith("error: unexpected ModuleNotFoundError: No module named 'cli.nowhere'")
    done = ran(broken, "--json", **env)
    assert done.returncode == 1 and json.loads(done.stdout)["error"] == "internal"
    assert "Traceback" in ran(broken, **env, GIVETRAIL_DEBUG="1").stderr


def until(condition, seconds: float = 180) -> None:
    """Wait until it holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.005)


def test_killed_in_the_middle_of_an_import(ledger: Path, program: list[str]):
    """What was acknowledged stays; running the import again enters the rest, once."""
    rows = 10_000
    Path("gifts.csv").write_text("id,day,amount\n" + "".join(f"g{n},2026-09-01,1.00\n" for n in range(rows)))
    Path("bank.toml").write_text(
        '[gifts]\nfund = "school"\nunit = "CNY"\nchannel = "bank"\namount = "amount"\namount_form = "decimal"\n'
        'received = "day"\nreceived_form = "day"\nreference = "id"\n'
    )
    words = ["import", "gifts", "gifts.csv", "--mapping", "bank.toml", "--party", "hope", "--officer", "ana"]
    before = (ledger / "checkpoint").read_bytes()
    process = spawn(program, *words)
    until(lambda: (ledger / "checkpoint").read_bytes() != before)
    process.kill()
    process.communicate()
    done = json.loads(ran(program, *words, "--json").stdout)
    assert done["entered"] + done["known"] == rows and done["known"] > 0
    assert json.loads(ran(program, *words, "--json").stdout)["known"] == rows
    assert ran(program, "verify", "L", "--trust", "L/trust.policy").returncode == 0


def spawn_server(program: list[str]) -> tuple[subprocess.Popen, str]:
    """A server of the ledger, in a process group of its own, and its address."""
    process = spawn(program, "serve", "--port", "0", stdout=subprocess.DEVNULL, start_new_session=True)
    said = process.stderr.readline()
    return process, next(word.rstrip(";") for word in said.split() if word.startswith("http://"))


def size_at(address: str) -> int:
    with urllib.request.urlopen(f"{address.rstrip('/')}/checkpoint", timeout=60) as answer:
        return int(answer.read().split(b"\n")[1])


def bytes_in(file: Path) -> int:
    """The size of a file that SQLite can take away at any moment; 0 where there is none."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


@pytest.mark.long
def test_killed_often_while_it_imports_and_serves(ledger: Path, program: list[str]):
    """Importer and server of one ledger are killed in turn, or both. What the server has answered for once stays; nothing is there
    twice, and a copy of the directory that somebody opens meanwhile is refused."""
    rows, kills, chance = 6_000, 20, random.Random(20260907)
    Path("gifts.csv").write_text("id,day,amount\n" + "".join(f"g{n},2026-09-01,1.00\n" for n in range(rows)))
    Path("bank.toml").write_text(
        '[gifts]\nfund = "school"\nunit = "CNY"\nchannel = "bank"\namount = "amount"\namount_form = "decimal"\n'
        'received = "day"\nreceived_form = "day"\nreference = "id"\n'
    )
    words = ["import", "gifts", "gifts.csv", "--mapping", "bank.toml", "--party", "hope", "--officer", "ana"]
    server, address = spawn_server(program)
    seen = size_at(address)
    for kill in range(kills):
        process, before = spawn(program, *words), (ledger / "ledger.sqlite-wal")
        end = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < end and not bytes_in(before):
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.4))
        if kill % 3 != 1:
            process.kill()
        if kill % 3 != 0:
            os.killpg(server.pid, signal.SIGKILL)
            server.communicate()
            server, address = spawn_server(program)
        process.kill()
        process.communicate()
        now = size_at(address)
        assert now >= seen, "what was served is gone"
        seen = now
        assert ran(program, "verify", "L", "--trust", "L/trust.policy").returncode == 0
    done = json.loads(ran(program, *words, "--json").stdout)
    assert done["entered"] + done["known"] == rows
    until(lambda: size_at(address) >= seen)
    assert json.loads(ran(program, *words, "--json").stdout)["known"] == rows
    report = json.loads(ran(program, "verify", address, "--trust", "L/trust.policy", "--json").stdout)
    assert (report["verdict"], report["records"]["donation"]) == ("verified", rows + 2)
    os.killpg(server.pid, signal.SIGKILL)
    server.communicate()
