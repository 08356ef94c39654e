"""Mutations about what a channel keeps of a gift."""

from __future__ import annotations

from typing import Any

from ledger.bounds import MAX_AMOUNT

from .forge import Forge
from .mutation import PARTY, WHOLE, Outcome, audit, mutation
from .on_rows import CHARITY, OFFICERS
from .tabled import TODAY, by, case, flows_of, fund, gift, malformed
from .telling import a

FEE = {"fee": 10, "fee_to": "bank"}
OWN = by(OFFICERS, fund("own"), gift("own", 100, **FEE), gift("own", 50), fund("purse"), gift("purse", 50))


def back(first: int, of: str = "first.1", fee: int = 10, **members: Any) -> dict[str, Any]:
    """A refund of one unit of a gift, and of its fee."""
    units = [[first, first + 1]]
    return a("refund", gift=of, fund="own", unit="CNY", units=units, fee=fee, reason="legal", refunded_on=TODAY, **members)


case("fee-of-a-vendor", "A fee is kept by a bank, and then by a shop.", "fee", by(
    CHARITY, *(gift("hope-general", 100, fee=10, fee_to=keeper) for keeper in ("bank", "shop")),
))  # fmt: skip
case(
    "fee-of-the-owner",
    "A platform keeps a fee of another's gift, and then of a gift to itself.",
    "fee",
    by(CHARITY, gift("hope-general", 100, fee=10, fee_to="gate")),
    by("gate.sun", gift("gate-school", 100, fee=10, fee_to="gate")),
)
case(
    "fee-of-a-relative",
    "A bank keeps a fee, and keeps another when the charity says that it controls the bank.",
    "fee",
    by(CHARITY, gift("hope-general", 100, **FEE)),
    by(OFFICERS, a("relation", of="hope", to="bank", nature="control", starts_on="2026-05-01")),
    by(CHARITY, gift("hope-general", 100, **FEE)),
)
case(
    "fee-that-is-not-the-gifts",
    "A refund gives back one unit more than the fee of the gift.",
    "fee",
    OWN,
    by(OFFICERS, back(0, fee=11)),
)
case(
    "fee-of-a-gift-without-one",
    "A refund gives back a fee that the gift did not have.",
    "fee",
    OWN,
    by(OFFICERS, back(90, of="first.2")),
)
case(
    "refund-units-of-a-fee-twice",
    "Two refunds of one gift give its fee back.",
    "refund-units",
    OWN,
    by(OFFICERS, back(0, fee_from="purse")),
    by(OFFICERS, back(1, fee_from="purse")),
)
case(
    "fee-given-back-with-a-part",
    "Who kept a fee gives it back with all of a gift, and then with all but a unit.",
    "fee",
    by(OFFICERS, fund("own"), gift("own", 100, **FEE), gift("own", 100, **FEE)),
    by(OFFICERS, {**back(0), "units": [[0, 90]]}),
    by(OFFICERS, {**back(0, of="first.2"), "units": [[90, 179]]}),
)
case(
    "reference-fee-of-an-income",
    "A refund names money that is not a gift, and its fee.",
    "reference",
    by(
        OFFICERS,
        fund("own"),
        a("income", fund="own", unit="CNY", amount=90, income_class="interest", source="Bank", received_on=TODAY),
    ),
    by(OFFICERS, back(0)),
    also=(),
)
case(
    "restriction-of-a-fee-given-back",
    "A fee is given back by a fund that may, and then by one that is restricted.",
    "restriction",
    OWN,
    by(OFFICERS, gift("own", 60, **FEE)),
    by(OFFICERS, back(0, fee_from="purse")),
    by(OFFICERS, back(140, of="second.0", fee_from="hope-school")),
)
case(
    "overdraft-of-a-fee-given-back",
    "A fund gives back a fee and has too little for it.",
    "overdraft",
    by(OFFICERS, fund("own"), fund("poor"), gift("own", 100, **FEE), gift("poor", 9)),
    by(OFFICERS, back(0, of="first.2", fee_from="poor")),
)
malformed("fee-that-nobody-keeps", "A gift has a fee and does not say who keeps it.", CHARITY, gift("hope-general", 100, fee=1))
malformed("fee-given-back-of-no-size", "A refund names the fund that pays a fee back, and no fee.", OFFICERS, {
    name: value for name, value in back(0, of="gifts.0", fee_from="hope-general").items() if name != "fee"
})  # fmt: skip
malformed(
    "amount-above-the-most", "A gift is one unit larger than a record can say.", CHARITY, gift("hope-general", MAX_AMOUNT + 1)
)


@mutation(PARTY)
def fee_limit_of_a_fund(f: Forge) -> Outcome:
    """A fund promises to let a tenth be kept; of two gifts of a day a tenth is kept, and of two of the day before more."""
    said = [fund("own", fee_limits=[{"unit": "CNY", "rate": [1, 10]}])]
    for day, fees in (("2026-05-05", (10, 11)), (TODAY, (9, 11))):
        said += [gift("own", 100, fee=fee, fee_to="bank", received_on=day) for fee in fees]
    f.append(OFFICERS, *said, flows=flows_of(f, said))
    return audit("fee-limit", WHOLE, WHOLE)


@mutation(PARTY)
def cost_limit_passed_by_fees(f: Forge) -> Outcome:
    """A project lets a tenth be spent on fundraising; of its only gift a tenth and a unit more is kept."""
    project = {"receipt_days": 10, "feedback_days": 30, "cost_limits": [{"cost_class": "fundraising", "rate": [1, 10]}]}
    made = a("project", id="own", name="Own", purpose="Its own", restriction="restricted", **project)
    said = [made, gift("own", 100, fee=11, fee_to="bank")]
    f.append(OFFICERS, *said, flows=flows_of(f, said))
    return audit("cost-limit", WHOLE, WHOLE)
