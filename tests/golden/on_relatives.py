"""Mutations about relatives: of those concerned by a payment, who acknowledge it, and of the payee, who co-sign."""

from __future__ import annotations

from .on_mandates import RIVER, TIGHT, out
from .on_payees import RELATED, TO_SHOP
from .on_rows import ACTIVITY, CHARITY, OFFICERS
from .tabled import by, case, paid, receipt
from .telling import a

OVERSEEN = f"{RIVER} bureau.hu"
OF_BUREAU = a("relation", of="bureau", to="shop", nature="significant-influence", starts_on="2026-05-01")
OF_GATE = {**RELATED, "of": "gate"}
SEEN = receipt("first.0", 10, level="third-party")

case("authority-of-a-relative-as-third-party", "Who is related to the shop acknowledges for it as a third party what it was paid.",
     "authority", by("gate.sun", OF_GATE), by(CHARITY, TO_SHOP), by("gate.sun", {**SEEN, "of": "second.0"}))
case("authority-of-a-common-relative-as-third-party",
     "Whom the same party controls as the shop acknowledges as a third party what the shop was paid.", "authority",
     by("auditco.chen", {**RELATED, "of": "village", "to": "gate"}, {**RELATED, "of": "village"}), by(CHARITY, TO_SHOP),
     by("gate.sun", {**SEEN, "of": "second.0"}))
case("approval-by-a-relative-of-the-payee", "The only officer is co-signed by a regulator who is related to the payee.", "approval",
     by(RIVER, TIGHT), by(OVERSEEN, out(10)), by("bureau.hu", OF_BUREAU), by(OVERSEEN, out(11)))
case("approval-by-the-payee", "The only officer is co-signed by a regulator whom it pays.", "approval",
     by(RIVER, TIGHT), by(OVERSEEN, out(10, payee="bureau")))
case("authority-of-the-second-as-third-party", "The second of a charity's mandate acknowledges as a third party.",
     "authority", by(OFFICERS, a("mandate", second="gate")), by(CHARITY, TO_SHOP),
     by("gate.sun", {**SEEN, "of": "second.0"}))
case("authority-of-an-implementer-of-the-project", "Who carries out another activity of the project acknowledges as a third party.",
     "authority", by(OFFICERS, a("activity", id="desk-repair", **ACTIVITY, parent="hope-school", implementers=["gate"])),
     by(CHARITY, paid("hope-school", 10)), by("gate.sun", {**SEEN, "of": "second.0"}))
case("authority-of-a-funder-as-third-party", "A platform whose grant was taken acknowledges as a third party what was paid of it.",
     "authority", by("gate.sun", paid("gate-school", 100, payee="hope", grant={})),
     by(CHARITY, receipt("first.0", 60, into="hope-school")), by(CHARITY, paid("hope-school", 10)),
     by("gate.sun", {**SEEN, "of": "third.0"}))
case("authority-of-a-relative-of-an-implementer", "Who is related to an implementer of the project acknowledges as a third party.",
     "authority", by("gate.sun", {**OF_GATE, "to": "build"}), by(CHARITY, paid("hope-school", 10)),
     by("gate.sun", {**SEEN, "of": "second.0"}))
