"""Mutations about what a cost limit is a share of, and about advances that are repaid. The well may cost 100 of administration."""

from __future__ import annotations

from typing import Any

from .on_grants import GATE, GRANT, TAKEN
from .on_rows import CHARITY, OFFICERS
from .on_void import undone
from .tabled import TODAY, by, case, gift, malformed, paid
from .telling import a

WELL = "hope-well"
# Where the units begin that come into the well after the golden ledger.
START = 1863


def income(amount: int, income_class: str, fund: str = WELL) -> dict[str, Any]:
    """Money that is not a gift."""
    return a("income", fund=fund, unit="CNY", amount=amount, income_class=income_class, source="Said so", received_on=TODAY)


def administered(amount: int) -> dict[str, Any]:
    """A cost of the well's administration."""
    return paid(WELL, amount, cost_class="administration")


def repaid(amount: int, of: str = "first.0", fund: str = WELL, **members: Any) -> dict[str, Any]:
    """A payment that repays an advance."""
    payment = paid(fund, amount, payee="bank", repays=of, **members)
    return {name: value for name, value in payment.items() if name != "cost_class"}


SPENT = by(CHARITY, administered(100), administered(1))
LENT = by(CHARITY, income(50, "advance"))
TAKES = {**TAKEN, "into": WELL, "amount": 100}
AGAIN = {**TAKES, "of": "fourth.0"}
BACK = paid(WELL, 100, payee="gate", returns="second.0", units=[[START, START + 100]])

case("cost-limit-of-an-advance", "A project borrows money, and spends a tenth of it on itself.", "cost-limit", LENT, SPENT)
case("cost-limit-of-unstated-income", "A project spends on itself a tenth of what came from nowhere.", "cost-limit",
     by(CHARITY, income(50, "unstated")), SPENT)
case("cost-limit-of-a-recovery", "A project recovers more than it lost, and spends a tenth of that on itself.", "cost-limit",
     by(OFFICERS, a("write-off", fund=WELL, unit="CNY", amount=10, cause="loss", reason="Stolen"), income(100, "recovery")),
     by(CHARITY, administered(101), administered(1)))
case("cost-limit-of-income-that-was-lost", "A project writes its interest off, and spends a tenth of it on itself.", "cost-limit",
     by(OFFICERS, income(50, "interest"), a("write-off", fund=WELL, unit="CNY", amount=50, cause="loss", reason="Stolen")), SPENT)
case("cost-limit-of-a-grant-that-is-paid-back", "A project spends on itself a tenth of a grant that it paid back.", "cost-limit",
     by(GATE, GRANT), by(CHARITY, TAKES), by(CHARITY, {name: said for name, said in BACK.items() if name != "cost_class"}), SPENT)
case("cost-limit-of-a-grant-that-goes-round", "A platform grants, gets as much granted, and grants it again: it counts once.",
     "cost-limit", by(GATE, GRANT), by(CHARITY, TAKES), by(CHARITY, paid(WELL, 100, payee="gate", grant={})),
     by(GATE, {**GRANT}), by(CHARITY, AGAIN, administered(110), administered(1)))

case("return-excess-of-an-advance", "A charity repays an advance, and then more.", "return-excess", LENT,
     by(CHARITY, repaid(30), repaid(21)))
case("reference-of-no-advance", "A charity repays interest.", "reference", by(CHARITY, income(50, "interest")),
     by(CHARITY, repaid(1)))
case("reference-of-an-advance-in-another-unit", "A charity repays an advance in another currency.", "reference", LENT,
     by(CHARITY, repaid(1, unit="USD", fund="hope-general")))
case("reference-of-an-advance-of-another-project", "A charity repays an advance out of another project.", "reference", LENT,
     by(CHARITY, repaid(1, fund="hope-school")))
case("reference-of-an-advance-to-another-party", "A platform repays a charity's advance.", "reference", LENT,
     by(GATE, repaid(1, fund="gate-school")))
case("reference-of-a-void-advance", "A charity repays an advance that is void.", "reference", LENT, by(OFFICERS, undone("first.0")),
     by(CHARITY, repaid(1)))
case("reference-void-of-an-advance", "An advance is void that is repaid in part.", "reference",
     by(CHARITY, income(50, "advance"), repaid(20, of="@0")), by(OFFICERS, undone("first.0")))
case("restriction-of-an-advance-to-an-endowment", "An advance is repaid out of a fund, and then out of an endowment.",
     "restriction", by(CHARITY, gift("hope-endowment", 10), income(5, "advance", "hope-general"), repaid(1, "@1", "hope-general"),
                       repaid(1, "@1", "hope-endowment")))
malformed("payment-that-repays-and-costs", "A payment repays an advance and is a cost.", CHARITY,
          {**repaid(1, "1.0"), "cost_class": "programme"})
