"""The page of a project: what it promises, how far its gifts have come, what waits, what is late, what stands behind it."""

from __future__ import annotations

from typing import Any, NamedTuple

from ledger.canonical import JsonObject
from ledger.view import Snapshot
from ledger.view.figures import fund_figures

from ..v1.project import project_with_figures
from .asking import Asked, Page
from .drawing import flow_of
from .evidence import of_project
from .home import LISTED
from .steps import fund_name
from .totals import given_and_paid, lateness, reach

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


def project(snapshot: Snapshot, asked: Asked) -> Page:
    """A project. Raises NotFound."""
    id = asked.path["id"]
    said = project_with_figures(snapshot, id)
    bars = reach(snapshot, project=id)
    return Page("project.html", {
        "project": said, "reach": bars, "flows": [flow_of(bar.row) for bar in bars],
        "totals": given_and_paid(snapshot, project=id), "funds": fund_rows(snapshot, project=id)[:FUNDS],
        "funds_in_all": len(said.funds), "payments": payments(snapshot, project=id), "evidence": of_project(snapshot, id),
        **lateness(snapshot, asked.as_of, project=id),
    })  # fmt: skip


def fund_rows(snapshot: Snapshot, **scope: str) -> list[FundRow]:
    """The funds of a project or a charity, and what is in them."""
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
    """The newest payments of a project, or of a party."""
    page = snapshot.records(kind="payment", limit=PAYMENTS, newest_first=True, project=project, party=party)
    rows = []
    for item in page.items:
        record: Any = item.record
        rows.append({
            "ref": item.ref, "payee": record.payee, "amount": record.amount, "unit": record.unit, "day": record.paid_on,
            "cost_class": record.cost_class, "purpose": record.purpose or "",
        })  # fmt: skip
    return rows
