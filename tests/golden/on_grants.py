"""Mutations about grants: what a fund takes twice, without its owner, or against what it was given for; and keys with limits."""

from __future__ import annotations

from .cast import public
from .on_rows import BACK, CHARITY, OFFICERS
from .tabled import YESTERDAY, by, case, delivered, fund, gift, malformed, paid, party, receipt
from .telling import a

GATE, RIVER = "gate.sun", "river.xu"
GRANT = paid("gate-school", 100, payee="hope", grant={})
FOR_DESKS = paid("gate-school", 100, payee="hope", grant={"fund": "hope-school"})
TAKEN = receipt("first.0", 60, into="hope-school")
BOOKS = gift("school-books", 5, unit="book")

case("reference-grant-for-a-fund-of-somebody-else", "A platform grants money to one party, and names another one's fund.",
     "reference", by(GATE, FOR_DESKS, paid("gate-school", 100, grant={"fund": "hope-school"})))
case("reference-grant-of-goods-for-a-fund-of-somebody-else", "Books are granted to one party, and for another one's fund.",
     "reference", by(CHARITY, BOOKS, delivered("school-books", 1, unit="book", grant={"fund": "gate-school"})))
case("restriction-grant-for-an-unrestricted-fund",
     "Restricted money is granted for an endowment, and then for an unrestricted fund.",
     "restriction", by(GATE, paid("gate-school", 10, payee="hope", grant={"fund": "hope-endowment"}),
                       paid("gate-school", 10, payee="hope", grant={"fund": "hope-general"})))
case("restriction-grant-of-goods-for-an-unrestricted-fund", "Restricted books are granted for an unrestricted fund.", "restriction",
     by(CHARITY, BOOKS, delivered("school-books", 1, unit="book", to="gate", grant={"fund": "gate-fees"})))

case("reference-of-a-grant-into-a-fund-of-somebody-else", "A payee takes a grant into another party's fund.",
     "reference", by(GATE, GRANT), by(CHARITY, TAKEN, {**TAKEN, "into": "gate-school"}))
case("reference-of-no-platform", "A gift came over a platform, and another one over a bank.", "reference",
     by(CHARITY, *(gift("hope-general", 100, via=over) for over in ("gate", "bank"))))
case("reference-of-a-platform-for-itself", "A platform records a gift that came over itself.", "reference",
     by("gate.sun", gift("gate-school", 100, via="gate")))
case("reference-of-no-grant-into-a-fund", "A payee takes a payment into a fund that was not a grant.",
     "reference", by(GATE, paid("gate-school", 100, payee="hope")), by(CHARITY, TAKEN))
case("reference-of-a-purchase-into-a-fund", "A payee takes into its fund what it was paid for goods.",
     "reference", by(CHARITY, paid("school-books", 10, payee="gate", goods=[
         {"fund": "school-books", "unit": "book", "quantity": 1, "cost": 10}])),
     by(GATE, receipt("first.0", 10, into="gate-school")))
case("reference-of-a-grant-that-a-third-party-takes", "An inspector takes a grant into a fund of its own.",
     "reference", by("eyes.luo", fund("eyes-own", restriction="restricted")), by(GATE, GRANT),
     by("eyes.luo", receipt("second.0", 10, level="third-party", into="eyes-own")))
case("reference-of-a-grant-without-a-fund", "A payee acknowledges a grant as if it were a purchase.",
     "reference", by(GATE, GRANT), by(CHARITY, receipt("first.0", 100)))
case("reference-of-a-grant-that-somebody-saw", "An inspector says that a grant arrived, whose payee can say so itself.",
     "reference", by(GATE, GRANT), by("eyes.luo", receipt("first.0", 100, level="third-party")))
case("reference-of-a-grant-by-the-payers-word",
     "An inspector says that a grant arrived at a party without a key, and then the payer says so of another one.",
     "reference", by(GATE, paid("gate-school", 10, payee="press", grant={}), paid("gate-school", 10, payee="press", grant={})),
     by("eyes.luo", receipt("first.0", 10, level="third-party")), by(GATE, receipt("first.1", 10, level="self-declared")))
case("authority-over-a-grant-to-another-party", "A charity takes into its fund what was granted to another one.",
     "authority", by(GATE, paid("gate-school", 100, payee="river", grant={})), by(CHARITY, TAKEN))

case("restriction-of-a-grant-into-an-unrestricted-fund", "Restricted money is taken into an endowment, and then into an "
     "unrestricted fund.",
     "restriction", by(GATE, GRANT),
     by(CHARITY, {**TAKEN, "amount": 1, "into": "hope-endowment"}, {**TAKEN, "into": "hope-general"}))
case("restriction-of-a-grant-for-another-fund",
     "A grant for a project is taken into a fund below it, and then into one beside it.",
     "restriction", by(GATE, FOR_DESKS), by(OFFICERS, fund("side", restriction="restricted")),
     by(CHARITY, {**TAKEN, "into": "school-store"}, {**TAKEN, "amount": 10, "into": "side"}))

case("receipt-excess-of-what-was-taken", "A payee takes a grant, and one unit of it more.",
     "receipt-excess", by(GATE, GRANT), by(CHARITY, TAKEN, {**TAKEN, "amount": 40}, {**TAKEN, "amount": 1}))
case("receipt-excess-of-what-came-back", "A payee takes what the payer did not get back, and one unit more.",
     "receipt-excess", by(GATE, GRANT),
     by(GATE, a("payment-return", of="first.0", **{**BACK, "amount": 40})), by(CHARITY, TAKEN, {**TAKEN, "amount": 1}))
case("receipt-excess-of-receipts", "A payee takes a grant by 65 receipts.",
     "receipt-excess", by(GATE, GRANT), by(CHARITY, *([{**TAKEN, "amount": 1}] * 65)))
case("return-excess-of-what-was-taken", "A payer gets back what its payee did not take, and one unit more.",
     "return-excess", by(GATE, GRANT), by(CHARITY, TAKEN),
     by(GATE, *(a("payment-return", of="first.0", **{**BACK, "amount": amount}) for amount in (40, 1))))

case("day-of-a-grant-that-is-taken-before-it-was-paid", "A payee takes a grant one day before it was paid, and two days before.",
     "day", by(GATE, GRANT),
     by(CHARITY, {**TAKEN, "amount": 1, "received_on": YESTERDAY}, {**TAKEN, "received_on": "2026-05-04"}))

case("authority-of-a-key-for-gifts", "A platform's key for gifts signs a gift, and then a payment.", "authority",
     by("gate.till", gift("gate-school", 10)), by("gate.till", paid("gate-school", 100)), at=(1, -1))
case("authority-of-a-key-for-gifts-beside-a-gift", "A platform's key for gifts signs a payment beside a gift.", "authority",
     by("gate.till", gift("gate-school", 10), paid("gate-school", 100)), at=(0, -1))
case("authority-of-a-new-key-for-gifts", "Two officers give a server a key for gifts, which signs a gift, and then a payment.",
     "authority", by(f"{OFFICERS} hope.server", a("key", key=public("hope.server"), officer="server", kinds=["donation"])),
     by("hope.server", gift("hope-general", 10)), by("hope.server", paid("hope-general", 10)), at=(2, -1))
malformed("party-with-kinds-out-of-order", "The kinds that a key signs are not sorted where its party is admitted.",
          "op.chief rival.one", party("rival", keys=[
              {"key": public("rival.one"), "officer": "one", "kinds": ["payment", "donation"]}]))
malformed("key-with-kinds-out-of-order", "The kinds that a key signs are not sorted.", OFFICERS,
          a("key", key=public("hope.li"), officer="li", kinds=["payment", "donation"]))
malformed("payment-for-goods-that-is-a-grant", "A payment buys goods and is a grant too.", GATE,
          {**FOR_DESKS, "goods": [{"fund": "gate-school", "unit": "book", "quantity": 1, "cost": 100}]})
