"""The words by which a record claims something about an earlier one. The log's record of that name settles the claim
(`StatementContext.claim`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ..bounds import MAX_INTEGER
from ..errors import Refused
from ..unit_facts import UnitRange
from .flows import Target, ins, size
from .moment import is_too_early
from .naming import check_not_void
from .rule import SETTLED, demand
from .state import Books, money
from .statement_context import StatementContext
from .tape import EMPTY, Span

Fields = tuple[str, ...]
Units = Sequence[Span]
# Stands for the fee among the units of a gift: no tape has a unit there.
THE_FEE: Span = (MAX_INTEGER, MAX_INTEGER + 1)


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
    "it names a gift in an earlier entry that is not void (`reference`); its units and the covered units came into that tape with "
    "the gift, and none was refunded or covered before (`refund-units`); where it gives a fee back, that is the whole fee of the "
    "gift, and where no fund pays it, all of the gift goes back (`fee`), and none gave it back before (`refund-units`); the day is "
    "at most one day before that of the gift (`day`)",
    "reference", "refund-units", "fee", "day", decidable=True,
)  # fmt: skip
def of_gift(
    books: Books,
    context: StatementContext,
    fields: Fields,
    gift: str,
    tape: tuple[str, str],
    units: tuple[Units | None, Units | None],
    fee: tuple[int | None, str | None],
    day: str,
) -> None:
    (own, covered), (kept, paid_by) = units, fee
    check_not_void(books, context.resolve(gift, fields[0]), f"{fields[0]} {gift}")
    facts = {"units": own or (), "cover": covered or (), "fee": kept or 0, "paid_by": paid_by or "", "day": day}
    context.claim("of-gift", gift, tape="/".join(tape), **facts)


@demand("all these units came in and then went out", "overdraft")
def spent(books: Books, context: StatementContext, fields: Fields, tape: tuple[str, str], units: Sequence[Span]) -> None:
    there = books.tape.get("/".join(tape)) or EMPTY
    for start, end in units:
        if not there.is_taken(start, end):
            facts = {"units": UnitRange(start, end, money(books, tape[1], end - start))}
            words = f"{fields[1]}: {{units}} of fund {tape[0]} are not all spent; refund the unspent part as units"
            raise Refused(words, rule="overdraft", facts=facts)


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
    if facts["fee"] and target.record.fee != facts["fee"]:
        raise Refused("fee: is not the fee of that gift; a refund gives back the whole fee or none of it", rule="fee")
    given = [UnitRange(*span) for tape, span in ins(target.rows) if tape == facts["tape"]]
    for start, end in (*facts["units"], *facts["cover"]):
        if not any(low <= start and end <= high for low, high, _ in given):
            words = f"{{units}}: not all of it is from that gift, which is {' and '.join(map(str, given)) or 'in another fund'}"
            raise Refused(words, rule="refund-units", facts={"units": UnitRange(start, end)})
    back = size((*facts["units"], *facts["cover"]))
    if facts["fee"] and not facts["paid_by"] and back != target.record.amount - facts["fee"]:
        raise Refused("fee: who kept it gives it back only with all of the gift; give fee_from, the fund that pays it", rule="fee")
    if is_too_early(facts["day"], target.record.received_on):
        received = f"{target.record.received_on}, the day on which the gift came in"
        raise Refused(f"refunded_on {facts['day']}: is more than one day before {received}", rule="day")


def _can_be_void(facts: Facts, target: Target) -> None:
    """A kind of which the books have a row is not asked: in a bundle, that row may be missing."""
    void_by = target.record.void_by
    if not void_by:
        raise Refused(f"of: a {target.record.kind} cannot be declared void; record what is right", rule="reference")
    if void_by != "row" and facts["party"] != target.party:
        raise Refused("of: another party made that record, and only that party can declare it void", rule="authority")
    if void_by == "gift" and facts["gave"] != what_it_was(target):
        raise Refused("gave: is not what that gift was; give its fund, unit, amount, fee, day and units", rule="reference")
    if void_by == "alone" and facts["gave"]:
        raise Refused("gave: the record is not a gift; leave it out", rule="reference")


def what_it_was(target: Target) -> Facts:
    """What the reversal of a gift says of it."""
    ((tape, span),) = ins(target.rows)
    gift = target.record
    whole = {"tape": tape, "units": [list(span)], "amount": gift.amount, "received_on": gift.received_on}
    return {**whole, "fee": gift.fee or 0, "fee_to": gift.fee_to or ""}


def _back(facts: Facts) -> Units:
    fee = [THE_FEE] if facts["fee"] else []
    return [*((start, end) for start, end in (*facts["units"], *facts["cover"])), *fee]


def _refunded(start: int, end: int) -> Refused:
    if (start, end) == THE_FEE:
        return Refused("fee: was already given back; a fee can be given back only once", rule="refund-units")
    words = "{units}: some of it was already refunded; money can be refunded only once"
    return Refused(words, rule="refund-units", facts={"units": UnitRange(start, end)})


SETTLED |= {
    "in-log": Settling(_is_there), "digests-of": Settling(_has_digests),
    "of-gift": Settling(_holds_units, _back, (Bar("of-gift", _back, _refunded),)),
    "can-be-undone": Settling(_can_be_void),
}  # fmt: skip
