"""The page of a share: what is in one stage, by where it came from. Its rows sum to the figure that leads here."""

from __future__ import annotations

from ledger.errors import NotFound, shown
from ledger.view.received import received_by
from ledger.view.snapshot import Snapshot
from ledger.view.traceability import STAGES

from ..v1.param import known
from .frame import party_name
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
    scope = {name: asked.query[name] for name in ("project", "charity") if asked.query.get(name)}
    of = ""
    if "project" in scope:
        of = known(books.project, scope["project"], "project", "projects").name
    if "charity" in scope:
        known(books.party, scope["charity"], "party", "parties")
        of = party_name(asked.voice, books, scope["charity"])
    parts = received_by(snapshot, unit, stage, **scope)
    ids = {id for part in parts for id in (part.fund, part.source) if id}
    funds = {id: (fund_name(snapshot, id), fund_path(snapshot, id)) for id in ids}
    total = sum(part.amount for part in parts)
    facts = {"stage": stage, "unit": unit, "of": of, "scope": scope, "parts": parts, "funds": funds, "total": total}
    return Page("far.html", facts)
