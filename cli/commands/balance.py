"""`givetrail balance`: the line that adds up, for the ledger or a part of it."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ledger.canonical import JsonObject
from ledger.view.account import Account, accounts

from ..command import Command
from ..outcome import Outcome
from ..screen import counted, table
from ..session import opened
from ..within import TERM_WORDS, exponent, money, scope_of, scope_options, snapshot_of


@click.command("balance", cls=Command)
@scope_options
def command(project: str | None, charity: str | None, fund: str | None) -> Outcome:
    """Show for each unit what came into funds from outside of them, what left them, and what is left: the lines add up.

    Without an option it is about all funds. What two of the funds pay to one another is not shown. `givetrail list TERM` lists the
    records behind a line, by the name that --json gives it, such as `paid`.
    """
    with opened(write=False) as session:
        snapshot = snapshot_of(session)
        scope = scope_of(snapshot.books, project, charity, fund)
        lines = [_value(one, exponent(snapshot.books, one.unit)) for one in accounts(snapshot, **scope._asdict())]
    return Outcome({**scope._asdict(), "accounts": lines}, _lines)


def _value(line: Account, exponent: int) -> JsonObject:
    return {"unit": line.unit, "exponent": exponent, "terms": [term._asdict() for term in line.terms], "left": line.left}


def _lines(value: JsonObject) -> Iterator[str]:
    if not value["accounts"]:
        yield "No money yet."
    for number, line in enumerate(value["accounts"]):
        if number:
            yield ""
        terms = [(term["name"], term["amount"], counted(term["records"], "record")) for term in line["terms"]]
        rows = [(TERM_WORDS[name], money(line, amount), records) for name, amount, records in [*terms, ("left", line["left"], "")]]
        yield from table(rows, right=(1,))
