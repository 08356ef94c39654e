"""The words of a grant that is paid back (books §3): its payee pays units of what it took, and the funder takes them into the fund
that they left.

What comes back is not a cost of the payee, nor inflow of the funder: it takes back the cost and the inflow that the grant had made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..errors import Refused
from ..unit_facts import UnitRange
from .inflow import counts_of, grant, grant_enters, grant_kept, repay_less
from .moment import is_too_early
from .naming import row_of
from .restriction import check_inflow_left, spend
from .rows import Brought, Disbursement
from .rule import demand, memory
from .state import Books, money
from .statement_context import Flow, StatementContext
from .tape import EMPTY, Span
from .void_rows import TakingRow

Fields = tuple[str, ...]
Rows = Sequence[Flow]
Units = Sequence[Span]


@demand(
    "it is a receipt by which the party took a grant into the fund of that tape, and is not void; and the payee made that grant",
    "reference", decidable=True,
)  # fmt: skip
def gives_back(books: Books, context: StatementContext, fields: Fields, of: str, tape: tuple[str, str], payee: str | None) -> None:
    row = _taking(books, context, of, fields[0])
    funder = books.disbursement[row.of].party
    if (row.fund, row.unit) != tape:
        words = f"took {row.unit} into {row.fund!r}, and not {tape[1]} into {tape[0]!r}; pay it back from where it is"
        raise Refused(f"{fields[0]} {of}: {words}", rule="reference")
    if (row.party, funder) != (context.party, payee):
        words = f"{row.party} took a grant of {funder} by it, and only {row.party} can pay that back, to {funder}"
        raise Refused(f"{fields[0]} {of}: {words}", rule="reference")


@demand("it is at most one day before the day of that receipt", "day", decidable=True)
def answers_receipt(books: Books, context: StatementContext, fields: Fields, day: str, of: str) -> None:
    taken_on = _taking(books, context, of, fields[1]).day
    if is_too_early(day, taken_on):
        context.fault("day", f"{fields[0]} {day}: is more than one day before {taken_on}, the day of what it answers, {of}")


@demand(
    "the units are among those that the receipt took, or that came back when such a payment was void or did not arrive; and they "
    "are unspent",
    "return-excess",
)  # fmt: skip
def of_that_receipt(books: Books, context: StatementContext, fields: Fields, of: str, units: Units | None) -> None:
    name, row = context.resolve(of, fields[0]), _taking(books, context, of, fields[0])
    for start, end in units or ():
        is_from = any(low <= start and end <= high for low, high in _ranges(books, name, row, start))
        if not is_from or not (books.tape.get(row.tape) or EMPTY).is_free(start, end):
            what = "some of it is spent" if is_from else f"receipt {of} did not take them"
            facts = {"units": UnitRange(start, end, money(books, row.unit, end - start))}
            words = f"{fields[1]}: {{units}} of fund {row.fund}: {what}; pay back what it took and is still there"
            raise Refused(words, rule="return-excess", facts=facts)


@demand(
    "if what is paid back was inflow of a project, what that has spent in each cost class is within its share of the rest",
    "cost-limit",
)  # fmt: skip
def leaves_for_costs_when_paid_back(books: Books, context: StatementContext, fields: Fields, of: str, amount: int) -> None:
    row = _taking(books, context, of, fields[0])
    check_inflow_left(books, context, (row.fund, row.unit), -counts_of(row, -amount))


def _ranges(books: Books, name: str, row: TakingRow, start: int) -> Iterator[Span]:
    """The units that a receipt took, and those of the units given back that came back last before `start` on the tape."""
    yield from row.units
    low, high = 0, row.failed
    while low < high:
        middle = (low + high) // 2
        if books.given_back[f"{name}/{middle}"].at <= start:
            low = middle + 1
        else:
            high = middle
    if low:
        back = books.given_back[f"{name}/{low - 1}"]
        yield back.at, back.at + back.end - back.start


def _taking(books: Books, context: StatementContext, of: str, field: str) -> TakingRow:
    return row_of(books, books.taking, context, of, field, "is not a receipt that took a grant into a fund; name that")


@memory(
    "the payment is of a grant too: what the receipt took, less what is paid back, counts as inflow at most; it can be taken only "
    "into the fund that paid the first grant",
    decidable=True,
)
def pays_back(books: Books, context: StatementContext, record: object, rows: Rows, of: str, amount: int) -> None:
    name = context.resolve(of, "returns")
    first = books.disbursement[books.taking[name].of]
    payment = books.disbursement[context.ref]
    books.disbursement.put(context.ref, payment._replace(yields="grant", meant_for=first.fund, gives_back=name))
    _keep(books, name, -amount)


def unpay(books: Books, payment: Disbursement, back: Brought) -> None:
    """What of a payment came back was not spent; where it paid a grant back, it is there again to be paid back."""
    amount = back.end - back.start
    if payment.yields == "grant" and not payment.gives_back:
        grant(books, payment.party, payment.payee, payment.unit, -amount)
    if payment.kind == "payment" and not payment.gives_back:
        spend(books, payment.fund, payment.unit, payment.cost_class, -amount)
    if books.income.get(payment.gives_back) is not None:
        repay_less(books, payment.gives_back, (payment.fund, payment.unit), amount)
    if (row := books.taking.get(payment.gives_back)) is None:
        return
    books.given_back.put(f"{payment.gives_back}/{row.failed}", back)
    books.taking.put(payment.gives_back, row._replace(failed=row.failed + 1))
    _keep(books, payment.gives_back, amount)


def _keep(books: Books, name: str, more: int) -> None:
    """Count `more` as kept of what a receipt took; it may be less than 0."""
    row = books.taking[name]
    grant_kept(books, row, more)
    books.taking.put(name, row._replace(kept=row.kept + more))


@memory(
    "what a receipt takes into a fund is inflow of that fund's project, as far as grants received from that party exceed those "
    "paid to it ([books.md](books.md) §2); but what is paid back of a grant is none, and is not a cost of the project that had "
    "paid it any more"
)
def receives(books: Books, context: StatementContext, record: object, rows: Rows, amount: int) -> None:
    row = books.taking[context.ref]
    if not spend_again(books, row, -amount):
        books.taking.put(context.ref, row._replace(entered=grant_enters(books, row)))


def unreceive(books: Books, row: TakingRow) -> None:
    """A receipt that took units into a fund is void."""
    if not spend_again(books, row, row.amount):
        grant_kept(books, row, -row.kept)


def spend_again(books: Books, row: TakingRow, amount: int) -> bool:
    """Where a receipt takes what is paid back of a grant, count `amount` more as cost of that grant. Whether it does."""
    payment = books.disbursement[row.of]
    if payment.gives_back:
        name = books.taking[payment.gives_back].of
        first = books.disbursement[name]
        books.disbursement.put(name, first._replace(regained=first.regained - amount))
        grant(books, first.party, first.payee, first.unit, amount)
        if first.kind == "payment":
            spend(books, first.fund, first.unit, first.cost_class, amount)
    return bool(payment.gives_back)
