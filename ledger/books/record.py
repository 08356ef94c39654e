"""What every kind of record has: its fields, its stage, who signs it, its rules. `kind.py` makes kinds of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar

from .field import Part
from .flows import Hop, by_tape, ins, outs
from .life import End, disbursement_ends
from .naming import check_names
from .rule import Row, values_of
from .signing import Signing
from .state import Books
from .statement_context import ALONE, Flow, Leg, Run, StatementContext
from .tape import split

AMOUNT = attrgetter("amount")
KINDS: dict[str, type[Record]] = {}
Rows = tuple[Row, ...]
STAGES = (
    "registry", "programme", "donation", "implementation", "payment", "receipt", "feedback", "correction", "privacy", "control",
)  # fmt: skip


# Most kinds.
BY_OWNER = Signing("owner of the fund")


class Record(Part):
    """Base of every kind. Frozen and strict; unknown members are refused."""

    if TYPE_CHECKING:
        kind: str

    stage: ClassVar[str]
    signing: ClassVar[Signing]
    demands: ClassVar[Rows] = ()
    moves: ClassVar[Rows] = ()
    remembers: ClassVar[Rows] = ()
    gives_keys: ClassVar[bool] = False
    private_fields: ClassVar[tuple[str, ...]] = ()
    # Whether the first flow in of the record is a gift, and whether a reversal can withdraw the record.
    is_gift: ClassVar[bool] = False
    can_be_withdrawn: ClassVar[bool] = False
    # Optional fields that are there together or not at all, which a validator of the class sees to.
    together: ClassVar[tuple[tuple[str, ...], ...]] = ()
    # Of a kind whose records can be applied in one go where these fields are equal and none of `alone` is there: all that its rows
    # and its `signing` look at but the amount, and every fund, party and record that is named. What `check` lets pass on one day it
    # lets pass on any later one.
    alike: ClassVar[tuple[str, ...] | None] = None
    # The optional fields with which such a record does more than to bring its amount into one tape.
    alone: ClassVar[tuple[str, ...]] = ()
    # The fields in which records of one run differ; the amount is one of them.
    varies: ClassVar[frozenset[str]] = frozenset()
    # The part of the amount, of a field of `alone` and below the amount, that comes into another tape, such as `fee.amount`.
    # Records that differ in it too can be applied in one go by an audit.
    share: ClassVar[str] = ""
    likeness: ClassVar[Callable[[Any], Any]]

    def unique_keys(self, party: str) -> Sequence[str]:
        """What no other record of the ledger may have: a reference in a channel, of a kind that has the fields for one."""
        channel_ref = getattr(self, "channel_ref", None)
        return () if channel_ref is None else (channel_key(party, getattr(self, "channel", ""), channel_ref),)

    def key_before_reference(self, party: str) -> str:
        """What the unique key of a reference begins with, in this record and all that are alike; the reference follows."""
        return channel_key(party, getattr(self, "channel", ""), "")

    def introduces(self, party: str) -> Iterator[tuple[str, str, str]]:
        """(key, party, officer) that may sign its own introduction in this statement."""
        if self.gives_keys:
            for key, officer, *whose in values_of("gives-key", self.remembers, self):
                yield key, whose[0] if any(whose) else party, officer

    def check(self, books: Books, context: StatementContext) -> None:
        """Raise Refused, or call `context.fault`, where something that the record names is missing, or what its kind demands is
        not true."""
        check_names(books, context, self)
        for row in context.demands[self.kind]:
            row.step(self, books, context)

    def legs(self, books: Books | None, context: StatementContext | None) -> list[Leg]:
        """The units that the record moves. Without books, what can be said of them by the record alone."""
        legs: list[Leg] = []
        for row in self.moves:
            row.step(self, books, context, legs)
        return legs

    def stands_alone(self) -> bool:
        """Whether the record does more than to bring its amount into one tape, so that it is in no run with others."""
        return self.alike is None or any(getattr(self, field) is not None for field in self.alone)

    def post_run(self, books: Books, tape: str, amount: int, count: int, share_tape: str = "", share: int = 0) -> None:
        """Remember `count` records that are alike, of `amount` together: their `share` of it came into another tape, the rest into
        `tape`."""

    def post(self, books: Books, context: StatementContext, rows: Sequence[Flow]) -> None:
        """Remember the record; `rows` are its flows."""
        for row in self.remembers:
            row.step(self, books, context, rows)

    def ends(self, books: Books, ref: str, start: int, end: int) -> Sequence[End]:
        """What became of the units that the record, named `ref`, let out of the ledger, numbered [start, end). Reads the books by
        `get` only."""
        if any(row.word == "disburses" for row in self.remembers):
            return disbursement_ends(books, ref, start, end)
        return (End(start, end, "written-off"),)

    def brings_back(self, books: Books, ref: str) -> tuple[int, int, int, int] | None:
        """(entry, record, first unit, end unit) of the disbursement whose units come back in by this record."""
        return None

    def hops(self, rows: Sequence[Flow]) -> tuple[Hop, ...]:
        """The units out mapped to units in: everything to everything, or so much of it as each cost."""
        out, into, legs = outs(rows), ins(rows), self.legs(None, None)
        spans = tuple([span for _, span in out])
        if not out:
            return ()
        if into:
            costs = [leg.cost for leg in legs if leg.cost]
            parts = split(spans, costs) if costs else [spans]
            return tuple(Hop(out[0][0], part, *back) for part, back in zip(parts, into, strict=False))
        ending = [leg for leg in legs if leg.state]
        if ending:
            parts = split(spans, [leg.out_amount for leg in ending])
            return tuple(Hop(leg.out, part, state=leg.state) for leg, part in zip(ending, parts, strict=True))
        return tuple(Hop(tape, spans) for tape, spans in by_tape(out))


def runs_of(records: Sequence[Record]) -> tuple[Run, ...]:
    """The records of a statement as runs, in their order."""
    runs, number = [], 0
    while number < len(records):
        first, end, amounts = records[number], number + 1, ALONE
        kind = type(first)
        if not first.stands_alone():
            likeness, shared = kind.likeness, kind.likeness(first)
            for record in islice(records, end, None):
                if type(record) is not kind or likeness(record) != shared:
                    break
                end += 1
            amounts = tuple(map(AMOUNT, records[number:end]))
        runs.append(Run(first, amounts))
        number = end
    return tuple(runs)


def channel_key(party: str, channel: str, channel_ref: str) -> str:
    """What may exist once in a ledger: a reference of a party in a channel (its label stands inside it)."""
    return f"reference\0{party}\0{channel}\0{channel_ref}"


