"""Mutations of reversals: what is declared void and may not be, or not so."""

from __future__ import annotations

from typing import Any

from .on_conduct import AUDITOR, breach
from .on_rows import CHARITY, OFFICERS
from .on_rules import printed
from .tabled import TODAY, by, case, delivered, gift, paid, receipt
from .telling import a
from .undoing import DAY

SHOP = "shop.zhao"
GAVE = {"fund": "hope-well", "unit": "CNY", "amount": 5, "received_on": TODAY, "units": [[1863, 1868]]}
WRONG = gift("hope-well", 5)


def undone(of: str, **members: Any) -> dict[str, Any]:
    """A record that declares another one void."""
    return a("reversal", of=of, reason="Entered by mistake", **members)


PAID = by(CHARITY, paid("hope-well", 10))

GIFTS = [
    ("of-another-amount", "The reversal of a gift says another amount.", {"amount": 6}),
    ("of-another-day", "The reversal of a gift says another day.", {"received_on": DAY}),
    ("of-other-units", "The reversal of a gift names fewer units.", {"units": [[1863, 1867]]}),
]
for name, does, members in GIFTS:
    case(f"reference-gift-void-{name}", does, "reference", by(CHARITY, WRONG), by(OFFICERS, undone("first.0", gave=GAVE | members)))
case("reference-gift-void-without-what-it-was", "The reversal of a gift does not say what the gift was.", "reference",
     by(CHARITY, WRONG), by(OFFICERS, undone("first.0")))
case("reference-gift-void-twice", "A gift is declared void again.", "reference", by(OFFICERS, undone("undone.1", gave={
    **GAVE, "amount": 300, "received_on": DAY, "units": [[1000, 1300]],
})))
case("reference-payment-void-as-a-gift", "The reversal of a payment says what the gift was.", "reference",
     PAID, by(OFFICERS, undone("first.0", gave=GAVE)))
case("reference-part-of-a-payment-void", "Some units of a payment are declared void.", "reference",
     PAID, by(OFFICERS, undone("first.0", units=[[0, 10]])))
case("reference-part-that-was-not-allocated", "Units come back of an allocation that did not move them.", "reference",
     by(OFFICERS, undone("undone-spent.1", units=[[300, 301]])))
HALVES = [undone("first.0", units=[[at, at + 5]]) for at in (1863, 1868)]
case("reference-void-of-an-allocation-in-parts", "An allocation is declared void that came back in two parts.", "reference",
     by(OFFICERS, a("allocation", fund="hope-general", to="hope-well", unit="CNY", amount=10)), by(OFFICERS, HALVES[0]),
     by(OFFICERS, HALVES[1]), by(OFFICERS, undone("first.0")))
case("reference-void-of-what-came-back", "A payment is void of which everything came back.", "reference", PAID, by(
    CHARITY, a("payment-return", of="first.0", amount=10, returned_on=TODAY, reason="Sent back"),
), by(OFFICERS, undone("first.0")))
case("reference-return-of-a-void-payment", "Money comes back of a payment that is void.", "reference", by(
    CHARITY, a("payment-return", of="undone-spent.3", amount=1, returned_on=TODAY, reason="Sent back"),
))
case("reference-refund-of-a-void-gift", "A gift that is void is refunded, out of another fund.", "reference", by(OFFICERS, a(
    "refund", gift="undone.1", fund="hope-well", unit="CNY", reason="legal", refunded_on=TODAY,
    cover={"fund": "hope-general", "units": [[1000, 1100]]},
)))
case("authority-over-the-gift-of-another", "A platform declares a charity's gift void.", "authority",
     by(CHARITY, WRONG), by("gate.sun", undone("first.0", gave=GAVE)))
case("authority-over-the-payment-of-another", "A shop declares a charity's payment void.", "authority",
     PAID, by(SHOP, undone("first.0")))
case("authority-over-the-receipt-of-another", "A charity declares a shop's receipt void.", "authority",
     by(OFFICERS, undone("void-receipt.0")))
case("approval-of-a-void-payment", "One officer declares a payment void.", "approval", PAID, by(CHARITY, undone("first.0")))
case("approval-of-a-void-by-its-payee", "A payment is void whose payee signed a receipt, without the payee.", "approval",
     PAID, by(SHOP, receipt("first.0", 10)), by(OFFICERS, undone("first.0")))
case("approval-of-a-void-by-a-third-party", "A payment is void of which a third party has signed a receipt.", "approval", PAID,
     by("eyes.luo", receipt("first.0", 10, level="third-party")), by(OFFICERS, undone("first.0")))
case("approval-of-a-void-breach", "A payment whose breach an auditor signed is void, without an overseer.", "approval", by(
    f"{CHARITY} {AUDITOR}", gift("hope-school", 6000), printed(5001, **breach("approval")),
), by(OFFICERS, undone("first.1")), also=(("approval", 0, 1),))
case("overdraft-of-a-void-gift", "A gift is void of which some is spent.", "overdraft", by(OFFICERS, undone(
    "undone.0", gave={**GAVE, "amount": 1000, "received_on": DAY, "units": [[0, 1000]]},
)))
case("overdraft-of-a-void-purchase", "A payment is void some of whose goods were handed over.", "overdraft", by(
    CHARITY, paid("hope-well", 10, goods=[{"fund": "hope-well", "unit": "rice", "quantity": 3, "cost": 10}]),
    delivered("hope-well", 1, unit="rice"),
), by(OFFICERS, undone("first.0")))
case("overdraft-of-a-void-exchange", "An exchange is void some of whose money was spent.", "overdraft", by(
    CHARITY, a("exchange", fund="hope-well", unit="CNY", amount=71, to_unit="JPY", to_amount=10, rate=[10, 71], source="Bank",
               exchanged_on=TODAY),
    paid("hope-well", 1, unit="JPY"),
), by(OFFICERS, undone("first.0")))
case("overdraft-of-a-part-that-is-spent", "Units come back of an allocation that were spent.", "overdraft",
     by(OFFICERS, undone("undone-spent.1", units=[[200, 205]])))
case("receipt-excess-after-a-void", "More is acknowledged than was paid, although one receipt is void.", "receipt-excess", by(
    SHOP, receipt("kept.1", 20), receipt("kept.1", 1),
))
case("cost-limit-after-a-void-gift", "A cost fits the limit no more, because a gift is void.", "cost-limit", by(
    CHARITY, WRONG, paid("hope-well", 94, cost_class="administration"),
), by(CHARITY, gift("hope-well", 100)), by(OFFICERS, undone("second.0", gave={**GAVE, "amount": 100, "units": [[1868, 1968]]})),
   by(CHARITY, paid("hope-well", 12, cost_class="administration")))
case("late-void", "A payment is declared void sixteen days after it was entered.", "late-void", by(OFFICERS, undone("kept.2")))
case("late-void-of-a-delivery", "A delivery is declared void eight weeks after it was entered, and who got the goods agrees.",
     "late-void", by(f"{OFFICERS} village.guo", undone("delivery.0")))
