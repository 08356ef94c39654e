"""The chapter of the story in which money of a grant goes back to who had paid it."""

from __future__ import annotations

from .telling import Telling, a
from .undoing import DAY, OFFICERS, undo


def returning(t: Telling) -> None:
    """A grant is taken by three receipts, one of them wrong; some of it is paid back, once in vain."""
    paid = t.entry["granted"] = t.say("gate.sun", a(
        "payment", fund="gate-school", unit="CNY", amount=90, payee="hope", grant={}, cost_class="programme", paid_on=DAY,
    ))  # fmt: skip
    taken = {"of": f"{paid}.0", "level": "recipient-signed", "received_on": DAY}
    took = t.entry["took"] = t.say("hope.wang", *(
        a("receipt", **taken, amount=amount, into=into)
        for amount, into in ((40, "well-digging"), (30, "hope-school"), (20, "hope-school"))
    ))  # fmt: skip
    undo(t, f"{took}.0")
    t.entry["took-again"] = t.say("hope.wang", a("receipt", **taken, amount=25, into="hope-school"))
    back = {"fund": "hope-school", "unit": "CNY", "payee": "gate", "returns": f"{t.entry['took-again']}.0", "paid_on": DAY}
    first = t.entry["in-vain"] = t.say(OFFICERS, a("payment", **back, amount=10, units=[[14183, 14193]]))
    undo(t, f"{first}.0")
    t.entry["paid-back"] = t.say(OFFICERS, a("payment", **back, amount=15, units=[[14198, 14203], [14208, 14218]]))
    t.say("gate.sun", a(
        "receipt", of=f"{t.entry['paid-back']}.0", level="recipient-signed", received_on=DAY, amount=15, into="gate-school",
    ))  # fmt: skip
