"""Mutations of each kind that is said by a party which may not say it, or signed by too few: a table of each."""

from __future__ import annotations

from .cast import public
from .on_rows import ACTIVITY, BACK, CHARITY, COVERED, EXCHANGE, OFFICERS, PROJECT, STATISTICS, WRITTEN_OFF
from .tabled import TODAY, assigned, by, case, delivered, fund, party
from .telling import a

PLATFORM = "gate.sun"
AGAIN = a("ledger", name="Another", time_zone="UTC+00:00", rules="givetrail/1", operator_name="Others", officer="one",
          key=public("other.one"), log_key=public("other-log"))  # fmt: skip
CLOSED = a("acknowledgement", finding="overdue-receipt", of="bounce.0", note="Closed")
RECOVERED = a("recovery", party="gate", key=public("other.one"), officer="one", reason="Said to be lost")
REFUND = a("refund", **COVERED, units=[[13833, 13933]], refunded_on=TODAY)
MONTH = [{"code": "2026-03", "amount": 7533, "gifts": 10}]
REVOKED = a("key-revocation", key=public("hope.wang"), reason="lost")

AUTHORITY = [
    ("A charity closes a finding", "hope.wang auditco.chen", CLOSED),
    ("A platform makes a fund below a charity's", PLATFORM, fund("side", parent="hope-general")),
    ("An implementer makes an activity of a charity's project", "build.ma", a(
        "activity", id="digging", parent="hope-school", **ACTIVITY)),
    ("A platform makes a project below a charity's fund", PLATFORM, a("project", id="wells", parent="hope-general", **PROJECT)),
    ("A platform assigns a charity's money", PLATFORM, assigned("hope-school", "school-desks", 10)),
    ("A platform hands over a charity's goods", PLATFORM, delivered("school-books", 10)),
    ("A platform exchanges a charity's money", PLATFORM, a("exchange", **EXCHANGE, amount=100, to_amount=719, exchanged_on=TODAY)),
    ("A platform records income of a charity", PLATFORM, a(
        "income", fund="hope-general", unit="CNY", amount=10, income_class="interest", source="Bank", received_on=TODAY)),
    ("A platform revokes a charity's key", PLATFORM, REVOKED),
    ("A charity names the ledger", "hope.wang other.one", AGAIN),
    ("A charity admits a party", CHARITY, party("new")),
    ("A recipient records that money came back", "shop.zhao", a("payment-return", of="late-feedback.0", **BACK)),
    ("A vendor notes progress in an activity", "shop.zhao", a("progress", activity="school-desks", done_on=TODAY, note="Done")),
    ("A charity recovers a party", "hope.wang auditco.chen other.one", RECOVERED),
    ("A platform refunds a gift to a charity", PLATFORM, REFUND),
    ("A platform reverses a charity's allocation", PLATFORM, a("reversal", of="last.0", reason="Not so")),
    ("A charity says which rules are in force", OFFICERS, a("rules", rules="givetrail/1")),
    ("A platform sums up the gifts to a charity", PLATFORM, a("statistics", **STATISTICS, by="month", cells=MONTH)),
    ("A charity declares a unit", CHARITY, a("unit", unit="pen", exponent=0, name="Pen")),
    ("A platform writes off a charity's goods", "gate.sun eyes.luo", a("write-off", **WRITTEN_OFF, amount=10)),
]  # fmt: skip
APPROVAL = [
    ("One officer of two makes an activity", CHARITY, a("activity", id="digging", parent="hope-school", **ACTIVITY)),
    ("One officer of two makes a project", CHARITY, a("project", id="wells", **PROJECT)),
    ("Two officers give a third one a key that has not signed", OFFICERS, a("key", key=public("other.one"), officer="one")),
    ("One officer of two revokes the key of the other", "hope.li2", REVOKED),
    ("The operator names the ledger again with a key that has not signed", "op.chief", AGAIN),
    ("Operator and auditor give a party a key that has not signed", "op.chief auditco.chen", RECOVERED),
    ("One officer of two refunds a gift", CHARITY, REFUND),
    ("One officer of two reverses an allocation", CHARITY, a("reversal", of="last.0", reason="Not so")),
]
for rule, table in (("authority", AUTHORITY), ("approval", APPROVAL)):
    for does, names, record in table:
        beside = {"recovery": (("recovery", 0, 0),), "ledger": (("reference", 0, 0),)}.get(record["kind"], ())
        case(f"{rule}-to-say-{record['kind']}", f"{does}.", rule, by(names, record), also=beside)
case("approval-to-say-rules", "One of the operator's two officers says which rules are in force.", "approval", by(
    "op.chief op.second auditco.chen", a("key", key=public("op.second"), officer="second"),
), by("op.chief", a("rules", rules="givetrail/1")))  # fmt: skip
