"""The fold of an audit in its parts: how it goes on with a log's own flows, and what it leaves of a record that it skips."""

from __future__ import annotations

from ledger.books import fold
from ledger.books.fold import EPOCH, Fault, fits, judge, skip
from ledger.books.rows import Given, Head, Sum
from ledger.books.state import Books
from ledger.books.statement_context import Leg, inflow
from ledger.books.tape import Tape
from ledger.bounds import MAX_INTEGER
from tests.books.by_hand import (
    DAY,
    SIZE,
    TIME,
    a_project,
    act_of,
    at,
    books_of,
    faults_of,
    fund,
    judged,
    record,
    said,
    small_books,
    tapes,
)  # fmt: skip

OUT, IN = [0, "-", "a/CNY", 3, 8], [0, "+", "b/CNY", 0, 5]
THROUGH = [Leg("a/CNY", 5, (), "b/CNY", 5)]


def test_flows_that_move_what_the_legs_move():
    for own, legs, fit in (
        ([OUT, IN], THROUGH, True), ([OUT, [0, "+", "b/CNY", 90, 95]], THROUGH, True), ([OUT], THROUGH, False),
        ([IN], THROUGH, False),
        ([OUT, [0, "+", "b/CNY", 0, 4]], THROUGH, False), ([[0, "-", "a/CNY", 3, 7], IN], THROUGH, False),
        ([[0, "-", "a/CNY", 0, 2], [0, "-", "a/CNY", 6, 9], IN], THROUGH, True),
        ([OUT, [0, "+", "b/CNY", 0, 2], [0, "+", "b/CNY", 2, 5]], THROUGH, False),
        ([[0, "-", "c/CNY", 3, 8], IN], THROUGH, False), ([OUT, [0, "+", "c/CNY", 0, 5]], THROUGH, False),
        ([OUT], [Leg("a/CNY", 2), Leg("a/CNY", 3)], True), ([OUT], [Leg("a/CNY", 2), Leg("c/CNY", 3)], False),
        ([IN], [inflow("b/CNY", 5)], True), ([], [], True), ([IN], [], False), ([OUT], [], False),
    ):  # fmt: skip
        assert fits(own, legs) is fit


def test_an_audit_names_the_record_and_says_whether_it_applied():
    flows = [[0, "+", "aid/CNY", 0, 1], [2, "+", "general/CNY", 0, 1]]
    books = small_books()
    faults = judged(books, "donation 1 CNY aid; donation 1 CNY nowhere; donation 1 CNY general; payment 9 CNY general shop", flows)
    assert [(fault.record, fault.rule, fault.applied) for fault in faults] == [
        (0, "authority", True), (1, "reference", False), (3, "overdraft", False),
    ]  # fmt: skip
    assert tapes(books) == {"aid/CNY": (1, 0, ()), "general/CNY": (1, 0, ())}
    assert books.skipped == {"5.1", "5.3"}


def test_an_audit_goes_on_with_the_flows_of_a_record_that_it_skips():
    books = small_books(tape={"general/CNY": Tape(10)})
    judged(books, "payment 1 CNY general nobody; payment 2 CNY general shop", [
        [0, "-", "general/CNY", 0, 1], [1, "-", "general/CNY", 1, 3],
    ])  # fmt: skip
    assert tapes(books) == {"general/CNY": (10, 3, ())}
    assert books.disbursement.get("5.0") is None and books.disbursement.get("5.1") is not None


def test_of_a_record_that_is_skipped_nothing_is_left():
    """It moved its units before it was refused."""
    books = small_books(given={"general/CNY/20": Given(MAX_INTEGER, 1)})
    assert [fault.rule for fault in judged(books, "donation 1 CNY general")] == ["tape-flow", "tape-limit"]
    assert tapes(books) == {} and books.given.get(f"general/CNY/{DAY}") is None


def test_a_record_of_too_many_flows_is_followed_as_the_log_has_it():
    """It was refused when all its units were moved."""
    units = ",".join(f"{2 * n}..{2 * n + 1}" for n in range(64))
    own = [*([0, "-", "general/CNY", 2 * n, 2 * n + 1] for n in range(64)), [0, "+", "low/CNY", 0, 64]]
    books = small_books(tape={"general/CNY": Tape(200)}, fund={"low": fund(root="general", parent="general")})
    faults = judged(books, f"allocation 64 CNY general low units={units}", own)
    assert [(fault.rule, fault.applied) for fault in faults] == [("fragmented", True)]
    assert books.tape.get("general/CNY").free() == 136 and tapes(books)["low/CNY"] == (64, 0, ())


def test_what_stands_on_a_skipped_record_is_skipped_without_a_word():
    books = small_books()
    books.skipped.add("4.0")
    assert judged(books, "receipt 1 4.0 level=self-declared") == []
    assert books.skipped == {"4.0", "5.0"}
    assert [fault.rule for fault in judged(small_books(), "receipt 1 4.0 level=self-declared")] == ["reference"]


def test_each_fault_of_one_record_is_told_with_it():
    faults = judged(small_books(), "donation 1 CNY aid received_on=2026-09-08", [[0, "+", "aid/CNY", 0, 1]])
    assert [(fault.record, fault.rule) for fault in faults] == [(0, "authority"), (0, "day")]


def test_flows_of_other_records_are_not_a_records_own():
    books = small_books()
    faults = judged(books, "donation 1 CNY general; donation 2 CNY school", [[1, "+", "school/CNY", 0, 2]])
    assert [(fault.record, fault.rule) for fault in faults] == [(0, "tape-flow")]


def test_flows_are_in_order_and_of_records_that_are_there():
    """Those of none are followed all the same, those of the others were."""
    for numbers, found in (
        ([0, 1], 0), ([0, 0, 1], 0), ([], 0), ([1, 0], 1), ([0, 2], 1), ([-1, 0], 1), ([0, 1, 2], 1), ([2, 0], 1), ([0, 9], 1),
    ):  # fmt: skip
        flows = [[number, "+", f"t{number}/CNY", 0, 1] for number in numbers]
        books = Books()
        assert faults_of(books, fold._check_order, act_of(), 2, flows) == ["tape-flow"] * found
        assert set(tapes(books)) == {f"t{number}/CNY" for number in numbers if not 0 <= number < 2}


def test_a_logs_own_flows_are_followed_where_they_can_be():
    """All of them, or none."""
    for tape, own, fifo, goes, then in (
        (Tape(10, 4), [["+", 10, 13]], False, True, (13, 4, ())), (Tape(10, 4), [["+", 12, 13]], False, True, (13, 4, ())),
        (Tape(10, 4), [["+", 9, 13]], False, False, (10, 4, ())), (Tape(10, 4), [["-", 6, 8]], False, True, (10, 4, (6, 8))),
        (Tape(10, 4), [["-", 3, 8]], False, False, (10, 4, ())), (Tape(10, 4), [["-", 9, 11]], False, False, (10, 4, ())),
        (Tape(10, 4), [["-", 4, 6], ["-", 5, 7]], False, False, (10, 4, ())),
        (Tape(10, 4), [["-", 4, 6], ["-", 6, 7]], True, True, (10, 7, ())),
        (Tape(10, 4), [["-", 6, 8]], True, True, (10, 4, (6, 8))),
    ):  # fmt: skip
        books = books_of(tape={"a/CNY": tape})
        assert fold._follow(books, [[0, sign, "a/CNY", start, end] for sign, start, end in own], fifo) is goes
        assert tapes(books) == {"a/CNY": then}


def test_units_that_are_passed_over_twice_were_taken():
    books = books_of(tape={"a/CNY": Tape(20)})
    assert fold._follow(books, [[0, "-", "a/CNY", 5, 8]], True)
    assert (tapes(books)["a/CNY"], books.passed_over) == ((20, 0, (5, 8)), {"a/CNY": 0})
    assert fold._follow(books, [[0, "-", "a/CNY", 10, 12]], True)
    assert (tapes(books)["a/CNY"], books.passed_over) == ((20, 12, ()), {"a/CNY": 0})
    assert fold._follow(books, [[0, "-", "a/CNY", 14, 15]], True)
    assert (tapes(books)["a/CNY"], books.passed_over) == ((20, 12, (14, 15)), {"a/CNY": 12})
    assert fold._follow(books, [[0, "+", "a/CNY", 25, 26]], True)
    assert tapes(books)["a/CNY"] == (26, 12, (14, 15))


def test_the_lowest_units_and_named_ones_pass_over_nothing():
    books = books_of(tape={"a/CNY": Tape(20)})
    assert fold._follow(books, [[0, "-", "a/CNY", 0, 3]], True) and books.passed_over == {}
    for start in (5, 10):
        assert fold._follow(books, [[0, "-", "a/CNY", start, start + 1]])
    assert (tapes(books)["a/CNY"], books.passed_over) == ((20, 3, (5, 6, 10, 11)), {})


def test_what_a_log_lets_into_a_project_counts_with_the_gap_before_it():
    books = a_project({"p/CNY": Tape(10)})
    assert fold._follow(books, [[0, "+", "p/CNY", 12, 15]], entered_on="2026-09-07")
    assert books.came.get("p/CNY") == Sum(5)
    assert not fold._follow(books, [[0, "+", "q/CNY", 0, 4], [0, "+", "p/CNY", 12, 15]], entered_on="2026-09-07")
    assert books.came.get("p/CNY") == Sum(5) and set(tapes(books)) == {"p/CNY"}


def test_how_an_audit_goes_on():
    for text, own, rules, then in (
        # As the rules give them.
        ("payment 3 CNY general shop", [["-", 4, 7]], [], (10, 7, ())),
        # Others, that are possible and move as much.
        ("payment 3 CNY general shop", [["-", 5, 8]], ["tape-flow"], (10, 4, (5, 8))),
        # Others, that are possible and move more.
        ("payment 3 CNY general shop", [["-", 4, 9]], ["tape-flow"], (10, 9, ())),
        # Others, that are not possible: what the rules give.
        ("payment 3 CNY general shop", [["-", 8, 11]], ["tape-flow"], (10, 7, ())),
        # None.
        ("payment 3 CNY general shop", [], ["tape-flow"], (10, 4, ())),
        # Named units that are gone, and the log took others, as many.
        ("payment 3 CNY general shop units=1..4", [["-", 5, 8]], ["overdraft"], (10, 4, (5, 8))),
        # And the log took those, or more.
        ("payment 3 CNY general shop units=1..4", [["-", 1, 4]], ["overdraft"], (10, 4, ())),
        ("payment 3 CNY general shop units=1..4", [["-", 5, 9]], ["overdraft"], (10, 4, (5, 9))),
        ("payment 7 CNY general shop", [["-", 4, 11]], ["overdraft"], (10, 4, ())),
        # Named units that are there, others taken.
        ("payment 3 CNY general shop units=5..8", [["-", 6, 9]], ["tape-flow"], (10, 4, (6, 9))),
        ("progress books", [["-", 4, 5]], ["tape-flow"], (10, 5, ())),
    ):  # fmt: skip
        books = small_books(tape={"general/CNY": Tape(10, 4)})
        faults = judged(books, text, [[0, sign, "general/CNY", start, end] for sign, start, end in own])
        assert [fault.rule for fault in faults] == rules
        assert tapes(books) == {"general/CNY": then}


def test_a_record_is_remembered_where_it_moved_as_much_as_it_says():
    for units, own, kept in (
        ("", [5, 8], "0.0"), ("units=1..4", [5, 8], "0.0"), ("units=1..4", [5, 9], ""),
    ):  # fmt: skip
        books = small_books(tape={"general/CNY": Tape(10, 4)})
        judged(books, f"payment 3 CNY general shop {units}", [[0, "-", "general/CNY", *own]])
        assert (books.disbursement.get("5.0") is not None) == bool(kept)


def test_the_flows_that_an_audit_goes_on_with_are_those_of_the_record():
    """A return that came in after a gap: what comes back later is looked for where the log put it."""
    paid = small_books(tape={"general/CNY": Tape(10)})
    judged(paid, "payment 3 CNY general shop; payment-return 2 @0", [
        [0, "-", "general/CNY", 0, 3], [1, "+", "general/CNY", 15, 17],
    ])  # fmt: skip
    assert paid.back.get("5.0/0").at == 15
    others = small_books(tape={"general/CNY": Tape(10)})
    judged(others, "payment 3 CNY general shop; payment-return 2 @0", [
        [0, "-", "general/CNY", 0, 3], [1, "+", "general/CNY", 10, 13],
    ])  # fmt: skip
    assert others.back.get("5.0/0").at == 10


def test_a_skip_follows_each_flow_that_can_be():
    books = books_of(tape={"a/CNY": Tape(10, 4)})
    skip(books, 7, [[0, "-", "a/CNY", 0, 2], [0, "-", "a/CNY", 4, 5], [1, "+", "b/CNY", 0, 3]])
    assert tapes(books) == {"a/CNY": (10, 5, ()), "b/CNY": (3, 0, ())}
    assert books.skipped == {"7"}


def test_the_time_of_an_entry_that_is_no_moment():
    for books, time in ((small_books(), TIME), (Books(), EPOCH)):
        faults: list[Fault] = []
        late = said("progress books", time="2026-02-30T10:00:00Z")
        assert fold._at_a_real_time(books, late, faults) == late._replace(time=time)
        assert [(fault.record, fault.rule, fault.applied) for fault in faults] == [(-1, "time", True)]
    assert fold._at_a_real_time(Books(), said("progress books"), faults := []) == said("progress books")
    assert faults == []


def test_a_head_never_goes_back():
    """An earlier time is found once; the entry after it is measured by the later one."""
    books = small_books()
    assert [fault.rule for fault in judged(books, "progress books", time=at(-5), signed_at=at(-5))] == ["time"]
    assert books.head.get("") == Head(SIZE + 1, TIME, "givetrail/1")
    judged(books, "progress books", time=at(5))
    assert books.head.get("").time == at(5)


def test_what_judge_did_is_in_its_act():
    text, flows = "donation 1 CNY general; donation 2 CNY general", [[0, "+", "general/CNY", 0, 1], [1, "+", "general/CNY", 1, 3]]
    context, faults = judge(small_books(), said(text), [record(one) for one in text.split("; ")], flows)
    assert (context.flows, faults) == (flows, [])
