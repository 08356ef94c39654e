"""`givetrail copy`: a copy of a ledger that can do no harm to it."""

from __future__ import annotations

from pathlib import Path

import click

from ledger.canonical import JsonObject
from ledger.directory.publication import POLICY
from ledger.directory.trial_copy import make_trial
from ledger.errors import UsageError
from ledger.log.note import VerifierKey

from ..command import Command, ledger_directory
from ..done_so_far import so_far
from ..outcome import Outcome
from ..screen import Counter, entries, plain
from ..session import passphrase, passphrase_option

NO_TRIAL = (
    "--trial is missing: a second directory that signs for the same log would stop the first. Add --trial to make a copy for "
    "trying things out. For a backup, use `givetrail backup DIR`"
)


@click.command("copy", cls=Command)
@click.argument("directory", metavar="DIR")
@click.option(
    "--trial", is_flag=True, help="Required: gives the copy another name and new keys, so that its signatures count nowhere else."
)
@click.option("--origin", help="The name of the copy's log. Default: trial/ and the name of the ledger's log.")
def command(directory: str, trial: bool, origin: str | None) -> Outcome:
    """Copy the ledger into DIR, a new directory, to try things out.

    All records keep their places, days and amounts. The log's name, its key and the keys of all officers are new. They are in
    DIR/keys.
    """
    if not trial:
        raise UsageError(NO_TRIAL, rule="usage", where="trial")
    with Counter("copying") as count:
        made = make_trial(ledger_directory(), Path(directory), origin or "", passphrase(), count)
    so_far().made = f"the copy {plain(directory)} is complete"
    value = {
        "directory": directory, "origin": VerifierKey.parse(made.vkey).name, "log_key": made.vkey, "tree_size": made.tree_size,
        "trust_policy": str(Path(directory) / POLICY), "keys": [f"{party}/{name}" for party, name in made.keys],
    }  # fmt: skip
    return Outcome(value, _lines)


command.params.append(passphrase_option())


def _lines(value: JsonObject) -> list[str]:
    return [
        f"{plain(value['directory'])}: trial ledger {plain(value['origin'])}, {entries(value['tree_size'])}",
        f"trust policy: {plain(value['trust_policy'])}",
        f"new keys: {plain(', '.join(value['keys']))}",
    ]
