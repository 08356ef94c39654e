"""The words of `signing`: which party makes a record, and who signs it. `authority.py` judges by them. Here is what each means, for
people, and which members it reads: a class that uses the word must have them."""

from __future__ import annotations

from typing import NamedTuple


class Signing(NamedTuple):
    """Who signs a kind. `author` is the relation that the party making the statement must have to the record; the signatures must
    meet each of `must`; parties with the relations `may` may sign too."""

    author: str
    must: tuple[str, ...] = ()
    may: tuple[str, ...] = ()


class Meaning(NamedTuple):
    """A word of `signing` for people, and the members of a record that it reads: required ones, and optional ones."""

    sentence: str
    reads: tuple[str, ...] = ()
    may_read: tuple[str, ...] = ()


RELATIONS = {
    "operator": Meaning("the operator of the ledger"),
    "operator, regulator or auditor": Meaning("the operator, a regulator or an auditor"),
    "any party": Meaning("any party with a key, about itself"),
    "owner of the fund": Meaning("the party that owns the fund named", ("fund",)),
    "owner of the parent fund": Meaning(
        "the party that owns the parent fund, or any party if there is no parent", ("parent_fund",),
    ),
    "holder of the key": Meaning("the party that the key belongs to", ("key",)),
    "owner of the disbursement": Meaning("the party that made the payment or delivery", ("disbursements",)),
    "recipient of the disbursement": Meaning("the party that was paid, or that received the goods", ("disbursements",)),
    "acknowledger": Meaning(
        "by level: `recipient-signed` the recipient, where that is not the owner; `confirmed` the custodian of the channel paid "
        "by, as the owner's mandate names it, who is not related to owner or recipient, or with a `line` the owner; "
        "`third-party` neither of them, nor the `second` of the owner's mandate, the operator, a party that leads or implements "
        "an activity of the project paid from, or whose grant was taken into the tree of the fund, nor who is related to one of "
        "these on the day received or the entry's, by what is on record; `holder-signed` any party; `documented` and "
        "`self-declared` the owner",
        ("disbursements", "level", "received_on"), ("line",),
    ),
    "owner or implementer of the activity": Meaning(
        "the owner of the activity, or a party that it names as implementer", ("activity",),
    ),
    "concerned by the disbursement or activity": Meaning(
        "owner, implementer or recipient of all that it is about, or an inspector, auditor or regulator who is none of these",
        ("disbursements",), ("activity",),
    ),
    "one of the two, or an overseer": Meaning(
        "one of the two parties that it is about, or an auditor, inspector or regulator", ("of", "to"),
    ),
    "custodian of the channel": Meaning(
        "the custodian of the channel by the mandate of the fund's owner, who has the role `custodian` or `platform` and is not "
        "related to the owner", ("fund", "channel", "to_day"),
    ),
    "party that counted": Meaning("the party whose people counted", ("counted_by",)),
    "maker of the record": Meaning("the party that made the record that is undone", ("of",)),
}  # fmt: skip
"""The relation to the record that the party making the statement must have."""
DEMANDS = {
    "own rule": Meaning("two officers, once the party has two"),
    "own rule or delay": Meaning(
        "two officers, once the party has two; what takes effect after a delay is delayed less where a party signs in place of the "
        "second officer",
    ),
    "two officers": Meaning("two different officers of the party; where it has one officer, one and the `second` or an overseer"),
    "new key": Meaning("the key that is introduced, unless the books have it already"),
    "two officers above the threshold": Meaning(
        "two officers, when what the party gives to the payee or class of groups on that day, or records on one day, exceeds the "
        "threshold of its mandate; where it has one officer, one and the mandate's `second` or an overseer, who is neither the "
        "payee nor related to it on the day paid or the entry's",
    ),
    "second signature": Meaning(
        "a second officer, or an auditor, inspector or regulator; where the party has one officer, or its mandate's `second`; "
        "none of them the payee or related to it"
    ),
    "custodian or second signature": Meaning(
        "the custodian of the channel, or else as `second signature`", ("fund", "channel", "to_day"),
    ),
    "overseer": Meaning(
        "an auditor, inspector or regulator, or the mandate's `second`, who is neither the payee nor related to it",
    ),
    "others who signed": Meaning(
        "the payee of a payment or delivery, where it signed a receipt that is not void; an auditor, inspector or regulator, where "
        "the record undone names `approval` in its breach",
        ("of",),
    ),
    "auditor or regulator": Meaning("an auditor or a regulator, in addition to the operator"),
}
"""What the signatures must meet."""
