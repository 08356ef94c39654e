"""Mutations of what channels and payees call payments: references that are lacking, and invoices that are paid twice."""

from __future__ import annotations

from typing import Any

from .cast import channel_ref, evidence, invoice_ref
from .on_conduct import breach
from .on_rows import BACK, CHARITY, COVERED, OFFICERS
from .tabled import TODAY, YESTERDAY, Record, by, case, gift, paid, receipt
from .telling import a

NAMED = {"channel": "bank", "channel_ref": channel_ref("INV-889")}
UNNAMED = {"channel": "bank"}
INTEREST = {"fund": "hope-general", "unit": "CNY", "amount": 10, "income_class": "interest", "source": "Bank", "received_on": TODAY}

DISPUTED = (("return-against-receipt", 0, 0),)

for what, names, record in (
    ("gift", CHARITY, gift("hope-general", 10, **UNNAMED)),
    ("payment", CHARITY, paid("hope-general", 10, **UNNAMED)),
    ("income", CHARITY, a("income", **INTEREST, **UNNAMED)),
    ("return", CHARITY, a("payment-return", of="late-feedback.0", **BACK, **UNNAMED)),
    ("refund", OFFICERS, a("refund", **COVERED, units=[[13833, 13933]], refunded_on=TODAY, **UNNAMED)),
):  # fmt: skip
    case(f"reference-missing-of-a-{what}", f"A {what} came or went by a bank, and has no reference of it.", "reference-missing",
         by(names, record), also=DISPUTED if record["kind"] == "payment-return" else ())
case("reference-missing-beside-those-that-need-none",
     "Gifts in cash, in kind and of one's own account have no reference; one by a bank has one; one by another channel has none.",
     "reference-missing", by(CHARITY, *(gift("hope-general", 10, channel=channel) for channel in ("cash", "in-kind", "own")),
                             gift("hope-general", 10, **NAMED), gift("hope-general", 10, channel="ownership")))


def invoiced(amount: int, comes_to: int = 100, number: str = "S-2026-17", **members: Any) -> Record:
    """A payment of an invoice of the shop."""
    return paid("hope-general", amount, invoice={"ref": invoice_ref("shop", number), "amount": comes_to}, **members)


case("duplicate-invoice", "An invoice is paid, and paid again.", "duplicate-invoice", by(CHARITY, invoiced(100), invoiced(100)))
case("duplicate-invoice-in-parts",
     "An invoice is paid in two parts, beside another invoice; a third part is one unit too much.",
     "duplicate-invoice", by(CHARITY, invoiced(60), invoiced(100, number="S-2026-18"), invoiced(39), invoiced(2)))
case("duplicate-invoice-above-its-amount", "A payment is larger than the invoice that it names.", "duplicate-invoice",
     by(CHARITY, invoiced(101)))
case("duplicate-invoice-of-another-amount", "The second part of an invoice says that it comes to more.", "duplicate-invoice",
     by(CHARITY, invoiced(60), invoiced(60, comes_to=120)))
case("duplicate-invoice-in-another-unit", "The second part of an invoice is in another unit.", "duplicate-invoice",
     by(CHARITY, invoiced(60), invoiced(10, unit="USD")))
case("duplicate-invoice-after-a-return",
     "Half of an invoice came back and is paid again; then one unit more.",
     "duplicate-invoice", by(CHARITY, invoiced(100)), by(CHARITY, a("payment-return", of="first.0", **{**BACK, "amount": 50})),
     by(CHARITY, invoiced(50), invoiced(1)))
case("duplicate-invoice-that-says-so", "An invoice is paid twice, and the second payment says so.", "duplicate-invoice",
     by(OFFICERS, invoiced(100), invoiced(100, **breach("duplicate-invoice"))), named=True)

UNDER_2025 = channel_ref("INV-889").replace(":2026:", ":2025:")
DISPUTED = (("return-against-receipt", 0, 0),)

for what, names, record in (
    ("gift", CHARITY, gift("hope-general", 10, channel="bank", channel_ref=UNDER_2025)),
    ("payment", CHARITY, paid("hope-general", 10, channel="bank", channel_ref=UNDER_2025)),
    ("income", CHARITY, a("income", **{**INTEREST, "channel": "bank", "channel_ref": UNDER_2025})),
    ("return", CHARITY, a("payment-return", of="late-feedback.0", **{**BACK, "channel": "bank", "channel_ref": UNDER_2025})),
    ("refund", OFFICERS, a("refund", **{**COVERED, "channel": "bank", "channel_ref": UNDER_2025}, units=[[13833, 13933]],
                           refunded_on=TODAY)),
    ("payment-by-invoice", CHARITY, paid("hope-general", 10, invoice={"ref": UNDER_2025, "amount": 10})),
):  # fmt: skip
    case(f"reference-under-another-label-of-a-{what}", f"The reference of a {what} is committed under the label of another year.",
         "reference", by(names, record))


def mandate(*labels: tuple[str, str, str, str | None]) -> Record:
    """A mandate with labels."""
    names = ("label", "use", "from_day", "until_day")
    return a("mandate", labels=[{name: value for name, value in zip(names, one, strict=True) if value} for one in labels])


def named(label: str, channel: str = "bank", digest: int = 0) -> dict[str, str]:
    """A reference of a channel under a label."""
    return {"channel": channel, "channel_ref": f"hmac-sha256:{label}:{'ABCDEFGH'[digest] * 42}A"}


case("reference-under-a-label-of-another-channel",
     "A mandate has labels for a bank and for all others; a gift by each, and one by another channel under the label of the bank.",
     "reference", by(OFFICERS, mandate(("of-bank", "bank", "2026-01-01", None), ("of-others", "other", "2026-01-01", None))),
     by(CHARITY, gift("hope-general", 10, **named("of-bank")), gift("hope-general", 10, **named("of-others", "card")),
        gift("hope-general", 10, **named("of-bank", "card"))))
case("reference-under-a-label-that-ended",
     "A label ends the day before, and another begins; a gift of today is under the one that ended.",
     "reference", by(OFFICERS, mandate(("old", "bank", "2026-01-01", YESTERDAY), ("new", "bank", TODAY, None))),
     by(CHARITY, gift("hope-general", 10, received_on=YESTERDAY, **named("old")), gift("hope-general", 10, **named("new")),
        gift("hope-general", 10, **named("old", digest=1))))


def shown(of: str, **members: Any) -> Record:
    """A receipt of the shop for ten units."""
    return receipt(of, 10, **members)


NOTE = {"document": channel_ref("INV-889")}
case("document-twice", "Two receipts of one statement show one paper; so does one of the next statement.", "document-twice",
     by(CHARITY, paid("hope-general", 100), paid("hope-general", 100)),
     by("shop.zhao", shown("first.0", **NOTE), shown("first.1", **NOTE)), by("shop.zhao", shown("first.0", **NOTE)))
case("document-twice-of-a-file", "Receipts of two statements show one file, beside others.", "document-twice",
     by(CHARITY, paid("hope-general", 100)), by("shop.zhao", shown("first.0", evidence=evidence("handover.txt"))),
     by("shop.zhao", shown("first.0", evidence=[*evidence("minutes.txt"), *evidence("handover.txt")])))
case("document-twice-before-its-owner-shows-it",
     "A charity shows a file with a payment, a shop shows it in a receipt, and then the charity in one: the shop's is found.",
     "document-twice", by(CHARITY, paid("hope-general", 100, evidence=evidence("handover.txt")), paid("hope-general", 100)),
     by("shop.zhao", shown("first.1", evidence=evidence("handover.txt"))),
     by(CHARITY, shown("first.0", level="documented", evidence=evidence("handover.txt"), **NOTE)),
     at=(1, 0))
