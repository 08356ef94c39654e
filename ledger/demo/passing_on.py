"""After the festival the platform passes on what it has, the federation divides its share, and every gift can still be followed.

A platform that may receive gifts pays them out in batches: one statement of grants, signed once by two officers. Every charity
takes its grants into its own funds, in one statement a day. Where the law does not let a platform receive gifts, as in China, the
charity itself records them.
"""

from __future__ import annotations

from .cast import PLATFORM
from .programme import COMMON
from .stage import Stage
from .work import grant, take

FUND_OF = {
    "square-desks": "desks", "square-water": "wells", "square-meals": "meals", "square-relief": "relief", "square-any": COMMON,
}  # fmt: skip
# What each project gets of a hundred yuan given to the federation.
SHARES = {"meals": 15, "desks": 40, "wells": 30, "relief": 10, "elders": 5}


def pass_on(stage: Stage) -> None:
    """The platform grants each campaign's gifts for the fund that they were given for, and the charities take them."""
    stage.clock.go_to("2026-09-11", "10:00")
    there = {campaign: stage.left(f"{campaign}/CNY") for campaign in FUND_OF}
    batch = [grant(stage, PLATFORM, campaign, FUND_OF[campaign], amount) for campaign, amount in there.items() if amount]
    refs = stage.say(PLATFORM, *batch, both=True)
    stage.clock.go_to("2026-09-11", "14:00")
    take(stage, *refs)


def share_out(stage: Stage) -> None:
    """The federation divides what was given to all its members, and they take their shares."""
    stage.clock.go_to("2026-09-11", "15:00")
    total = stage.left(f"{COMMON}/CNY")
    shares = {project: total * share // 100 for project, share in SHARES.items()}
    refs = stage.say("seven-bridges", *(grant(stage, "seven-bridges", COMMON, *share) for share in shares.items()), both=True)
    stage.clock.go_to("2026-09-11", "17:00")
    take(stage, *refs)
