"""The list of what is overdue: payments and deliveries that miss a receipt, or feedback, in one unit. Its rows sum to the figure
that leads here."""

from __future__ import annotations

from ledger.errors import InputError, shown
from ledger.view.overdue import Overdue, overdue
from ledger.view.snapshot import Snapshot

from ..v1.param import known
from .chosen import chosen_scope
from .names import PROMISED
from .page_request import Asked, Page
from .totals import LISTED, what_is_overdue


def overdue_list(snapshot: Snapshot, asked: Asked) -> Page:
    """What misses the `stage` in a `unit`, longest overdue first, a hundred rows on a page, after the row `after`. Raises
    NotFound, InputError. Without a stage and a unit, the sums of all of them and the rows that were due first."""
    stage, unit, query = asked.query.get("stage", ""), asked.query.get("unit", ""), asked.query
    if not stage and not unit:
        scope, called = chosen_scope(snapshot, query)
        said = what_is_overdue(snapshot, asked.as_of, **scope)
        return Page("overdue.html", {"stage": "", "called": called, "scope": scope, **said})
    if stage not in PROMISED:
        raise InputError(f"stage {shown(stage)}: give one of {', '.join(PROMISED)}", rule="parameter", where="stage")
    known(snapshot.books.unit, unit, "unit", "units")
    scope, called = chosen_scope(snapshot, query)
    rows = [row for row in overdue(snapshot, asked.as_of, **scope) if (row.stage, row.unit) == (stage, unit)]
    rest = [row for row in rows if _place(row) > query.get("after", "")]
    listed = rest[:LISTED]
    return Page("overdue.html", {
        "stage": stage, "unit": unit, "called": called, "rows": listed, "records": len(rows),
        "total": sum(row.amount for row in rows), "next": _place(listed[-1]) if len(rest) > LISTED else "",
    })  # fmt: skip


def _place(row: Overdue) -> str:
    """Where a row is in a list of one stage and unit."""
    return f"{row.due_on} {row.ref}"
