"""Single hops against the definition, unit by unit; and very many hops one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.books.gift import follow_gift
from ledger.books.trace import backward, forward
from ledger.bundle.trace_bundle import make_bundle
from ledger.bundle.verification import verify_bundle
from ledger.entries.store_flows import Trail
from ledger.log.tile import CHECKPOINT
from tests.language import Ledger
from tests.trace.reading import Plain
from tests.trace.telling import FOUNDING, PLACE
from tests.writer.on_disk import TRUST, OnDisk

TODAY = "2027-01-01"


def exchanged(amount: int, to_amount: int, cuts: list[int]) -> tuple[Plain, list[int]]:
    """Gifts, one between each two cuts, that are exchanged together; then every second unit of what came of it is paid out."""
    ledger = Ledger().play(FOUNDING)
    ledger.play(PLACE)
    edges = sorted({0, amount, *(cut for cut in cuts if cut < amount)})
    for low, high in zip(edges, edges[1:], strict=False):
        ledger.play(f"hope: donation {high - low} JPY -> school")
    ledger.play(f"hope: exchange {amount} JPY school to_amount={to_amount} to_unit=CNY rate={to_amount}/{amount}")
    for unit in range(0, to_amount, 2):
        ledger.play(f"hope: payment 1 CNY school -> shop units={unit}..{unit + 1}")
    return Plain(ledger.books, ledger.leaves), edges


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.lists(st.integers(1, 40), max_size=3))
def test_an_unequal_exchange_maps_each_unit_as_defined(amount: int, to_amount: int, cuts: list[int]):
    """Unit u of a out becomes unit ⌊u·b/a⌋ of b in; every second one of those was paid."""
    flows, edges = exchanged(amount, to_amount, cuts)
    for low, high in zip(edges, edges[1:], strict=False):
        pieces = forward(flows, "school/JPY", low, high)
        assert [piece.start for piece in pieces] == [low, *(piece.end for piece in pieces[:-1])] and pieces[-1].end == high
        for piece in pieces:
            for unit in range(piece.start, piece.end):
                image = unit * to_amount // amount
                assert piece.at_start <= image < piece.at_end
                assert piece.state == ("paid" if image % 2 == 0 else "held")


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.lists(st.integers(1, 40), max_size=3))
def test_the_way_back_through_an_unequal_exchange_is_as_defined(amount: int, to_amount: int, cuts: list[int]):
    """Seen from one unit: where fewer came in, the units that became it; where more, the one that stands behind it."""
    flows, edges = exchanged(amount, to_amount, cuts)
    for unit in range(to_amount):
        origins = backward(flows, "school/CNY", unit, unit + 1)
        found = sorted(at for origin in origins for at in range(origin.at_start, origin.at_end))
        if to_amount <= amount:
            assert found == [u for u in range(amount) if u * to_amount // amount == unit]
        else:
            assert found == [u for u in range(amount) if u * to_amount // amount <= unit < (u + 1) * to_amount // amount]


HOPS = 2000
ROUND = "allocation 10.00 CNY general -> petty; allocation 10.00 CNY petty -> general"


@pytest.fixture
def chain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OnDisk]:
    """One gift that goes back and forth between two funds 2,000 times, and at last is paid."""
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    ledger = OnDisk(tmp_path / "ledger")
    ledger.play(PLACE)
    ledger.play("hope: fund petty unrestricted general")
    ledger.play("hope: donation 10.00 CNY -> general as gift")
    for _ in range(HOPS // 200):
        ledger.play("hope: " + "; ".join([ROUND] * 100))
    ledger.play("hope: payment 7.00 CNY general -> shop")
    yield ledger
    ledger.close()


def test_a_chain_of_two_thousand_hops_is_followed_to_its_end(chain: OnDisk):
    """Longer than Python's stack, so nothing can recurse."""
    trail = Trail(chain.sequencer.store, chain.books)
    trace = follow_gift(trail, chain.labels["gift"], TODAY)
    assert trace.totals() == {"held": 300, "paid": 700}
    paid, held = trace.pieces
    assert (len(paid.path), len(held.path)) == (HOPS + 1, HOPS)
    assert paid.path == tuple(sorted(paid.path, key=lambda ref: [*map(int, ref.split("."))]))
    origins = backward(trail, paid.tape, paid.at_start, paid.at_end)
    assert [(o.ref, o.at_start, o.at_end, len(o.path)) for o in origins] == [(chain.labels["gift"], 0, 700, HOPS)]


def test_a_bundle_of_two_thousand_hops_verifies(chain: OnDisk):
    trail = Trail(chain.sequencer.store, chain.books)
    report = verify_bundle(make_bundle(trail, chain.labels["gift"], (chain.directory / CHECKPOINT).read_bytes()), TRUST)
    assert (report.verdict, report.findings) == ("verified", ())
    assert report.trace and report.trace.totals() == {"held": 300, "paid": 700}


def test_a_chain_of_unequal_hops_is_followed_to_its_end():
    """Exchanged up and down 300 times; at each turn every unit has one place."""
    ledger = Ledger().play(FOUNDING)
    ledger.play(PLACE)
    ledger.play("hope: donation 20.00 CNY -> general as gift")
    for _ in range(150):
        ledger.play("hope: exchange 2000 CNY general to_amount=3000 to_unit=JPY rate=3/2")
        ledger.play("hope: exchange 3000 JPY general to_amount=2000 to_unit=CNY rate=2/3")
    trace = follow_gift(Plain(ledger.books, ledger.leaves), ledger.labels["gift"], TODAY)
    assert trace.totals() == {"held": 2000}
    assert [piece.start for piece in trace.pieces] == [0, *(piece.end for piece in trace.pieces[:-1])]


def crushed(rounds: int) -> tuple[Plain, int]:
    """Sixty pieces of a fund become one unit, which becomes a fund again, and so on: sixty to the power of the rounds, if one
    followed each piece by itself. Where the last round begins."""
    ledger = Ledger().play(FOUNDING)
    ledger.play(PLACE)
    ledger.play("hope: donation 6400 JPY -> general")
    start, unit = 0, 0
    for _ in range(rounds):
        pieces = ",".join(f"{start + 100 * n}..{start + 100 * n + 50}" for n in range(60))
        ledger.play(f"hope: exchange 3000 JPY general to_amount=1 to_unit=USD rate=1/3000 units={pieces}")
        ledger.play(f"hope: exchange 1 USD general to_amount=6400 to_unit=JPY rate=6400/1 units={unit}..{unit + 1}")
        start, unit = start + 6400, unit + 1
    return Plain(ledger.books, ledger.leaves), start


def test_pieces_that_are_crushed_together_again_and_again_are_followed_in_no_time():
    flows, _ = crushed(8)
    pieces = forward(flows, "general/JPY", 0, 6400)
    assert [piece.start for piece in pieces] == [0, *(piece.end for piece in pieces[:-1])]
    assert len(pieces) < 500


def test_a_gift_within_two_ranges_that_were_reached_is_named_once():
    """Sixty gifts become two cents, these six yen, and of those three become one cent: the first by way of one old cent, the
    others by way of both. The gifts behind the first cent are reached twice."""
    ledger = Ledger().play(FOUNDING)
    ledger.play(PLACE)
    for _ in range(60):
        ledger.play("hope: donation 10 JPY -> general")
    ledger.play("""
        hope: exchange 600 JPY general to_amount=2 to_unit=USD rate=1/300
        hope: exchange 2 USD general to_amount=6 to_unit=JPY rate=3/1
        hope: exchange 3 JPY general to_amount=1 to_unit=USD rate=1/3 units=600..601,602..604
    """)
    origins = backward(Plain(ledger.books, ledger.leaves), "general/USD", 2, 3)
    assert [(o.start, o.end, o.at_start, o.at_end) for o in origins] == [(2, 3, 10 * n, 10 * n + 10) for n in range(60)]


@pytest.mark.parametrize("rounds", [1, 2, 8])
def test_the_way_back_through_what_was_crushed_together_names_each_origin_once(rounds: int):
    flows, start = crushed(rounds)
    origins = backward(flows, "general/JPY", start, start + 6400)
    whole = (start, start + 6400)
    assert [(o.start, o.end, o.at_start, o.at_end) for o in origins] == [(*whole, 100 * n, 100 * n + 50) for n in range(60)]
    assert {len(o.path) for o in origins} == {2 * rounds} and len({o.ref for o in origins}) == 1
