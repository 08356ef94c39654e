"""Money that is exchanged for less than it is worth, and rates that are said so that nobody sees it."""

from __future__ import annotations

from typing import Any

from tests.golden.telling import a

from .case import OPERATOR, POLICY, Hearing, attack, audit
from .forging import LogForge, story
from .scene import TODAY

EXCHANGE = {"fund": "hope-general", "unit": "USD", "to_unit": "CNY", "source": "Bank, 6 May", "exchanged_on": TODAY}


def said(*ratio: int, **members: Any) -> dict[str, Any]:
    """A rate of dollars in yuan, of today."""
    return a("rate", **{"unit": "USD", "to_unit": "CNY", "ratio": list(ratio), "day": TODAY, "source": "The bank", **members})


def sold(f: LogForge) -> int:
    """A charity gives a hundred cents for a hundred fen."""
    flows = [*f.out("hope-general/USD", 100), *f.into("hope-general/CNY", 100)]
    return f.append("hope.wang", a("exchange", **EXCHANGE, amount=100, to_amount=100, rate=[1, 1]), flows=flows)


@attack(OPERATOR, story)
def rate_crowded_out_by_a_relative_and_the_operator(f: LogForge) -> Hearing:
    """A regulator says a true rate; an auditor that is the charity's relative, and says so, and the operator say their own after
    it, for the charity sells its dollars below what they are worth."""
    f.append("bureau.hu", said(7, 1))
    f.append("auditco.chen", a("relation", of="auditco", to="hope", nature="family", starts_on=TODAY), said(1, 1))
    f.append("op.chief", said(1, 1))
    yield POLICY, audit("rate", sold(f), 0)


@attack(OPERATOR, story)
def rate_crowded_out_by_the_pair_turned(f: LogForge) -> Hearing:
    """The same, but relative and operator say what yuan are worth in dollars, each of them twice."""
    f.append("bureau.hu", said(7, 1))
    turned = said(1, 1, unit="CNY", to_unit="USD")
    f.append("auditco.chen", a("relation", of="auditco", to="hope", nature="family", starts_on=TODAY), turned, turned)
    f.append("op.chief", turned, turned)
    yield POLICY, audit("rate", sold(f), 0)
