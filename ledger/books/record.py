"""What every kind of record has: its fields, its stage, who signs it, its rules. One class is one kind.

A kind is a subclass of `Record` in `ledger/books/kinds/` (or anywhere that is imported before the first statement is read): it
registers itself by its `kind` field. It says, in rows (`rule.py`),

- `demands`: what must be true before it;
- `moves`: the units it moves;
- `remembers`: what the books remember of it.

What it names, it says by the types of its fields (`naming.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, get_args

from .field import Part
from .kind_types import check_kind
from .life import End, disbursement_ends
from .naming import check_names
from .row_types import check_rows
from .rule import RULE_SETS, Row, says, values_of
from .signing import Signing as Signing
from .state import Books
from .statement_context import ALONE, Act, Flow, Leg, Run
from .tape import Span, split

KINDS: dict[str, type[Record]] = {}
Rows = tuple[Row, ...]
STAGES = (
    "registry", "programme", "donation", "implementation", "payment", "receipt", "feedback", "correction", "privacy", "control",
)  # fmt: skip


# Most kinds.
BY_OWNER = Signing("owner of the fund")


class Hop(NamedTuple):
    """Units that leave `out` ranges of a tape and come into one range of another; `into` is "" where they end, in `state` if that
    is all there is to say of them."""

    out_tape: str
    out: tuple[Span, ...]
    into: str = ""
    span: Span = (0, 0)
    state: str = ""


class Target(NamedTuple):
    """An earlier record as a claim or a trace sees it: what it says, its flows, the party that said it, its entry's time."""

    record: Any
    rows: Sequence[Flow]
    party: str
    time: str


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
    likeness: ClassVar[Callable[[Any], Any]]

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Register the kind under the literal of its `kind` field. Raises TypeError for what is wrong with the class, such as a row
        by which no record could be judged."""
        field = cls.model_fields.get("kind")
        if field is None:
            return
        (kind,) = get_args(field.annotation)
        if cls.stage not in STAGES:
            raise TypeError(f"{cls.__name__}: stage {cls.stage!r} is none of {', '.join(STAGES)}")
        if kind in KINDS:
            raise TypeError(f"{cls.__name__}: the kind {kind!r} is {KINDS[kind].__name__} already; choose another name")
        check_kind(cls)
        KINDS[kind] = cls
        cls.gives_keys = says("gives-key", cls.remembers)
        if cls.alike is not None:
            cls.likeness = attrgetter(*cls.alike)
        for demands in RULE_SETS.values():
            demands[kind] = cls.demands

    def unique_keys(self, party: str) -> Sequence[str]:
        """What no other record of the ledger may have: a reference in a channel, of a kind that has the fields for one."""
        channel_ref = getattr(self, "channel_ref", None)
        return () if channel_ref is None else (channel_key(party, getattr(self, "channel", ""), channel_ref),)

    def keys_of_run(self, party: str, columns: dict[str, list[Any]]) -> Sequence[str]:
        """The unique keys of records that are alike, of which this is the first; `columns` are the fields that vary."""
        beginning = channel_key(party, getattr(self, "channel", ""), "")
        return [beginning + channel_ref for channel_ref in columns.get("channel_ref", ())]

    def introduces(self, party: str) -> Iterator[tuple[str, str, str]]:
        """(key, party, officer) that may sign its own introduction in this statement."""
        if self.gives_keys:
            for key, officer, *whose in values_of("gives-key", self.remembers, self):
                yield key, whose[0] if any(whose) else party, officer

    def check(self, books: Books, act: Act) -> None:
        """Raise Refused, or call `act.fault`, where something is not there that the record names, or what its kind demands is not
        true."""
        check_names(books, act, self)
        for row in act.demands[self.kind]:
            row.step(self, books, act)

    def legs(self, books: Books | None, act: Act | None) -> list[Leg]:
        """The units that the record moves. Without books, what can be said of them by the record alone."""
        legs: list[Leg] = []
        for row in self.moves:
            row.step(self, books, act, legs)
        return legs

    def stands_alone(self) -> bool:
        """Whether the record does more than to bring its amount into one tape, so that it is in no run with others."""
        return self.alike is None or any(getattr(self, field) is not None for field in self.alone)

    def post_run(self, books: Books, tape: str, amount: int, count: int) -> None:
        """Remember `count` records that are alike and brought `amount` into `tape`."""

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        """Remember the record; `rows` are its flows."""
        for row in self.remembers:
            row.step(self, books, act, rows)

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


def declare_rules(name: str, demands: Mapping[str, Rows]) -> None:
    """Make a rule set, in which these kinds demand this, and all others what their classes say. Raises TypeError where a name is
    taken, or none of a kind, or a row is wrong."""
    if name in RULE_SETS:
        raise TypeError(f"there is a rule set {name!r} already; choose another name")
    for kind, rows in demands.items():
        if kind not in KINDS:
            raise TypeError(f"the rule set {name!r}: there is no kind {kind!r}; declare it first")
        check_rows(KINDS[kind], "demands", rows, f"{name} of {kind}")
    RULE_SETS[name] = {**{kind: made.demands for kind, made in KINDS.items()}, **demands}


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
            amounts = tuple([record.amount for record in records[number:end]])
        runs.append(Run(first, amounts))
        number = end
    return tuple(runs)


def channel_key(party: str, channel: str, channel_ref: str) -> str:
    """What may exist once in a ledger: a reference of a party in a channel (its label stands inside it)."""
    return f"reference\0{party}\0{channel}\0{channel_ref}"


def outs(rows: Sequence[Flow]) -> list[tuple[str, Span]]:
    """(tape, span) of the flows out, in order."""
    return [(tape, (start, end)) for _, sign, tape, start, end in rows if sign == "-"]


def ins(rows: Sequence[Flow]) -> list[tuple[str, Span]]:
    """(tape, span) of the flows in, in order."""
    return [(tape, (start, end)) for _, sign, tape, start, end in rows if sign == "+"]


def by_tape(flows: Sequence[tuple[str, Span]]) -> list[tuple[str, tuple[Span, ...]]]:
    """Flows of one tape together, tapes in the order in which they first stand there."""
    tapes: dict[str, list[Span]] = {}
    for tape, span in flows:
        tapes.setdefault(tape, []).append(span)
    return [(tape, tuple(spans)) for tape, spans in tapes.items()]


def size(spans: Sequence[Span]) -> int:
    """How many units some ranges hold."""
    return sum(end - start for start, end in spans)
