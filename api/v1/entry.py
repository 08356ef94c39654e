"""Entries of the log: their bytes, their content, and the proofs that they are in the log."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import Query
from pydantic import Field
from starlette.responses import Response

from ledger.bounds import MAX_INTEGER
from ledger.canonical import JsonObject, to_base64
from ledger.log.entry import decode_entry
from ledger.log.merkle import leaf_hash
from ledger.view.snapshot import Snapshot

from .list_request import Counted, One
from .money import Answer
from .page import Batch
from .param import Index, Order
from .route_docs import OCTETS, TEXT, gives, lists, resource, says
from .text_types import HEX, TimeSaid

RAW_MEDIA = "application/octet-stream"
PROOF_MEDIA = "text/plain; charset=utf-8"

router = resource("log")
OldSize = Annotated[int, Query(ge=0, le=MAX_INTEGER, description="The tree size that you saw before.")]


class Entry(Answer):
    """A summary of an entry: the party that made it, the number of records of each kind, and when it was entered (UTC)."""

    index: int
    time: TimeSaid
    party: str
    records: int
    kinds: list[str]
    bytes: int
    leaf_hash: str = Field(pattern=HEX)
    prev: str = Field(pattern=HEX)


class Signature(Answer):
    """A signature over the statement, and the public key that made it, in base64."""

    key: str
    sig: str


class FlowSaid(Answer):
    """Units [start, end) that record number `record` moved out of (`-`) or into (`+`) a tape."""

    record: int
    sign: str
    tape: str
    start: int
    end: int


class WholeEntry(Entry):
    """An entry: its exact bytes in base64, and their content."""

    tree_size: int
    raw: str
    statement: JsonObject
    signatures: list[Signature]
    flows: list[FlowSaid]


class Inclusion(Answer):
    """The path from an entry to the root of the tree (RFC 6962 §2.1.1), in hex. The log signs the root in `/checkpoint`, and in the
    entry's `tlog-proof`."""

    tree_size: int
    root: str = Field(pattern=HEX)
    index: int
    leaf_hash: str = Field(pattern=HEX)
    hashes: list[str]


class Consistency(Answer):
    """The proof that the tree of `old_size` is a prefix of the tree of `tree_size` (RFC 6962 §2.1.2), in hex."""

    old_size: int
    tree_size: int
    root: str = Field(pattern=HEX)
    hashes: list[str]


def _members(raw: bytes) -> JsonObject:
    """The members of `Entry`. Nothing is checked again, because it was checked when it was entered."""
    entry = decode_entry(raw)
    records = entry.statement["records"]
    return {
        "index": entry.index, "time": entry.time, "party": entry.statement["party"], "records": len(records),
        "kinds": sorted({record["kind"] for record in records}), "bytes": len(raw), "leaf_hash": leaf_hash(raw).hex(),
        "prev": entry.prev,
    }  # fmt: skip


def whole_entry(snapshot: Snapshot, index: int) -> WholeEntry:
    """An entry, with its bytes. Raises NotFound."""
    raw = snapshot.entry(index)
    entry = decode_entry(raw)
    names = ("record", "sign", "tape", "start", "end")
    return WholeEntry(
        **_members(raw), tree_size=snapshot.tree_size, raw=to_base64(raw), statement=entry.statement,
        signatures=[Signature(key=key, sig=sig) for key, sig in entry.signatures],
        flows=[FlowSaid(**dict(zip(names, row, strict=True))) for row in entry.flows],
    )  # fmt: skip


def _entries(newest_first: bool, snapshot: Snapshot, cursor: str | None, limit: int) -> Batch:
    """A page of entries; its cursor is the index of the last one."""
    last = int(cursor) if cursor else None
    size = snapshot.tree_size
    if newest_first:
        rest = range(min(size, size if last is None else last) - 1, -1, -1)
    else:
        rest = range(0 if last is None else last + 1, size)
    shown = rest[:limit]
    with snapshot.reading():
        items = [Entry(**_members(snapshot.entry(index))) for index in shown]
    return Batch(items, str(shown[-1]) if len(rest) > limit else None)


def inclusion_of(snapshot: Snapshot, index: int) -> Inclusion:
    """The proof that an entry is in the tree. Raises NotFound."""
    hashes = [step.hex() for step in snapshot.inclusion(index)]
    return Inclusion(
        tree_size=snapshot.tree_size, root=snapshot.root().hex(), index=index, leaf_hash=leaf_hash(snapshot.entry(index)).hex(),
        hashes=hashes,
    )  # fmt: skip


def consistency_of(snapshot: Snapshot, old_size: int) -> Consistency:
    """The proof that this tree continues an older one. Raises NotFound."""
    hashes = [step.hex() for step in snapshot.consistency(old_size)]
    return Consistency(old_size=old_size, tree_size=snapshot.tree_size, root=snapshot.root().hex(), hashes=hashes)


@router.get("/entries", **lists(Entry))
async def entries(asked: Counted, order: Order = "oldest") -> Response:
    """Entries in the order of the log, or in reverse order."""
    return await asked.page(Entry, partial(_entries, order == "newest"))


@router.get("/entries/{index}", **says(WholeEntry))
async def entry(asked: One, index: Index) -> Response:
    """One entry: its exact bytes in base64, and decoded."""
    return await asked.answer(lambda snapshot: whole_entry(snapshot, index))


@router.get("/entries/{index}/raw", **gives(RAW_MEDIA, "The exact bytes that the leaf hash is computed from.", OCTETS))
async def raw(asked: One, index: Index) -> Response:
    """The exact bytes of an entry."""
    return await asked.octets(lambda snapshot: snapshot.entry(index), RAW_MEDIA)


@router.get("/entries/{index}/inclusion", **says(Inclusion))
async def inclusion(asked: One, index: Index) -> Response:
    """The proof that an entry is in the log."""
    return await asked.answer(lambda snapshot: inclusion_of(snapshot, index))


@router.get("/entries/{index}/tlog-proof", **gives(PROOF_MEDIA, "A C2SP tlog-proof.", TEXT))
async def tlog_proof(asked: One, index: Index) -> Response:
    """The same proof with the signed checkpoint, in the C2SP tlog-proof format. At an older tree size, it is available only if the
    signed checkpoint of that size was kept."""
    return await asked.octets(lambda snapshot: snapshot.proof(index), PROOF_MEDIA)


@router.get("/consistency", **says(Consistency))
async def consistency(asked: One, old_size: OldSize) -> Response:
    """The proof that the log, now or at `at_size`, continues the log at `old_size`."""
    return await asked.answer(lambda snapshot: consistency_of(snapshot, old_size))
