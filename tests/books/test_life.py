"""What became of a payment's units, and what of them waits (books §4): one state a unit, and every edge where it should be."""

from __future__ import annotations

from ledger.books.life import (
    End,
    acknowledged,
    best_level,
    disbursement_ends,
    last_told,
    levels_of,
    place_state,
    reported_up_to,
    returned,
)  # fmt: skip
from ledger.books.promise import waiting
from ledger.books.rows import Back, Disbursement, Level, Told
from ledger.books.state import Books
from tests.books.by_hand import DAY, books_of, fund, paid, small_books


def with_receipts(received: int, reported: int, **more) -> Disbursement:
    """A payment of 10 units with receipts of a third party for so many; what was reported before the last one, which is 8.0."""
    level = Level("third-party", received, 1, DAY, DAY)
    return paid(10, receipts=(level,), level="third-party", received_by=(8, 0), reported=reported, **more)


def test_units_lie_in_an_activity_or_elsewhere():
    books = books_of(fund={"books": fund(kind="activity"), "school": fund(kind="project"), "general": fund()})
    states = [place_state(books, name) for name in ("books/CNY", "books/box", "school/CNY", "general/CNY", "nowhere/CNY")]
    assert states == ["allocated", "allocated", "held", "held", "held"]


def test_a_payment_that_the_books_do_not_have_was_paid():
    assert disbursement_ends(Books(), "6.0", 3, 7) == [End(3, 7, "paid")]


def test_units_are_received_and_reported_from_the_lowest_up():
    for received, reported, ends in (
        (0, 0, ["0..10 paid"]), (6, 0, ["0..6 received", "6..10 paid"]), (10, 0, ["0..10 received"]),
        (6, 6, ["0..6 reported", "6..10 paid"]),
        (6, 2, ["0..2 reported", "2..6 received", "6..10 paid"]), (10, 10, ["0..10 reported"]),
        (1, 1, ["0..1 reported", "1..10 paid"]),
        (10, 9, ["0..9 reported", "9..10 received"]),
    ):  # fmt: skip
        books = books_of(disbursement={"6.0": with_receipts(received, reported)})
        assert [f"{end.start}..{end.end} {end.state}" for end in disbursement_ends(books, "6.0", 0, 10)] == ends
        for unit in range(10):
            (end,) = disbursement_ends(books, "6.0", unit, unit + 1)
            state = "reported" if unit < reported else "received" if unit < received else "paid"
            assert (end.start, end.end, end.state, end.level) == (unit, unit + 1, state, "" if state == "paid" else "third-party")


BACKS = {
    "6.0/0": Back(9, 0, 8, 10, "books/CNY", 100), "6.0/1": Back(9, 1, 5, 8, "books/CNY", 110),
    "6.0/2": Back(12, 0, 4, 5, "books/CNY", 120),
}  # fmt: skip


def test_what_came_back_came_back_and_counts_for_nothing_else():
    """Six of ten units, by three returns, though all were received before."""
    books = books_of(disbursement={"6.0": with_receipts(10, 10, returned=6, returns=3)}, back=BACKS)
    assert disbursement_ends(books, "6.0", 0, 10) == [
        End(0, 4, "reported", "third-party"), End(4, 5, "", "", "books/CNY", 120, "12.0"), End(5, 8, "", "", "books/CNY", 110,
            "9.1"),
        End(8, 10, "", "", "books/CNY", 100, "9.0"),
    ]  # fmt: skip
    for start in range(10):
        for end in range(start + 1, 11):
            parts = disbursement_ends(books, "6.0", start, end)
            assert [parts[0].start, *(part.end for part in parts)] == [*(part.start for part in parts), end]
            assert parts[0].start == start
            for part in parts:
                if part.tape:
                    back = next(row for row in BACKS.values() if f"{row.entry}.{row.record}" == part.ref)
                    assert back.start <= part.start < part.end <= back.end and part.at - back.at == part.start - back.start
                else:
                    assert part == End(part.start, part.end, "reported", "third-party") and part.end <= 4
    assert returned(books, "6.0", 1) == BACKS["6.0/1"]


def test_a_return_that_leaves_less_than_was_received():
    books = books_of(disbursement={"6.0": with_receipts(9, 8, returned=3, returns=1)}, back={"6.0/0": Back(9, 0, 7, 10, "t", 0)})
    assert [(end.start, end.end, end.state) for end in disbursement_ends(books, "6.0", 0, 7)] == [(0, 7, "reported")]


def test_receipts_by_level():
    row = paid(10, receipts=(("third-party", 3, 1, DAY, DAY), ("self-declared", 9, 2, DAY, DAY)), level="self-declared")
    assert list(levels_of(row)) == [Level("third-party", 3, 1, DAY, DAY), Level("self-declared", 9, 2, DAY, DAY)]
    assert [acknowledged(row, level) for level in ("third-party", "self-declared", "recipient-signed", "")] == [3, 9, 0, 0]
    assert best_level(row) == ("self-declared", 9)
    assert best_level(paid(10)) == ("", 0)


def test_feedback_about_the_activity_counts_after_the_last_receipt():
    for told, reported in (
        (None, 2), (Told(7, 9), 2), (Told(8, 0), 2), (Told(8, 1), 6), (Told(9, 0), 6),
    ):  # fmt: skip
        books = books_of(told={"books/2026": told} if told else {})
        assert reported_up_to(books, with_receipts(6, 2)) == reported


def test_the_last_feedback_of_all_periods_that_hold_the_day():
    rows = {"books/2026-09-07": Told(7, 1), "books/20": Told(7, 2), "books/2026-09": Told(6, 9), "desks/2026": Told(9, 0)}
    assert last_told(books_of(told=rows), paid()) == Told(7, 2)
    assert last_told(books_of(told={**rows, "books/2026-09-08": Told(8, 0)}), paid()) == Told(7, 2)
    assert last_told(Books(), paid()) is None


def test_what_waits():
    for received, reported, back, waits in (
        (0, 0, 0, ["receipt 10"]), (6, 0, 0, ["receipt 4", "feedback 6"]), (10, 0, 0, ["feedback 10"]), (10, 10, 0, []),
        (9, 0, 0, ["receipt 1", "feedback 9"]), (6, 5, 0, ["receipt 4", "feedback 1"]), (6, 6, 0, ["receipt 4"]), (0, 0, 10, []),
        (1, 0, 0, ["receipt 9", "feedback 1"]), (0, 0, 9, ["receipt 1"]), (6, 0, 4, ["feedback 6"]),
        (6, 0, 3, ["receipt 1", "feedback 6"]),
        (8, 0, 7, ["feedback 3"]), (8, 5, 7, []), (8, 2, 7, ["feedback 1"]),
    ):  # fmt: skip
        row = with_receipts(received, reported, returned=back)
        found = list(waiting(small_books(disbursement={"6.0": row}), "6.0", row))
        assert [f"{one.stage} {one.amount}" for one in found] == waits
        days = {"receipt": "2026-09-17", "feedback": "2026-10-07"}
        assert all((one.ref, one.row, one.due_on) == ("6.0", row, days[one.stage]) for one in found)


def test_outside_a_project_nothing_was_promised():
    row = with_receipts(6, 0, fund="general")
    assert list(waiting(small_books(disbursement={"6.0": row}), "6.0", row)) == []
