"""One organisation under two names: what its number in a public register tells."""

from __future__ import annotations

from tests.golden.cast import public
from tests.golden.telling import a

from .case import LOG, OPERATOR, POLICY, Hearing, attack, broken, unseen
from .forging import BundleForge, LogForge, bundle, gift, paid, payment, receipt, story

NUMBER = "CN-USCI-53520000000000001X"


def double(**members: object) -> dict[str, object]:
    """The charity again, as a vendor under another id and name."""
    return a("party", id="bazaar", entity="organisation", roles=["vendor"], name="Bazaar", **members)


@attack(OPERATOR, story)
def charity_that_pays_its_double(f: LogForge) -> Hearing:
    """The operator admits a charity a second time, as a vendor with the same number in small letters, and the charity pays it."""
    index = f.append("op.chief", double(identifier=NUMBER.lower()))
    paid(f, 100, payee="bazaar")
    yield POLICY, broken("identifier-again", index, 0)


@attack(OPERATOR, story)
def charity_that_pays_its_double_without_a_number(f: LogForge) -> Hearing:
    """The operator admits a charity a second time, as a vendor without a number, and the charity pays it."""
    f.append("op.chief", double())
    paid(f, 100, payee="bazaar")
    yield POLICY, unseen(
        "A vendor need not be in a register, and an identifier is the operator's word.",
        "The party's page, which has no identifier; a register of companies.",
    )


@attack(OPERATOR, bundle)
def bundle_of_a_gift_to_a_double(b: BundleForge) -> Hearing:
    """The log takes a second admission of a charity, which the charity pays with the gift: the gift reads as spent at a vendor."""
    admitted = b.log.append("op.chief", double(identifier=NUMBER))
    index = gift(b.log, 50)
    start, end = b.log.value(index)["flows"][0][3:]
    said = payment(50, units=[[start, end]], payee="bazaar")
    spent = b.log.append("hope.li2", said, flows=[[0, "-", "school-desks/CNY", start, end]])
    b.show(index, admitted, spent)
    yield POLICY, broken("identifier-again", admitted, 0)
    b.whole_log = True
    yield LOG, broken("identifier-again", admitted, 0)


@attack(OPERATOR, bundle)
def bundle_of_a_gift_to_a_double_that_signs(b: BundleForge) -> Hearing:
    """The double of a charity has a key and acknowledges the gift: its signature is its own, and only the admission is wrong."""
    keys = [{"key": public("bazaar.ma"), "officer": "ma"}]
    admitted = b.log.append("op.chief bazaar.ma", double(identifier=NUMBER, keys=keys))
    index = gift(b.log, 50)
    start, end = b.log.value(index)["flows"][0][3:]
    said = payment(50, units=[[start, end]], payee="bazaar")
    spent = b.log.append("hope.li2", said, flows=[[0, "-", "school-desks/CNY", start, end]])
    seen = b.log.append("bazaar.ma", receipt(spent, 50))
    b.show(index, admitted, spent, seen)
    yield POLICY, broken("identifier-again", admitted, 0)
    b.whole_log = True
    yield LOG, broken("identifier-again", admitted, 0)
