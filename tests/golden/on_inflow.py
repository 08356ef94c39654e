"""Mutations about what a cost limit is a share of, and about advances that are repaid. The well may cost 100 of administration."""

from __future__ import annotations

from typing import Any

from .on_costs import WELLS, cost, dollars
from .on_grants import GATE, GRANT, TAKEN
from .on_rows import CHARITY, OFFICERS
from .on_void import undone
from .tabled import TODAY, assigned, by, case, gift, malformed, paid, receipt
from .telling import a

WELL = "hope-well"
# Where the units begin that come into the well after the golden ledger.
START = 1863


def income(amount: int, income_class: str, fund: str = WELL) -> dict[str, Any]:
    """Money that is not a gift."""
    lender = {"lender": "bank"} if income_class == "advance" else {}
    said = {"fund": fund, "unit": "CNY", "amount": amount, "income_class": income_class, "source": "Said so", **lender}
    return a("income", **said, received_on=TODAY)


def administered(amount: int) -> dict[str, Any]:
    """A cost of the well's administration."""
    return paid(WELL, amount, cost_class="administration")


WING = {**WELLS, "restriction": "unrestricted"}
LOAN = income(1000, "advance", "wells")


def lost(amount: int) -> dict[str, Any]:
    """Money of the wells is stolen."""
    return a("write-off", fund="wells", unit="CNY", amount=amount, cause="loss", reason="Stolen")


def repaid(amount: int, of: str = "first.0", fund: str = WELL, **members: Any) -> dict[str, Any]:
    """A payment that repays an advance."""
    payment = paid(fund, amount, **{"payee": "bank", "repays": of, **members})
    return {name: value for name, value in payment.items() if name != "cost_class"}


def returned(of: str, low: int, high: int) -> dict[str, Any]:
    """A payment of the wells that pays some of a grant back."""
    payment = paid("wells", high - low, payee="gate", returns=of, units=[[low, high]])
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
     by(CHARITY, administered(100), administered(1)))
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
     "restriction", by(CHARITY, gift("hope-endowment", 10), income(5, "advance", "hope-endowment"),
                       repaid(1, "@1", "hope-endowment")))
case("reference-of-an-advance-of-another-lender", "A charity repays an advance to another party than its lender.", "reference",
     LENT, by(CHARITY, repaid(1)), by(CHARITY, repaid(1, payee="shop")))
case("reference-of-an-advance-to-a-free-fund", "A loan to a free fund is repaid out of a restricted one of another tree.",
     "reference", by(OFFICERS, a("fund", id="hope-pool", name="Pool", restriction="restricted", purpose="Pool")),
     by(CHARITY, gift("hope-pool", 10), income(5, "advance", "hope-general"), repaid(1, "@1", "hope-general"),
        repaid(1, "@1", "hope-pool")))
case("cost-limit-of-a-loss", "A project loses money, of which it has spent a tenth on itself.", "cost-limit",
     by(OFFICERS, WING, gift("wells", 1000), cost(50), lost(500), lost(1)))
case("cost-limit-of-a-loan-that-was-passed-on", "A project repays a loan, that it had passed on, out of gifts.", "cost-limit",
     by(OFFICERS, WING, gift("wells", 1000), LOAN, assigned("wells", "hope-general", 1000), cost(50), repaid(500, "@2", "wells"),
        repaid(1, "@2", "wells")))
case("cost-limit-of-what-is-paid-back", "A project pays a grant back, of which it has spent a tenth on itself.", "cost-limit",
     by(OFFICERS, WELLS), by("gate.sun", paid("gate-school", 1000, payee="hope", grant={"fund": "wells"})),
     by(CHARITY, receipt("second.0", 1000, into="wells")),
     by(CHARITY, cost(50), *(returned("third.0", low, high) for low, high in ((500, 1000), (499, 500)))))
case("cost-limit-of-income-that-was-void", "A gift is elsewhere while income is void, and then comes back: only the gift counts.",
     "cost-limit", by(OFFICERS, WING, gift("wells", 1000), income(1000, "interest", "wells"),
                      {**assigned("wells", "hope-general", 1000), "units": [[0, 1000]]}),
     by(OFFICERS, undone("first.2"), undone("first.3"), cost(100), cost(1)))
case("cost-limit-of-a-loan-from-a-free-fund", "A free fund borrows, and a project spends a tenth of that on itself.", "cost-limit",
     by(OFFICERS, WING, gift("wells", 10), income(1000, "advance", "hope-general"), assigned("hope-general", "wells", 1000),
        cost(1), cost(1)))
case("cost-limit-of-a-loan-that-is-exchanged", "A project spends on itself a tenth of what it borrowed and changed.", "cost-limit",
     by(OFFICERS, WELLS, gift("wells", 10), {**LOAN, "unit": "USD"}, gift("wells", 10, unit="USD"), dollars(1000, 7193),
        cost(1), cost(1)))
case("cost-limit-of-a-reversal-of-an-exchange", "An exchange is void whose dollars paid for administration.", "cost-limit",
     by(OFFICERS, WELLS, gift("wells", 1010, unit="USD"), gift("wells", 10), dollars(1000, 7193), {**cost(2), "units": [[0, 2]]}),
     by(OFFICERS, undone("first.3")))
case("cost-limit-of-a-reversal-of-a-taking", "A receipt is void whose grant paid for administration.", "cost-limit",
     by(OFFICERS, WELLS), by("gate.sun", paid("gate-school", 1000, payee="hope", grant={"fund": "wells"})),
     by(CHARITY, gift("wells", 10), receipt("second.0", 1000, into="wells"), {**cost(2), "units": [[0, 2]]}),
     by(OFFICERS, undone("third.1")))
malformed("payment-that-repays-a-group", "A payment repays an advance to a group.", CHARITY,
          {name: said for name, said in repaid(1, "1.0").items() if name != "payee"} | {
              "group": {"group_class": "payroll", "people": 3, "list": "A" * 43}})
malformed("income-of-an-advance-without-its-lender", "An advance does not say who lent it.", CHARITY,
          {name: said for name, said in income(1, "advance").items() if name != "lender"})
malformed("payment-that-repays-and-costs", "A payment repays an advance and is a cost.", CHARITY,
          {**repaid(1, "1.0"), "cost_class": "programme"})
