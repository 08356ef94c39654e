"""`givetrail init`: make a ledger."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import click

from ledger.books.currency import in_other_case, why_not
from ledger.books.rule import FIRST as RULES
from ledger.canonical import JsonObject
from ledger.directory.alarms import hold
from ledger.directory.anchor import anchor_path
from ledger.directory.creation import create
from ledger.directory.opening import key_path
from ledger.directory.publication import POLICY
from ledger.entries.log_keys import vkey_of
from ledger.entries.statement import validated_record
from ledger.errors import Refused, UsageError, shown
from ledger.writer.sequencer import Sequencer

from ..command import Command
from ..done_so_far import AGAIN, so_far
from ..outcome import Outcome
from ..screen import entries, hint, plain
from ..session import passphrase, passphrase_option
from ..witnesses import ask_after, watched_by


@click.command("init", cls=Command, on_ledger=False)
@click.argument("directory", metavar="DIR")
@click.option("--origin", required=True, help="The log's name, such as ledger.example.org/2026. It cannot be changed later.")
@click.option("--name", help="The ledger's name, for readers. Default: the origin.")
@click.option(
    "--operator", metavar="ID", default="operator", show_default=True, help="A short id for the party that runs the ledger."
)
@click.option("--operator-name", metavar="NAME", help="The operator's name, for readers. Default: the ledger's name.")
@click.option(
    "--officer", metavar="ID", default="admin", show_default=True,
    help="A short id for the operator's officer, who gets the first key.",
)
@click.option(
    "--time-zone", default="UTC+00:00", show_default=True, metavar="UTC+HH:MM",
    help="The ledger's time zone, as a distance from UTC.",
)
@click.option(
    "--witness", "witnesses", multiple=True, metavar="NAME=VKEY@URL",
    help="A witness: what to call it, its key, and the address where it takes checkpoints. Repeat for two or three.",
)
@click.option(
    "--quorum", metavar="N", help="How many of them must cosign before anything is published. Default: more than half."
)
@click.option(
    "--hold", "holds", is_flag=True, help="Give no answer about a record before the quorum of witnesses has cosigned it."
)
@click.option(
    "--unit", "units", multiple=True, metavar="CODE:EXPONENT[:NAME]",
    help="A unit with its number of decimals, such as CNY:2:yuan. Repeat for more.",
)
def command(
    directory: str, origin: str, units: tuple[str, ...], witnesses: tuple[str, ...], quorum: str | None, holds: bool, **words: Any
) -> Outcome:  # fmt: skip
    """Make a ledger in DIR: its keys, its first entry, and the trust policy to share."""
    path = Path(directory)
    declared, watched = _units(units), watched_by(witnesses, quorum)
    if holds and not watched.threshold:
        raise UsageError("--hold: needs a quorum of witnesses; name them with --witness", rule="usage", where="hold")
    name = words["name"] or origin
    first = {
        "kind": "ledger", "name": name, "operator_name": words["operator_name"] or name, "officer": words["officer"],
        "time_zone": words["time_zone"], "rules": RULES,
    }  # fmt: skip
    more = [(str(uuid.uuid4()), declared)] if declared else []
    with _again(path):
        sequencer = create(
            path, origin=origin, first_record=first, operator=words["operator"], statement_id=str(uuid.uuid4()), more=more,
            passphrase=passphrase(), watched=watched,
        )  # fmt: skip
    so_far().made = f"the ledger {plain(path)} is complete"
    if holds:
        hold(path)
    so_far().then = partial(ask_after, path)
    with closing(sequencer.store):
        value = _value(path, sequencer, words["operator"], words["officer"])
    _say_next(value, bool(declared))
    return Outcome(value, _lines)


command.params.append(passphrase_option())


def _units(texts: tuple[str, ...]) -> list[JsonObject]:
    """Unit records from CODE:EXPONENT[:NAME], checked before anything is made. Raises UsageError, SchemaError, Refused."""
    records: dict[str, JsonObject] = {}
    for text in texts:
        code, _, rest = text.partition(":")
        exponent, _, name = rest.partition(":")
        if not (exponent.isascii() and exponent.isdigit()):
            raise UsageError(f"--unit {shown(text)}: must be CODE:EXPONENT[:NAME], such as CNY:2:yuan", rule="usage", where="unit")
        if not records.keys().isdisjoint({code, in_other_case(code)}):
            raise UsageError(f"--unit {shown(text)}: {code} is named twice; name it once", rule="usage", where="unit")
        records[code] = {"kind": "unit", "unit": code, "exponent": int(exponent[:4]), "name": name or code}
        validated_record(records[code])
        if fault := why_not(code, records[code]["exponent"]):
            raise Refused(fault, rule="exponent", where="unit")
    return list(records.values())


@contextmanager
def _again(path: Path) -> Iterator[None]:
    """After an interrupt, the message says how to repeat the command: at once, if everything was removed again."""
    was_there, done = os.path.lexists(path), False
    so_far().again = AGAIN
    try:
        yield
        done = True
    finally:
        so_far().again = "" if done else AGAIN if os.path.lexists(path) == was_there else f"remove {plain(path)}, and {AGAIN}"


def _value(path: Path, sequencer: Sequencer, operator: str, officer: str) -> JsonObject:
    vkey = vkey_of(sequencer.books).format()
    return {
        "directory": str(path), "origin": sequencer.origin, "log_key": vkey, "trust_policy": str(path / POLICY),
        "operator": operator, "key_file": str(key_path(path, operator, officer)), "tree_size": sequencer.tree_size,
        "checkpoint_kept_at": str(anchor_path(vkey)),
    }  # fmt: skip


def _lines(value: JsonObject) -> list[str]:
    return [
        f"{plain(value['directory'])}: ledger {plain(value['origin'])}, {entries(value['tree_size'])}",
        f"trust policy: {plain(value['trust_policy'])}",
        f"operator's key: {plain(value['key_file'])}",
        f"log key: {plain(value['log_key'])}",
    ]


def _say_next(value: JsonObject, has_units: bool) -> None:
    hint(f"Share {plain(value['trust_policy'])}: with it, anyone can verify the ledger.")
    hint(f"Keep {plain(value['directory'])}/keys secret, and keep a copy of it elsewhere.")
    if not has_units:
        hint("The ledger has no unit yet. Next: givetrail record unit --unit CNY --exponent 2 --name yuan")
