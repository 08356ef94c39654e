"""The level of receipts that a payment or delivery waits for."""

from __future__ import annotations

from .group import group_class_of
from .rows import Disbursement, Project
from .state import Books


def level_due(books: Books, row: Disbursement) -> str:
    """The weakest level of a receipt that the project waits for. A group has nobody who could sign, so its paper is enough."""
    if group_class_of(row.payee):
        return "documented"
    fund = books.fund.get(row.fund)
    project: Project | None = books.project.get(fund.project) if fund else None
    named = project.receipt_level if project else ""
    return named or ("recipient-signed" if row.keyed else "documented")
