"""The list behind a figure of the line of accounts: its records with their sum, or for what is left, the funds that hold it."""

from __future__ import annotations

from urllib.parse import urlencode

from ledger.books.gift import split_ref
from ledger.errors import NotFound, shown
from ledger.view.figures import fund_figures
from ledger.view.movement import TERMS
from ledger.view.movements import Narrowed, movements, total
from ledger.view.scope import Scope
from ledger.view.snapshot import Snapshot

from .account import account_lines
from .page_request import Asked, Page
from .steps import fund_name
from .totals import LISTED

LEFT = "left"
SCOPES = ("fund", "project", "charity")


def money(snapshot: Snapshot, asked: Asked) -> Page:
    """The list of a term, a hundred records on a page, newest first, after the record `after`. Raises NotFound, InputError."""
    term, query = asked.path["term"], asked.query
    if term not in (*TERMS, LEFT):
        raise NotFound(f"{shown(term)}: there is no list of that name", rule="path", where=term[:80])
    scope = Scope(**{name: query.get(name, "") for name in SCOPES})
    named = {name: id for name, id in scope._asdict().items() if id}
    unit = query.get("unit") or next((line.unit for line in account_lines(snapshot, **named)), "")
    called = [(name, id, _called(snapshot, name, id)) for name, id in named.items()]
    facts = {"term": term, "unit": unit, "scope": named, "called": called}
    after = query.get("after", "")
    if term == LEFT:
        return Page("money.html", {**facts, **_funds(snapshot, unit, after, named)})
    narrowed = Narrowed(term, unit, query.get("payee", ""), query.get("month", ""))
    return Page("money.html", {**facts, **_records(snapshot, narrowed, scope, after)})


def _records(snapshot: Snapshot, asked: Narrowed, scope: Scope, after: str) -> dict[str, object]:
    page = movements(snapshot, asked, scope, after=split_ref(after) if after else None, limit=LISTED)
    sum_ = total(snapshot, asked, scope)
    chosen = {name: value for name, value in {"payee": asked.payee, "month": asked.month}.items() if value}
    names = {row.fund: fund_name(snapshot, row.fund) for row in page.rows}
    others = {row.other: fund_name(snapshot, row.other) for row in page.rows if row.other}
    query = urlencode({"term": asked.term, "unit": asked.unit, **{k: v for k, v in scope._asdict().items() if v}, **chosen})
    return {
        "rows": page.rows, "total": sum_.amount, "records": sum_.records, "names": {**names, **others}, "chosen": chosen,
        "next": f"{page.next[0]}.{page.next[1]}" if page.next else "", "query": query, "after": after,
    }  # fmt: skip


def _funds(snapshot: Snapshot, unit: str, after: str, named: dict[str, str]) -> dict[str, object]:
    """The funds in which something is left, by id."""
    held = [row for row in fund_figures(snapshot, **named) if row.unit == unit and row.balance]
    rest = [row for row in held if row.fund > after]
    shown = rest[:LISTED]
    return {
        "funds": [(row.fund, fund_name(snapshot, row.fund), row.balance) for row in shown],
        "total": sum(row.balance for row in held), "records": len(held), "chosen": {}, "after": after,
        "next": shown[-1].fund if len(rest) > LISTED else "",
    }  # fmt: skip


def _called(snapshot: Snapshot, name: str, id: str) -> str:
    """The name of a fund or project; "" for a charity, which templates name. Raises NotFound."""
    books = snapshot.books
    if (books.fund if name == "fund" else books.project if name == "project" else books.party).get(id) is None:
        raise NotFound(f"{shown(id)}: there is no such {name}", rule="reference", where=id[:80])
    return "" if name == "charity" else fund_name(snapshot, id)
