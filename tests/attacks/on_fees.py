"""Attacks by what is kept of a gift before it comes into a fund."""

from __future__ import annotations

from tests.golden.cast import officers
from tests.golden.telling import a

from .case import CHARITY, POLICY, Hearing, attack, audit, broken, unseen
from .forging import LogForge, story
from .scene import TODAY

SCHOOL = "hope-school/CNY"


def kept(f: LogForge, fee: int, keeper: str, amount: int = 100_000) -> int:
    """A gift to the project, of which somebody kept a fee; the index of its entry."""
    said = a("donation", fund="hope-school", unit="CNY", amount=amount, channel="cash", received_on=TODAY, fee=fee, fee_to=keeper)
    return f.append("hope.li2", said, flows=f.into(SCHOOL, amount - fee))


@attack(CHARITY, story)
def fee_of_nearly_the_whole_gift(f: LogForge) -> Hearing:
    """A charity says that its bank kept 999.99 of a gift of 1000.00 to a project, so that no promise holds for that money."""
    kept(f, 99_999, "bank")
    yield POLICY, audit("cost-limit", -1, -1)


@attack(CHARITY, story)
def fee_into_its_own_pocket(f: LogForge) -> Hearing:
    """A charity says that it kept nearly all of a gift to a project itself."""
    yield POLICY, broken("fee", kept(f, 99_999, "hope"), 0)


@attack(CHARITY, story)
def fee_that_a_shop_kept(f: LogForge) -> Hearing:
    """A charity says that the shop, which it pays anyway, kept a part of a gift."""
    yield POLICY, broken("fee", kept(f, 10, "shop"), 0)


@attack(CHARITY, story)
def fee_of_a_custodian_of_its_own(f: LogForge) -> Hearing:
    """A charity has a custodian admitted that it owns, and says that it kept a twentieth of a gift."""
    said = a("party", id="front", entity="organisation", roles=["custodian"], name="Front", keys=officers("front.li"))
    f.append("op.chief front.li", said)
    kept(f, 5_000, "front")
    yield POLICY, unseen("Nobody declares who owns whom.", "The register of companies.")


@attack(CHARITY, story)
def fee_above_what_the_fund_promised(f: LogForge) -> Hearing:
    """A charity promises donors that at most 6 in 1,000 are kept, and says that a twentieth was."""
    limits = [{"unit": "CNY", "rate": [6, 1000]}]
    f.append("hope.li2 hope.wang", a("fund", id="promised", name="N", purpose="P", restriction="restricted", fee_limits=limits))
    said = {"fund": "promised", "unit": "CNY", "channel": "cash", "received_on": TODAY, "fee_to": "bank"}
    f.append("hope.li2", a("donation", **said, amount=1000, fee=50), flows=f.into("promised/CNY", 950))
    yield POLICY, audit("fee-limit", -1, -1)


@attack(CHARITY, story)
def fee_given_back_twice(f: LogForge) -> Hearing:
    """A charity gives the fee of one gift back twice, each time with a unit of the gift, out of its general fund."""
    start = f.end(SCHOOL)
    of = kept(f, 100, "bank")
    for at in (start, start + 1):
        said = a("refund", gift=f"{of}.0", fund="hope-school", unit="CNY", units=[[at, at + 1]], fee=100, fee_from="hope-general",
                 reason="legal", refunded_on=TODAY)  # fmt: skip
        flows = [[0, "-", SCHOOL, at, at + 1], *f.out("hope-general/CNY", 100)]
        last = f.append("hope.li2 hope.wang", said, flows=flows)
    yield POLICY, broken("refund-units", last, 0)


@attack(CHARITY, story)
def fee_given_back_with_a_cent(f: LogForge) -> Hearing:
    """A charity gives a cent of a gift back, and says that its bank gave back the whole fee, which is a cost no more."""
    start = f.end(SCHOOL)
    said = a("refund", gift=f"{kept(f, 100, 'bank')}.0", fund="hope-school", unit="CNY", units=[[start, start + 1]], fee=100,
             reason="legal", refunded_on=TODAY)  # fmt: skip
    yield POLICY, broken("fee", f.append("hope.li2 hope.wang", said, flows=[[0, "-", SCHOOL, start, start + 1]]), 0)
