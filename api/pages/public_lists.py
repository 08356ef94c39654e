"""The page of public lists: what everybody should be able to see at once, and what parties would rather not show."""

from __future__ import annotations

from ledger.view.breaches import breaches
from ledger.view.officers import entered_on, key_changes, with_one_officer
from ledger.view.related import related
from ledger.view.snapshot import Snapshot
from ledger.view.unreferenced import unreferenced
from ledger.view.unstated import unstated
from ledger.view.voids import voids, with_kind

from .page_request import Asked, Page
from .totals import LISTED


def public_lists(snapshot: Snapshot, asked: Asked) -> Page:
    """Each list begins with its newest record and has at most LISTED; `/v1` has all of them."""
    found, kin, changes, alone = breaches(snapshot), related(snapshot), key_changes(snapshot), with_one_officer(snapshot)
    void, unrated, nowhere = voids(snapshot), unreferenced(snapshot), unstated(snapshot)
    return Page("public_lists.html", {
        "breaches": found[:LISTED], "breaches_in_all": len(found), "related": kin[:LISTED], "related_in_all": len(kin),
        "unrated": unrated[:LISTED], "unrated_in_all": len(unrated),
        "voids": [with_kind(snapshot, one) for one in void[:LISTED]], "voids_in_all": len(void),
        "unstated": nowhere[:LISTED], "unstated_in_all": len(nowhere),
        "alone": alone[:LISTED], "alone_in_all": len(alone),
        "changes": [(one, entered_on(snapshot, one)) for one in changes[:LISTED]], "changes_in_all": len(changes),
    })  # fmt: skip
