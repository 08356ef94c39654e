"""Mutations that break a rule of conduct: those that say so, and those that do not."""

from __future__ import annotations

from typing import Any

from .on_costs import THOUSAND, WELLS, cost
from .on_rows import CHARITY, OFFICERS
from .on_rules import printed
from .tabled import by, case, delivered, gift, malformed, paid

AUDITOR = "auditco.chen"


def breach(*findings: str) -> dict[str, Any]:
    """What a record says that it breaks."""
    return {"breach": {"findings": list(findings), "reason": "The bank had paid it before we could stop it"}}


OWN = paid("hope-general", 100, payee="hope")

case("self-payment", "A charity pays itself.", "self-payment", by(CHARITY, OWN))
case("self-payment-in-goods", "A charity hands books to itself.", "self-payment", by(
    CHARITY, delivered("school-books", 1, unit="book", to="hope"),
))  # fmt: skip
case("self-payment-that-says-so", "A charity pays itself, and says so.", "self-payment",
     by(OFFICERS, {**OWN, **breach("self-payment")}), named=True)
case("approval-of-a-breach", "One officer enters what breaks a rule of conduct, where the party has two.", "approval",
     by(CHARITY, {**OWN, **breach("self-payment")}), also=(("self-payment", 0, 0),))
case("cost-limit-that-is-named", "A cost above the limit says so.", "cost-limit",
     by(OFFICERS, WELLS, THOUSAND, {**cost(101), **breach("cost-limit")}), named=True)
case("breach-that-is-none", "A payment says that it is one to the payer, and is not.", "breach",
     by(OFFICERS, {**paid("hope-general", 100), **breach("self-payment")}))
case("breach-of-one-rule-of-two", "A payment to the payer says that it breaks a second rule, and does not.", "breach",
     by(f"{OFFICERS} {AUDITOR}", {**OWN, **breach("self-payment", "approval")}), also=(("self-payment", 0, 0),))
case("approval-that-an-auditor-gives", "One officer passes the threshold and says so; an auditor signs.", "approval",
     by(f"{CHARITY} {AUDITOR}", gift("hope-school", 6000), printed(5001, **breach("approval"))), named=True)
case("approval-that-nobody-gives", "One officer passes the threshold and says so; nobody else signs.", "approval",
     by(CHARITY, gift("hope-school", 6000), printed(5001, **breach("approval"))))
malformed("breach-that-names-a-rule-twice", "A breach names one rule twice.", OFFICERS,
          {**OWN, **breach("self-payment", "self-payment")})
