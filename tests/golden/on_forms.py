"""Mutations of one record each that fit the schema of their kind and fail a comparison within it (`comparisons` of rules.json)."""

from __future__ import annotations

from .cast import private, public
from .on_rows import ACTIVITY, CHARITY, EXCHANGE, OFFICERS, PROJECT, SAID, SHOWN, STATISTICS
from .tabled import TODAY, YESTERDAY, assigned, fund, gift, malformed, paid, party
from .telling import a

CONSENT = {**SHOWN, "decision": "granted", "decided_on": YESTERDAY, "purpose": "Annual report"}
FEEDBACK = {**SAID, "reported_on": TODAY}
PERIOD = {"activity": "school-books", "from_day": "2026-03-01", "to_day": "2026-03-14"}
INCOME = {"fund": "hope-general", "unit": "CNY", "amount": 10, "income_class": "interest", "source": "Bank", "received_on": TODAY}
PRESS = {"fund": "school-books", "unit": "book", "quantity": 1}
REFUND = {"gift": "covered.0", "fund": "hope-school", "unit": "CNY", "reason": "donor-request", "refunded_on": TODAY}
SOURCE = {"media": "text/csv", "bytes": 9, "digest": "0" * 64}
TAG = "\U000e0041"


def cells(*those: tuple[str, int]) -> list[dict[str, str | int]]:
    """Cells of (code, gifts), 100 units each."""
    return [{"code": code, "amount": 100, "gifts": gifts} for code, gifts in those]


REGIONS = {"fund": "hope-school", "unit": "CNY", "from_size": 0, "amount": 7533}


def regions(*those: tuple[str, int, int]) -> list[dict[str, str | int]]:
    """Cells of (code, gifts, share)."""
    return [{"code": code, "gifts": gifts, "share": share} for code, gifts, share in those]


FORMS = [
    ("feedback-about-two-things", "Feedback is about payments and about an activity too.",
     CHARITY, a("feedback", **FEEDBACK, **PERIOD, payments=["plain.0"])),
    ("feedback-about-nothing", "Feedback is about no payment and no activity.", CHARITY, a("feedback", **FEEDBACK)),
    ("feedback-about-no-period", "Feedback about an activity does not say until when.",
     CHARITY, a("feedback", **FEEDBACK, activity="school-books", from_day="2026-03-01")),
    ("feedback-about-a-period-that-ends-before", "Feedback is about a period that ends before it begins.",
     CHARITY, a("feedback", **FEEDBACK, **{**PERIOD, "to_day": "2026-02-28"})),
    ("digests-in-the-wrong-order", "The digests of a consent are not sorted.",
     CHARITY, a("consent", **{**CONSENT, "digests": private("donor")[::-1]})),
    ("digest-named-twice", "A digest of a gift's private fields is there twice.",
     CHARITY, gift("hope-general", 10, private=private("donor")[:1] * 2)),
    ("cells-in-the-wrong-order", "The cells of statistics are not sorted.",
     CHARITY, a("statistics", **STATISTICS, by="month", cells=cells(("2026-04", 10), ("2026-03", 10)))),
    ("cell-said-twice", "Two cells of statistics have one code.",
     CHARITY, a("statistics", **STATISTICS, by="month", cells=cells(("2026-03", 10), ("2026-03", 10)))),
    ("cells-of-days-by-month", "Statistics by month have a cell of a day.",
     CHARITY, a("statistics", **STATISTICS, by="month", cells=cells(("2026-03-01", 10)))),
    ("cells-of-months-by-day", "Statistics by day have a cell of a month.",
     CHARITY, a("statistics", **STATISTICS, by="day", cells=cells(("2026-03", 10)))),
    ("shares-of-more-than-all", "The shares of two regions are rounded up to more than a hundred and one hundredths.",
     CHARITY, a("regional-statistics", **REGIONS, cells=regions(("CN-GZ", 50, 51), ("other", 50, 51)))),
    ("regions-in-the-wrong-order", "The cells of statistics by region are not sorted.",
     CHARITY, a("regional-statistics", **REGIONS, cells=regions(("other", 50, 50), ("CN-GZ", 50, 50)))),
    ("payment-of-more-than-its-goods", "The goods of a payment cost one unit less than it.",
     CHARITY, paid("school-books", 10, goods=[{**PRESS, "cost": 4}, {**PRESS, "cost": 5}])),
    ("organisation-without-a-name", "An organisation is admitted without a name.",
     "op.chief", a("party", id="nameless", entity="organisation", roles=["vendor"])),
    ("person-with-a-name", "A person is admitted under their name.",
     "op.chief", party("p-00000001", entity="person", roles=["beneficiary"])),
    ("person-with-an-identifier", "A person is admitted with the number of an identity card.",
     "op.chief", a("party", id="p-00000001", entity="person", roles=["beneficiary"], identifier="CN-ID-0")),
    ("key-of-no-officer", "A party is admitted with a key, but without an officer who holds it.",
     "op.chief rival.one", party("rival", keys=[{"key": public("rival.one")}])),
    ("refund-of-nothing", "A refund names no units, and none that are covered.", OFFICERS, a("refund", **REFUND)),
    ("range-of-nothing", "An allocation names a range that ends where it begins.",
     CHARITY, assigned("hope-school", "school-desks", 10, units=[[12000, 12000]])),
    ("range-that-ends-before-it-begins", "A cover names a range that ends before it begins.",
     OFFICERS, a("refund", **REFUND, cover={"fund": "hope-general", "units": [[13200, 13100]]})),
    ("ranges-that-touch", "An allocation names two ranges that are one.",
     CHARITY, assigned("hope-school", "school-desks", 10, units=[[12000, 12005], [12005, 12010]])),
    ("ranges-in-the-wrong-order", "A refund names the higher units first.",
     OFFICERS, a("refund", **REFUND, units=[[13900, 13910], [13840, 13850]])),
    ("ranges-that-overlap", "A payment names some units twice.",
     CHARITY, paid("school-desks", 20, units=[[6100, 6110], [6105, 6115]])),
    ("exchange-into-the-same-unit", "Dollars are exchanged for dollars.", CHARITY, a(
        "exchange", **{**EXCHANGE, "to_unit": "USD", "rate": [1, 1]}, amount=100, to_amount=100, exchanged_on=TODAY)),
    ("exchange-rounded-up", "What an exchange gives is rounded up.",
     CHARITY, a("exchange", **EXCHANGE, amount=100, to_amount=720, exchanged_on=TODAY)),
    ("exchange-at-a-rate-by-zero", "The rate of an exchange divides by zero.",
     CHARITY, a("exchange", **{**EXCHANGE, "rate": [7193, 0]}, amount=100, to_amount=719, exchanged_on=TODAY)),
    ("cost-limit-by-zero", "The rate of a cost limit divides by zero.",
     OFFICERS, a("project", id="wells", **PROJECT, cost_limits=[{"cost_class": "administration", "rate": [1, 0]}])),
    ("source-of-rows-that-are-missing", "Of three rows of a file it is said what became of two.",
     CHARITY, a("source", **SOURCE, rows=3, entered=1, known=0, left_out=1)),
    ("activity-that-ends-before-it-starts", "An activity ends on the day before it starts.",
     OFFICERS, a("activity", id="digging", parent="hope-school", **ACTIVITY, starts_on=TODAY, ends_on=YESTERDAY)),
    ("name-that-begins-unseen", "The name of a fund begins with an invisible tag.",
     OFFICERS, fund("side", name=f"{TAG}General")),
    ("text-that-begins-unseen", "The purpose of a payment begins with an invisible tag.",
     CHARITY, paid("school-desks", 10, purpose=f"{TAG}Desks")),
]  # fmt: skip
for name, does, names, record in FORMS:
    malformed(name, does, names, record)
