"""What the pages of projects and of charities both list: funds, and the newest payments."""

from __future__ import annotations

from typing import Any, NamedTuple

from ledger.canonical import JsonObject
from ledger.view.account import Account, accounts_by_fund
from ledger.view.snapshot import Snapshot

from .steps import fund_name
from .totals import LISTED

PAYMENTS = 12
FUNDS = 40


class FundRow(NamedTuple):
    """A fund, and its line in one unit."""

    fund: str
    name: str
    kind: str
    line: Account


def fund_rows(snapshot: Snapshot, *, project: str = "", charity: str = "") -> list[FundRow]:
    """The funds of a project or a charity in which something moved."""
    lines = accounts_by_fund(snapshot, project=project, charity=charity)
    return [
        FundRow(fund, fund_name(snapshot, fund), snapshot.books.fund[fund].kind, line)
        for fund in list(lines)[:LISTED]
        for line in lines[fund]
    ]


def payments(snapshot: Snapshot, *, project: str = "", party: str = "") -> list[JsonObject]:
    """The newest payments of a project or a party."""
    page = snapshot.records(kind="payment", limit=PAYMENTS, newest_first=True, project=project, party=party)
    rows = []
    for item in page.items:
        record: Any = item.record
        rows.append({
            "ref": item.ref, "payee": snapshot.books.disbursement[item.ref].payee, "amount": record.amount,
            "unit": record.unit, "day": record.paid_on, "cost_class": record.cost_class, "purpose": record.purpose or "",
        })  # fmt: skip
    return rows
