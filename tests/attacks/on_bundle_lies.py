"""Bundles of a log in which the operator let through what no honest log takes. The reader has the entries that give it away."""

from __future__ import annotations

from tests.golden.cast import public
from tests.golden.telling import a

from .case import LOG, OPERATOR, POLICY, Hearing, attack, audit, broken
from .forging import BundleForge, bundle, gift, payment, receipt
from .scene import TODAY

DESKS = "school-desks/CNY"


def given(b: BundleForge, amount: int = 50) -> tuple[int, int, int]:
    """One more gift in the log: its entry, and where it lies."""
    index = gift(b.log, amount)
    start, end = b.log.value(index)["flows"][0][3:]
    return index, start, end


def spent(b: BundleForge, start: int, end: int, by: str = "hope.li2", **members: object) -> int:
    """A payment of exactly these units."""
    said = payment(end - start, units=[[start, end]], **members)
    return b.log.append(by, said, flows=[[0, "-", DESKS, start, end]])


@attack(OPERATOR, bundle)
def bundle_of_a_receipt_by_the_payer(b: BundleForge) -> Hearing:
    """A charity acknowledges its own payment as if the payee had, and the log takes it: the gift reads as received."""
    index, *units = given(b)
    paid = spent(b, *units)
    said = b.log.append("hope.li2", receipt(paid, 50))
    b.show(index, paid, said)
    yield POLICY, broken("authority", said, 0)
    b.whole_log = True
    yield LOG, broken("authority", said, 0)


@attack(OPERATOR, bundle)
def bundle_of_a_payment_by_a_stranger(b: BundleForge) -> Hearing:
    """A vendor pays itself out of a charity's fund, and the log takes it."""
    index, *units = given(b)
    paid = spent(b, *units, by="shop.zhao")
    b.show(index, paid)
    yield POLICY, broken("authority", paid, 0)
    b.whole_log = True
    yield LOG, broken("authority", paid, 0)


@attack(OPERATOR, bundle)
def bundle_of_a_payment_by_a_key_that_was_recovered(b: BundleForge) -> Hearing:
    """Operator and auditor give a key of the charity to somebody else, who spends the gift: the bundle says whose key that is."""
    index, *units = given(b)
    said = a("recovery", party="hope", key=public("hope.stolen"), officer="li", reason="Said to be lost")
    key = b.log.append("op.chief auditco.chen hope.stolen", said)
    paid = spent(b, *units, by="hope.stolen")
    b.show(index, key, paid)
    yield POLICY, audit("recovery", key, 0)
    b.whole_log = True
    yield LOG, audit("recovery", key, 0)


@attack(OPERATOR, bundle)
def bundle_of_a_payment_that_one_officer_signed(b: BundleForge) -> Hearing:
    """One officer pays far above the fund's threshold, and the log takes it."""
    index, *units = given(b, 6000)
    paid = spent(b, *units)
    b.show(index, paid)
    yield POLICY, broken("approval", paid, 0)
    b.whole_log = True
    yield LOG, broken("approval", paid, 0)


@attack(OPERATOR, bundle)
def bundle_of_a_key_that_introduced_itself(b: BundleForge) -> Hearing:
    """The operator enters a statement in a charity's name that gives it a new key; that key alone has signed it."""
    key = b.log.append("mallory.key", a("key", key=public("mallory.key"), officer="li"), party="hope")
    record = a("donation", fund="school-desks", unit="CNY", amount=50, channel="cash", received_on=TODAY)
    index = b.log.append("mallory.key", record, flows=b.log.into(DESKS, 50), party="hope")
    b.show(index, key)
    yield POLICY, broken("key-standing", key, 0, more=True)
    b.whole_log = True
    yield LOG, broken("key-standing", key, 0, more=True)


@attack(OPERATOR, bundle)
def bundle_of_a_party_admitted_again(b: BundleForge) -> Hearing:
    """The operator admits a charity a second time with a key of its own, and records a gift in its name."""
    said = a("party", id="hope", entity="organisation", roles=["charity"], name="Hope",
        keys=[{"key": public("mallory.key"), "officer": "li"}])  # fmt: skip
    key = b.log.append("op.chief mallory.key", said)
    record = a("donation", fund="school-desks", unit="CNY", amount=50, channel="cash", received_on=TODAY)
    index = b.log.append("mallory.key", record, flows=b.log.into(DESKS, 50), party="hope")
    b.show(index, key)
    yield POLICY, broken("reference", key, 0, more=True)
    b.whole_log = True
    yield LOG, broken("reference", key, 0, more=True)


@attack(OPERATOR, bundle)
def bundle_of_a_party_that_nobody_admitted(b: BundleForge) -> Hearing:
    """A charity, not the operator, admits an inspector of its own, who then acknowledges its payment as a third party."""
    said = a("party", id="puppet", entity="organisation", roles=["inspector"], name="Puppet",
        keys=[{"key": public("puppet.key"), "officer": "p"}])  # fmt: skip
    admitted = b.log.append("hope.li2 puppet.key", said)
    index, *units = given(b)
    paid = spent(b, *units)
    seen = b.log.append("puppet.key", receipt(paid, 50, "third-party"))
    b.show(index, admitted, paid, seen)
    yield POLICY, broken("authority", admitted, 0, more=True)
    b.whole_log = True
    yield LOG, broken("authority", admitted, 0, more=True)


@attack(OPERATOR, bundle)
def bundle_of_a_receipt_entered_twice(b: BundleForge) -> Hearing:
    """The operator enters a payee's receipt a second time, with its signature: twice as much reads as received."""
    index, *units = given(b)
    paid = spent(b, *units)
    said = b.log.append("shop.zhao", receipt(paid, 20))
    value = b.log.value(said)
    again = b.log.append("shop.zhao", signatures=value["signatures"])
    b.log.edit(again, lambda entry: entry.update(statement=value["statement"]))
    b.show(index, paid, said, again)
    yield POLICY, broken("statement-id", again)
    b.whole_log = True
    yield LOG, broken("statement-id", again)


@attack(OPERATOR, bundle)
def bundle_of_receipts_above_the_payment(b: BundleForge) -> Hearing:
    """A payee acknowledges more than it was paid."""
    index, *units = given(b)
    paid = spent(b, *units)
    said = b.log.append("shop.zhao", receipt(paid, 51))
    b.show(index, paid, said)
    yield POLICY, broken("receipt-excess", said, 0)
    b.whole_log = True
    yield LOG, broken("receipt-excess", said, 0)


@attack(OPERATOR, bundle)
def bundle_of_restricted_money_set_free(b: BundleForge) -> Hearing:
    """A platform takes a grant of restricted money into its unrestricted fund, and the log takes it."""
    index, start, end = given(b)
    said = payment(50, units=[[start, end]], payee="gate", grant={})
    paid = b.log.append("hope.li2", said, flows=[[0, "-", DESKS, start, end]])
    taken = b.log.append("gate.sun", receipt(paid, 50, into="gate-fees"), flows=b.log.into("gate-fees/CNY", 50))
    b.show(index, paid, taken)
    yield POLICY, broken("restriction", taken, 0)
    b.whole_log = True
    yield LOG, broken("restriction", taken, 0)


@attack(OPERATOR, bundle)
def bundle_of_a_payment_of_a_day_to_come(b: BundleForge) -> Hearing:
    """A payment is dated to a day after its entry, so that no receipt for it is overdue."""
    index, *units = given(b)
    paid = spent(b, *units, paid_on="2027-05-06")
    b.show(index, paid)
    yield POLICY, broken("day", paid, 0)
    b.whole_log = True
    yield LOG, broken("day", paid, 0)


@attack(OPERATOR, bundle)
def bundle_of_times_that_run_backwards(b: BundleForge) -> Hearing:
    """The payment's entry is dated to an hour before the gift's."""
    index, *units = given(b)
    paid = spent(b, *units)
    b.log.edit(paid, lambda value: value.update(time=value["time"].replace("T01", "T00")))
    b.show(index, paid)
    yield POLICY, broken("time", paid, more=True)
    b.whole_log = True
    yield LOG, broken("time", paid, more=True)


@attack(OPERATOR, bundle)
def bundle_of_a_broken_chain(b: BundleForge) -> Hearing:
    """The payment's entry names another entry before it than the gift's, which is there."""
    index, *units = given(b)
    paid = spent(b, *units)
    b.log.edit(paid, lambda value: value.update(prev="0" * 64))
    b.show(index, paid)
    yield POLICY, broken("chain", paid)
    b.whole_log = True
    yield LOG, broken("chain", paid)


@attack(OPERATOR, bundle)
def bundle_of_a_cover_that_moved_nothing(b: BundleForge) -> Hearing:
    """A refund says that spent units were paid back out of the general fund, and takes nothing out of it."""
    index, start, end = given(b)
    paid = spent(b, start, end)
    said = a("refund", gift=f"{index}.0", fund="school-desks", unit="CNY", reason="legal", refunded_on=TODAY,
             cover={"fund": "hope-general", "units": [[start, end]]})  # fmt: skip
    back = b.log.append("hope.li2 hope.wang", said)
    b.show(index, paid, back)
    yield POLICY, broken("tape-flow", back, 0)
    b.whole_log = True
    yield LOG, broken("tape-flow", back, 0)


@attack(OPERATOR, bundle)
def bundle_of_units_that_were_not_named(b: BundleForge) -> Hearing:
    """A refund names the units of another gift, and its flows take this one's."""
    other, *elsewhere = given(b)
    index, start, end = given(b)
    said = a("refund", gift=f"{other}.0", fund="school-desks", unit="CNY", reason="legal", refunded_on=TODAY, units=[elsewhere])
    back = b.log.append("hope.li2 hope.wang", said, flows=[[0, "-", DESKS, start, end]])
    b.show(index, back)
    yield POLICY, broken("tape-flow", back, 0)
    b.whole_log = True
    yield LOG, broken("tape-flow", back, 0)


@attack(OPERATOR, bundle)
def bundle_with_a_gift_without_flows(b: BundleForge) -> Hearing:
    """Beside the gift is another one, without flows, into a fund whose entry the bundle leaves out."""
    index, *_ = given(b)
    said = a("donation", fund="river-relief", unit="CNY", amount=50, channel="cash", received_on=TODAY)
    beside = b.log.append("river.xu2", said)
    b.add(index, beside, b.log.entry["recovery"])
    yield POLICY, broken("tape-flow", beside, 0)
    b.whole_log = True
    yield LOG, broken("tape-flow", beside, 0)


@attack(OPERATOR, bundle)
def bundle_with_an_allocation_without_flows(b: BundleForge) -> Hearing:
    """Beside the gift is an allocation without flows, between funds that do not exist."""
    index, *_ = given(b)
    beside = b.log.append("hope.li2", a("allocation", fund="ghost", unit="CNY", to="ghost-2", amount=50))
    b.add(index, beside)
    yield POLICY, broken("tape-flow", beside, 0)
    b.whole_log = True
    yield LOG, broken("reference", beside, 0)


@attack(OPERATOR, bundle)
def bundle_of_a_refund_in_another_order(b: BundleForge) -> Hearing:
    """The flows of a refund come after those of its cover."""
    index, start, end = given(b)
    paid = spent(b, start, start + 20)
    said = a("refund", gift=f"{index}.0", fund="school-desks", unit="CNY", reason="legal", refunded_on=TODAY,
             units=[[start + 20, end]], cover={"fund": "hope-general", "units": [[start, start + 20]]})  # fmt: skip
    flows = [*b.log.out("hope-general/CNY", 20), [0, "-", DESKS, start + 20, end]]
    back = b.log.append("hope.li2 hope.wang", said, flows=flows)
    b.add(index, paid, back)
    yield POLICY, broken("tape-flow", back, 0)
    b.whole_log = True
    yield LOG, broken("tape-flow", back, 0)


@attack(OPERATOR, bundle)
def bundle_of_units_that_do_not_sum(b: BundleForge) -> Hearing:
    """A payment for two sorts of goods names fewer units than it costs."""
    index, start, end = given(b)
    bought = [{"fund": "school-desks", "unit": unit, "quantity": 3, "cost": 25} for unit in ("book", "mask-n95")]
    flows = [[0, "-", DESKS, start, end], *b.log.into("school-desks/book", 3), *b.log.into("school-desks/mask-n95", 3)]
    paid = b.log.append("hope.li2", payment(50, units=[[start, start + 30]], goods=bought), flows=flows)
    b.add(index, paid)
    yield POLICY, broken("tape-flow", paid, 0)
    b.whole_log = True
    yield LOG, broken("reference", paid, 0)
