"""What a reading command is asked about: a snapshot of the open ledger, a scope, and how amounts, parties and terms are said."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import TypeVar

import click

from ledger.amount import to_text
from ledger.books.group import group_class_of
from ledger.books.state import Books
from ledger.canonical import JsonObject
from ledger.errors import NotFound, shown
from ledger.view.reader import Reader
from ledger.view.records_about import record_of
from ledger.view.scope import Scope
from ledger.view.snapshot import Snapshot

from .screen import by_name
from .session import Session

TERM_WORDS = {
    "opening": "Opening balance", "given": "Given", "fees": "Kept as fees", "granted": "Received from other funds",
    "income": "Other income", "returned": "Came back from payees", "moved": "Moved between funds", "exchanged": "Exchanged",
    "bought": "Bought", "paid": "Paid", "delivered": "Delivered", "written-off": "Written off",
    "refunded": "Given back to donors", "left": "Left",
}  # fmt: skip


Answers = TypeVar("Answers", bound=Callable[..., object])
OPTIONS = (("fund", "Only this fund."), ("charity", "Only funds of this party."), ("project", "Only funds of this project."))


def scope_options(command: Answers) -> Answers:
    """`--project`, `--charity` and `--fund`."""
    for name, words in OPTIONS:
        command = click.option(f"--{name}", metavar="ID", help=words)(command)
    return command


def snapshot_of(session: Session) -> Snapshot:
    """The open ledger as it is now."""
    return Snapshot(Reader(session.store), session.books, None)


def scope_of(books: Books, project: str | None, charity: str | None, fund: str | None) -> Scope:
    """The funds that are asked about. Raises NotFound for a name that the ledger does not have."""
    for what, id_, there in (("project", project, books.project), ("party", charity, books.party), ("fund", fund, books.fund)):
        if id_ is not None and there.get(id_) is None:
            near = get_close_matches(id_, [key for key, _ in there.all()], 3)
            words = f" (near: {', '.join(near)})" if near else ""
            raise NotFound(f"{what} {shown(id_)}: there is no such {what}{words}", rule="reference", where=what)
    return Scope(fund or "", project or "", charity or "")


def exponent(books: Books, unit: str) -> int:
    """The exponent of a unit."""
    row = books.unit.get(unit)
    return row.exponent if row else 0


def money(row: JsonObject, amount: int) -> str:
    """An amount in a row's `unit` and `exponent`: `10.00 CNY`; `-10.00 CNY` below 0."""
    return f"{'-' if amount < 0 else ''}{to_text(abs(amount), row['exponent'], row['unit'])}"


def payee_words(books: Books, payee: str) -> str:
    """A party by name; the class of a group."""
    if group_class := group_class_of(payee):
        return f"group: {group_class}"
    row = books.party.get(payee)
    return by_name(payee, row.name if row else "") if payee else ""


def fund_words(snapshot: Snapshot, id_: str) -> str:
    """A fund by name."""
    row = snapshot.books.fund.get(id_)
    return by_name(id_, record_of(snapshot, id_, row.since).name) if row else id_
