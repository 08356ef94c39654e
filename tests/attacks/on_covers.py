"""Refunds out of another fund, by which a gift shall seem to be where it is not."""

from __future__ import annotations

from typing import Any

from tests.golden.telling import a

from .case import CHARITY, OPERATOR, POLICY, Hearing, attack, broken
from .forging import BundleForge, LogForge, bundle, gift, paid, story
from .scene import TODAY

BOTH = "hope.li2 hope.wang"
DESKS = "school-desks/CNY"
GENERAL = "hope-general/CNY"


def covers(gift: int, fund: str, units: list[list[int]]) -> dict[str, Any]:
    """Units of the gift are paid back out of the general fund."""
    return a("refund", gift=f"{gift}.0", fund=fund, unit="CNY", reason="legal", refunded_on=TODAY,
             cover={"fund": "hope-general", "units": units})  # fmt: skip


@attack(OPERATOR, bundle)
def bundle_that_says_that_refunded_money_waits(b: BundleForge) -> Hearing:
    """A gift was allocated, and paid back out of another fund; the bundle says that it waits in the activity."""
    given = gift(b.log, 40, fund="hope-school")
    start, end = b.log.value(given)["flows"][0][3:]
    into = b.log.into(DESKS, 40)
    moved = b.log.append("hope.li2", a("allocation", fund="hope-school", to="school-desks", unit="CNY", amount=40),
                         flows=[[0, "-", "hope-school/CNY", start, end], *into])  # fmt: skip
    back = b.log.append(BOTH, covers(given, "hope-school", [[start, end]]), flows=b.log.out(GENERAL, 40))
    b.show(given, moved, back)
    b.value["ranges"] = [{**one, "state": "allocated"} for one in b.value["ranges"]]
    yield POLICY, broken("tape-flow", given, 0)


@attack(OPERATOR, bundle)
def bundle_that_hides_behind_a_refund_whom_money_went_to(b: BundleForge) -> Hearing:
    """A gift was paid to a shop, and paid back out of another fund; the path in the bundle leaves the shop out."""
    given = gift(b.log, 40)
    start, end = b.log.value(given)["flows"][0][3:]
    spent = paid(b.log, 40, units=[[start, end]])
    back = b.log.append(BOTH, covers(given, "school-desks", [[start, end]]), flows=b.log.out(GENERAL, 40))
    b.show(given, spent, back)
    b.value["ranges"] = [{**one, "path": one["path"][1:]} for one in b.value["ranges"]]
    yield POLICY, broken("tape-flow", given, 0)


@attack(CHARITY, story)
def cover_of_money_that_is_still_in_its_fund(f: LogForge) -> Hearing:
    """A charity pays a gift back out of its general fund, and keeps the units of the gift, which it has not touched."""
    given = gift(f, 40)
    start, end = f.value(given)["flows"][0][3:]
    yield POLICY, broken("overdraft", f.append(BOTH, covers(given, "school-desks", [[start, end]]), flows=f.out(GENERAL, 40)), 0)
