"""Mutations of what is said about a void payment, or about a grant that came back."""

from __future__ import annotations

from .cast import channel_ref, evidence
from .on_receipts import SHOP, back
from .on_rows import CHARITY, OFFICERS
from .on_void import PAID, undone
from .tabled import by, case, paid, receipt
from .telling import a

VOID = by(OFFICERS, undone("first.0"))
PLATFORM = "gate.sun"
GRANT = by(CHARITY, paid("hope-school", 10, payee="gate", grant={"fund": "gate-school"}))

case("return-against-receipt-of-what-is-void", "A payment is void; then the shop signs for it.", "return-against-receipt",
     PAID, VOID, by(SHOP, receipt("first.0", 10)))
case("return-against-receipt-of-what-the-shop-signed-to-be-void",
     "A payment is void, as the shop signs too, and its receipt is in order; of the next payment the charity alone says so.",
     "return-against-receipt", by(CHARITY, paid("hope-well", 10), paid("hope-well", 10)),
     by(f"{OFFICERS} {SHOP}", undone("first.0")), by(SHOP, receipt("first.0", 10)), by(OFFICERS, undone("first.1")),
     by(SHOP, receipt("first.1", 10)))
case("reference-receipt-by-its-payer-of-a-void-payment", "A charity says of its own void payment that it arrived.", "reference",
     PAID, VOID, by(CHARITY, receipt("first.0", 10, level="self-declared")))
case("reference-document-of-a-void-payment", "A charity has a document for its own void payment.", "reference",
     PAID, VOID, by(CHARITY, receipt("first.0", 10, level="documented", document=channel_ref("R-77"),
                                     evidence=evidence("shelves.txt"))), also=(("document-twice", 2, 0),))
case("reference-feedback-of-a-void-payment", "A charity reports what a void payment brought about.", "reference",
     PAID, VOID, by(CHARITY, a("feedback", payments=["first.0"], indicator="readers", value=3, measured_in="readers",
                               method="Counted", reported_on="2026-05-06")))
case("reference-of-a-void-grant-that-is-taken", "A platform takes a grant into its fund that is void.", "reference",
     GRANT, VOID, by(PLATFORM, receipt("first.0", 10, into="gate-school")))
case("reference-receipt-of-a-grant-of-which-some-is-left",
     "A grant came back in part, its giver says; its payee signs for all of it, and has not taken what is left into a fund.",
     "reference", GRANT, by(CHARITY, back("first.0", 4)), by(PLATFORM, receipt("first.0", 10)))
case("return-against-receipt-of-a-grant",
     "A grant came back in part, its giver says; its payee takes what is left, and signs for all.",
     "return-against-receipt", GRANT, by(CHARITY, back("first.0", 4)), by(PLATFORM, receipt("first.0", 6, into="gate-school")),
     by(PLATFORM, receipt("first.0", 10)))
case("reference-receipt-of-a-grant-that-was-all-taken", "A payee takes a grant into its fund, and signs for it once more.",
     "reference", GRANT, by(PLATFORM, receipt("first.0", 10, into="gate-school")), by(PLATFORM, receipt("first.0", 10)))
case("reference-receipt-by-a-third-party-of-a-grant-that-came-back",
     "A grant came back, its giver says; an inspector signs that it arrived, which is the payee's to say.",
     "reference", GRANT, by(CHARITY, back("first.0", 10)), by("eyes.luo", receipt("first.0", 10, level="third-party")))

AGREED = (GRANT, by(f"{CHARITY} {PLATFORM}", back("first.0", 4)), by(PLATFORM, receipt("first.0", 6, into="gate-school")))
ANSWERED = receipt("first.0", 10)

case("reference-receipt-of-a-grant-of-which-some-came-back-by-both",
     "A grant came back in part, as giver and payee sign; the payee takes the rest, and signs for all without a fund.", "reference",
     *AGREED, by(PLATFORM, ANSWERED))
case("reference-void-of-a-taking-beside-the-payees-word",
     "A payee took what was left of a grant, and signed for all of it; then it declares void that it took some.", "reference",
     GRANT, by(CHARITY, back("first.0", 4)), by(PLATFORM, receipt("first.0", 6, into="gate-school")), by(PLATFORM, ANSWERED),
     by(PLATFORM, undone("third.0")), also=(("return-against-receipt", 3, 0),))
case("reference-void-of-a-taking-after-the-payees-word",
     "A payee declares void that it signed for a grant, that it took what was left of it, and the same once more.", "reference",
     GRANT, by(CHARITY, back("first.0", 4)), by(PLATFORM, receipt("first.0", 6, into="gate-school")), by(PLATFORM, ANSWERED),
     by(PLATFORM, undone("fourth.0"), undone("third.0"), undone("third.0")), also=(("return-against-receipt", 3, 0),))
