"""`givetrail record`: one command for each kind, with options made from the fields of its class; or a JSON file of records."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

import click

from ledger.books import kinds
from ledger.books.record import KINDS, Record
from ledger.canonical import JsonObject, encode
from ledger.entries.statement import normalised
from ledger.errors import SchemaError, UsageError
from ledger.jsontext import read_json
from ledger.log.key import SigningKey

from ..channel_reference import committed, reference_options
from ..command import Command, Group, ledger_directory
from ..field import options_of, record_of
from ..files import JSON_BYTES, read_bytes, spoken
from ..invoice import INVOICE, invoice_options, with_invoice
from ..outcome import Outcome
from ..session import Session
from ..signing import TAKEN, Signing, key_named, signing_options, state
from ..tried import KIND, meant

assert kinds, "importing the package registers the kinds"

INTRODUCTION = "new key"
"""The rule of the kinds that introduce a key. The new key signs too (ledger/books/authority.py)."""
AMOUNTS = "Amounts are decimals: if the unit has 2 decimals, --amount 10.00 is 1000 minor units."


class Kinds(Group):
    """The commands of the kinds, made when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every kind, by name."""
        return sorted(KINDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command of one kind."""
        return _command(name, KINDS[name]) if name in KINDS else None

    def meant(self, ctx: click.Context, word: str) -> str:
        """The kind that people mean by a word."""
        return meant(word, KINDS, KIND)


def _command(name: str, kind: type[Record]) -> Command:
    has_reference = "channel_ref" in kind.model_fields
    own = [*(reference_options() if has_reference else ()), *(invoice_options() if INVOICE in kind.model_fields else ())]
    fields = [*options_of(kind, TAKEN | {INVOICE})]
    params, flags = [*fields, *own, *signing_options()], {option.name.removeprefix("field_"): _flag(option) for option in fields}
    flags |= {"channel_ref": "--reference TEXT"} if has_reference else {}
    said = " ".join((kind.__doc__ or "").split())

    def callback(**words: object) -> Outcome:
        signing = Signing.take(words)
        outcome = state(signing, lambda session, party: _made(session, party, kind, words), _introduced(kind, words), flags)
        return outcome if signing.sign_only else outcome._replace(text=_first)

    first = said.partition(". ")[0].removesuffix(".")
    return Command(name, params=list(params), callback=callback, help=f"{said}\n\n{AMOUNTS}", short_help=f"{first}.")


def _flag(option: click.Option) -> str:
    return f"{option.opts[0]} {option.metavar or ''}".rstrip()


def _introduced(kind: type[Record], words: dict[str, Any]) -> list[SigningKey]:
    """Write the public key into `words` if --key names a key file; return that key if it must sign its own introduction."""
    if words.get("field_key") is None:
        return []
    words["field_key"], key = key_named(ledger_directory(), words["field_key"])
    return [key] if key is not None and INTRODUCTION in kind.signing.must else []


def _made(session: Session, party: str, kind: type[Record], words: dict[str, Any]) -> list[dict[str, Any]]:
    """The requested record; then the records of the reference keys, where this is the first record that is committed with them."""
    records = [record_of(kind, words, session.books, session.today)]
    if words.get("reference") is not None:
        records = committed(session, party, records[0], words["reference"], words["destroy_on"])
    return with_invoice(session, party, records, words)


def _first(value: JsonObject) -> list[str]:
    records: list[str] = value["records"]
    return records[:1]


@click.command("record", cls=Kinds, invoke_without_command=True, params=[
    click.Option(["--file"], metavar="FILE", help="A JSON file with one record, or a list of records; amounts are in minor units."),
    *signing_options(),
])  # fmt: skip
@click.pass_context
def command(ctx: click.Context, /, file: str | None, **words: object) -> Outcome | None:
    """Record one thing, and print its reference.

    Give a KIND and its options, or --file with records as JSON. Amounts in options are decimals (--amount 10.00); amounts in a file
    are whole minor units (1000). A file that was already recorded is not recorded again: its references are printed again.
    """
    if ctx.invoked_subcommand is not None:
        _refuse_before_kind(ctx)
        return None
    if file is None:
        raise click.UsageError("give a kind of record, or --file FILE", ctx)
    signing = Signing.take(words)
    raw = read_bytes(file, JSON_BYTES)
    records = _records(raw, spoken(file))
    signing = signing._replace(statement_id=signing.statement_id or _id_of(normalised(records)))
    return state(signing, lambda session, party: records)


def _id_of(records: list[JsonObject]) -> str:
    """The statement id that follows from a file's records (a UUID of version 8), so that a file is recognised the second time,
    whatever its layout."""
    digest = bytearray(hashlib.sha256(encode(records)).digest()[:16])
    digest[6], digest[8] = digest[6] & 0x0F | 0x80, digest[8] & 0x3F | 0x80
    return str(uuid.UUID(bytes=bytes(digest)))


def _refuse_before_kind(ctx: click.Context) -> None:
    """Refuse options before the kind, which would be ignored without notice. Raises UsageError."""
    if any(ctx.params.values()):
        raise UsageError(f"write the options after the kind: givetrail record {ctx.invoked_subcommand} …", rule="usage")


def _records(raw: bytes, what: str) -> list[JsonObject]:
    """The records of a file. Raises CanonicalError, SchemaError."""
    value = read_json(raw, what)
    records = value if isinstance(value, list) else [value]
    if not records or not all(isinstance(record, dict) for record in records):
        raise SchemaError(f"{what}: must hold one record, or a list of records", rule="schema", where=what)
    return records
