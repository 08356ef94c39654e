"""What one currency was worth in another (books §8): rates that others say, and exchanges compared with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .fee_rows import Rate, Rated, Unreferenced, Used
from .kinship import is_near
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
    "or else an overseer said, or else the operator, which is neither the owner of the fund nor related to it",
    "rate", remarks=True,
)  # fmt: skip
def near_the_rate(
    books: Books, context: StatementContext, fields: Fields, fund: str, units: Units, ratio: Sequence[int], day: str
) -> None:
    owner = fund_of(books, context, fund, fields[0]).owner
    reference = rate_for(books, owner, units, (day, context.day))
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
    reference = rate_for(books, owner, units, (day, context.day), owner)
    if reference is None or reference.by == _operator(books):
        books.unreferenced.put(context.ref, Unreferenced(owner, units[0], amounts[0], units[1], amounts[1], day))


def unreferenced(books: Books) -> Iterator[tuple[str, Unreferenced]]:
    """The exchanges that only the operator's rates can judge, or none, and that are not void, each with the name of its record."""
    return ((ref, row) for ref, row in books.unreferenced.all() if books.void.get(ref) is None)


def rate_for(books: Books, owner: str, units: Units, days: tuple[str, str], bound: str = "") -> Rate | None:
    """The rate by which an exchange of a party is judged, of the days of the exchange and its entry: the newest that the verifier
    brought, else the newest of an overseer, else of the operator. A rate of a relative is none; that the owner alone says who is
    one counts only where it is `bound`."""
    brought = next(_rates(books.brought, units, days[0]), None) if books.brought is not None else None
    if brought is not None:
        return brought
    said = [rate for rate in _rates(books, units, days[0]) if not is_near(books, rate.by, (owner,), days, {rate.by, bound})]
    operator = _operator(books)
    return next((rate for rate in said if rate.by != operator), next(iter(said), None))


def _rates(books: Books, units: Units, day: str) -> Iterator[Rate]:
    """What is said of a pair, the newest first; a rate of the pair the other way round is turned."""
    for before in (days_after(day, -back) for back in range(DAYS + 1)):
        for rate in filter(None, books.rate.get(f"{'/'.join(units)}/{before}") or ()):
            yield rate
        for rate in filter(None, books.rate.get(f"{'/'.join(units[::-1])}/{before}") or ()):
            yield rate._replace(numerator=rate.denominator, denominator=rate.numerator)


def _operator(books: Books) -> str:
    row = books.ledger.get("")
    return row.operator if row is not None else ""
