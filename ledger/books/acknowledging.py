"""Who may acknowledge a payment or delivery, by the level of the receipt (books §2)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from .custody import custodian_for
from .kinship import is_near, relatives
from .levels import OWN
from .mandate import second_of
from .naming import disbursement_of
from .rows import Disbursement
from .state import Books
from .statement_context import StatementContext

Parties = Collection[str]
NOBODY: Parties = ()


def named_disbursements(books: Books, record: Any, context: StatementContext) -> list[Disbursement]:
    """The payments and deliveries that a record is about. Raises Absent, Refused."""
    field, refs = record.disbursements
    return [disbursement_of(books, context, ref, field) for ref in refs]


def acknowledgers(books: Books, record: Any, context: StatementContext) -> Parties:
    """The parties that may make a receipt of its level."""
    rows = named_disbursements(books, record, context)
    owners = [row.party for row in rows]
    recipients = [row.payee for row in rows if row.payee not in owners]
    if record.level in OWN:
        return owners
    if record.level == "holder-signed":
        return (context.party,)
    if record.level == "recipient-signed":
        return recipients
    if record.level == "confirmed":
        return owners if record.line is not None else _confirming(books, rows, record.received_on, context)
    days = {context.day, record.received_on}
    is_concerned = is_near(books, context.party, _concerned_by(books, rows, context.day), days)
    return NOBODY if is_concerned or _works_for_it(books, rows, context.party, days) else (context.party,)


def _confirming(books: Books, rows: list[Disbursement], day: str, context: StatementContext) -> Parties:
    """The custodians of the channels that the payments were made by."""
    return {custodian_for(books, context, row.party, row.channel, {day}, {row.payee}) for row in rows} - {""}


def _concerned_by(books: Books, rows: list[Disbursement], day: str) -> set[str]:
    """The parties whose word about a payment or delivery is not a third party's, nor is that of their relatives: owner, the second
    of its mandate, recipient, operator."""
    ledger = books.ledger.get("")
    parties = {ledger.operator} if ledger else set()
    for row in rows:
        parties |= {row.party, row.payee, second_of(books, row.party, day) or row.party}
    return parties


def _works_for_it(books: Books, rows: list[Disbursement], party: str, days: Parties) -> bool:
    """Whether a party, or a relative of it, leads or implements an activity of the project that a payment was made from, or granted
    money that was taken into the tree of that fund."""
    funds = [fund for row in rows if (fund := books.fund.get(row.fund)) is not None]
    return any(
        books.granted.get(f"{fund.root}/{one}") is not None or books.works.get(f"{fund.project}/{one}") is not None
        for fund in funds for one in relatives(books, party, days)
    )


