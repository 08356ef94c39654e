"""The end of the story: what changes, what was wrong, and what is kept."""

from __future__ import annotations

from .cast import channel_ref, private, public
from .telling import Telling, a, stamp


def changing(t: Telling) -> None:
    """Keys come and go; a party is recovered; a mandate changes; what others say of a rate and of the law; an old relation."""
    t.day("2026-03-20")
    t.say("hope.li hope.wang hope.li2", a("key", key=public("hope.li2"), officer="li"))
    t.entry["revocation"] = t.say("hope.li2 hope.wang", a("key-revocation", key=public("hope.li"), reason="rotated"))
    t.entry["recovery"] = t.say(
        "op.chief auditco.chen river.xu2",
        a("recovery", party="river", key=public("river.xu2"), officer="xu", reason="The only officer's laptop burned"),
    )
    t.say(
        "op.chief",
        a("rules", rules="givetrail/1"),
        a("rate", unit="USD", to_unit="CNY", ratio=[7190, 1000], day="2026-03-20", source="The central bank"),
        a("requirement", jurisdiction="HK", name="fee/custodian", ratio=[3, 100], from_day="2026-01-01", basis="Cap. 151"),
    )
    t.say(
        "hope.li2 hope.wang",
        a("mandate", thresholds=[{"unit": "CNY", "amount": 5000}, {"unit": "mask-n95", "amount": 60}], second="auditco"),
        a("relation", of="hope", to="press", nature="significant-influence", starts_on="2025-01-01", ends_on="2025-12-31"),
    )
    t.say(
        "river.xu2",
        a(
            "project",
            id="river-relief",
            name="Flood relief",
            purpose="Boats",
            restriction="restricted",
            receipt_days=7,
            feedback_days=7,
        ),
    )
    t.day("2026-03-22")
    t.entry["walk"] = t.say("river.xu2", *(
        a("donation", fund="river-relief", unit="CNY", amount=10 + n, channel="cash", received_on="2026-03-22")
        for n in range(100)
    ))  # fmt: skip


def correcting(t: Telling) -> None:
    """What was recorded wrongly, or has to go back after it was spent: units still there, and a cover for the others. And a clock
    that was wrong."""
    t.day("2026-04-01")
    school = {"fund": "hope-school", "unit": "CNY"}
    late_gift = t.entry["covered"] = t.say(
        "hope.wang", a(
            "donation", **school, amount=1000, channel="bank", received_on="2026-03-31", channel_ref=channel_ref("B-2026-0331"),
        )
    )
    t.say("hope.wang", a("allocation", **school, to="school-books", amount=400, units=[[13133, 13533]]))
    paid = t.entry["late-feedback"] = t.say(
        "hope.li2",
        a("payment", fund="school-books", unit="CNY", amount=300, payee="shop", cost_class="programme", paid_on="2026-04-01"),
    )
    t.entry["cover"] = t.say("hope.li2 hope.wang", a(
        "refund", **school, gift=f"{late_gift}.0", reason="donor-request", refunded_on="2026-04-01", units=[[13533, 13833]],
        channel="bank", channel_ref=channel_ref("B-2026-0401"),
        cover={"fund": "hope-general", "units": [[13133, 13333]]},
    ))  # fmt: skip
    t.say("hope.li2 hope.wang", a(
        "refund", **school, gift=f"{t.entry['imported']}.1", reason="purpose-failed", refunded_on="2026-04-01",
        cover={"fund": "hope-general", "units": [[5700, 5800], [6000, 6100]]},
    ))  # fmt: skip
    t.day("2026-05-20")
    t.entry["stamped"] = t.say("op.chief", a("rules", rules="givetrail/1"), stamp(list(t.store.entries(0, 2)), "2026-03-03"))
    t.day("2026-04-06")
    t.entry["corrected"] = t.say(
        "op.chief auditco.chen", a("clock-correction", reason="The clock of the server was six weeks ahead")
    )
    t.day("2026-04-10")
    t.entry["late-receipt"] = t.say(
        "shop.zhao", a("receipt", of=f"{paid}.0", amount=300, level="recipient-signed", received_on="2026-04-10")
    )


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
    t.entry["waiting"] = t.say("village.guo village.lan", a("key", key=public("village.lan"), officer="lan"))
    t.say("village.guo", a("key-withdrawal", key=public("village.lan")))
    t.day("2026-05-06")
    t.say("hope.wang", a(
        "statistics", fund="hope-school", unit="CNY", by="month", from_day="2026-03-01", to_day="2026-03-31",
        cells=[{"code": "2026-03", "amount": 7533, "gifts": 10}],
    ))  # fmt: skip
    t.entry["regions"] = t.say("river.xu2", a(
        "regional-statistics", fund="river-relief", unit="CNY", from_size=0, amount=5950,
        cells=[{"code": "CN-GZ", "gifts": 90, "share": 84}, {"code": "other", "gifts": 10, "share": 15}],
    ))  # fmt: skip
    t.entry["closed"] = t.say(
        "op.chief auditco.chen",
        a("acknowledgement", finding="overdue-receipt", of=f"{t.entry['two-officers']}.0", note="The press has closed down"),
    )
    t.entry["last"] = t.say("hope.li2", a("allocation", fund="hope-school", unit="CNY", to="school-desks", amount=250))
