"""`givetrail repair`: single entries put back, from another copy of the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import click

from ledger.audit.target import is_url, open_source
from ledger.canonical import JsonObject
from ledger.recovery.repair import listed, repair

from ..command import Command, ledger_directory
from ..outcome import Outcome
from ..remote import read_policy
from ..screen import Counter, plain
from ..sofar import AGAIN, so_far


@click.command("repair", cls=Command)
@click.option("--from", "copies", metavar="COPY", multiple=True, help="A backup, export, mirror or address.")
@click.option("--trust", metavar="FILE", help="The trust policy, where the one in the directory is damaged.")
def command(copies: tuple[str, ...], trust: str | None) -> Outcome:
    """Put back entries that are rotten or missing, from other copies of the log, and make everything derived again.

    The newest signed checkpoint that is known, here or in a copy, proves which bytes are the true ones. Nothing is changed unless
    every entry that it signs is found. Without --from it mends what needs no copy: a damaged checkpoint, here or kept outside, and
    what is derived.
    """
    directory = ledger_directory()
    policy = read_policy(trust) if trust else None
    with ExitStack() as held, Counter("repairing", AGAIN) as count:
        sources = [open_source(copy if is_url(copy) else Path(copy)) for copy in copies]
        for source in sources:
            held.callback(source.close)
        done = repair(directory, sources, policy, count)
    so_far().made, so_far().again = f"{plain(directory)} is repaired", ""
    return Outcome({"directory": str(directory), **done._asdict()}, _lines)


def _lines(value: JsonObject) -> Iterator[str]:
    size, back = value["tree_size"], value["put_back"]
    lost = sum(index >= value["was"] for index in back)
    yield f"{plain(value['directory'])}: {plain(value['origin'])}, {size} entries"
    at_end = f", {lost} lost at its end" if lost else ""
    count = "1 entry" if len(back) == 1 else f"{len(back)} entries"
    yield f"put back: {count}{at_end}: {listed(back)}" if back else "put back: nothing; every entry was the true one"
    if value["written"]:
        yield f"written anew: {plain(', '.join(value['written']))}"
    yield f"proved by {plain(value['signed_by'])}, of {value['signed']} entries; everything derived was made again"
