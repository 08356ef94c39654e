"""A result that cannot be shown: whatever was recorded is told, and nobody is led to record it twice."""

from __future__ import annotations

import io
import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from cli.done_so_far import SoFar, so_far, start_over
from cli.main import cli
from cli.screen import Stdout
from tests.cli.test_process import spawn, until

GIFT = "record donation --party hope --officer ana --fund school --unit CNY --amount 1.00 --channel cash --received-on 2026-09-04"
RECORDS = ("import gifts gifts.csv --mapping bank.toml --party hope --officer ana", "70 rows recorded as entries 13 to 14")
WRITES = [
    (GIFT, "recorded as 13.0"),
    ("record --party hope --officer ana --file two.json", "recorded as 13.0 to 13.1"),
    ("party add well --name Well --role vendor --officer kim", "recorded as 13.0; the key file L/keys/well/kim.pem is made"),
    ("party add nokey --name Well --role vendor", "recorded as 13.0"),
    RECORDS,
]  # fmt: skip
MAKES = [
    ("key new --party hope --officer eva", "the key file L/keys/hope/eva.pem is made"),
    ("init M --origin other.example/1", "the ledger M is complete"),
    ("proof 7.0 -o gift.json", "gift.json is written"),
    (f"{GIFT} --sign-only -o gift.dsse", "gift.dsse is written"),
    ("export E", "E has the first 13 entries"),
    ("rebuild", "L is rebuilt"),
    ("verify L --trust L/trust.policy --save seen", "seen is written"),
]  # fmt: skip
READS = ["trace 7.0", "proof 7.0 -o -", "party list", "verify L --trust L/trust.policy", "--help", "trace -h", "--version"]
TWO = [{"kind": "donation", "fund": "school", "unit": "CNY", "amount": 100, "channel": "cash", "received_on": "2026-09-04"}] * 2


@pytest.fixture
def files(ledger: Path) -> Path:
    Path("two.json").write_text(json.dumps(TWO))
    put_gifts(70)
    return ledger


def put_gifts(rows: int) -> None:
    Path("gifts.csv").write_text("id,day,amount\n" + "".join(f"g{n},2026-09-01,1.00\n" for n in range(rows)))
    Path("bank.toml").write_text(
        '[gifts]\nfund = "school"\nunit = "CNY"\nchannel = "bank"\namount = "amount"\namount_form = "decimal"\n'
        'received = "day"\nreceived_form = "day"\nreference = "id"\n'
    )


def shell(program: list[str], words: str, redirected: str) -> subprocess.CompletedProcess:
    return subprocess.run(["sh", "-c", f'"$0" {words} {redirected}', *program], capture_output=True, text=True, check=False)


class Told(NamedTuple):
    """How a run in this process ended whose stdout takes nothing."""

    exit_code: int
    stderr: str


@pytest.fixture
def onto(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture):
    """Run the program in this process, its stdout being an open file, or closed (None)."""

    def run(words: str, file: int | None) -> Told:
        stdout = None if file is None else io.TextIOWrapper(io.BufferedWriter(Stdout(file, "w")))
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", stdout)
            patch.setattr(sys, "__stdout__", stdout)
            with pytest.raises(SystemExit) as ended:
                cli.main(shlex.split(words))
        return Told(ended.value.code, capsys.readouterr().err)

    return run


def full() -> int:
    return os.open("/dev/full", os.O_WRONLY)


def left_pipe() -> int:
    reading, writing = os.pipe()
    os.close(reading)
    return writing


def size_of(ledger: Path) -> int:
    return int((ledger / "checkpoint").read_text().splitlines()[1])


@pytest.mark.parametrize(("words", "told"), [*WRITES, *MAKES])
def test_a_full_stdout(files: Path, onto, words: str, told: str):
    done = onto(words, full())
    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1] == f"error: stdout: cannot be written: No space left on device; {told} [storage]"
    assert size_of(files) > 13 or "recorded" not in told


@pytest.mark.parametrize("words", READS)
def test_nothing_is_claimed_where_nothing_was_recorded(files: Path, onto, words: str):
    done = onto(words, full())
    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1] == "error: stdout: cannot be written: No space left on device [storage]"


@pytest.mark.parametrize("words", [words for words, _ in [*WRITES, *MAKES]])
@pytest.mark.parametrize("how", ["closed", "for reading"])
def test_a_stdout_that_takes_nothing_is_refused_before_anything_is_done(files: Path, onto, words: str, how: str):
    before = sorted(Path().rglob("*"))
    done = onto(words, None if how == "closed" else os.open(os.devnull, os.O_RDONLY))
    assert (done.exit_code, size_of(files), sorted(Path().rglob("*"))) == (1, 13, before)
    assert done.stderr.startswith("error: stdout: is closed, so the result cannot be shown, and nothing was done; ")


@pytest.mark.parametrize("words", [*READS, "proof 7.0 -o /dev/stdout", "record --help", "import gifts --help"])
def test_a_closed_stdout_is_never_success(files: Path, onto, words: str):
    done = onto(words, None)
    assert done.exit_code == 1 and "error: stdout: " in done.stderr and "bytes" not in done.stderr


@pytest.mark.parametrize(("words", "redirected", "code"), [
    (GIFT, ">/dev/full", 1), (GIFT, ">&-", 1), ("trace 7.0", "<&- >&-", 1), ("proof 7.0 -o -", ">&-", 1),
    ("trace 7.0", "1</dev/null", 1), ("trace 7.0 --json", ">/dev/null", 0),
])  # fmt: skip
def test_as_a_process(files: Path, program: list[str], words: str, redirected: str, code: int):
    """No file that is opened later takes the place of a closed stdout: the result would be written into the ledger."""
    done = shell(program, words, redirected)
    assert (done.returncode, done.stdout) == (code, "") and ("error: stdout: " in done.stderr) is (code == 1)
    assert ("; recorded as 13.0 [" in done.stderr) is ("full" in redirected) is (size_of(files) == 14)
    assert "Exception" not in done.stderr and "Traceback" not in done.stderr


def test_as_a_process_whose_reader_has_left(files: Path, program: list[str]):
    for words, told in ((GIFT, "error: stdout: the program that read it has ended; recorded as 13.0 [storage]\n"), ("--help", "")):
        writing = left_pipe()
        process = spawn(program, *shlex.split(words), stdout=writing)
        os.close(writing)
        assert (process.communicate()[1], process.returncode) == (told, 141)


@pytest.mark.parametrize(("words", "told"), [*WRITES, MAKES[0]])
@pytest.mark.parametrize("json_too", ["", " --json"])
def test_the_reader_of_the_pipe_has_left(files: Path, onto, words: str, told: str, json_too: str):
    done = onto(words + json_too, left_pipe())
    assert done.exit_code == 141
    message = f"stdout: the program that read it has ended; {told}"
    if json_too:
        assert json.loads(done.stderr[done.stderr.index("\n{") if done.stderr[0] != "{" else 0 :])["message"] == message
    else:
        assert done.stderr.splitlines()[-1] == f"error: {message} [storage]"


@pytest.mark.parametrize("words", READS)
def test_a_reader_who_left_hears_nothing_of_what_was_only_read(files: Path, onto, words: str):
    done = onto(words, left_pipe())
    assert done.exit_code == 141 and "error" not in done.stderr


def test_programs_are_told_too_and_get_the_document(files: Path, onto):
    done = onto(f"{GIFT} --json", full())
    told = json.loads(done.stderr)
    assert (done.exit_code, told["error"], told["where"]) == (1, "storage", "stdout")
    assert told["message"].endswith("recorded as 13.0") and told["result"]["records"] == ["13.0"]
    told = json.loads(onto("trace 7.0 --json", full()).stderr)
    assert "result" not in told and "recorded" not in told["message"]


@pytest.mark.parametrize("file", [None, full, left_pipe])
def test_an_error_that_stdout_does_not_take_goes_to_stderr(files: Path, onto, file):
    done = onto("trace 99.0 --json", file and file())
    assert (json.loads(done.stderr)["error"], done.exit_code) == (("storage", 1) if file is None else ("entry", 2))


def test_the_same_statement_again_was_recorded_before(files: Path, run, onto):
    assert run(*shlex.split(f"{GIFT} --sign-only -o gift.dsse")).exit_code == 0
    approve = "approve gift.dsse --submit-only"
    assert run(*shlex.split(approve)).stdout == "13.0\n"
    assert onto(approve, full()).stderr.endswith("was already recorded as 13.0 [storage]\n")


@pytest.mark.parametrize("redirected", ["2>/dev/full", "2>&-"])
def test_hints_are_no_results(files: Path, program: list[str], redirected: str):
    done = shell(program, "party add nokey --name Well --role vendor", redirected)
    assert (done.returncode, done.stdout) == (0, "13.0\n")


def test_a_refused_party_leaves_no_key_and_no_word_of_one(files: Path, run):
    done = run(*shlex.split("party add hope --name Hope --role charity --officer zoe"))
    assert done.exit_code in (2, 3, 6) and "is made" not in done.stderr and not Path("L/keys/hope/zoe.pem").exists()


def test_an_import_that_is_interrupted_says_how_to_go_on(files: Path, program: list[str]):
    put_gifts(20_000)
    words = shlex.split(RECORDS[0])
    before = (files / "checkpoint").read_bytes()
    process = spawn(program, *words)
    until(lambda: (files / "checkpoint").read_bytes() != before)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate()
    assert (process.returncode, stdout) == (130, "")
    assert stderr.splitlines()[-1].startswith("error: interrupted; gifts entered or known, of rows read: ")
    assert f" rows recorded as entries 13 to {size_of(files) - 1}; run the same command again: it enters the rest [" in stderr


def test_words_of_an_interrupt():
    assert SoFar().broken_off() == "nothing was changed; run the same command again"
    assert SoFar(recorded="recorded as 6.0").broken_off() == "recorded as 6.0"
    assert SoFar(reached="verifying: 5 of 9").broken_off() == "verifying: 5 of 9; run the same command again"
    assert SoFar(again="remove X").broken_off() == "remove X"
    assert so_far() == SoFar() and so_far() is not so_far()


def test_nobody_is_told_to_remove_what_was_there_before(tmp_path: Path):
    assert start_over(tmp_path) == "run the same command again with another directory"
    assert start_over(tmp_path / "new").startswith("remove ")
