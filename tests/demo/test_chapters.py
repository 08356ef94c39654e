"""The chapters follow one another: what a chapter tells happens on the day that it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.demo.clock import StoryClock
from ledger.demo.story import make_demo


def test_no_chapter_comes_too_late(new: Path, monkeypatch: pytest.MonkeyPatch):
    told: list[tuple[str, str]] = []
    go_to = StoryClock.go_to

    def noted(clock: StoryClock, day: str, time: str = "09:00", seconds: int = 0) -> None:
        go_to(clock, day, time, seconds)
        told.append((day, clock.today()))

    monkeypatch.setattr(StoryClock, "go_to", noted)
    make_demo(new, 10)
    assert len(told) > 50 and [day for day, _ in told] == [today for _, today in told]
