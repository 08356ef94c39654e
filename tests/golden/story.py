"""The story of the golden ledger: every kind of record, and every way money goes. Amounts are small, so that they can be followed
with a pencil; each chapter is a few days."""

from __future__ import annotations

import hashlib

from .cast import FILES, PERSON, channel_ref, evidence, holder, private, public
from .telling import LAST_MINUTE_UTC, Telling, a


def tell(t: Telling) -> None:
    """The whole story, in order."""
    registry(t)
    programme(t)
    giving(t)
    moving(t)
    buying(t)
    answering(t)
    changing(t)
    correcting(t)
    keeping(t)


def registry(t: Telling) -> None:
    """Who and what exists: entries 0 to 6."""
    t.day("2026-03-02")
    t.say("op.chief", a(
        "ledger", name="Golden ledger", time_zone="UTC+08:00", rules="givetrail/1", operator_name="Open Giving", officer="chief",
        key=public("op.chief"), log_key=public("log"),
    ))  # fmt: skip
    t.say(
        "op.chief",
        a("unit", unit="CNY", exponent=2, name="Renminbi"), a("unit", unit="USD", exponent=2, name="US dollar"),
        a("unit", unit="JPY", exponent=0, name="Yen"), a("unit", unit="book", exponent=0, name="Schoolbook"),
        a("unit", unit="mask-n95", exponent=0, name="Mask, N95"), a("unit", unit="rice", exponent=3, name="Rice, kilogram"),
    )  # fmt: skip
    t.entry["charity"] = t.say("op.chief hope.li", a(
        "party", id="hope", entity="organisation", roles=["charity"], name="希望基金会 Hope Foundation",
        identifier="CN-USCI-53520000000000001X", key=public("hope.li"), officer="li",
    ))  # fmt: skip
    t.say(
        "op.chief auditco.chen bureau.hu eyes.luo",
        a("party", id="auditco", entity="organisation", roles=["auditor"], name="Audit & Co", key=public("auditco.chen"), officer="chen"),
        a("party", id="bureau", entity="organisation", roles=["regulator"], name="Bureau", key=public("bureau.hu"), officer="hu"),
        a("party", id="eyes", entity="organisation", roles=["inspector"], name="Open Eyes", key=public("eyes.luo"), officer="luo"),
    )
    t.say(
        "op.chief shop.zhao village.guo",
        a("party", id="shop", entity="organisation", roles=["vendor"], name="Shop", key=public("shop.zhao"), officer="zhao"),
        a("party", id="press", entity="organisation", roles=["vendor"], name="Press"),
        a("party", id="village", entity="organisation", roles=["beneficiary"], name="Village school", key=public("village.guo"), officer="guo"),
        a("party", id="bank", entity="organisation", roles=["custodian"], name="Bank"),
        a("party", id="friends", entity="organisation", roles=["sponsor"], name="Friends & Sons"),
        a("party", id=PERSON, entity="person", roles=["beneficiary"], private=private("person")),
    )
    t.entry["platform"] = t.say(
        "op.chief gate.sun build.ma river.xu",
        a("party", id="gate", entity="organisation", roles=["platform"], name="Gate", key=public("gate.sun"), officer="sun"),
        a("party", id="build", entity="organisation", roles=["implementer"], name="Builders", key=public("build.ma"), officer="ma"),
        a("party", id="river", entity="organisation", roles=["charity"], name="River Aid", key=public("river.xu"), officer="xu"),
    )
    t.say("hope.li hope.wang", a("key", key=public("hope.wang"), officer="wang"))


def programme(t: Telling) -> None:
    """Funds, a project, its activities: entries 7 to 10. From here on two officers of hope sign what changes its funds and keys."""
    t.say(
        "hope.li hope.wang",
        a("fund", id="hope-general", name="General", purpose="What is needed most", restriction="unrestricted"),
        a("fund", id="hope-endowment", name="Endowment", purpose="Its yield only", restriction="endowment"),
    )
    t.say("hope.li hope.wang", a(
        "project", id="hope-school", parent="hope-general", name="Schools in the hills", purpose="Books and desks",
        restriction="restricted", receipt_days=10, feedback_days=30, goal=[{"unit": "CNY", "amount": 100000}],
        cost_limits=[{"cost_class": "administration", "rate": [1, 10]}, {"cost_class": "fundraising", "rate": [1, 20]}],
        thresholds=[{"unit": "CNY", "amount": 5000}], filing="53520000000000001XA26001", place="CN-GZ",
    ))  # fmt: skip
    t.say(
        "hope.li hope.wang",
        a("activity", id="school-books", parent="hope-school", name="Books", purpose="Books for a year", starts_on="2026-03-01",
          ends_on="2026-12-31", budget=[{"unit": "CNY", "amount": 50000}], place="CN-GZ"),
        a("activity", id="school-desks", parent="hope-school", name="Desks", purpose="Desks and shelves", implementers=["build"]),
        a("fund", id="school-store", parent="hope-school", name="Store", purpose="Goods on hand", restriction="restricted"),
    )  # fmt: skip
    t.say(
        "gate.sun",
        a("fund", id="gate-school", name="Schools", purpose="Passed on to schools", restriction="restricted"),
        a("fund", id="gate-fees", name="Fees", purpose="What the channels keep", restriction="unrestricted"),
    )


def giving(t: Telling) -> None:
    """Gifts and other money: by reference, with a holder, with private fields, with a fee, in other units, signed long before."""
    t.day("2026-03-03")
    wechat = {"channel": "wechat-pay", "received_on": "2026-03-03"}
    school = {"fund": "hope-school", "unit": "CNY"}
    t.entry["gifts"] = t.say(
        "hope.li",
        a("donation", **school, **wechat, amount=1000, channel_ref=channel_ref("4200000171")),
        a("donation", **school, **wechat, amount=2500, channel_ref=channel_ref("4200000172"), holder=holder("donor")),
        a("donation", **school, **wechat, amount=333, channel_ref=channel_ref("4200000173"), private=private("donor")),
    )
    t.entry["fee"] = t.say("gate.sun", a(
        "donation", fund="gate-school", unit="CNY", amount=10000, channel="alipay", received_on="2026-03-03",
        fee={"amount": 60, "fund": "gate-fees"},
    ))  # fmt: skip
    signed_early = t.made("hope", [a("donation", **school, amount=700, channel="cash", received_on="2026-03-03")], "hope.li")
    t.day("2026-03-04", LAST_MINUTE_UTC)
    # Half past midnight where the ledger is; in UTC it is still the 4th.
    abroad = {"fund": "hope-general", "channel": "bank", "received_on": "2026-03-05"}
    t.entry["units"] = t.say(
        "hope.li",
        a("donation", **abroad, unit="USD", amount=1000, channel_ref=channel_ref("B-2026-0311")),
        a("donation", **abroad, unit="CNY", amount=1999),
        a("donation", fund="hope-endowment", unit="CNY", amount=50000, channel="bank", received_on="2026-03-05"),
    )
    t.day("2026-03-06")
    t.say(
        "hope.li",
        a("income", fund="hope-general", unit="CNY", amount=5000, income_class="opening-balance", source="Closing of 2025", received_on="2026-03-06"),
        a("income", fund="hope-general", unit="CNY", amount=125, income_class="interest", source="Endowment, first quarter", received_on="2026-03-06"),
    )
    # A festival day: statements of one group, and one that was signed three days before.
    festival = [
        t.made("hope", [a("donation", **school, amount=amount, channel="cash", received_on="2026-03-06")], "hope.wang")
        for amount in (100, 100, 100)
    ]
    t.entry["festival"] = t.enter(signed_early, *festival)
    t.entry["imported"] = t.say(
        "hope.wang",
        a("donation", **school, amount=800, channel="wechat-pay", received_on="2026-03-06", channel_ref=channel_ref("4200000501")),
        a("donation", **school, amount=900, channel="wechat-pay", received_on="2026-03-06", channel_ref=channel_ref("4200000502")),
        a("source", name="gifts-2026-03.csv", media="text/csv", rows=3, entered=2, known=0, left_out=1,
          mapping="wechat-pay", bytes=len(FILES["gifts-2026-03.csv"]), sha256=hashlib.sha256(FILES["gifts-2026-03.csv"].encode()).hexdigest()),
    )  # fmt: skip


def moving(t: Telling) -> None:
    """Money is assigned: first in, first out, or units that are named; over holes; down the tree; to another party; into other units."""
    t.day("2026-03-09")
    school = {"fund": "hope-school", "unit": "CNY"}
    gift = t.entry["gifts"]
    t.say("hope.li", a("allocation", **school, to="school-books", amount=1500, purpose="First order"))
    t.entry["named"] = t.say("hope.li", a("allocation", **school, to="school-desks", amount=400, units=[[3000, 3400]]))
    t.entry["refund"] = t.say("hope.li hope.wang", a(
        "refund", **school, gift=f"{gift}.1", reason="donor-request", refunded_on="2026-03-09", units=[[2000, 2300]],
        note="Part of the gift",
    ))  # fmt: skip
    t.entry["over-holes"] = t.say("hope.wang", a("allocation", **school, to="school-books", amount=1200))
    wrong = t.say("hope.li", a("allocation", **school, to="school-desks", amount=600))
    t.entry["reversal"] = t.say("hope.li hope.wang", a("reversal", of=f"{wrong}.0", reason="Meant for next year"))
    t.say("hope.li", a("allocation", fund="hope-general", unit="CNY", to="hope-school", amount=1000))
    t.entry["grant"] = t.say("gate.sun", a(
        "payment", fund="gate-school", unit="CNY", amount=5000, payee="hope", to_fund="hope-school", cost_class="programme",
        paid_on="2026-03-09", channel="bank", channel_ref=channel_ref("INV-889"),
    ))  # fmt: skip
    t.day("2026-03-10")
    t.entry["exchange"] = t.say(
        "hope.li",
        a("exchange", fund="hope-general", unit="USD", amount=700, to_unit="CNY", to_amount=5035, rate=[7193, 1000], source="Bank, 10 March",
          exchanged_on="2026-03-10"),
        a("exchange", fund="hope-general", unit="CNY", amount=999, to_unit="JPY", to_amount=200, rate=[201, 1000], source="Bank, 10 March",
          exchanged_on="2026-03-10", units=[[1000, 1999]]),
    )  # fmt: skip


def buying(t: Telling) -> None:
    """Money is spent: on several things at once, on named units, above the threshold, on costs; things are handed over and written off."""
    t.day("2026-03-11")
    today = {"unit": "CNY", "paid_on": "2026-03-11", "cost_class": "programme"}
    t.entry["goods"] = t.say("hope.li", a("payment", **today, fund="school-books", amount=1100, payee="shop", goods=[
        {"fund": "school-books", "unit": "book", "quantity": 3, "cost": 700},
        {"fund": "school-books", "unit": "mask-n95", "quantity": 500, "cost": 400},
    ]))  # fmt: skip
    t.entry["rice"] = t.say("hope.li", a(
        "payment", **today, fund="hope-school", amount=483, payee="shop", units=[[4100, 4200], [4300, 4683]],
        goods=[{"fund": "school-store", "unit": "rice", "quantity": 2500, "cost": 483}], purpose="2.5 kg",
    ))  # fmt: skip
    t.entry["plain"] = t.say("hope.wang", a("payment", **today, fund="school-books", amount=900, payee="shop", evidence=evidence("invoice.txt")))
    t.entry["admin"] = t.say("hope.li", a(
        "payment", fund="hope-school", unit="CNY", amount=1200, payee="bank", cost_class="administration", paid_on="2026-03-11",
        invoice=channel_ref("INV-12"),
    ))  # fmt: skip
    t.say("hope.li", a("allocation", fund="hope-school", unit="CNY", to="school-desks", amount=6000))
    t.entry["desks"] = t.say("hope.li", a("payment", **today, fund="school-desks", amount=3000, payee="press"))
    t.entry["two-officers"] = t.say("hope.li hope.wang", a("payment", **today, fund="school-desks", amount=2500, payee="press"))
    t.entry["abroad"] = t.say(
        "hope.li",
        a("payment", fund="hope-general", unit="JPY", amount=150, payee="press", cost_class="fundraising", paid_on="2026-03-11"),
        a("payment", **today, fund="hope-general", amount=2000, payee="shop", units=[[7200, 9200]]),
    )
    t.day("2026-03-12")
    t.entry["delivery"] = t.say(
        "hope.li",
        a("delivery", fund="school-books", unit="mask-n95", amount=400, to="village", delivered_on="2026-03-12", units=[[50, 450]],
          batch="N95-2026-07", evidence=evidence("handover.txt")),
        a("delivery", fund="school-books", unit="book", amount=2, to=PERSON, delivered_on="2026-03-12", holder=holder("person")),
    )  # fmt: skip
    t.say("hope.li eyes.luo", a(
        "write-off", fund="school-books", unit="mask-n95", amount=20, cause="expiry", reason="Past their day", evidence=evidence("minutes.txt"),
    ))  # fmt: skip
    t.say("hope.li hope.wang", a("write-off", fund="school-store", unit="rice", amount=100, cause="loss", reason="A torn sack", units=[[200, 300]]))


def answering(t: Telling) -> None:
    """Those who were paid answer, each at its level; money comes back; what came of it is reported."""
    t.day("2026-03-13")
    plain, goods, delivery = (f"{t.entry[name]}.0" for name in ("plain", "goods", "delivery"))
    today = {"received_on": "2026-03-13"}
    t.entry["receipts"] = t.say("shop.zhao", a("receipt", of=plain, amount=400, level="recipient-signed", **today), a("receipt", of=goods, amount=1100, level="recipient-signed", **today),
        a("receipt", of=plain, amount=200, level="recipient-signed", **today, document=channel_ref("R-77")))
    t.say("eyes.luo", a("receipt", of=plain, amount=300, level="third-party", **today), a("receipt", of=f"{t.entry['delivery']}.1", amount=1, level="third-party", **today))
    t.say("village.guo", a("receipt", of=delivery, amount=300, level="recipient-signed", **today))
    t.say(
        "hope.li",
        a("receipt", of=delivery, amount=400, level="self-declared", **today), a("receipt", of=f"{t.entry['delivery']}.1", amount=2, level="self-declared", **today),
        a("receipt", of=f"{t.entry['rice']}.0", amount=483, level="self-declared", **today), a("receipt", of=f"{t.entry['admin']}.0", amount=1200, level="self-declared", **today),
        a("receipt", of=f"{t.entry['desks']}.0", amount=3000, level="self-declared", **today, evidence=evidence("shelves.txt")),
    )
    t.say("build.ma", a("progress", activity="school-desks", done_on="2026-03-13", note="12 shelves", milestone="shelves", evidence=evidence("shelves.txt")))
    wrong = t.say("build.ma", a("progress", activity="school-desks", done_on="2026-03-13", note="30 desks"))
    t.say("build.ma", a("reversal", of=f"{wrong}.0", reason="Thirteen, not thirty"))
    t.day("2026-03-16")
    back = {"of": plain, "returned_on": "2026-03-16", "reason": "Sent back"}
    t.entry["return"] = t.say("hope.li", a("payment-return", **back, amount=200))
    t.say("hope.li", a("payment-return", **back, amount=150))
    t.entry["bounce"] = t.say("hope.li", a("payment", fund="school-books", unit="CNY", amount=800, payee="shop", cost_class="programme", paid_on="2026-03-16"))
    t.say("shop.zhao", a("receipt", of=f"{t.entry['bounce']}.0", amount=750, level="recipient-signed", received_on="2026-03-16"))
    t.day("2026-03-18")
    said = {"method": "Counted", "reported_on": "2026-03-18"}
    t.say("village.guo", a("feedback", **said, indicator="masks-worn", value=300, measured_in="masks", payments=[delivery]))
    t.say("build.ma", a("feedback", **said, indicator="shelves", value=12, measured_in="shelves", activity="school-desks", from_day="2026-03-01", to_day="2026-03-15", evidence=evidence("shelves.txt")))
    t.say("eyes.luo", a("feedback", **said, indicator="seen", value=2, measured_in="purchases", payments=[f"{t.entry['rice']}.0", f"{t.entry['admin']}.0"]))
    t.say("hope.wang", a("feedback", **said, indicator="books-read", value=3, measured_in="books", activity="school-books", from_day="2026-03-01", to_day="2026-03-14"))


def changing(t: Telling) -> None:
    """Keys come and go; a party is recovered; a threshold changes."""
    t.day("2026-03-20")
    t.say("hope.li hope.wang hope.li2", a("key", key=public("hope.li2"), officer="li"))
    t.entry["revocation"] = t.say("hope.li2 hope.wang", a("key-revocation", key=public("hope.li"), reason="rotated"))
    t.entry["recovery"] = t.say("op.chief auditco.chen river.xu2", a("recovery", party="river", key=public("river.xu2"), officer="xu", reason="The only officer's laptop burned"))
    t.say("op.chief", a("rules", rules="givetrail/1"))
    t.say("hope.li2 hope.wang", a("fund", id="hope-general", name="General", purpose="What is needed most", restriction="unrestricted", thresholds=[{"unit": "CNY", "amount": 100000}]))
    t.say("river.xu2", a("project", id="river-relief", name="Flood relief", purpose="Boats", restriction="restricted", receipt_days=7, feedback_days=7))
    t.day("2026-03-22")
    t.entry["walk"] = t.say("river.xu2", *(
        a("donation", fund="river-relief", unit="CNY", amount=10 + n, channel="charity-walk", received_on="2026-03-22") for n in range(20)
    ))  # fmt: skip


def correcting(t: Telling) -> None:
    """What was recorded wrongly, or has to go back after it was spent: units still there, and a cover for the others."""
    t.day("2026-04-01")
    school = {"fund": "hope-school", "unit": "CNY"}
    late_gift = t.entry["covered"] = t.say("hope.wang", a("donation", **school, amount=1000, channel="bank", received_on="2026-03-31"))
    t.say("hope.wang", a("allocation", **school, to="school-books", amount=400, units=[[13133, 13533]]))
    paid = t.entry["late-feedback"] = t.say("hope.li2", a("payment", fund="school-books", unit="CNY", amount=300, payee="shop", cost_class="programme", paid_on="2026-04-01"))
    t.entry["cover"] = t.say("hope.li2 hope.wang", a(
        "refund", **school, gift=f"{late_gift}.0", reason="recorded-in-error", refunded_on="2026-04-01", units=[[13533, 13833]],
        cover={"fund": "hope-general", "units": [[13133, 13333]]},
    ))  # fmt: skip
    t.say("hope.li2 hope.wang", a(
        "refund", **school, gift=f"{t.entry['imported']}.1", reason="purpose-failed", refunded_on="2026-04-01",
        cover={"fund": "hope-general", "units": [[5700, 5800], [6000, 6100]]},
    ))  # fmt: skip
    t.day("2026-04-10")
    t.entry["late-receipt"] = t.say("shop.zhao", a("receipt", of=f"{paid}.0", amount=300, level="recipient-signed", received_on="2026-04-10"))


def keeping(t: Telling) -> None:
    """Privacy, totals, a finding that is closed."""
    t.day("2026-05-04")
    gift = f"{t.entry['gifts']}.2"
    shown = {"of": gift, "decided_on": "2026-05-04", "purpose": "Annual report"}
    t.say(
        "hope.wang", a("consent", **shown, digests=private("donor"), decision="granted"),
        a("consent", **shown, digests=private("donor")[:1], decision="withdrawn"),
    )  # fmt: skip
    t.say("hope.wang", a("erasure", of=gift, digests=private("donor")[:1], erased_on="2026-05-04", ground="consent-withdrawn"))
    t.day("2026-05-06")
    t.say("hope.wang", a(
        "statistics", fund="hope-school", unit="CNY", by="month", from_day="2026-03-01", to_day="2026-03-31",
        cells=[{"code": "2026-03", "amount": 7533, "gifts": 10}],
    ))  # fmt: skip
    t.say("river.xu2", a(
        "statistics", fund="river-relief", unit="CNY", by="region", from_day="2026-03-22", to_day="2026-03-22",
        cells=[{"code": "CN-GZ", "amount": 145, "gifts": 10}, {"code": "other", "amount": 245, "gifts": 10}],
    ))  # fmt: skip
    t.entry["closed"] = t.say("op.chief auditco.chen", a("acknowledgement", finding="overdue-receipt", of=f"{t.entry['two-officers']}.0", note="The press has closed down"))
    t.entry["last"] = t.say("hope.li2", a("allocation", fund="hope-school", unit="CNY", to="school-desks", amount=250))
