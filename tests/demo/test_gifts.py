"""The shape of what is given, against the published figures it is drawn from."""

from __future__ import annotations

from collections import Counter

import pytest

from ledger.demo.chance import Chance, Lot
from ledger.demo.clock import StoryClock
from ledger.demo.festival import merged
from ledger.demo.gifts import MINUTES, drawn, minutes


def test_chance_repeats_and_is_even():
    numbers = [Chance("seed").below(10) for _ in range(2)] + [Chance("other").below(2**40)]
    assert numbers[0] == numbers[1]
    chance = Chance("even")
    counts = Counter(chance.below(7) for _ in range(70_000))
    assert set(counts) == set(range(7)) and max(counts.values()) - min(counts.values()) < 600


def test_lot_draws_by_weight():
    lot, chance = Lot(((1, "seldom"), (0, "never"), (9, "often"))), Chance("lot")
    counts = Counter(lot.draw(chance) for _ in range(10_000))
    assert set(counts) == {"seldom", "often"} and 800 < counts["seldom"] < 1200


def test_busiest_minute_runs_four_to_six_times_the_average():
    assert 4 <= max(MINUTES) / (sum(MINUTES) / len(MINUTES)) <= 6


@pytest.mark.parametrize("gifts", [0, 1, 290, 99_990])
def test_minutes_hold_exactly_the_gifts(gifts: int):
    found = list(minutes(3, gifts))
    assert sum(count for *_, count in found) == gifts and min(count for *_, count in found) >= 0
    assert [place[:2] for place in found] == [(day, minute) for day in range(3) for minute in range(1440)]


def test_most_gifts_are_small_and_few_are_large():
    chance = Chance("amounts")
    amounts = [drawn(chance).amount for _ in range(50_000)]
    usual = sum(amount in (100, 500, 1000, 2000, 5000) for amount in amounts)
    assert 0.7 < usual / len(amounts) < 0.8
    assert 30_00 < sum(amounts) / len(amounts) < 45_00
    assert max(amounts) >= 10_000_00 and min(amounts) == 1_00


def test_two_provinces_give_eleven_and_seven_percent():
    chance = Chance("regions")
    regions = Counter(drawn(chance).region for _ in range(50_000)).most_common(2)
    assert [(region, round(count / 500)) for region, count in regions] == [("CN-GD", 11), ("CN-JS", 7)]


@pytest.mark.parametrize(
    ("cells", "codes"),
    [
        ({}, []),
        ({"CN-GD": (5, 1)}, ["other"]),
        ({"CN-GD": (50, 99)}, ["other"]),
        ({"CN-GD": (50, 100)}, ["CN-GD"]),
        ({"CN-GD": (50, 91), "CN-JS": (45, 9)}, ["other"]),
        ({"CN-GD": (50, 90), "CN-JS": (45, 9), "CN-BJ": (5, 1)}, ["CN-GD", "other"]),
        ({"CN-GD": (50, 90), "CN-JS": (45, 20), "CN-BJ": (5, 1)}, ["CN-GD", "other"]),
    ],
)
def test_cells_under_ten_are_merged(cells: dict[str, tuple[int, int]], codes: list[str]):
    shown = merged(cells, sum(amount for amount, _ in cells.values()))
    assert [cell["code"] for cell in shown] == codes
    assert sum(cell["gifts"] for cell in shown) == sum(gifts for _, gifts in cells.values())
    assert not shown or 2 * abs(sum(cell["share"] for cell in shown) - 100) <= len(shown)
    assert len(shown) == 1 or all(cell["gifts"] >= 10 for cell in shown)


def test_clock_goes_on_by_itself_and_never_back():
    clock = StoryClock("2026-08-24", "09:00")
    assert (clock(), clock()) == ("2026-08-24T01:00:01Z", "2026-08-24T01:00:02Z")
    clock.go_to("2026-08-24", "23:59", 59)
    clock.go_to("2026-08-24", "12:00")
    assert clock.today() == "2026-08-24"
    assert clock() == "2026-08-24T16:00:00Z" and clock.today() == "2026-08-25"
