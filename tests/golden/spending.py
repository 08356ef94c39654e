"""The middle of the story: what becomes of the money, and what those who got it answer."""

from __future__ import annotations

from .cast import PERSON, channel_ref, evidence, holder, invoice_ref
from .telling import Telling, a


def moving(t: Telling) -> None:
    """Money is assigned: first in, first out, or by named units; over holes; down the tree; to another party; into other units."""
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
    wrong = t.entry["reversed"] = t.say("hope.li", a("allocation", **school, to="school-desks", amount=600))
    t.entry["reversal"] = t.say("hope.li hope.wang", a("reversal", of=f"{wrong}.0", reason="Meant for next year"))
    t.say("hope.li", a("allocation", fund="hope-general", unit="CNY", to="hope-school", amount=1000))
    t.entry["grant"] = t.say("gate.sun", a(
        "payment", fund="gate-school", unit="CNY", amount=5000, payee="hope", grant={"fund": "hope-school"}, cost_class="programme",
        paid_on="2026-03-09", channel="bank", channel_ref=channel_ref("INV-889"),
    ))  # fmt: skip
    taken = {"of": f"{t.entry['grant']}.0", "level": "recipient-signed", "received_on": "2026-03-09", "into": "hope-school"}
    t.entry["taken"] = t.say("hope.li", a("receipt", **taken, amount=4400), a("receipt", **taken, amount=600))
    t.day("2026-03-10")
    today = {"fund": "hope-general", "exchanged_on": "2026-03-10", "source": "Bank, 10 March"}
    t.entry["exchange"] = t.say(
        "hope.li",
        a("exchange", **today, unit="USD", amount=700, to_unit="CNY", to_amount=5035, rate=[7193, 1000]),
        a("exchange", **today, unit="CNY", amount=999, to_unit="JPY", to_amount=200, rate=[201, 1000], units=[[1000, 1999]]),
    )


def buying(t: Telling) -> None:
    """Money is spent: on several things, on named units, above the threshold, on costs; things are handed over or written off."""
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
    t.entry["plain"] = t.say(
        "hope.wang", a("payment", **today, fund="school-books", amount=900, payee="shop", evidence=evidence("invoice.txt"))
    )
    t.entry["admin"] = t.say("hope.li", a(
        "payment", fund="hope-school", unit="CNY", amount=1200, payee="bank", cost_class="administration", paid_on="2026-03-11",
        invoice={"ref": invoice_ref("bank", "INV-12"), "amount": 1500},
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
        "write-off", fund="school-books", unit="mask-n95", amount=20, cause="expiry", reason="Past their day",
        evidence=evidence("minutes.txt"),
    ))  # fmt: skip
    t.say(
        "hope.li hope.wang",
        a("write-off", fund="school-store", unit="rice", amount=100, cause="loss", reason="A torn sack", units=[[200, 300]]),
    )


def answering(t: Telling) -> None:
    """Those who were paid answer, each at its level; money comes back; what came of it is reported."""
    t.day("2026-03-13")
    plain, goods, delivery = (f"{t.entry[name]}.0" for name in ("plain", "goods", "delivery"))
    today = {"received_on": "2026-03-13"}
    t.entry["receipts"] = t.say(
        "shop.zhao",
        a("receipt", of=plain, amount=400, level="recipient-signed", **today),
        a("receipt", of=goods, amount=1100, level="recipient-signed", **today),
        a("receipt", of=plain, amount=200, level="recipient-signed", **today, document=channel_ref("R-77")),
    )
    t.say(
        "eyes.luo",
        a("receipt", of=plain, amount=300, level="third-party", **today),
        a("receipt", of=f"{t.entry['delivery']}.1", amount=1, level="third-party", **today),
    )
    t.say("village.guo", a("receipt", of=delivery, amount=300, level="recipient-signed", **today))
    t.say(
        "hope.li",
        a("receipt", of=delivery, amount=400, level="self-declared", **today),
        a("receipt", of=f"{t.entry['delivery']}.1", amount=2, level="self-declared", **today),
        a("receipt", of=f"{t.entry['rice']}.0", amount=483, level="self-declared", **today),
        a("receipt", of=f"{t.entry['admin']}.0", amount=1200, level="self-declared", **today),
        a("receipt", of=f"{t.entry['desks']}.0", amount=3000, level="self-declared", **today, evidence=evidence("shelves.txt")),
    )
    t.entry["progress"] = t.say(
        "build.ma",
        a(
            "progress",
            activity="school-desks",
            done_on="2026-03-13",
            note="12 shelves",
            milestone="shelves",
            evidence=evidence("shelves.txt"),
        ),
    )
    wrong = t.entry["withdrawn"] = t.say("build.ma", a("progress", activity="school-desks", done_on="2026-03-13", note="30 desks"))
    t.say("build.ma", a("reversal", of=f"{wrong}.0", reason="Thirteen, not thirty"))
    t.day("2026-03-16")
    back = {"of": plain, "returned_on": "2026-03-16", "reason": "Sent back"}
    t.entry["return"] = t.say("hope.li", a(
        "payment-return", **back, amount=200, channel="bank", channel_ref=channel_ref("B-2026-0316"),
    ))  # fmt: skip
    t.entry["disputed"] = t.say("hope.li", a("payment-return", **back, amount=150))
    t.entry["bounce"] = t.say(
        "hope.li",
        a("payment", fund="school-books", unit="CNY", amount=800, payee="shop", cost_class="programme", paid_on="2026-03-16"),
    )
    t.say("shop.zhao", a("receipt", of=f"{t.entry['bounce']}.0", amount=750, level="recipient-signed", received_on="2026-03-16"))
    t.day("2026-03-18")
    said = {"method": "Counted", "reported_on": "2026-03-18"}
    t.say("village.guo", a("feedback", **said, indicator="masks-worn", value=300, measured_in="masks", payments=[delivery]))
    t.say(
        "build.ma",
        a(
            "feedback",
            **said,
            indicator="shelves",
            value=12,
            measured_in="shelves",
            activity="school-desks",
            from_day="2026-03-01",
            to_day="2026-03-15",
            evidence=evidence("shelves.txt"),
        ),
    )
    t.say(
        "eyes.luo",
        a(
            "feedback",
            **said,
            indicator="seen",
            value=2,
            measured_in="purchases",
            payments=[f"{t.entry['rice']}.0", f"{t.entry['admin']}.0"],
        ),
    )
    t.say(
        "hope.wang",
        a(
            "feedback",
            **said,
            indicator="books-read",
            value=3,
            measured_in="books",
            activity="school-books",
            from_day="2026-03-01",
            to_day="2026-03-14",
        ),
    )
