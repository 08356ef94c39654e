"""What others say, so that an audit can judge by it: what the law asks, and what a dollar was worth."""

from __future__ import annotations

from .cast import OPERATOR, PLACE
from .stage import Record, Stage

FROM = "2026-01-01"


def say_requirements(stage: Stage) -> None:
    """The operator says what the place of all these parties asks: how much of gifts a custodian may keep, how far a rate may
    differ."""
    stage.clock.go_to("2026-08-24", "17:00")
    stage.say(
        OPERATOR,
        _requirement("fee/custodian", [10, 1000], "Rules on payment services for charities, article 12"),
        _requirement("rate/tolerance", [2, 100], "Rules on foreign exchange of charities, article 7"),
    )


def say_rate(stage: Stage) -> None:
    """The auditor says the rate of the day, before anyone exchanges."""
    stage.clock.go_to("2026-09-10", "12:00")
    stage.say("plain-audit", {
        "kind": "rate", "unit": "USD", "to_unit": "CNY", "ratio": [71_286, 10_000], "day": stage.clock.today(),
        "source": "Central bank, middle rate of the day",
    })  # fmt: skip


def _requirement(name: str, ratio: list[int], basis: str) -> Record:
    return {"kind": "requirement", "jurisdiction": PLACE, "name": name, "ratio": ratio, "from_day": FROM, "basis": basis}
