"""Mutations that show what counts as inflow of a project, what as spent, and where a limit of costs begins to be passed."""

from __future__ import annotations

from .on_rows import ACTIVITY, BACK, CHARITY, EXCHANGE, OFFICERS, PROJECT
from .tabled import TODAY, Record, assigned, by, case, gift, paid, receipt
from .telling import a

LIMITS = [{"cost_class": "administration", "rate": [1, 10]}, {"cost_class": "fundraising", "rate": [1, 20]}]
HALF = [{"cost_class": "programme", "rate": [1, 2]}]
WELLS = a("project", id="wells", parent="hope-general", **PROJECT, cost_limits=LIMITS)
DIGGING = a("activity", id="digging", parent="wells", **ACTIVITY, starts_on=TODAY)
THOUSAND, THOUSAND_DOLLARS = gift("wells", 1000), gift("wells", 1000, unit="USD")


def cost(amount: int, source: str = "wells", **members: str) -> Record:
    """A cost of the project."""
    return paid(source, amount, **{"cost_class": "administration", **members})


def refunded(**members: object) -> Record:
    """A refund of the project's first gift."""
    return a("refund", gift="first.1", fund="wells", unit="CNY", reason="legal", refunded_on=TODAY, **members)


def dollars(amount: int, gives: int) -> Record:
    """An exchange of a project's dollars."""
    return a("exchange", **{**EXCHANGE, "fund": "wells"}, amount=amount, to_amount=gives, exchanged_on=TODAY)


case("cost-limit-just-passed",
     "Each class of costs has a limit of its own, over all funds of the project; one is passed by a unit.",
     "cost-limit", by(OFFICERS, WELLS, DIGGING, THOUSAND, assigned("wells", "digging", 500), cost(60), cost(40, "digging"),
                      cost(50, cost_class="fundraising"), cost(300, cost_class="programme"), cost(1, cost_class="fundraising")))
case("cost-limit-that-still-counts",
     "A cost above the limit is a payment: its receipts may come to what was paid, and no more.",
     "cost-limit", by(OFFICERS, WELLS, THOUSAND, cost(101)), by("shop.zhao", receipt("first.2", 101), receipt("first.2", 1)),
     at=(0, 2), also=(("receipt-excess", 1, 1),))
case("cost-limit-after-an-allocation",
     "What another fund assigns to a project is its inflow.",
     "cost-limit", by(OFFICERS, WELLS, assigned("hope-general", "wells", 1000), cost(100), cost(1)))
case("cost-limit-after-a-reversal",
     "What was assigned to a project and taken back is its inflow no more.",
     "cost-limit", by(OFFICERS, WELLS, gift("wells", 10), assigned("hope-general", "wells", 1000)),
     by(OFFICERS, a("reversal", of="first.2", reason="Too early")), by(CHARITY, cost(1), cost(1)))
FREE, NAMED = {**WELLS, "restriction": "unrestricted"}, {"breach": {"findings": ["cost-limit"], "reason": "The roof fell in"}}
LENT = assigned("hope-general", "wells", 1000)
case("cost-limit-of-an-allocation-out-of-the-project",
     "A project assigns a unit more to another fund than its costs leave.",
     "cost-limit", by(OFFICERS, FREE, THOUSAND, cost(50), assigned("wells", "hope-general", 500),
                      assigned("wells", "hope-general", 1)))
case("cost-limit-of-a-reversal-of-an-allocation",
     "What was assigned to a project goes back, but for a unit less than its costs need.",
     "cost-limit", by(OFFICERS, WELLS, LENT, cost(50)),
     by(OFFICERS, a("reversal", of="first.1", reason="Lent", units=[[500, 1000]])),
     by(OFFICERS, a("reversal", of="first.1", reason="Lent", units=[[499, 500]])))
case("cost-limit-of-a-reversal-of-income",
     "Income is declared void that the costs of a project need.",
     "cost-limit", by(OFFICERS, WELLS, THOUSAND, *(a(
         "income", fund="wells", unit="CNY", amount=10, income_class="sale", source="Bank", received_on=TODAY, channel="cash",
     ) for _ in range(2)), cost(101)), by(OFFICERS, a("reversal", of="first.2", reason="Counted twice")),
     by(OFFICERS, a("reversal", of="first.3", reason="Counted twice")))
case("cost-limit-of-an-allocation-that-says-so", "A project assigns more to another fund than its costs leave, and says so.",
     "cost-limit", by(OFFICERS, FREE, THOUSAND, cost(100), {**assigned("wells", "hope-general", 1), **NAMED}), named=True)
case("cost-limit-of-a-reversal-that-says-so", "What was assigned to a project goes back, and its costs stay; the charity says so.",
     "cost-limit", by(OFFICERS, WELLS, LENT, cost(50)),
     by(OFFICERS, a("reversal", of="first.1", reason="Lent", units=[[50, 1000]], **NAMED)), named=True)
case("cost-limit-after-a-grant",
     "What a project takes of a grant is its inflow.",
     "cost-limit", by(OFFICERS, WELLS), by("gate.sun", paid("gate-school", 1500, payee="hope", grant={"fund": "wells"})),
     by(CHARITY, receipt("second.0", 1000, into="wells")), by(CHARITY, cost(100), cost(1)))
case("cost-limit-after-a-refund",
     "What is refunded is inflow no more.",
     "cost-limit", by(OFFICERS, WELLS, THOUSAND),
     by(OFFICERS, refunded(units=[[500, 1000]])),
     by(CHARITY, cost(50), cost(1)))
case("cost-limit-after-a-cover",
     "What a project pays to cover the refund of its own gift is inflow no more.",
     "cost-limit", by(OFFICERS, {**WELLS, "restriction": "unrestricted"}, THOUSAND, cost(300, cost_class="programme")),
     by(OFFICERS, refunded(cover={"fund": "wells", "units": [[0, 200]]})),
     by(CHARITY, cost(80), cost(1)))
case("cost-limit-after-a-return",
     "What comes back of a cost is spent no more, and may be spent again.",
     "cost-limit", by(OFFICERS, {**WELLS, "cost_limits": HALF}, THOUSAND, paid("wells", 500)),
     by(CHARITY, a("payment-return", of="first.2", **BACK)), by(CHARITY, paid("wells", 10), paid("wells", 1)))
case("cost-limit-of-what-is-exchanged",
     "An exchange takes inflow out of one unit.",
     "cost-limit", by(OFFICERS, WELLS, THOUSAND_DOLLARS, dollars(500, 3596), cost(50, unit="USD"), cost(1, unit="USD")))
case("cost-limit-of-what-an-exchange-gives",
     "An exchange brings inflow into the other unit.",
     "cost-limit", by(OFFICERS, WELLS, THOUSAND_DOLLARS, dollars(500, 3596), cost(359), cost(1)))
case("cost-limit-of-what-costs-have-used",
     "An exchange takes along no inflow that a cost has used.",
     "cost-limit", by(OFFICERS, WELLS, THOUSAND_DOLLARS, cost(60, unit="USD"), dollars(500, 3596), cost(287), cost(1)))
case("cost-limit-in-goods",
     "Things that a project buys are its inflow in their own unit.",
     "cost-limit", by(OFFICERS, WELLS, THOUSAND, paid("wells", 100, goods=[
         {"fund": "wells", "unit": "book", "quantity": 100, "cost": 100}]), cost(10, unit="book"), cost(1, unit="book")))
case("refund-units-covered-again",
     "All units of a gift are spent, and are covered part by part; and then one of them again.",
     "refund-units", by(OFFICERS, WELLS, THOUSAND, paid("wells", 1000)), by(OFFICERS, *(
         refunded(cover={"fund": "hope-general", "units": [units]}) for units in ([500, 1000], [0, 500], [999, 1000]))))
