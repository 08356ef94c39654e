"""`givetrail status`: what is due, what waits, and what differs."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import click

from ledger.books.moment import day_to_judge
from ledger.books.state import Books
from ledger.canonical import JsonObject
from ledger.clock import utc_now
from ledger.imports.entering import local_today
from ledger.view.figures import fund_figures
from ledger.view.overdue import Overdue, due_until, overdue
from ledger.view.snapshot import Snapshot

from ..command import Command, Day
from ..outcome import Outcome
from ..screen import counted, table
from ..session import opened
from ..within import exponent, fund_words, money, payee_words, snapshot_of

SOON_DAYS = 14


@click.command("status", cls=Command)
@click.option(
    "--as-of", type=Day(), metavar="YYYY-MM-DD",
    help="The day that decides what is due, unless the last entry's day is later. Default: today.",
)  # fmt: skip
@click.option(
    "--days", type=click.IntRange(1, 3650), metavar="N", default=SOON_DAYS, show_default=True, help="How many days to look ahead."
)
def command(as_of: str | None, days: int) -> Outcome:
    """Show which receipts and feedback are overdue or due soon, which changes of keys and mandates wait, how many records are void
    or broke a rule of conduct, and what is left in each fund."""
    with opened(write=False) as session:
        snapshot = snapshot_of(session)
        books = snapshot.books
        day = day_to_judge(as_of or local_today(books, utc_now()), snapshot.day)
        until = (datetime.date.fromisoformat(day) + datetime.timedelta(days)).isoformat()
        value = {
            "day": day, "until": until, "overdue": [_due(snapshot, one) for one in overdue(snapshot, day)],
            "due": [_due(snapshot, one) for one in due_until(snapshot, until, day)], "changes": list(_changes(books, day)),
            "void": sum(1 for _ in books.void.all()), "breaches": sum(1 for _ in books.breach.all()),
            "funds": _funds(snapshot),
        }  # fmt: skip
    return Outcome(value, _lines)


def _due(snapshot: Snapshot, one: Overdue) -> JsonObject:
    books = snapshot.books
    return {**one._asdict(), "exponent": exponent(books, one.unit), "payee_name": payee_words(books, one.payee)}


def _changes(books: Books, day: str) -> Iterator[JsonObject]:
    """Changes of keys and mandates that take effect after a day."""
    for _, key in books.key.items():
        if key.from_day > day:
            yield {"party": key.party, "what": f"a new key of {key.officer}", "from_day": key.from_day}
        if key.until_day > day:
            yield {"party": key.party, "what": f"a key of {key.officer} revoked", "from_day": key.until_day}
    for party, row in books.mandate.items():
        said = [("second signer", row.second[2]), ("delay of keys", row.key_delay[2])]
        said += [(f"threshold in {unit}", later) for unit, _, _, later in row.thresholds]
        for what, later in said:
            if later > day:
                yield {"party": party, "what": f"another {what}", "from_day": later}


def _funds(snapshot: Snapshot) -> list[JsonObject]:
    return [
        {"fund": row.fund, "name": fund_words(snapshot, row.fund), "unit": row.unit, "left": row.balance,
         "exponent": exponent(snapshot.books, row.unit)}
        for row in fund_figures(snapshot) if row.balance
    ]  # fmt: skip


def _lines(value: JsonObject) -> Iterator[str]:
    yield from _due_lines(f"Overdue on {value['day']}", value["overdue"])
    yield from _due_lines(f"Due by {value['until']}", value["due"])
    if value["changes"]:
        yield "Changes that wait:"
        yield from table([("  " + one["party"], one["what"], f"from {one['from_day']}") for one in value["changes"]])
    else:
        yield "No change of keys or mandates waits."
    yield f"{counted(value['void'], 'record')} void, {counted(value['breaches'], 'record')} that broke a rule of conduct."
    yield "Left in funds:" if value["funds"] else "Nothing is left in any fund."
    if value["funds"]:
        yield from table([("  " + row["name"], money(row, row["left"])) for row in value["funds"]], right=(1,))


def _due_lines(head: str, rows: list[JsonObject]) -> Iterator[str]:
    yield f"{head}: {'' if rows else 'nothing.'}".rstrip()
    if rows:
        yield from table([
            (f"  {row['due_on']}", row["stage"], f"{row['kind']} {row['ref']}", money(row, row["amount"]), row["payee_name"])
            for row in rows
        ], right=(3,))  # fmt: skip
