"""Mutations of the clock of the log, which is turned back for good reasons only."""

from __future__ import annotations

from typing import Any

from .cast import officers, public
from .tabled import By, by, case, party
from .telling import a

BOTH = "op.chief auditco.chen"
CORRECTION = a("clock-correction", reason="The battery of the clock was empty")
RULES = a("rules", rules="givetrail/1")


def on(day: str, names: str, *records: dict[str, Any]) -> By:
    """What a party says under a clock that shows that day."""
    return by(names, *records, time=f"{day}T02:00:00Z", signed_at=f"{day}T02:00:00Z")


AHEAD = on("2026-07-20", "op.chief", RULES)

case("clock-corrected", "The clock is turned back 30 days after it was turned back before.", "clock-corrected",
     AHEAD, on("2026-05-06", BOTH, CORRECTION))
case("time-of-a-correction-too-soon", "The clock is turned back 29 days after it was turned back before.", "time",
     AHEAD, on("2026-05-05", BOTH, CORRECTION), also=(("clock-corrected", 1, 0),))
case("time-of-a-correction-forward", "A correction is later than the entry before it.", "time",
     on("2026-05-06", BOTH, CORRECTION), also=(("clock-corrected", 0, 0),))
case("approval-of-a-correction", "The operator alone turns the clock back.", "approval",
     AHEAD, on("2026-05-06", "op.chief", CORRECTION), also=(("clock-corrected", 1, 0),))
case("approval-of-a-correction-by-one-officer", "One of the operator's two officers turns the clock back.", "approval",
     by("op.chief op.second auditco.chen", a("key", key=public("op.second"), officer="second")),
     on("2026-07-20", "op.chief op.second", RULES), on("2026-05-06", BOTH, CORRECTION), also=(("clock-corrected", 2, 0),))
case("authority-over-the-clock", "A charity turns the clock back.", "authority",
     AHEAD, on("2026-05-06", "hope.wang hope.li2 auditco.chen", CORRECTION), also=(("clock-corrected", 1, 0),))
case("authority-of-an-overseer-of-the-wrong-clock", "The auditor who signs was admitted under the wrong clock.", "authority",
     on("2026-07-20", "op.chief watch.one", party("watch", roles=["auditor"], keys=officers("watch.one"))),
     on("2026-05-06", "op.chief watch.one", CORRECTION), also=(("clock-corrected", 1, 0),))
case("reference-correction-with-another", "A correction is not the only record of its statement.", "reference",
     AHEAD, on("2026-05-06", BOTH, CORRECTION, RULES), at=(1, 0))
