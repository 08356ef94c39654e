"""The page of a project: what it promises, how far its gifts have come, what is waiting, what is overdue, and its evidence."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.view.notes import notes_of
from ledger.view.outcome import Result, results_of_project
from ledger.view.promises import cost_shares, promises
from ledger.view.scope import Scope
from ledger.view.snapshot import Snapshot
from ledger.view.targets import targets_of

from ..v1.project import project_with_figures
from .account import account_lines
from .badge import badge_width
from .committed_files import of_project
from .flowing import flowing
from .lists import FUNDS, fund_rows, payments
from .months import months
from .page_request import Asked, Page
from .planned import planned
from .totals import reach, what_is_overdue
from .voices import result_heard

RESULTS = 8
OUTCOMES = 2
NOTES = 4


def project(snapshot: Snapshot, asked: Asked) -> Page:
    """A project. Raises NotFound."""
    id = asked.path["id"]
    said = project_with_figures(snapshot, id)
    bars, funds = reach(snapshot, project=id), fund_rows(snapshot, project=id)
    results = [result_heard(snapshot, one) for one in results_of_project(snapshot, id)]
    return Page("project.html", {
        "outcome": outcome_of([one.result for one in results]),
        "project": said, "badge_width": badge_width(snapshot, asked, bars), "reach": bars,
        "flows": flowing(snapshot, project=id), "months": months(snapshot, Scope(project=id)),
        "accounts": account_lines(snapshot, project=id), "scope": {"project": id}, "funds": funds[:FUNDS],
        "results": results[:RESULTS],
        "notes": notes_of(snapshot, project=id, limit=NOTES),
        "more_funds": len(funds) > FUNDS, "payments": payments(snapshot, project=id), "evidence": of_project(snapshot, id),
        "promises": promises(snapshot, asked.as_of, project=id), "cost_shares": cost_shares(snapshot, id),
        "targets": targets_of(snapshot, project=id), "budget": planned(snapshot, id),
        **what_is_overdue(snapshot, asked.as_of, project=id),
    })  # fmt: skip


def outcome_of(results: Sequence[Result]) -> list[Result]:
    """The newest results that are not void, each of another measure: first what somebody else says, at most two."""
    first = {one.measured_in: one for one in reversed(results) if not one.is_void}
    return sorted(first.values(), key=lambda one: (one.is_own_word, results.index(one)))[:OUTCOMES]
