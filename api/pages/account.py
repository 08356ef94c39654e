"""The line of accounts as pages show it."""

from __future__ import annotations

from ledger.view.account import Account, accounts
from ledger.view.snapshot import Snapshot


def account_lines(snapshot: Snapshot, **scope: str) -> list[Account]:
    """The line of each unit, first that of the unit with the most records."""
    return sorted(accounts(snapshot, **scope), key=lambda line: (-sum(term.records for term in line.terms), line.unit))
