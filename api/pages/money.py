"""The list behind a figure of the line of accounts: its records with their sum, or for what is left, the funds that hold it."""

from __future__ import annotations

from urllib.parse import urlencode

from ledger.books.gift import split_ref
from ledger.errors import NotFound, shown
from ledger.view.figures import fund_figures
from ledger.view.movement import TERMS
from ledger.view.movements import SPENT, Narrowed, movements, total
from ledger.view.scope import Scope
from ledger.view.snapshot import Snapshot

from .account import account_lines
from .chosen import chosen_scope
from .page_request import Asked, Page
from .steps import fund_name
from .totals import LISTED

LEFT = "left"


def money(snapshot: Snapshot, asked: Asked) -> Page:
    """The list of a term, a hundred records on a page, newest first, after the record `after`. Raises NotFound, InputError."""
    term, query = asked.path["term"], asked.query
    if term not in (*TERMS, SPENT, LEFT):
        raise NotFound(f"{shown(term)}: there is no list of that name", rule="path", where=term[:80])
    named, called = chosen_scope(snapshot, query)
    unit = query.get("unit") or next((line.unit for line in account_lines(snapshot, **named)), "")
    facts = {"term": term, "unit": unit, "scope": named, "called": called}
    after = query.get("after", "")
    if term == LEFT:
        return Page("money.html", {**facts, **_funds(snapshot, unit, after, named)})
    narrowed = Narrowed(term, unit, query.get("payee", ""), query.get("month", ""))
    return Page("money.html", {**facts, **_records(snapshot, narrowed, Scope(**named), after)})


def _records(snapshot: Snapshot, asked: Narrowed, scope: Scope, after: str) -> dict[str, object]:
    page = movements(snapshot, asked, scope, after=split_ref(after) if after else None, limit=LISTED)
    sum_ = total(snapshot, asked, scope)
    names = {row.fund: fund_name(snapshot, row.fund) for row in page.rows}
    others = {row.other: fund_name(snapshot, row.other) for row in page.rows if row.other}
    query = urlencode({name: value for name, value in {**asked._asdict(), **scope._asdict()}.items() if value})
    return {
        "rows": page.rows, "total": sum_.amount, "records": sum_.records, "names": {**names, **others}, "asked": asked,
        "next": f"{page.next[0]}.{page.next[1]}" if page.next else "", "query": query, "after": after,
    }  # fmt: skip


def _funds(snapshot: Snapshot, unit: str, after: str, named: dict[str, str]) -> dict[str, object]:
    """The funds in which something is left, by id."""
    held = [row for row in fund_figures(snapshot, **named) if row.unit == unit and row.balance]
    rest = [row for row in held if row.fund > after]
    shown = rest[:LISTED]
    return {
        "funds": [(row.fund, fund_name(snapshot, row.fund), row.balance) for row in shown],
        "total": sum(row.balance for row in held), "records": len(held), "asked": Narrowed(LEFT, unit), "after": after,
        "next": shown[-1].fund if len(rest) > LISTED else "",
    }  # fmt: skip
