"""The page of public lists: what everybody should be able to see at once, and what parties would rather not show."""

from __future__ import annotations

from ledger.view.breaches import breaches
from ledger.view.snapshot import Snapshot

from .page_request import Asked, Page
from .totals import LISTED


def public_lists(snapshot: Snapshot, asked: Asked) -> Page:
    """Each list begins with its newest record and has at most LISTED; `/v1` has all of them."""
    found = breaches(snapshot)
    return Page("public_lists.html", {"breaches": found[:LISTED], "breaches_in_all": len(found)})
