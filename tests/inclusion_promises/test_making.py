"""What the command makes for a gift is what the import records: the promised reference is in the ledger afterwards."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from ledger.entries.inclusion_promise import open_inclusion_promise
from ledger.log.key import SigningKey
from tests.cli.transcript import Ended, run_program

MAPPING = """
[gifts]
fund = "school"
unit = "CNY"
channel = "bank"
amount = "amount"
amount_form = "decimal"
received = "day"
received_form = "day"
reference = "id"
"""
ROWS = "id,day,amount\nA-1,2026-01-05,12.50\nA-2,2026-01-06,100.00\nB-9,2025-12-31,7.00\n"
PROMISE = ["--reference", "A-1", "--channel", "bank", "--fund", "school", "--unit", "CNY", "--amount", "12.50"]


def do(*words: str, exit_code: int = 0) -> Ended:
    ended = run_program(list(words))
    assert ended.exit_code == exit_code, ended
    return ended


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A charity with one officer, a platform, and a file of gifts."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("GIVETRAIL_LEDGER", "books")
    do("init", "books", "--origin", "hope.example/2026", "--unit", "CNY:2:yuan")
    for party, role in (("hope", "charity"), ("pay", "platform"), ("shop", "vendor")):
        do("party", "add", party, "--name", party, "--role", role, "--officer", "ana", "--books-from", "2025-01-01")
    do("record", "fund", "--party", "hope", "--id", "school", "--name", "S", "--purpose", "P", "--restriction", "restricted")
    Path("gifts.csv").write_text(ROWS)
    Path("bank.toml").write_text(MAPPING)
    return tmp_path / "books"


def test_the_import_records_the_promised_references(books: Path):
    made = do("inclusion-promise", "gifts", "gifts.csv", "--mapping", "bank.toml", "--party", "hope", "--within", "9", "-o", "out")
    assert made.stdout == "out: 3 inclusion promises\n"
    assert sorted(os.listdir("out")) == ["1.json", "2.json", "3.json"]
    promises = [open_inclusion_promise(Path(f"out/{row}.json").read_bytes()).promise for row in (1, 2, 3)]
    assert [(one.reference, one.amount) for one in promises] == [("A-1", 1250), ("A-2", 10000), ("B-9", 700)]
    assert [one.channel_ref.split(":")[1] for one in promises] == ["2026", "2026", "2025"]
    do("challenge", "out/1.json", "books", "--trust", "books/trust.policy", exit_code=4)
    do("import", "gifts", "gifts.csv", "--mapping", "bank.toml", "--party", "hope")
    for row in (1, 2, 3):
        ended = do("challenge", f"out/{row}.json", "books", "--trust", "books/trust.policy", "--json")
        value = json.loads(ended.stdout)
        assert value["outcome"] == "kept" and value["inclusion_promise"]["channel_ref"] == promises[row - 1].channel_ref


def test_one_gift_given_by_hand_is_the_same_as_in_the_file(books: Path):
    by_hand = do(
        "inclusion-promise", "gift", "--party", "pay", "--recorder", "hope", *PROMISE, "--received-on", "2026-01-05",
        "--enter-by", "2999-01-01T00:00:00Z", "-o", "one.json",
    )  # fmt: skip
    assert by_hand.stdout == "one.json: inclusion promise of 12.50 CNY to school, to be entered by 2999-01-01T00:00:00Z\n"
    do("inclusion-promise", "gifts", "gifts.csv", "--mapping", "bank.toml", "--party", "hope", "--within", "9", "-o", "out")
    one, row = (open_inclusion_promise(Path(name).read_bytes()).promise for name in ("one.json", "out/1.json"))
    assert one.channel_ref == row.channel_ref and (one.party, one.recorder, row.party) == ("pay", "hope", "hope")
    do("import", "gifts", "gifts.csv", "--mapping", "bank.toml", "--party", "hope")
    do("challenge", "one.json", "books", "--trust", "books/trust.policy")


def test_what_is_recorded_already_is_not_promised(books: Path):
    Path("some.csv").write_text("".join(ROWS.splitlines(keepends=True)[:2]))
    do("import", "gifts", "some.csv", "--mapping", "bank.toml", "--party", "hope")
    made = do("inclusion-promise", "gifts", "gifts.csv", "--mapping", "bank.toml", "--party", "hope", "--within", "9", "-o", "out")
    assert made.stdout == "out: 2 inclusion promises; 1 already recorded\n" and sorted(os.listdir("out")) == ["2.json", "3.json"]
    words = ["inclusion-promise", "gift", "--party", "hope", *PROMISE, "--within", "1", "-o", "one.json"]
    assert "recorded already, as" in do(*words, exit_code=6).stderr and not Path("one.json").exists()


def test_the_key_is_in_the_ledger_before_the_first_promise(books: Path):
    words = ["inclusion-promise", "gift", "--party", "hope", *PROMISE, "--within", "1", "-o"]
    assert "recorded the check value" in do(*words, "one.json").stderr
    before = (books / "checkpoint").read_bytes()
    assert do(*words, "two.json").stderr == "", "nothing more is recorded"
    assert (books / "checkpoint").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "exit_code", "why"),
    [
        (["--party", "shop", "--recorder", "hope", "--within", "1"], 3, "shop cannot promise what hope records"),
        (["--party", "pay", "--within", "1"], 3, "belongs to hope, not to pay"),
        (["--party", "hope"], 2, "give one of them"),
        (["--party", "hope", "--within", "1", "--enter-by", "2999-01-01T00:00:00Z"], 2, "give one of them"),
        (["--party", "hope", "--enter-by", "tomorrow"], 2, "write it as 2026-09-10T00:00:00Z"),
        (["--party", "hope", "--enter-by", "2020-01-01T00:00:00Z"], 2, "is over"),
    ],
)
def test_a_promise_that_nobody_could_rely_on_is_not_made(books: Path, words: list[str], exit_code: int, why: str):
    ended = do("inclusion-promise", "gift", *PROMISE, *words, "-o", "one.json", exit_code=exit_code)
    assert why in ended.stderr and not Path("one.json").exists()


def test_neither_a_key_of_nobody_nor_the_logs_key_promises(books: Path):
    words = ["inclusion-promise", "gift", "--party", "hope", "--officer", "eve", *PROMISE, "--within", "1", "-o", "one.json"]
    SigningKey.generate().save(books / "keys/hope/eve.pem")
    assert "is not a key of hope that is in force" in do(*words, exit_code=3).stderr
    (books / "keys/hope/eve.pem").unlink()
    (log_key,) = [path for path in (books / "keys").glob("*.pem")]
    shutil.copy(log_key, books / "keys/hope/eve.pem")
    assert "log's key signs no inclusion promise" in do(*words, exit_code=2).stderr and not Path("one.json").exists()


def test_a_source_without_references_promises_nothing(books: Path):
    Path("list.toml").write_text(MAPPING.replace('reference = "id"', 'list = "gifts"'))
    words = ["inclusion-promise", "gifts", "gifts.csv", "--mapping", "list.toml", "--party", "hope", "--within", "9", "-o", "out"]
    assert "cannot be promised by itself" in do(*words, exit_code=2).stderr and not Path("out").exists()


def test_a_file_that_repeats_a_reference_makes_nothing(books: Path):
    Path("gifts.csv").write_text(ROWS + "A-1,2026-01-07,3.00\n")
    words = ["inclusion-promise", "gifts", "gifts.csv", "--mapping", "bank.toml", "--party", "hope", "--within", "9", "-o", "out"]
    assert "already in row 1" in do(*words, exit_code=2).stderr and not Path("out").exists()
