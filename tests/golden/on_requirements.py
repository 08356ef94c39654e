"""Mutations about what the law asks, and about rates that others say."""

from __future__ import annotations

from typing import Any

from .forge import Forge
from .mutation import OPERATOR, PARTY, WHOLE, Outcome, audit, mutation
from .on_rows import CHARITY, EXCHANGE, OFFICERS
from .tabled import TODAY, TOMORROW, YESTERDAY, Record, by, case, flows_of, fund, gift, malformed
from .telling import a

OPERATORS, BUREAU, AUDITOR = "op.chief", "bureau.hu", "auditco.chen"


def asked(name: str, ratio: list[int], **members: Any) -> Record:
    """A requirement, of China where nothing else is said."""
    said = {"jurisdiction": "CN", "name": name, "ratio": ratio, "from_day": "2026-01-01", "basis": "Article 27", **members}
    return a("requirement", **said)


def said(ratio: list[int], **members: Any) -> Record:
    """A rate of the day, of dollars in yuan."""
    return a("rate", **{"unit": "USD", "to_unit": "CNY", "ratio": ratio, "day": TODAY, "source": "The central bank", **members})


def exchanged(rate: list[int], amount: int = 100, **members: Any) -> Record:
    """An exchange of the charity's dollars today."""
    there = amount * rate[0] // rate[1]
    return a("exchange", **{**EXCHANGE, "rate": rate, "amount": amount, "to_amount": there, "exchanged_on": TODAY, **members})


case(
    "authority-over-a-requirement",
    "A charity says what the law asks, after an auditor and the operator did.",
    "authority",
    by(AUDITOR, asked("fee/custodian", [1, 100])),
    by(OPERATORS, asked("fee/custodian", [2, 100])),
    by(CHARITY, asked("fee/custodian", [1, 1])),
)
case(
    "authority-over-a-rate",
    "A charity says a rate, after a regulator and the operator did.",
    "authority",
    by(BUREAU, said([7, 1])),
    by(OPERATORS, said([8, 1])),
    by(CHARITY, said([9, 1])),
)
case("day-of-a-rate", "A rate of today, and one of tomorrow.", "day", by(BUREAU, said([7, 1]), said([7, 1], day=TOMORROW)))
case(
    "rate-out-of-thin-air",
    "Dollars go at a twentieth below the rate of others, and then at a little less.",
    "rate",
    by(BUREAU, said([100, 1])),
    by(CHARITY, exchanged([95, 1]), exchanged([9499, 100])),
)
case(
    "rate-of-the-pair-turned",
    "The only rate is of yuan in dollars.",
    "rate",
    by(BUREAU, said([1, 100], unit="CNY", to_unit="USD")),
    by(CHARITY, exchanged([105, 1]), exchanged([10501, 100])),
)
case(
    "rate-of-a-week-ago",
    "A rate from seven days before counts if nobody said a newer one.",
    "rate",
    by(BUREAU, said([100, 1], day="2026-04-29"), said([200, 1], day="2026-04-28")),
    by(CHARITY, exchanged([200, 1])),
)
case(
    "rate-of-the-operator-after-an-auditor",
    "The operator says an absurd rate on the day of an exchange, after an auditor said the true one a few days before.",
    "rate",
    by(BUREAU, said([7, 1], day=YESTERDAY)),
    by(OPERATORS, said([1000, 1])),
    by(CHARITY, exchanged([7, 1]), exchanged([1000, 1])),
)
case(
    "rate-of-the-operator-alone",
    "Nobody but the operator said a rate.",
    "rate",
    by(OPERATORS, said([7, 1])),
    by(CHARITY, exchanged([7, 1]), exchanged([1000, 1])),
)
case(
    "rate-of-an-overseer-before-two-others",
    "A regulator says a rate; an auditor that is related to the charity, as it says itself, and the operator say others after it.",
    "rate",
    by(BUREAU, said([100, 1])),
    by(AUDITOR, a("relation", of="auditco", to="hope", nature="family", starts_on=TODAY), said([200, 1])),
    by(OPERATORS, said([200, 1])),
    by(CHARITY, exchanged([100, 1]), exchanged([200, 1])),
)
case(
    "rate-that-was-said-last-of-a-day",
    "An auditor says the rate of the pair turned, a regulator another, and then the auditor a third.",
    "rate",
    by(AUDITOR, said([1, 100], unit="CNY", to_unit="USD")),
    by(BUREAU, said([200, 1])),
    by(AUDITOR, said([300, 1])),
    by(CHARITY, exchanged([300, 1]), exchanged([200, 1])),
)
malformed(
    "requirement-of-two-things", "A requirement gives a number and a share.", OPERATORS, asked("rate/tolerance", [1, 2], value=1)
)
malformed(
    "requirement-that-ends-first",
    "A requirement ends before it begins.",
    OPERATORS,
    asked("rate/tolerance", [1, 2], until_day="2025-12-31"),
)
malformed("rate-of-a-unit-in-itself", "A rate is of dollars in dollars.", OPERATORS, said([1, 1], to_unit="USD"))


def kept(f: Forge, keeper: str, *fees: int, names: str = OPERATORS, records: tuple[Record, ...] = ()) -> Outcome:
    """What the law asks is said; of gifts to a charity somebody keeps fees."""
    f.append(names, *records)
    gifts = [fund("own"), *(gift("own", 1000, fee=fee, fee_to=keeper) for fee in fees)]
    f.append(OFFICERS, *gifts, flows=flows_of(f, gifts))
    return audit("fee-limit", WHOLE, WHOLE)


@mutation(PARTY)
def fee_limit_of_the_law(f: Forge) -> Outcome:
    """A custodian may keep 6 in 1,000 by law; of two gifts of 1,000 it keeps 13."""
    return kept(f, "bank", 6, 7, names=BUREAU, records=(asked("fee/custodian", [6, 1000]),))


@mutation(OPERATOR)
def fee_limit_of_a_platform(f: Forge) -> Outcome:
    """A platform may keep nothing by law, and keeps a unit of a gift."""
    return kept(f, "gate", 1, records=(asked("fee/custodian", [1, 1]), asked("fee/platform", [0, 1])))


@mutation(OPERATOR)
def fee_limit_that_was_said_last(f: Forge) -> Outcome:
    """Of what is in force, the last one said counts: neither the one before nor the one that ended."""
    ended = asked("fee/custodian", [1, 1], until_day=YESTERDAY)
    return kept(f, "bank", 6, records=(asked("fee/custodian", [1, 2]), asked("fee/custodian", [5, 1000]), ended))


@mutation(OPERATOR)
def fee_limit_of_the_province(f: Forge) -> Outcome:
    """A province asks more than the country does; another province asks nothing of its neighbours."""
    records = (asked("fee/custodian", [1, 2]), asked("fee/custodian", [5, 1000], jurisdiction="CN-GZ"))
    return kept(
        f, "bank", 6, records=(*records, asked("fee/custodian", [1, 1], jurisdiction="CN-51"), asked("fee/custodian", [1, 2]))
    )
