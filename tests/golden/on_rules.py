"""Mutations that show where a rule begins to be broken: what is just in order stands beside what is not, so that a verifier that is
too strict is found as well as one that is too lenient."""

from __future__ import annotations

from .cast import channel_ref, public
from .on_costs import DIGGING
from .on_rows import BACK, CHARITY, EXCHANGE, OFFICERS, SAID, STATISTICS
from .tabled import TODAY, TOMORROW, WHOLE, YESTERDAY, Record, assigned, by, case, delivered, fund, gift, paid, party, receipt
from .telling import a, uuid

PEN = a("unit", unit="pen", exponent=0, name="Pen")
SIDE = fund("side", parent="hope-school")
NOBODY = paid("school-desks", 10, payee="ghost")
DESKS = paid("school-desks", 10)
TAKEN = {"channel_ref": channel_ref("R-77")}
FIRST_WEEK = {**STATISTICS, "from_day": "2026-03-03", "to_day": "2026-03-06"}


def printed(amount: int, source: str = "hope-school", **members: str) -> Record:
    """A payment of a project to the press."""
    return paid(source, amount, **{"payee": "press", **members})


def bought(source: str, to: str, unit: str = "book") -> Record:
    """A payment of one fund that buys one thing for another fund."""
    return paid(source, 10, goods=[{"fund": to, "unit": unit, "quantity": 1, "cost": 10}])


def at_once(time: str) -> dict[str, str]:
    """When a statement is signed, and entered."""
    return {"signed_at": time, "time": time}


# Thresholds: which payments count together, and who is two officers.
case("approval-just-above-the-threshold",
     "One officer signs payments of one day that reach the threshold, and then pass it.",
     "approval", by(CHARITY, gift("hope-school", 12000), printed(4999), printed(5000, payee="bank"), printed(1), printed(1)))
case("approval-by-the-day-of-the-record",
     "Payments that are dated apart, and recorded on one day, pass the threshold.",
     "approval", by(CHARITY, gift("hope-school", 6000), printed(3000, paid_on=YESTERDAY)),
     by(CHARITY, printed(2000, paid_on="2026-05-04"), printed(1, paid_on="2026-05-03")))
case("approval-over-the-whole-tree",
     "A payment from the topmost fund counts towards the threshold of one below it.",
     "approval", by(CHARITY, gift("hope-school", 6000), printed(2000, "hope-general"), printed(3000), printed(1)))
case("approval-by-two-keys-of-one-officer",
     "An officer signs twice, with two keys.",
     "approval", by("hope.li2 hope.wang hope.li3", a("key", key=public("hope.li3"), officer="li")),
     by("hope.li2 hope.li3", fund("aside")))
case("approval-of-an-acknowledgement",
     "An inspector signs with the operator that a finding is closed; an auditor or regulator may.",
     "approval", by("op.chief bureau.hu", a("acknowledgement", finding="overdue-receipt", of="bounce.0", note="Closed")),
     by("op.chief eyes.luo", a("acknowledgement", finding="overdue-receipt", of="bounce.0", note="Closed")),
     also=(("authority", 1, WHOLE),))
case("key-standing-after-a-revocation",
     "A key signs its own revocation and what is said with it, and nothing later. The officer who "
     "is left signs alone.",
     "key-standing", by(OFFICERS, a("key-revocation", key=public("hope.wang"), reason="officer-left"), fund("one")),
     by("hope.li2", fund("two")), by("hope.li2 hope.wang", fund("three")), at=(2, WHOLE))
case("key-standing-after-a-recovery",
     "The key that a party had before it was recovered signs beside the new one.",
     "key-standing", by("op.chief auditco.chen gate.one", a(
         "recovery", party="gate", key=public("gate.one"), officer="one", reason="Said to be lost")),
     by("gate.one", fund("gate-new")), by("gate.one gate.sun", fund("gate-newer")), at=(2, WHOLE), also=(("recovery", 0, 0),))

# Who may say what of whom.
case("authority-over-one-of-two",
     "A recipient reports on its own delivery, and then on that and someone else's.",
     "authority", by("village.guo", a("feedback", **SAID, reported_on=TODAY, payments=["delivery.0"]),
                     a("feedback", **SAID, reported_on=TODAY, payments=["delivery.0", "delivery.1"])))
case("authority-of-an-implementer-over-payments",
     "An implementer reports on its activity, and then on a payment from it.",
     "authority", by("build.ma", a("feedback", **SAID, reported_on=TODAY, activity="school-desks", from_day=TODAY, to_day=TODAY),
                     a("feedback", **SAID, reported_on=TODAY, payments=["desks.0"])))
case("authority-of-a-recipient-as-third-party",
     "A recipient acknowledges a payment as a third party.",
     "authority", by("shop.zhao", receipt("late-feedback.0", 10, level="third-party")))
case("authority-of-a-recipient-as-owner",
     "A recipient acknowledges a payment as its owner.",
     "authority", by("shop.zhao", receipt("late-feedback.0", 10, level="self-declared")))
# What is named has to be there, and to have been seen.
EUROS = {**EXCHANGE, "to_unit": "EUR", "rate": [1, 1]}
NOT_THERE = [
    ("fund", "A gift to a fund that does not exist.", gift("nowhere", 10)),
    ("unit", "A gift in a unit that is not declared.", gift("hope-general", 10, unit="EUR")),
    ("unit-of-goods", "Goods are bought in a unit that is not declared.", bought("school-books", "school-books", "pen")),
    ("unit-in-exchange", "Dollars are exchanged for a unit that is not declared.", a(
        "exchange", **EUROS, amount=9, to_amount=9, exchanged_on=TODAY)),
]
for what, does, record in NOT_THERE:
    case(f"reference-to-no-{what}", does, "reference", by(CHARITY, record))
NOT_SEEN = [
    ("fund", OFFICERS, SIDE, gift("side", 10)),
    ("unit", "op.chief", PEN, gift("hope-general", 1, unit="pen")),
    ("party", "op.chief", party("new"), paid("school-desks", 10, payee="new")),
]
for what, names, made, said in NOT_SEEN:
    case(f"after-before-the-{what}-it-names",
         f"A statement is bound to an entry before the {what} that it names.",
         "after", by(names, made), by(CHARITY, said, bound=1))
case("receipt-excess-of-what-is-new",
     "A unit, a fund and a party are made, and a delivery, all in one statement that goes on to name "
     "them; what is acknowledged of the delivery comes to one too many.",
     "receipt-excess", by("op.chief", PEN, fund("op-store"), party("new"), gift("op-store", 5, unit="pen"),
                          delivered("op-store", 2, unit="pen", to="new"), receipt("@4", 2, level="self-declared"),
                          receipt("@4", 1, level="self-declared")))
case("day-in-an-activity-that-is-new",
     "An activity of one day is made, paid, and its progress noted, in one statement; then of a day to come.",
     "day", by(OFFICERS, {**DIGGING, "parent": "hope-school", "ends_on": TODAY}, assigned("hope-school", "digging", 20),
                paid("digging", 10), *(a("progress", activity="digging", done_on=day, note="Dug") for day in (TODAY, TOMORROW))))

# Where restricted money may go.
case("restriction-that-is-inherited",
     "A fund below a restricted one says that it is unrestricted; its money goes down, and then up.",
     "restriction", by(OFFICERS, SIDE, fund("below", parent="side"), gift("side", 100), assigned("side", "below", 10),
                       assigned("side", "hope-general", 10)))
case("restriction-below-an-endowment",
     "Money of an endowment is assigned to a fund below it, and then back up.",
     "restriction", by(OFFICERS, fund("yield", parent="hope-endowment"), assigned("hope-endowment", "yield", 10),
                       assigned("yield", "hope-endowment", 10)))
case("restriction-into-another-tree",
     "Unrestricted money is assigned to another party's project.",
     "restriction", by(CHARITY, assigned("hope-general", "river-relief", 10)))
case("restriction-into-the-same-fund",
     "A fund assigns money to itself.",
     "restriction", by(CHARITY, assigned("hope-general", "hope-general", 10)))
case("restriction-of-goods",
     "Goods bought go below the fund that pays, or elsewhere in the tree where it is unrestricted; and then "
     "from one activity to a fund beside it.",
     "restriction", by(CHARITY, bought("hope-general", "hope-school"), bought("hope-school", "school-store"),
                       bought("school-books", "school-store")))

case("restriction-of-goods-in-another-tree",
     "Goods bought with unrestricted money go to a fund of another party.",
     "restriction", by(CHARITY, bought("hope-general", "gate-school")))

# Tapes: where what comes in begins, and how far it may go.
case("overdraft-of-two-parts-of-one-payment",
     "A payment buys the same things twice, for one fund; all of them are handed over, and then one more.",
     "overdraft", by(CHARITY, paid("school-books", 20, goods=[
         {"fund": "school-books", "unit": "book", "quantity": count, "cost": 10} for count in (2, 3)]),
                     delivered("school-books", 6, unit="book"), delivered("school-books", 1, unit="book")))
case("tape-limit-just-passed",
     "A gift fills a tape to 2^53-1, and another one passes that by a unit.",
     "tape-limit", by(OFFICERS, fund("huge"), *[gift("huge", 10**14)] * 90, gift("huge", (2**53 - 1) % 10**14), gift("huge", 1),
                      flows=[*([n, "+", "huge/CNY", (n - 1) * 10**14, n * 10**14] for n in range(1, 91)),
                             [91, "+", "huge/CNY", 90 * 10**14, 2**53 - 1]]))

# Receipts and returns.
case("receipt-excess-after-a-return",
     "A charity declares that all arrived that it paid, whatever came back; and one unit more.",
     "receipt-excess", by(CHARITY, receipt("plain.0", 900, level="self-declared"), receipt("plain.0", 1, level="self-declared")))
case("receipt-excess-that-still-counts",
     "A receipt of one unit too many is a receipt; so the next unit is too many too.",
     "receipt-excess", by(CHARITY, receipt("plain.0", 901, level="self-declared"), receipt("plain.0", 1, level="self-declared")),
     at=(0, 0), also=(("receipt-excess", 0, 1),))
case("return-excess-of-what-was-acknowledged",
     "All of a payment comes back, though the charity declared that it arrived; and one unit more.",
     "return-excess", by(CHARITY, a("payment-return", **{**BACK, "amount": 3000}, of="desks.0"),
                         a("payment-return", **{**BACK, "amount": 1}, of="desks.0")))

# Days and times.
case("day-of-the-local-day",
     "Half an hour after midnight, where the ledger is, a gift is of that day, and one of the next.",
     "day", by(CHARITY, gift("hope-general", 10, received_on=TOMORROW), gift("hope-general", 10, received_on="2026-05-08"),
                **at_once("2026-05-06T16:30:00Z")))
case("day-of-the-last-local-minute",
     "A minute before midnight, where the ledger is, a gift is of the next day.",
     "day", by(CHARITY, gift("hope-general", 10, received_on=TOMORROW), **at_once("2026-05-06T15:59:00Z")))
case("time-just-too-far-ahead",
     "Statements are signed 30 days before their entry, 5 minutes after it, and a second more.",
     "time", by(CHARITY, DESKS, signed_at="2026-04-06T01:03:00Z"), by(CHARITY, DESKS, signed_at="2026-05-06T01:08:00Z"),
     by(CHARITY, DESKS, signed_at="2026-05-06T01:08:01Z"), at=(2, WHOLE))
case("time-just-too-long-before",
     "A statement is signed 30 days and a second before its entry.",
     "time", by(CHARITY, DESKS, signed_at="2026-04-06T01:02:59Z"), at=(0, WHOLE))

case("day-of-a-gift-from-a-file",
     "Of a file of four rows two gifts are entered, one was known and one is left out; one gift is of a day to come.",
     "day", by(CHARITY, a(
         "source", media="text/csv", bytes=9, digest="0" * 64, rows=4, entered=2, known=1, left_out=1),
                gift("hope-general", 10), gift("hope-general", 10, received_on=TOMORROW)))

# One fault beside another, and what a fault leaves.
case("overdraft-beside-other-faults",
     "An endowment pays, on a day to come, more than it has: three faults of one record.",
     "overdraft", by(OFFICERS, paid("hope-endowment", 60000, paid_on=TOMORROW)), also=(("restriction", 0, 0), ("day", 0, 0)))
case("overdraft-within-one-statement",
     "Two payments take all that a fund has, and a third one a unit.",
     "overdraft", by(CHARITY, paid("school-desks", 1000), paid("school-desks", 150), paid("school-desks", 1)))
case("reference-in-the-middle-of-a-statement",
     "A payment to a party that does not exist comes before one that is in order; its receipt is not judged, that of "
     "the other one is.",
     "reference", by(CHARITY, NOBODY, DESKS, receipt("@0", 99, level="self-declared"), receipt("@1", 10, level="self-declared"),
                     receipt("@1", 1, level="self-declared")), at=(0, 0), also=(("receipt-excess", 0, 4),))
case("reference-of-what-is-named-later",
     "A payment to a party that does not exist is acknowledged; the next payment takes the units after it.",
     "reference", by(CHARITY, NOBODY), by("shop.zhao", receipt("first.0", 99)), by(CHARITY, DESKS), at=(0, 0))
case("schema-of-what-is-named-later",
     "A payment without a payee is acknowledged; the next payment takes the units after it.",
     "schema", by(CHARITY, {key: DESKS[key] for key in DESKS if key != "payee"}), by("shop.zhao", receipt("first.0", 99)),
     by(CHARITY, DESKS), at=(0, WHOLE))
case("after-and-still-applied",
     "A statement is bound to another history; its payment may be acknowledged, and no more than it.",
     "after", by(CHARITY, DESKS, after=f"72:{'a' * 64}"), by("shop.zhao", receipt("first.0", 10), receipt("first.0", 1)),
     at=(0, WHOLE), also=(("receipt-excess", 1, 1),))
case("key-standing-and-still-applied",
     "A stranger signs a payment too; it may be acknowledged, and no more than it.",
     "key-standing", by("hope.wang mallory.key", DESKS), by("shop.zhao", receipt("first.0", 10), receipt("first.0", 1)),
     at=(0, WHOLE), also=(("receipt-excess", 1, 1),))
case("statement-id-and-still-applied",
     "Another party may use a statement's id; where its own party does, what it says applies.",
     "statement-id", by("gate.sun", fund("gate-new"), id=uuid(1000)), by(CHARITY, DESKS, id=uuid(1000)),
     by(CHARITY, DESKS, id=uuid(1000)), by("shop.zhao", receipt("third.0", 10), receipt("third.0", 1)),
     at=(2, WHOLE), also=(("receipt-excess", 3, 1),))
case("duplicate-reference-of-another-kind",
     "A reference is used in two channels, and then by income in a channel that has it.",
     "duplicate-reference", by(CHARITY, *(gift("hope-general", 10, channel=channel, **TAKEN) for channel in ("bank", "card")), a(
         "income", fund="hope-general", unit="CNY", amount=10, income_class="interest", source="Bank", received_on=TODAY,
         channel="bank", **TAKEN)))
case("statistics-total-of-the-gifts",
     "Statistics count the gifts of their first day and of their last; and then one more.",
     "statistics-total", by(CHARITY, *(
         a("statistics", **FIRST_WEEK, by="month", cells=[{"code": "2026-03", "amount": 6533, "gifts": gifts}])
         for gifts in (9, 10))))
case("exponent-of-goods",
     "A currency and goods that look like one have the decimals that they may; and then goods that may not.",
     "exponent", by("op.chief", a("unit", unit="BHD", exponent=3, name="Dinar"), a("unit", unit="kwd", exponent=0, name="Token"),
                    a("unit", unit="krw", exponent=2, name="Token")))
