"""Each kind by itself: what its form lets pass, what it checks and claims, and what it moves."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.books.flows import Target
from ledger.books.rows import Allocation, UnitRow
from ledger.books.rule import SETTLED
from ledger.books.statement_context import Claim, Leg, inflow
from ledger.books.tape import Tape
from ledger.errors import SchemaError
from tests.books.by_hand import TIME, act_of, check, fund, paid, record, rule_of, small_books
from tests.language import flows_of

A, B, REF = "A" * 43, "B" * 42 + "A", "hmac-sha256:2026:" + "A" * 43
HEX = "a" * 64


def well_formed(text: str) -> bool:
    try:
        record(text)
    except SchemaError:
        return False
    return True


def test_what_the_form_of_a_kind_lets_pass():
    """What is right and what is one step beyond, side by side."""
    period = "from_day=2026-09-01 to_day=2026-09-02"
    by_region = "regional-statistics school CNY 9 from_size=0 cells"
    sha = f"source media=text/csv bytes=1 digest={HEX}"
    for right, wrong in (
        ("activity a school starts_on=2026-09-01 ends_on=2026-09-01", "activity a school starts_on=2026-09-02 ends_on=2026-09-01"),
        ("activity a school ends_on=2026-09-01", "activity a school ends_on=2026-09-31"),
        ("exchange 7 CNY school 2 USD rate=2/7", "exchange 7 CNY school 3 USD rate=2/7"),
        ("exchange 8 CNY school 2 USD rate=2/7", "exchange 8 CNY school 1 USD rate=2/7"),
        ("exchange 7 CNY school 7 USD rate=1/1", "exchange 7 CNY school 7 CNY rate=1/1"),
        ("feedback i 4 payments=6.0", "feedback i 4"), (f"feedback i 4 activity=books {period}", "feedback i 4 activity=books"),
        ("feedback i 4 payments=6.0", "feedback i 4 payments=6.0 activity=books"),
        ("feedback i 4 payments=6.0", "feedback i 4 payments=6.0 to_day=2026-09-01"),
        (f"feedback i 4 activity=books {period}", f"feedback i 4 {period}"),
        (f"feedback i 4 activity=books {period}", f"feedback i 4 activity=books payments=6.0 {period}"),
        ("feedback i 4 activity=books from_day=2026-09-02 to_day=2026-09-02",
         "feedback i 4 activity=books from_day=2026-09-03 to_day=2026-09-02"),
        ("payment 5 CNY school shop goods=3:box:school:5", "payment 5 CNY school shop goods=3:box:school:4"),
        ("payment 5 CNY school shop goods=3:box:school:4+1:mask:school:1",
         "payment 5 CNY school shop goods=3:box:school:5+1:mask:school:1"),
        ("payment 5 CNY school shop grant=camp", "payment 5 CNY school shop goods=3:box:school:5 grant=camp"),
        ("party a vendor", "party a vendor entity=organisation"),
        (f"party a vendor entity=person private={A}", "party a vendor entity=person name=N"),
        (f"party a vendor entity=person private={A}", f"party a vendor entity=person private={A} identifier=I"),
        ("party a vendor identifier=I", "party a vendor k,a.k"), ("party a vendor k,l", "party a vendor k,a.k"),
        ("refund 3.0 school CNY reason=legal units=0..1", "refund 3.0 school CNY reason=legal"),
        ("refund 3.0 school CNY reason=legal cover=general:0..1", "refund 3.0 school CNY reason=legal"),
        (f"{sha} rows=6 entered=3 known=2 left_out=1", f"{sha} rows=7 entered=3 known=2 left_out=1"),
        (f"{sha} rows=6 entered=1 known=2 left_out=3", f"{sha} rows=2 entered=1 known=2 left_out=3"),
        (f"statistics school CNY {period} cells=2026-08:1:10+2026-09:1:10",
         f"statistics school CNY {period} cells=2026-09:1:10+2026-08:1:10"),
        (f"statistics school CNY {period} cells=2026-08:1:10", f"statistics school CNY {period} cells=2026-08:1:10+2026-08:1:10"),
        (f"statistics school CNY {period} cells=2026-08:1:1", f"statistics school CNY {period} cells=CN-11:1:1"),
        (f"statistics school CNY {period} by=day cells=2026-08-01:1:1", f"statistics school CNY {period} by=day cells=2026-08:1:1"),
        (f"{by_region}=CN-11:10:50+other:10:50", f"{by_region}=other:10:50+CN-11:10:50"),
        (f"{by_region}=CN-11:10:50+other:10:49", f"{by_region}=CN-11:10:50+other:10:48"),
        (f"{by_region}=CN-11:10:50+other:10:51", f"{by_region}=CN-11:10:50+other:10:52"),
        (f"{by_region}=CN-11:10:50+other:10:50", f"{by_region}=2026-08:10:50+other:10:50"),
    ):  # fmt: skip
        assert (well_formed(right), well_formed(wrong)) == (True, False), (right, wrong)


def test_what_a_kind_checks():
    there = {
        "disbursement": {"3.0": paid(10, returned=3), "3.1": paid(yields="grant"), "3.2": paid(yields="goods"),
         "3.3": paid(kind="delivery")},
        "fund": {"capital": fund(root="capital", restriction="endowment"),
         "desks": fund(root="school", project="school", parent="school"),
                 "camp": fund("river", restriction="restricted")},
        "tape": {"school/CNY": Tape(20, 5)}, "unit": {"USD": UnitRow(2, 0)},
    }  # fmt: skip
    late = "2026-09-08"
    for text, rules in (
        ("acknowledgement f of 4.0", []), ("acknowledgement f of 6.0", ["reference"]), ("acknowledgement f of @0", ["reference"]),
        ("activity a school", []), ("activity a general", ["reference"]), ("activity a nowhere", ["reference"]),
        ("activity a school implementers=shop,river", []), ("activity a school implementers=shop,nobody", ["reference"]),
        ("allocation 3 CNY school books", []), ("allocation 3 CNY books school", ["restriction"]),
        ("allocation 3 CNY nowhere school", ["reference"]), ("allocation 3 CNY school nowhere", ["reference"]),
        ("allocation 3 CNY school books units=0..3", []), ("allocation 3 CNY school books units=0..4", ["reference"]),
        ("allocation 3 CNY school books units=0..2", ["reference"]),
        (f"consent of 4.0 granted digests={A}", []), (f"consent of 6.0 granted digests={A}", ["reference"]),
        (f"consent of 4.0 granted digests={A} decided_on={late}", ["day"]), (f"consent of @0 granted digests={A}", ["reference"]),
        (f"erasure of 4.0 legal digests={A}", []), (f"erasure of 6.0 legal digests={A}", ["reference"]),
        (f"erasure of 4.0 legal digests={A} erased_on={late}", ["day"]),
        ("delivery 3 box books shop", []), ("delivery 3 box nowhere shop", ["reference"]),
        ("delivery 3 box books nobody", ["reference"]),
        (f"delivery 3 box books shop delivered_on={late}", ["day"]), ("delivery 3 box books shop units=0..4", ["reference"]),
        ("delivery 3 box capital shop", ["restriction"]),
        ("donation 3 CNY school", []), (f"donation 3 CNY school received_on={late}", ["day"]),
        ("donation 3 CNY school fee=2 fee_to=till", []), ("donation 3 CNY school fee=3 fee_to=till", ["fee"]),
        ("donation 3 CNY school fee=4 fee_to=till", ["fee"]), ("donation 3 CNY school fee=1 fee_to=hope", ["fee"]),
        ("donation 3 CNY school fee=2 fee_to=river", ["fee"]), ("donation 3 CNY school fee=2 fee_to=nobody", ["reference"]),
        ("exchange 7 CNY school 1 EUR rate=1/7", ["reference"]),
        ("exchange 7 CNY school 1 USD rate=1/7", []), (f"exchange 7 CNY school 1 USD rate=1/7 exchanged_on={late}", ["day"]),
        ("exchange 7 CNY school 1 USD rate=1/7 units=0..7", []), ("exchange 7 CNY school 1 USD rate=1/7 units=0..8", ["reference"]),
        ("feedback i 4 payments=3.0", []), (f"feedback i 4 payments=3.0 reported_on={late}", ["day"]),
        ("income 1 CNY school", []), (f"income 1 CNY school received_on={late}", ["day"]),
        ("progress books", []), (f"progress books done_on={late}", ["day"]),
        ("payment 3 CNY school shop", []), ("payment 3 CNY nowhere shop", ["reference"]),
        ("payment 3 CNY school nobody", ["reference"]),
        (f"payment 3 CNY school shop paid_on={late}", ["day"]), ("payment 3 CNY school shop units=0..2", ["reference"]),
        ("payment 3 CNY capital shop", ["restriction"]), ("payment 3 CNY school river grant=camp", []),
        ("payment 3 CNY school river grant=nowhere", ["reference"]), ("payment 3 CNY school shop grant=camp", ["reference"]),
        ("payment 3 CNY school hope", ["self-payment"]), ("payment 3 CNY school river grant=aid", ["restriction"]),
        ("payment 3 CNY general river grant=aid", []), ("payment 3 CNY school shop goods=1:box:books:3", []),
        ("payment 3 CNY school shop goods=1:box:general:3", ["restriction"]),
        ("payment 3 CNY school shop goods=1:box:nowhere:3", ["reference"]),
        ("payment-return 7 of 3.0", []), ("payment-return 8 of 3.0", ["return-excess"]), ("payment-return 1 of 3.1", []),
        ("payment-return 1 of 3.2", ["reference"]), ("payment-return 1 of 3.3", ["reference"]),
        ("payment-return 1 of 4.0", ["reference"]),
        (f"payment-return 1 of 3.0 returned_on={late}", ["day"]),
        ("receipt 10 of 3.0", []), ("receipt 11 of 3.0", ["receipt-excess"]), (f"receipt 7 of 3.0 received_on={late}", ["day"]),
        ("receipt 1 of 4.0", ["reference"]),
        ("refund 4.0 school CNY reason=legal units=0..9", []), ("refund 4.0 nowhere CNY reason=legal units=0..9", ["reference"]),
        ("refund 6.0 school CNY reason=legal units=0..9", ["reference"]),
        ("refund @0 school CNY reason=legal units=0..9", ["reference"]),
        (f"refund 4.0 school CNY reason=legal units=0..9 refunded_on={late}", ["day"]),
        ("refund 4.0 school CNY reason=legal cover=general:0..5", []),
        ("refund 4.0 school CNY reason=legal cover=general:0..6", ["overdraft"]),
        ("refund 4.0 school CNY reason=legal cover=general:0..2,5..6", ["overdraft"]),
        ("refund 4.0 books CNY reason=legal cover=general:0..1", ["overdraft"]),
        ("refund 4.0 school CNY reason=legal cover=school:0..1", ["restriction"]),
        ("refund 4.0 school CNY reason=legal cover=nowhere:0..1", ["reference"]),
        ("rules rules=givetrail/1", []), ("rules rules=givetrail/2", ["rules"]),
        ("unit EUR 2", []), ("unit CNY 2", ["reference"]), ("unit cny 0", ["reference"]), ("unit BOX 2", ["reference"]),
        ("unit EUR 3", ["exponent"]), ("unit pen 0", []),
        ("write-off 3 box books", []), ("write-off 3 box books units=0..2", ["reference"]),
    ):  # fmt: skip
        assert check(text, small_books(**there)) == rules, text


def test_a_fund_that_the_signer_had_not_seen():
    books = small_books(fund={"late": fund(since=4)})
    for text in (
        "allocation 3 CNY late books", "allocation 3 CNY general late", "delivery 3 box late shop", "payment 3 CNY late shop",
        "payment 3 CNY general shop goods=1:box:late:3", "refund 3.0 late CNY reason=legal units=0..1", "fund new restricted late",
        "refund 3.0 general CNY reason=legal cover=late:0..1", "activity new late",
        "statistics late CNY from_day=2026-09-01 to_day=2026-09-01 cells=2026-09:5:10",
    ):  # fmt: skip
        assert check(text, books, after=3) == ["after"], text


def test_what_a_kind_claims_of_an_earlier_record():
    of_gift = {"claim": "of-gift", "tape": "school/CNY", "units": (), "cover": (), "fee": 0, "paid_by": "", "day": "2026-09-07"}
    for text, number, facts in (
        ("acknowledgement f of 4.7", 7, {"claim": "in-log"}),
        (f"consent of 4.7 granted digests={A}", 7, {"claim": "digests-of", "digests": (A,), "party": "hope"}),
        (f"erasure of 4.7 legal digests={A}", 7, {"claim": "digests-of", "digests": (A,), "party": "hope"}),
        ("reversal of 4.7", 7, {"claim": "can-be-undone", "party": "hope", "gave": {}}),
        ("refund 4.7 school CNY reason=legal units=0..2", 7, {**of_gift, "units": ((0, 2),)}),
        ("refund 4.7 school CNY reason=legal cover=general:0..2", 7, {**of_gift, "cover": ((0, 2),)}),
    ):  # fmt: skip
        context = act_of(number=2)
        record(text).check(small_books(tape={"school/CNY": Tape(9, 9)}), context)
        assert context.claims == [Claim(4, number, 2, facts)], text


def settled(word: str, facts: dict[str, Any], about: str, party: str = "hope", rows: list[str] | None = None) -> str:
    target = Target(record(about), flows_of(rows or []), party, TIME)
    return rule_of(SETTLED[word].judge, facts, target)


def test_how_claims_are_settled():
    gift, secret = "donation 9 CNY school", f"donation 9 CNY school private={A}"
    for digests, about, party_id, rule in (
        ([A], secret, "hope", ""), ([B], secret, "hope", "reference"), ([A, B], secret, "hope", "reference"),
        ([A], secret, "river", "authority"), ([A], gift, "hope", "reference"), ([A], "progress books", "hope", "reference"),
    ):  # fmt: skip
        assert settled("digests-of", {"digests": digests, "party": "hope"}, about, party_id) == rule
    assert settled("in-log", {}, gift) == ""
    gave = {"tape": "school/CNY", "units": [[100, 109]], "amount": 9, "received_on": "2026-09-07", "fee": 0, "fee_to": ""}
    came = ["+ school/CNY 100..109"]
    for about, party_id, said, rule in (
        ("progress books", "hope", {}, ""), ("progress books", "river", {}, "authority"),
        ("progress books", "hope", gave, "reference"), (gift, "hope", gave, ""), (gift, "river", gave, "authority"),
        (gift, "hope", {}, "reference"), (gift, "hope", {**gave, "units": [[100, 108]]}, "reference"),
        ("unit pen 0", "hope", {}, "reference"), ("payment 1 CNY school shop", "river", {}, ""),
    ):  # fmt: skip
        assert settled("can-be-undone", {"party": "hope", "gave": said}, about, party_id, came) == rule, (about, said)
    rows = ["+ school/CNY 100..109", "+ general/CNY 50..52"]
    refund = "of-gift"
    for tape, units, cover, rule in (
        ("school/CNY", [[100, 109]], [], ""), ("school/CNY", [], [[100, 101], [108, 109]], ""), ("general/CNY", [[50, 52]], [], ""),
        ("school/CNY", [[99, 101]], [], "refund-units"), ("school/CNY", [[108, 110]], [], "refund-units"),
        ("school/CNY", [[100, 101]], [[108, 110]], "refund-units"), ("general/CNY", [[100, 101]], [], "refund-units"),
        ("school/CNY", [[50, 52]], [], "refund-units"),
    ):  # fmt: skip
        facts = {"tape": tape, "units": units, "cover": cover, "fee": 0, "day": "2026-09-07"}
        assert settled(refund, facts, gift, rows=rows) == rule, (tape, units, cover)
    nothing = {"tape": "school/CNY", "units": [], "cover": [], "fee": 0}
    for day, rule in (("2026-09-06", ""), ("2026-09-05", "day")):
        assert settled(refund, {**nothing, "day": day}, gift, rows=rows) == rule
    assert settled(refund, nothing, "income 9 CNY school", rows=rows) == "reference"


def test_what_is_claimed_once():
    refund = SETTLED["of-gift"]
    facts = {"units": [[0, 2]], "cover": [[4, 5], [7, 9]], "fee": 0}
    assert list(refund.units(facts)) == list(refund.bars[0].units(facts)) == [(0, 2), (4, 5), (7, 9)]
    assert list(SETTLED["in-log"].units({})) == list(SETTLED["digests-of"].units({})) == []
    again = refund.bars[0].refusal(0, 2)
    assert again.rule == "refund-units" and "units 0 to 2: some of it was already refunded" in str(again)


def legs(text: str, who: str = "hope", **tables: Any) -> list[Leg]:
    return list(record(text, who).legs(small_books(unit={"USD": UnitRow(2, 0), "mask": UnitRow(0, 0)}, **tables), act_of(who)))


def test_what_a_kind_moves():
    row = Allocation("hope", "school", "books", "CNY", 4, 10)
    for text, wanted, tables in (
        ("progress books", [], {}), ("unit EUR 2", [], {}),
        ("donation 9 CNY school", [inflow("school/CNY", 9)], {}),
        ("donation 9 CNY school fee=2 fee_to=till", [inflow("school/CNY", 7)], {}),
        ("income 9 CNY school", [inflow("school/CNY", 9)], {}),
        ("allocation 9 CNY school books", [Leg("school/CNY", 9), inflow("books/CNY", 9)], {}),
        ("allocation 9 CNY general aid units=1..10", [Leg("general/CNY", 9, ((1, 10),)), inflow("aid/CNY", 9)], {}),
        ("delivery 3 box books shop", [Leg("books/box", 3)], {}),
        ("delivery 3 box books shop units=4..7", [Leg("books/box", 3, ((4, 7),))], {}),
        ("write-off 3 CNY books", [Leg("books/CNY", 3)], {}),
        ("write-off 3 CNY books units=4..7", [Leg("books/CNY", 3, ((4, 7),))], {}),
        ("payment 3 CNY books shop", [Leg("books/CNY", 3)], {}),
        ("payment 3 CNY books shop units=4..7", [Leg("books/CNY", 3, ((4, 7),))], {}),
        ("payment 3 CNY books river grant=aid", [Leg("books/CNY", 3)], {}),
        ("receipt 3 of 3.0", [], {"disbursement": {"3.0": paid(yields="grant")}}),
        ("receipt 3 of 3.0 into=aid", [], {}),
        ("receipt 3 of 3.0 into=aid", [inflow("aid/CNY", 3)], {"disbursement": {"3.0": paid(yields="grant")}}),
        ("payment 5 CNY books shop goods=7:box:books:3+9:mask:school:2",
         [Leg("books/CNY", 5), inflow("books/box", 7, 3), inflow("school/mask", 9, 2)], {}),
        ("payment 5 CNY books shop units=1..3,9..12 goods=7:box:books:3+9:mask:school:2",
         [Leg("books/CNY", 5, ((1, 3), (9, 12))), inflow("books/box", 7, 3), inflow("school/mask", 9, 2)], {}),
        ("payment-return 3 of 3.0", [inflow("books/CNY", 3)], {"disbursement": {"3.0": paid()}}),
        ("exchange 7 CNY general 3 USD rate=3/7", [Leg("general/CNY", 7), inflow("general/USD", 3)], {}),
        ("exchange 7 CNY school 3 USD rate=3/7 units=1..8", [Leg("school/CNY", 7, ((1, 8),)), inflow("school/USD", 3)], {}),
        ("refund 3.0 school CNY reason=legal units=1..3,4..5", [Leg("school/CNY", 3, ((1, 3), (4, 5)), state="refunded")], {}),
        ("refund 3.0 school CNY reason=legal cover=general:1..3,4..5", [Leg("general/CNY", 3, state="written-off")], {}),
        ("refund 3.0 school CNY reason=legal units=1..3 cover=general:4..5",
         [Leg("school/CNY", 2, ((1, 3),), state="refunded"), Leg("general/CNY", 1, state="written-off")], {}),
        ("reversal of 3.0", [], {}),
        ("reversal of 3.0", [Leg("books/CNY", 4, ((10, 14),)), inflow("school/CNY", 4)], {"allocation": {"3.0": row}}),
    ):  # fmt: skip
        assert legs(text, **tables) == wanted, text


def test_a_leg_names_the_field_of_a_fund_or_unit_that_is_not_there():
    for text, field in (
        ("donation 9 CNY nowhere", "fund"),
        ("refund 3.0 school CNY reason=legal cover=general:1..3 fee=1 fee_from=nowhere", "fee_from"),
        ("refund 3.0 school CNY reason=legal cover=nowhere:1..3", "cover.fund"),
        ("payment 3 CNY books shop units=1..4 goods=7:box:nowhere:3", "goods.fund"), ("donation 9 EUR school", "unit"),
    ):  # fmt: skip
        with pytest.raises(Exception, match=rf"^{field} '(nowhere|EUR)': there is no such"):
            legs(text)
