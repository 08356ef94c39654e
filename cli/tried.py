"""Words that people try as a kind of record or as a command, and what each is called here."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

KIND = {
    "void": "reversal", "undo": "reversal", "cancel": "reversal", "storno": "reversal", "delete": "reversal", "remove": "reversal",
    "revert": "reversal", "reverse": "reversal", "edit": "correction", "amend": "correction", "change": "correction",
    "fix": "correction", "return": "payment-return", "repayment": "payment-return", "gift": "donation", "expense": "payment",
    "spend": "payment", "pay": "payment", "invoice": "payment", "purchase": "payment", "grant": "payment", "transfer": "allocation",
    "confirm": "receipt", "acknowledge": "receipt", "threshold": "mandate", "rule": "rules", "revoke": "key-revocation",
    "loss": "write-off", "damage": "write-off", "count": "stocktake", "inventory": "stocktake", "statement": "bank-statement",
    "report": "progress", "complaint": "feedback", "law": "requirement", "vendor": "party", "charity": "party", "auditor": "party",
    "currency": "unit", "related": "relation",
}  # fmt: skip
COMMAND = {
    "audit": "verify", "check": "verify", "sign": "approve", "cosign": "approve", "new": "init", "create": "init", "help": "--help",
    "bundle": "proof", "follow": "trace", "show": "trace", "sync": "mirror", "server": "serve", "why": "explain",
}  # fmt: skip


def meant(word: str, names: Iterable[str], called: dict[str, str]) -> str:
    """What a word that is not a command may mean: what it is called here, or else a name that is like it; "" if there is none."""
    near = get_close_matches(word, list(names), 1)
    return called.get(word) or (near[0] if near else "")
