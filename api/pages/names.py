"""Words for what the ledger calls by ids: states, kinds, levels of receipts, roles, classes of cost, stages, verdicts,
classes of findings."""

from __future__ import annotations

from collections.abc import Mapping

from .locale import Voice, marked

STATES = {
    "held": marked("waiting in the fund"), "allocated": marked("set aside for an activity"), "paid": marked("paid, no receipt yet"),
    "received": marked("receipt given"), "reported": marked("reported on"), "fee": marked("kept as fee"),
    "refunded": marked("given back to the donor"), "covered": marked("given back to the donor out of another fund"),
    "written-off": marked("written off as lost"),
}  # fmt: skip
KINDS = {
    "ledger": marked("beginning of the ledger"), "rules": marked("change of rules"), "party": marked("admission of a party"),
    "key": marked("new key"), "key-revocation": marked("revocation of a key"), "recovery": marked("recovery of a party"),
    "succession": marked("continuation of a log that ended"),
    "unit": marked("unit of account"), "fund": marked("fund"), "project": marked("project"), "activity": marked("activity"),
    "donation": marked("gift"), "income": marked("other income"), "allocation": marked("allocation"),
    "progress": marked("progress"), "payment": marked("payment"), "exchange": marked("exchange"), "delivery": marked("delivery"),
    "write-off": marked("write-off"), "payment-return": marked("return of a payment"), "receipt": marked("receipt"),
    "feedback": marked("feedback"), "refund": marked("refund"), "reversal": marked("reversal"),
    "reference-key": marked("key of references"), "source": marked("imported file"),
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
VERDICTS = {
    "verified": marked("verified"), "verified, unwitnessed": marked("verified, unwitnessed"),
    "partly verified": marked("partly verified"), "failed": marked("failed"), "could not verify": marked("could not verify"),
}  # fmt: skip
WEIGHTS = {"broken": marked("broken"), "unknown": marked("could not be checked"), "audit": marked("for people to judge")}
TABLES = {
    "state": STATES, "kind": KINDS, "level": LEVELS, "role": ROLES, "cost": COSTS, "stage": STAGES, "verdict": VERDICTS,
    "weight": WEIGHTS,
}  # fmt: skip
"""In a template `kind_words(name)` says a name of the table `kind`, and so on."""


def words(voice: Voice, table: Mapping[str, str], name: str) -> str:
    """The words that a table has for a name; the name itself where there are none, as of a kind that came later."""
    return voice.say(table[name]) if name in table else name
