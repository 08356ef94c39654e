"""What came of a gift: the results of the payments that its money went to, and what is still open of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ..books.gift import PAID, WAITING, GiftTrace, due_on, split_ref, waits_for
from ..books.moment import day_to_judge, local_day
from ..books.trace import Piece
from .outcome import Result, best_first, results_of
from .snapshot import Snapshot

PAYMENTS = 12
"""Of so many payments and deliveries that a gift went to, the first ones, are results looked up."""


class GiftResult(NamedTuple):
    """A result, and how much of the gift is in what it is about: `amount` minor units, in these `payments` and deliveries. The
    result is of all of these, and no part of it belongs to the gift."""

    result: Result
    amount: int
    payments: tuple[str, ...]


class MissingStage(NamedTuple):
    """`amount` minor units of the gift wait for a `stage`, `receipt` or `feedback`, of the payment or delivery `ref` to the payee.
    It is promised by the day `due_on`, "" if nothing was promised, and `is_overdue` from the next day on."""

    stage: str
    ref: str
    payee: str
    amount: int
    due_on: str
    is_overdue: bool


class WaitingUnits(NamedTuple):
    """`amount` minor units of the gift are in a fund, `held` or `allocated`, since a day."""

    state: str
    fund: str
    since: str
    amount: int


class OpenStages(NamedTuple):
    """What has not happened with a gift: what is `missing`, the overdue first and then by due day; what `waits` in funds, the
    longest first; and the minor units that are `disputed`, by payment."""

    missing: tuple[MissingStage, ...]
    waits: tuple[WaitingUnits, ...]
    disputed: Mapping[str, int]

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing."""
        return not (self.missing or self.waits or self.disputed)


def parts_of(trace: GiftTrace, states: Iterable[str] = PAID) -> dict[str, int]:
    """How many minor units of a gift ended in each payment or delivery, in the order of the log, and are in one of these states."""
    parts = defaultdict[str, int](int)
    for piece in trace.pieces:
        if piece.state in states and piece.path:
            parts[piece.path[-1]] += piece.end - piece.start
    return dict(sorted(parts.items(), key=lambda part: split_ref(part[0])))


def results_of_gift(snapshot: Snapshot, trace: GiftTrace) -> list[GiftResult]:
    """The results of the first 12 payments and deliveries that a gift went to, the best answer first (`outcome.best_first`); what
    was taken back is not among them."""
    found: dict[str, Result] = {}
    parts, within = parts_of(trace), defaultdict[str, list[str]](list)
    for ref in list(parts)[:PAYMENTS]:
        for one in results_of(snapshot, ref):
            if one.ref not in found or one.is_own_word:
                found[one.ref] = one
            within[one.ref].append(ref)
    kept = best_first(one for one in found.values() if not one.is_void)
    return [GiftResult(one, sum(parts[ref] for ref in within[one.ref]), tuple(within[one.ref])) for one in kept]


def still_open(snapshot: Snapshot, trace: GiftTrace, as_of: str = "") -> OpenStages:
    """What is still open of a gift, judged as of the day `as_of`, or that of the last entry if it is later."""
    with snapshot.reading():
        return OpenStages(
            tuple(_missing(snapshot, trace, day_to_judge(as_of, snapshot.day))), tuple(_waits(snapshot, trace)),
            parts_of(trace, ("disputed",)),
        )  # fmt: skip


def spenders_of(snapshot: Snapshot, trace: GiftTrace) -> tuple[str, ...]:
    """Whom to ask: the owners of the funds that spent a gift, or have it still, in the order of the log; if there are none, the
    party that received it."""
    rows = [snapshot.books.disbursement.get(ref) for ref in parts_of(trace, (*PAID, "disputed"))]
    funds = [snapshot.books.fund.get(piece.tape.partition("/")[0]) for piece in trace.pieces if piece.state in WAITING]
    parties = [*(row.party for row in rows if row), *(fund.owner for fund in funds if fund)]
    return tuple(dict.fromkeys(parties)) or (trace.party,)


def _missing(snapshot: Snapshot, trace: GiftTrace, day: str) -> list[MissingStage]:
    amounts = defaultdict[tuple[str, str], int](int)
    for piece in trace.pieces:
        row = snapshot.books.disbursement.get(piece.path[-1]) if piece.state in PAID and piece.path else None
        for stage in waits_for(snapshot.books, row, piece) if row else ():
            amounts[stage, piece.path[-1]] += piece.end - piece.start
    found = []
    for (stage, ref), amount in amounts.items():
        row = snapshot.books.disbursement[ref]
        due = due_on(snapshot.books, row, stage)
        found.append(MissingStage(stage, ref, row.payee, amount, due, bool(due) and due < day))
    return sorted(found, key=lambda one: (not one.is_overdue, one.due_on or "9999", split_ref(one.ref), one.stage))


def _waits(snapshot: Snapshot, trace: GiftTrace) -> list[WaitingUnits]:
    amounts = defaultdict[tuple[str, str, str], int](int)
    for piece in trace.pieces:
        if piece.state in WAITING:
            amounts[_since(snapshot, trace, piece), piece.tape.partition("/")[0], piece.state] += piece.end - piece.start
    return [WaitingUnits(state, fund, since, amount) for (since, fund, state), amount in sorted(amounts.items())]


def _since(snapshot: Snapshot, trace: GiftTrace, piece: Piece) -> str:
    """The day on which the last record moved these units; if none did, the day of the gift."""
    if not piece.path:
        return trace.received_on
    return local_day(snapshot.books, snapshot.store_flows.target(*split_ref(piece.path[-1])).time)
