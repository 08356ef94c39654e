"""A command is said again, as its error advises: it answers with what is there, and records nothing twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from cli import session
from ledger.directory import publication as directory
from ledger.errors import StorageError
from tests.cli.transcript import Ended

Run = Callable[..., Ended]
HOPE = ("--party", "hope", "--officer", "ana")
GIFT = ("record", "donation", *HOPE, "--fund", "desk", "--unit", "CNY", "--amount", "1.00", "--channel", "cash")
PARTY = ("party", "add", "river", "--name", "River", "--role", "charity", "--officer", "xu")
ADVICE = re.compile(
    r"; (recorded as (\d+\.0)); .*run the same command again with (--statement-id) (\S+), which records nothing twice "
)


@pytest.fixture
def unpublished(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let the disk refuse the checkpoint, after the commit; call it to free the disk again."""
    kept = directory.write_durably

    def refuse(path: Path, content: bytes, mode: int = 0o644) -> None:
        raise StorageError(f"{path}: cannot be written: disk full; free space", rule="disk-full", where=str(path))

    monkeypatch.setattr(directory, "write_durably", refuse)
    return lambda: monkeypatch.setattr(directory, "write_durably", kept)


@pytest.mark.parametrize("words", [GIFT, (*GIFT, "--reference", "till 7"), PARTY], ids=["gift", "reference", "party"])
def test_what_was_recorded_and_could_not_be_published_is_known(
    words: tuple[str, ...], ledger: Path, run: Run, unpublished: Callable[[], None], monkeypatch: pytest.MonkeyPatch
):
    refused = run(*words)
    assert refused.exit_code == 1
    told = ADVICE.search(refused.stderr)
    assert told is not None, refused.stderr
    unpublished()
    monkeypatch.setattr(session, "utc_now", lambda: "2099-01-01T00:00:00Z")  # a day is a default that the first time has chosen
    again = run(*words, told[3], told[4])
    assert (again.exit_code, again.stdout) == (0, f"{told[2]}\n"), again
    assert "already recorded" in again.stderr
    assert run("verify", "L", "--trust", "L/trust.policy").exit_code == 0


def test_a_key_of_a_party_that_may_be_in_the_ledger_stays(ledger: Path, run: Run, unpublished: Callable[[], None]):
    assert run(*PARTY).exit_code == 1
    assert (ledger / "keys" / "river" / "xu.pem").is_file()


def test_a_key_of_a_party_that_is_refused_is_taken_away(ledger: Path, run: Run):
    refused = run("party", "add", "hope", "--name", "Hope", "--role", "charity", "--officer", "new")
    assert refused.exit_code == 3
    assert not (ledger / "keys" / "hope" / "new.pem").exists()


def test_the_same_id_for_something_else_is_refused(ledger: Path, run: Run):
    id_ = ("--statement-id", "00000000-0000-4000-8000-000000000001")
    assert run(*GIFT, *id_).exit_code == 0
    assert run(*GIFT, "--amount", "2.00", *id_).exit_code == 6
