"""The words of what a record claims of an earlier one, to be settled by what the log holds there (`Act.claim`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ..errors import Refused
from .record import Target, ins
from .rule import SETTLED as SETTLED
from .rule import demand
from .state import ACTIVE, Books
from .statement_context import Act
from .tape import EMPTY, Span

Fields = tuple[str, ...]
Units = Sequence[Span]
WHOLE: Sequence[Span] = ((0, 1),)


@demand("it names a record of an earlier entry", "reference", decidable=True)
def in_log(books: Books, act: Act, fields: Fields, of: str) -> None:
    act.claim("in-log", of)


@demand(
    "the record is of an earlier entry (`reference`), of the same party (`authority`), and has all the digests in `private`"
    " (`reference`)",
    "reference", "authority", decidable=True,
)  # fmt: skip
def digests_of(books: Books, act: Act, fields: Fields, of: str, digests: tuple[str, ...]) -> None:
    act.claim("digests-of", of, digests=digests, party=act.party)


@demand(
    "it names a gift of an earlier entry (`reference`); the units, and those that are covered, came in by it on that tape, "
    "and none was refunded or covered before (`refund-units`)",
    "reference", "refund-units", decidable=True,
)  # fmt: skip
def of_gift(
    books: Books, act: Act, fields: Fields, gift: str, tape: tuple[str, str], units: tuple[Units | None, Units | None]
) -> None:
    own, covered = units
    act.claim("of-gift", gift, tape="/".join(tape), units=own or (), cover=covered or ())


@demand("all these units came in and went out again", "overdraft")
def spent(books: Books, act: Act, fields: Fields, tape: tuple[str, str], units: Sequence[Span]) -> None:
    there = books.tape.get("/".join(tape)) or EMPTY
    for start, end in units:
        if not there.is_taken(start, end):
            raise Refused(f"{fields[1]} [{start}, {end}): some are not spent; refund them as units", rule="overdraft")


@demand(
    "it names an allocation that is not reversed (`reference`) and whose units are all free (`overdraft`); or a record of "
    "an earlier entry, of a kind that can be withdrawn and not withdrawn yet (`reference`), of the same party (`authority`)",
    "reference", "authority", "overdraft", decidable=True,
)  # fmt: skip
def can_be_undone(books: Books, act: Act, fields: Fields, of: str) -> None:
    row = books.allocation.get(act.resolve(of, fields[0]))
    if row is None:
        act.claim("can-be-undone", of, party=act.party)
    elif row.reversed_by != ACTIVE:
        raise Refused(f"{fields[0]} {of}: was reversed at entry {row.reversed_by} already", rule="reference")
    elif not (books.tape.get(f"{row.to}/{row.unit}") or EMPTY).is_free(*row.units[0]):
        raise Refused(f"{fields[0]} {of}: some of its units are spent; only an unspent allocation is reversed", rule="overdraft")


Facts = dict[str, Any]


class Bar(NamedTuple):
    """What stands in the way of a claim: an earlier one by that word, about the same record, that has any of these units."""

    word: str
    units: Callable[[Facts], Units]
    refusal: Callable[[int, int], Refused]


class Settling(NamedTuple):
    """How a claim is settled: `judge` raises Refused where the record claimed does not bear it out; `units` are those of it that
    the claim has; `bars`, what stands in its way."""

    judge: Callable[[Facts, Target], None]
    units: Callable[[Facts], Units] = lambda facts: ()
    bars: Sequence[Bar] = ()


def _is_there(facts: Facts, target: Target) -> None:
    """That there is a record is all."""


def _has_digests(facts: Facts, target: Target) -> None:
    if facts["party"] != target.party:
        raise Refused("of: was said by another party", rule="authority")
    missing = set(facts["digests"]) - set(getattr(target.record, "private", None) or ())
    if missing:
        raise Refused(f"digests: {sorted(missing)[0]} does not stand in that record", rule="reference")


def _holds_units(facts: Facts, target: Target) -> None:
    if not target.record.is_gift:
        raise Refused("gift: is no donation; give the reference of the gift", rule="reference")
    given = [span for tape, span in ins(target.rows) if tape == facts["tape"]]
    for start, end in _back(facts):
        if not any(low <= start and end <= high for low, high in given):
            raise Refused(f"units [{start}, {end}): are not of that gift, which holds {given}", rule="refund-units")


def _moved_nothing(facts: Facts, target: Target) -> None:
    if not target.record.can_be_withdrawn:
        raise Refused(f"of: a {target.record.kind} is not reversed; an allocation or progress is", rule="reference")
    if facts["party"] != target.party:
        raise Refused("of: was said by another party; its own party withdraws it", rule="authority")


def _back(facts: Facts) -> Units:
    return [(start, end) for start, end in (*facts["units"], *facts["cover"])]


def _refunded(start: int, end: int) -> Refused:
    return Refused(f"units [{start}, {end}): some were refunded before; a unit goes back once", rule="refund-units")


def _whole(facts: Facts) -> Units:
    return WHOLE


def _withdrawn(start: int, end: int) -> Refused:
    return Refused("of: was withdrawn before", rule="reference")


SETTLED |= {
    "in-log": Settling(_is_there), "digests-of": Settling(_has_digests),
    "of-gift": Settling(_holds_units, _back, (Bar("of-gift", _back, _refunded),)),
    "can-be-undone": Settling(_moved_nothing, _whole, (Bar("can-be-undone", _whole, _withdrawn),)),
}  # fmt: skip
