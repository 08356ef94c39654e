"""Mutations about relations that are said again, about overseers that are near, and about donors that are helped themselves."""

from __future__ import annotations

from .cast import public
from .on_mandates import RIVER, TIGHT, TRUSTING, out
from .on_payees import OF_VILLAGE, RELATED, THROUGH_WANG, TO_SHOP, TO_VILLAGE
from .on_rows import CHARITY, OFFICERS
from .tabled import TODAY, WHOLE, YESTERDAY, by, case, gift, receipt
from .telling import a

AUDITOR = "auditco.chen"
OF_AUDITOR = {**RELATED, "of": "auditco", "to": "hope"}
CONTROLS = {**RELATED, "of": "hope", "to": "shop"}

case("authority-relation-of-another-nature", "A charity calls who controls it its founder, while that is in force.",
     "authority", by(OFFICERS, RELATED), by(OFFICERS, {**RELATED, "nature": "founder"}))
case("authority-relation-the-other-way-round", "A charity turns a relation round, while it is in force.", "authority",
     by(OFFICERS, {**RELATED, "nature": "main-donor"}),
     by(OFFICERS, {**RELATED, "nature": "main-donor", "of": "hope", "to": "shop"}))
case("authority-relation-that-loses-its-officer", "A charity says a relation again, without the officer whom it is through.",
     "authority", by(OFFICERS, THROUGH_WANG),
     by(OFFICERS, {name: value for name, value in THROUGH_WANG.items() if name != "officer"}))
case("authority-relation-through-another-officer", "A charity says a relation again, through another officer.", "authority",
     by(OFFICERS, THROUGH_WANG), by(OFFICERS, {**THROUGH_WANG, "officer": "li"}))
case("authority-control-that-becomes-an-officers", "A charity says that it is one officer who controls a shop, and not itself.",
     "authority", by(OFFICERS, CONTROLS), by(OFFICERS, {**CONTROLS, "officer": "wang"}))
case("authority-relation-by-an-overseer-of-its-own", "An auditor says of itself and a charity what it likes.", "authority",
     by(AUDITOR, OF_AUDITOR), by(AUDITOR, {**OF_AUDITOR, "nature": "founder"}))
case("day-relation-by-an-overseer-of-its-own", "An auditor says that its own relation ended yesterday.", "day",
     by(AUDITOR, OF_AUDITOR), by(AUDITOR, {**OF_AUDITOR, "ends_on": "2026-05-05"}))
case("authority-relation-by-a-related-overseer", "An auditor who is related to a charity says who else is.", "authority",
     by(AUDITOR, OF_AUDITOR), by(AUDITOR, {**RELATED, "nature": "family"}))
case("related-party-that-both-say", "A charity does not say that it pays who controls it, as both say.", "related-party",
     by("shop.zhao", RELATED), by(CHARITY, TO_SHOP), by(OFFICERS, RELATED), by(CHARITY, TO_SHOP))
case("related-beneficiary-that-gave", "A charity pays a beneficiary who gave to the same fund.", "related-beneficiary",
     by(CHARITY, gift("hope-general", 10, donor="village")), by(CHARITY, TO_VILLAGE))
case("related-beneficiary-of-both-a-third-controls", "A charity pays a beneficiary whom the same party controls as a donor.",
     "related-beneficiary",
     by(AUDITOR, {**RELATED, "of": "gate", "to": "shop"}, {**RELATED, "of": "gate", "to": "village"}),
     by(CHARITY, gift("hope-general", 10, donor="shop")), by(CHARITY, TO_VILLAGE))
case("related-beneficiary-by-a-correction", "A payment is corrected to a day on which its payee was a relative of a donor.",
     "related-beneficiary", by(AUDITOR, {**OF_VILLAGE, "of": "shop", "ends_on": "2026-05-05"}),
     by(CHARITY, gift("hope-general", 10, donor="shop")), by(CHARITY, TO_VILLAGE),
     by(OFFICERS, a("correction", of="third.0", day="2026-05-05", reason="Read wrongly")))
case("approval-by-an-overseer-of-its-own", "The only officer is co-signed by a regulator that the charity is related to.",
     "approval", by(RIVER, TIGHT), by(f"{RIVER} bureau.hu", out(10)),
     by("bureau.hu", {**RELATED, "of": "bureau", "to": "river", "nature": "family"}),
     by(f"{RIVER} bureau.hu", out(11)))
SEEN = receipt("second.0", 9, level="third-party")

case("approval-of-a-loosening-with-the-payee", "Who is paid signs a looser mandate of a party with one officer.", "approval",
     by(RIVER, TIGHT), by(f"{RIVER} bureau.hu", a("mandate", thresholds=[{"unit": "CNY", "amount": 500}])), by(RIVER, out(10)))
case("approval-of-a-correction-with-the-payee", "Who was paid signs the correction that makes two small payments a large one.",
     "approval", by(RIVER, TIGHT), by(RIVER, out(9, payee="bureau", paid_on="2026-05-05")),
     by(f"{RIVER} auditco.chen", out(9, payee="bureau")),
     by(f"{RIVER} bureau.hu", a("correction", of="second.0", day="2026-05-06", reason="Read wrongly")))
case("authority-of-a-second-to-be-as-third-party", "Who will be the second of a party acknowledges what that paid.", "authority",
     by(RIVER, TRUSTING), by(RIVER, out(9)), by("gate.sun", SEEN))
case("authority-of-a-second-that-was-as-third-party", "Who was the second of a party acknowledges what that paid then.",
     "authority", by(RIVER, TRUSTING), by(RIVER, out(9)), by(RIVER, TIGHT), by("gate.sun", SEEN))
case("authority-of-who-signed-too-as-third-party", "An auditor acknowledges the payment that it signed.", "authority",
     by(RIVER, TIGHT), by(f"{RIVER} bureau.hu", out(10)), by("bureau.hu", SEEN))
case("key-standing-by-a-limited-key-and-an-overseer", "A key that signs keys only adds one with an overseer, which signs at once.",
     "key-standing", by(f"{RIVER} bureau.hu river.bot", a("key", key=public("river.bot"), officer="bot", kinds=["key"])),
     by("river.bot bureau.hu river.new", a("key", key=public("river.new"), officer="new")), by(f"{RIVER} river.new", out(1)),
     at=(2, WHOLE))
case("authority-of-who-signed-a-correction-as-third-party", "An auditor acknowledges a payment whose correction it signed.",
     "authority", by(RIVER, TIGHT), by(RIVER, out(9, paid_on=YESTERDAY)), by(f"{RIVER} auditco.chen", out(9)),
     by(f"{RIVER} bureau.hu", a("correction", of="second.0", day=TODAY, reason="Read wrongly")), by("bureau.hu", SEEN))
