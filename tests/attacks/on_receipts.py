"""Receipts that the wrong party signs, and returns that are to silence the right one."""

from __future__ import annotations

from typing import Any

from tests.golden.cast import PERSON, holder, opening
from tests.golden.telling import a

from .case import CHARITY, OPERATOR, POLICY, Hearing, attack, audit, broken
from .forging import LogForge, gift, paid, payment, receipt, story
from .scene import TODAY

DESKS = "school-desks/CNY"


def back(of: str, amount: int) -> dict[str, Any]:
    """So much of a payment came back, the charity says."""
    return a("payment-return", of=of, amount=amount, returned_on=TODAY, reason="Sent back")


@attack(CHARITY, story)
def return_of_what_the_shop_signed_for(f: LogForge) -> Hearing:
    """A shop signs that it got 3.00; then the charity says alone that the 3.00 came back, to spend them again."""
    gift(f, 300)
    index = paid(f, 300)
    f.append("shop.zhao", receipt(index, 300))
    yield POLICY, audit("return-against-receipt", f.append("hope.li2", back(f"{index}.0", 300), flows=f.into(DESKS, 300)), 0)


@attack(CHARITY, story)
def return_in_the_statement_of_the_payment(f: LogForge) -> Hearing:
    """A charity records a payment and its return in one statement, so that the shop's receipt shall be refused."""
    gift(f, 300)
    spans = f.lowest(DESKS, 300)
    end = f.end(DESKS)
    flows = [*([0, "-", DESKS, *span] for span in spans), [1, "+", DESKS, end, end + 300]]
    index = f.append("hope.li2", payment(300), back("@0", 300), flows=flows)
    yield POLICY, audit("return-against-receipt", f.append("shop.zhao", receipt(index, 300)), 0)


@attack(OPERATOR, story)
def third_party_that_runs_the_ledger(f: LogForge) -> Hearing:
    """The operator acknowledges a payment as a third party, so that the headline counts it."""
    yield POLICY, broken("authority", f.append("op.chief", {**receipt(paid(f, 20), 20), "level": "third-party"}), 0)


@attack(CHARITY, story)
def third_party_that_carries_out_the_work(f: LogForge) -> Hearing:
    """The implementer of the activity acknowledges a payment for it as a third party."""
    yield POLICY, broken("authority", f.append("build.ma", {**receipt(paid(f, 20), 20), "level": "third-party"}), 0)


@attack(CHARITY, story)
def holder_key_used_for_two_deliveries(f: LogForge) -> Hearing:
    """A charity has one person's one-time key, and lets it sign for a second delivery too."""
    start = f.lowest("school-books/mask-n95", 2)[0][0]
    more: dict[str, Any] = {"fund": "school-books", "unit": "mask-n95", "amount": 1, "to": PERSON, "delivered_on": TODAY}
    more["holder"] = holder("person")
    flows = [[number, "-", "school-books/mask-n95", start + number, start + number + 1] for number in range(2)]
    index = f.append("hope.li2", a("delivery", **more), a("delivery", **more), flows=flows)
    said = [{**receipt(index, 1, "holder-signed"), "of": f"{index}.{number}", "holder": opening("person")} for number in range(2)]
    f.append("hope.li2 holder.person", said[0])
    yield POLICY, broken("holder", f.append("hope.li2 holder.person", said[1]), 0)
