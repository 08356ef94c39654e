"""The ledger as a whole, and its units of account."""

from __future__ import annotations

from collections import Counter
from functools import partial

from pydantic import Field
from starlette.responses import Response

from ledger.entries.log_keys import vkey_of
from ledger.view.figures import Sum, given_by, paid_by
from ledger.view.snapshot import Snapshot

from .list_request import ById, One
from .money import Answer, Money, money_of
from .page import Batch, keyed
from .route_docs import lists, resource, says
from .text_types import HEX

VERIFY = "This server does not audit itself: run `givetrail verify` on a mirror of the log, with the trust policy."

router = resource("ledger")


class Counted(Answer):
    """`count` records, `amount` in total."""

    amount: Money
    count: int


class Ledger(Answer):
    """The ledger at a tree size. `root` is that of its first `tree_size` entries; `vkey` is the key that signs checkpoints; `day`
    is the local day of the last entry; `given` and `paid` have one sum for each unit of account."""

    tree_size: int = Field(ge=1)
    root: str = Field(pattern=HEX)
    origin: str
    name: str
    operator: str
    vkey: str
    offset_minutes: int
    rules: str
    time: str
    day: str
    parties: int
    projects: int
    funds: int
    given: list[Counted]
    paid: list[Counted]
    verification: str


class Unit(Answer):
    """A unit of account: 10^exponent minor units make one. `entry` declared it."""

    unit: str
    exponent: int
    name: str
    entry: int


def ledger_of(snapshot: Snapshot) -> Ledger:
    """A summary of the ledger."""
    books = snapshot.books
    row, head = books.ledger[""], books.head[""]
    parties, projects, funds = (sum(1 for _ in table.all()) for table in (books.party, books.project, books.fund))
    return Ledger(
        tree_size=snapshot.tree_size, root=snapshot.root().hex(), origin=row.origin, name=row.name, operator=row.operator,
        vkey=vkey_of(books).format(), offset_minutes=row.offset_minutes, rules=head.rules, time=snapshot.time, day=snapshot.day,
        parties=parties, projects=projects, funds=funds, given=_counted(snapshot, given_by(snapshot, "charity")),
        paid=_counted(snapshot, paid_by(snapshot, "charity")), verification=VERIFY,
    )  # fmt: skip


def _counted(snapshot: Snapshot, rows: list[Sum]) -> list[Counted]:
    amounts, counts = Counter[str](), Counter[str]()
    for row in rows:
        amounts[row.unit] += row.amount
        counts[row.unit] += row.records
    return [Counted(amount=money_of(snapshot.books, amounts[unit], unit), count=counts[unit]) for unit in sorted(counts)]


def unit_said(snapshot: Snapshot, id: str) -> Unit:
    """A unit as it was declared."""
    row = snapshot.books.unit[id]
    records = snapshot.leaf(row.since).statement.records
    name = next(record.name for record in records if record.kind == "unit" and record.unit == id)
    return Unit(unit=id, exponent=row.exponent, name=name, entry=row.since)


@router.get("/ledger", **says(Ledger))
async def ledger(asked: One) -> Response:
    """A summary of the ledger: who runs it, how large it is, and how much was given and paid."""
    return await asked.answer(ledger_of)


@router.get("/units", **lists(Unit))
async def units(asked: ById) -> Response:
    """Units of account."""

    def question(snapshot: Snapshot, cursor: str | None, limit: int) -> Batch:
        return keyed([id for id, _ in snapshot.books.unit.items()], cursor, limit).said(partial(unit_said, snapshot))

    return await asked.page(Unit, question)
