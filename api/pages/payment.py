"""The page of a payment or a delivery: what it was taken from, who acknowledged it, what stands behind it."""

from __future__ import annotations

from itertools import islice
from typing import Any, NamedTuple

from ledger.books.gift import project_of, split_ref
from ledger.books.record import outs
from ledger.view import Snapshot
from ledger.view.late import overdue

from ..v1.disbursement import DELIVERY, PAYMENT, delivery_of, payment_of
from ..v1.record import one
from .asking import Asked, Page
from .evidence import committed
from .steps import Step, feedback_on, fund_name, fund_path, step_of

ORIGINS = 20
INFLOWS = 200
ABOUT = 20


class Source(NamedTuple):
    """A record that brought money into the fund, and how much of it this payment took; `step` is None for gifts, taken together."""

    step: Step | None
    amount: int


def payment(snapshot: Snapshot, asked: Asked) -> Page:
    """A payment or delivery. Raises NotFound."""
    ref = asked.path["ref"]
    listed = one(snapshot, ref, PAYMENT, DELIVERY)
    said = (payment_of if listed.record.kind == PAYMENT else delivery_of)(snapshot, listed)
    record: Any = listed.record
    with snapshot.reading():
        origins = snapshot.payment_origins(ref, limit=ORIGINS)
        about = feedback_on(snapshot.books, snapshot.books.disbursement.get(ref))[:ABOUT]
        sources, is_all = sources_of(snapshot, listed.rows)
        project = project_of(snapshot.books, said.fund)
        return Page("payment.html", {
            "said": said, "kind": record.kind, "unit": record.unit, "payee": getattr(record, "payee", None) or record.to,
            "step": step_of(snapshot, ref), "fund": fund_name(snapshot, said.fund), "fund_path": fund_path(snapshot, said.fund),
            "project": snapshot.books.fund.get(said.fund).project, "project_name": project.name if project else "",
            "sources": sources, "sources_in_all": is_all, "origins": origins.origins, "more_origins": origins.next is not None,
            "origin_kinds": {origin.ref: step_of(snapshot, origin.ref) for origin in origins.origins},
            "receipts": _receipts(snapshot, said.receipts), "feedback": [step_of(snapshot, one) for one in about],
            "returns": [step_of(snapshot, one) for one in said.returns[:ABOUT]],
            "evidence": [file for one in (ref, *said.receipts[:ABOUT], *about) for file in committed(snapshot, one)],
            "late": [late for late in overdue(snapshot, asked.as_of, fund=said.fund) if late.ref == ref],
        })  # fmt: skip


def _receipts(snapshot: Snapshot, refs: list[str]) -> list[dict[str, Any]]:
    rows = []
    for ref in refs[:ABOUT]:
        target = snapshot.trail.target(*split_ref(ref))
        rows.append({"step": step_of(snapshot, ref), "level": target.record.level, "amount": target.record.amount})
    return rows


def sources_of(snapshot: Snapshot, rows: Any) -> tuple[list[Source], bool]:
    """What brought the units that a record took into its fund, and whether that is all: 200 inflows are looked at."""
    sums: dict[str, int] = {}
    gifts, seen = 0, 0
    for tape, (low, high) in outs(rows):
        for flow in islice(snapshot.trail.inflows(tape, low, high), INFLOWS - seen):
            seen += 1
            amount = min(flow.end, high) - max(flow.start, low)
            if snapshot.trail.target(flow.entry, flow.record).record.is_gift:
                gifts += amount
            else:
                sums[flow.ref] = sums.get(flow.ref, 0) + amount
    sources = [Source(step_of(snapshot, ref), amount) for ref, amount in sums.items()]
    return [*sources, *([Source(None, gifts)] if gifts else [])], seen < INFLOWS
