"""Voids: records that their party declared void."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from ledger.view.snapshot import Snapshot
from ledger.view.voids import Void, voids, with_kind

from .list_request import Counted
from .money import Answer
from .page import Batch, sliced
from .param import SlugAsked
from .route_docs import lists, resource
from .text_types import DaySaid, RefSaid

router = resource("voids")


class VoidRecord(Answer):
    """A record that should not have been recorded, and is in no sum: the reversal that declared it void, on which day and why.
    `in_year` records of the same party became void in the same year."""

    ref: RefSaid
    party: str
    kind: str
    void_by: RefSaid
    reason: str
    void_on: DaySaid
    in_year: int


def _said(snapshot: Snapshot, one: Void) -> VoidRecord:
    row = one.row
    return VoidRecord(
        ref=one.ref, party=row.party, kind=with_kind(snapshot, one).kind, void_by=row.ref, reason=row.reason,
        void_on=row.day, in_year=one.in_year,
    )  # fmt: skip


@router.get("/voids", **lists(VoidRecord))
async def all_voids(
    asked: Counted, party: Annotated[SlugAsked | None, Query(description="Only records of this party.")] = None
) -> Response:
    """Records that their party declared void, the last one first."""

    def question(snapshot: Snapshot, cursor: str | None, limit: int) -> Batch:
        return sliced(voids(snapshot, party=party or ""), cursor, limit).said(partial(_said, snapshot))

    return await asked.page(VoidRecord, question)
