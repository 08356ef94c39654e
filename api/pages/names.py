"""Words for the ids in the ledger: states, kinds, levels of receipts, roles, classes of cost, stages, verdicts, classes of
findings, rules of conduct, groups, relations."""

from __future__ import annotations

from collections.abc import Mapping

from .locale import Voice, marked
from .payees import GROUPS, NATURES

STATES = {
    "held": marked("waiting in the fund"), "allocated": marked("set aside for an activity"), "paid": marked("paid, no receipt yet"),
    "received": marked("receipt given"), "reported": marked("feedback given"),
    "disputed": marked("disputed"), "fee": marked("kept as a fee"),
    "refunded": marked("given back to the donor"), "covered": marked("given back to the donor from another fund"),
    "written-off": marked("written off as lost"), "void": marked("void: should not have been recorded"),
}  # fmt: skip
STAGES = {
    "reported": marked("reported, receipt signed by somebody else"),
    "reported-self": marked("reported, receipt by the charity itself"),
    "signed": marked("receipt signed by somebody else"), "self": marked("receipt by the charity itself"),
    "paid": marked("paid, no receipt yet"), "disputed": marked("disputed: two records do not agree"),
    "allocated": marked("set aside for an activity"), "held": marked("waiting in the fund"), "fee": marked("kept as a fee"),
    "written-off": marked("written off as lost"), "refunded": marked("given back to the donor"),
    "void": marked("void: entered by mistake"),
}  # fmt: skip
"""The stages of money, each with a sign and a bar of its own."""
KINDS = {
    "ledger": marked("start of the ledger"), "rules": marked("change of rules"), "party": marked("new party"),
    "relation": marked("relation of two parties"), "contact": marked("how to reach a party"),
    "key": marked("new key"), "key-revocation": marked("key revoked"), "recovery": marked("new keys for a party"),
    "mandate": marked("mandate"), "key-withdrawal": marked("change of a key withdrawn"),
    "clock-correction": marked("clock corrected"),
    "succession": marked("continuation of an earlier log"),
    "unit": marked("unit of account"), "fund": marked("fund"), "project": marked("project"), "activity": marked("activity"),
    "donation": marked("gift"), "income": marked("other income"), "allocation": marked("allocation"),
    "progress": marked("progress"), "payment": marked("payment"), "exchange": marked("exchange"), "delivery": marked("delivery"),
    "write-off": marked("write-off"), "payment-return": marked("payment returned"), "receipt": marked("receipt"),
    "feedback": marked("feedback"), "refund": marked("refund"), "reversal": marked("reversal"), "correction": marked("correction"),
    "reference-key": marked("reference key"), "source": marked("imported file"),
    "statistics": marked("signed statistics"),
    "regional-statistics": marked("signed statistics by region"), "consent": marked("consent"), "erasure": marked("erasure"),
    "bank-statement": marked("bank statement"), "stocktake": marked("stocktake"),
    "acknowledgement": marked("finding closed"), "requirement": marked("legal requirement"), "rate": marked("exchange rate"),
    "timestamp": marked("timestamp"),
}  # fmt: skip
LEVELS = {
    "recipient-signed": marked("signed by the recipient"), "confirmed": marked("confirmed by the bank"),
    "third-party": marked("signed by a third party"),
    "holder-signed": marked("signed with the holder’s one-time key"),
    "documented": marked("declared by the payer, with documents"), "self-declared": marked("declared by the payer"),
}  # fmt: skip
RECEIPTS = {
    "recipient-signed": marked("signed by the payee"), "confirmed": marked("confirmed by the bank"),
    "third-party": marked("signed by a third party"), "holder-signed": marked("signed with the holder’s one-time key"),
    "documented": marked("by the charity itself, with documents"), "self-declared": marked("by the charity itself"),
    "disputed": marked("disputed"), "overdue": marked("overdue"), "missing": marked("missing"),
    "taken": marked("taken by the payee into a fund of its own"), "returned": marked("came back"),
}  # fmt: skip
"""Who signed a receipt for a payment, or that nobody did (`ledger.view.payment_stages`)."""
ROLES = {
    "operator": marked("operator of the ledger"), "platform": marked("platform"), "charity": marked("charity"),
    "implementer": marked("implementer"), "vendor": marked("vendor"), "beneficiary": marked("beneficiary"),
    "sponsor": marked("sponsor"), "custodian": marked("bank or payment institution"), "inspector": marked("inspector"),
    "auditor": marked("auditor"), "regulator": marked("regulator"),
}  # fmt: skip
STANDINGS = {
    "charity": marked("the charity itself"), "was-paid": marked("was paid"), "got-the-goods": marked("received the goods"),
    "did-the-work": marked("did the work"),
    "inspector": marked("inspector"), "auditor": marked("auditor"), "regulator": marked("regulator"),
    "custodian": marked("bank or payment institution"), "other": marked("another party"),
}  # fmt: skip
"""What a party is in a payment of which it says something (`ledger.view.standing`)."""
COSTS = {
    "programme": marked("programme"), "fundraising": marked("fundraising"), "administration": marked("administration"),
}  # fmt: skip
MEMBERS = {
    "day": marked("day"), "cost_class": marked("type of cost"), "channel": marked("channel"),
    "channel_ref": marked("reference of the channel"), "invoice": marked("invoice"),
    "invoice_amount": marked("amount of the invoice"),
}  # fmt: skip
CONDUCT = {
    "conflict-of-interest": marked("an officer signed who is related to the other party"),
    "approval": marked("a second signature was missing"), "cost-limit": marked("more was spent on a class of costs than promised"),
    "duplicate-invoice": marked("more was paid of an invoice than it comes to"),
    "self-payment": marked("the party paid or delivered to itself"),
}  # fmt: skip
PROMISED = {"receipt": marked("receipt"), "feedback": marked("feedback")}
VERDICTS = {
    "verified": marked("verified"), "verified, unwitnessed": marked("verified, unwitnessed"),
    "partly verified": marked("partly verified"), "failed": marked("failed"), "could not verify": marked("could not verify"),
}  # fmt: skip
WEIGHTS = {"broken": marked("broken"), "unknown": marked("could not be checked"), "audit": marked("for people to judge")}
TERMS = {
    "opening": marked("Opening balance"), "given": marked("Given"), "fees": marked("Kept as fees"),
    "granted": marked("Received from other funds"), "income": marked("Other income"),
    "returned": marked("Came back from payees"), "moved": marked("Moved between funds"), "exchanged": marked("Exchanged"),
    "bought": marked("Bought"), "paid": marked("Paid"), "delivered": marked("Delivered"),
    "written-off": marked("Written off"), "refunded": marked("Given back to donors"), "left": marked("Left"),
    "spent": marked("Paid and delivered, less what came back"),
}  # fmt: skip
LISTS = {
    "parties": marked("Parties"), "projects": marked("Projects"), "funds": marked("Funds"), "donations": marked("Gifts"),
    "payments": marked("Payments"), "deliveries": marked("Deliveries"), "receipts": marked("Receipts"),
    "feedback": marked("Feedback"), "entries": marked("Entries"), "records": marked("Records of all kinds"),
}  # fmt: skip
TABLES = {
    "state": STATES, "kind": KINDS, "level": LEVELS, "role": ROLES, "cost": COSTS, "stage": STAGES, "promised": PROMISED,
    "verdict": VERDICTS, "weight": WEIGHTS, "list": LISTS, "conduct": CONDUCT, "member": MEMBERS, "group": GROUPS,
    "nature": NATURES, "term": TERMS, "standing": STANDINGS, "receipt": RECEIPTS,
}  # fmt: skip
"""In a template, `kind_words(name)` gives the words for a name in the table `kind`, and so on."""


def words(voice: Voice, table: Mapping[str, str], name: str) -> str:
    """The words for a name in a table; the name itself if it has none, such as a kind that was added later."""
    return voice.say(table[name]) if name in table else name
