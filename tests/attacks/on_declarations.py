"""Attacks by what was declared before: a bundle shows the entries that its maker chose."""

from __future__ import annotations

from tests.golden.telling import a

from .case import LOG, OPERATOR, POLICY, Hearing, attack, audit, broken, unseen
from .forging import BundleForge, bundle, gift, payment
from .scene import TODAY

GIFT = {"fund": "school-desks", "channel": "cash", "received_on": TODAY}
FUND = {"id": "capital", "name": "Capital", "purpose": "To last"}
EARLIER = "That no earlier entry declared it otherwise is a claim of the log, and the report says so."


@attack(OPERATOR, bundle)
def bundle_of_a_currency_declared_again(b: BundleForge) -> Hearing:
    """The operator declares a currency again with fewer decimals, and shows only that to a donor, whose gift seems a tenth."""
    b.log.append("op.chief", a("unit", unit="KWD", exponent=3, name="Dinar"))
    again = b.log.append("op.chief", a("unit", unit="KWD", exponent=2, name="Dinar"))
    given = b.log.append("hope.li2", a("donation", **GIFT, unit="KWD", amount=1000), flows=b.log.into("school-desks/KWD", 1000))
    b.show(given, again)
    yield POLICY, audit("exponent", again, 0)
    b.whole_log = True
    yield LOG, broken("reference", again, 0)


@attack(OPERATOR, bundle)
def bundle_of_a_fund_declared_again(b: BundleForge) -> Hearing:
    """A charity declares its endowment again as free money, spends it, and shows only that to the donor."""
    b.log.append("hope.li2 hope.wang", a("fund", **FUND, restriction="endowment"))
    again = b.log.append("hope.li2 hope.wang", a("fund", **FUND, restriction="unrestricted"))
    given = gift(b.log, 50, "capital")
    start, end = b.log.value(given)["flows"][0][3:]
    paid = b.log.append("hope.li2", payment(50, "capital", units=[[start, end]]), flows=[[0, "-", "capital/CNY", start, end]])
    b.show(given, again, paid)
    yield POLICY, unseen(EARLIER, "All entries of the log: a full audit.")
    b.whole_log = True
    yield LOG, broken("reference", again, 0, also=(("restriction", paid, 0),))
