"""`givetrail list`: what was recorded, newest first, or the records behind a line of `givetrail balance`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import click

from ledger.books.life import named_at
from ledger.books.moment import local_day
from ledger.books.record import KINDS, Record
from ledger.canonical import JsonObject
from ledger.errors import UsageError, shown
from ledger.store.protocol import Place
from ledger.view.account import accounts
from ledger.view.listing import Listed, listed_at, places
from ledger.view.movement import TERMS, movements_of
from ledger.view.movements import Narrowed, Row, movements
from ledger.view.scope import Scope
from ledger.view.snapshot import Snapshot

from ..command import Command
from ..outcome import Outcome
from ..screen import hint, table
from ..session import opened
from ..within import exponent, fund_words, money, payee_words, scope_of, scope_options, snapshot_of

LIMIT = 50


@click.command("list", cls=Command)
@click.argument("what", metavar="[WHAT]", required=False)
@scope_options
@click.option("--payee", metavar="ID", help="Only what this party, or group/CLASS, was paid or sent back.")
@click.option("--month", metavar="YYYY-MM", help="Only records of this month, by their own day.")
@click.option("--limit", type=click.IntRange(1), metavar="N", default=LIMIT, show_default=True, help="The most rows to show.")
def command(
    what: str | None, project: str | None, charity: str | None, fund: str | None, payee: str | None, month: str | None, limit: int
) -> Outcome:
    """List what was recorded, newest first. WHAT is a kind of record, such as `payment`, or a term of `givetrail balance`, such as
    `paid` or `moved`; without it, everything is listed.

    What is void is listed too, and marked; it is in no term. The amounts of a term add up to its line.
    """
    if what is not None and what not in KINDS and what not in TERMS:
        there = f"`givetrail record --help` has the kinds, and the terms are {', '.join(TERMS)}"
        raise UsageError(f"{shown(what)}: is neither a kind of record nor a term; {there}", rule="usage", where="what")
    with opened(write=False) as session:
        snapshot = snapshot_of(session)
        scope = scope_of(snapshot.books, project, charity, fund)
        found = _behind(snapshot, what, scope, payee, month) if what in TERMS else _recorded(snapshot, what, scope, payee, month)
        rows = list(islice(found, limit + 1))
    return Outcome({"rows": rows[:limit], "more": len(rows) > limit}, _lines)


def _behind(snapshot: Snapshot, term: str, scope: Scope, payee: str | None, month: str | None) -> Iterator[JsonObject]:
    """The records behind a term, unit by unit."""
    for line in accounts(snapshot, **scope._asdict()):
        asked, after = Narrowed(term, line.unit, payee or "", month or ""), None
        while True:
            page = movements(snapshot, asked, scope, after=after)
            yield from (_moved(snapshot, row, line.unit) for row in page.rows)
            if page.next is None:
                break
            after = page.next


def _recorded(snapshot: Snapshot, kind: str | None, scope: Scope, payee: str | None, month: str | None) -> Iterator[JsonObject]:
    named = {"kind": kind, "fund": scope.fund, "project": scope.project, "party": scope.charity}
    terms = [f"{what}:{name}" for what, name in named.items() if name]
    for place in places(snapshot.store_flows, terms, None, newest_first=True):
        row = _said(snapshot, listed_at(snapshot.store_flows, place), place)
        if payee in (None, row["payee"]) and month in (None, row["day"][:7]):
            yield row


def _said(snapshot: Snapshot, listed: Listed, place: Place) -> JsonObject:
    """A record as a row: the amount that it names, or that it moved."""
    books, record = snapshot.books, listed.record
    moved = next(iter(movements_of(books, listed.ref, record, listed.leaf.entry.time)), None)
    of = getattr(record, "of", None)
    named = books.disbursement.get(named_at(of, listed.ref)[0]) if of else None
    amount, unit = getattr(record, "amount", None), getattr(record, "unit", None) or (named.unit if named else "")
    if amount is None and moved is not None:
        amount, unit = abs(sum(leg.amount for leg in moved.legs)), moved.unit
    paid = books.disbursement.get(listed.ref)
    row = Row(listed.ref, record.kind, _day(snapshot, record, listed), getattr(record, "fund", None) or "", "",
              paid.payee if paid else "", amount or 0)  # fmt: skip
    return _moved(snapshot, row, unit if amount else "")


def _day(snapshot: Snapshot, record: Record, listed: Listed) -> str:
    """The day that a record names, or that of its entry."""
    days = ("received_on", "paid_on", "delivered_on", "returned_on", "refunded_on", "exchanged_on", "reported_on")
    return next((day for name in days if (day := getattr(record, name, None))), local_day(snapshot.books, listed.leaf.entry.time))


def _moved(snapshot: Snapshot, row: Row, unit: str) -> JsonObject:
    books = snapshot.books
    return {
        **row._asdict(), "unit": unit, "exponent": exponent(books, unit), "void": books.void.get(row.ref) is not None,
        "fund_name": fund_words(snapshot, row.fund) if row.fund else "",
        "with_name": payee_words(books, row.payee) or (fund_words(snapshot, row.other) if row.other else ""),
    }  # fmt: skip


def _lines(value: JsonObject) -> Iterator[str]:
    if not value["rows"]:
        yield "Nothing was recorded that is asked for."
        return
    yield from table([
        (row["day"], row["ref"], row["kind"], money(row, row["amount"]) if row["unit"] else "", row["fund_name"], row["with_name"],
         "void" if row["void"] else "")
        for row in value["rows"]
    ], right=(3,))  # fmt: skip
    if value["more"]:
        hint("there are more: give a higher --limit")
