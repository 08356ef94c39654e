"""The way of a gift in dated steps, and what each step did."""

from __future__ import annotations

from typing import NamedTuple

from ledger.books.gift import GiftTrace, split_ref
from ledger.books.rows import Disbursement
from ledger.view.gift_way import paid_again, way_of
from ledger.view.snapshot import Snapshot

from .paths import fund_path
from .steps import Step, fund_name, step_of

FIRST, LAST = 3, 9
"""How many steps are shown of a long way, at its beginning and at its end."""


class WayStep(NamedTuple):
    """A step that `amount` minor units of the gift took. `how` is what it did with them: `aside` for an activity or `moved` to a
    fund (its name and path), `granted`, `paid`, `delivered`, `returned` for a reason, or `taken` into funds of the party; "" for
    anything else."""

    step: Step
    amount: int
    how: str
    fund: str
    fund_path: str
    reason: str


class Way(NamedTuple):
    """The steps of a gift that are shown, `left_out` of them left out after the first `FIRST`; and the minor units that were paid
    twice, because the first payment came back."""

    steps: list[WayStep]
    left_out: int
    paid_again: int


def way(snapshot: Snapshot, trace: GiftTrace) -> Way:
    """The way of a gift."""
    steps = way_of(trace)
    shown = steps if len(steps) <= FIRST + LAST else [*steps[:FIRST], *steps[-LAST:]]
    return Way([_step(snapshot, *one) for one in shown], len(steps) - len(shown), paid_again(snapshot.books, trace))


def _step(snapshot: Snapshot, ref: str, amount: int) -> WayStep:
    step, record = step_of(snapshot, ref), snapshot.store_flows.target(*split_ref(ref)).record
    fund, path = (fund_name(snapshot, step.fund), fund_path(snapshot, step.fund)) if step.fund else ("", "")
    return WayStep(step, amount, _how(snapshot, step), fund, path, getattr(record, "reason", None) or "")


def _how(snapshot: Snapshot, step: Step) -> str:
    books = snapshot.books
    row: Disbursement | None = books.disbursement.get(step.ref)
    if row is not None:
        return "granted" if row.yields == "grant" else "paid" if step.kind == "payment" else "delivered"
    if step.kind == "allocation":
        fund = books.fund.get(step.fund)
        return "aside" if fund is not None and fund.kind == "activity" else "moved" if step.fund else ""
    return {"payment-return": "returned", "receipt": "taken"}.get(step.kind, "")
