"""What is damaged, full, or in use: one sentence, an exit code, and nothing changed."""

from __future__ import annotations

import json
import re
import resource
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.directory.opening import open_writer
from tests.cli.transcript import Ended, fingerprints

Run = Callable[..., Ended]
GIFT = ("record", "donation", "--party", "hope", "--officer", "ana", "--fund", "school", "--unit", "CNY", "--amount", "1.00")
CASH = (*GIFT, "--channel", "cash", "--received-on", "2026-09-06")


@pytest.mark.parametrize("share", [0.002, 0.3, 0.6])
def test_truncated_database(ledger: Path, run: Run, share: float):
    file = ledger / "ledger.sqlite"
    file.write_bytes(file.read_bytes()[: int(len(file.read_bytes()) * share)])
    before = fingerprints(ledger)
    recorded, verified = run(*CASH), run("verify", "L", "--trust", "L/trust.policy")
    assert (recorded.exit_code, recorded.stdout) == (1, "")
    counted = "or its end is lost (it should have" in recorded.stderr  # where whole pages are left
    assert counted or ("ledger.sqlite is malformed" in recorded.stderr and "givetrail restore" in recorded.stderr)
    assert (verified.exit_code, verified.stdout) == (4, "")
    assert ("or its end is lost" if counted else "ledger.sqlite is malformed") in verified.stderr
    assert fingerprints(ledger) == before
    rebuilt = run("rebuild")
    assert rebuilt.exit_code in (1, 4) and "givetrail restore COPY DIR" in rebuilt.stderr


def test_no_database_at_all(ledger: Path, run: Run):
    (ledger / "ledger.sqlite").write_text("other things")
    assert run("verify", "L", "--trust", "L/trust.policy").exit_code in (2, 4)
    assert run(*CASH).exit_code in (1, 2)


def test_changed_entry_is_found(ledger: Path, run: Run):
    """Bytes of an entry changed behind the database's back: the chain of hashes says so."""
    file = ledger / "ledger.sqlite"
    raw = file.read_bytes()
    assert raw.count(b"Hope Foundation") >= 1
    file.write_bytes(raw.replace(b"Hope Foundation", b"Rope Foundation"))
    ended = run("verify", "L", "--trust", "L/trust.policy", "--json")
    report = json.loads(ended.stdout)
    assert (ended.exit_code, report["verdict"]) == (3, "failed")
    assert {"statement-signature", "chain"} <= {finding["id"] for finding in report["findings"]}
    assert ended.stdout.count("\n") > 10


def test_second_writer(ledger: Path, run: Run):
    sequencer = open_writer(ledger)
    before = fingerprints(ledger)
    ended = run(*CASH)
    assert ended.exit_code == 6
    assert ended.stderr.startswith("error: L: process ") and ended.stderr.endswith("run the same command again [locked]\n")
    assert run("trace", "7.0").exit_code == 0
    assert run("verify", "L", "--trust", "L/trust.policy").exit_code == 0
    assert fingerprints(ledger) == before
    sequencer.store.close()
    assert run(*CASH).exit_code == 0


def test_full_disk(ledger: Path, program: list[str]):
    """A limit on the size of files stands for a disk that takes no more."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    before = fingerprints(ledger)
    done = subprocess.run([*program, *CASH], capture_output=True, text=True, preexec_fn=limit, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: ") and done.stderr.count("\n") == 1
    assert fingerprints(ledger) == before
    assert subprocess.run([*program, *CASH], capture_output=True, text=True, check=True).stdout == "13.0\n"


def test_full_stdout(ledger: Path, program: list[str]):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    with full.open("w") as stdout:
        done = subprocess.run([*program, "trace", "7.0"], stdout=stdout, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "error: stdout: cannot be written: No space left on device [storage]\n"


def test_a_damaged_checkpoint_kept_outside_is_told_and_mended(ledger: Path, run: Run):
    """By what is said where it is found, done to the letter."""
    (kept,) = (ledger.parent / "state").glob("*.checkpoint")
    note = kept.read_bytes()
    kept.write_bytes(note.replace(b"\xe2", b"\xe3"))
    verified = run("verify", "L", "--trust", "L/trust.policy")
    assert "Not checked: the checkpoint kept on this machine, because" in verified.stdout and "is damaged" in verified.stdout
    recorded = run(*CASH)
    assert recorded.exit_code == 6 and "`givetrail repair` writes it again" in recorded.stderr
    mended = run("repair")
    assert mended.exit_code == 0 and f"written again: {kept}" in mended.stdout
    assert kept.read_bytes() == note
    assert "is damaged" not in run("verify", "L", "--trust", "L/trust.policy").stdout
    assert run(*CASH).exit_code == 0


SUCCESSION = ("--successor", "hope.example/next", "--log-key", "new.pem", "--sign-only", "-o", "end.json", "--reason", "It died")


def refused_without_a_key(ledger: Path, run: Run, *words: str) -> str:
    ended = run("restore", *words, "N", *SUCCESSION)
    assert ended.exit_code != 0
    assert not any((ledger.parent / name).exists() for name in ("new.pem", "end.json", "N"))
    return ended.stderr


def test_no_key_is_made_for_a_successor_that_cannot_be(ledger: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    assert "none has a key in this ledger" in refused_without_a_key(ledger, run, "L")
    assert run("party", "add", "eye", "--name", "Eye", "--role", "auditor", "--officer", "chen").exit_code == 0
    (ledger / "keys").rename(ledger.parent / "kept")
    assert "--keys: is missing" in refused_without_a_key(ledger, run, "L")
    (ledger.parent / "kept").rename(ledger / "keys")
    made = run("restore", "L", "N", *SUCCESSION[:2], "--reason", "The disk died", "--cosign", "eye/chen")
    assert made.exit_code == 0, made.stderr
    assert "lost: nothing, as far as the checkpoint" in made.stdout and "last entry kept: entry " in made.stdout
    (ledger.parent / "N").rename(ledger.parent / "next")
    assert "has ended" in refused_without_a_key(ledger, run, "L")


def test_what_a_successor_lacks_is_counted(ledger: Path, run: Run):
    assert run("party", "add", "eye", "--name", "Eye", "--role", "auditor", "--officer", "chen").exit_code == 0
    assert run("backup", "B").exit_code == 0
    assert run(*CASH).exit_code == 0
    made = run("restore", "B", "N", *SUCCESSION[:2], "--reason", "The disk died", "--cosign", "eye/chen")
    assert "lost: at least 1 entry, as the checkpoint kept outside the directory shows; whether the " in made.stdout


def test_a_difference_of_sizes_is_no_proof_of_what_a_successor_dropped(ledger: Path, run: Run, monkeypatch: pytest.MonkeyPatch):
    """Two gifts on one copy, one on another: the successor of the second has one entry less, and yet both are dropped."""
    assert run("party", "add", "eye", "--name", "Eye", "--role", "auditor", "--officer", "chen").exit_code == 0
    assert run("backup", "B").exit_code == 0
    assert run(*CASH).exit_code == run(*CASH).exit_code == 0
    monkeypatch.setenv("GIVETRAIL_STATE", "elsewhere")
    assert run("restore", "B", "other").exit_code == 0
    assert run(*CASH, "--ledger", "other").exit_code == 0
    said = ("--reason", "Two copies", "--cosign", "eye/chen", "--newest", "L/checkpoint")
    made = run("restore", "other", "N", *SUCCESSION[:2], *said)
    size = int(re.search(r"continues: .*, (\d+) entries", made.stdout)[1])
    unproven = f"whether the {size} before are the same cannot be told from it"
    assert f"lost: at least 1 entry, as L/checkpoint shows; {unproven}\n" in made.stdout
    verified = run("verify", "N", "--trust", "N/trust.policy", "--since", "L/checkpoint")
    assert f"L/checkpoint has {size + 1}, so at least 1 that it had signed was lost; {unproven}\n" in verified.stdout


def test_an_older_copy_that_was_put_back_is_told_by_export_scrub_and_backup(ledger: Path, run: Run):
    shutil.copytree(ledger, ledger.parent / "older")
    assert run(*CASH).exit_code == 0
    shutil.rmtree(ledger)
    (ledger.parent / "older").rename(ledger)
    exported, scrubbed, backed_up = run("export", "public"), run("scrub"), run("backup", "B")
    assert (exported.exit_code, scrubbed.exit_code, backed_up.exit_code) == (0, 4, 6)
    for said in (exported.stderr, scrubbed.stdout, backed_up.stderr):
        assert "an older copy was restored" in said
    assert not (ledger.parent / "B").exists()


def turned(path: Path) -> bytes:
    """Another key in PEM in the place of a key; what was there."""
    whole = path.read_bytes()
    raw = bytearray(whole)
    raw[raw.index(b"\n") + 40] ^= 1
    path.write_bytes(bytes(raw))
    return whole


def test_a_rotten_or_lost_key_is_told_by_its_file_and_what_is_said_helps(ledger: Path, run: Run):
    """The log's, which no option names, and an officer's, which may still be a key."""
    assert run("backup", "B").exit_code == 0
    for name in ("log.pem", "hope/ana.pem"):
        key, good = ledger / "keys" / name, ledger.parent / "B/keys" / name
        for damage in (turned, lambda path: path.write_bytes(b"rot"), lambda path: path.unlink()):
            damage(key)
            ended = run(*CASH)
            assert ended.exit_code in (2, 3) and ended.stderr.startswith(f"error: L/keys/{name}: "), ended.stderr
            assert ("from a backup" in ended.stderr or "right file in its place" in ended.stderr), ended.stderr
            shutil.copyfile(good, key)
            key.chmod(0o600)
        assert run(*CASH).exit_code == 0


def test_where_no_key_is_left_it_is_said_where_it_belongs(ledger: Path, run: Run):
    for path in (ledger / "keys/hope").glob("*.pem"):
        path.unlink()
    words = list(CASH)
    del words[words.index("--officer") : words.index("--officer") + 2]
    ended = run(*words)
    assert ended.exit_code == 2
    assert "L/keys/hope: has no key file of an officer; put OFFICER.pem there from a backup" in ended.stderr


def test_a_backup_with_a_rotten_key_in_it_is_made_and_told_by_the_exit_code(ledger: Path, run: Run):
    whole = turned(ledger / "keys/hope/ana.pem")
    ended = run("backup", "B")
    assert ended.exit_code == 4 and "verified:" in ended.stdout
    assert "copied although it is damaged: keys/hope/ana.pem" in ended.stderr
    (ledger / "keys/hope/ana.pem").write_bytes(whole)
    assert run("backup", "C").exit_code == 0
    assert run("restore", "B", "N").exit_code == 0
