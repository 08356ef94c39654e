"""Money that others push into a fund, grants that are taken twice, or where they were not meant for; keys that sign too much."""

from __future__ import annotations

from ledger.bounds import MAX_AMOUNT
from tests.golden.cast import public
from tests.golden.telling import a

from .case import CHARITY, LOG, OPERATOR, POLICY, Hearing, attack, broken, unseen
from .forging import BundleForge, LogForge, bundle, gift, paid, payment, receipt, story
from .scene import TODAY

SCHOOL, GATE_SCHOOL = "hope-school/CNY", "gate-school/CNY"


def granted(f: LogForge, amount: int = 30, **grant: str) -> int:
    """A platform grants restricted money to the charity; the index of the entry."""
    gift(f, amount, "gate-school", "gate.sun")
    return paid(f, amount, "gate-school", "gate.sun", payee="hope", grant=grant)


@attack(CHARITY, story)
def fund_filled_by_a_rival(f: LogForge) -> Hearing:
    """A rival makes up a gift of 10^14 cents, the most there is, and its payment moves them into a charity's fund, to fill it."""
    amount = MAX_AMOUNT
    f.append("river.xu2", a("fund", id="river-deep", name="Deep", purpose="Made up", restriction="restricted"))
    gift(f, amount, "river-deep", "river.xu2")
    flows = [[0, "-", "river-deep/CNY", 0, amount], *f.into(SCHOOL, amount)]
    index = f.append("river.xu2", payment(amount, "river-deep", payee="hope", grant={"fund": "hope-school"}), flows=flows)
    yield POLICY, broken("tape-flow", index, 0)


@attack(CHARITY, story)
def grant_taken_for_its_payee(f: LogForge) -> Hearing:
    """A platform signs the receipt by which a charity takes its grant."""
    index = granted(f)
    said = f.append("gate.sun", receipt(index, 30, into="hope-school"), flows=f.into(SCHOOL, 30))
    yield POLICY, broken("authority", said, 0, also=(("reference", said, 0),))


@attack(CHARITY, story)
def grant_taken_into_a_fund_of_another(f: LogForge) -> Hearing:
    """A charity takes a grant into a fund of the platform: the platform's gifts are where they were, and were spent."""
    index = granted(f)
    said = f.append("hope.li2", receipt(index, 30, into="gate-school"), flows=f.into(GATE_SCHOOL, 30))
    yield POLICY, broken("reference", said, 0)


@attack(CHARITY, story)
def grant_taken_into_a_free_fund(f: LogForge) -> Hearing:
    """A charity takes restricted money into its unrestricted fund."""
    index = granted(f)
    said = f.append("hope.li2", receipt(index, 30, into="hope-general"), flows=f.into("hope-general/CNY", 30))
    yield POLICY, broken("restriction", said, 0)


@attack(CHARITY, story)
def grant_taken_for_another_purpose(f: LogForge) -> Hearing:
    """A charity takes money that was granted for its school into a restricted fund for cars; and money granted for no fund."""
    f.append("hope.li2 hope.wang", a("fund", id="cars", name="Cars", purpose="Cars", restriction="restricted"))
    index = granted(f, fund="hope-school")
    said = f.append("hope.li2", receipt(index, 30, into="cars"), flows=f.into("cars/CNY", 30))
    yield POLICY, broken("restriction", said, 0)


@attack(CHARITY, story)
def grant_for_no_fund_taken_for_another_purpose(f: LogForge) -> Hearing:
    """A platform grants restricted money without saying for which fund, and the charity takes it into one for cars."""
    f.append("hope.li2 hope.wang", a("fund", id="cars", name="Cars", purpose="Cars", restriction="restricted"))
    index = granted(f)
    f.append("hope.li2", receipt(index, 30, into="cars"), flows=f.into("cars/CNY", 30))
    yield POLICY, unseen(
        "That money stays restricted is checked; whether one purpose serves another, only people can judge. The trace shows every "
        "step.",
        "The purposes of the funds, and someone who reads them; or a grant that names its fund.",
    )


@attack(CHARITY, story)
def grant_taken_twice(f: LogForge) -> Hearing:
    """A charity takes a grant into its fund, and then again."""
    index = granted(f)
    f.append("hope.li2", receipt(index, 30, into="hope-school"), flows=f.into(SCHOOL, 30))
    said = f.append("hope.li2", receipt(index, 1, into="hope-school"), flows=f.into(SCHOOL, 1))
    yield POLICY, broken("receipt-excess", said, 0)


@attack(CHARITY, story)
def grant_signed_for_and_in_no_fund(f: LogForge) -> Hearing:
    """A charity lets a cent of a grant come back, takes the rest, signs for all of it, and declares void that it took any: the
    grant reads as received, is in no fund of the charity, and nothing of it waits."""
    index = granted(f)
    back = a("payment-return", of=f"{index}.0", amount=1, returned_on=TODAY, reason="Not needed")
    f.append("gate.sun hope.li2", back, flows=f.into(GATE_SCHOOL, 1))
    flows = f.into(SCHOOL, 29)
    taken = f.append("hope.li2", receipt(index, 29, into="hope-school"), flows=flows)
    signed = f.append("hope.li2", receipt(index, 30))
    f.append("hope.li2 hope.wang", a("reversal", of=f"{taken}.0", reason="Entered by mistake"), flows=[[0, "-", *flows[0][2:]]])
    yield POLICY, broken("reference", signed, 0)


@attack(CHARITY, story)
def grant_in_no_fund_after_its_giver_took_some_back(f: LogForge) -> Hearing:
    """A platform says alone that a cent of a grant came back; the charity takes the rest, answers, and declares void that it took
    any."""
    index = granted(f)
    back = a("payment-return", of=f"{index}.0", amount=1, returned_on=TODAY, reason="Not needed")
    f.append("gate.sun", back, flows=f.into(GATE_SCHOOL, 1))
    flows = f.into(SCHOOL, 29)
    taken = f.append("hope.li2", receipt(index, 29, into="hope-school"), flows=flows)
    said = f.append("hope.li2", receipt(index, 30))
    undone = a("reversal", of=f"{taken}.0", reason="Entered by mistake")
    index = f.append("hope.li2 hope.wang", undone, flows=[[0, "-", *flows[0][2:]]])
    yield POLICY, broken("reference", index, 0, also=(("return-against-receipt", said, 0),))


@attack(CHARITY, story)
def grant_taken_after_it_came_back(f: LogForge) -> Hearing:
    """A grant came back to the platform, and the charity takes it all the same: the same money is in two places."""
    index = granted(f)
    back = a("payment-return", of=f"{index}.0", amount=30, returned_on=TODAY, reason="Not needed")
    f.append("gate.sun", back, flows=f.into(GATE_SCHOOL, 30))
    said = f.append("hope.li2", receipt(index, 30, into="hope-school"), flows=f.into(SCHOOL, 30))
    yield POLICY, broken("receipt-excess", said, 0)


@attack(CHARITY, story)
def return_of_a_grant(f: LogForge) -> Hearing:
    """A platform says that a grant came back, but it is in the charity's fund: the same money is in two places."""
    back = a("payment-return", of=f"{f.entry['grant']}.0", amount=100, returned_on=TODAY, reason="Not needed")
    yield POLICY, broken("return-excess", f.append("gate.sun", back, flows=f.into(GATE_SCHOOL, 100)), 0)


@attack(CHARITY, story)
def purchase_taken_into_a_fund(f: LogForge) -> Hearing:
    """A charity sells books to another, and takes the price into its fund: the goods and the money for them are both there."""
    said = payment(30, "gate-school", payee="hope", goods=[{"fund": "gate-school", "unit": "book", "quantity": 1, "cost": 30}])
    gift(f, 30, "gate-school", "gate.sun")
    index = f.append("gate.sun", said, flows=f.out(GATE_SCHOOL, 30) + f.into("gate-school/book", 1))
    taken = f.append("hope.li2", receipt(index, 30, into="hope-school"), flows=f.into(SCHOOL, 30))
    yield POLICY, broken("reference", taken, 0)


@attack(CHARITY, story)
def grant_that_its_payer_acknowledges(f: LogForge) -> Hearing:
    """A platform grants money to a party without a key, and says itself that it arrived: it reads as received."""
    gift(f, 30, "gate-school", "gate.sun")
    index = paid(f, 30, "gate-school", "gate.sun", payee="press", grant={})
    yield POLICY, broken("reference", f.append("gate.sun", receipt(index, 30, "self-declared")), 0)


@attack(CHARITY, story)
def payment_by_a_key_for_gifts(f: LogForge) -> Hearing:
    """Who breaks into a platform's server has the key that signs its gifts, and pays with it."""
    gift(f, 30, "gate-school", "gate.till")
    said = f.append("gate.till", payment(30, "gate-school"), flows=f.out(GATE_SCHOOL, 30))
    yield POLICY, broken("authority", said)


@attack(CHARITY, story)
def another_key_by_a_key_for_gifts(f: LogForge) -> Hearing:
    """Who breaks into a platform's server signs a new key with the one that signs gifts."""
    said = f.append("gate.till rival.one", a("key", key=public("rival.one"), officer="one"))
    yield POLICY, broken("authority", said)


@attack(OPERATOR, bundle)
def bundle_of_a_grant_that_a_receipt_takes_in_silence(b: BundleForge) -> Hearing:
    """A receipt that does not name a fund brings units into one, and the log takes it."""
    index = gift(b.log, 50, "gate-school", "gate.sun")
    start, end = b.log.value(index)["flows"][0][3:]
    paid_out = paid(b.log, 50, "gate-school", "gate.sun", payee="press", grant={}, units=[[start, end]])
    said = b.log.append("eyes.luo", receipt(paid_out, 50, "third-party"), flows=b.log.into("gate-fees/CNY", 50))
    b.show(index, paid_out, said)
    yield POLICY, broken("tape-flow", said, 0)
    b.whole_log = True
    yield LOG, broken("tape-flow", said, 0)


@attack(OPERATOR, bundle)
def bundle_of_a_grant_taken_twice(b: BundleForge) -> Hearing:
    """A charity takes a grant into two funds, and the log takes it: one gift is in both."""
    index = gift(b.log, 50, "gate-school", "gate.sun")
    start, end = b.log.value(index)["flows"][0][3:]
    grant = paid(b.log, 50, "gate-school", "gate.sun", payee="hope", grant={}, units=[[start, end]])
    first = b.log.append("hope.li2", receipt(grant, 50, into="hope-school"), flows=b.log.into(SCHOOL, 50))
    second = b.log.append("hope.li2", receipt(grant, 50, into="school-desks"), flows=b.log.into("school-desks/CNY", 50))
    b.show(index, grant, first, second)
    yield POLICY, broken("receipt-excess", second, 0)
    b.whole_log = True
    yield LOG, broken("receipt-excess", second, 0)
