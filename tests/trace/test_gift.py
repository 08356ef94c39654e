"""What is said of one gift (books §4): its pieces, what of it is late, and the sentence, each by itself."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.books import gift
from ledger.books.gift import GiftTrace, OverdueStage, due_on, follow_gift, project_of, sentence, split_ref
from ledger.books.moment import days_after
from ledger.books.rows import Level, Project
from ledger.books.state import Books
from ledger.books.trace import Piece
from ledger.errors import NotFound
from tests.books.by_hand import books_of, fund, paid, small_books
from tests.trace.reading import Few

DAY = "2026-09-07"


def test_a_reference_is_two_numbers():
    for ref, parts in (
        ("1834.0", (1834, 0)), ("0.255", (0, 255)), ("1" * 21 + ".7", (int("1" * 21), 7)), ("7." + "1" * 21, (7, int("1" * 21))),
    ):  # fmt: skip
        assert split_ref(ref) == parts


def test_anything_else_is_no_reference():
    for ref in (
        "", ".", "1834", "1834.", ".0", "a.0", "1.a", "-1.0", "1.-1", "٣.0", "1.٣", "1.0.0", "@.0", "1 .0", "1" * 22 + ".7",
     "7." + "1" * 22,
    ):  # fmt: skip
        with pytest.raises(NotFound, match="is not a reference"):
            split_ref(ref)


def piece(state: str, start: int, end: int, path: tuple[str, ...] = (), level: str = "") -> Piece:
    return Piece(start, end, state, "school/CNY", start, end, path, level)


def told(*pieces: Piece, **more: Any) -> GiftTrace:
    """A gift of 10.00 to the school with these pieces."""
    bare = {"payments": 0, "deliveries": 0, "waiting_since": "", "overdue": (), "exponent": 2}
    return GiftTrace(
        **{"ref": "3.0", "party": "hope", "fund": "school", "unit": "CNY", "amount": 1000, "received_on": DAY, "pieces": pieces},
        **{**bare, **more},
    )


def test_the_sentence():
    for trace, said in (
        (told(piece("held", 0, 1000), waiting_since="2026-09-08"), "10.00 CNY waiting since 2026-09-08."),
        (
            told(piece("held", 0, 100), piece("allocated", 100, 300), piece("held", 300, 400), waiting_since="2026-09-08"),
            "4.00 CNY waiting since 2026-09-08.",
        ),
        (told(piece("paid", 0, 1), payments=1), "0.01 CNY paid in 1 payment."),
        (told(piece("paid", 0, 1000), payments=2), "10.00 CNY paid in 2 payments."),
        (told(piece("paid", 0, 1000), deliveries=1), "10.00 CNY delivered as goods in 1 delivery."),
        (
            told(piece("paid", 0, 1000), payments=1, deliveries=2),
            "10.00 CNY paid in 1 payment and delivered as goods in 2 deliveries.",
        ),
        (
            told(piece("paid", 0, 400), piece("received", 400, 600, (), "third-party"), payments=1),
            "6.00 CNY paid in 1 payment, 2.00 CNY of it acknowledged (third-party).",
        ),
        (
            told(
                piece("received", 0, 100, (), "third-party"), piece("reported", 100, 400, (), "recipient-signed"),
                piece("reported", 400, 500, (), "third-party"), payments=1,
            ),
            "5.00 CNY paid in 1 payment, 5.00 CNY of it acknowledged (recipient-signed, third-party), 4.00 CNY of it reported on.",
        ),
        (
            told(piece("reported", 0, 100, (), "self-declared"), payments=1),
            "1.00 CNY paid in 1 payment, 1.00 CNY of it acknowledged (self-declared), 1.00 CNY of it reported on.",
        ),
        (
            told(piece("disputed", 0, 1000)),
            "10.00 CNY disputed: someone other than the payer signed for it, and the payer says that it came back or never went "
            "out.",
        ),
        (
            told(
                piece("covered", 0, 100), piece("refunded", 100, 300), piece("written-off", 300, 600), piece("fee", 600, 1000),
                unspent_covered=40,
            ),
            "4.00 CNY kept as a fee; 2.00 CNY refunded; 0.60 CNY refunded from another fund after it was spent; "
            "0.40 CNY refunded from another fund, still unspent; 3.00 CNY written off.",
        ),
        (
            told(piece("held", 0, 1), piece("paid", 1, 3), piece("fee", 3, 7), payments=3, waiting_since=DAY),
            "0.02 CNY paid in 3 payments; 0.01 CNY waiting since 2026-09-07; 0.04 CNY kept as a fee.",
        ),
        (
            told(piece("paid", 0, 1), payments=1, overdue=(OverdueStage("receipt", "6.0", "2026-10-01"),
                OverdueStage("feedback", "7.1", "2026-10-02"))),
            "0.01 CNY paid in 1 payment. Receipt for 6.0 is overdue: it was due on 2026-10-01. "
            "Feedback for 7.1 is overdue: it was due on 2026-10-02.",
        ),
    ):  # fmt: skip
        assert sentence(trace) == f"10.00 CNY, given on 2026-09-07 to school: {said}"


def test_a_sentence_has_the_decimals_of_the_unit():
    assert sentence(told(piece("fee", 0, 1000), exponent=0)) == "1000 CNY, given on 2026-09-07 to school: 1000 CNY kept as a fee."


def test_states_without_units_are_left_out():
    trace = told(piece("refunded", 500, 503), piece("held", 2, 7), piece("paid", 7, 7), piece("held", 10, 11))
    assert list(trace.totals().items()) == [("held", 6), ("refunded", 3)]


GIFT = ("donation 8 CNY school received_on=2026-09-05", ["+ school/CNY 100..108"])
WITH_FEE = ("donation 8 CNY school fee=2 fee_to=till", ["+ school/CNY 100..106"])


def states(trace: GiftTrace) -> list[tuple]:
    return [(one.start, one.end, one.state, one.tape, one.at_start, one.at_end, one.path) for one in trace.pieces]


def test_a_gift_that_lies_where_it_came_in():
    trace = follow_gift(Few(small_books(), {"3.0": GIFT}), "3.0", DAY)
    assert states(trace) == [(0, 8, "held", "school/CNY", 100, 108, ())]
    assert trace._replace(pieces=()) == (
        "3.0", "hope", "school", "CNY", 2, 8, "2026-09-05", (), 0, 0, "2026-09-05", (), "", 0,
    )  # fmt: skip


def test_a_unit_that_the_books_do_not_have_has_no_decimals():
    assert follow_gift(Few(Books(), {"3.0": GIFT}), "3.0", DAY).exponent == 0


def test_the_fee_is_the_last_piece():
    assert states(follow_gift(Few(small_books(), {"3.0": WITH_FEE}), "3.0", DAY)) == [
        (0, 6, "held", "school/CNY", 100, 106, ()), (6, 8, "fee", "", 6, 8, ()),
    ]  # fmt: skip


def test_only_a_gift_is_followed():
    with pytest.raises(NotFound, match=r"3\.0: is a income, not a gift"):
        follow_gift(Few(small_books(), {"3.0": ("income 8 CNY school", ["+ school/CNY 0..8"])}), "3.0", DAY)


def test_a_gift_is_cut_where_refunds_cover_it():
    for covers, parts in (
        ([], [(10, 20, "")]), ([(10, 20, "a")], [(10, 20, "a")]), ([(12, 15, "a")], [(10, 12, ""), (12, 15, "a"), (15, 20, "")]),
        ([(10, 11, "a"), (19, 20, "b")], [(10, 11, "a"), (11, 19, ""), (19, 20, "b")]),
        ([(12, 15, "a"), (15, 16, "b")], [(10, 12, ""), (12, 15, "a"), (15, 16, "b"), (16, 20, "")]),
        ([(12, 15, "a"), (14, 17, "b")], [(10, 12, ""), (12, 15, "a"), (15, 17, "b"), (17, 20, "")]),
        ([(5, 11, "a"), (18, 25, "b")], [(10, 11, "a"), (11, 18, ""), (18, 20, "b")]),
        ([(0, 10, "a"), (20, 30, "b")], [(10, 20, "")]), ([(0, 30, "a")], [(10, 20, "a")]),
        ([(11, 13, "a"), (12, 13, "b")], [(10, 11, ""), (11, 13, "a"), (13, 20, "")]),
    ):  # fmt: skip
        assert list(gift._cut(10, 20, covers)) == parts


def test_what_refunds_cover_and_is_in_a_fund_is_covered_and_unspent():
    flows = Few(small_books(), {"3.0": GIFT, "6.1": GIFT, "7.0": GIFT}, [("7.0", [(105, 106)]), ("6.1", [(101, 103)])])
    trace = follow_gift(flows, "3.0", DAY)
    assert states(trace) == [
        (0, 1, "held", "school/CNY", 100, 101, ()), (1, 3, "covered", "school/CNY", 101, 103, ("6.1",)),
        (3, 5, "held", "school/CNY", 103, 105, ()), (5, 6, "covered", "school/CNY", 105, 106, ("7.0",)),
        (6, 8, "held", "school/CNY", 106, 108, ()),
    ]  # fmt: skip
    assert trace.unspent_covered == 3


def test_how_many_payments_and_deliveries_a_gift_went_into():
    books = books_of(disbursement={"5.0": paid(), "6.0": paid(), "7.0": paid(kind="delivery"), "8.0": paid()})
    pieces = [
        piece("paid", 0, 1, ("4.0", "5.0")), piece("received", 1, 2, ("4.0", "5.0")), piece("reported", 2, 3, ("6.0",)),
        piece("paid", 3, 4, ("6.0", "7.0")), piece("held", 4, 5, ("8.0",)), piece("paid", 5, 6), piece("paid", 6, 7, ("9.0",)),
    ]  # fmt: skip
    assert (gift._count(books, pieces, "payment"), gift._count(books, pieces, "delivery")) == (2, 1)


def test_since_when_units_wait():
    """Since the record that put them there, by the ledger's days: 10:00 UTC on the second day for the second record."""
    flows = Few(small_books(), {"3.0": GIFT, "4.0": ("allocation 5 CNY school books", [])})
    for pieces, day in (
        ([], ""), ([piece("paid", 0, 8, ("4.0",))], ""), ([piece("held", 0, 8)], "2026-09-05"),
        ([piece("allocated", 0, 8, ("3.0", "4.0"))], "2026-09-02"), ([piece("allocated", 0, 8, ("4.0", "3.0"))], "2026-09-01"),
        ([piece("held", 0, 1), piece("allocated", 1, 8, ("4.0",))], "2026-09-02"),
    ):  # fmt: skip
        assert gift._waiting_since(flows, pieces, "2026-09-05") == day


def promised(**more: Any) -> Books:
    """A payment of the activity `books`, with its project's days: 10 for a receipt, 30 for feedback after it."""
    return small_books(disbursement={"6.0": paid(), "7.0": paid(day="2026-09-06"), "8.0": paid(fund="general")}, **more)


def test_what_is_late():
    """The day it is due on is in time; each disbursement is late once."""
    for as_of, late in (
        ("2026-09-16", []), ("2026-09-17", ["7.0"]), ("2026-09-18", ["6.0", "7.0"]),
    ):  # fmt: skip
        pieces = [piece("paid", 0, 1, ("4.0", "7.0")), piece("paid", 1, 2, ("6.0",)), piece("paid", 2, 3, ("6.0",)),
                  piece("reported", 3, 4, ("6.0",), "recipient-signed"), piece("held", 4, 5, ("6.0",)),
                  piece("paid", 5, 6)]  # fmt: skip
        assert [(one.stage, one.ref) for one in gift._overdue(promised(), pieces, as_of)] == [("receipt", ref) for ref in late]


def test_of_one_disbursement_both_stages_can_be_late():
    pieces = [piece("paid", 0, 1, ("6.0",)), piece("received", 1, 2, ("6.0",), "recipient-signed")]
    assert gift._overdue(promised(), pieces, "2027-01-01") == [OverdueStage("feedback", "6.0", "2026-10-07"),
        OverdueStage("receipt", "6.0", "2026-09-17")]


def test_by_when_a_stage_is_due():
    books = promised()
    rows = {ref: books.disbursement.get(ref) for ref in ("6.0", "8.0", "9.0")}
    assert due_on(books, rows["6.0"], "receipt") == "2026-09-17"
    assert due_on(books, rows["6.0"], "feedback") == "2026-10-07"
    assert due_on(books, rows["8.0"], "receipt") == due_on(books, rows["9.0"], "receipt") == ""
    levels = (Level("third-party", 1, 1, DAY, "2026-09-10"), Level("self-declared", 9, 2, DAY, "2026-09-09"))
    assert due_on(books, paid(receipts=levels), "feedback") == "2026-10-07"
    assert due_on(books, paid(receipts=levels), "receipt") == "2026-09-17"


def test_the_project_of_a_fund():
    row = Project("hope", "School", (), 10, 30)
    books = books_of(fund={"books": fund(project="school"), "general": fund()}, project={"school": row})
    assert [project_of(books, name) for name in ("books", "general", "nowhere")] == [row, None, None]


def test_days_after_a_day():
    for day, days, then in (
        ("2026-09-07", 0, "2026-09-07"), ("2026-09-07", 24, "2026-10-01"), ("2028-02-28", 1, "2028-02-29"),
        ("2999-12-31", 36500, "3099-12-07"), ("9999-12-30", 1, "9999-12-31"), ("9999-12-31", 1, "9999-12-31"),
    ):  # fmt: skip
        assert days_after(day, days) == then
