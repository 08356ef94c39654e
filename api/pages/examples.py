"""Example references, for people who have never seen one."""

from __future__ import annotations

from ledger.view.snapshot import Snapshot


def first_gift(snapshot: Snapshot) -> str:
    """The reference of the ledger's first gift; "" if there is none."""
    gifts = snapshot.records(kind="donation", limit=1).items
    return gifts[0].ref if gifts else ""
