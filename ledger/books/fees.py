"""What a channel keeps of a gift (books §2): its fee. The fee is in no fund and on no tape, it is a cost of the fund's project, and
a limit of fees is judged on all that a channel kept in a day of the gifts to one fund."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..errors import Absent, Refused
from .custody import KEEPERS
from .fee_rows import Fees, FeesKept, Limit
from .inflow_sums import enter_project
from .kinship import nature_on
from .naming import fund_of
from .reads import FeeLimit
from .requirements import required_of
from .restriction import spend
from .rows import Sum
from .rule import demand, memory
from .state import Books, money, total
from .statement_context import Flow, StatementContext

Fields = tuple[str, ...]
Tape = tuple[str, str]
COST = "fundraising"
NO_FEES = Fees()


@demand("the fee is less than the amount, of that unit", "fee", decidable=True)
def below(books: Books, context: StatementContext, fields: Fields, fee: int, amount: int, unit: str) -> None:
    if fee >= amount:
        facts = {"fee": money(books, unit, fee), "amount": money(books, unit, amount)}
        raise Refused(f"{fields[0]} {{fee}}: must be less than the {fields[1]}, {{amount}}", rule="fee", facts=facts)


@demand(
    "it is a party with the role `custodian` or `platform`, and not the owner of the fund",
    "fee", decidable=True,
)  # fmt: skip
def may_keep_fees(books: Books, context: StatementContext, fields: Fields, keeper: str, fund_id: str) -> None:
    fund, party = books.fund.get(fund_id), books.party.get(keeper)
    if fund is None:
        raise Absent(f"{fields[1]} {fund_id!r}: there is no such fund; record it first", rule="reference")
    if party is None:
        raise Absent(f"{fields[0]} {keeper!r}: there is no such party; record it first", rule="reference")
    if keeper == fund.owner:
        raise Refused(f"{fields[0]} {keeper!r}: owns the fund of the gift; what it keeps itself is not a fee", rule="fee")
    if KEEPERS.isdisjoint(party.roles):
        raise Refused(f"{fields[0]} {keeper!r}: is not a custodian or platform, and only those keep fees", rule="fee")


@demand("it is not related to the owner of the fund on that day or the entry's, by what is on record", "fee")
def not_for_a_relative(books: Books, context: StatementContext, fields: Fields, keeper: str, fund_id: str, day: str) -> None:
    owner = fund_of(books, context, fund_id, fields[1]).owner
    nature = nature_on(books, owner, keeper, (day, context.day), {owner})
    if nature:
        words = f"is related to {owner} ({nature}); what stays with a relative of the owner is not a fee"
        raise Refused(f"{fields[0]} {keeper!r}: {words}", rule="fee")


@memory("all of the amount, with the fee, is inflow of the fund's project, in its unit ([books.md](books.md) §2)")
def enters_whole(books: Books, context: StatementContext, record: object, rows: Sequence[Flow], tape: Tape, amount: int) -> None:
    enter_project(books, "/".join(tape), amount)


@memory(
    "the fee is a fundraising cost of the fund's project; and one more gift of that amount and fee to the tape, and for each limit "
    "of such fees to the tape on that day ([books.md](books.md) §2)"
)
def keeps_fee(
    books: Books, context: StatementContext, record: object, rows: Sequence[Flow],
    tape: Tape, day: str, keeper: str, amounts: tuple[int, int],
) -> None:  # fmt: skip
    keep(books, "/".join(tape), day, keeper, *amounts, 1)


def keep(books: Books, tape: str, day: str, keeper: str, amount: int, fee: int, gifts: int) -> None:
    """Remember that a party kept `fee` together of `gifts` gifts of `amount` together, received on a day into a tape. Raises
    Refused (`tape-limit`)."""
    fund_id, _, unit = tape.partition("/")
    what = f"the fees of gifts to {fund_id}"
    row = books.fee.get(tape) or NO_FEES
    books.fee.put(tape, row._replace(kept=total(row.kept, fee, what), gifts=row.gifts + gifts))
    cost(books, fund_id, unit, fee)
    for limit in limits_on(books, fund_id, unit, keeper, day):
        key = f"{tape}/{day}/{limit.by}"
        seen = books.kept.get(key) or FeesKept(0, 0, 0, limit)
        books.kept.put(key, FeesKept(total(seen.amount, amount, what), total(seen.fee, fee, what), seen.gifts + gifts, limit))


def keep_less(books: Books, tape: str, day: str, keeper: str, amount: int, fee: int) -> None:
    """Forget what was kept of a gift that is void."""
    fund_id, _, unit = tape.partition("/")
    if (kept := books.fee.get(tape)) is not None:
        books.fee.put(tape, kept._replace(kept=max(0, kept.kept - fee), gifts=max(0, kept.gifts - 1)))
    cost(books, fund_id, unit, -fee)
    for limit in limits_on(books, fund_id, unit, keeper, day):
        row = books.kept.get(key := f"{tape}/{day}/{limit.by}")
        if row is not None:
            books.kept.put(key, FeesKept(max(0, row.amount - amount), max(0, row.fee - fee), max(0, row.gifts - 1), limit))


def cost(books: Books, fund_id: str, unit: str, fee: int) -> None:
    """Add a fee, below 0 if it came back, to the fundraising costs of the fund's project. Raises Refused (`tape-limit`)."""
    spend(books, fund_id, unit, COST, fee)
    fund = books.fund.get(fund_id)
    if fund is not None and fund.project:
        key = f"{fund.project}/{unit}"
        row = books.project_fee.get(key)
        books.project_fee.put(key, Sum(max(0, total(row.amount if row else 0, fee, f"the fees of {fund.project}"))))


def limits_on(books: Books, fund_id: str, unit: str, keeper: str, day: str) -> Iterator[Limit]:
    """The limits for what a party keeps of gifts to a fund on a day: what the fund, or the nearest one above it, promises, or else
    what the law asks of custodians; and for a platform what it asks of platforms."""
    owner, promised = "", None
    name = fund_id
    while promised is None and (fund := books.fund.get(name)) is not None:
        promised, owner, name = books.fee_limit.get(f"{name}/{unit}"), fund.owner, fund.parent
    party = books.party.get(keeper)
    roles = party.roles if party is not None else ()
    if promised is not None:
        yield promised
    elif "custodian" in roles:
        yield from _asked(books, owner, "fee/custodian", day)
    if "platform" in roles:
        yield from _asked(books, owner, "fee/platform", day)


def _asked(books: Books, owner: str, name: str, day: str) -> Iterator[Limit]:
    row = required_of(books, owner, name, day)
    if row is not None:
        said = f"{name} ({row.ref}, said by {row.by}{', own' if row.by == owner else ''})"
        yield Limit(row.numerator, row.denominator, 0, said)


@memory("the limit of fees that the fund promises, for each unit that is named", decidable=False)
def promises_fees(
    books: Books, context: StatementContext, record: object, rows: Sequence[Flow], fund_id: str, limits: tuple[FeeLimit, ...]
) -> None:
    for limit in limits:
        promised = Limit(*limit.rate, limit.fixed or 0, f"fund {fund_id} ({context.ref})")
        books.fee_limit.put(f"{fund_id}/{limit.unit}", promised)


@memory(
    "the fee of a gift to the tape came back: where no fund is named, it is subtracted from the inflow and from the fundraising "
    "costs of the fund's project"
)
def fee_comes_back(
    books: Books, context: StatementContext, record: object, rows: Sequence[Flow], tape: Tape, fee: int, paid_by: str | None
) -> None:
    name = "/".join(tape)
    row = books.fee.get(name) or NO_FEES
    if paid_by is None:
        enter_project(books, name, -fee)
        cost(books, *tape, -fee)
        row = row._replace(refunded=row.refunded + fee)
    else:
        row = row._replace(covered=row.covered + fee)
    books.fee.put(name, row)
