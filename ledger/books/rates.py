"""What one currency was worth in another (books §8): rates that others say, and exchanges compared with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .fee_rows import Rate, Rated, Unreferenced, Used
from .moment import days_after
from .naming import fund_of
from .requirements import required_of, use
from .rule import demand, memory
from .state import Books
from .statement_context import Flow, StatementContext

Fields = tuple[str, ...]
Units = tuple[str, str]
DAYS = 7
TOLERANCE, UNTOLD = "rate/tolerance", (5, 100)


@memory("the rate of that pair on that day; and, if the one before was another party's, that one too")
def rates(
    books: Books, context: StatementContext, record: object, rows: Sequence[Flow], units: Units, ratio: Sequence[int], day: str
) -> None:
    rate(books, units, ratio, day, context.party, context.ref)


def rate(books: Books, units: Units, ratio: Sequence[int], day: str, by: str, ref: str) -> None:
    """Put a rate before those that were said of the pair and the day earlier."""
    key, said = f"{'/'.join(units)}/{day}", Rate(ratio[0], ratio[1], by, ref)
    row = books.rate.get(key)
    others = [one for one in (row.last, row.other) if one is not None and one.by != by] if row is not None else []
    books.rate.put(key, Rated(said, others[0] if others else None))


@demand(
    "the rate is further than the tolerance from the newest rate of the pair, of at most 7 days before, that the verifier brought, "
    "or else an overseer other than the owner of the fund said, or else the operator",
    "rate", remarks=True,
)  # fmt: skip
def near_the_rate(
    books: Books, context: StatementContext, fields: Fields, fund: str, units: Units, ratio: Sequence[int], day: str
) -> None:
    owner = fund_of(books, context, fund, fields[0]).owner
    reference = rate_for(books, owner, units, day)
    if reference is None:
        return
    use(books, Used("/".join(units), "rate", reference.by, reference.ref, own=False), f"{'/'.join(units)}/{reference.by}")
    required = required_of(books, owner, TOLERANCE, day)
    numerator, denominator = (required.numerator, required.denominator) if required is not None else UNTOLD
    # a/b and p/q: |a/b - p/q| <= t · p/q
    said, most = ratio[0] * reference.denominator, reference.numerator * ratio[1]
    if abs(said - most) * denominator > numerator * most:
        context.remark(
            "rate",
            f"{fields[2]} {ratio[0]}/{ratio[1]}: differs by more than {numerator}/{denominator} from {reference.numerator}/"
            f"{reference.denominator}, the rate of {units[0]} in {units[1]} that {reference.by} said in {reference.ref}",
        )


@memory("the exchange is listed, if nobody besides its party and the operator said a rate by which it can be judged")
def lacks_a_rate(
    books: Books, context: StatementContext, record: object, rows: Sequence[Flow], fund: str, units: Units,
    amounts: tuple[int, int], day: str,
) -> None:  # fmt: skip
    owner = fund_of(books, context, fund).owner
    reference = rate_for(books, owner, units, day)
    if reference is None or reference.by == _operator(books):
        books.unreferenced.put(context.ref, Unreferenced(owner, units[0], amounts[0], units[1], amounts[1], day))


def unreferenced(books: Books) -> Iterator[tuple[str, Unreferenced]]:
    """The exchanges that only the operator's rates can judge, or none, and that are not void, each with the name of its record."""
    return ((ref, row) for ref, row in books.unreferenced.all() if books.void.get(ref) is None)


def rate_for(books: Books, owner: str, units: Units, day: str) -> Rate | None:
    """The rate by which an exchange of a party on a day is judged: the newest that the verifier brought, else the newest of an
    overseer, else of the operator; a rate of the pair the other way round is turned."""
    days = [days_after(day, -days) for days in range(DAYS + 1)]
    tiers: tuple[tuple[Books | None, Sequence[str]], ...] = (
        (books.brought, ()), (books, (owner, _operator(books))), (books, (owner,)),
    )  # fmt: skip
    for said, others in tiers:
        for before in days:
            if said is None:
                break
            found = _by_another(said, others, units, before) or _turned(_by_another(said, others, units[::-1], before))
            if found is not None:
                return found
    return None


def _operator(books: Books) -> str:
    row = books.ledger.get("")
    return row.operator if row is not None else ""


def _by_another(books: Books, others: Sequence[str], units: Units, day: str) -> Rate | None:
    """The rate of a pair on a day that somebody besides these `others` said last."""
    row = books.rate.get(f"{'/'.join(units)}/{day}")
    said = (row.last, row.other) if row is not None else ()
    return next((rate for rate in said if rate is not None and rate.by not in others), None)


def _turned(rate: Rate | None) -> Rate | None:
    return rate._replace(numerator=rate.denominator, denominator=rate.numerator) if rate is not None else None
