"""What one currency was worth in another (books §8): rates that others say, and exchanges compared with them.

Of each pair and day the books keep the last rate of each party, so that nobody's rate is lost among those of others. Who said one
is a chain: the row of pair and day names the party that came to it last, and the row of these and that party the one before.
"""

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


@memory("the rate of that pair on that day that the party said last")
def rates(
    books: Books, context: StatementContext, record: object, rows: Sequence[Flow], units: Units, ratio: Sequence[int], day: str
) -> None:
    rate(books, units, ratio, day, context.party, context.ref)


def rate(books: Books, units: Units, ratio: Sequence[int], day: str, by: str, ref: str) -> None:
    """Put a rate in the place of the one that the party said of the pair and the day earlier."""
    said = f"{'/'.join(units)}/{day}"
    if books.rate.get(f"{said}/{by}") is None:
        books.rated.put(f"{said}/{by}", books.rated.get(said) or Rated(""))
        books.rated.put(said, Rated(by))
    books.rate.put(f"{said}/{by}", Rate(ratio[0], ratio[1], by, ref))


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
    """What is said of a pair, of the newest day first, of one day what was said last; a rate of the pair the other way round is
    turned."""
    for before in (days_after(day, -back) for back in range(DAYS + 1)):
        turned = (
            one._replace(numerator=one.denominator, denominator=one.numerator) for one in _of_day(books, units[::-1], before)
        )
        yield from sorted([*_of_day(books, units, before), *turned], key=_said_at, reverse=True)


def _of_day(books: Books, units: Units, day: str) -> Iterator[Rate]:
    """The rate of each party that said one of the pair on the day."""
    said = f"{'/'.join(units)}/{day}"
    link = books.rated.get(said)
    while link is not None and link.party:
        yield books.rate[f"{said}/{link.party}"]
        link = books.rated.get(f"{said}/{link.party}")


def _said_at(rate: Rate) -> list[int]:
    """The place of the record that said a rate: in the log, as `12.0`, or in what the verifier brought, as `record 3`."""
    return [int(part) for part in rate.ref.removeprefix("record ").split(".")]


def _operator(books: Books) -> str:
    row = books.ledger.get("")
    return row.operator if row is not None else ""
