"""The members that every answer about a fund has."""

from __future__ import annotations

from typing import Any, Literal

from ledger.books.state import Books
from ledger.view.figures import FundFigure
from ledger.view.records_about import record_of
from ledger.view.snapshot import Snapshot

from .money import Answer, Money, money_of
from .param import known


class Fund(Answer):
    """A fund of one party. `restriction` includes that of the funds above it. `root` is the top of its tree, `project` is null
    outside projects, and `entry` created the fund."""

    id: str
    name: str
    purpose: str
    kind: Literal["fund", "project", "activity"]
    owner: str
    parent: str | None
    root: str
    project: str | None
    restriction: Literal["unrestricted", "restricted", "endowment"]
    entry: int


class Figures(Answer):
    """A fund in one unit: `inflow` = `outflow` + `balance`. Of the inflow, and of fees, `given` is from gifts; `gifts` is their
    number."""

    fund: str
    inflow: Money
    outflow: Money
    balance: Money
    given: Money
    gifts: int


def members(snapshot: Snapshot, id: str) -> dict[str, Any]:
    """The members of `Fund`. Raises NotFound."""
    row = known(snapshot.books.fund, id, "fund", "funds")
    record = record_of(snapshot, id, row.since)
    return {
        "id": id, "name": record.name, "purpose": record.purpose, "kind": row.kind, "owner": row.owner,
        "parent": row.parent or None, "root": row.root, "project": row.project or None, "restriction": row.restriction,
        "entry": row.since,
    }  # fmt: skip


def figures_of(books: Books, figure: FundFigure) -> dict[str, Any]:
    """The members of `Figures`."""
    amounts = {name: getattr(figure, name) for name in ("inflow", "outflow", "balance", "given")}
    money = {name: money_of(books, minor, figure.unit) for name, minor in amounts.items()}
    return {"fund": figure.fund, "gifts": figure.gifts, **money}
