"""Which overseers a log rests on: those that signed for others, or said what others are judged by (books §2)."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import Any

from ..errors import Refused
from .acknowledging import named_disbursements
from .mandate import OVERSEERS, has_role
from .naming import activity_of
from .rows import OverseerRow
from .state import Books
from .statement_context import StatementContext


def remember_overseers(books: Books, context: StatementContext) -> None:
    """Remember the keys with which overseers signed for others, or said what others are judged by."""
    judges = any(_judges_others(books, record, context) for record, _ in context.runs)
    heard = {*context.strangers, *([context.party] if judges else [])}
    for signer in context.signers:
        if signer.party in heard and has_role(books, signer.party, OVERSEERS) and books.overseer.get(signer.key) is None:
            books.overseer.put(signer.key, OverseerRow(signer.party, context.index))


def _judges_others(books: Books, record: Any, context: StatementContext) -> bool:
    """Whether a record is what others are judged by: the law of a place, a rate, a relation of two others, or what a third party
    confirms of a payment or delivery, or reports on it. What a bundle does not show is somebody else's."""
    if record.kind == "receipt":
        return bool(record.level == "third-party")
    if record.kind == "feedback":
        return not context.whole or not _reports_on_its_own(books, record, context)
    return record.kind in ("rate", "requirement") or (record.kind == "relation" and context.party not in (record.of, record.to))


def _reports_on_its_own(books: Books, record: Any, context: StatementContext) -> bool:
    """Whether something that feedback is about concerns the party that reports. What is not in the log concerns nobody."""
    with suppress(Refused):
        things: list[Collection[str]] = [(row.party, row.payee) for row in named_disbursements(books, record, context)]
        if record.activity is not None:
            activity = activity_of(books, context, record.activity)
            things.append((activity.owner, *activity.implementers))
        return any(context.party in parties for parties in things)
    return False
