"""`givetrail stamp`: with a real authority, from the first stamp to its verification by others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.authority import Authority

AFTER = ("--trust", "L/trust.policy", "--timestamp-roots", "roots.pem")


@pytest.fixture
def url(authority: Authority, desk: Path):
    (desk / "roots.pem").write_bytes(authority.roots.read_bytes())
    with authority.serving() as url:
        yield url
    authority.behaviour = authority.answer


@pytest.fixture
def made_now(desk: Path, run, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ledger of one entry, of today."""
    assert run("init", "L", "--origin", "ledger.example.org/now", "--operator", "op", "--name", "Ledger").exit_code == 0
    monkeypatch.setenv("GIVETRAIL_LEDGER", "L")
    return desk / "L"


def stamps(run, *target: str) -> list[dict[str, object]]:
    said = run("verify", *target, *AFTER, "--format", "json")
    assert said.exit_code == 0, said
    found: list[dict[str, object]] = json.loads(said.stdout)["stamps"]
    return found


def test_a_stamp_is_kept_recorded_exported_and_verified(made_now: Path, run, url: str):
    said = run("stamp", "--authority", url, "--roots", "roots.pem")
    assert said.exit_code == 0 and "verified; recorded as 1.0" in said.stdout
    assert (made_now / "timestamps" / "1.tsr").is_file()
    assert run("export", "E").exit_code == 0
    for target in ("L", "E"):
        (stamp,) = stamps(run, target)
        assert (stamp["size"], stamp["entry"], stamp["verified"]) == (1, 1, True)
    assert "recorded in entry 1; not checked: no roots given" in run("verify", "E", "--trust", "L/trust.policy").stdout
    assert "stamped at" in run("verify", "E", *AFTER).stdout


def test_what_was_interrupted_is_recorded_without_asking_again(made_now: Path, run, url: str, authority: Authority):
    assert "not recorded" in run("stamp", "--authority", url, "--no-record").stdout
    assert stamps(run, "L")[0]["entry"] is None
    authority.behaviour = lambda question: b"never asked"
    again = run("stamp", "--authority", url)
    assert again.exit_code == 0 and "was there already" in again.stderr and "recorded as 1.0" in again.stdout
    assert stamps(run, "L")[0]["entry"] == 1


def test_bad_answers_change_nothing(made_now: Path, run, url: str, authority: Authority, desk: Path):
    for behaviour, code in ((lambda q: b"x", 2), (lambda q: bytes(100_000), 4)):
        authority.behaviour = behaviour
        said = run("stamp", "--authority", url)
        assert said.exit_code == code and "error: " in said.stderr
    authority.behaviour = authority.answer
    other = Authority(desk / "other")
    said = run("stamp", "--authority", url, "--roots", str(other.roots))
    assert said.exit_code == 4 and "no root certificate" in said.stderr
    assert not (made_now / "timestamps").exists()
    assert json.loads(run("verify", "L", *AFTER, "--format", "json").stdout)["tree_size"] == 1


def test_roots_are_a_file_of_certificates(made_now: Path, run, desk: Path):
    (desk / "no").write_text("no certificate")
    said = run("verify", "L", "--trust", "L/trust.policy", "--timestamp-roots", "no")
    assert said.exit_code == 2 and "has no certificates in PEM" in said.stderr


def test_a_copy_for_trying_things_out_has_a_root_of_its_own(made_now: Path, run, url: str):
    """The token is of the real log, and is not copied."""
    assert run("stamp", "--authority", url).exit_code == 0
    assert run("copy", "T", "--trial").exit_code == 0
    said = json.loads(run("verify", "T", "--trust", "T/trust.policy", "--format", "json").stdout)
    assert said["verdict"] == "verified" and said["stamps"][0]["why"] == "not checked: its token is missing"
