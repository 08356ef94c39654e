"""Words for what the ledger calls by ids: states, kinds, levels of receipts, roles, classes of cost, stages."""

from __future__ import annotations

from .voice import Voice, marked

STATES = {
    "held": marked("waiting in the fund"), "allocated": marked("set aside for an activity"), "paid": marked("paid, no receipt yet"),
    "received": marked("receipt given"), "reported": marked("reported on"), "fee": marked("kept as fee"),
    "refunded": marked("given back to the donor"), "covered": marked("given back to the donor out of another fund"),
    "written-off": marked("written off as lost"),
}  # fmt: skip
KINDS = {
    "ledger": marked("beginning of the ledger"), "rules": marked("change of rules"), "party": marked("admission of a party"),
    "key": marked("new key"), "key-revocation": marked("revocation of a key"), "recovery": marked("recovery of a party"),
    "unit": marked("unit of account"), "fund": marked("fund"), "project": marked("project"), "activity": marked("activity"),
    "donation": marked("gift"), "income": marked("other income"), "allocation": marked("allocation"),
    "progress": marked("progress"), "payment": marked("payment"), "exchange": marked("exchange"), "delivery": marked("delivery"),
    "write-off": marked("write-off"), "payment-return": marked("return of a payment"), "receipt": marked("receipt"),
    "feedback": marked("feedback"), "refund": marked("refund"), "reversal": marked("reversal"),
    "source": marked("imported file"),
    "statistics": marked("signed statistics"), "consent": marked("consent"), "erasure": marked("erasure"),
    "acknowledgement": marked("closing of a finding"),
}  # fmt: skip
LEVELS = {
    "recipient-signed": marked("signed by the recipient"), "third-party": marked("signed by a third party"),
    "self-declared": marked("declared by the payer itself"),
}  # fmt: skip
ROLES = {
    "operator": marked("operator of the ledger"), "platform": marked("platform"), "charity": marked("charity"),
    "implementer": marked("implementer"), "vendor": marked("vendor"), "beneficiary": marked("beneficiary"),
    "sponsor": marked("sponsor"), "custodian": marked("bank or payment channel"), "inspector": marked("inspector"),
    "auditor": marked("auditor"), "regulator": marked("regulator"),
}  # fmt: skip
COSTS = {
    "programme": marked("programme"), "fundraising": marked("fundraising"), "administration": marked("administration"),
}  # fmt: skip
STAGES = {"receipt": marked("receipt"), "feedback": marked("feedback")}


def state_words(voice: Voice, state: str) -> str:
    """A state of units (books §4)."""
    return _said(voice, STATES, state)


def kind_words(voice: Voice, kind: str) -> str:
    """A kind of record."""
    return _said(voice, KINDS, kind)


def level_words(voice: Voice, level: str) -> str:
    """A level of a receipt."""
    return _said(voice, LEVELS, level)


def role_words(voice: Voice, role: str) -> str:
    """A role of a party."""
    return _said(voice, ROLES, role)


def cost_words(voice: Voice, cost_class: str) -> str:
    """A class of cost."""
    return _said(voice, COSTS, cost_class)


def stage_words(voice: Voice, stage: str) -> str:
    """A stage that a project promises by a day."""
    return _said(voice, STAGES, stage)


def _said(voice: Voice, words: dict[str, str], name: str) -> str:
    """The words for a name; the name itself where there are none, as of a kind that came later."""
    return voice.say(words[name]) if name in words else name
