"""Words for the values that a member of a record can have, if it has one of a few."""

from __future__ import annotations

from .locale import marked

INCOMES = {
    "opening-balance": marked("opening balance"), "interest": marked("interest"), "sale": marked("sale"),
    "service": marked("service"), "membership": marked("membership"), "fees": marked("fees"), "investment": marked("investment"),
    "public-grant": marked("public grant"), "tax-relief": marked("tax relief"), "recovery": marked("recovery of a loss"),
    "advance": marked("advance"), "unstated": marked("source not stated"),
}  # fmt: skip
REFUNDS = {
    "donor-request": marked("at the donor’s request"), "purpose-failed": marked("the purpose could not be carried out"),
    "legal": marked("required by law"),
}  # fmt: skip
CAUSES = {"loss": marked("lost"), "expiry": marked("expired"), "disposal": marked("disposed of")}
REVOCATIONS = {
    "rotated": marked("replaced by a new key"), "lost": marked("lost"), "compromised": marked("known to others"),
    "officer-left": marked("the officer left"),
}  # fmt: skip
DECISIONS = {"granted": marked("granted"), "withdrawn": marked("withdrawn")}
GROUNDS = {
    "request": marked("at the person’s request"), "consent-withdrawn": marked("the person withdrew their consent"),
    "retention-ended": marked("the period for keeping it ended"), "legal": marked("required by law"),
}  # fmt: skip
RESTRICTIONS = {
    "unrestricted": marked("unrestricted"), "restricted": marked("restricted to its purpose"), "endowment": marked("endowment"),
}  # fmt: skip
ENTITIES = {"organisation": marked("organisation"), "person": marked("person")}
PERIODS = {"month": marked("month"), "day": marked("day")}
REQUIREMENTS = {
    "fee/custodian": marked("largest fee of a bank or payment institution"), "fee/platform": marked("largest fee of a platform"),
    "rate/tolerance": marked("how far an exchange rate may differ"),
}  # fmt: skip
