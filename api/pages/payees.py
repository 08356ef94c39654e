"""Words for the classes of groups that are paid or get goods, and for how parties are related."""

from __future__ import annotations

from .locale import marked

GROUPS = {
    "payroll": marked("staff (payroll)"), "expense-claims": marked("staff and volunteers (expense claims)"),
    "beneficiaries": marked("beneficiaries"), "tax": marked("tax authorities (taxes)"), "bank-charges": marked("banks (charges)"),
    "small-purchases": marked("shops (small purchases)"), "own-use": marked("the charity itself (own use)"),
}  # fmt: skip
NATURES = {
    "founder": marked("founder"), "control": marked("control"), "common-control": marked("controlled by the same party"),
    "significant-influence": marked("significant influence"), "management": marked("management"), "family": marked("family"),
    "main-donor": marked("main donor"),
}  # fmt: skip
