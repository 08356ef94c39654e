"""The verdict in words and as an exit code, and files that were changed on their way."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from ledger.findings.scope import AREAS

VERIFY = ("verify", "L", "--trust", "L/trust.policy")
LATE = ("--as-of", "2036-09-16")
AUDIT = ("--fail-on", "audit")


@pytest.mark.parametrize(("more", "code", "verdict"), [
    ((), 0, "verified, unwitnessed"),
    (LATE, 0, "verified, unwitnessed, with 1 audit finding"),
    ((*LATE, *AUDIT), 5, "verified, unwitnessed, with 1 audit finding"),
    (AUDIT, 0, "verified, unwitnessed"),
    (("--only", "traceability"), 7, "partly verified (integrity, traceability)"),
    (("--only", "traceability", *LATE), 7, "partly verified (integrity, traceability), with 1 audit finding"),
    (("--only", "traceability", *LATE, *AUDIT), 5, "partly verified (integrity, traceability), with 1 audit finding"),
    (("--only", "accounting", *LATE, *AUDIT), 7, "partly verified (integrity, accounting)"),
    (("--sample", "0.001", *LATE, *AUDIT), 5, f"partly verified ({', '.join(AREAS)}), with 1 audit finding"),
    (("--sample", "1"), 0, "verified, unwitnessed"),
    (("--only", "authenticity,accounting,traceability,integrity"), 0, "verified, unwitnessed"),
])  # fmt: skip
def test_verdict_and_exit_code(ledger: Path, run, more: tuple[str, ...], code: int, verdict: str):
    ended = run(*VERIFY, *more)
    assert (ended.exit_code, ended.stdout.splitlines()[-1]) == (code, verdict)
    report = json.loads(run(*VERIFY, *more, "--json").stdout)
    assert (report["exit_code"], report["verdict"], report["witnessed"]) == (code, verdict.split(",")[0].split(" (")[0], False)


@pytest.mark.parametrize(("more", "code"), [(("--only", "accounting", *LATE, *AUDIT), 4), (("--sample", "0.1", *LATE, *AUDIT), 4)])
def test_without_a_policy_nothing_is_verified_in_part(ledger: Path, run, more: tuple[str, ...], code: int):
    assert run("verify", "L", *more).exit_code == code


def test_a_checkpoint_is_kept_of_a_whole_verification_only(ledger: Path, run):
    assert run(*VERIFY, "--save", "seen", *LATE, *AUDIT).exit_code == 5 and Path("seen").exists()


def test_the_day_is_named_first(ledger: Path, run):
    for words, day in (((), ""), (LATE, "2036-09-16")):
        first = run(*VERIFY, *words).stdout.splitlines()[0]
        report = json.loads(run(*VERIFY, *words, "--json").stdout)
        assert first.startswith(f"L as of {report['as_of']}: ") and list(report)[1] == "as_of"
        assert words == () or report["as_of"] == day
    assert run(*VERIFY, "--only", "accounting").stdout.startswith("L: ledger.example/2026")


DAMAGE = {
    "CR LF": (lambda raw: raw.replace(b"\n", b"\r\n"), "its lines end as on Windows (CR LF)"),
    "CR": (lambda raw: raw.replace(b"\n", b"\r"), "its lines end as on Windows"),
    "CR CR LF": (lambda raw: raw.replace(b"\n", b"\r\r\n"), "its lines end as on Windows"),
    "a mark": (lambda raw: b"\xef\xbb\xbf" + raw, "byte order mark"),
    "UTF-16": (lambda raw: raw.decode().encode("utf-16"), "UTF-16"),
    "both": (lambda raw: b"\xef\xbb\xbf" + raw.replace(b"\n", b"\r\n"), "byte order mark"),
    "a line end": (lambda raw: raw + b"\n", "a line end was added"),
    "a line end of Windows": (lambda raw: raw + b"\r\n", "a line end was added"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_on_the_way_is_no_forgery(ledger: Path, run, name: str):
    damage, says = DAMAGE[name]
    run("export", "E"), run("proof", "7.0", "-o", "gift.json")
    note, policy, bundle = Path("E/checkpoint").read_bytes(), Path("L/trust.policy").read_bytes(), Path("gift.json").read_bytes()
    Path("seen").write_bytes(damage(note))
    Path("my.policy").write_bytes(damage(policy))
    Path("gift.json").write_bytes(damage(bundle))
    trust = ("--trust", "L/trust.policy")
    Path("E/checkpoint").write_bytes(damage(note))
    told = run("verify", "E", *trust)
    assert told.exit_code == 4 and "finding: unknown transport at log: checkpoint: was changed in transit" in told.stdout
    assert says in told.stdout and told.stdout.splitlines()[-1] == "could not verify"
    cases = [("verify", "L", *trust, "--since", "seen"), ("verify", "L", *trust, "--save", "seen")]
    # A blank line is no damage to a policy, and a line end in a bundle is one that was added.
    if "a line end" not in name:
        cases += [("verify", "L", "--trust", "my.policy"), ("mirror", "http://127.0.0.1:9/", "M", "--trust", "my.policy")]
    cases += [("verify", "gift.json", *trust)] if damage(bundle) != bundle else []
    for words in cases:
        ended = run(*words)
        assert (ended.exit_code, ended.stderr.endswith("[transport]\n")) == (4, True), (words, ended)
        assert says in ended.stderr and "was changed in transit, so it cannot be verified" in ended.stderr


def test_a_forged_checkpoint_stays_one(ledger: Path, run):
    """Damage is told only of what is whole but for it."""
    run("export", "E")
    note = Path("E/checkpoint").read_bytes()
    Path("E/checkpoint").write_bytes(note.replace(b"\n13\n", b"\n12\n"))
    assert run("verify", "E", "--trust", "L/trust.policy").exit_code == 3
    Path("E/checkpoint").write_bytes(note.replace(b"\n13\n", b"\n013\n").replace(b"\n", b"\r\n"))
    assert "broken checkpoint at log" in run("verify", "E", "--trust", "L/trust.policy").stdout


@pytest.mark.parametrize("more", [(), ("--tlog",)])
def test_a_proof_is_a_checkpoint_seen_before(ledger: Path, run, more: tuple[str, ...]):
    """A donor who kept the proof of a gift holds the log to the whole history before it, and to its name."""
    shutil.copytree("L", "old")
    gift = ["--party", "hope", "--officer", "ana", "--fund", "school", "--unit", "CNY", "--amount", "5", "--channel", "cash"]
    run("record", "donation", *gift)
    assert run("proof", "13.0", *more, "-o", "kept").exit_code == 0
    assert run(*VERIFY, "--since", "kept").exit_code == 0
    found = run("verify", "old", "--trust", "L/trust.policy", "--since", "kept")
    words = "finding: broken consistency at log: kept: it had 14 entries, but the log now has 13"
    assert found.exit_code == 3 and words in found.stdout
    Path("forged").write_bytes(Path("kept").read_bytes().replace(b"\n14\n", b"\n15\n").replace(b"\\n14\\n", b"\\n15\\n"))
    assert run(*VERIFY, "--since", "forged").stderr.endswith("[checkpoint-signature]\n")
    for raw, rule in ((b"{}", "bundle"), (b"c2sp.org/tlog-proof@v1\nindex x\n", "proof")):
        Path("kept").write_bytes(raw)
        assert run(*VERIFY, "--since", "kept").stderr.endswith(f"[{rule}]\n")
