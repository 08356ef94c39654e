"""The page of a payment or a delivery: where its money came from, who confirmed it, and its evidence."""

from __future__ import annotations

from typing import Any

from ledger.books.gift import project_of, split_ref
from ledger.canonical import JsonObject
from ledger.view.overdue import overdue
from ledger.view.records_about import void_about
from ledger.view.snapshot import Snapshot
from ledger.view.sources import Source, sources_of

from ..v1.disbursement import DELIVERY, PAYMENT, delivery_of, payment_of
from ..v1.record import one
from .committed_files import committed
from .page_request import Asked, Page
from .paths import fund_path
from .steps import feedback_on, fund_name, step_of

ORIGINS = 20
SOURCES = 40
UNIT_DIGITS = 17


def payment(snapshot: Snapshot, asked: Asked) -> Page:
    """A payment or delivery. Raises NotFound."""
    ref = asked.path["ref"]
    listed = one(snapshot, ref, PAYMENT, DELIVERY)
    said = (payment_of if listed.record.kind == PAYMENT else delivery_of)(snapshot, listed)
    record: Any = listed.record
    with snapshot.reading():
        origins = snapshot.payment_origins(ref, limit=ORIGINS)
        about = feedback_on(snapshot, ref, snapshot.books.disbursement[ref])
        first = _unit(asked.query.get("source", ""))
        sources = sources_of(snapshot, ref, first, SOURCES)
        project = project_of(snapshot.books, said.fund)
        return Page("payment.html", {
            "said": said, "kind": record.kind, "unit": record.unit, "step": step_of(snapshot, ref),
            "fund": fund_name(snapshot, said.fund), "fund_path": fund_path(snapshot, said.fund),
            "project": snapshot.books.fund[said.fund].project, "project_name": project.name if project else "",
            "sources": [_source(snapshot, one) for one in sources.sources], "gifts": sources.gifts, "first_source": first,
            "next_source": sources.next, "origins": origins.origins, "more_origins": origins.next is not None,
            "origin_kinds": {origin.ref: step_of(snapshot, origin.ref) for origin in origins.origins},
            "receipts": _receipts(snapshot, [*said.receipts, *void_about(snapshot, ref, "receipts")]),
            "feedback": [step_of(snapshot, one) for one in (*about, *void_about(snapshot, ref, "feedback"))],
            "returns": [step_of(snapshot, one) for one in said.returns],
            "evidence": [file for one in (ref, *said.receipts, *about) for file in committed(snapshot, one)],
            "overdue": [one for one in overdue(snapshot, asked.as_of, fund=said.fund) if one.ref == ref],
        })  # fmt: skip


def _receipts(snapshot: Snapshot, refs: list[str]) -> list[JsonObject]:
    rows = []
    for ref in refs:
        target = snapshot.store_flows.target(*split_ref(ref))
        rows.append({"step": step_of(snapshot, ref), "level": target.record.level, "amount": target.record.amount})
    return rows


def _source(snapshot: Snapshot, source: Source) -> JsonObject:
    return {"step": step_of(snapshot, source.ref), "amount": source.end - source.start}


def _unit(text: str) -> int:
    """The unit number that a page of sources starts at; 0 if the text is not a number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < UNIT_DIGITS else 0
