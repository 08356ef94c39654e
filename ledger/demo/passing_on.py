"""After the festival the platform passes on what it has, the federation divides its share, and every gift can still be followed."""

from __future__ import annotations

from .programme import COMMON, PROGRAMMES
from .stage import Stage
from .work import payment

CAMPAIGN_OF = {"square-desks": "desks", "square-water": "wells", "square-meals": "meals", "square-relief": "relief"}
CHARITY_OF = {programme.project: programme.charity for programme in PROGRAMMES}
# What each project gets of a hundred yuan given to the federation.
SHARES = {"meals": 15, "desks": 40, "wells": 30, "relief": 10, "elders": 5}


def pass_on(stage: Stage) -> None:
    """The platform pays each campaign's gifts into the fund that they were given for."""
    stage.clock.go_to("2026-09-11", "10:00")
    routes = [(campaign, CHARITY_OF[project], project) for campaign, project in CAMPAIGN_OF.items()]
    payments = [
        payment(stage, "giving-square", campaign, payee, stage.left(f"{campaign}/CNY"), to_fund=fund)
        for campaign, payee, fund in (*routes, ("square-any", "seven-bridges", COMMON))
        if stage.left(f"{campaign}/CNY")
    ]
    stage.say("giving-square", *payments, both=True)


def share_out(stage: Stage) -> None:
    """The federation divides what was given to all its members."""
    stage.clock.go_to("2026-09-11", "15:00")
    total = stage.left(f"{COMMON}/CNY")
    payments = [
        payment(stage, "seven-bridges", COMMON, CHARITY_OF[project], total * share // 100, to_fund=project)
        for project, share in SHARES.items()
    ]
    stage.say("seven-bridges", *payments, both=True)
