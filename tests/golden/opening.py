"""The opening of the story: who and what exists, and what is given."""

from __future__ import annotations

from .cast import FILES, PERSON, channel_ref, evidence, holder, officers, private, public, reference_key
from .telling import LAST_MINUTE_UTC, Telling, a

GIFTS = FILES["gifts-2026-03.csv"]


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
    t.entry["charity"] = t.say("op.chief hope.li hope.wang", a(
        "party", id="hope", entity="organisation", roles=["charity"], name="希望基金会 Hope Foundation", jurisdiction="CN-GZ",
        identifier="CN-USCI-53520000000000001X", books_from="2026-01-01", keys=officers("hope.li", "hope.wang"),
    ))  # fmt: skip
    t.say(
        "op.chief auditco.chen bureau.hu eyes.luo",
        a(
            "party",
            id="auditco",
            entity="organisation",
            roles=["auditor"],
            name="Audit & Co",
            keys=officers("auditco.chen"),
        ),
        a("party", id="bureau", entity="organisation", roles=["regulator"], name="Bureau", keys=officers("bureau.hu")),
        a("party", id="eyes", entity="organisation", roles=["inspector"], name="Open Eyes", keys=officers("eyes.luo")),
    )
    t.say(
        "op.chief shop.zhao village.guo",
        a("party", id="shop", entity="organisation", roles=["vendor"], name="Shop", keys=officers("shop.zhao")),
        a("party", id="press", entity="organisation", roles=["vendor"], name="Press"),
        a(
            "party",
            id="village",
            entity="organisation",
            roles=["beneficiary"],
            name="Village school",
            keys=officers("village.guo"),
        ),
        a("party", id="bank", entity="organisation", roles=["custodian"], name="Bank"),
        a("party", id="friends", entity="organisation", roles=["sponsor"], name="Friends & Sons"),
        a("party", id=PERSON, entity="person", roles=["beneficiary"], private=private("person")),
    )
    t.entry["platform"] = t.say(
        "op.chief gate.sun gate.till build.ma river.xu",
        a("party", id="gate", entity="organisation", roles=["platform"], name="Gate", keys=[
            *officers("gate.sun"), *({**one, "kinds": ["donation"]} for one in officers("gate.till")),
        ]),
        a("party", id="build", entity="organisation", roles=["implementer"], name="Builders", keys=officers("build.ma")),
        a("party", id="river", entity="organisation", roles=["charity"], name="River Aid", keys=officers("river.xu")),
    )
    t.say("hope.li hope.wang", a(
        "mandate", thresholds=[{"unit": "CNY", "amount": 5000}], second="auditco", major=[{"unit": "CNY", "amount": 100000}],
        labels=[{"label": "2026", "use": "other", "from_day": "2026-01-01", "until_day": "2026-12-31"}],
        channels=[{"channel": "bank", "custodian": "bank"}], books_from="2026-01-01",
    ), a(
        "contact", telephone="+86 10 5550 0101", email="office@hope.example", web="https://hope.example",
        complaints="To the board, in writing",
    ))  # fmt: skip


def programme(t: Telling) -> None:
    """Funds, a project, its activities: entries 7 to 10. Two officers of hope sign what changes its funds and keys."""
    t.say(
        "hope.li hope.wang",
        a("fund", id="hope-general", name="General", purpose="What is needed most", restriction="unrestricted"),
        a("fund", id="hope-endowment", name="Endowment", purpose="Its yield only", restriction="endowment"),
    )
    t.say("hope.li hope.wang", a(
        "project", id="hope-school", parent="hope-general", name="Schools in the hills", purpose="Books and desks",
        restriction="restricted", receipt_days=10, feedback_days=30, receipt_level="self-declared",
        goal=[{"unit": "CNY", "amount": 100000}],
        cost_limits=[{"cost_class": "administration", "rate": [1, 10]}, {"cost_class": "fundraising", "rate": [1, 20]}],
        filing="53520000000000001XA26001", place="CN-GZ",
        budget=[{"cost_class": "programme", "unit": "CNY", "amount": 90000},
                {"cost_class": "administration", "unit": "CNY", "amount": 5000}],
        targets=[{"indicator": "books-read", "measured_in": "books", "baseline": 0, "target": 40, "by": "2026-12-31"}],
    ))  # fmt: skip
    t.say(
        "hope.li hope.wang",
        a("activity", id="school-books", parent="hope-school", name="Books", purpose="Books for a year", starts_on="2026-03-01",
          ends_on="2026-12-31", budget=[{"unit": "CNY", "amount": 50000}], place="CN-GZ"),
        a("activity", id="school-desks", parent="hope-school", name="Desks", purpose="Desks and shelves", implementers=["build"],
          targets=[{"indicator": "shelves", "measured_in": "shelves", "target": 24, "by": "2026-06-30"}]),
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
        reference_key("hope"),
    )
    t.entry["fee"] = t.say("gate.till", a(
        "donation", fund="gate-school", unit="CNY", amount=10000, channel="alipay", received_on="2026-03-03",
        channel_ref=channel_ref("2026030322"), fee=60, fee_to="bank",
    ))  # fmt: skip
    signed_early = t.made("hope", [a("donation", **school, amount=700, channel="cash", received_on="2026-03-03")], "hope.li")
    t.day("2026-03-04", LAST_MINUTE_UTC)
    # Half past midnight where the ledger is; in UTC it is still the 4th.
    abroad = {"fund": "hope-general", "channel": "bank", "received_on": "2026-03-05"}
    t.entry["units"] = t.say(
        "hope.li",
        a("donation", **abroad, unit="USD", amount=1000, channel_ref=channel_ref("B-2026-0311")),
        a("donation", **abroad, unit="CNY", amount=1999, channel_ref=channel_ref("B-2026-0312")),
        a("donation", fund="hope-endowment", unit="CNY", amount=50000, channel="in-kind", received_on="2026-03-05"),
    )
    t.day("2026-03-06")
    t.say(
        "hope.li",
        a(
            "income",
            fund="hope-general",
            unit="CNY",
            amount=5000,
            income_class="opening-balance",
            channel="own",
            source="Closing of 2025",
            received_on="2026-01-01",
        ),
        a(
            "income",
            fund="hope-general",
            unit="CNY",
            amount=125,
            income_class="interest",
            channel="bank",
            channel_ref=channel_ref("B-2026-0313"),
            source="Endowment, first quarter",
            received_on="2026-03-06",
        ),
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
        a("source", media="text/csv", rows=3, entered=2, known=0, left_out=1, mapping="wechat-pay",
          bytes=len(GIFTS), digest=evidence("gifts-2026-03.csv")[0]["digest"]),
    )  # fmt: skip
