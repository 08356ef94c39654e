"""Figures: what was given and paid, how far it has come, and the summaries that parties signed."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import Field
from starlette.responses import Response

from ledger.books.kinds.regional_statistics import RegionalStatistics
from ledger.books.kinds.statistics import Statistics
from ledger.view.figures import Sum, given_by, paid_by
from ledger.view.listing import Listed
from ledger.view.snapshot import Snapshot
from ledger.view.traceability import Traceability, traceability

from .list_request import Counted, OfRecords
from .money import Answer, Money, SumOfMoney, money_of, sum_of
from .page import sliced
from .param import Sought, Within
from .record import Question, Said, found, said
from .route_docs import lists, resource
from .text_types import DaySaid

KIND, REGIONAL = "statistics", "regional-statistics"
REACHED = ("paid", "received", "reported")

router = resource("statistics")
By = Annotated[Literal["month", "fund", "project", "charity"], Query(description="What each sum is for.")]


class Total(Answer):
    """`count` records under a `key`, `amount` in total."""

    key: str = Field(
        description="With `by=month` the month, `YYYY-MM`, of the day of receipt or payment; else the id of the fund, project or "
        'party, "" for what is outside projects. The column has the same name in every format.'
    )
    amount: SumOfMoney
    count: int


class Reach(Answer):
    """How far the money given in one unit has come. `signed` is the headline, what was *signed by somebody else*: the `levels`
    above `holder-signed`. `disputed` is not in it: somebody else signed for that, and the payer alone says that it came back or is
    void. `returned` was given back to donors, and `base` is the rest. Of it, `paid`, `received` and `reported` have come at least
    that far. In `states`, every unit is in exactly one state. `levels` divides what was received or reported by
    the strongest level of its receipts."""

    signed: SumOfMoney
    disputed: SumOfMoney
    given: SumOfMoney
    returned: SumOfMoney
    base: SumOfMoney
    paid: SumOfMoney
    received: SumOfMoney
    reported: SumOfMoney
    states: list[InState]
    levels: list[AtLevel]


class InState(Answer):
    """How much of what was given is in a state (books §4)."""

    state: str
    amount: SumOfMoney


class AtLevel(Answer):
    """How much of what was given was acknowledged at a level, and at none stronger."""

    level: str
    amount: SumOfMoney


class Cell(Answer):
    """One month or day."""

    code: str
    amount: Money
    gifts: int


class SignedStatistics(Said):
    """A summary of the gifts received into a fund from one day to another, as a party signed it. Its total matched the ledger when
    it was entered; only the party vouches for the cells."""

    fund: str
    by: Literal["month", "day"]
    from_day: DaySaid
    to_day: DaySaid
    amount: Money
    gifts: int
    cells: list[Cell]


class Region(Answer):
    """One region (ISO 3166-2), or `other`, where smaller ones are merged; `share` of the amount is in hundredths."""

    code: str
    gifts: int
    share: int


class SignedRegions(Said):
    """Where gifts into a fund came from, as a party signed it: all that were entered from entry `from_size` to the one that says
    it. Amount and number matched the ledger when it was entered; only the party vouches for the cells."""

    fund: str
    from_size: int
    amount: Money
    gifts: int
    cells: list[Region]


def total_of(snapshot: Snapshot, row: Sum) -> Total:
    """A sum with the exponent of its unit."""
    return Total(key=row.key, amount=sum_of(snapshot.books, row.amount, row.unit), count=row.records)


def reach_of(snapshot: Snapshot, row: Traceability) -> Reach:
    """How far the gifts in one unit have come."""

    def money(minor: int) -> SumOfMoney:
        return sum_of(snapshot.books, minor, row.unit)

    states = [InState(state=state, amount=money(minor)) for state, minor in row.states.items()]
    reached = {state: money(row.reached(state)) for state in REACHED}
    levels = [AtLevel(level=level, amount=money(minor)) for level, minor in row.levels.items()]
    return Reach(
        signed=money(row.signed), disputed=money(row.states["disputed"]), given=money(row.given), returned=money(row.returned),
        base=money(row.base), states=states, levels=levels, **reached,
    )  # fmt: skip


def signed_of(snapshot: Snapshot, listed: Listed) -> SignedStatistics:
    """A signed summary."""
    record: Statistics = listed.record

    def money(minor: int) -> Money:
        return money_of(snapshot.books, minor, record.unit)

    return SignedStatistics(
        **said(snapshot, listed), fund=record.fund, by=record.by, from_day=record.from_day, to_day=record.to_day,
        amount=money(sum(cell.amount for cell in record.cells)), gifts=sum(cell.gifts for cell in record.cells),
        cells=[Cell(code=cell.code, amount=money(cell.amount), gifts=cell.gifts) for cell in record.cells],
    )  # fmt: skip


def regions_of(snapshot: Snapshot, listed: Listed) -> SignedRegions:
    """A signed summary by region."""
    record: RegionalStatistics = listed.record
    return SignedRegions(
        **said(snapshot, listed), fund=record.fund, from_size=record.from_size,
        amount=money_of(snapshot.books, record.amount, record.unit), gifts=sum(cell.gifts for cell in record.cells),
        cells=[Region(code=cell.code, gifts=cell.gifts, share=cell.share) for cell in record.cells],
    )  # fmt: skip


def _summed(rows: Callable[[Snapshot], Sequence[object]], say: Callable[[Snapshot, Any], Answer]) -> Question:
    """The question for a page of rows that a function computes from the snapshot."""
    return lambda snapshot, cursor, limit: sliced(rows(snapshot), cursor, limit).said(partial(say, snapshot))


@router.get("/statistics/given", description=inspect.getdoc(given_by), **lists(Total))
async def given(asked: Counted, within: Within, by: By = "month") -> Response:
    """Gifts, counted and summed."""
    return await asked.page(Total, _summed(lambda snapshot: given_by(snapshot, by, **within), total_of))


@router.get("/statistics/paid", description=inspect.getdoc(paid_by), **lists(Total))
async def paid(asked: Counted, within: Within, by: By = "month") -> Response:
    """Payments, counted and summed."""
    return await asked.page(Total, _summed(lambda snapshot: paid_by(snapshot, by, **within), total_of))


@router.get("/statistics/reach", description=inspect.getdoc(traceability), **lists(Reach))
async def reach(asked: Counted, within: Within) -> Response:
    """How far the money given has come, with one item for each unit of account."""
    return await asked.page(Reach, _summed(lambda snapshot: traceability(snapshot, **within), reach_of))


@router.get("/statistics/signed", **lists(SignedStatistics))
async def signed(asked: OfRecords, sought: Sought) -> Response:
    """Summaries by month or by day that parties signed."""
    return await asked.page(SignedStatistics, found(KIND, sought, signed_of))


@router.get("/statistics/regions", **lists(SignedRegions))
async def regions(asked: OfRecords, sought: Sought) -> Response:
    """Summaries by region that parties signed."""
    return await asked.page(SignedRegions, found(REGIONAL, sought, regions_of))
