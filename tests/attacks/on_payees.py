"""Money for friends: payments through related parties and to groups, and what tells."""

from __future__ import annotations

from typing import Any

from tests.golden.telling import a

from .case import CHARITY, POLICY, Hearing, attack, broken, unseen
from .forging import LogForge, gift, paid, story
from .scene import TODAY

LIST = "A" * 43


def relation(of: str, to: str, **members: Any) -> dict[str, Any]:
    """One party is said to control another since May."""
    return a("relation", of=of, to=to, **{"nature": "control", "starts_on": "2026-05-01", **members})


@attack(CHARITY, story)
def relation_declared_after_the_payment(f: LogForge) -> Hearing:
    """A charity pays a shop of its founder, and their relation is recorded the day the bill is settled."""
    paid(f, 100)
    f.append("shop.zhao", relation("shop", "hope"))
    yield POLICY, unseen(
        "A relation counts from its entry on: nobody can say what others did not know.", "The register of companies."
    )


@attack(CHARITY, story)
def relation_that_pauses_for_a_payment(f: LogForge) -> Hearing:
    """A shop says that its relation to a charity has ended long ago, and is paid."""
    f.append("shop.zhao", relation("shop", "hope"))
    ended = f.append("shop.zhao", relation("shop", "hope", ends_on="2026-05-02"))
    paid(f, 100)
    yield POLICY, broken("day", ended, 0)


@attack(CHARITY, story)
def payment_dated_before_the_relation(f: LogForge) -> Hearing:
    """A charity pays a shop of its own, and writes the day before they were related on the payment."""
    f.append("hope.li2 hope.wang", relation("shop", "hope", starts_on=TODAY))
    index = paid(f, 100, paid_on="2026-05-02")
    yield POLICY, broken("related-party", index, 0)


@attack(CHARITY, story)
def payment_through_a_friend_of_a_friend(f: LogForge) -> Hearing:
    """A charity is controlled by a party that manages the shop which it pays."""
    f.append("auditco.chen", relation("gate", "hope"), relation("gate", "shop", nature="management"))
    paid(f, 100)
    yield POLICY, unseen(
        "Relations are not passed on, but for two parties that a third controls.",
        "The relations of each party, which are in the log.",
    )


@attack(CHARITY, story)
def payment_for_the_officers_own_company(f: LogForge) -> Hearing:
    """An officer pays the company that is on record as the officer's own, and says that it is related."""
    f.append("hope.li2 hope.wang", relation("hope", "shop", officer="wang"))
    index = paid(f, 100, by="hope.wang", related="control")
    yield POLICY, broken("conflict-of-interest", index, 0)


@attack(CHARITY, story)
def receipt_by_a_friend_of_the_shop(f: LogForge) -> Hearing:
    """A party that controls the shop says as a third party that the shop was paid."""
    f.append("gate.sun", relation("gate", "shop"))
    index = paid(f, 100)
    receipt = a("receipt", of=f"{index}.0", amount=100, level="third-party", received_on=TODAY)
    yield POLICY, broken("authority", f.append("gate.sun", receipt), 0)


@attack(CHARITY, story)
def payroll_of_people_who_are_not(f: LogForge) -> Hearing:
    """An officer pays a payroll of people who do not work there, and commits to a list of invented names."""
    gift(f, 9000)
    said = a("payment", fund="school-desks", unit="CNY", amount=100, cost_class="administration", paid_on=TODAY,
             group={"group_class": "payroll", "people": 12, "list": LIST})  # fmt: skip
    f.append("hope.li2", said, flows=f.out("school-desks/CNY", 100))
    yield POLICY, unseen("A digest says that there is a list, not who is on it.", "The list with its salt, and the tax office.")
