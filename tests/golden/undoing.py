"""The chapter of the story in which what should not have been recorded is declared void."""

from __future__ import annotations

from .telling import Telling, a

FUND = {"fund": "hope-well", "unit": "CNY"}
OFFICERS = "hope.li2 hope.wang"
DAY = "2026-04-20"


def undoing(t: Telling) -> None:
    """A gift and what was done with it: of each kind that can be void, one record is."""
    t.day(DAY)
    t.say(OFFICERS, a(
        "project", id="hope-well", parent="hope-general", name="A well", purpose="Water", restriction="restricted",
        receipt_days=365, feedback_days=365, cost_limits=[{"cost_class": "administration", "rate": [1, 10]}],
    ))  # fmt: skip
    t.say(OFFICERS, a("activity", id="well-digging", parent="hope-well", name="Digging", purpose="A well"))
    t.entry["undone"] = t.say(
        "hope.wang",
        *(a("donation", **FUND, amount=amount, channel="cash", received_on=DAY) for amount in (1000, 300)),
        a("income", **FUND, amount=50, income_class="interest", source="Bank", received_on=DAY),
    )
    given = f"{t.entry['undone']}"
    t.entry["void-gift"] = undo(t, f"{given}.1", gave={**FUND, "amount": 300, "received_on": DAY, "units": [[1000, 1300]]})
    undo(t, f"{given}.2")
    spent = t.entry["undone-spent"] = t.say(
        "hope.wang",
        a("allocation", **FUND, to="well-digging", amount=200),
        a("allocation", **FUND, to="well-digging", amount=100),
        a("payment", **FUND, amount=70, payee="shop", cost_class="programme", paid_on=DAY, goods=[
            {"fund": "hope-well", "unit": "book", "quantity": 3, "cost": 50},
            {"fund": "hope-well", "unit": "mask-n95", "quantity": 9, "cost": 20},
        ]),
        a("payment", **FUND, amount=60, payee="shop", cost_class="administration", paid_on=DAY),
        a("exchange", **FUND, amount=143, to_unit="USD", to_amount=20, rate=[10, 71], source="Bank", exchanged_on=DAY),
    )  # fmt: skip
    undo(t, f"{spent}.0")
    t.entry["back-in-part"] = undo(t, f"{spent}.1", units=[[210, 240], [250, 260]])
    t.entry["void-purchase"] = undo(t, f"{spent}.2")
    t.say("hope.wang", a("payment-return", of=f"{spent}.3", amount=20, returned_on=DAY, reason="Too much"))
    undo(t, f"{spent}.3")
    undo(t, f"{spent}.4")
    _answers(t)


def _answers(t: Telling) -> None:
    """Receipts, feedback and a delivery of a second payment, which stays."""
    today = {"payee": "shop", "cost_class": "programme", "paid_on": DAY}
    paid = t.entry["kept"] = t.say(
        "hope.wang",
        a("payment", **FUND, amount=100, **today, goods=[{"fund": "hope-well", "unit": "book", "quantity": 4, "cost": 100}]),
        a("payment", fund="well-digging", unit="CNY", amount=40, **today),
        a("payment", fund="well-digging", unit="CNY", amount=5, **today),
    )
    receipts = t.entry["void-receipt"] = t.say(
        "shop.zhao", *(a("receipt", of=f"{paid}.1", amount=20, level="recipient-signed", received_on=DAY) for _ in range(2))
    )
    told = {"indicator": "metres", "value": 3, "measured_in": "metres", "method": "Measured", "reported_on": DAY}
    feedback = t.say(
        "hope.wang",
        a("feedback", **told, payments=[f"{paid}.1"]),
        a("feedback", **told, activity="well-digging", from_day=DAY, to_day=DAY),
        a("delivery", fund="hope-well", unit="book", amount=2, to="village", delivered_on=DAY),
    )
    t.entry["void-answer"] = t.say("shop.zhao", a("reversal", of=f"{receipts}.1", reason="Signed twice"))
    undo(t, f"{feedback}.1")
    undo(t, f"{feedback}.2")
    t.entry["undone-signed"] = t.say("hope.wang", a("payment", fund="well-digging", unit="CNY", amount=10, **today))
    t.say("shop.zhao", a("receipt", of=f"{t.entry['undone-signed']}.0", amount=10, level="recipient-signed", received_on=DAY))
    undo(t, f"{t.entry['undone-signed']}.0", names=f"{OFFICERS} shop.zhao")
    t.say(OFFICERS, a("correction", of=f"{paid}.1", reason="Read wrongly", day="2026-04-19", cost_class="fundraising"))


def undo(t: Telling, of: str, names: str = OFFICERS, **members: object) -> int:
    """Two officers declare a record of the charity void."""
    return t.say(names, a("reversal", of=of, reason="Entered by mistake", **members))
