"""The words by which a record claims something about an earlier one. The log's record of that name settles the claim
(`StatementContext.claim`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ..errors import Refused
from ..unit_facts import UnitRange
from .days import is_too_early
from .flows import Target, ins
from .rows import ACTIVE
from .rule import SETTLED, demand
from .state import Books, money
from .statement_context import StatementContext
from .tape import EMPTY, Span

Fields = tuple[str, ...]
Units = Sequence[Span]
WHOLE: Sequence[Span] = ((0, 1),)


@demand("the record is in an earlier entry", "reference", decidable=True)
def in_log(books: Books, context: StatementContext, fields: Fields, of: str) -> None:
    context.claim("in-log", of)


@demand(
    "the record is in an earlier entry (`reference`), was made by the same party (`authority`), and has all the digests in "
    "`private`"
    " (`reference`)",
    "reference", "authority", decidable=True,
)  # fmt: skip
def digests_of(books: Books, context: StatementContext, fields: Fields, of: str, digests: tuple[str, ...]) -> None:
    context.claim("digests-of", of, digests=digests, party=context.party)


@demand(
    "it names a gift in an earlier entry (`reference`); its units and the covered units came into that tape with the gift, "
    "and none was refunded or covered before (`refund-units`); the day is at most one day before that of the gift (`day`)",
    "reference", "refund-units", "day", decidable=True,
)  # fmt: skip
def of_gift(
    books: Books,
    context: StatementContext,
    fields: Fields,
    gift: str,
    tape: tuple[str, str],
    units: tuple[Units | None, Units | None],
    day: str,
) -> None:
    own, covered = units
    context.claim("of-gift", gift, tape="/".join(tape), units=own or (), cover=covered or (), day=day)


@demand("all these units came in and then went out", "overdraft")
def spent(books: Books, context: StatementContext, fields: Fields, tape: tuple[str, str], units: Sequence[Span]) -> None:
    there = books.tape.get("/".join(tape)) or EMPTY
    for start, end in units:
        if not there.is_taken(start, end):
            facts = {"units": UnitRange(start, end, money(books, tape[1], end - start))}
            words = f"{fields[1]}: {{units}} of fund {tape[0]} are not all spent; refund the unspent part as units"
            raise Refused(words, rule="overdraft", facts=facts)


@demand(
    "it names an allocation that is not reversed (`reference`) and whose units are all still in the fund (`overdraft`); or a "
    "record in "
    "an earlier entry, of a kind that can be withdrawn and is not withdrawn yet (`reference`), made by the same party "
    "(`authority`)",
    "reference", "authority", "overdraft", decidable=True,
)  # fmt: skip
def can_be_undone(books: Books, context: StatementContext, fields: Fields, of: str) -> None:
    row = books.allocation.get(context.resolve(of, fields[0]))
    if row is None:
        context.claim("can-be-undone", of, party=context.party)
    elif row.reversed_by != ACTIVE:
        raise Refused(f"{fields[0]} {of}: was already reversed at entry {row.reversed_by}", rule="reference")
    elif not (books.tape.get(f"{row.to}/{row.unit}") or EMPTY).is_free(*row.units[0]):
        raise Refused(f"{fields[0]} {of}: some of it is spent; only an unspent allocation can be reversed", rule="overdraft")


Facts = dict[str, Any]


class Bar(NamedTuple):
    """What prevents a claim: an earlier claim by that word about the same record, on any of the same units."""

    word: str
    units: Callable[[Facts], Units]
    refusal: Callable[[int, int], Refused]


class Settling(NamedTuple):
    """How a claim is settled. `judge` raises Refused if the claimed record does not bear it out; `units` are the units of that
    record that are claimed; `bars` are the earlier claims that prevent it."""

    judge: Callable[[Facts, Target], None]
    units: Callable[[Facts], Units] = lambda facts: ()
    bars: Sequence[Bar] = ()


def _is_there(facts: Facts, target: Target) -> None:
    """Nothing more to check: the record exists."""


def _has_digests(facts: Facts, target: Target) -> None:
    if facts["party"] != target.party:
        raise Refused("of: another party made that record", rule="authority")
    missing = set(facts["digests"]) - set(getattr(target.record, "private", None) or ())
    if missing:
        raise Refused(f"digests: {sorted(missing)[0]} is not in that record", rule="reference")


def _holds_units(facts: Facts, target: Target) -> None:
    if not target.record.is_gift:
        raise Refused("gift: is not a donation; give the reference of the gift", rule="reference")
    given = [UnitRange(*span) for tape, span in ins(target.rows) if tape == facts["tape"]]
    for start, end in _back(facts):
        if not any(low <= start and end <= high for low, high, _ in given):
            words = f"{{units}}: not all of it is from that gift, which is {' and '.join(map(str, given)) or 'in another fund'}"
            raise Refused(words, rule="refund-units", facts={"units": UnitRange(start, end)})
    if is_too_early(facts["day"], target.record.received_on):
        received = f"{target.record.received_on}, the day on which the gift came in"
        raise Refused(f"refunded_on {facts['day']}: is more than one day before {received}", rule="day")


def _moved_nothing(facts: Facts, target: Target) -> None:
    if not target.record.can_be_withdrawn:
        raise Refused(f"of: a {target.record.kind} cannot be reversed; only an allocation or progress can", rule="reference")
    if facts["party"] != target.party:
        raise Refused("of: another party made that record, and only that party can withdraw it", rule="authority")


def _back(facts: Facts) -> Units:
    return [(start, end) for start, end in (*facts["units"], *facts["cover"])]


def _refunded(start: int, end: int) -> Refused:
    words = "{units}: some of it was already refunded; money can be refunded only once"
    return Refused(words, rule="refund-units", facts={"units": UnitRange(start, end)})


def _whole(facts: Facts) -> Units:
    return WHOLE


def _withdrawn(start: int, end: int) -> Refused:
    return Refused("of: the record is already withdrawn", rule="reference")


SETTLED |= {
    "in-log": Settling(_is_there), "digests-of": Settling(_has_digests),
    "of-gift": Settling(_holds_units, _back, (Bar("of-gift", _back, _refunded),)),
    "can-be-undone": Settling(_moved_nothing, _whole, (Bar("can-be-undone", _whole, _withdrawn),)),
}  # fmt: skip
