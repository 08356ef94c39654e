"""`givetrail rebuild`: what is derived, made again from the entries."""

from __future__ import annotations

import click

from ledger.rebuild import rebuild

from ..command import Command, ledger_directory
from ..outcome import Outcome
from ..screen import Counter, plain
from ..sofar import AGAIN, so_far


@click.command("rebuild", cls=Command)
def command() -> Outcome:
    """Drop indexes, tiles and state rows, and make them again from the entries. The entries stay as they are."""
    directory = ledger_directory()
    with Counter("rebuilding", AGAIN) as count:
        size = rebuild(directory, count)
    so_far().made, so_far().again = f"{plain(directory)} is rebuilt", ""
    value = {"directory": str(directory), "tree_size": size}
    return Outcome(value, lambda value: [f"{plain(value['directory'])}: made again from {value['tree_size']} entries"])
