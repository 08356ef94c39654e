"""Mutations of what a party's officers may do alone: mandates, thresholds, and keys that wait."""

from __future__ import annotations

from typing import Any

from .cast import officers, public
from .forge import Forge
from .mutation import OPERATOR, Outcome, broken, mutation
from .on_rows import CHARITY, EXCHANGE, OFFICERS
from .tabled import TODAY, TOMORROW, WHOLE, by, case, delivered, gift, malformed, paid, party
from .telling import a

RIVER = "river.xu2"
TIGHT = a("mandate", thresholds=[{"unit": "CNY", "amount": 9}])
LOOSE = a("mandate", thresholds=[{"unit": "CNY", "amount": 500}])
TRUSTING = a("mandate", thresholds=[{"unit": "CNY", "amount": 9}], second="gate")
LAN = a("key", key=public("village.lan2"), officer="lan")


def out(amount: int, **members: Any) -> dict[str, Any]:
    """A payment for the river, out of its project."""
    return paid("river-relief", amount, **members)


def refunded(amount: int) -> dict[str, Any]:
    """Part of the first gift of the walk goes back."""
    return a("refund", gift="walk.0", fund="river-relief", unit="CNY", reason="donor-request", refunded_on=TODAY,
             units=[[0, amount]])  # fmt: skip


case("reference-second-that-is-the-party", "A mandate names the party itself as its second.", "reference",
     by(OFFICERS, a("mandate", second="hope")))
case("reference-books-that-begin-later", "A mandate lets the books begin later than they do.", "reference",
     by(OFFICERS, a("mandate", books_from="2026-01-01"), a("mandate", books_from="2026-01-02")))
case("backfilled", "A mandate moves the first day of the books back.", "backfilled",
     by(OFFICERS, a("mandate", books_from="2026-01-01"), a("mandate", books_from="2025-12-31")),
     also=(("opening-unconfirmed", WHOLE, WHOLE),))
case("approval-of-a-mandate", "One officer of two says a mandate.", "approval", by(CHARITY, LOOSE))
case("day-of-the-books-of-a-party", "A party's books begin on a day to come.", "day",
     by("op.chief", party("rival", books_from=TOMORROW)))
case("schema-unit-with-two-thresholds", "A mandate has two thresholds of one unit.", "schema",
     by(OFFICERS, a("mandate", thresholds=[{"unit": "CNY", "amount": 5}, {"unit": "CNY", "amount": 6}])), at=(0, WHOLE))
case("schema-channel-with-two-custodians", "A mandate names a channel twice.", "schema",
     by(OFFICERS, a("mandate", channels=[{"channel": "bank", "custodian": name} for name in ("bank", "gate")])), at=(0, WHOLE))
malformed("label-of-two-at-once", "Two labels of one use overlap by a day.", OFFICERS, a("mandate", labels=[
    {"label": "one", "use": "bank", "from_day": "2026-01-01", "until_day": "2026-03-31"},
    {"label": "two", "use": "bank", "from_day": "2026-03-31"},
]))  # fmt: skip
malformed("label-of-invoices-that-ends", "The label of invoices has an end.", OFFICERS, a("mandate", labels=[
    {"label": "one", "use": "invoices", "from_day": "2026-01-01", "until_day": "2026-03-31"},
]))  # fmt: skip
malformed("key-of-two-officers", "A party is admitted with one key for two officers.", "op.chief rival.one", party("rival", keys=[
    *officers("rival.one"), {"key": public("rival.one"), "officer": "two"},
]))  # fmt: skip

case("approval-under-a-threshold-of-nothing", "The only officer of a party pays, whose threshold is 0.", "approval",
     by(RIVER, out(1)), by(RIVER, a("mandate", thresholds=[{"unit": "CNY", "amount": 0}])), by(RIVER, out(1)))
case("approval-with-a-key-that-is-limited", "An officer and a key for payments only sign above the threshold.", "approval",
     by(CHARITY, gift("hope-school", 6000)),
     by(f"{OFFICERS} hope.server", a("key", key=public("hope.server"), officer="server", kinds=["payment"])),
     by("hope.server", paid("hope-school", 1)), by(f"{CHARITY} hope.server", paid("hope-school", 5001)))

# What a party gives to one payee in a day, over all its funds and kinds of records.
case("approval-of-a-delivery-above-the-threshold", "One officer hands over a mask more than the threshold.", "approval",
     by(CHARITY, delivered("school-books", 60)), by(CHARITY, delivered("school-books", 1)))
case("approval-of-an-exchange-above-the-threshold", "One officer exchanges a unit more than the threshold, in two parts.",
     "approval", by(CHARITY, gift("hope-general", 6000)), by(CHARITY, *(
         a("exchange", **{**EXCHANGE, "unit": "CNY", "to_unit": "USD", "rate": [1, 1]}, amount=part, to_amount=part,
           exchanged_on=TODAY) for part in (5000, 1))))  # fmt: skip
case("approval-of-a-refund-above-the-threshold",
     "The only officer gives back a unit more than the threshold of the day allows for all that names no payee.", "approval",
     by(RIVER, TIGHT), by(RIVER, refunded(9)), by(RIVER, {**refunded(1), "units": [[9, 10]]}))
case("approval-over-payments-and-goods",
     "What was bought on a day for a payee's goods, and what it is paid from another fund, are one sum.", "approval",
     by(RIVER, TIGHT, a("fund", id="river-boats", parent="river-relief", name="Boats", purpose="Boats", restriction="restricted"),
        a("allocation", fund="river-relief", to="river-boats", unit="CNY", amount=9)),
     by(RIVER, paid("river-boats", 5)), by(RIVER, out(4)), by(RIVER, out(1)))
case("approval-of-a-looser-mandate-and-a-payment",
     "The only officer says a looser mandate and pays in one statement; it takes effect after three days.", "approval",
     by(RIVER, TIGHT), by(RIVER, LOOSE, out(10)))
case("approval-of-a-second-who-is-new",
     "The only officer names a second, who signs with it at once; a regulator may, and the second three days later.", "approval",
     by(RIVER, TRUSTING), by(f"{RIVER} bureau.hu", out(10)), by(f"{RIVER} gate.sun", out(11)), at=(2, 0),
     also=(("authority", 2, WHOLE),))
case("approval-of-two-officers-by-a-second",
     "Where a party has two officers, its second does not sign in place of one; for a breach it does.", "approval",
     by("hope.wang auditco.chen", gift("hope-school", 6000),
        paid("hope-school", 5001, breach={"findings": ["approval"], "reason": "The other officer was ill"})),
     by("hope.wang auditco.chen", paid("hope-general", 2)), at=(1, 0),
     also=(("approval", 0, 1), ("authority", 1, WHOLE)))

# Keys that wait, or do not.
case("key-standing-of-a-key-that-waits", "A key of a party with one officer signs on the day on which it was given.",
     "key-standing", by("village.guo village.lan2", LAN), by("village.guo village.lan2", a(
         "fund", id="village-fund", name="Side", purpose="Whatever comes", restriction="unrestricted")), at=(1, WHOLE))
case("reference-withdrawal-of-nothing", "A key is withdrawn that is in force; a key that waits may be.", "reference",
     by("village.guo village.lan2", LAN), by("village.guo", *(
         a("key-withdrawal", key=public(name)) for name in ("village.lan2", "village.guo"))))
case("authority-over-a-withdrawal", "A party withdraws another one's key.", "authority",
     by("village.guo village.lan2", LAN), by("shop.zhao", a("key-withdrawal", key=public("village.lan2"))))
case("key-takeover", "Two new officers revoke the two of before on the day on which they came.", "key-takeover",
     by(f"{OFFICERS} hope.new hope.newer", *(a("key", key=public(f"hope.{name}"), officer=name) for name in ("new", "newer"))),
     by("hope.new hope.newer", *(
         a("key-revocation", key=public(name), reason="officer-left") for name in ("hope.wang", "hope.li2"))))


@mutation(OPERATOR)
def day_of_the_books_of_the_operator(f: Forge) -> Outcome:
    """The operator's books begin on a day after entry 0."""

    def later(value: dict[str, Any]) -> None:
        value["statement"]["records"][0]["books_from"] = "2026-03-03"

    return broken("day", f.retell(0, later), 0, also=(("consistency", f.entry["stamped"], 1),))
