"""Random ledgers through the real fold: wherever the money goes, every unit of every gift is in one place, and known there."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings

from ledger.books.flows import ins
from ledger.books.gift import GiftTrace, follow_gift
from ledger.books.levels import contested
from ledger.books.state import Books
from ledger.books.trace import Piece, backward, forward
from tests.language import Ledger
from tests.trace.pencil import Pencil
from tests.trace.reading import Plain
from tests.trace.telling import EVEN, FOUNDING, PLACE, UNEVEN, Step, Telling, steps

TODAY = "2027-01-01"
MANY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MORE = settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def told(story: list[Step]) -> tuple[Telling, Plain]:
    """A ledger in memory in which these steps were tried."""
    ledger = Ledger().play(FOUNDING)
    ledger.play(PLACE)
    telling = Telling(ledger).tell(story)
    return telling, Plain(ledger.books, ledger.leaves)


def traces(telling: Telling, flows: Plain) -> list[GiftTrace]:
    return [follow_gift(flows, gift.ref, TODAY) for gift in telling.gifts]


def check_tiles(trace: GiftTrace) -> None:
    """No hole and no overlap: every unit is in one piece."""
    at = 0
    for piece in trace.pieces:
        assert piece.start == at < piece.end, trace.pieces
        at = piece.end
    assert at == trace.amount
    assert sum(trace.totals().values()) == trace.amount


def check_every_unit(telling: Telling, flows: Plain) -> None:
    """Each unit is where the pencil found it."""
    pencil = Pencil(telling.ledger.leaves)
    for trace in traces(telling, flows):
        check_tiles(trace)
        for piece in trace.pieces:
            for number in range(piece.start, piece.end):
                check_unit(piece, pencil, trace.ref, number)


def check_unit(piece: Piece, pencil: Pencil, ref: str, number: int) -> None:
    place = pencil.where[ref, number]
    covered = (ref, number) in pencil.covered
    assert piece.state == ("covered" if covered else place.state), (ref, number, piece, place)
    assert piece.tape == place.tape and piece.at_start <= place.at < piece.at_end, (ref, number, piece, place)


@MANY
@given(steps(EVEN))
def test_every_unit_is_where_the_pencil_found_it(story: list[Step]):
    check_every_unit(*told(story))


@MANY
@given(steps(UNEVEN))
def test_every_unit_is_where_the_pencil_found_it_through_goods_and_exchanges(story: list[Step]):
    check_every_unit(*told(story))


@pytest.mark.long
@MORE
@given(steps(UNEVEN, most=120))
def test_every_unit_of_long_stories_is_where_the_pencil_found_it(story: list[Step]):
    check_every_unit(*told(story))


def inflows(telling: Telling) -> list[tuple[str, str, int, int]]:
    """Everything that came in from outside: (reference, tape, start, end)."""
    found = []
    for leaf in telling.ledger.leaves:
        for number, record in enumerate(leaf.statement.records):
            if record.kind in ("donation", "income"):
                ref = f"{leaf.entry.index}.{number}"
                found += [(ref, tape, start, end) for tape, (start, end) in ins(leaf.rows(number))]
    return found


def came_back_disputed(books: Books) -> list[tuple[str, int, int]]:
    """(tape, start, end) of units that came back although somebody else acknowledged them. A trace ends where they are disputed,
    and they rest on a tape all the same."""
    found = []
    for name, back in books.back.items():
        row = books.disbursement.get(name.rpartition("/")[0])
        end = min(contested(row, books.void.get(name.rpartition("/")[0]) is not None), back.end) if row and not back.agreed else 0
        if back.start < end:
            found.append((back.tape, back.at, back.at + end - back.start))
    return found


@MANY
@given(steps(EVEN))
def test_what_came_in_is_what_the_books_say_became_of_it(story: list[Step]):
    """Over all gifts, fees and other income: what rests, what was paid, what was refunded, written off and disputed."""
    telling, flows = told(story)
    found: Counter[str] = Counter()
    resting: Counter[str] = Counter()
    books = telling.ledger.books
    disputed = came_back_disputed(books)
    for tape, start, end in [*(into for _, *into in inflows(telling)), *disputed]:
        for piece in forward(flows, tape, start, end):
            if piece.state in ("held", "allocated"):
                resting[piece.tape] += piece.end - piece.start
            else:
                found["paid" if piece.state in ("received", "reported") else piece.state] += piece.end - piece.start
    assert found["disputed"] == sum(end - start for _, start, end in disputed)
    assert resting == Counter({name: tape.free() for name, tape in books.tape.items() if tape.free()})
    records = [record for leaf in telling.ledger.leaves for record in leaf.statement.records]
    lost = sum(record.amount for record in records if record.kind == "write-off")
    covers = sum(end - start for r in records if r.kind == "refund" and r.cover for start, end in r.cover.units)
    assert found["written-off"] == lost + covers
    assert found["refunded"] == sum(end - start for r in records if r.kind == "refund" for start, end in r.units or ())
    ended = [row for _, row in books.disbursement.items() if row.yields != "goods"]
    assert found["paid"] == sum(row.amount - row.returned - row.taken for row in ended)


def check_back_and_forth(telling: Telling, flows: Plain) -> None:
    """From every place where money rests or left, back to what it came in by; from there forward to that place."""
    for _, tape, start, end in inflows(telling):
        for piece in forward(flows, tape, start, end):
            origins = backward(flows, piece.tape, piece.at_start, piece.at_end)
            assert [(o.start, o.end) for o in origins] == tiles(piece.at_start, [o.end - o.start for o in origins])
            assert origins[-1].end == piece.at_end
            (origin,) = [o for o in origins if (o.tape, o.at_start) == (tape, piece.start)]
            assert (origin.at_end, origin.shared) == (piece.end, False)
            assert (origin.start, origin.end) == (piece.at_start, piece.at_end)


def tiles(start: int, sizes: list[int]) -> list[tuple[int, int]]:
    """Ranges of these sizes, one after the other."""
    ends = [start]
    for size in sizes:
        ends.append(ends[-1] + size)
    return list(zip(ends, ends[1:], strict=False))


@MANY
@given(steps(EVEN))
def test_back_and_forth_over_equal_amounts_is_where_one_was(story: list[Step]):
    check_back_and_forth(*told(story))


@MANY
@given(steps(UNEVEN))
def test_origins_cover_what_was_asked_and_overlap_only_where_they_say_so(story: list[Step]):
    telling, flows = told(story)
    for name, tape in telling.ledger.books.tape.items():
        origins = backward(flows, name, 0, tape.end)
        assert origins == sorted(origins)
        at = 0
        for origin in origins:
            assert origin.start <= at, f"a hole before {origin}"
            assert origin.start == at or origin.shared, f"an overlap that is not said: {origin}"
            at = max(at, origin.end)
        assert at == tape.end


@MANY
@given(steps(UNEVEN))
def test_whom_the_pencil_finds_in_a_unit_the_way_back_finds_too(story: list[Step]):
    """Every gift whose unit lies in a unit of a tape is among the origins of that unit."""
    telling, flows = told(story)
    pencil = Pencil(telling.ledger.leaves)
    starts = {gift.ref: gift.start for gift in telling.gifts}
    for (ref, number), place in list(pencil.where.items())[:40]:
        if place.state in ("fee", "covered"):
            continue
        origins = backward(flows, place.tape, place.at, place.at + 1)
        mine = [o for o in origins if o.ref == ref and o.at_start <= starts[ref] + number < o.at_end]
        assert mine, (ref, number, place, origins)
