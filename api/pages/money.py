"""The list behind a figure of the line of accounts: its records with their sum, or for what is left, the funds that hold it."""

from __future__ import annotations

from urllib.parse import urlencode

from ledger.books.gift import split_ref
from ledger.books.moment import day_to_judge
from ledger.errors import NotFound, shown
from ledger.view.figures import fund_figures
from ledger.view.movement import TERMS
from ledger.view.movements import SPENT, Narrowed, movements, total
from ledger.view.payment_stages import payment_receipts
from ledger.view.scope import Scope
from ledger.view.snapshot import Snapshot
from ledger.view.traceability import stage_of

from .account import account_lines
from .chosen import chosen_scope
from .page_request import Asked, Page
from .steps import fund_name
from .totals import LISTED

LEFT = "left"
OUT = ("fees", "paid", SPENT, "delivered", "written-off", "refunded")
"""The terms of what leaves funds. Their lists show it as sums above 0."""
BOTH = ("moved", "exchanged")
"""The terms of what comes in and of what goes out."""
SIGNED = {"taken": "signed", "returned": "refunded", "missing": "paid", "overdue": "overdue", "disputed": "disputed"}
"""The sign of what is not a level of receipts."""


def money(snapshot: Snapshot, asked: Asked) -> Page:
    """The list of a term, a hundred records on a page, newest first, after the record `after`. Raises NotFound, InputError."""
    term, query = asked.path["term"], asked.query
    if term not in (*TERMS, SPENT, LEFT):
        raise NotFound(f"{shown(term)}: there is no list of that name", rule="path", where=term[:80])
    named, called = chosen_scope(snapshot, query)
    unit = query.get("unit") or _most_used(snapshot, term, named)
    facts = {"term": term, "unit": unit, "scope": named, "called": called}
    after = query.get("after", "")
    if term == LEFT:
        return Page("money.html", {**facts, **_funds(snapshot, unit, after, named)})
    narrowed = Narrowed(term, unit, query.get("payee", ""), query.get("month", ""))
    day = day_to_judge(asked.as_of, snapshot.day)
    return Page("money.html", {**facts, **_records(snapshot, narrowed, Scope(**named), after, day)})


def _most_used(snapshot: Snapshot, term: str, named: dict[str, str]) -> str:
    """The unit that has the most records in a term; if none has any, that with the most records; "" if there is none."""
    lines = account_lines(snapshot, **named)
    counted = {line.unit: sum(one.records for one in line.terms if one.name == term) for line in lines}
    return max(counted, key=lambda unit: counted[unit], default="")


def _records(snapshot: Snapshot, asked: Narrowed, scope: Scope, after: str, day: str) -> dict[str, object]:
    page = movements(snapshot, asked, scope, after=split_ref(after) if after else None, limit=LISTED)
    sum_ = total(snapshot, asked, scope)
    names = {row.fund: fund_name(snapshot, row.fund) for row in page.rows}
    others = {row.other: fund_name(snapshot, row.other) for row in page.rows if row.other}
    of_payees = asked.term in ("paid", "delivered")
    query = urlencode({name: value for name, value in {**asked._asdict(), **scope._asdict()}.items() if value})
    return {
        "rows": page.rows, "of_payees": of_payees, "direction": -1 if asked.term in OUT else 1, "both": asked.term in BOTH,
        "receipts": {row.ref: _receipts(snapshot, row.ref, day) for row in page.rows} if of_payees else {},
        "costs": {row.ref: snapshot.books.disbursement[row.ref].cost_class for row in page.rows} if of_payees else {},
        "total": sum_.amount, "records": sum_.records, "names": {**names, **others}, "asked": asked,
        "next": f"{page.next[0]}.{page.next[1]}" if page.next else "", "query": query, "after": after,
    }  # fmt: skip


def _receipts(snapshot: Snapshot, ref: str, day: str) -> list[tuple[str, str, int]]:
    """(sign, who, minor units) of the receipts for a payment or delivery, and of what has none."""
    found = payment_receipts(snapshot, ref, day)
    return [(SIGNED.get(who) or stage_of("received", who), who, amount) for who, amount in found.items()]


def _funds(snapshot: Snapshot, unit: str, after: str, named: dict[str, str]) -> dict[str, object]:
    """The funds in which something is left, by id."""
    held = [row for row in fund_figures(snapshot, **named) if row.unit == unit and row.balance]
    rest = [row for row in held if row.fund > after]
    shown = rest[:LISTED]
    return {
        "funds": [(row.fund, fund_name(snapshot, row.fund), row.balance) for row in shown],
        "total": sum(row.balance for row in held), "records": len(held), "asked": Narrowed(LEFT, unit), "after": after,
        "direction": 1, "both": False,
        "next": shown[-1].fund if len(rest) > LISTED else "",
    }  # fmt: skip
