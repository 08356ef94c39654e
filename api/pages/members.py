"""The members of records in words: what each is called on a page, and in which form its value is shown."""

from __future__ import annotations

from collections.abc import Mapping

from .choices import CAUSES, DECISIONS, ENTITIES, GROUNDS, INCOMES, PERIODS, REFUNDS, REQUIREMENTS, RESTRICTIONS, REVOCATIONS
from .locale import marked
from .names import CONDUCT, COSTS, KINDS, LEVELS, ROLES
from .payees import GROUPS, NATURES

MEMBERS = {
    "text": {
        "basis": marked("Article of the law"), "complaints": marked("Complaints"), "email": marked("E-mail"),
        "telephone": marked("Telephone"), "web": marked("Web address"), "batch": marked("Batch"), "filing": marked("Filing number"),
        "identifier": marked("Registration number"), "mapping": marked("Read by the mapping"), "measured_in": marked("Measured in"),
        "method": marked("Method"), "name": marked("Name"), "note": marked("Note"), "operator_name": marked("Operator"),
        "purpose": marked("Purpose"), "reason": marked("Reason"), "source": marked("Source"), "label": marked("Label"),
        "indicator": marked("Indicator"), "milestone": marked("Milestone"), "finding": marked("Finding"),
        "officer": marked("Officer"), "place": marked("Place"), "jurisdiction": marked("Place whose law applies"),
        "channel": marked("Channel"), "use": marked("Used for"), "rules": marked("Rules"), "time_zone": marked("Time zone"),
        "code": marked("Code"), "media": marked("Type of file"), "id": marked("Id"), "path": marked("Path in the list"),
        "origin": marked("Name of the log"), "authority": marked("Timestamp authority"), "time": marked("Time (UTC)"),
    },
    "unit": {"unit": marked("Unit"), "to_unit": marked("Unit received")},
    "day": {
        "books_from": marked("Books begin on"), "counted_on": marked("Counted on"), "day": marked("Date"),
        "decided_on": marked("Decided on"), "delivered_on": marked("Delivered on"), "destroy_on": marked("To be destroyed on"),
        "done_on": marked("Done on"), "ends_on": marked("Last day"), "erased_on": marked("Erased on"),
        "exchanged_on": marked("Exchanged on"), "from_day": marked("From"), "paid_on": marked("Paid on"),
        "received_on": marked("Received on"), "refunded_on": marked("Given back on"), "reported_on": marked("Reported on"),
        "returned_on": marked("Came back on"), "starts_on": marked("First day"), "to_day": marked("To"),
        "until_day": marked("Until"),
    },
    "money": {
        "amount": marked("Amount"), "closing": marked("Balance at the end"), "cost": marked("Cost"), "counted": marked("Counted"),
        "fee": marked("Fee"), "fixed": marked("Fixed part for each gift"), "opening": marked("Balance at the beginning"),
        "quantity": marked("Quantity"), "to_amount": marked("Amount received"),
    },
    "count": {
        "baseline": marked("Before"), "target": marked("Target"),
        "bytes": marked("Bytes"), "entered": marked("Rows entered"), "exponent": marked("Decimals"),
        "feedback_days": marked("Days until feedback is due"), "from_size": marked("Counted from entry"),
        "gifts": marked("Number of gifts"), "key_delay_days": marked("Days until a new key is in force"),
        "known": marked("Rows entered before"), "left_out": marked("Rows left out"), "line_count": marked("Number of lines"),
        "number": marked("Number of the line"), "people": marked("Number of people"),
        "receipt_days": marked("Days until a receipt is due"), "rows": marked("Number of rows"),
        "share": marked("Share, in hundredths"), "size": marked("Number of entries"), "value": marked("Value"),
    },
    "party": {
        "counted_by": marked("Counted by"), "custodian": marked("Custodian"), "donor": marked("Donor"),
        "fee_to": marked("Fee kept by"), "implementers": marked("Implementers"), "lender": marked("Lender"),
        "party": marked("Party"), "payee": marked("Paid to"), "second": marked("Second signature"), "via": marked("Given through"),
        "relation.of": marked("Party"), "relation.to": marked("Other party"), "delivery.to": marked("Delivered to"),
    },
    "fund": {
        "activity": marked("Activity"), "fee_from": marked("Fee paid back from fund"), "fund": marked("Fund"),
        "into": marked("Into fund"), "parent": marked("Part of"), "to": marked("To fund"),
    },
    "record": {
        "gift": marked("Gift"), "of": marked("About"), "payments": marked("Payments and deliveries"),
        "repays": marked("Advance that is repaid"), "replaces": marked("Replaces"), "returns": marked("Grant that is paid back"),
        "statement": marked("Bank statement"),
    },
    "code": {
        "account": marked("Account, as a keyed hash"), "channel_ref": marked("Reference of the channel, as a keyed hash"),
        "check_value": marked("Check value"), "digest": marked("Fingerprint (SHA-256)"),
        "digests": marked("Fingerprints of private data"), "document": marked("Paper receipt, as a keyed hash"),
        "key": marked("Public key"), "lines": marked("Root hash over the lines"), "list": marked("Fingerprint of the list"),
        "log_key": marked("Public key of the log"), "private": marked("Fingerprints of private data"),
        "ref": marked("Number, as a keyed hash"), "rest": marked("Fingerprint of the rest of the line"),
        "root": marked("Root hash"),
        "salt": marked("Secret value"), "reference-key.of": marked("Organisation"),
        "delivery.holder": marked("Fingerprint of the recipient’s one-time key"),
        "donation.holder": marked("Fingerprint of the donor’s one-time key"),
        "payment.holder": marked("Fingerprint of the recipient’s one-time key"),
    },
    "ratio": {"rate": marked("Rate"), "ratio": marked("Ratio")},
    "span": {"units": marked("Part of the fund’s money")},
    "parts": {
        "breach": marked("Breach of a rule of conduct"), "budget": marked("Budget"), "cells": marked("Figures"),
        "channels": marked("Channels and who keeps the money"), "continues": marked("Log that is continued"),
        "cost_limits": marked("Limits of costs"), "cover": marked("Paid back from another fund"), "evidence": marked("Files"),
        "fee_limits": marked("Limits of fees"), "gave": marked("The gift that is void"), "goal": marked("Goal"),
        "goods": marked("Goods bought"), "grant": marked("Grant"), "group": marked("Group"), "holder": marked("One-time key"),
        "invoice": marked("Invoice"), "keys": marked("Keys"), "labels": marked("Labels of references"),
        "line": marked("Line of the bank statement"), "major": marked("Major transaction from"),
        "targets": marked("Targets"), "thresholds": marked("Two signatures from"),
    },
}  # fmt: skip
"""By the form of the value, then by the member's name, or by `kind.name` where it means something else in one kind."""
CHOSEN: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "by": (marked("By"), PERIODS), "cause": (marked("Cause"), CAUSES), "cost_class": (marked("Type of cost"), COSTS),
    "decision": (marked("Decision"), DECISIONS), "entity": (marked("Organisation or person"), ENTITIES),
    "findings": (marked("Rules"), CONDUCT), "ground": (marked("Ground"), GROUNDS), "group_class": (marked("Class"), GROUPS),
    "income_class": (marked("Type of income"), INCOMES), "kinds": (marked("Only for"), KINDS), "level": (marked("Level"), LEVELS),
    "nature": (marked("Relation"), NATURES), "receipt_level": (marked("Weakest level of a receipt"), LEVELS),
    "related": (marked("Relation"), NATURES), "restriction": (marked("Restriction"), RESTRICTIONS),
    "roles": (marked("Roles"), ROLES), "refund.reason": (marked("Reason"), REFUNDS),
    "key-revocation.reason": (marked("Reason"), REVOCATIONS), "requirement.name": (marked("Requirement"), REQUIREMENTS),
}  # fmt: skip
"""Members whose value is one of a few: what each is called, and the words for its values."""
FORMS = {name: (form, label) for form, names in MEMBERS.items() for name, label in names.items()}


def form_of(kind: str, member: str) -> tuple[str, str]:
    """(form, label) of a member of a record of that kind, or of a part of one; the form is a key of `MEMBERS`, or `choice`. A
    member that came later is shown as it is."""
    for name in (f"{kind}.{member}", member):
        if name in CHOSEN:
            return "choice", CHOSEN[name][0]
        if name in FORMS:
            return FORMS[name]
    return "text", member


def choices_of(kind: str, member: str) -> Mapping[str, str]:
    """The words for the values of a member whose form is `choice`."""
    return CHOSEN[f"{kind}.{member}" if f"{kind}.{member}" in CHOSEN else member][1]
