"""Parties and their keys."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated, Any, Literal

from fastapi import Query
from starlette.responses import Response

from ledger.books.keys import officers_in_force
from ledger.books.kinds.party import Role
from ledger.books.mandate import UNSAID, in_force
from ledger.books.rows import ACTIVE, KeyRow
from ledger.view.contact import contact_of
from ledger.view.snapshot import Snapshot

from .list_request import ById, One
from .money import Answer, Money, money_of
from .page import Batch, keyed
from .param import Id, known
from .route_docs import lists, resource, says
from .text_types import RefSaid

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
    """A public key of an officer, in base64: introduced by entry `since`, revoked by entry `until`, or null. If a change of it is
    pending, `from_day` is the day from which it will be in force, or `until_day` the day from which it no longer will be. It signs
    only records of `kinds`; of all if there are none."""

    key: str
    officer: str
    since: int
    until: int | None
    kinds: list[str]
    from_day: str | None
    until_day: str | None


class Pending(Answer):
    """Something that a mandate loosens, and the day from which it does: the threshold of a `unit`, the `second` or the
    `key_delay_days`."""

    what: Literal["threshold", "second", "key_delay_days"]
    unit: str | None
    from_day: str


class Mandate(Answer):
    """What the party's officers may do alone, as of the last entry: above `thresholds` to one payee in a day two sign. `second` may
    sign in place of a second officer. `key_delay_days` is null where the default applies. `pending` is what a mandate of entry
    `since` loosens later: what, and from which day."""

    thresholds: list[Money]
    second: str | None
    key_delay_days: int | None
    pending: list[Pending]
    since: int


class Contact(Answer):
    """How the public reaches the office of a party, as its `record` says; null where that says nothing."""

    telephone: str | None
    email: str | None
    web: str | None
    complaints: str | None
    record: RefSaid


class PartyWithKeys(Party):
    """A party, with every key it ever had, its mandate, its contact, and the first day of its books."""

    tree_size: int
    keys: list[Key]
    mandate: Mandate | None
    contact: Contact | None
    books_from: str


def members(snapshot: Snapshot, id: str) -> dict[str, Any]:
    """The members of `Party`. Raises NotFound."""
    row = known(snapshot.books.party, id, "party", "parties")
    records = snapshot.leaf(row.since).statement.records
    record = next((record for record in records if record.kind == "party" and record.id == id), None)
    return {
        "id": id, "name": row.name, "entity": record.entity if record else "organisation",
        "identifier": record.identifier if record else None, "roles": row.roles,
        "officers": officers_in_force(snapshot.books, id, snapshot.day), "entry": row.since,
    }  # fmt: skip


def _keys_by_party(snapshot: Snapshot) -> dict[str, list[tuple[int, str, KeyRow]]]:
    rows: dict[str, list[tuple[int, str, KeyRow]]] = defaultdict(list)
    for key, row in snapshot.books.key.all():
        rows[row.party].append((row.since, key, row))
    return rows


def keys_of(snapshot: Snapshot, id: str) -> list[Key]:
    """Every key that a party ever had."""
    rows = snapshot.once(_keys_by_party)[id]
    return [
        Key(
            key=key, officer=row.officer, since=since, until=None if row.until == ACTIVE else row.until,
            from_day=row.from_day if row.until == ACTIVE and snapshot.day < row.from_day else None,
            until_day=row.until_day if row.until != ACTIVE and snapshot.day < row.until_day else None, kinds=list(row.kinds),
        )
        for since, key, row in sorted(rows)
    ]


def mandate_of(snapshot: Snapshot, id: str) -> Mandate | None:
    """A party's mandate, if it has one."""
    books, day = snapshot.books, snapshot.day
    row = books.mandate.get(id)
    if row is None:
        return None
    limits = [(unit, in_force((before, after, since), day)) for unit, before, after, since in row.thresholds]
    delay = in_force(row.key_delay, day)
    waiting: list[tuple[Any, str | None, str]] = [("threshold", unit, since) for unit, _, _, since in row.thresholds]
    waiting += [("second", None, row.second[2]), ("key_delay_days", None, row.key_delay[2])]
    return Mandate(
        thresholds=[money_of(books, amount, unit) for unit, amount in limits if amount != UNSAID],
        second=in_force(row.second, day) or None, key_delay_days=None if delay == UNSAID else delay,
        pending=[Pending(what=what, unit=unit, from_day=since) for what, unit, since in waiting if day < since], since=row.since,
    )  # fmt: skip


def contact(snapshot: Snapshot, id: str) -> Contact | None:
    """A party's contact, if it has one."""
    found = contact_of(snapshot, id)
    return Contact(**found.record.model_dump(exclude={"kind"}), record=found.ref) if found else None


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
        lambda snapshot: PartyWithKeys(
            **members(snapshot, id), tree_size=snapshot.tree_size, keys=keys_of(snapshot, id), mandate=mandate_of(snapshot, id),
            contact=contact(snapshot, id), books_from=snapshot.books.party[id].books_from,
        )
    )
