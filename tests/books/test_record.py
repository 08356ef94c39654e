"""What every kind has: its runs, its flows, how units out map to units in, and what its fields name."""

from __future__ import annotations

from typing import Any

from ledger.books.days import not_after_today
from ledger.books.flows import Hop, by_tape, ins, outs, size
from ledger.books.naming import activity_of, disbursement_of, fund_of, named_by, party_of, tape_of, unit_of, ways
from ledger.books.record import Record, runs_of
from ledger.books.rows import Activity, Allocation, UnitRow
from ledger.books.state import Books
from ledger.books.statement_context import ALONE, Run
from ledger.books.term import terms
from tests.books.by_hand import DAY, act_of, faults_of, fund, paid, party, record, rule_of, small_books
from tests.language import flows_of


def gift(amount: int, **more: str) -> Record:
    return record(" ".join([f"donation {amount} CNY school", *(f"{name}={value}" for name, value in more.items())]))


def test_records_that_are_alike_are_one_run():
    one, two, three, other, fee, progress = (
        gift(1), gift(2), gift(3), gift(4, received_on="2026-09-06"), gift(9, fee="1", fee_to="till"), record("progress books"),
    )  # fmt: skip
    assert runs_of([]) == ()
    assert runs_of([one]) == (Run(one, (1,)),)
    assert runs_of([one, two]) == (Run(one, (1, 2)),)
    assert runs_of([one, two, three, other]) == (Run(one, (1, 2, 3)), Run(other, (4,)))
    assert runs_of([other, one, two]) == (Run(other, (4,)), Run(one, (1, 2)))
    assert runs_of([one, progress, two, three]) == (Run(one, (1,)), Run(progress, ALONE), Run(two, (2, 3)))
    assert runs_of([fee, fee, progress, progress]) == tuple(Run(each, ALONE) for each in (fee, fee, progress, progress))


def test_what_is_alike_but_for_its_kind_is_no_run():
    """An income has the members that a gift's likeness is made of, but for the fee."""
    one, income = gift(1), record("income 1 CNY school")
    assert len(runs_of([one, income])) == 2 and len(runs_of([income, one])) == 2


def test_a_kind_stands_alone_if_it_says_nothing_else():
    assert record("progress books").stands_alone() is True
    assert gift(9, fee="1", fee_to="till").stands_alone() is True and gift(9).stands_alone() is False


ROWS = flows_of(["- a/CNY 3..5", "- b/CNY 7..8", "- a/CNY 9..12", "+ c/box 0..4", "+ d/box 6..7"])


def test_flows_of_a_record():
    assert outs(ROWS) == [("a/CNY", (3, 5)), ("b/CNY", (7, 8)), ("a/CNY", (9, 12))]
    assert ins(ROWS) == [("c/box", (0, 4)), ("d/box", (6, 7))]
    assert by_tape(outs(ROWS)) == [("a/CNY", ((3, 5), (9, 12))), ("b/CNY", ((7, 8),))]
    assert (size([]), size([(3, 5), (9, 12)])) == (0, 5)


def test_everything_out_becomes_everything_in():
    one = record("progress books")
    assert one.hops(ROWS[3:]) == one.hops([]) == ()
    assert one.hops([*ROWS[:2], *ROWS[3:]]) == (Hop("a/CNY", ((3, 5), (7, 8)), "c/box", (0, 4)),), "of several the first"
    assert one.hops(ROWS[:3]) == (Hop("a/CNY", ((3, 5), (9, 12))), Hop("b/CNY", ((7, 8),)))
    assert one.hops(flows_of(["- a/CNY 3..5", "- a/CNY 9..12", "+ c/box 4..6"])) == (
        Hop("a/CNY", ((3, 5), (9, 12)), "c/box", (4, 6)),
    )


def test_what_is_not_there_or_was_not_seen():
    """Bound to entry 3 a statement does not know what entry 4 brought; bound to entry 4 it does."""
    for call in (
        lambda books, context: fund_of(books, context, "late"), lambda books, context: party_of(books, context, "late", "payee"),
        lambda books, context: unit_of(books, context, "late"), lambda books, context: tape_of(books, context, "late", "CNY"),
        lambda books, context: tape_of(books, context, "general", "late"),
        lambda books, context: activity_of(books, context, "late"),
        lambda books, context: disbursement_of(books, context, "4.0", "of"),
    ):  # fmt: skip
        there = small_books(
            fund={"late": fund(since=4, kind="activity")}, party={"late": party(since=4)}, unit={"late": UnitRow(0, 4)},
            activity={"late": Activity("school", "hope", ())}, disbursement={"4.0": paid()},
        )  # fmt: skip
        assert rule_of(call, small_books(), act_of()) == "reference"
        assert rule_of(call, there, act_of(after=3)) == "after"
        assert rule_of(call, there, act_of(after=4)) == ""


def test_what_is_found_is_given():
    books, context = small_books(disbursement={"3.0": paid()}), act_of()
    assert fund_of(books, context, "school") == books.fund.get("school")
    assert party_of(books, context, "shop", "payee") == books.party.get("shop")
    assert activity_of(books, context, "books") == books.activity.get("books")
    assert disbursement_of(books, context, "3.0", "of") == paid()
    assert tape_of(books, context, "school", "CNY") == tape_of(books, context, "school", "CNY") == "school/CNY"
    assert context.tapes == {("school", "CNY"): "school/CNY"}
    assert rule_of(activity_of, books, context, "school") == "reference"


def test_a_day_that_has_come():
    for day, rules in (("2026-09-06", []), (DAY, []), ("2026-09-08", ["day"])):
        assert faults_of(Books(), not_after_today.__wrapped__, act_of(), ("paid_on",), day) == rules


def test_what_a_record_names():
    for text, names in (
        ("progress books", [("activity", "books")]),
        ("allocation 1 CNY school books", [("fund", "school"), ("fund", "books"), ("unit", "CNY")]),
        ("donation 1 CNY school", [("fund", "school"), ("unit", "CNY")]),
        ("donation 9 CNY school fee=1 fee_to=till", [("fund", "school"), ("unit", "CNY"), ("party", "till")]),
        ("payment 5 CNY books shop goods=3:box:store:4+1:mask:desk:1",
         [("fund", "books"), ("unit", "CNY"), ("party", "shop"), ("fund", "store"), ("unit", "box"), ("fund", "desk"),
          ("unit", "mask")]),
        ("feedback readers 4 payments=6.0,@0", [("disbursement", "6.0"), ("disbursement", "@0")]),
        ("refund 3.0 school CNY reason=legal cover=general:0..1",
         [("record", "3.0"), ("fund", "school"), ("unit", "CNY"), ("fund", "general")]),
        ("activity maps school implementers=shop,river", [("fund", "maps"), ("fund", "school"), ("party", "shop"),
         ("party", "river")]),
        ("unit EUR 2", [("unit", "EUR")]),
        ("recovery river a", [("party", "river")]),
    ):  # fmt: skip
        assert sorted((way.what, name) for way, name in named_by(record(text))) == sorted(names)


def test_the_ways_to_the_names_of_a_kind():
    assert sorted(way[:2] for way in ways(type(record("refund 3.0 school CNY reason=legal cover=general:0..1")))) == [
        ("fund", ("cover", "fund")), ("fund", ("fee_from",)), ("fund", ("fund",)), ("record", ("gift",)), ("unit", ("unit",)),
    ]  # fmt: skip
    assert [way.is_new for way in ways(type(record("activity maps school implementers=shop")))] == [True, False, False]
    assert sorted(way[:2] for way in ways(type(gift(1)))) == [
        ("fund", ("fund",)), ("party", ("donor",)), ("party", ("fee_to",)), ("party", ("via",)), ("record", ("replaces",)),
        ("unit", ("unit",)),
    ]  # fmt: skip


def terms_of(text: str, **tables: Any) -> list[str]:
    return terms(small_books(**tables), record(text), "hope", 7)


def test_the_terms_of_a_record():
    assert terms_of("progress books") == ["activity:books", "fund:books", "kind:progress", "party:hope", "project:school"]
    assert terms_of("donation 1 CNY general") == ["fund:general", "kind:donation", "party:hope"]
    assert terms_of("donation 1 CNY nowhere") == ["fund:nowhere", "kind:donation", "party:hope"]
    assert terms_of("payment 1 CNY general shop") == ["fund:general", "kind:payment", "party:hope", "party:shop"]
    assert terms_of("unit EUR 2") == ["kind:unit", "party:hope"]


def test_the_terms_of_what_is_about_another_record():
    assert terms_of("receipt 1 of 6.0", disbursement={"6.0": paid(fund="general")}) == [
        "about:6.0", "fund:general", "kind:receipt", "party:hope",
    ]  # fmt: skip
    assert terms_of("receipt 1 of @12", disbursement={"7.12": paid()}) == [
        "about:7.12", "fund:books", "kind:receipt", "party:hope", "project:school",
    ]  # fmt: skip
    assert terms_of("reversal of 6.0", allocation={"6.0": Allocation("hope", "general", "aid", "CNY", 1, 0)}) == [
        "about:6.0", "fund:aid", "fund:general", "kind:reversal", "party:hope",
    ]  # fmt: skip
    assert terms_of("reversal of 6.0") == ["about:6.0", "kind:reversal", "party:hope"]
