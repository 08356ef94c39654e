"""Gifts as they arrive: amounts, channels, places and times distributed like published figures.

Most online gifts are 1, 5, 10, 20 or 50 yuan, with a long tail; 48 million gifts of one festival came to 1.78 billion yuan, 37 yuan
each. The busiest minute runs 4 to 6 times the daily average. Two provinces give 11 % and 7 %.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from .chance import Chance, Lot
from .private import committed, holder
from .stage import Record, Stage

ODD, TAIL = 0, -1
# Weight in a thousand, and the amount in fen.
AMOUNTS = Lot((
    (180, 1_00), (150, 5_00), (10, 6_66), (60, 9_90), (210, 10_00), (10, 13_14), (140, 20_00), (30, 30_00), (85, 50_00),
    (60, 100_00), (22, 200_00), (7, 500_00), (3, 1_000_00), (31, ODD), (2, TAIL),
))  # fmt: skip
LARGEST = 50_000_00
FUNDS = Lot(((30, "square-any"), (22, "square-desks"), (18, "square-water"), (18, "square-meals"), (12, "square-relief")))
CHANNELS = Lot(((70, "mobile-wallet"), (20, "card"), (10, "short-message")))
FEE_IN_A_THOUSAND = {"card": 6}
REGIONS = Lot((
    (110, "CN-GD"), (70, "CN-JS"), (62, "CN-ZJ"), (60, "CN-SD"), (55, "CN-HE"), (54, "CN-HA"), (52, "CN-SC"), (48, "CN-HB"),
    (46, "CN-HN"), (44, "CN-BJ"), (42, "CN-SH"), (40, "CN-FJ"), (38, "CN-AH"), (34, "CN-LN"), (30, "CN-SN"), (28, "CN-GX"),
    (27, "CN-JX"), (26, "CN-CQ"), (24, "CN-YN"), (22, "CN-SX"), (20, "CN-HL"), (18, "CN-JL"), (16, "CN-GZ"), (12, "CN-TJ"),
    (8, "CN-NM"), (6, "CN-GS"), (4, "CN-XJ"), (2, "CN-HI"), (1, "CN-QH"), (1, "CN-XZ"),
))  # fmt: skip
# Gifts that charities receive at their own counters: charity, fund, unit.
COUNTERS = Lot((
    (34, ("hope-school", "desks", "CNY")), (26, ("clear-water", "wells", "CNY")), (18, ("warm-meal", "meals", "CNY")),
    (8, ("red-lantern", "relief", "mask-n95")), (8, ("hope-school", "desks", "USD")), (6, ("evergreen", "elders", "CNY")),
))  # fmt: skip
ONE_AT_COUNTERS_IN = 25

# How the gifts of a day spread over its hours, with the rush after nine in the morning and at eight in the evening.
HOURS = (4, 2, 1, 1, 1, 2, 4, 8, 14, 20, 19, 16, 15, 13, 12, 12, 13, 14, 16, 19, 20, 17, 11, 7)
RUSH = {540: 38, 541: 26, 542: 14, 543: 7, 1200: 24, 1201: 12}
MINUTES = tuple(HOURS[minute // 60] + RUSH.get(minute, 0) for minute in range(1440))


class Gift(NamedTuple):
    """A gift as a platform or a counter sees it. Only what `record_of` uses enters the ledger: no region, no name."""

    fund: str
    unit: str
    amount: int
    channel: str
    region: str


def minutes(days: int, gifts: int) -> Iterator[tuple[int, int, int]]:
    """(day, minute, number of gifts in it): spreads exactly `gifts` gifts over the days, by the shape of the hours and the rush."""
    marks = list(accumulate(MINUTES))
    before = 0
    for day in range(days):
        for minute, mark in enumerate(marks):
            upto = gifts * (day * marks[-1] + mark) // (days * marks[-1])
            yield day, minute, upto - before
            before = upto


def drawn(chance: Chance) -> Gift:
    """One gift through the platform."""
    return Gift(FUNDS.draw(chance), "CNY", _amount(chance), CHANNELS.draw(chance), REGIONS.draw(chance))


def at_counter(chance: Chance) -> tuple[str, Gift]:
    """A gift that a charity receives itself: the charity, and the gift."""
    charity, fund, unit = COUNTERS.draw(chance)
    amount = 10 * (1 + chance.below(60)) if unit == "mask-n95" else _amount(chance)
    return charity, Gift(fund, unit, amount, "in-kind" if unit == "mask-n95" else "bank-transfer", "")


def _amount(chance: Chance) -> int:
    amount = AMOUNTS.draw(chance)
    if amount == ODD:
        return 1_00 + chance.below(60_00)
    return LARGEST // (1 + chance.below(100)) if amount == TAIL else amount


def record_of(stage: Stage, party: str, gift: Gift) -> Record:
    """The donation as its party records it, with the committed reference and the channel's fee."""
    record = {
        "kind": "donation", "fund": gift.fund, "unit": gift.unit, "amount": gift.amount, "channel": gift.channel,
        "channel_ref": stage.reference(party, gift.channel), "received_on": stage.clock.today(),
    }  # fmt: skip
    fee = gift.amount * FEE_IN_A_THOUSAND.get(gift.channel, 0) // 1000
    if fee:
        record |= {"fee": fee, "fee_to": "river-pay"}
    return record


def with_wishes(chance: Chance, record: Record) -> Record:
    """Some donors leave a name, which is committed; a few leave the hash of a one-time key instead, to be heard later."""
    wish = chance.below(50)
    if wish < 5:
        return {**record, "private": committed(chance, name=f"donor {chance.below(10**6)}")}
    return {**record, "holder": holder(chance)} if wish == 5 else record
