"""Which page shows a record, or a fund."""

from __future__ import annotations

from ledger.books.record import KINDS
from ledger.books.rule import says
from ledger.view.snapshot import Snapshot


def path_of(ref: str, kind: str) -> str:
    """The page of a record."""
    if KINDS[kind].is_gift:
        return f"/g/{ref}"
    if says("disburses", KINDS[kind].remembers):
        return f"/payment/{ref}"
    return f"/record/{ref}"


def fund_path(snapshot: Snapshot, id: str) -> str:
    """The page of a fund; "" if there is none."""
    return f"/fund/{id}" if snapshot.books.fund.get(id) else ""
