"""Three days in September: a platform records gifts in statements of 64, and charities record theirs one by one."""

from __future__ import annotations

import hashlib

from ..writer.submission import Submission
from .cast import COUNTER, PLATFORM
from .clock import day_after
from .gifts import ONE_AT_COUNTERS_IN, Gift, at_counter, drawn, minutes, record_of, with_wishes
from .private import committed
from .programme import CAMPAIGNS
from .stage import Record, Stage

OPENS_ON, DAYS = "2026-09-07", 3
GIFTS_A_STATEMENT = 64
SENT_EVERY_MINUTES = 30
NAMED_GIFTS = 10
SMALLEST_CELL, SMALLEST_SPLIT = 10, 100
Cells = dict[tuple[str, str], tuple[int, int]]


class Intake:
    """The desks of the festival: the gifts waiting to be signed, the statements waiting to be sent, and the platform's counts by
    region."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._records: list[Record] = []
        self._submissions: list[Submission] = []
        self.done = 0
        self.at_counters: dict[str, int] = {}
        self.cells: Cells = {}

    def count(self, gift: Gift) -> None:
        """Add a gift to the platform's own counts. The region stays here and does not enter the ledger."""
        amount, gifts = self.cells.get((gift.fund, gift.region), (0, 0))
        self.cells[gift.fund, gift.region] = (amount + gift.amount, gifts + 1)

    def take(self) -> None:
        """Take the next gift, at a charity's counter or through the platform."""
        stage = self._stage
        self.done += 1
        if stage.chance.below(ONE_AT_COUNTERS_IN) == 0:
            charity, gift = at_counter(stage.chance)
            self._submissions.append(stage.sign(charity, [record_of(stage, charity, gift)]))
            self.at_counters[charity] = self.at_counters.get(charity, 0) + 1
            return
        gift = drawn(stage.chance)
        self.count(gift)
        self._records.append(with_wishes(stage.chance, record_of(stage, PLATFORM, gift)))
        if len(self._records) == GIFTS_A_STATEMENT:
            self.sign()

    def sign(self) -> None:
        """The platform signs what it has."""
        if self._records:
            self._submissions.append(self._stage.sign(PLATFORM, self._records, by=COUNTER))
            self._records = []

    def send(self) -> None:
        """Send what was signed to the ledger."""
        self._stage.enter(self._submissions)
        self._submissions = []
        self._stage.progress(self.done + NAMED_GIFTS, self._stage.gifts)


def hold_festival(stage: Stage) -> None:
    """First come the gifts that this story follows to their end, then all others, minute by minute."""
    intake = Intake(stage)
    _first_over_the_platform(stage, intake)
    _first_at_the_counters(stage)
    for day, minute, gifts in minutes(DAYS, stage.gifts - NAMED_GIFTS):
        for number in range(gifts):
            stage.clock.go_to(day_after(OPENS_ON, day), "00:00", 60 * minute + 60 * number // gifts)
            intake.take()
        if minute == 1439:
            intake.sign()
        if minute % SENT_EVERY_MINUTES == SENT_EVERY_MINUTES - 1:
            intake.send()
    _close(stage, intake)


def _first_over_the_platform(stage: Stage, intake: Intake) -> None:
    stage.clock.go_to(OPENS_ON, "00:00")
    first = {
        "through_platform": Gift("square-water", "CNY", 50_00, "mobile-wallet", "CN-GD"),
        "became_goods": Gift("square-relief", "CNY", 28_00, "mobile-wallet", "CN-JS"),
        "with_fee": Gift("square-any", "CNY", 100_00, "card", "CN-GD"),
    }
    records = [record_of(stage, PLATFORM, gift) for gift in first.values()]
    records[0]["private"] = committed(stage.chance, name="Wang Wu", message="For clean water")
    stage.named.update(zip(first, stage.say(PLATFORM, *records, by=COUNTER), strict=True))
    for gift in first.values():
        intake.count(gift)


def _first_at_the_counters(stage: Stage) -> None:
    first = {
        "fully_reported": ("warm-meal", Gift("meals", "CNY", 30_00, "bank-transfer", "")),
        "refunded": ("warm-meal", Gift("meals", "CNY", 100_00, "bank-transfer", "")),
        "given_goods": ("red-lantern", Gift("relief", "mask-n95", 500, "in-kind", "")),
        "in_dollars": ("hope-school", Gift("desks", "USD", 123_45, "bank-transfer", "")),
        "late": ("evergreen", Gift("elders", "CNY", 20_00, "bank-transfer", "")),
    }
    entries = stage.enter([stage.sign(charity, [record_of(stage, charity, gift)]) for charity, gift in first.values()])
    stage.named.update({name: f"{entry}.0" for name, entry in zip(first, entries, strict=True)})


def receive_late_gifts(stage: Stage) -> None:
    """Two gifts after the festival: one is partly spent before the story ends, the other not at all. The first came over a platform
    that may only show the appeal (in China: Charity Law, article 27), so the charity received it and records it."""
    stage.clock.go_to("2026-10-20", "11:00")
    _enter(stage, "partly_spent", "clear-water", Gift("wells", "CNY", 80_00, "bank-transfer", ""), via=PLATFORM)
    stage.clock.go_to("2026-10-20", "15:00")
    _enter(stage, "unspent", "hope-school", Gift("desks", "CNY", 66_00, "bank-transfer", ""))


def _enter(stage: Stage, name: str, charity: str, gift: Gift, **more: str) -> None:
    (stage.named[name],) = stage.say(charity, {**record_of(stage, charity, gift), **more})


def _close(stage: Stage, intake: Intake) -> None:
    """The platform publishes its gifts by region, and a charity commits to the bank file that it imported from."""
    stage.clock.go_to("2026-09-10", "10:00")
    stage.say(PLATFORM, *(_by_region(fund, intake.cells) for fund in CAMPAIGNS if fund in {of for of, _ in intake.cells}))
    rows = intake.at_counters.get("hope-school", 0)
    stage.say("hope-school", {
        "kind": "source", "media": "text/csv", "bytes": 64 + 80 * rows, "rows": rows + 2,
        "entered": rows, "known": 1, "left_out": 1,
        "digest": hashlib.sha256(f"{stage.origin}/bank file".encode()).hexdigest(),
    })  # fmt: skip


def _by_region(fund: str, cells: Cells) -> Record:
    said = {region: cell for (of, region), cell in cells.items() if of == fund}
    amount = sum(given for given, _ in said.values())
    return {
        "kind": "regional-statistics", "fund": fund, "unit": "CNY", "from_size": 0, "amount": amount, "cells": merged(said, amount),
    }  # fmt: skip


def merged(cells: dict[str, tuple[int, int]], total: int) -> list[Record]:
    """Counts by region as they may be published: the smallest are merged into `other` until no count, including `other`, is below
    10; fewer than 100 gifts are one count. Shares are rounded to the nearest hundredth."""
    left = dict(cells)
    amount = gifts = 0
    is_split = sum(count for _, count in left.values()) >= SMALLEST_SPLIT
    while left and (not is_split or min(count for _, count in left.values()) < SMALLEST_CELL or 0 < gifts < SMALLEST_CELL):
        smallest = min(left, key=lambda region: (left[region][1], region))
        amount, gifts = amount + left[smallest][0], gifts + left.pop(smallest)[1]
    if gifts:
        left["other"] = (amount, gifts)
    shares = {code: (200 * given + total) // (2 * total) for code, (given, _) in left.items()}
    return [{"code": code, "gifts": count, "share": shares[code]} for code, (_, count) in sorted(left.items())]
