"""What a party gave to one payee in a day, over all its funds and all kinds of records: the sums that its thresholds are compared
with (books §2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from .flows import size
from .group import payee_name
from .mandate import threshold
from .rows import Sum
from .rule import memory, values_of
from .state import Books, money, total
from .statement_context import Flow, StatementContext
from .tape import Span

Units = int | tuple[Span, ...]

class Given(NamedTuple):
    """An amount of a unit that a record gives to a payee on a day. The payee is "" where the record does not name one, and then all
    such records count as one payee. The day is the entry's where the record does not say one."""

    unit: str
    amount: int
    day: str
    payee: str

    def keys(self, context: StatementContext) -> tuple[str, str]:
        """The keys of the sums that it is part of: of its day, and of the records that were entered on this day. So nobody can
        split a sum by giving its parts different days."""
        whom = f"{context.party}/{self.payee}"
        return f"{whom}/{self.day}/{self.unit}", f"{whom}/recorded {context.day}/{self.unit}"


@memory(
    "the amount, or that many units, of that unit is added to what the party gave to the payee or class of groups, or to nobody "
    "named, on the day, or "
    "else on the entry's day; and to what it gave so by records of the entry's day",
    decidable=True,
)
def counts(
    books: Books, context: StatementContext, record: object, rows: Sequence[Flow], unit: str, amount: Units, day: str | None = None,
    party: str | None = None, group_class: str | None = None,
) -> None:  # fmt: skip
    _count(books, context, _given(context, unit, amount, day, party, group_class))


def _count(books: Books, context: StatementContext, given: Given) -> None:
    for key in given.keys(context):
        before = books.paid.get(key)
        what = f"what {context.party} gave to {given.payee or 'nobody named'} on a day"
        books.paid.put(key, Sum(total(before.amount if before else 0, given.amount, what)))


@memory("what a payment or delivery gave is added to what the party gave to its payee on the new day", decidable=True)
def counts_again(books: Books, context: StatementContext, record: object, rows: Sequence[Flow], of: str, day: str) -> None:
    for given in _given_again(books, context, of, day):
        _count(books, context, given)


def exceeded(books: Books, context: StatementContext, record: Any) -> str:
    """Which threshold of the party the record passes, and by which sum, in words; "" if none. What was voided or came back still
    counts."""
    gives = list(_all_given(books, context, record))
    if not gives:
        return ""
    unit, _, day, payee = gives[0]
    limit = threshold(books, context.party, unit, context.day)
    paid, recorded = (row.amount if (row := books.paid.get(key)) else 0 for key in gives[0].keys(context))
    given = max(paid, recorded) + sum(one.amount for one in gives)
    if limit is None or given <= limit:
        return ""
    whom = f"to {payee}" if payee else "without a payee"
    when = f"on {day}" if paid >= recorded else f"by what it records on {context.day}"
    sums = f"{money(books, unit, given)} {whom} {when}, above the threshold of {money(books, unit, limit)}"
    return f"{context.party} gives {sums}"


def _all_given(books: Books, context: StatementContext, record: Any) -> Iterator[Given]:
    for values in values_of("counts", record.remembers, record):
        yield _given(context, *values)
    for of, day in values_of("counts-again", record.remembers, record):
        yield from _given_again(books, context, of, day)


def _given_again(books: Books, context: StatementContext, of: str, day: str) -> Iterator[Given]:
    row = books.disbursement.get(context.resolve(of, "of"))
    if row is not None:
        yield Given(row.unit, row.amount, day, row.payee)


def _given(
    context: StatementContext, unit: str, amount: Units, day: str | None = None, party: str | None = None,
    group_class: str | None = None,
) -> Given:  # fmt: skip
    payee = payee_name((party, group_class)) if party or group_class else ""
    return Given(unit, amount if isinstance(amount, int) else size(amount), day or context.day, payee)
