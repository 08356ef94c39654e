"""The sequencer does not believe a clock that jumped ahead alone."""

from __future__ import annotations

import pytest

from ledger.errors import Refused
from ledger.writer.clock_jump import check_clock

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
