"""What the pages of projects and of charities both list: funds, and the newest payments."""

from __future__ import annotations

from typing import Any, NamedTuple

from ledger.canonical import JsonObject
from ledger.view.figures import fund_figures
from ledger.view.snapshot import Snapshot

from .steps import fund_name
from .totals import LISTED

PAYMENTS = 12
FUNDS = 40


class FundRow(NamedTuple):
    """A fund in one unit."""

    fund: str
    name: str
    kind: str
    unit: str
    inflow: int
    outflow: int
    balance: int


def fund_rows(snapshot: Snapshot, **scope: str) -> list[FundRow]:
    """The funds of a project or a charity, and their content."""
    figures = fund_figures(snapshot, **scope)
    return [
        FundRow(
            row.fund,
            fund_name(snapshot, row.fund),
            snapshot.books.fund[row.fund].kind,
            row.unit,
            row.inflow,
            row.outflow,
            row.balance,
        )
        for row in figures[:LISTED]
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
