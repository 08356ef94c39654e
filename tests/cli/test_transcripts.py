"""Every transcript in transcripts/ runs as it stands there, beside the ledger of ledger.txt: L, named by GIVETRAIL_LEDGER."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.transcript import Ended, Step, compare, read_steps, run_transcript

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_transcript(path: Path, ledger: Path, monkeypatch: pytest.MonkeyPatch):
    run_transcript(path, ledger.parent, monkeypatch.setenv)


def test_every_exit_code_is_shown():
    shown = {step.exit_code for path in TRANSCRIPTS for step in read_steps(path.read_text(encoding="utf-8"))}
    assert {0, 2, 3, 4, 5, 6} <= shown


OTHERWISE = [
    Ended(0, "other\n", ""), Ended(0, "a 1\n", "!"), Ended(1, "a 1\n", ""), Ended(0, "a 1\nb\n", ""), Ended(0, "a x\n", ""),
    Ended(0, "", ""),
]  # fmt: skip


@pytest.mark.parametrize("ended", OTHERWISE)
def test_the_comparison_can_fail(ended: Ended):
    step = Step(1, "x", "", ["a <number>"], [], 0)
    compare("here", step, Ended(0, "a 12\n", ""))
    with pytest.raises(AssertionError):
        compare("here", step, ended)
