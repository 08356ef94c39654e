"""What every kind of record has: its fields, its stage, who signs it, what it moves. One class is one kind.

A kind is a subclass of `Record` in `ledger/books/kinds/` (or anywhere that is imported before the first statement is read): it
registers itself by its `kind` field. A kind says at most

- `check`: what must be true before it;
- `legs`: the units it moves;
- `post`: what the books remember of it;
- `settle`: whether a claim that it made about an earlier record holds;
- `hops`: how its units out map to its units in, for a trace.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, ClassVar, NamedTuple, get_args

from ..errors import Refused
from .act import Act, Flow, Leg, Run
from .field import Part
from .life import End
from .state import Activity, Books, Disbursement, Fund, Party
from .tape import Span

KINDS: dict[str, type[Record]] = {}
ALONE = (0,)
STAGES = (
    "registry", "programme", "donation", "implementation", "payment", "receipt", "feedback", "correction", "privacy", "control",
)  # fmt: skip


class Signing(NamedTuple):
    """Who signs a kind: `author` is the relation of the party that says it to what it says; each of `must` has to be met by
    the signatures. The words are those of `authority.py`."""

    author: str
    must: tuple[str, ...] = ()


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

    stage: ClassVar[str]
    signing: ClassVar[Signing]
    private_fields: ClassVar[tuple[str, ...]] = ()
    # Whether the first flow in of the record is a gift.
    is_gift: ClassVar[bool] = False
    # Of a kind whose records can be applied in one go where these are equal and `stands_alone` says no: all that `check`,
    # `signing` and `legs` look at but the amount, and every fund, party and record that is named. What `check` lets pass on one
    # day it lets pass on any later one.
    alike: ClassVar[Callable[[Any], tuple] | None] = None

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Register the kind under the literal of its `kind` field."""
        field = cls.model_fields.get("kind")
        if field is None:
            return
        (kind,) = get_args(field.annotation)
        if cls.stage not in STAGES:
            raise TypeError(f"{cls.__name__}: stage {cls.stage!r} is none of {', '.join(STAGES)}")
        KINDS[kind] = cls

    def unique_keys(self, party: str) -> Sequence[str]:
        """What no other record of the ledger may have."""
        return ()

    def keys_of_run(self, party: str, columns: dict[str, list[Any]]) -> Sequence[str]:
        """The unique keys of records that are alike, of which this is the first; `columns` are the fields that vary."""
        return ()

    def introduces(self, party: str) -> Sequence[tuple[str, str, str]]:
        """(key, party, officer) that may sign its own introduction in this statement."""
        return ()

    def check(self, books: Books, act: Act) -> None:
        """Raise Refused, or call `act.fault`, where a rule of the kind is broken."""

    def legs(self, books: Books, act: Act) -> Sequence[Leg]:
        """The units that the record moves."""
        return ()

    # The fields in which records of one run differ; the amount is one of them.
    varies: ClassVar[frozenset[str]] = frozenset()

    def stands_alone(self) -> bool:
        """Whether the record does more than to bring its amount into one tape, so that it is in no run with others."""
        return True

    def post_run(self, books: Books, tape: str, amount: int, count: int) -> None:
        """Remember `count` records that are alike and brought `amount` into `tape`."""

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        """Remember the record; `rows` are its flows."""

    @classmethod
    def settle(cls, facts: dict[str, Any], target: Target) -> None:
        """Judge a claim that a record of this kind made about an earlier record by that record. Raises Refused."""

    @classmethod
    def once(cls, facts: dict[str, Any]) -> Sequence[Span]:
        """Ranges of units of the record claimed that only one claim of this kind may have."""
        return ()

    @classmethod
    def again(cls, start: int, end: int) -> Refused:
        """Why a claim is refused of which an earlier one had some of these units."""
        raise NotImplementedError

    def ends(self, books: Books, ref: str, start: int, end: int) -> Sequence[End]:
        """What became of the units that the record, named `ref`, let out of the ledger, numbered [start, end). Reads the books by
        `get` only."""
        return (End(start, end, "written-off"),)

    def brings_back(self, books: Books, ref: str) -> tuple[int, int, int, int] | None:
        """(entry, record, first unit, end unit) of the disbursement whose units come back in by this record."""
        return None

    def hops(self, rows: Sequence[Flow]) -> tuple[Hop, ...]:
        """The units out mapped to units in. Default: everything out maps to everything in, where both are."""
        out, into = outs(rows), ins(rows)
        if not out:
            return ()
        if not into:
            return tuple(Hop(tape, spans) for tape, spans in by_tape(out))
        return (Hop(out[0][0], tuple(span for _, span in out), into[0][0], into[0][1]),)


def runs_of(records: Sequence[Record]) -> tuple[Run, ...]:
    """The records of a statement as runs, in their order."""
    runs, number = [], 0
    while number < len(records):
        first, end = records[number], number + 1
        kind, alike = type(first), first.alike
        if alike is not None and not first.stands_alone():
            shared = alike(first)
            for record in islice(records, end, None):
                if type(record) is not kind or alike(record) != shared:
                    break
                end += 1
        runs.append(Run(first, tuple([record.amount for record in records[number:end]]) if end > number + 1 else ALONE))
        number = end
    return tuple(runs)


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


def fund_of(books: Books, act: Act, fund_id: str, field: str = "fund") -> Fund:
    """The fund a field names. Raises Refused where there is none, or the signer had not seen it (`after`)."""
    fund = books.fund.get(fund_id)
    if fund is None:
        raise Refused(f"{field} {fund_id!r}: no such fund; record the fund first", rule="reference")
    act.check_seen(fund.since, f"{field} {fund_id!r}: made")
    return fund


def tape_of(books: Books, act: Act, fund_id: str, unit: str, field: str = "fund") -> str:
    """The name of a fund's tape, `<fund>/<unit>`. Raises Refused where they do not exist, or the signer had not seen them."""
    name = act.tapes.get((fund_id, unit))
    if name is None:
        fund_of(books, act, fund_id, field)
        unit_of(books, act, unit)
        name = act.tapes[fund_id, unit] = f"{fund_id}/{unit}"
    return name


def unit_of(books: Books, act: Act, unit: str) -> None:
    """Refuse a unit that does not exist, or that the signer had not seen. Raises Refused."""
    row = books.unit.get(unit)
    if row is None:
        raise Refused(f"unit {unit!r}: no such unit; record the unit first", rule="reference")
    act.check_seen(row.since, f"unit {unit!r}: declared")


def activity_of(books: Books, act: Act, activity_id: str, field: str = "activity") -> Activity:
    """The activity a field names. Raises Refused where there is none, or the signer had not seen it (`after`)."""
    fund_of(books, act, activity_id, field)
    activity = books.activity.get(activity_id)
    if activity is None:
        raise Refused(f"{field} {activity_id!r}: is a fund and no activity; name an activity", rule="reference")
    return activity


def disbursement_of(books: Books, act: Act, ref: str, field: str) -> Disbursement:
    """The payment or delivery a field names. Raises Refused where there is none, or the signer had not seen it (`after`)."""
    row = books.disbursement.get(act.resolve(ref, field))
    if row is None:
        raise Refused(f"{field} {ref}: is no payment or delivery; give the reference of one", rule="reference")
    return row


def party_of(books: Books, act: Act, party_id: str, field: str) -> Party:
    """The party a field names. Raises Refused where there is none, or the signer had not seen it (`after`)."""
    party = books.party.get(party_id)
    if party is None:
        raise Refused(f"{field} {party_id!r}: no such party; record the party first", rule="reference")
    act.check_seen(party.since, f"{field} {party_id!r}: admitted")
    return party


def not_after_today(books: Books, act: Act, day: str, field: str) -> None:
    """A day in a record may not lie after the entry's own local day."""
    if day > act.day:
        act.fault("time", f"{field} {day}: lies after the entry's day {act.day}; record it when it has happened")
