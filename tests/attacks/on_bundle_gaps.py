"""Trace bundles that leave something out: what is in them is true, and they say nothing false but by silence."""

from __future__ import annotations

from typing import Any

from ledger.canonical import parse
from tests.golden.telling import a

from .case import LOG, NOTHING, OPERATOR, POLICY, SAVED, Hearing, attack, broken, unseen
from .forging import BundleForge, bundle, gift, payment, receipt
from .scene import the_story

CLAIMED = "That nothing else happened to the gift is a claim of the log: a bundle shows what it shows."


def bundle_of(name: str) -> Any:
    """What begins with the bundle of another gift."""
    return lambda: BundleForge(name)


@attack(NOTHING, bundle_of("own"))
def bundle_of_an_earlier_day(b: BundleForge) -> Hearing:
    """The bundle is of an earlier day, under the checkpoint that was true then: the gift seems to wait still."""
    b.log.entries = b.log.entries[: b.log.entry["exchange"]]
    b.log.seal()
    b.value["entries"] = [one for one in b.value["entries"] if one["index"] < len(b.log.entries)]
    b.from_the_log()
    b.convince()
    yield POLICY, unseen("It was true on that day, and says how many entries the log had. What came since is not in it.")
    waiting = b.value["ranges"]
    b.value = {**parse(the_story().bundles["own"]), "ranges": waiting}
    yield SAVED, broken("tape-flow", b.gift, 1)


def left_out(b: BundleForge, index: int) -> Hearing:
    """Leave an entry out of a bundle, and let it say what is left; then hand out the entry too."""
    whole = [*b.value["entries"]]
    b.leave_out(index)
    b.convince()
    yield POLICY, unseen(CLAIMED, "All entries of the log: a full audit, and a trace from it.")
    b.value["entries"] = whole
    yield LOG, broken("tape-flow", b.gift, int(b.value["gift"].partition(".")[2]))


@attack(OPERATOR, bundle_of("refunded"))
def bundle_without_the_refund(b: BundleForge) -> Hearing:
    """The operator leaves the refund out of a gift's bundle, so that the money seems to be there still."""
    yield from left_out(b, b.log.entry["refund"])


@attack(OPERATOR, bundle_of("refunded"))
def bundle_without_the_return(b: BundleForge) -> Hearing:
    """The operator leaves out that part of a payment came back."""
    yield from left_out(b, b.log.entry["return"])


@attack(OPERATOR, bundle_of("covered"))
def bundle_without_the_cover(b: BundleForge) -> Hearing:
    """The operator leaves out that spent money went back to the donor out of another fund."""
    yield from left_out(b, b.log.entry["cover"])


@attack(OPERATOR, bundle)
def bundle_by_a_key_that_was_revoked(b: BundleForge) -> Hearing:
    """A gift is signed by a key that was revoked before; the bundle leaves the revocation out."""
    index = gift(b.log, by="hope.li")
    b.show(index)
    yield POLICY, unseen("That a key was not revoked is a claim of the log.", "All entries of the log.")
    b.whole_log = True
    yield LOG, broken("key-standing", index, also=(("authority", index, -1),))


@attack(OPERATOR, bundle)
def bundle_without_the_threshold(b: BundleForge) -> Hearing:
    """One officer pays above a threshold that the charity had lowered; the bundle leaves out the mandate that lowered it."""
    index = gift(b.log)
    start, end = b.log.value(index)["flows"][0][3:]
    lowered = b.log.append("hope.li2 hope.wang", a("mandate", thresholds=[{"unit": "CNY", "amount": 30}]))
    spent = b.log.append("hope.li2", payment(50, units=[[start, end]]), flows=[[0, "-", "school-desks/CNY", start, end]])
    b.show(index, spent)
    yield POLICY, unseen("That a threshold was not lowered, only the log claims: the maker of a bundle chooses its entries.")
    b.show(index, lowered, spent)
    yield POLICY, broken("approval", spent, 0)
    b.whole_log = True
    yield LOG, broken("approval", spent, 0)


@attack(OPERATOR, bundle)
def bundle_of_units_that_others_own(b: BundleForge) -> Hearing:
    """A gift has the same units on its tape as another gift; the bundle shows only one of them."""
    other = b.log.value(gift(b.log))["flows"]
    index = gift(b.log)
    b.log.edit(index, lambda value: value.update(flows=other))
    b.show(index)
    yield POLICY, unseen(
        "Only someone who reads all entries can tell that no two gifts have the same units.", "All entries of the log.",
    )
    b.whole_log = True
    yield LOG, broken("tape-flow", index, 0)


@attack(OPERATOR, bundle)
def bundle_of_a_receipt_without_payment(b: BundleForge) -> Hearing:
    """A receipt acknowledges a payment that the bundle does not hold."""
    index = gift(b.log)
    start, end = b.log.value(index)["flows"][0][3:]
    spent = b.log.append("hope.li2", payment(50), flows=[[0, "-", "school-desks/CNY", start, end]])
    said = b.log.append("shop.zhao", receipt(spent, 50))
    b.show(index, said)
    yield POLICY, unseen(CLAIMED, "The payment, which the receipt names.")
    held = b.value["ranges"]
    b.show(index, spent, said)
    b.value["ranges"] = held
    yield LOG, broken("tape-flow", index, 0)
