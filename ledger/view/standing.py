"""What a party is in a payment or delivery when it says something about it: whether that is the charity's own word."""

from __future__ import annotations

from typing import Literal

from ..books.rows import Disbursement
from ..books.state import Books

Standing = Literal[
    "charity", "was-paid", "got-the-goods", "did-the-work", "inspector", "auditor", "regulator", "custodian", "other",
]
OWN: Standing = "charity"
"""Its word about the payment is the charity's own."""
OVERSEERS: tuple[Standing, ...] = ("inspector", "auditor", "regulator")


def standing_in(books: Books, party: str, row: Disbursement) -> Standing:
    """What a party is in a payment or delivery: `charity` that made it, whatever else it is; `was-paid` or
    `got-the-goods`; or what it is in the activity (`standing_in_activity`)."""
    if party == row.party:
        return OWN
    if party == row.payee:
        return "was-paid" if row.kind == "payment" else "got-the-goods"
    return standing_in_activity(books, party, row.fund)


def standing_in_activity(books: Books, party: str, fund: str) -> Standing:
    """What a party is in the fund of an activity: the `charity` that owns it; one that `did-the-work`, as the activity names it; an
    overseer or a `custodian` by its role in the ledger; or some `other` party."""
    owner, activity = books.fund.get(fund), books.activity.get(fund)
    if owner is not None and owner.owner == party:
        return OWN
    if activity is not None and party in activity.implementers:
        return "did-the-work"
    row = books.party.get(party)
    roles = row.roles if row else ()
    return next((role for role in (*OVERSEERS, "custodian") if role in roles), "other")
