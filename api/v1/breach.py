"""Breaches: records that say themselves which rule of conduct they break."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from ledger.view.breaches import Breached, breaches
from ledger.view.snapshot import Snapshot

from .list_request import Counted
from .money import Answer
from .page import Batch, sliced
from .param import SlugAsked
from .route_docs import lists, resource
from .text_types import DaySaid, RefSaid

router = resource("breaches")


class Breach(Answer):
    """A record that breaks rules of conduct and says so: the `findings` that every audit has for it, the `reason` of the party that
    made it, and the day on which it was entered."""

    ref: RefSaid
    party: str
    kind: str
    findings: list[str]
    reason: str
    entered_on: DaySaid


def _said(one: Breached) -> Breach:
    row = one.row
    return Breach(ref=one.ref, party=row.party, kind=row.kind, findings=row.findings, reason=row.reason, entered_on=row.day)


@router.get("/breaches", **lists(Breach))
async def all_breaches(
    asked: Counted, party: Annotated[SlugAsked | None, Query(description="Only records of this party.")] = None
) -> Response:
    """Records that break a rule of conduct and say so, the newest first. Such a record stays a finding for ever."""

    def question(snapshot: Snapshot, cursor: str | None, limit: int) -> Batch:
        return sliced(breaches(snapshot, party=party or ""), cursor, limit).said(_said)

    return await asked.page(Breach, question)
