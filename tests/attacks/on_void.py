"""Records that are declared void although they are true, or although somebody else has a say."""

from __future__ import annotations

from typing import Any

from tests.golden.telling import a

from .case import CHARITY, POLICY, Hearing, attack, audit, broken
from .forging import LogForge, gift, paid, receipt, story
from .scene import TODAY

DESKS = "school-desks/CNY"
OFFICERS = "hope.li2 hope.wang"


def undone(of: int, **members: Any) -> dict[str, Any]:
    """The record is declared void."""
    return a("reversal", of=f"{of}.0", reason="Entered by mistake", **members)


def gave(f: LogForge, index: int) -> dict[str, Any]:
    """What a gift of today was."""
    (_, _, tape, start, end), *_ = f.value(index)["flows"]
    fund, _, unit = tape.partition("/")
    return {"fund": fund, "unit": unit, "amount": end - start, "received_on": TODAY, "units": [[start, end]]}


@attack(CHARITY, story)
def void_gift_that_was_spent(f: LogForge) -> Hearing:
    """A charity spends a gift, and says then that the gift never came."""
    given = gift(f, 40)
    was = gave(f, given)
    paid(f, 40, units=was["units"])
    flows = [[0, "-", DESKS, *was["units"][0]]]
    yield POLICY, broken("overdraft", f.append(OFFICERS, undone(given, gave=was), flows=flows), 0)


@attack(CHARITY, story)
def void_gift_by_other_units(f: LogForge) -> Hearing:
    """A gift that was spent is declared void by units of another gift, which are still there."""
    given, other = gift(f, 40), gift(f, 40)
    paid(f, 40, units=gave(f, given)["units"])
    was = gave(f, other)
    yield POLICY, broken("reference", f.append(OFFICERS, undone(given, gave=was), flows=[[0, "-", DESKS, *was["units"][0]]]), 0)


@attack(CHARITY, story)
def void_gift_that_is_refunded_too(f: LogForge) -> Hearing:
    """A gift is void, and is then paid back out of another fund."""
    given = gift(f, 40)
    was = gave(f, given)
    f.append(OFFICERS, undone(given, gave=was), flows=[[0, "-", DESKS, *was["units"][0]]])
    refund = a("refund", gift=f"{given}.0", fund="school-desks", unit="CNY", reason="legal", refunded_on=TODAY,
               cover={"fund": "hope-general", "units": was["units"]})  # fmt: skip
    index = f.append(OFFICERS, refund, flows=f.out("hope-general/CNY", 40))
    yield POLICY, broken("reference", index, 0)


@attack(CHARITY, story)
def void_payment_of_another_party(f: LogForge) -> Hearing:
    """A platform declares a charity's payment void, and takes what comes back."""
    spent = paid(f, 20)
    yield POLICY, broken("authority", f.append("gate.sun", undone(spent), flows=f.into(DESKS, 20)), 0)


@attack(CHARITY, story)
def void_payment_that_the_shop_acknowledged(f: LogForge) -> Hearing:
    """A shop signed for its money; the charity says then, without the shop, that it never paid."""
    spent = paid(f, 20)
    f.append("shop.zhao", receipt(spent, 20))
    yield POLICY, broken("approval", f.append(OFFICERS, undone(spent), flows=f.into(DESKS, 20)), 0)


@attack(CHARITY, story)
def void_payment_before_the_shop_has_signed(f: LogForge) -> Hearing:
    """A charity pays a shop, and declares the payment void before the shop has said that it got the money."""
    spent = paid(f, 20)
    f.append(OFFICERS, undone(spent), flows=f.into(DESKS, 20))
    yield POLICY, audit("return-against-receipt", f.append("shop.zhao", receipt(spent, 20)), 0)


@attack(CHARITY, story)
def void_payment_that_the_charity_receives_itself(f: LogForge) -> Hearing:
    """A charity says of its own void payment that it arrived, so that the money is in two places."""
    spent = paid(f, 20)
    f.append(OFFICERS, undone(spent), flows=f.into(DESKS, 20))
    yield POLICY, broken("reference", f.append("hope.li2", receipt(spent, 20, level="self-declared")), 0)


@attack(CHARITY, story)
def void_payment_that_an_inspector_saw(f: LogForge) -> Hearing:
    """An inspector signed that the money came; the charity says then that it never paid."""
    spent = paid(f, 20)
    f.append("eyes.luo", receipt(spent, 20, level="third-party"))
    yield POLICY, broken("approval", f.append(OFFICERS, undone(spent), flows=f.into(DESKS, 20)), 0)


@attack(CHARITY, story)
def void_receipt_of_the_shop_by_the_charity(f: LogForge) -> Hearing:
    """A charity takes the shop's word back, so that its payment can be void."""
    spent = paid(f, 20)
    signed = f.append("shop.zhao", receipt(spent, 20))
    yield POLICY, broken("authority", f.append(OFFICERS, undone(signed)), 0)


@attack(CHARITY, story)
def void_payment_that_comes_back_twice(f: LogForge) -> Hearing:
    """A payment is void, and void again: its money comes back twice."""
    spent = paid(f, 20)
    f.append(OFFICERS, undone(spent), flows=f.into(DESKS, 20))
    yield POLICY, broken("reference", f.append(OFFICERS, undone(spent), flows=f.into(DESKS, 20)), 0)


@attack(CHARITY, story)
def void_payment_that_gives_back_more(f: LogForge) -> Hearing:
    """Part of a payment came back; that it is void brings all of it back."""
    spent = paid(f, 20)
    f.append("hope.li2", a("payment-return", of=f"{spent}.0", amount=5, returned_on=TODAY, reason="Sent back"),
             flows=f.into(DESKS, 5))  # fmt: skip
    yield POLICY, broken("tape-flow", f.append(OFFICERS, undone(spent), flows=f.into(DESKS, 20)), 0)
