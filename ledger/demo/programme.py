"""What money is for: units, funds, projects with their promises, and the activities that spend."""

from __future__ import annotations

from typing import NamedTuple

from .cast import BOOKS_FROM, OPERATOR, SECONDS
from .plans import budget_of_activity, budget_of_project, targets
from .stage import Record, Stage
from .work import ALONE, BANK

UNITS = (
    ("CNY", 2, "Chinese yuan"), ("USD", 2, "United States dollar"), ("mask-n95", 0, "N95 masks"),
    ("school-kit", 0, "School kits: bag, pens, ruler, cup"), ("notebook", 0, "Notebooks"),
)  # fmt: skip
CLAY_BANK = "clay-bank"
BALANCE, DEED, INTEREST = 120_000_00, 500_000_00, 1_312_50
COMMON = "bridges-common"
CAMPAIGNS = ("square-any", "square-desks", "square-water", "square-meals", "square-relief")


class Programme(NamedTuple):
    """A charity's project with its activities, and the days that it promises until receipt and feedback."""

    charity: str
    general: str
    project: str
    name: str
    purpose: str
    receipt_days: int
    feedback_days: int
    activities: tuple[tuple[str, str, tuple[str, ...]], ...]
    place: str


PROGRAMMES = (
    Programme(
        "hope-school", "hope-general", "desks", "A desk for every child", "School kits for village schools", 30, 60,
        (("desks-kits", "Buy and deliver school kits", ()), ("desks-transport", "Bring the kits up the mountain", ())), "CN-GS",
    ),
    Programme(
        "clear-water", "water-general", "wells", "Wells for two villages", "Drinking water", 30, 60,
        (("wells-drilling", "Drill and line the wells", ("hill-builders",)),), "CN-YN",
    ),
    Programme(
        "warm-meal", "meal-general", "meals", "A warm meal at noon", "Meals for street cleaners", 15, 45,
        (("meals-kitchen", "Cook and hand out", ()), ("meals-allowance", "Allowances in hardship", ())), "CN-HL",
    ),
    Programme(
        "red-lantern", "lantern-general", "relief", "Masks for a county", "Protection in an epidemic", 20, 45,
        (("relief-masks", "Buy and deliver masks", ()),), "CN-HB",
    ),
    Programme(
        "evergreen", "evergreen-general", "elders", "Winter visits", "Visits and repairs for the old", 10, 20,
        (("elders-visits", "Visit, repair, cook", ("hill-builders",)),), "CN-JL",
    ),
)  # fmt: skip


def declare_units(stage: Stage) -> None:
    """The operator declares the units, with their decimals."""
    stage.clock.go_to("2026-08-24", "16:00")
    stage.say(OPERATOR, *({"kind": "unit", "unit": unit, "exponent": exponent, "name": name} for unit, exponent, name in UNITS))


def say_mandates(stage: Stage) -> None:
    """Every charity says above which sum to one payee in a day both officers sign, and which transactions are major ones; and
    which bank keeps its money. One with a single officer says who signs as its second."""
    stage.clock.go_to("2026-08-25", "10:00")
    stage.enter([stage.sign(programme.charity, [_mandate(programme)], both=True) for programme in PROGRAMMES])


def _mandate(programme: Programme) -> Record:
    charity = programme.charity
    limit = ALONE if charity in ("clear-water", *SECONDS) else 50_000_00
    second = {"second": SECONDS[charity]} if charity in SECONDS else {}
    channels = [{"channel": BANK, "custodian": CLAY_BANK}]
    return {"kind": "mandate", "thresholds": [_yuan(limit)], **second, "major": [_yuan(100_000_00)], "channels": channels}


def open_funds(stage: Stage) -> None:
    """The platform's fund for each campaign, the federation's common fund, an endowment."""
    stage.clock.go_to("2026-08-26")
    campaigns = [_fund(campaign, "Gifts on their way to the charities", "restricted") for campaign in CAMPAIGNS]
    stage.say("giving-square", *campaigns, both=True)
    stage.say("seven-bridges", _fund(COMMON, "What was given to all members", "restricted"), both=True)
    stage.say("evergreen", _fund("evergreen-endowment", "Capital that is kept; its interest is spent", "endowment"), both=True)


def open_programmes(stage: Stage) -> None:
    """Every charity: a general fund, below it a project with its promises, below that its activities."""
    stage.clock.go_to("2026-08-27")
    stage.enter([stage.sign(programme.charity, _funds(stage, programme), both=True) for programme in PROGRAMMES])


def _funds(stage: Stage, programme: Programme) -> list[Record]:
    general = _fund(programme.general, "Whatever serves the charity", "unrestricted")
    return [general, _project(stage, programme), *_activities(stage, programme)]


def open_balances(stage: Stage) -> None:
    """What the charities had before, and what the endowment earned: money that is not a gift."""
    stage.clock.go_to("2026-08-28")
    balances = [(one.charity, one.general, BALANCE, "opening-balance", "Accounts of 31 July 2026") for one in PROGRAMMES]
    endowment = ("evergreen", "evergreen-endowment", DEED, "opening-balance", "Deed of 2019")
    interest = ("evergreen", "evergreen-general", INTEREST, "interest", "Interest on the endowment, second quarter")
    stage.enter([
        stage.sign(charity, [_income(fund, amount, income_class, source)])
        for charity, fund, amount, income_class, source in (*balances, endowment, interest)
    ])


def _fund(id: str, purpose: str, restriction: str) -> Record:
    return {"kind": "fund", "id": id, "name": id.replace("-", " ").capitalize(), "purpose": purpose, "restriction": restriction}


def _yuan(amount: int) -> Record:
    return {"unit": "CNY", "amount": amount}


def _project(stage: Stage, programme: Programme) -> Record:
    return {
        "kind": "project", "id": programme.project, "parent": programme.general, "name": programme.name,
        "purpose": programme.purpose, "restriction": "restricted", "receipt_days": programme.receipt_days,
        "feedback_days": programme.feedback_days, "place": programme.place, "filing": f"XX-DEMO-P-{programme.project}",
        "goal": [_yuan(40_00 * stage.gifts)], **budget_of_project(programme.project, stage.gifts),
        **targets(programme.project, stage.gifts),
        "cost_limits": [{"cost_class": "administration", "rate": [10, 100]}, {"cost_class": "fundraising", "rate": [5, 100]}],
    }  # fmt: skip


def _activities(stage: Stage, programme: Programme) -> list[Record]:
    return [
        {
            "kind": "activity", "id": id, "parent": programme.project, "name": id.replace("-", " ").capitalize(),
            "purpose": purpose, "implementers": list(implementers), "starts_on": "2026-09-01",
            **budget_of_activity(id, stage.gifts), **targets(id, stage.gifts),
        }
        for id, purpose, implementers in programme.activities
    ]  # fmt: skip


def _income(fund: str, amount: int, income_class: str, source: str) -> Record:
    return {
        "kind": "income", "fund": fund, "unit": "CNY", "amount": amount, "income_class": income_class, "source": source,
        "received_on": "2026-08-28" if income_class == "interest" else BOOKS_FROM, "channel": "own",
    }  # fmt: skip
