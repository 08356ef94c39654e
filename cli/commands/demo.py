"""`givetrail demo`: a ledger to look at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from ledger.demo.story import make_demo
from ledger.directory import POLICY

from ..command import Command
from ..outcome import Outcome
from ..screen import Counter, hint, plain, table


@click.command("demo", cls=Command, on_ledger=False)
@click.argument("directory", metavar="DIR")
@click.option("--gifts", type=int, default=2000, show_default=True, metavar="N", help="How many gifts.")
def command(directory: str, gifts: int) -> Outcome:
    """Make a ledger of some weeks of invented giving in DIR. The same N gives the same root on every machine."""
    with Counter("recording gifts") as count:
        done = make_demo(Path(directory), gifts, count)
    value = {**done._asdict(), "directory": directory, "trust_policy": str(Path(directory) / POLICY)}
    hint(f"Next: givetrail verify {plain(directory)} --trust {plain(value['trust_policy'])}")
    return Outcome(value, _lines)


def _lines(value: dict[str, Any]) -> Iterator[str]:
    yield f"{plain(value['directory'])}: ledger {value['origin']}, {value['gifts']} gifts, {value['tree_size']} entries"
    yield f"root {value['root']}"
    yield from table([(ref, name) for name, ref in value["named"].items()])
