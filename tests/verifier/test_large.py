"""Amounts and positions up to 2^53 - 1: one unit more or less, anywhere, is found, by the command line and in the browser."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from ledger.bounds import MAX_AMOUNT, MAX_INTEGER
from ledger.bundle.trace_bundle import parse_bundle
from ledger.canonical import parse
from tests.audit.mirror import bundled
from tests.verifier.asking import Case, check_alike
from tests.verifier.building import Values, check, hope, record
from tests.verifier.building import case as edited
from tests.verifier.tampering import only, rebound
from tests.verifier.test_verdicts import TRUSTED, told

OFF = (-1, 1)
SEEDS = (1, 3, 5, 7)
Number = tuple[Any, Any]


def numbers(values: list[dict[str, Any]], ranges: list[dict[str, Any]]) -> tuple[list[Number], list[Number]]:
    """Where there is an amount or a position, in entries and in what a bundle says: (container, key) of each."""
    moved = {(value["index"], row[0]) for value in values for row in value["flows"]}
    amounts = [
        (said, "amount")
        for value in values
        for number, said in enumerate(value["statement"]["records"])
        if "amount" in said and (value["index"], number) in moved
    ]
    flows = [(row, at) for value in values for row in value["flows"] for at in (3, 4)]
    shown = [(part, at) for one in ranges for part, at in ((one, "start"), (one, "end"), (one["at"], 0), (one["at"], 1))]
    return [*amounts, *flows], shown


def off_by_one(name: str, entries: list[bytes], honest: bytes, chance: Random) -> Case:
    """The bundle with one number, in what it says or in what was signed, one more or one less; then all is signed anew."""
    shown = parse_bundle(honest)
    places = {entry.index for entry in shown.entries}
    values, ranges = [parse(raw) for raw in entries], parse(honest)["ranges"]
    container, key = chance.choice(
        chance.choice(numbers([value for value in values if value["index"] in places], ranges))
    )
    before = container[key]
    container[key] = before + chance.choice(OFF) if before else 1
    if container[key] > MAX_INTEGER:
        container[key] = before - 1
    bundle = bundled(list(rebound(values)), shown.gift, ranges, chained=False)
    return Case(f"{name}: {key} {before} of {container}", only(bundle, sorted(places)), TRUSTED)


@pytest.mark.parametrize("seed", SEEDS)
def test_of_true_bundles_and_bundles_off_by_one_unit_both_say_which_are_which(seed: int):
    entries, bundles = told(seed)
    chance = Random(seed)
    true = [Case(f"gift {ref}", bundle, TRUSTED) for ref, bundle in bundles.items()]
    false = [off_by_one(f"gift {ref}", entries, bundle, chance) for ref, bundle in bundles.items()]
    assert len(true) == len(false) > 5
    said = check_alike([*true, *false])
    assert {one.verdict for one in said[: len(true)]} == {"verified"}
    assert {one.verdict for one in said[len(true) :]} == {"failed"}


def test_the_random_ledgers_reach_the_end_of_a_tape():
    ends = [row[4] for seed in SEEDS for raw in told(seed)[0] for row in parse(raw)["flows"]]
    assert max(ends) > 2**52 and sum(end > 2**51 and end % 2 for end in ends) > 15


TOP = MAX_INTEGER
LAST = TOP % MAX_AMOUNT
SPLITS = ((LAST,), (1, LAST - 1), (LAST - 1, 1), (LAST // 2, LAST // 2 + 1), (2, LAST - 4, 2), (LAST - 3, 2, 1))


def at_the_very_end() -> Iterator[Case]:
    """A gift that fills its tape to the last unit, paid in pieces, each acknowledged and returned in part."""
    for split in SPLITS:
        for parts in (1, 3):

            def filled(values: Values, split: Any = split, parts: int = parts) -> None:
                del values[4:]
                record(values, 3)["amount"] = LAST
                values[3]["flows"][0][3:] = [TOP - LAST, TOP]
                at = TOP - LAST
                for amount in split:
                    paid = {
                        "kind": "payment", "channel": "cash", "fund": "school", "unit": "CNY", "amount": amount, "payee": "shop",
                    }  # fmt: skip
                    paid |= {"cost_class": "programme", "paid_on": "2026-09-07"}
                    hope(values, paid, flows=[[0, "-", "school/CNY", at, at + amount]])
                    of = f"{len(values) - 1}.0"
                    receipt = {"kind": "receipt", "of": of, "amount": amount - amount // parts // 2, "level": "self-declared"}
                    hope(values, {**receipt, "received_on": "2026-09-07"})
                    at += amount

            yield edited(f"a whole tape paid in {split}, {parts}", filled)


def test_a_gift_that_fills_its_tape_to_the_last_unit():
    assert check(at_the_very_end()) == {"verified"}
