"""`givetrail repair`: entries put back from another copy of the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import click

from ledger.audit.target import is_url, open_source
from ledger.canonical import JsonObject
from ledger.recovery.repair import listed, repair

from ..command import Command, ledger_directory
from ..done_so_far import AGAIN, so_far
from ..outcome import Outcome
from ..remote import read_policy
from ..screen import Counter, entries, plain


@click.command("repair", cls=Command)
@click.option(
    "--from", "copies", metavar="COPY", multiple=True,
    help="A backup, an export, a mirror, or the address of a log. Repeat for more.",
)
@click.option("--trust", metavar="FILE", help="The trust policy, if the one in the directory is damaged.")
def command(copies: tuple[str, ...], trust: str | None) -> Outcome:
    """Restore entries that are damaged or missing, from other copies of the log, and rebuild everything derived.

    The newest signed checkpoint, here or in a copy, proves which entries are right. Nothing is changed unless every entry that it
    signs is found. Without --from, it repairs what needs no copy: a damaged checkpoint, here or outside, and everything derived.
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
    yield f"{plain(value['directory'])}: {plain(value['origin'])}, {entries(size)}"
    at_end = f", {lost} lost at its end" if lost else ""
    yield f"put back: {entries(len(back))}{at_end}: {listed(back)}" if back else "put back: nothing; every entry was right"
    if value["written"]:
        yield f"written again: {plain(', '.join(value['written']))}"
    yield f"proved by {plain(value['signed_by'])}, of {entries(value['signed'])}; everything derived was rebuilt"
