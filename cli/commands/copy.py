"""`givetrail copy`: a copy of a ledger that can do no harm to it."""

from __future__ import annotations

from pathlib import Path

import click

from ledger.canonical import JsonObject
from ledger.directory.opening import POLICY
from ledger.directory.trial_copy import make_trial
from ledger.errors import UsageError
from ledger.log.note import VerifierKey

from ..command import Command, ledger_directory
from ..outcome import Outcome
from ..screen import Counter, plain
from ..session import passphrase, passphrase_option
from ..sofar import so_far

NO_TRIAL = (
    "a second directory that signs for the same log would stop the first; give --trial for a copy to try things out in. "
    "For a backup use `givetrail backup DIR`"
)


@click.command("copy", cls=Command)
@click.argument("directory", metavar="DIR")
@click.option("--trial", is_flag=True, help="Make a log of another name, with other keys: nothing it signs is of use elsewhere.")
@click.option("--origin", help="The trial's name; default: trial/ and the name of the ledger.")
def command(directory: str, trial: bool, origin: str | None) -> Outcome:
    """Copy the ledger into DIR, a new directory, to try things out.

    All records keep their places, days and amounts. Origin, log key and the keys of all officers are new, and lie in DIR/keys.
    """
    if not trial:
        raise UsageError(NO_TRIAL, rule="usage", where="trial")
    with Counter("copying") as count:
        made = make_trial(ledger_directory(), Path(directory), origin or "", passphrase(), count)
    so_far().made = f"{plain(directory)} holds the trial, whole"
    value = {
        "directory": directory, "origin": VerifierKey.parse(made.vkey).name, "log_key": made.vkey, "tree_size": made.tree_size,
        "trust_policy": str(Path(directory) / POLICY), "keys": [f"{party}/{name}" for party, name in made.keys],
    }  # fmt: skip
    return Outcome(value, _lines)


command.params.append(passphrase_option())


def _lines(value: JsonObject) -> list[str]:
    return [
        f"{plain(value['directory'])}: trial ledger {plain(value['origin'])}, {value['tree_size']} entries",
        f"trust policy: {plain(value['trust_policy'])}",
        f"keys made anew: {plain(', '.join(value['keys']))}",
    ]
