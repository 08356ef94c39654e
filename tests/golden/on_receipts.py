"""Mutations of receipts: who may speak at which level, and receipts against returns."""

from __future__ import annotations

from .cast import PERSON, channel_ref, evidence, holder, opening, public
from .on_rows import BACK, CHARITY
from .tabled import by, case, delivered, malformed, paid, party, receipt
from .telling import a

SHOP, INSPECTOR = "shop.zhao", "eyes.luo"
DESKS = paid("school-desks", 10)


def back(of: str, amount: int) -> dict[str, object]:
    """So much of a payment came back."""
    return a("payment-return", **{**BACK, "of": of, "amount": amount})


case("return-against-receipt-of-the-recipient",
     "The shop has signed for all but 3 of a payment; the charity says alone that these came back, and then one unit more.",
     "return-against-receipt", by(CHARITY, DESKS), by(SHOP, receipt("first.0", 7)),
     by(CHARITY, back("first.0", 3)), by(CHARITY, back("first.0", 1)))
case("return-against-receipt-after-a-return-that-the-shop-signed",
     "The shop signs that 4 of what it signed for came back; one unit more comes back by the word of the charity.",
     "return-against-receipt", by(CHARITY, DESKS), by(SHOP, receipt("first.0", 10)),
     by(f"{CHARITY} {SHOP}", back("first.0", 4)), by(CHARITY, back("first.0", 1)))
case("return-against-receipt-that-comes-later",
     "Part of a payment comes back; the shop signs for what was kept, and then for one unit more.",
     "return-against-receipt", by(CHARITY, DESKS), by(CHARITY, back("first.0", 3)),
     by(SHOP, receipt("first.0", 7), receipt("first.0", 1)))
case("return-against-receipt-of-a-third-party",
     "Part of a payment comes back; an inspector acknowledges what the shop has signed for too, and then one unit more.",
     "return-against-receipt", by(CHARITY, DESKS), by(CHARITY, back("first.0", 4)), by(SHOP, receipt("first.0", 6)),
     by(INSPECTOR, receipt("first.0", 6, level="third-party"), receipt("first.0", 1, level="third-party")))
case("return-against-receipt-beside-a-return-that-was-signed",
     "The shop signs that 3 came back, the charity says alone that 3 more did; then the shop signs for 4, and for one unit more.",
     "return-against-receipt", by(CHARITY, DESKS), by(f"{CHARITY} {SHOP}", back("first.0", 3)),
     by(CHARITY, back("first.0", 3)),
     by(SHOP, receipt("first.0", 4), receipt("first.0", 1)))
case("authority-of-an-inspector-who-signs-a-return", "An inspector signs that money came back to a charity; nobody asks for that.",
     "authority", by(f"{CHARITY} {INSPECTOR}", back("desks.0", 10)), at=(0, -1))
case("authority-of-an-implementer-as-third-party", "Who carries out the activity acknowledges a payment for it as a third party.",
     "authority", by("build.ma", receipt("desks.0", 10, level="third-party")))
case("authority-of-the-operator-as-third-party", "The operator acknowledges a payment as a third party.",
     "authority", by("op.chief", receipt("desks.0", 10, level="third-party")))
case("authority-of-a-document-that-is-not-the-payers", "A shop declares with documents what the charity paid to somebody else.",
     "authority", by(SHOP, receipt("desks.0", 10, level="documented", document=channel_ref("R-77"),
                      evidence=evidence("shelves.txt"))), also=(("document-twice", 0, 0),))
malformed("receipt-without-its-document", "A receipt is documented, and has no number of the document.", CHARITY,
          receipt("desks.0", 10, level="documented", evidence=evidence("shelves.txt")))
malformed("receipt-without-its-files", "A receipt is documented, and has no files.", CHARITY,
          receipt("desks.0", 10, level="documented", document=channel_ref("R-77")))

# Holders: the person who got books has a one-time key, whose digest is in the second record of the delivery.
PERSONS = f"{CHARITY} holder.person"
BOOK = delivered("school-books", 1, unit="book", to=PERSON, holder=holder("person"))


def answered(of: str, amount: int = 1, **members: object) -> dict[str, object]:
    """The receipt of a holder."""
    return receipt(of, amount, **{"level": "holder-signed", "holder": opening("person"), **members})


case("holder-whose-key-answers-two-records",
     "A person who got books answers twice by a one-time key; then the key answers another delivery, whose digest is the same.",
     "holder", by(PERSONS, answered("delivery.1"), answered("delivery.1")), by(CHARITY, BOOK), by(PERSONS, answered("second.0")))
case("holder-who-did-not-sign", "A charity knows the salt and the key of a holder, and answers without it.",
     "holder", by(CHARITY, answered("delivery.1")))
case("holder-of-another-salt", "A charity opens a holder by a salt that does not give its digest.",
     "holder", by(PERSONS, answered("delivery.1", holder={**opening("person"), "salt": opening("donor")["salt"]})))
case("holder-of-a-record-without-one", "A one-time key answers a payment that holds no digest.",
     "holder", by(PERSONS, answered("desks.0")))
case("holder-whose-key-is-a-partys", "A charity makes the digest of its own key, and answers itself.",
     "holder", by(CHARITY, answered("delivery.1", holder={**opening("person"), "key": public(CHARITY)})))
case("holder-whose-key-is-the-logs", "The key of the log answers for a person.",
     "holder", by(f"{CHARITY} log", answered("delivery.1", holder={**opening("person"), "key": public("log")})))
case("reference-of-a-holder-of-the-same-statement", "A delivery and the answer of its receiver are in one statement.",
     "reference", by(PERSONS, BOOK, answered("@0")))
case("key-standing-of-a-one-time-key-that-is-not-opened", "A one-time key signs a statement that does not open it.",
     "key-standing", by(PERSONS, DESKS), at=(0, -1))
case("key-standing-of-a-one-time-key-that-becomes-a-partys", "A one-time key answers a record; then a party is admitted with it.",
     "key-standing", by(PERSONS, answered("delivery.1")),
     by("op.chief holder.person", party("new", keys=[{"key": public("holder.person"), "officer": "one"}])))
malformed("receipt-of-a-holder-without-a-key", "A receipt is a holder's, and opens nothing.", CHARITY,
          receipt("delivery.1", 1, level="holder-signed"))
malformed("receipt-of-a-recipient-with-a-one-time-key", "A recipient's receipt opens a holder.", CHARITY,
          receipt("delivery.1", 1, holder=opening("person")))
