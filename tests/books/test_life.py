"""What became of a payment's units, and what of them waits (books §4): one state a unit, and every edge where it should be."""

from __future__ import annotations

from ledger.books.level_due import level_due
from ledger.books.levels import LEVELS, acknowledged, contested, received, steps
from ledger.books.life import End, disbursement_ends, last_told, place_state, reported_up_to, returned
from ledger.books.promise import waiting
from ledger.books.rows import Brought, Disbursement, Level, Project, Told
from ledger.books.state import Books
from tests.books.by_hand import DAY, books_of, fund, paid, small_books


def with_receipts(received: int, reported: int, **more) -> Disbursement:
    """A payment of 10 units with receipts of a third party for so many; what was reported before the last one, which is 8.0."""
    level = Level("third-party", received, 1, DAY, DAY)
    return paid(10, receipts=(level,), received_by=(8, 0), reported=reported, **more)


def test_units_lie_in_an_activity_or_elsewhere():
    books = books_of(fund={"books": fund(kind="activity"), "school": fund(kind="project"), "general": fund()})
    states = [place_state(books, name) for name in ("books/CNY", "books/box", "school/CNY", "general/CNY", "nowhere/CNY")]
    assert states == ["allocated", "allocated", "held", "held", "held"]


def test_a_payment_that_the_books_do_not_have_was_paid():
    assert disbursement_ends(Books(), "6.0", 3, 7) == [End(3, 7, "paid")]


def test_units_are_received_and_reported_from_the_lowest_up():
    for until, reported, ends in (
        (0, 0, ["0..10 paid"]), (6, 0, ["0..6 received", "6..10 paid"]), (10, 0, ["0..10 received"]),
        (6, 6, ["0..6 reported", "6..10 paid"]),
        (6, 2, ["0..2 reported", "2..6 received", "6..10 paid"]), (10, 10, ["0..10 reported"]),
        (1, 1, ["0..1 reported", "1..10 paid"]),
        (10, 9, ["0..9 reported", "9..10 received"]),
    ):  # fmt: skip
        books = books_of(disbursement={"6.0": with_receipts(until, reported)})
        assert [f"{end.start}..{end.end} {end.state}" for end in disbursement_ends(books, "6.0", 0, 10)] == ends
        for unit in range(10):
            (end,) = disbursement_ends(books, "6.0", unit, unit + 1)
            state = "reported" if unit < reported else "received" if unit < until else "paid"
            assert (end.start, end.end, end.state, end.level) == (unit, unit + 1, state, "" if state == "paid" else "third-party")


BACKS = {
    "6.0/0": Brought(9, 0, 8, 10, "books/CNY", 100, True), "6.0/1": Brought(9, 1, 5, 8, "books/CNY", 110, True),
    "6.0/2": Brought(12, 0, 4, 5, "books/CNY", 120, True),
}  # fmt: skip


def test_what_came_back_came_back_and_counts_for_nothing_else():
    """Six of ten units, by three returns that the recipient signed, though all were received before."""
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
    books = books_of(disbursement={"6.0": with_receipts(9, 8, returned=3, returns=1)}, back={"6.0/0": Brought(9, 0, 7, 10, "t", 0)})
    assert [(end.start, end.end, end.state) for end in disbursement_ends(books, "6.0", 0, 7)] == [(0, 7, "reported")]


def test_what_the_owner_alone_took_back_is_disputed_as_far_as_somebody_else_received_it():
    """Units 8 and 9 came back with the recipient's word, 5 to 7 without."""
    backs = {**BACKS, "6.0/1": BACKS["6.0/1"]._replace(agreed=False), "6.0/2": BACKS["6.0/2"]._replace(agreed=False)}
    for signed, states in (
        (10, "rrrrDDDDbb"), (8, "rrrrDDDDbb"), (7, "rrrrDDDbbb"), (6, "rrrrDDbbbb"), (5, "rrrrDbbbbb"), (4, "rrrrbbbbbb"),
        (3, "rrrpbbbbbb"), (0, "ppppbbbbbb"),
    ):  # fmt: skip
        books = books_of(disbursement={"6.0": with_receipts(signed, 0, returned=6, returns=3)}, back=backs)
        found = {unit: end for end in disbursement_ends(books, "6.0", 0, 10) for unit in range(end.start, end.end)}
        letters = {"received": "r", "paid": "p", "disputed": "D", "": "b"}
        assert "".join(letters[found[unit].state] for unit in range(10)) == states, signed
        assert all(found[unit].at == 110 + found[unit].start - 5 for unit in range(5, 8) if not found[unit].state)
        for unit in range(10):
            (end,) = disbursement_ends(books, "6.0", unit, unit + 1)
            assert end.state == found[unit].state and (not end.tape or end.at == found[unit].at + unit - found[unit].start)


def test_receipts_by_level():
    row = paid(10, receipts=(Level("third-party", 3, 1, DAY, DAY), Level("self-declared", 9, 2, DAY, DAY)))
    assert list(row.receipts) == [Level("third-party", 3, 1, DAY, DAY), Level("self-declared", 9, 2, DAY, DAY)]
    assert [acknowledged(row, level) for level in ("third-party", "self-declared", "recipient-signed", "")] == [3, 9, 0, 0]
    assert [received(row, level) for level in LEVELS] == [0, 0, 3, 3, 3, 9]
    assert (received(row), contested(row, False), received(paid(10)), contested(paid(10), False)) == (9, 3, 0, 0)
    assert list(steps(row)) == [(0, 3, "third-party"), (3, 9, "self-declared")]
    weaker = paid(10, receipts=(Level("self-declared", 2, 1, DAY, DAY), Level("documented", 2, 1, DAY, DAY)))
    assert list(steps(weaker)) == [(0, 2, "documented")] and contested(weaker, False) == 0


def test_each_unit_has_the_strongest_level_of_its_receipts():
    row = paid(10, receipts=(Level("recipient-signed", 4, 1, DAY, DAY), Level("documented", 8, 1, DAY, DAY)), reported=6,
        received_by=(8, 0))  # fmt: skip
    assert disbursement_ends(books_of(disbursement={"6.0": row}), "6.0", 1, 10) == [
        End(1, 4, "reported", "recipient-signed"), End(4, 6, "reported", "documented"), End(6, 8, "received", "documented"),
        End(8, 10, "paid"),
    ]  # fmt: skip


def test_which_level_a_project_waits_for():
    for named, keyed, due in (("", False, "documented"), ("", True, "recipient-signed"), ("third-party", True, "third-party")):
        books = small_books(project={"school": Project("hope", "S", (), 10, 30, named)})
        assert level_due(books, paid(keyed=keyed)) == due


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
    for until, reported, back, waits in (
        (0, 0, 0, ["receipt 10"]), (6, 0, 0, ["receipt 4", "feedback 6"]), (10, 0, 0, ["feedback 10"]), (10, 10, 0, []),
        (9, 0, 0, ["receipt 1", "feedback 9"]), (6, 5, 0, ["receipt 4", "feedback 1"]), (6, 6, 0, ["receipt 4"]), (0, 0, 10, []),
        (1, 0, 0, ["receipt 9", "feedback 1"]), (0, 0, 9, ["receipt 1"]), (6, 0, 4, ["feedback 6"]),
        (6, 0, 3, ["receipt 1", "feedback 6"]),
        (8, 0, 7, ["feedback 3"]), (8, 5, 7, []), (8, 2, 7, ["feedback 1"]),
    ):  # fmt: skip
        row = with_receipts(until, reported, returned=back)
        found = list(waiting(small_books(disbursement={"6.0": row}), "6.0", row))
        assert [f"{one.stage} {one.amount}" for one in found] == waits
        days = {"receipt": "2026-09-17", "feedback": "2026-10-07"}
        assert all((one.ref, one.row, one.due_on) == ("6.0", row, days[one.stage]) for one in found)


def test_a_receipt_of_a_weaker_level_does_not_end_the_wait():
    row = paid(10, receipts=(Level("documented", 10, 1, DAY, DAY), Level("recipient-signed", 4, 1, DAY, DAY)), keyed=True)
    for named, waits in (("", ["receipt 6", "feedback 10"]), ("documented", ["feedback 10"]), ("third-party", ["receipt 6",
        "feedback 10"])):  # fmt: skip
        books = small_books(disbursement={"6.0": row}, project={"school": Project("hope", "S", (), 10, 30, named)})
        assert [f"{one.stage} {one.amount}" for one in waiting(books, "6.0", row)] == waits


def test_outside_a_project_nothing_was_promised():
    row = with_receipts(6, 0, fund="general")
    assert list(waiting(small_books(disbursement={"6.0": row}), "6.0", row)) == []
