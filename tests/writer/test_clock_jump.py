"""The sequencer does not believe a clock that jumped ahead alone."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from ledger.audit.verify import verify
from ledger.directory.opening import key_path
from ledger.directory.source import DirectorySource
from ledger.errors import Refused
from ledger.writer.clock_jump import check_clock
from tests.cli.transcript import run_program
from tests.language import key
from tests.writer.on_disk import TRUST, OnDisk

BEFORE = "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(("time", "signed_at"), [
    ("2026-01-08T00:00:00Z", BEFORE), ("2026-03-01T00:00:00Z", "2026-02-28T00:00:00Z"),
    ("2027-01-02T00:00:00Z", "2027-01-02T00:00:00Z"), (BEFORE, BEFORE),
])  # fmt: skip
def test_a_clock_that_another_bears_out_is_believed(time: str, signed_at: str):
    check_clock(BEFORE, time, signed_at)
    check_clock("", "2038-01-19T03:14:07Z", signed_at)


@pytest.mark.parametrize(("time", "signed_at"), [
    ("2026-01-08T00:00:01Z", "2026-01-06T00:00:00Z"), ("2026-03-01T00:00:00Z", "2026-02-27T23:59:59Z"),
    ("2027-01-02T00:00:01Z", "2027-01-02T00:00:01Z"), ("2038-01-19T03:14:07Z", "2038-01-19T03:14:07Z"),
])  # fmt: skip
def test_a_clock_far_ahead_is_not_believed_alone(time: str, signed_at: str):
    with pytest.raises(Refused, match="--clock-is-right") as refused:
        check_clock(BEFORE, time, signed_at)
    assert refused.value.rule == "clock"


def test_the_writer_does_not_believe_it_until_somebody_says_that_it_is_right(town: OnDisk):
    town.time = "2038-01-19T03:14:07Z"
    gift = town.made("hope", "donation 1.00 CNY -> general")
    size = town.sequencer.tree_size
    with pytest.raises(Refused) as refused:
        town.sequencer.submit_one(gift)
    assert (refused.value.rule, town.sequencer.tree_size) == ("clock", size)
    town.sequencer.clock_is_right = True
    assert town.sequencer.submit_one(gift).index == size


class Old(OnDisk):
    """A ledger whose clock stood still long ago."""

    @property
    def time(self) -> str:
        return "2001-01-01T00:00:00Z"

    @time.setter
    def time(self, value: str) -> None:
        """It cannot be set."""


def test_the_command_line_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    old = Old(tmp_path / "ledger")
    old.play("op: unit CNY 2; party hope charity li\n hope: fund general unrestricted")
    old.close()
    key("hope.li").save(key_path(old.directory, "hope", "li"))
    gift = [
        "record", "donation", "--ledger", str(old.directory), "--party", "hope", "--officer", "li", "--fund", "general",
        "--unit", "CNY", "--amount", "1.00", "--channel", "cash",
    ]  # fmt: skip
    refused = run_program(gift)
    assert refused.exit_code == 3 and "days after the last entry" in refused.stderr and "[clock]" in refused.stderr
    entered = run_program([*gift, "--clock-is-right"])
    assert (entered.exit_code, entered.stderr) == (0, "")


def test_the_writer_enters_a_correction_at_its_own_time_and_goes_on_from_there(town: OnDisk):
    town.play("op: party auditco auditor zhou")
    now = town.time
    town.time = "2027-06-01T00:00:00Z"
    town.play("hope: donation 1.00 CNY -> general")
    town.time = now
    correction = [{"kind": "clock-correction", "reason": "The battery was empty"}]
    group = [
        town.made("op", correction, "op.chief auditco.zhou"), town.made("hope", "donation 2.00 CNY -> general"),
    ]  # fmt: skip
    answers = town.sequencer.submit(group)
    town.reopen()
    assert [leaf.entry.time for leaf in town.leaves[-2:]] == [now, now] and len(answers) == 2
    town.close()
    with closing(DirectorySource(town.directory)) as source:
        report = verify(source, TRUST)
    assert (report.exit_code, {finding.rule for finding in report.findings}) == (0, {"clock-corrected"})
