"""The life of a gift (books §4): which state each unit is in. A unit is in exactly one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from typing import NamedTuple

from .levels import contested, received, steps
from .period import steps_of
from .rows import Brought, Disbursement, Told
from .state import Books

STATES = (
    "held", "allocated", "paid", "received", "reported", "disputed", "fee", "refunded", "covered", "written-off", "void",
)  # fmt: skip


class End(NamedTuple):
    """What became of units [start, end), by number, that a record let out: a state, or, if they are on a tape again, the tape and
    unit `at` where record `ref` brought them."""

    start: int
    end: int
    state: str
    level: str = ""
    tape: str = ""
    at: int = 0
    ref: str = ""


def place_state(books: Books, tape: str) -> str:
    """The state of units that are on a tape: `allocated` in an activity's fund, else `held`."""
    fund = books.fund.get(tape.partition("/")[0])
    return "allocated" if fund is not None and fund.kind == "activity" else "held"


def disbursement_ends(books: Books, ref: str, start: int, end: int) -> list[End]:
    """What became of units [start, end) of a payment or delivery: returned, disputed or taken into a fund, else reported, received
    or paid."""
    row = books.disbursement.get(ref)
    if row is None:
        return [End(start, end, "paid")]
    ends = [*_takings(books, ref, row, start, end), *_returns(books, ref, row, start, end)]
    reported = min(reported_up_to(books, row), row.left)
    for first, last in untaken(books, ref, row, start, min(end, row.left)):
        for low, high, level in steps(row):
            ends.append(End(max(first, low), min(last, high, reported), "reported", level))
            ends.append(End(max(first, low, reported), min(last, high), "received", level))
        ends.append(End(max(first, received(row)), last, "paid"))
    return sorted(part for part in ends if part.start < part.end)


def untaken(books: Books, ref: str, row: Disbursement, start: int, end: int) -> list[tuple[int, int]]:
    """Those of units [start, end) of a disbursement that are not in funds of the payee, as ranges from the lowest up."""
    found = []
    for one in _in_funds(books, ref, row):
        found.append((start, min(end, one.start)))
        start = max(start, one.end)
    return [(low, high) for low, high in (*found, (start, end)) if low < high]


def taken_below(books: Books, ref: str, row: Disbursement, end: int) -> int:
    """How many of the units [0, end) of a disbursement are in funds of the payee."""
    return sum(max(0, min(end, one.end) - one.start) for one in _in_funds(books, ref, row))


def highest_taken(books: Books, ref: str, row: Disbursement) -> int:
    """The end of the highest unit of a disbursement that is in a fund of the payee."""
    return max((one.end for one in _in_funds(books, ref, row)), default=0)


def _in_funds(books: Books, ref: str, row: Disbursement) -> list[Brought]:
    """The receipts by which units are in funds of the payee, from the lowest unit up; at most 64."""
    all_taken = [taken(books, ref, number) for number in range(row.takings)] if row.taken else []
    return sorted((one for one in all_taken if one.tape), key=lambda one: one.start)


def _returns(books: Books, ref: str, row: Disbursement, start: int, end: int) -> Iterator[End]:
    """The units that came back. Those that somebody else acknowledged are disputed, unless the recipient signed the return too."""
    signed = contested(row, books.void.get(ref) is not None)
    for back in backs(books, ref, row, start, end):
        edge = back.start if back.agreed else min(max(signed, back.start), back.end)
        yield End(max(start, back.start), min(end, edge), "disputed")
        yield came_back(back, max(start, edge), end)


def disputed(books: Books, ref: str, row: Disbursement) -> int:
    """How many units of a disbursement somebody else acknowledged and the party that paid alone says to have come back."""
    ends = _returns(books, ref, row, row.amount - row.returned, contested(row, books.void.get(ref) is not None))
    return sum(end.end - end.start for end in ends if end.state == "disputed")


def backs(books: Books, ref: str, row: Disbursement, start: int, end: int) -> Iterator[Brought]:
    """The returns of units [start, end). They follow one another from the highest unit down, so a search finds the first without
    walking the others."""
    first = bisect_right(range(row.returns), -end, key=lambda number: -returned(books, ref, number).start)
    for number in range(first, row.returns):
        back = returned(books, ref, number)
        if back.end <= start:
            return
        yield back


def _takings(books: Books, ref: str, row: Disbursement, start: int, end: int) -> Iterator[End]:
    """The units that receipts took into funds."""
    return (came_back(one, start, end) for one in _in_funds(books, ref, row))


def came_back(one: Brought, start: int, end: int) -> End:
    """Those of units [start, end) that a record brought to a tape."""
    low = max(start, one.start)
    return End(low, min(end, one.end), "", "", one.tape, one.at + low - one.start, f"{one.entry}.{one.record}")


def taken(books: Books, ref: str, number: int) -> Brought:
    """Taking number `number`, from 0, of a grant that has at least that many."""
    one = books.taken.get(f"{ref}/{number}")
    assert one is not None, "a grant's takings are counted"
    return one


def named_at(of: str, ref: str) -> tuple[str, tuple[int, int]]:
    """The disbursement that record `ref` names as `of`, and the place of that record."""
    entry, _, record = ref.partition(".")
    return f"{entry}.{of[1:]}" if of[0] == "@" else of, (int(entry), int(record))


def brought_by(
    books: Books, name: str, place: tuple[int, int], count: int, look_up: Callable[[Books, str, int], Brought]
) -> tuple[int, int, int, int] | None:
    """(entry, record, first unit, end unit) of the disbursement `name` whose units the record at `place` brought to a tape, found
    among the `count` rows that `look_up` gives; None if it is not one of them."""
    number = bisect_left(range(count), place, key=lambda n: look_up(books, name, n).by)
    if number == count or (one := look_up(books, name, number)).by != place:
        return None
    entry, _, record = name.partition(".")
    return int(entry), int(record), one.start, one.end


def returned(books: Books, ref: str, number: int) -> Brought:
    """Return number `number`, from 0, of a payment that has at least that many."""
    back = books.back.get(f"{ref}/{number}")
    assert back is not None, "a payment's returns are counted"
    return back


def reported_up_to(books: Books, row: Disbursement) -> int:
    """How many units, from the lowest, were received before a feedback about them."""
    told = last_told(books, row)
    if told is not None and told.by > row.received_by:
        return received(row)
    # A feedback about the activity that was void later leaves nothing: what it had reported on waits for the next one.
    return row.reported if books.void.get(row.reported_by) is None else 0


def unreported_from(books: Books, row: Disbursement, day: str) -> str:
    """Since when a disbursement waits for feedback, with a further receipt of that day: since the first receipt after all that was
    received had been reported on. What a void receipt had acknowledged has waited since then, unless a feedback came meanwhile."""
    reported, told = reported_up_to(books, row), last_told(books, row)
    since = "" if 0 < reported >= received(row) else row.unreported_from
    waited = "" if told is not None and told.by > row.received_by else row.waited_from
    return min(since or day, waited or day, day)


def reporting(books: Books, row: Disbursement) -> str:
    """The feedback by which `reported_up_to` units are reported on."""
    told = last_told(books, row)
    return name_of(told) if told is not None and told.by > row.received_by else row.reported_by


def name_of(told: Told) -> str:
    """The name of a feedback."""
    return f"{told.entry}.{told.record}"


def last_told(books: Books, row: Disbursement) -> Told | None:
    """The last feedback about the activity of a disbursement whose period includes its day; None if there is none."""
    found = [told for step in steps_of(row.day) if (told := books.told.get(f"{row.fund}/{step}"))]
    return max((told for told in found if told.entry >= 0), default=None)
