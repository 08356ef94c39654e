"""`givetrail party`: the operator admits parties."""

from __future__ import annotations

from typing import Any, get_args

import click

from ledger.books.kinds.party import Role
from ledger.canonical import JsonObject, to_base64
from ledger.directory.opening import key_path
from ledger.disk.durable import take_away
from ledger.errors import GiveTrailError, StorageError
from ledger.log.key import SigningKey

from ..command import Group
from ..outcome import Outcome
from ..screen import hint, plain, table
from ..session import Desk, author, load_key, opened, passphrase_option, slug
from ..signing import keys_of, repeating, said
from ..sofar import AGAIN, so_far
from .key import make_key

ROLES = tuple(role for role in get_args(Role) if role != "operator")


@click.group("party", cls=Group)
def command() -> None:
    """Parties: organisations and persons that the ledger names."""


@command.command("add")
@click.argument("id_", metavar="ID")
@click.option("--name", help="The organisation's name; a person has none.")
@click.option("--role", "roles", type=click.Choice(ROLES), multiple=True, required=True, help="Repeat for more.")
@click.option("--identifier", metavar="ORG-ID", help="Such as CN-USCI-… or GB-CHC-….")
@click.option("--private", multiple=True, metavar="DIGEST", help="Of a person: digests of disclosures.")
@click.option("--officer", metavar="O", help="Give this officer a key: keys/ID/O.pem, made if it is not there.")
@click.option("--signed-by", multiple=True, metavar="O", help="The operator's officers who sign. Default: its only key file.")
@click.option("--statement-id", metavar="UUID", help="The statement's id; default: a random one.")
def add(
    id_: str, name: str | None, roles: tuple[str, ...], officer: str | None, signed_by: tuple[str, ...],
    statement_id: str | None, **words: Any,
) -> Outcome:  # fmt: skip
    """Admit a party. The operator signs, and the party's new key where it gets one.

    Where the party keeps its key elsewhere: `record party --sign-only`, then `approve` there.
    """
    record = {"kind": "party", "id": id_, "entity": "organisation" if name else "person", "roles": list(roles), "name": name}
    record |= {"identifier": words["identifier"], "private": sorted(words["private"])}
    record = {field: value for field, value in record.items() if value}
    with opened(write=True) as desk:
        operator = desk.books.ledger[""].operator
        desk = repeating(desk, operator, statement_id)
        keys = keys_of(desk.directory, operator, signed_by)
        if officer is None:
            outcome = said(desk, author(desk, operator, keys, statement_id), [record], statement_id)
            hint(f"{plain(id_)} has no key: it can be named, and never sign. With --officer it would have got one.")
            return outcome
        return _add_with_key(desk, operator, keys, record, officer, statement_id)


add.params.append(passphrase_option())


def _add_with_key(
    desk: Desk, operator: str, keys: list[SigningKey], record: JsonObject, officer: str, statement_id: str | None
) -> Outcome:
    """Use the key file that is there, or make one. One made for a party that is then refused is taken away again; where the disk
    refuses it stays, for the party may be in the ledger with it."""
    path = key_path(desk.directory, slug(record["id"], "id"), slug(officer, "officer"))
    was_there = path.exists()
    so_far().again = AGAIN  # which takes the key file that is there then
    key = load_key(desk.directory, record["id"], officer) if was_there else make_key(path)
    full = {**record, "key": to_base64(key.public), "officer": officer}
    try:
        outcome = said(desk, author(desk, operator, [*keys, key], statement_id), [full], statement_id)
    except StorageError:
        raise
    except GiveTrailError:
        if not was_there:
            take_away([path])
            so_far().made = ""
        raise
    return outcome._replace(value={**outcome.value, "key": full["key"], "key_file": str(path)})


@command.command("list")
def list_() -> Outcome:
    """Parties with their roles, their officers, and the entry that admitted them."""
    with opened(write=False) as desk:
        parties = [
            {"id": id_, "name": row.name, "roles": list(row.roles), "officers": list(row.officers), "since": row.since}
            for id_, row in desk.books.party.items()
        ]
    return Outcome({"parties": parties}, _party_lines)


def _party_lines(value: JsonObject) -> list[str]:
    rows = [(
        party["id"], f"since {party['since']}", ", ".join(party["roles"]), ", ".join(party["officers"]) or "no key",
        plain(party["name"]),
    ) for party in value["parties"]]  # fmt: skip
    return table(rows) if rows else []
