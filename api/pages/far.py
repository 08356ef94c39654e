"""The page of a share: what is in one stage, by where it came from. Its rows sum to the figure that leads here."""

from __future__ import annotations

from ledger.errors import NotFound, shown
from ledger.view.received import received_by
from ledger.view.snapshot import Snapshot
from ledger.view.traceability import STAGES

from ..v1.param import known
from .chosen import chosen_scope
from .page_request import Asked, Page
from .paths import fund_path
from .steps import fund_name


def far(snapshot: Snapshot, asked: Asked) -> Page:
    """What a project, an organisation or all funds received in one unit that is in a stage now. Raises NotFound."""
    stage, books = asked.path["stage"], snapshot.books
    if stage not in STAGES:
        raise NotFound(f"{shown(stage)}: is not a stage; give one of {', '.join(STAGES)}", rule="path")
    unit = asked.query.get("unit", "")
    known(books.unit, unit, "unit", "units")
    scope, called = chosen_scope(snapshot, {name: id for name, id in asked.query.items() if name in ("project", "charity")})
    parts = received_by(snapshot, unit, stage, **scope)
    ids = {id for part in parts for id in (part.fund, part.source) if id}
    funds = {id: (fund_name(snapshot, id), fund_path(snapshot, id)) for id in ids}
    total = sum(part.amount for part in parts)
    facts = {"stage": stage, "unit": unit, "called": called, "parts": parts, "funds": funds, "total": total}
    return Page("far.html", facts)
