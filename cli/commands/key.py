"""`givetrail key`: keys of officers, as files and as records."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from ledger.books.keys import in_force_on, pending
from ledger.books.rows import ACTIVE, KeyRow
from ledger.canonical import JsonObject, to_base64
from ledger.directory.opening import key_path
from ledger.entries.channel_reference import ReferenceKeys
from ledger.errors import NotFound, UsageError, shown
from ledger.log.key import SigningKey

from ..command import Group, ledger_directory
from ..done_so_far import so_far
from ..outcome import Outcome
from ..screen import hint, plain, table
from ..session import (
    Session,
    clock_option,
    key_in_file,
    load_key,
    officers_here,
    opened,
    parties_here,
    passphrase,
    passphrase_option,
    slug,
)
from ..signing import Signing, signing_options, speaker, state

KEY_TEXT = re.compile(r"[A-Za-z0-9+/]{43}=")
REASONS = ("rotated", "lost", "compromised", "officer-left")


@click.group("key", cls=Group)
def command() -> None:
    """Keys of officers: the files in the ledger's directory, and what the ledger says about them."""


@command.command("new", params=[
    click.Option(["--party"], metavar="P", required=True, help="The party that the officer signs for."),
    click.Option(["--officer"], metavar="O", required=True, help="The name of the key file, usually the officer's id."),
    passphrase_option(),
    clock_option(),
])  # fmt: skip
def new(party: str, officer: str) -> Outcome:
    """Make a key in keys/P/O.pem. Record it before it can sign: with `key add`, or with `party add` for a new party."""
    path = key_path(ledger_directory(), slug(party, "party"), slug(officer, "officer"))
    key = make_key(path)
    for line in _next(party, officer):
        hint(line)
    value = {"file": str(path), "party": party, "officer": officer, "key": to_base64(key.public)}
    return Outcome(value, lambda value: [f"{value['key']}  {value['file']}"])


def _next(party: str, officer: str) -> list[str]:
    """The commands to type next. So far the key is only a file, so the ledger does not know which of these it is for."""
    given = f"--recovery-party {party} --recovery-officer {officer} --key {party}/{officer} --reason TEXT --cosign AUDITOR/O"
    return [
        f"Next: givetrail key add {officer} --party {party}",
        f"  for a new party: givetrail party add {party} --officer {officer}",
        f"  if {party} has too few keys left to sign that: givetrail record recovery --party OPERATOR {given}",
    ]


def make_key(path: Path) -> SigningKey:
    """A new key in a new file. Raises UsageError if the file exists; StorageError."""
    if path.exists():
        raise UsageError(f"{path}: already exists, and a key is never overwritten; name another officer", rule="key-file")
    key = SigningKey.generate()
    try:
        key.save(path, passphrase())
    finally:
        so_far().made = f"the key file {plain(path)} is made" if os.path.lexists(path) else ""
    return key


@command.command("list", params=[click.Option(["--party"], metavar="P", help="List only this party's keys."), passphrase_option()])
def list_(party: str | None) -> Outcome:
    """List the keys that the ledger knows, the key files in its directory, and whether each reference key here is the right one."""
    with opened(write=False) as session:
        files = _files(session.directory)
        rows = [
            _row(row.party, row.officer, key, row, files.pop(key, None), session.today)
            for key, row in sorted(session.books.key.items(), key=_by_party)
        ]
        parties = [name for name in _with_references(session.directory) if party in (None, name)]
        references = [one for name in parties for one in _reference_rows(session, name)]
    rows += [
        _row(path.parent.name, path.stem, None if key == str(path) else key, None, path, session.today)
        for key, path in files.items()
    ]
    return Outcome({"keys": [row for row in rows if party in (None, row["party"])], "reference_keys": references}, _key_lines)


def _by_party(item: tuple[str, KeyRow]) -> tuple[str, int, str, str]:
    key, row = item
    return row.party, row.since, row.officer, key


def _with_references(directory: Path) -> list[str]:
    """The parties whose reference keys should be here: those with key files or reference keys in the directory."""
    return sorted({*parties_here(directory), *(path.parent.name for path in (directory / "keys").glob("*/reference-*.*"))})


def _reference_rows(session: Session, party: str) -> list[JsonObject]:
    listed = ReferenceKeys(session.directory, slug(party, "party"), session.books).listed()
    for one in listed:
        if one.why:
            hint(f"warning: {plain(one.why)}")
    return [{"party": party, **one._asdict()} for one in listed]


def _row(party: str, officer: str, key: str | None, row: KeyRow | None, file: Path | None, today: str) -> JsonObject:
    """What is known of a key. What is pending of it has its day: from when on it is in force, or no longer is."""
    waits = row is not None and pending(row, today)
    return {
        "party": party, "officer": officer, "key": key, "since": row.since if row else None,
        "until": row.until if row and row.until != ACTIVE else None,
        "from_day": row.from_day if row and waits and row.until == ACTIVE else None,
        "until_day": row.until_day if row and waits and row.until != ACTIVE else None,
        "file": None if file is None else str(file),
    }  # fmt: skip


def _files(directory: Path) -> dict[str, Path]:
    """Public key → file; the file of a key that needs a passphrase is under its path."""
    found = {}
    for party in parties_here(directory):
        for officer in officers_here(directory, party):
            path = key_path(directory, party, officer)
            key = key_in_file(directory, party, officer)
            found[to_base64(key.public) if key else str(path)] = path
    return found


def _key_lines(value: JsonObject) -> list[str]:
    rows = [(
        key["party"], key["officer"], key["key"] or "locked",
        f"since {key['since']}" if key["since"] is not None else "not recorded" if key["key"] else "",
        _ends(key), key["file"] or "",
    ) for key in value["keys"]]  # fmt: skip
    references = [(
        one["party"], f"references of {one['label']}", one["state"], f"since {one['since']}" if one["since"] is not None else "",
        f"destroy on {one['destroy_on']}" if one["destroy_on"] else "",
    ) for one in value["reference_keys"]]  # fmt: skip
    return [line for part in (rows, references) if part for line in table(part)]


def _ends(key: JsonObject) -> str:
    if key["from_day"] is not None:
        return f"in force from {key['from_day']}"
    if key["until"] is None:
        return ""
    return f"revoked at {key['until']}" + (f", in effect from {key['until_day']}" if key["until_day"] is not None else "")


@command.command("add", params=[
    click.Argument(["name"], metavar="FILE"),
    click.Option(["--as", "as_officer"], metavar="OFFICER", help="The officer who holds the key. Default: FILE."),
    click.Option(["--kinds"], metavar="KIND", multiple=True, help="The only kinds of records that the key signs. Repeat for more."),
    *signing_options(),
])  # fmt: skip
def add(name: str, as_officer: str | None, kinds: tuple[str, ...], **words: object) -> Outcome:
    """Record the key in keys/P/FILE.pem as an officer's key of P. An officer who has a key already signs, and the new key signs
    too. Where one officer signs, the key is in force three days later, or as many as the party's mandate says; until then
    `key withdraw` withdraws it."""
    signing = Signing.take(words)
    directory = ledger_directory()
    party = speaker(directory, signing.party)
    key = load_key(directory, party, slug(name, "file"))
    signing = signing._replace(party=party, officers=signing.officers or _others(directory, party, name))
    limits = {"kinds": sorted(set(kinds))} if kinds else {}
    record = {"kind": "key", "key": to_base64(key.public), "officer": as_officer or name, **limits}
    return state(signing, lambda session, party: [record], [key])


def _others(directory: Path, party: str, name: str) -> tuple[str, ...]:
    """The party's only other key file. Raises UsageError unless there is exactly one."""
    others = [officer for officer in officers_here(directory, party) if officer != name]
    if len(others) != 1:
        here = f"key files of {', '.join(others)}" if others else "no key file"
        raise UsageError(f"--officer: {party} has {here} beside {name}; say who signs", rule="usage", where="officer")
    return tuple(others)


@command.command("revoke", params=[
    click.Argument(["named"], metavar="KEY"),
    click.Option(["--reason"], type=click.Choice(REASONS), required=True, help="Why the key is revoked."),
    *signing_options(),
])  # fmt: skip
def revoke(named: str, reason: str, **words: object) -> Outcome:
    """Record that a key signs nothing any more: from now on if that key signs this itself, or two officers do; otherwise from
    three days later on, or as many as the party's mandate says.

    KEY is the public key, the name of its file (keys/P/KEY.pem), or an officer who has one key in force.
    """

    def make(session: Session, party: str) -> list[JsonObject]:
        return [{"kind": "key-revocation", "key": _named_key(session, party, named), "reason": reason}]

    return state(Signing.take(words), make)


@command.command("withdraw", params=[click.Argument(["named"], metavar="KEY"), *signing_options()])
def withdraw(named: str, **words: object) -> Outcome:
    """Withdraw a key that is not in force yet, or a revocation that is not. One officer's key in force is enough to sign it.

    KEY is the public key, or the name of its file (keys/P/KEY.pem).
    """

    def make(session: Session, party: str) -> list[JsonObject]:
        return [{"kind": "key-withdrawal", "key": _named_key(session, party, named)}]

    return state(Signing.take(words), make)


def _named_key(session: Session, party: str, named: str) -> str:
    if KEY_TEXT.fullmatch(named):
        return named
    file = key_in_file(session.directory, party, named)
    if file is not None:
        return to_base64(file.public)
    held = [(key, row) for key, row in session.books.key.items() if (row.party, row.officer) == (party, named)]
    keys = [key for key, row in held if in_force_on(row, session.today)]
    if len(keys) != 1:
        raise NotFound(
            f"key {shown(named)}: this officer of {party} has {len(keys)} keys in force; give the public key", rule="key-standing"
        )
    return keys[0]
