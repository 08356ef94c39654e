"""Mutations of corrections, and of records that replace void ones."""

from __future__ import annotations

from typing import Any

from .cast import channel_ref, invoice_ref
from .on_mandates import RIVER, TIGHT, out
from .on_rows import BACK, CHARITY, OFFICERS
from .on_void import GAVE, PAID, SHOP, WRONG, undone
from .tabled import TODAY, TOMORROW, YESTERDAY, by, case, delivered, gift, malformed, paid
from .telling import a


def corrected(of: str, **members: Any) -> dict[str, Any]:
    """A record that corrects another one."""
    return a("correction", of=of, reason="Read wrongly", **members)


BILL = {"ref": invoice_ref("shop", "S-2026-20"), "amount": 10}
UNDER_2025 = channel_ref("INV-889").replace(":2026:", ":2025:")
INTEREST = a("income", fund="hope-general", unit="CNY", amount=10, income_class="interest", source="Bank", received_on=TODAY,
             channel="cash")  # fmt: skip
HANDED = delivered("school-books", 10)

case("reference-correction-of-a-gift", "A gift is corrected, and not declared void.", "reference",
     by(CHARITY, WRONG), by(OFFICERS, corrected("first.0", day=YESTERDAY)))
case("reference-correction-of-a-void-payment", "A payment that is void is corrected.", "reference",
     PAID, by(OFFICERS, undone("first.0")), by(OFFICERS, corrected("first.0", day=YESTERDAY)))
case("reference-correction-of-nothing", "A correction gives a payment the cost class that it has.", "reference",
     PAID, by(OFFICERS, corrected("first.0", cost_class="programme")))
case("reference-correction-of-the-cost-of-income", "Income gets a cost class.", "reference",
     by(CHARITY, INTEREST), by(OFFICERS, corrected("first.0", cost_class="programme")))
case("reference-correction-of-the-invoice-of-income", "Income gets an invoice.", "reference",
     by(CHARITY, INTEREST), by(OFFICERS, corrected("first.0", invoice=BILL)))
case("reference-correction-of-the-channel-of-a-delivery", "A delivery gets a channel.", "reference",
     by(CHARITY, HANDED), by(OFFICERS, corrected("first.0", channel="cash")))
case("reference-correction-under-another-label", "A payment is corrected: its reference is under the label of another year.",
     "reference", PAID, by(OFFICERS, corrected("first.0", channel="bank", channel_ref=UNDER_2025)))
case("reference-correction-to-a-day-of-another-label", "A payment gets a day before the first one of its label.", "reference",
     by(OFFICERS, a("mandate", labels=[{"label": "2026", "use": "bank", "from_day": YESTERDAY}]),
        paid("hope-well", 10, channel="bank", channel_ref=channel_ref("INV-889"))),
     by(OFFICERS, corrected("first.1", day=YESTERDAY)), by(OFFICERS, corrected("first.1", day="2026-05-04")))
case("reference-missing-of-a-correction", "A payment is corrected: it went by a bank, and has no reference of it.",
     "reference-missing", PAID, by(OFFICERS, corrected("first.0", channel="bank")))
case("day-of-a-correction", "A payment gets a day in the future.", "day", PAID, by(
    OFFICERS, corrected("first.0", day=YESTERDAY), corrected("first.0", day=TOMORROW),
))
case("cost-limit-of-a-correction", "Costs become costs of administration, a unit more than the limit.", "cost-limit",
     by(CHARITY, paid("hope-well", 100), paid("hope-well", 1)),
     by(OFFICERS, corrected("first.0", cost_class="administration"), corrected("first.1", cost_class="administration")))
case("duplicate-invoice-of-a-correction", "A second payment gets the invoice that the first one paid.", "duplicate-invoice",
     by(CHARITY, paid("hope-well", 10, invoice=BILL), paid("hope-well", 1)), by(OFFICERS, corrected("first.1", invoice=BILL)))
case("duplicate-invoice-below-what-is-paid", "The first payment of an invoice says more of it, and then less than was paid.",
     "duplicate-invoice", by(CHARITY, paid("hope-well", 10, invoice=BILL)),
     by(OFFICERS, corrected("first.0", invoice={**BILL, "amount": 12})), by(CHARITY, paid("hope-well", 2, invoice={
         **BILL, "amount": 12,
     })), by(OFFICERS, corrected("first.0", invoice={**BILL, "amount": 11})))
case("duplicate-invoice-after-a-void", "A payment of an invoice is void and paid again; then one unit more.", "duplicate-invoice",
     by(CHARITY, paid("hope-well", 10, invoice=BILL)), by(OFFICERS, undone("first.0")),
     by(CHARITY, paid("hope-well", 11, invoice={**BILL, "amount": 11}), paid("hope-well", 1, invoice={**BILL, "amount": 11})))
case("authority-over-a-correction", "A shop corrects the payment that it got.", "authority",
     PAID, by(SHOP, corrected("first.0", day=YESTERDAY)))
case("approval-of-a-corrected-payment", "One officer of two corrects a payment.", "approval",
     PAID, by(CHARITY, corrected("first.0", day=YESTERDAY)))
case("approval-of-a-correction-above-the-threshold",
     "The only officer moves a payment to a day and back, until the corrections of a day pass the threshold.", "approval",
     by(RIVER, TIGHT, out(4)), by(RIVER, corrected("first.1", day=YESTERDAY)), by(RIVER, corrected("first.1", day=TODAY)))
BEFORE = "2026-05-04"
EARLY = by(CHARITY, {**paid("hope-well", 100), "paid_on": BEFORE})
case("day-correction-to-after-the-return", "A payment came back, and gets a day that is two days later.", "day", EARLY,
     by(CHARITY, a("payment-return", of="first.0", **{**BACK, "returned_on": BEFORE})),
     by(OFFICERS, corrected("first.0", day=YESTERDAY)), by(OFFICERS, corrected("first.0", day=TODAY)))
malformed("correction-of-no-word", "A correction says nothing else than before.", OFFICERS, corrected("plain.0"))
malformed("correction-of-a-reference-without-channel", "A correction gives a reference, and not of which channel.", OFFICERS,
          corrected("plain.0", channel_ref=channel_ref("INV-889")))

TAKEN = {"channel": "bank", "channel_ref": channel_ref("INV-889")}
VOID = by(CHARITY, {**WRONG, **TAKEN}), by(OFFICERS, undone("first.0", gave=GAVE))
case("reference-gift-that-replaces-what-is-not-void", "A gift replaces another one, which is not void.", "reference",
     by(CHARITY, WRONG), by(CHARITY, gift("hope-well", 6, replaces="first.0")))
case("reference-payment-that-replaces-what-is-not-void", "A payment replaces another one, which is not void.", "reference",
     PAID, by(CHARITY, paid("hope-well", 6, replaces="first.0")))
case("authority-over-what-is-replaced", "A platform replaces a charity's void gift.", "authority",
     by(CHARITY, WRONG), by(OFFICERS, undone("first.0", gave=GAVE)), by("river.xu2", gift("river-relief", 5, replaces="first.0")))
case("duplicate-reference-of-a-void-gift", "The reference of a void gift is used again, and nothing is said of that gift.",
     "duplicate-reference", *VOID, by(CHARITY, gift("hope-well", 5, **TAKEN)))
case("duplicate-reference-of-what-is-replaced", "A void gift is replaced twice under its reference.", "duplicate-reference",
     *VOID, by(CHARITY, *(gift("hope-well", 5, replaces="first.0", **TAKEN) for _ in range(2))))
