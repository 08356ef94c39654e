"""What every kind of record has: its fields, its stage, who signs it, its rules. `kind.py` makes kinds from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from .field import Part
from .flows import Hop, by_tape, ins, outs
from .life import End, came_back, disbursement_ends
from .naming import check_names
from .rule import Row, values_of
from .signing import Signing
from .state import Books
from .statement_context import ALONE, Flow, Leg, Run, StatementContext
from .tape import split

GIVE_KEYS = ("gives-key", "gives-key-later")
AMOUNT = attrgetter("amount")
KINDS: dict[str, type[Record]] = {}
Rows = tuple[Row, ...]
VoidBy = Literal["", "row", "gift", "alone"]
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
    # Whether the record's first inflow is the gift.
    is_gift: ClassVar[bool] = False
    # How a reversal can declare the record void: not at all (""); by what the books remember of it (`row`); by what the reversal
    # says that the gift was (`gift`); or simply so, because nothing follows from the record (`alone`).
    void_by: ClassVar[VoidBy] = ""
    # Optional fields that must be present together or not at all. A validator of the class checks this. In a kind whose records can
    # be alike it is called `_given_together`, and checks nothing else.
    together: ClassVar[tuple[tuple[str, ...], ...]] = ()
    # A kind whose records can be applied in one go if these fields are equal and no field of `alone` is present. They are
    # everything that its rows and its `signing` look at, except the amount, with every fund, party and record that is named. What
    # `check` accepts on one day it accepts on any later one.
    alike: ClassVar[tuple[str, ...] | None] = None
    # The optional fields that make such a record do more than bring its amount into one tape.
    alone: ClassVar[tuple[str, ...]] = ()
    # The fields in which records of one run differ. The amount is one of them.
    varies: ClassVar[frozenset[str]] = frozenset()
    # The field of `varies` whose label, without the digest after it, is the same in records that are alike. Rows may look at this
    # label, and at whether the field is there, and at nothing more of it.
    labelled: ClassVar[str] = ""
    # The part of the amount that does not come in, in a field of `alone` and below the amount, such as `fee`. An audit can apply
    # records that also differ in this part in one go.
    share: ClassVar[str] = ""
    likeness: ClassVar[Callable[[Any], Any]]

    def unique_keys(self, party: str) -> Sequence[str]:
        """What no other record of the ledger may have: a reference in a channel, if the kind has the fields for one."""
        channel_ref = getattr(self, "channel_ref", None)
        return () if channel_ref is None else (channel_key(party, getattr(self, "channel", ""), channel_ref),)

    def documents(self) -> Sequence[str]:
        """What records of one statement only may have: the documents that the record shows, by their digests."""
        return ()

    def key_before_reference(self, party: str) -> str:
        """The beginning of a reference's unique key, equal in all records that are alike. The reference follows it."""
        return channel_key(party, getattr(self, "channel", ""), "")

    def introduces(self, party: str) -> Iterator[tuple[str, str, str]]:
        """(key, party, officer) of each key that may sign its own introduction in this statement."""
        for word in GIVE_KEYS if self.gives_keys else ():
            for key, officer, *whose in values_of(word, self.remembers, self):
                yield key, whose[0] if any(whose) else party, officer

    @property
    def opened_keys(self) -> Sequence[str]:
        """The one-time keys that the record opens (`holders.py`)."""
        return ()

    def check(self, books: Books, context: StatementContext) -> None:
        """Raise Refused, or call `context.fault`, if something that the record names is missing or a demand of its kind is not
        met."""
        check_names(books, context, self)
        for row in context.demands[self.kind]:
            row.step(self, books, context)

    def legs(self, books: Books | None, context: StatementContext | None) -> list[Leg]:
        """The units that the record moves. Without books, only what the record alone determines."""
        legs: list[Leg] = []
        for row in self.moves:
            row.step(self, books, context, legs)
        return legs

    def stands_alone(self) -> bool:
        """Whether the record does more than bring its amount into one tape, so that it is never in a run with others."""
        return self.alike is None or any(getattr(self, field) is not None for field in self.alone)

    def post_run(self, books: Books, tape: str, amount: int, count: int, share: int = 0) -> None:
        """Remember `count` records that are alike, of `amount` in total, of which all but `share` came into `tape`."""

    def post(self, books: Books, context: StatementContext, rows: Sequence[Flow]) -> None:
        """Remember the record; `rows` are its flows."""
        for row in self.remembers:
            row.step(self, books, context, rows)

    def ends(self, books: Books, ref: str, start: int, end: int) -> Sequence[End]:
        """What became of the units that the record `ref` let out of the ledger, numbered [start, end). Reads the books by `get`
        only."""
        if any(row.word == "disburses" for row in self.remembers):
            return disbursement_ends(books, ref, start, end)
        if (back := books.back.get(f"{ref}/0")) is not None:
            return (came_back(back, start, end),)
        return (End(start, end, "written-off"),)

    def brings_back(self, books: Books, ref: str) -> tuple[int, int, int, int] | None:
        """(entry, record, first unit, end unit) of the disbursement whose units this record brings back; None for other records."""
        return None

    def hops(self, rows: Sequence[Flow]) -> tuple[Hop, ...]:
        """Which units out became which units in: everything became everything, or, if the inflows have costs, each cost its
        inflow."""
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
    """The unique key of a party's reference in a channel. The reference includes its label."""
    return f"reference\0{party}\0{channel}\0{channel_ref}"


