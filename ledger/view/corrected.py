"""What corrections changed of a record: the old and the new, one correction after the other."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from ..books.kinds.correction import Correction as CorrectionRecord
from ..books.kinds.delivery import Delivery
from ..books.kinds.payment import Payment
from .snapshot import Snapshot

LISTED = 20


class Change(NamedTuple):
    """A member that a correction changed, what it was and what it is; "" where there was none."""

    member: str
    was: str
    now: str


class Correction(NamedTuple):
    """The record `ref` that corrects another one, with its reason and what it changed."""

    ref: str
    reason: str
    changes: tuple[Change, ...]


def corrections_of(snapshot: Snapshot, ref: str, record: Payment | Delivery) -> list[Correction]:
    """The first corrections of a payment or delivery that are part of the books, in the order of the log."""
    with snapshot.reading():
        places = islice(snapshot.store_flows.having("kind:correction", f"about:{ref}"), LISTED)
        said = _said(record)
        found = []
        for entry, number in places:
            one = snapshot.store_flows.target(entry, number).record
            assert isinstance(one, CorrectionRecord), "the index names corrections"
            changes = tuple(_changes(said, one))
            said.update({change.member: change.now for change in changes})
            found.append(Correction(f"{entry}.{number}", one.reason, changes))
    return found


def _said(record: Payment | Delivery) -> dict[str, str]:
    invoice = getattr(record, "invoice", None)
    return {
        "day": record.paid_on if isinstance(record, Payment) else record.delivered_on,
        "cost_class": getattr(record, "cost_class", None) or "",
        "channel": getattr(record, "channel", ""), "channel_ref": getattr(record, "channel_ref", None) or "",
        "invoice": invoice.ref if invoice else "", "invoice_amount": str(invoice.amount) if invoice else "",
    }  # fmt: skip


def _changes(said: dict[str, str], correction: CorrectionRecord) -> Iterator[Change]:
    new = {"day": correction.day, "cost_class": correction.cost_class}
    if correction.channel is not None:
        new |= {"channel": correction.channel, "channel_ref": correction.channel_ref or ""}
    if correction.invoice is not None:
        new |= {"invoice": correction.invoice.ref, "invoice_amount": str(correction.invoice.amount)}
    for member, now in new.items():
        if now is not None and now != said[member]:
            yield Change(member, said[member], now)
