"""Parties and their keys."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated, Any, Literal

from fastapi import Query
from starlette.responses import Response

from ledger.books.kinds.party import Role
from ledger.books.rows import ACTIVE, KeyRow
from ledger.view.snapshot import Snapshot

from .list_request import ById, One
from .money import Answer
from .page import Batch, keyed
from .param import Id, known
from .route_docs import lists, resource, says

router = resource("parties")


class Party(Answer):
    """An organisation, or a person under a random id. `officers` are those with a key in force; `entry` admitted the party."""

    id: str
    name: str
    entity: Literal["organisation", "person"]
    identifier: str | None
    roles: list[Role]
    officers: list[str]
    entry: int


class Key(Answer):
    """A public key of an officer, in base64: introduced by entry `since`, revoked by entry `until`; null while it is in force."""

    key: str
    officer: str
    since: int
    until: int | None


class PartyWithKeys(Party):
    """A party, with every key it ever had."""

    tree_size: int
    keys: list[Key]


def members(snapshot: Snapshot, id: str) -> dict[str, Any]:
    """The members of `Party`. Raises NotFound."""
    row = known(snapshot.books.party, id, "party", "parties")
    records = snapshot.leaf(row.since).statement.records
    record = next((record for record in records if record.kind == "party" and record.id == id), None)
    return {
        "id": id, "name": row.name, "entity": record.entity if record else "organisation",
        "identifier": record.identifier if record else None, "roles": row.roles, "officers": row.officers, "entry": row.since,
    }  # fmt: skip


def _keys_by_party(snapshot: Snapshot) -> dict[str, list[tuple[int, str, KeyRow]]]:
    rows: dict[str, list[tuple[int, str, KeyRow]]] = defaultdict(list)
    for key, row in snapshot.books.key.all():
        rows[row.party].append((row.since, key, row))
    return rows


def _keys(snapshot: Snapshot, id: str) -> list[Key]:
    rows = snapshot.once(_keys_by_party)[id]
    return [
        Key(key=key, officer=row.officer, since=since, until=None if row.until == ACTIVE else row.until)
        for since, key, row in sorted(rows)
    ]


@router.get("/parties", **lists(Party))
async def parties(asked: ById, role: Annotated[Role | None, Query(description="Only parties with this role.")] = None) -> Response:
    """Parties, by id."""

    def question(snapshot: Snapshot, cursor: str | None, limit: int) -> Batch:
        ids = [id for id, row in snapshot.books.party.items() if role is None or role in row.roles]
        return keyed(ids, cursor, limit).said(lambda id: Party(**members(snapshot, id)))

    return await asked.page(Party, question)


@router.get("/parties/{id}", **says(PartyWithKeys))
async def party(asked: One, id: Id) -> Response:
    """One party, with its keys."""
    return await asked.answer(
        lambda snapshot: PartyWithKeys(**members(snapshot, id), tree_size=snapshot.tree_size, keys=_keys(snapshot, id))
    )
