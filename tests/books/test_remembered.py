"""What the books remember of each kind, and what they refuse by what they remember."""

from __future__ import annotations

from ledger.books.day_sums import exceeded
from ledger.books.mandate import NOTHING
from ledger.books.rows import (
    Allocation,
    Brought,
    Disbursement,
    Ended,
    Given,
    Head,
    Level,
    Project,
    ReferenceKeyRow,
    Sum,
    Told,
    UnitRow,
)
from ledger.books.rows import Ledger as LedgerRow
from ledger.books.state import Books
from ledger.books.tape import Tape
from ledger.books.void_rows import ExchangeRow, VoidRow
from ledger.bounds import MAX_INTEGER
from tests.books.by_hand import (
    DAY,
    SIZE,
    TIME,
    act_of,
    books_of,
    check,
    key_row,
    paid,
    posted,
    record,
    rule_of,
    small_books,
)  # fmt: skip
from tests.language import key_text

A, B, REF = "A" * 43, "B" * 42 + "A", "hmac-sha256:2026:" + "A" * 43
HEX = "a" * 64


def test_a_gift_is_remembered_by_day_month_year_and_century():
    books = posted("donation 9 CNY school", rows=["+ school/CNY 0..9"])
    assert dict(books.given.items()) == {f"school/CNY/{step}": Given(9, 1) for step in (DAY, "2026-09", "2026", "20")}
    record("donation 5 CNY school").post_run(books, "school/CNY", 12, 4)
    assert books.given.get("school/CNY/20") == Given(21, 5)
    shared = small_books()
    record("donation 5 CNY school fee=2 fee_to=till").post_run(shared, "school/CNY", 12, 2, 5)
    assert (shared.given.get("school/CNY/20"), shared.came.get("school/CNY"), shared.spent.get("school/CNY/fundraising")) == (
        Given(12, 2), Sum(12), Sum(5),
    )  # fmt: skip
    top = small_books(given={"school/CNY/2026": Given(MAX_INTEGER, 1)})
    assert rule_of(record("donation 1 CNY school").post_run, top, "school/CNY", 1, 1) == "tape-limit"
    posted("income 9 CNY school", books, ["+ school/CNY 9..18"])
    assert books.given.get("school/CNY/20") == Given(21, 5)


def test_a_reference_of_a_channel_is_a_key():
    for kind in ("donation 1 CNY school", "income 1 CNY school", "payment 1 CNY school shop"):
        assert tuple(record(f"{kind} channel=bank").unique_keys("hope")) == ()
        assert tuple(record(f"{kind} channel=bank channel_ref={REF}").unique_keys("hope")) == (f"reference\0hope\0bank\0{REF}",)
    one = record(f"donation 1 CNY school channel=bank channel_ref={REF}")
    assert (one.key_before_reference("hope") + REF,) == tuple(one.unique_keys("hope"))
    assert record("progress books").key_before_reference("hope") == "reference\0hope\0\0"
    assert tuple(record("progress books").unique_keys("hope")) == ()


def test_an_allocation_is_remembered_and_what_leaves_a_project_is_no_inflow():
    books = posted("allocation 9 CNY school books", rows=["- school/CNY 3..12", "+ books/CNY 20..29"], number=2)
    assert dict(books.allocation.items()) == {"5.2": Allocation("hope", "school", "books", "CNY", 9, 20)}
    assert books.came.get("school/CNY") is None
    before = small_books(came={"school/CNY": Sum(20)})
    books = posted("allocation 9 CNY school general", before, ["- school/CNY 0..9", "+ general/CNY 0..9"])
    assert books.came.get("school/CNY") == Sum(11)


def test_an_exchange_takes_inflow_out_of_its_unit():
    rows = ["- school/CNY 0..7", "+ school/USD 3..4"]
    books = posted("exchange 7 CNY school 1 USD rate=1/7", small_books(came={"school/CNY": Sum(20)}), rows)
    assert books.came.get("school/CNY") == Sum(13)
    assert [*books.exchange.items()] == [("5.0", ExchangeRow("hope", "school", "CNY", 7, "USD", 1, 3, 7, 1, DAY, DAY))]
    assert posted("exchange 7 CNY general 1 USD rate=1/7", None, rows).came.get("general/CNY") is None


def test_a_refund_takes_inflow_out_of_its_projects():
    books = posted(
        "refund 3.0 school CNY reason=legal units=0..4 cover=general:9..10", small_books(came={"school/CNY": Sum(20)}),
        ["- school/CNY 0..3", "- school/CNY 5..6", "- general/CNY 0..1"],
    )  # fmt: skip
    assert dict(books.came.items()) == {"school/CNY": Sum(16)}


def test_a_payment_is_remembered_by_itself_by_payee_and_by_cost():
    books = posted("payment 9 CNY books shop cost_class=administration paid_on=2026-09-05", rows=["- books/CNY 0..9"], number=3)
    assert dict(books.disbursement.items()) == {
        "5.3": paid(9, party="hope", cost_class="administration", day="2026-09-05", entered_on=DAY, channel="cash"),
    }  # fmt: skip
    days = {"hope/shop/2026-09-05/CNY", f"hope/shop/recorded {DAY}/CNY"}
    assert dict(books.paid.items()) == {key: Sum(9) for key in days}
    assert dict(books.spent.items()) == {"school/CNY/administration": Sum(9)}
    posted("payment 2 CNY school shop", books)
    assert books.paid.get(f"hope/shop/recorded {DAY}/CNY") == Sum(11)
    assert books.paid.get(f"hope/shop/{DAY}/CNY") == Sum(2)
    for text, yields in (("goods=1:box:books:9", "goods"), ("grant=aid", "grant"), ("grant=", "grant"), ("", "")):
        assert posted(f"payment 9 CNY books river {text}").disbursement.get("5.0").yields == yields


def test_what_a_payee_was_paid_is_the_more_of_two_sums():
    one = record("payment 9 CNY books shop paid_on=2026-09-05")
    for dated, recorded, most in ((0, 0, 0), (3, 0, 3), (0, 4, 4), (3, 4, 4), (5, 4, 5)):
        rows = {"hope/shop/2026-09-05/CNY": Sum(dated), f"hope/shop/recorded {DAY}/CNY": Sum(recorded)}
        paid = {key: row for key, row in rows.items() if row.amount}
        for limit, passed in ((9 + most, False), (8 + most, True)):
            mandate = {"hope": NOTHING._replace(thresholds=(("CNY", limit, limit, ""),))}
            assert bool(exceeded(small_books(paid=paid, mandate=mandate), act_of(), one)) is passed
    top = small_books(paid={f"hope/shop/recorded {DAY}/CNY": Sum(MAX_INTEGER - 9)})
    assert rule_of(posted, "payment 9 CNY books shop", top.copy()) == ""
    assert rule_of(posted, "payment 10 CNY books shop", top) == "tape-limit"


def test_a_cost_limit_is_asked():
    books = small_books(
        project={"school": Project("hope", "S", (("administration", 1, 2),), 1, 1)}, came={"school/CNY": Sum(10)},
    )  # fmt: skip
    assert check("payment 5 CNY books shop cost_class=administration", books) == []
    assert check("payment 6 CNY books shop cost_class=administration", books) == ["cost-limit"]


def test_a_delivery_is_remembered():
    books = posted("delivery 3 box books village delivered_on=2026-09-05", number=1)
    assert dict(books.disbursement.items()) == {
        "5.1": Disbursement("delivery", "hope", "books", "books/box", 3, "village", "programme", "2026-09-05", "", entered_on=DAY),
    }  # fmt: skip


def test_what_comes_back_is_the_highest_that_has_not():
    there = small_books(disbursement={"3.0": paid(10, returned=2, returns=1)}, spent={"school/CNY/programme": Sum(10)})
    books = posted("payment-return 3 of 3.0", there, ["+ books/CNY 40..43"], number=6)
    assert tuple(books.back.get("3.0/1")) == (5, 6, 5, 8, "books/CNY", 40, False)
    assert books.disbursement.get("3.0") == paid(10, returned=5, returns=2, answered_on=DAY)
    assert books.spent.get("school/CNY/programme") == Sum(7)


def test_which_units_a_return_brings_back():
    there = books_of(
        disbursement={"3.0": paid(10, returned=6, returns=3), "5.4": paid(10, returned=2, returns=1)},
        back={"3.0/0": (5, 0, 8, 10, "t", 0), "3.0/1": (5, 2, 5, 8, "t", 2), "3.0/2": (7, 1, 4, 5, "t", 5),
            "5.4/0": (5, 5, 8, 10, "t", 9)},
    )  # fmt: skip
    for key, row in list(there.back.items()):
        there.back.load(key, Brought(*row))
    one = record("payment-return 1 of 3.0")
    for ref, back in (("5.0", (3, 0, 8, 10)), ("5.2", (3, 0, 5, 8)), ("7.1", (3, 0, 4, 5)), ("5.1", None), ("4.9", None),
        ("7.2", None)):
        assert one.brings_back(there, ref) == back, ref
    assert record("payment-return 1 of @4").brings_back(there, "5.5") == (5, 4, 8, 10)
    assert record("payment-return 1 of 9.9").brings_back(there, "5.5") is None
    assert record("progress books").brings_back(there, "5.5") is None


def test_receipts_are_summed_by_level():
    there = small_books(disbursement={"3.0": paid(10)})
    posted("receipt 4 of 3.0 level=third-party received_on=2026-09-06", there, number=2)
    assert there.disbursement.get("3.0") == paid(
        10, receipts=(Level("third-party", 4, 1, "2026-09-06", "2026-09-06"),), received_by=(5, 2), unreported_from="2026-09-06",
    )  # fmt: skip
    posted("receipt 4 of 3.0 level=self-declared", there, number=3)
    posted("receipt 1 of 3.0 level=self-declared received_on=2026-09-05", there, number=4)
    row = there.disbursement.get("3.0")
    assert (row.received_by, row.reported, row.unreported_from) == ((5, 4), 0, "2026-09-05")
    assert row.receipts == (
        Level("third-party", 4, 1, "2026-09-06", "2026-09-06"), Level("self-declared", 5, 2, "2026-09-05", DAY),
    )  # fmt: skip
    posted("receipt 9 of 3.0 level=third-party", there, number=5)
    assert there.disbursement.get("3.0").receipts[0] == Level("third-party", 10, 2, "2026-09-06", DAY)


def test_a_receipt_keeps_what_was_reported_before_it():
    there = small_books(disbursement={"3.0": paid(10, received_by=(2, 0))}, told={"books/2026": Told(4, 0)})
    posted("receipt 4 of 3.0", there)
    assert there.disbursement.get("3.0").reported == 0
    there = small_books(disbursement={"3.0": paid(10)})
    for text, slots in (("receipt 4 of 3.0", {"number": 1}), ("feedback i 4 payments=3.0", {"number": 2}),
        ("receipt 3 of 3.0", {"number": 3})):
        posted(text, there, **slots)
    row = there.disbursement.get("3.0")
    assert (row.reported, row.feedbacks, row.receipts[0].total) == (4, 1, 7)
    posted("feedback i 4 payments=3.0", there)
    assert (there.disbursement.get("3.0").reported, there.disbursement.get("3.0").feedbacks) == (7, 2)


def test_feedback_about_a_period_is_kept_in_few_steps():
    books = posted("feedback i 4 activity=books from_day=2026-01-01 to_day=2027-01-01", number=3)
    assert dict(books.told.items()) == {"books/2026": Told(5, 3), "books/2027-01-01": Told(5, 3)}
    assert check("feedback i 4 activity=school from_day=2026-01-01 to_day=2026-01-01") == ["reference"]
    assert dict(posted("feedback i 4 payments=3.0", small_books(disbursement={"3.0": paid()})).told.items()) == {}


def test_an_allocation_is_reversed_once_and_whole():
    row = Allocation("hope", "school", "books", "CNY", 4, 10)
    for tape, rules in (
        (Tape(20, 10), []), (Tape(20, 11), ["overdraft"]), (Tape(20, 0, (13, 14)), ["overdraft"]), (Tape(20, 0, (14, 15)), []),
        (Tape(14), []), (Tape(13), ["overdraft"]),
    ):  # fmt: skip
        assert check("reversal of 3.0", small_books(tape={"books/CNY": tape}, allocation={"3.0": row})) == rules, tape
    void = {"3.0": VoidRow("hope", 4, 0, "Wrong", DAY)}
    assert check("reversal of 3.0", small_books(tape={"books/CNY": Tape(20)}, allocation={"3.0": row}, void=void)) == ["reference"]
    assert check("reversal of 3.0", small_books(allocation={"3.0": row})) == ["overdraft"]
    back = ["- books/CNY 10..14", "+ school/CNY 0..4"]
    books = posted("reversal of 3.0", small_books(allocation={"3.0": row}, came={"school/CNY": Sum(20)}), back)
    assert books.allocation.get("3.0") == row._replace(returned=4) and books.came.get("school/CNY") == Sum(20)
    across = small_books(allocation={"3.0": row._replace(source="general")}, came={"school/CNY": Sum(20)})
    assert posted("reversal of 3.0", across, ["- books/CNY 10..14", "+ general/CNY 0..4"]).came.get("school/CNY") == Sum(16)
    assert dict(posted("reversal of 3.0").allocation.items()) == {}


def test_a_statistic_has_the_total_of_its_days():
    rows = {"school/CNY/2026-09-01": Given(5, 10), "school/CNY/2026-09-02": Given(7, 11), "school/USD/2026-09-02": Given(9, 9)}
    for days, cells, rules in (
        ("from_day=2026-09-01 to_day=2026-09-02", "2026-09:12:21", []),
        ("from_day=2026-09-01 to_day=2026-09-01", "2026-09:5:10", []),
        ("from_day=2026-09-02 to_day=2026-09-03", "2026-09:7:11", []),
        ("from_day=2026-09-01 to_day=2026-09-02", "2026-08:5:10+2026-09:7:11", ["statistics-total"]),
        ("from_day=2026-09-01 to_day=2026-09-02", "2026-09:12:20", ["statistics-total"]),
        ("from_day=2026-09-01 to_day=2026-09-02", "2026-09:11:21", ["statistics-total"]),
    ):  # fmt: skip
        assert check(f"statistics school CNY {days} cells={cells}", small_books(given=rows)) == rules, (days, cells)
    assert check("statistics nowhere CNY from_day=2026-09-01 to_day=2026-09-01 cells=2026-09:5:10") == ["reference"]


def test_a_unit_and_the_rules():
    assert posted("unit EUR 2", who="op").unit.get("EUR") == UnitRow(2, 5)
    assert posted("rules", who="op").head.get("") == Head(SIZE, TIME, "givetrail/1")
    other = small_books(head={"": Head(SIZE, TIME, "givetrail/0")})
    assert posted("rules", other, who="op").head.get("") == Head(SIZE, TIME, "givetrail/1")
    assert posted("rules", Books(), who="op").head.get("") is None


def test_the_key_of_a_label():
    said = f"reference-key label=l check_value={A} destroy_on=2036-12-31"
    row = ReferenceKeyRow(A, "2036-12-31", "", 3)
    assert posted(said).reference_key.get("hope/l") == row._replace(since=5)
    there = small_books(reference_key={"hope/l": row})
    assert posted(said, there).reference_key.get("hope/l") == row
    for text, rules in ((said, []), (f"{said} of=X", ["reference"]), (said.replace(A, B), ["reference"]),
        (said.replace("=l", "=m"), [])):
        assert check(text, there) == rules
    assert posted(f"{said} of=X").reference_key.get("hope/l").of == "X"


def test_what_a_succession_demands():
    origin = "ledger.example.org"
    right = f"succession {origin}:5:{HEX} log_key=" + key_text("new.log")
    ended = {"old.example": Ended(2, HEX, key_text("old.log"))}
    there = {"ledger": {"": LedgerRow(origin, "N", "op", key_text("the.log"), 0)}, "ended": ended,
        "key": {key_text("op.key"): key_row("op", "a")}}
    for text, slots, rules in (
        (right, {}, []), (right.replace(origin, "b.example"), {}, ["ledger"]), (right.replace(":5:", ":4:"), {}, ["ledger"]),
        (right.replace(":5:", ":6:"), {}, ["ledger"]), (right, {"ledger": origin}, ["ledger"]),
        (right, {"ledger": "old.example"}, ["ledger"]),
        (right.replace(key_text("new.log"), key_text("the.log")), {}, ["ledger"]),
        (right.replace(key_text("new.log"), key_text("old.log")), {}, ["ledger"]),
        (right.replace(key_text("new.log"), key_text("op.key")), {}, ["ledger"]), (right, {"number": 1}, ["reference"]),
        (right, {"runs": (0, 0)}, ["reference"]),
    ):  # fmt: skip
        assert check(text, small_books(**there), "op", **{"ledger": "next.example", **slots}) == rules, (text, slots)
    assert check(right, Books(), "op") == ["reference"]
    books = posted(right, small_books(**there), who="op", ledger="next.example")
    assert books.ended.get(origin) == Ended(5, HEX, key_text("the.log"))
    assert books.ledger.get("") == LedgerRow("next.example", "N", "op", key_text("new.log"), 0)
    assert dict(posted(right, Books(), who="op").ended.items()) == {}
