"""After the festival the platform passes on what it has, the federation divides its share, and every gift can still be followed.
What a member does not need goes back to the federation.

A platform that may receive gifts pays them out in batches: one statement of grants, signed once by two officers. Every charity
takes its grants into its own funds, in one statement a day. Where the law does not let a platform receive gifts, as in China, the
charity itself records them.
"""

from __future__ import annotations

from .cast import PLATFORM
from .programme import COMMON
from .stage import Stage
from .work import BANK, grant, say_payment, take

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
    grants = stage.say("seven-bridges", *(grant(stage, "seven-bridges", COMMON, *share) for share in shares.items()), both=True)
    stage.clock.go_to("2026-09-11", "17:00")
    taken = take(stage, *grants)
    stage.named["relief_share"] = taken[dict(zip(shares, grants, strict=True))["relief"]]


def give_back(stage: Stage) -> None:
    """Red Lantern pays back the half of its share that it did not use, the very units, and the federation takes them into the fund
    that they had left."""
    stage.clock.go_to("2026-10-09", "12:00")
    share = stage.named["relief_share"]
    amount = stage.left("relief/CNY")
    ((_, end),) = stage.sequencer.books.taking[share].units
    stage.named["given_back"] = say_payment(stage, "red-lantern", {
        "kind": "payment", "fund": "relief", "unit": "CNY", "amount": amount, "payee": "seven-bridges", "returns": share,
        "units": [[end - amount, end]], "paid_on": stage.clock.today(), "purpose": "The hospital had masks enough",
        "channel": BANK, "channel_ref": stage.reference("red-lantern", BANK),
    })  # fmt: skip
    take(stage, stage.named["given_back"])
