"""`givetrail party`: the operator admits parties."""

from __future__ import annotations

from typing import Any, get_args

import click

from ledger.books.keys import officers_in_force
from ledger.books.kinds.party import Role
from ledger.canonical import JsonObject, to_base64
from ledger.directory.opening import key_path
from ledger.disk.durable import take_away
from ledger.errors import GiveTrailError, StorageError
from ledger.log.key import SigningKey

from ..command import Group
from ..done_so_far import AGAIN, so_far
from ..outcome import Outcome
from ..screen import hint, plain, table
from ..session import Session, author, clock_option, load_key, opened, passphrase_option, slug
from ..signing import keys_of, repeating, said
from .key import make_key

SIGNED_BY = "add --signed-by {officer}"
ROLES = tuple(role for role in get_args(Role) if role != "operator")


@click.group("party", cls=Group)
def command() -> None:
    """Parties: the organisations and people that the ledger names."""


@command.command("add")
@click.argument("id_", metavar="ID")
@click.option("--name", help="The organisation's name. Leave it out for a person.")
@click.option(
    "--role", "roles", type=click.Choice(ROLES), multiple=True, required=True,
    help="What the party does in this ledger. Repeat for more.",
)
@click.option("--identifier", metavar="ORG-ID", help="The organisation's id in a public register, such as CN-USCI-… or GB-CHC-….")
@click.option("--private", multiple=True, metavar="DIGEST", help="A digest of private data about a person. Repeat for more.")
@click.option(
    "--officer", "officers", metavar="O", multiple=True,
    help="Give this officer a key, in keys/ID/O.pem. The file is made if it does not exist. Repeat for up to 6 officers.",
)
@click.option("--books-from", metavar="DAY", help="The day on which the party's books begin. Default: today.")
@click.option(
    "--signed-by", multiple=True, metavar="O", help="The operator's officer who signs. Repeat for more. Default: its only key file."
)
@click.option(
    "--statement-id", metavar="UUID",
    help="A UUID of your own, so that repeating the command records nothing twice. Default: a random one.",
)
def add(
    id_: str, name: str | None, roles: tuple[str, ...], officers: tuple[str, ...], signed_by: tuple[str, ...],
    statement_id: str | None, **words: Any,
) -> Outcome:  # fmt: skip
    """Admit the party ID. The operator signs, and so do the keys of its officers if it gets some.

    Where two officers have a key, two of them sign what a party does under its own rule. If the party keeps its keys
    elsewhere, use `record party --sign-only` here, then `approve` there.
    """
    record = {"kind": "party", "id": id_, "entity": "organisation" if name else "person", "roles": list(roles), "name": name}
    record |= {"identifier": words["identifier"], "private": sorted(words["private"]), "books_from": words["books_from"]}
    record = {field: value for field, value in record.items() if value}
    with opened(write=True) as session:
        operator = session.books.ledger[""].operator
        session = repeating(session, operator, statement_id)
        keys = keys_of(session.directory, operator, signed_by)
        if not officers:
            outcome = said(session, author(session, operator, keys, statement_id), [record], statement_id, SIGNED_BY)
            hint(f"{plain(id_)} has no key: records can name it, but it cannot sign. --officer would have given it a key.")
            return outcome
        return _add_with_keys(session, operator, keys, record, officers, statement_id)


add.params.extend([passphrase_option(), clock_option()])


def _add_with_keys(
    session: Session, operator: str, keys: list[SigningKey], record: JsonObject, officers: tuple[str, ...], statement_id: str | None
) -> Outcome:
    """Use the key files that are there, and make the others. New key files are removed again if the party is refused. After a disk
    error they stay, because the ledger may have recorded the party with them."""
    paths = [key_path(session.directory, slug(record["id"], "id"), slug(officer, "officer")) for officer in officers]
    made = [path for path in paths if not path.exists()]
    so_far().again = AGAIN  # then it uses the key files that exist
    new = [
        make_key(path) if path in made else load_key(session.directory, record["id"], officer)
        for path, officer in zip(paths, officers, strict=True)
    ]
    held = [{"key": to_base64(key.public), "officer": officer} for key, officer in zip(new, officers, strict=True)]
    try:
        signers, records = author(session, operator, [*keys, *new], statement_id), [{**record, "keys": held}]
        outcome = said(session, signers, records, statement_id, SIGNED_BY)
    except StorageError:
        raise
    except GiveTrailError:
        take_away(made)
        so_far().made = ""
        raise
    files = [{**one, "file": str(path)} for one, path in zip(held, paths, strict=True)]
    return outcome._replace(value={**outcome.value, "keys": files})


@command.command("list")
def list_() -> Outcome:
    """List the parties with their roles, their officers, and the entry that admitted them."""
    with opened(write=False) as session:
        parties = [
            {
                "id": id_, "name": row.name, "roles": list(row.roles), "since": row.since,
                "officers": list(officers_in_force(session.books, id_, session.today)),
            }
            for id_, row in session.books.party.items()
        ]
    return Outcome({"parties": parties}, _party_lines)


def _party_lines(value: JsonObject) -> list[str]:
    rows = [(
        party["id"], f"since {party['since']}", ", ".join(party["roles"]), ", ".join(party["officers"]) or "no key",
        plain(party["name"]),
    ) for party in value["parties"]]  # fmt: skip
    return table(rows) if rows else []
