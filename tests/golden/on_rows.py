"""Mutations that break one row of what a kind demands, and nothing else: a table of them, as rules.json has the rows."""

from __future__ import annotations

from .cast import private, public, reference_key
from .tabled import TOMORROW, YESTERDAY, assigned, by, case, delivered, fund, gift, paid, party, receipt
from .telling import a

CHARITY, OFFICERS = "hope.wang", "hope.li2 hope.wang"
SHOWN = {"of": "gifts.2", "digests": private("donor")}
EXCHANGE = {"fund": "hope-general", "unit": "USD", "to_unit": "CNY", "rate": [7193, 1000], "source": "Bank, 6 May"}
SAID = {"indicator": "seen", "value": 1, "measured_in": "masks", "method": "Counted"}
COVERED = {"gift": "covered.0", "fund": "hope-school", "unit": "CNY", "reason": "donor-request"}
PROJECT = {"name": "Wells", "purpose": "Water", "restriction": "restricted", "receipt_days": 60, "feedback_days": 60}
ACTIVITY = {"name": "Digging", "purpose": "Wells"}
WRITTEN_OFF = {"fund": "school-store", "unit": "rice", "cause": "loss", "reason": "Mice"}
STATISTICS = {"fund": "hope-school", "unit": "CNY", "from_day": "2026-03-01", "to_day": "2026-03-31"}
BACK = {"amount": 10, "returned_on": YESTERDAY, "reason": "Sent back"}

DAYS = [
    ("a-consent", CHARITY, a("consent", **SHOWN, decision="granted", decided_on=TOMORROW, purpose="Annual report")),
    ("a-delivery", CHARITY, delivered("school-books", 10, delivered_on=TOMORROW)),
    ("an-erasure", CHARITY, a("erasure", **SHOWN, erased_on=TOMORROW, ground="request")),
    ("an-exchange", CHARITY, a("exchange", **EXCHANGE, amount=100, to_amount=719, exchanged_on=TOMORROW)),
    ("feedback", "village.guo", a("feedback", **SAID, reported_on=TOMORROW, payments=["delivery.0"])),
    ("income", CHARITY, a(
        "income", fund="hope-general", unit="CNY", amount=10, income_class="interest", source="Bank", received_on=TOMORROW,
    )),
    ("a-payment", CHARITY, paid("school-desks", 10, paid_on=TOMORROW)),
    ("a-return", CHARITY, a("payment-return", **{**BACK, "returned_on": TOMORROW}, of="desks.0")),
    ("a-note-of-progress", "build.ma", a("progress", activity="school-desks", done_on=TOMORROW, note="More shelves")),
    ("a-receipt", "eyes.luo", receipt("plain.0", 10, level="third-party", received_on=TOMORROW)),
    ("a-refund", OFFICERS, a("refund", **COVERED, units=[[13833, 13933]], refunded_on=TOMORROW)),
]  # fmt: skip
for kind, names, record in DAYS:
    case(f"day-of-{kind}", f"The day of {kind.replace('-', ' ')} is in the future.", "day", by(names, record))

UNITS = [
    ("an-allocation", CHARITY, assigned("hope-school", "school-desks", 20, units=[[12000, 12010]])),
    ("a-delivery", CHARITY, delivered("school-books", 20, units=[[20, 30]])),
    ("an-exchange", CHARITY, a("exchange", **EXCHANGE, amount=200, to_amount=1438, units=[[700, 800]], exchanged_on=YESTERDAY)),
    ("a-payment", CHARITY, paid("school-desks", 20, units=[[6100, 6110]])),
    ("a-write-off", OFFICERS, a("write-off", **WRITTEN_OFF, amount=20, units=[[0, 10]])),
]
for kind, names, record in UNITS:
    does = f"The units that {kind.replace('-', ' ', 1)} names are fewer than its amount."
    case(f"reference-units-of-{kind}", does, "reference", by(names, record))

REFERENCES = [
    ("acknowledgement-of-its-own-statement", "Operator and auditor close a finding about a record of the same statement.",
     "op.chief auditco.chen", a("unit", unit="pen", exponent=0, name="Pen"),
     a("acknowledgement", finding="overdue-receipt", of="@0", note="Closed")),
    ("acknowledgement-of-its-own-entry", "They name the record by the index of their own entry.",
     "op.chief auditco.chen", a("unit", unit="pen", exponent=0, name="Pen"),
     a("acknowledgement", finding="overdue-receipt", of="first.0", note="Closed")),
    ("activity-of-an-id-that-is-taken", "An activity has the id of another one.",
     OFFICERS, a("activity", id="school-books", parent="hope-school", **ACTIVITY)),
    ("activity-below-an-activity", "An activity is put below another one.",
     OFFICERS, a("activity", id="digging", parent="school-desks", **ACTIVITY)),
    ("activity-of-no-project", "An activity is put below a fund that does not belong to a project.",
     OFFICERS, a("activity", id="digging", parent="hope-general", **ACTIVITY)),
    ("project-of-an-id-that-is-taken", "A project has the id of a fund.",
     OFFICERS, a("project", id="hope-endowment", **PROJECT)),
    ("project-below-a-project", "A project is put below another one's fund.",
     OFFICERS, a("project", id="wells", parent="school-store", **PROJECT)),
    ("fund-below-an-activity", "A fund is put below an activity.", OFFICERS, fund("side", parent="school-desks")),
    ("fund-too-deep", "Funds are put below one another, 17 below the topmost one; the sixteenth may be there.",
     OFFICERS, *(fund(f"deep-{n}", parent=f"deep-{n - 1}" if n > 1 else "hope-general") for n in range(1, 18))),
    ("fund-of-an-id-that-is-taken", "A fund is recorded a second time.", OFFICERS, fund("hope-general")),
    ("key-that-is-revoked-already", "A key is revoked a second time.",
     OFFICERS, a("key-revocation", key=public("hope.li"), reason="lost")),
    ("ledger-that-is-named-again", "The operator names the ledger again, with another key for the log.",
     "op.chief op.second", a("ledger", name="Another", time_zone="UTC+00:00", rules="givetrail/1", operator_name="Others",
                             officer="second", key=public("op.second"), log_key=public("other-log"))),
    ("party-of-an-id-that-is-taken", "A party is admitted under the id of another one.", "op.chief", party("shop")),
    ("party-with-the-role-of-operator", "A second operator is admitted.", "op.chief", party("rival", roles=["operator"])),
    ("party-recovered-where-it-is-admitted", "A party is admitted and recovered in one statement.",
     "op.chief auditco.chen rival.one", party("rival"),
     a("recovery", party="rival", key=public("rival.one"), officer="one", reason="It has no key")),
    ("return-of-what-bought-goods", "Money comes back of a payment that bought goods.",
     CHARITY, a("payment-return", of="rice.0", **BACK)),
    ("return-of-a-delivery", "Masks that were handed over come back as money would.",
     CHARITY, a("payment-return", of="delivery.0", **BACK)),
    ("unit-that-is-declared-already", "A unit is declared again.", "op.chief", a("unit", unit="book", exponent=0, name="Book")),
    ("unit-in-small-letters", "A unit differs from one that is declared by its case only.",
     "op.chief", a("unit", unit="cny", exponent=0, name="Token")),
    ("consent-to-digests-that-are-not-there", "A consent names a digest that the gift does not hold.",
     CHARITY, a("consent", **{**SHOWN, "digests": private("person")}, decision="granted", decided_on=YESTERDAY, purpose="Report")),
    ("erasure-of-digests-that-are-not-all-there", "An erasure names two digests, of which the gift holds one.",
     CHARITY, a("erasure", **{**SHOWN, "digests": sorted([*private("donor")[:1], *private("person")[:1]])}, erased_on=YESTERDAY,
                ground="request")),
    ("reversal-of-a-revocation", "The revocation of a key is declared void, as a note of progress may be.",
     OFFICERS, a("reversal", of="revocation.0", reason="Not so")),
    ("reversal-for-the-second-time", "An allocation is reversed again.",
     OFFICERS, a("reversal", of="reversed.0", reason="Once more")),
    ("progress-withdrawn-for-the-second-time", "A note of progress is withdrawn again.",
     "build.ma", a("reversal", of="withdrawn.0", reason="Once more")),
    ("reference-key-after-the-same-again", "A label's key is said again, as it was, and then with another day of destruction.",
     CHARITY, reference_key("hope"), reference_key("hope") | {"destroy_on": "2037-12-31"}),
]  # fmt: skip
for name, does, names, *records in REFERENCES:
    case(f"reference-{name}", does, "reference", by(names, *records))

case("fee-of-all-that-was-given", "The fee of a gift is all of it; a fee of all but one unit may be.", "fee", by(
    "gate.sun", *(gift("gate-school", 100, fee=amount, fee_to="bank") for amount in (99, 100)),
))  # fmt: skip
case("restriction-of-goods-of-an-endowment", "Books that belong to an endowment are handed over.", "restriction", by(
    CHARITY, gift("hope-endowment", 5, unit="book"), delivered("hope-endowment", 2, unit="book"),
))  # fmt: skip
case("overdraft-of-a-cover-of-what-is-left", "A refund covers units that are not spent.", "overdraft", by(
    OFFICERS, a("refund", **COVERED, refunded_on=YESTERDAY, cover={"fund": "hope-general", "units": [[13833, 13933]]}),
))  # fmt: skip
case("key-standing-of-an-officers-key", "A party gives an officer the key of another one, who signs.", "key-standing", by(
    OFFICERS, a("key", key=public("hope.li2"), officer="chen"),
))  # fmt: skip
case("key-standing-of-an-auditors-key", "An auditor recovers a party with the key that the auditor signs with.", "key-standing", by(
    "op.chief auditco.chen", a("recovery", party="gate", key=public("auditco.chen"), officer="sun", reason="Said to be lost"),
), )  # fmt: skip
case("authority-over-the-digests-of-another", "A platform consents to what a charity's gift holds.", "authority", by(
    "gate.sun", a("consent", **SHOWN, decision="granted", decided_on=YESTERDAY, purpose="Annual report"),
))  # fmt: skip
case("authority-to-erase-what-another-holds", "A platform says that it erased what a charity's gift holds.", "authority", by(
    "gate.sun", a("erasure", **SHOWN, erased_on=YESTERDAY, ground="request"),
))  # fmt: skip
case("authority-to-withdraw-the-progress-of-another", "A charity withdraws an implementer's note of progress.", "authority", by(
    OFFICERS, a("reversal", of="progress.0", reason="Not so"),
))  # fmt: skip
