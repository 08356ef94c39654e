"""The page of public lists: what everybody should be able to see at once, and what parties would rather not show."""

from __future__ import annotations

from ledger.view.breaches import breaches
from ledger.view.officers import entered_on, key_changes, with_one_officer
from ledger.view.snapshot import Snapshot

from .page_request import Asked, Page
from .totals import LISTED


def public_lists(snapshot: Snapshot, asked: Asked) -> Page:
    """Each list begins with its newest record and has at most LISTED; `/v1` has all of them."""
    found, changes, alone = breaches(snapshot), key_changes(snapshot), with_one_officer(snapshot)
    return Page("public_lists.html", {
        "breaches": found[:LISTED], "breaches_in_all": len(found), "alone": alone[:LISTED], "alone_in_all": len(alone),
        "changes": [(one, entered_on(snapshot, one)) for one in changes[:LISTED]], "changes_in_all": len(changes),
    })  # fmt: skip
