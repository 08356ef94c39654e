"""What was said and is taken back for a moment: relations, mandates and custodians; and what one says to harm others."""

from __future__ import annotations

from tests.golden.telling import a

from .case import CHARITY, POLICY, Hearing, attack, audit, broken, unseen
from .forging import LogForge, gift, paid, story
from .on_payees import relation
from .scene import TODAY

OFFICERS = "hope.li2 hope.wang"
THROUGH_WANG = {"nature": "family", "officer": "wang"}


@attack(CHARITY, story)
def officer_left_out_of_a_relation_for_a_payment(f: LogForge) -> Hearing:
    """An officer's relation to a shop is said again without the officer, who then pays the shop."""
    f.append(OFFICERS, relation("hope", "shop", **THROUGH_WANG))
    index = f.append(OFFICERS, relation("hope", "shop", nature="family"))
    paid(f, 100, by="hope.wang", related="family")
    yield POLICY, broken("authority", index, 0)


@attack(CHARITY, story)
def control_called_something_else_for_a_payment(f: LogForge) -> Hearing:
    """A charity calls the party that controls it and a shop its main donor, and pays the shop."""
    f.append("auditco.chen", relation("gate", "shop"))
    f.append(OFFICERS, relation("gate", "hope"))
    index = f.append(OFFICERS, relation("gate", "hope", nature="main-donor"))
    paid(f, 100)
    yield POLICY, broken("authority", index, 0)


@attack(CHARITY, story)
def auditor_that_ends_its_own_relation(f: LogForge) -> Hearing:
    """An auditor that belongs to a charity says that it ended last year, and judges again."""
    f.append("auditco.chen", relation("hope", "auditco"))
    index = f.append("auditco.chen", relation("hope", "auditco", ends_on="2026-05-02"))
    yield POLICY, broken("day", index, 0)


@attack(CHARITY, story)
def donor_that_is_helped_itself(f: LogForge) -> Hearing:
    """An organisation gives to a fund, and is the beneficiary of it."""
    gift(f, 9000, donor="village")
    yield POLICY, audit("related-beneficiary", paid(f, 100, payee="village"), 0)


@attack(CHARITY, story)
def relation_that_only_one_of_the_two_says(f: LogForge) -> Hearing:
    """A shop says that it belongs to a charity, and the charity pays it and says nothing."""
    f.append("shop.zhao", relation("shop", "hope"))
    paid(f, 100)
    yield POLICY, unseen(
        "What one says alone binds only that one: else anyone could make a relative of a rival.",
        "The relations that one side alone has said, which are in the log; an overseer who says it of both.",
    )


@attack(CHARITY, story)
def second_that_is_nobody_for_a_receipt(f: LogForge) -> Hearing:
    """A platform is named as second, is dropped, acknowledges as a third party what was paid meanwhile, and is named again."""
    f.append(OFFICERS, a("mandate", second="gate"))
    index = paid(f, 100)
    f.append(OFFICERS, a("mandate"))
    receipt = a("receipt", of=f"{index}.0", amount=100, level="third-party", received_on=TODAY)
    yield POLICY, broken("authority", f.append("gate.sun", receipt), 0)
