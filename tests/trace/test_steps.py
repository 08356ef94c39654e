"""Traces through a few records made by hand, unit by unit: every hop, its edges, its path, and the way back."""

from __future__ import annotations

import pytest

from ledger.books.flows import Hop
from ledger.books.rows import Brought
from ledger.books.trace import Origin, Passage, Piece, backward, forward, walk_back
from tests.books.by_hand import paid, small_books
from tests.trace.reading import Few

RECORDS = {
    "3.0": ("donation 10 CNY school", ["+ school/CNY 0..10"]),
    "3.1": ("donation 5 CNY school", ["+ school/CNY 10..15"]),
    "4.0": ("allocation 8 CNY school books", ["- school/CNY 1..5", "- school/CNY 8..12", "+ books/CNY 20..28"]),
    "5.0": ("payment 5 CNY books shop", ["- books/CNY 20..25"]),
    "6.0": ("payment-return 2 of 5.0", ["+ books/CNY 28..30"]),
    "7.0": ("exchange 3 CNY books 7 USD rate=7/3", ["- books/CNY 25..28", "+ books/USD 0..7"]),
    "8.0": ("payment 2 USD books shop", ["- books/USD 3..5"]),
}


@pytest.fixture
def flows() -> Few:
    """Two gifts, of which parts are allocated, paid out, brought back in part, and exchanged; three units become seven."""
    rows = {"5.0": paid(5, returned=2, returns=1), "8.0": paid(2)}
    return Few(small_books(disbursement=rows, back={"5.0/0": Brought(6, 0, 3, 5, "books/CNY", 28)}), RECORDS)


PIECES = [
    Piece(0, 1, "held", "school/CNY", 0, 1, ()), Piece(1, 4, "paid", "books/CNY", 20, 23, ("4.0", "5.0")),
    Piece(4, 5, "allocated", "books/CNY", 28, 29, ("4.0", "5.0", "6.0")), Piece(5, 8, "held", "school/CNY", 5, 8, ()),
    Piece(8, 9, "allocated", "books/CNY", 29, 30, ("4.0", "5.0", "6.0")), Piece(9, 11, "allocated", "books/USD", 0, 3,
        ("4.0", "7.0")),
    Piece(11, 12, "paid", "books/USD", 3, 5, ("4.0", "7.0", "8.0")), Piece(12, 15, "held", "school/CNY", 12, 15, ()),
]  # fmt: skip


def test_what_became_of_every_unit(flows: Few):
    assert forward(flows, "school/CNY", 0, 15) == PIECES


def test_what_became_of_every_range(flows: Few):
    """Cut anywhere, the units have the same states and ways."""
    for start in range(15):
        for end in range(start + 1, 16):
            found = forward(flows, "school/CNY", start, end)
            assert [found[0].start, *(piece.end for piece in found)] == [*(piece.start for piece in found), end]
            for piece in found:
                (whole,) = [one for one in PIECES if one.start <= piece.start and piece.end <= one.end]
                assert (piece.state, piece.tape, piece.path) == (whole.state, whole.tape, whole.path)
                if whole.tape != "books/USD":
                    assert piece.at_start - piece.start == whole.at_start - whole.start
                    assert piece.at_end - piece.at_start == piece.end - piece.start


def test_a_trace_begins_anywhere(flows: Few):
    assert forward(flows, "books/CNY", 22, 29) == [
        Piece(22, 23, "paid", "books/CNY", 22, 23, ("5.0",)), Piece(23, 25, "allocated", "books/CNY", 28, 30, ("5.0", "6.0")),
        Piece(25, 27, "allocated", "books/USD", 0, 3, ("7.0",)), Piece(27, 28, "paid", "books/USD", 3, 5, ("7.0", "8.0")),
        Piece(28, 29, "allocated", "books/CNY", 28, 29, ()),
    ]  # fmt: skip
    assert forward(flows, "general/CNY", 3, 5) == [Piece(3, 5, "held", "general/CNY", 3, 5, ())]


def test_states_that_a_hop_or_a_record_names():
    """A refund names them itself; a write-off is what a record says that says nothing else; a receipt has its level."""
    flows = Few(small_books(), {
        "4.0": ("refund 3.0 school CNY reason=legal units=2..4 cover=general:0..3",
                ["- school/CNY 2..4", "- general/CNY 5..8"]),
        "5.0": ("write-off 2 CNY school", ["- school/CNY 4..6"]),
        "6.0": ("delivery 1 box books shop", ["- books/box 0..1"]),
    })  # fmt: skip
    assert forward(flows, "school/CNY", 3, 5) == [
        Piece(3, 4, "refunded", "school/CNY", 3, 4, ("4.0",)), Piece(4, 5, "written-off", "school/CNY", 4, 5, ("5.0",)),
    ]  # fmt: skip
    assert forward(flows, "general/CNY", 5, 7) == [Piece(5, 7, "written-off", "general/CNY", 5, 7, ("4.0",))]
    assert forward(flows, "books/box", 0, 1) == [Piece(0, 1, "paid", "books/box", 0, 1, ("6.0",))]


def test_each_thing_bought_is_followed_from_its_own_money():
    bought = "payment 5 CNY books shop goods=2:box:books:3+9:mask:school:2"
    rows = ["- books/CNY 1..3", "- books/CNY 5..6", "- books/CNY 6..8", "+ books/box 4..6", "+ school/mask 0..9"]
    flows = Few(small_books(), {"4.0": (bought, rows)})
    assert forward(flows, "books/CNY", 0, 9) == [
        Piece(0, 1, "allocated", "books/CNY", 0, 1, ()), Piece(1, 3, "allocated", "books/box", 4, 6, ("4.0",))._replace(at_end=5),
        Piece(3, 5, "allocated", "books/CNY", 3, 5, ()), Piece(5, 6, "allocated", "books/box", 5, 6, ("4.0",)),
        Piece(6, 8, "held", "school/mask", 0, 5, ("4.0",)), Piece(8, 9, "allocated", "books/CNY", 8, 9, ()),
    ]  # fmt: skip
    assert [(one.start, one.end, one.ref) for one in backward(flows, "books/box", 4, 6)] == []


def test_an_index_that_names_a_flow_of_no_record(flows: Few):
    class Wrong(Few):
        def outflows(self, tape: str, start: int, end: int) -> list[Passage]:
            return [Passage(0, 1, 4, 0)] if tape == "school/CNY" else []

    with pytest.raises(AssertionError, match="the index names a flow that its record does not have"):
        forward(Wrong(flows.books, RECORDS), "school/CNY", 0, 1)


def test_where_every_unit_came_from(flows: Few):
    """The path begins where the trace does."""
    assert backward(flows, "school/CNY", 8, 12) == [
        Origin(8, 10, "3.0", "school/CNY", 8, 10, ()), Origin(10, 12, "3.1", "school/CNY", 10, 12, ()),
    ]  # fmt: skip
    assert backward(flows, "books/CNY", 20, 30) == [
        Origin(20, 24, "3.0", "school/CNY", 1, 5, ("4.0",)), Origin(24, 26, "3.0", "school/CNY", 8, 10, ("4.0",)),
        Origin(26, 28, "3.1", "school/CNY", 10, 12, ("4.0",)), Origin(28, 29, "3.0", "school/CNY", 4, 5, ("6.0", "4.0")),
        Origin(29, 30, "3.0", "school/CNY", 8, 9, ("6.0", "4.0")),
    ]  # fmt: skip


def test_where_every_range_came_from(flows: Few):
    source = [1, 2, 3, 4, 8, 9, 10, 11, 4, 8]
    for start in range(20, 30):
        for end in range(start + 1, 31):
            found = [unit for one in backward(flows, "books/CNY", start, end) for unit in range(one.at_start, one.at_end)]
            assert found == source[start - 20 : end - 20]


def test_where_exchanged_units_came_from(flows: Few):
    """Units 25, 26 and 27 became 0, 2 and 4; each stands behind those in from its own on."""
    for unit, stands in enumerate([9, 9, 10, 10, 11, 11, 11]):
        (one,) = backward(flows, "books/USD", unit, unit + 1)
        assert (one.start, one.end, one.at_start, one.at_end, one.path) == (unit, unit + 1, stands, stands + 1, ("7.0", "4.0"))
        assert one.ref == ("3.0" if stands < 10 else "3.1")
    whole = backward(flows, "books/USD", 0, 7)
    assert [(one.start, one.end, one.ref, one.at_start, one.at_end, one.shared) for one in whole] == [
        (0, 2, "3.0", 9, 10, True), (2, 7, "3.1", 10, 12, True),
    ]  # fmt: skip


def test_a_walk_says_what_is_unit_for_unit(flows: Few):
    assert [(one.ref, exact) for one, exact in walk_back(flows, "books/CNY", 24, 28)] == [("3.0", True), ("3.1", True)]
    assert {exact for _, exact in walk_back(flows, "books/USD", 0, 7)} == {False}
    assert [exact for _, exact in walk_back(flows, "school/CNY", 0, 5)] == [True]


def test_what_was_crushed_and_spread_is_told_once():
    """Four units became one, and that four again: each of these has the same four behind it."""
    flows = Few(small_books(), {
        "3.0": ("donation 3 CNY general", ["+ general/CNY 0..3"]), "3.1": ("donation 1 CNY general", ["+ general/CNY 3..4"]),
        "4.0": ("exchange 4 CNY general 1 USD rate=1/4", ["- general/CNY 0..4", "+ general/USD 0..1"]),
        "5.0": ("exchange 1 USD general 4 CNY rate=4/1", ["- general/USD 0..1", "+ general/CNY 4..8"]),
        "6.0": ("allocation 4 CNY general aid", [f"- general/CNY {n}..{n + 1}" for n in (7, 6, 5, 4)] + ["+ aid/CNY 0..4"]),
    })  # fmt: skip
    for unit in range(4):
        assert [(one.ref, one.start, one.end) for one in backward(flows, "general/CNY", 4 + unit, 5 + unit)] == [
            ("3.0", 4 + unit, 5 + unit), ("3.1", 4 + unit, 5 + unit),
        ]  # fmt: skip
    found = backward(flows, "general/CNY", 4, 8)
    assert len({one._replace(path=()) for one in found}) == len(found) == 2
    apart = backward(flows, "aid/CNY", 0, 4)
    assert len({one._replace(path=()) for one in apart}) == len(apart)
    assert {(unit, one.ref) for one in apart for unit in range(one.start, one.end)} == {(n,
        ref) for n in range(4) for ref in ("3.0", "3.1")}


def test_a_walk_through_what_was_crushed_again_and_again_is_no_longer_than_the_way():
    """Two units became one, and that two again, in another order, twelve times: a way that tells nothing new is not gone on."""
    records = {"1.0": ("donation 2 CNY general", ["+ f0/CNY 0..2"])}
    for n in range(12):
        records[f"{n + 2}.0"] = ("exchange 2 CNY general 1 USD rate=1/2", [f"- f{n}/CNY 0..2", f"+ f{n}/USD 0..1"])
        records[f"{n + 2}.1"] = ("exchange 1 USD general 2 CNY rate=2/1", [f"- f{n}/USD 0..1", f"+ g{n}/CNY 0..2"])
        records[f"{n + 2}.2"] = ("allocation 2 CNY general aid", [f"- g{n}/CNY 1..2", f"- g{n}/CNY 0..1", f"+ f{n + 1}/CNY 0..2"])

    class Counted(Few):
        asked = 0

        def inflows(self, tape: str, start: int, end: int) -> list[Passage]:
            self.asked += 1
            return super().inflows(tape, start, end)

    flows = Counted(small_books(), records)
    found = backward(flows, "f12/CNY", 0, 2)
    assert {(one.start, one.end, one.at_start, one.at_end) for one in found} == {(0, 1, 0, 2), (1, 2, 0, 2)}
    assert flows.asked < 12 * 8


def test_a_hop_by_itself():
    assert Hop("a/CNY", ((0, 1),)) == ("a/CNY", ((0, 1),), "", (0, 0), "")
    assert Passage(0, 1, 4, 2).ref == "4.2"
