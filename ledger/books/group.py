"""A group of people as payee or receiver: 340 salaries are not 340 parties (books §2)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .field import Amount, Digest, Part

GroupClass = Literal["payroll", "expense-claims", "beneficiaries", "tax", "bank-charges", "small-purchases", "own-use"]
PREFIX = "group/"


class Group(Part):
    """The people that were paid, or got the goods, together: of which class they are, how many, and a commitment to the list of
    them. It is one payee for thresholds."""

    group_class: GroupClass = Field(description="What the people have in common, such as payroll; own-use is for goods only.")
    people: Amount = Field(description="How many they are.")
    list: Digest = Field(description="The salted SHA-256 of the list, or the root of a Merkle tree over the members' holders.")


GROUP = "The group that receives it, in place of a party: class, number of people, and digest of their list."


def payee_name(payee: tuple[str | None, str | None]) -> str:
    """The name of a party or, where there is none, of the class of a group, such as `group/payroll`. No party has such a name."""
    party, group_class = payee
    return party if party is not None else f"{PREFIX}{group_class}"


def group_class_of(name: str) -> str:
    """The class of the group of that name; "" for the name of a party."""
    return name.removeprefix(PREFIX) if name.startswith(PREFIX) else ""
