"""Warm Meal: a gift that is reported on to the last fen, a refund of a half-spent gift, and the daily round of a kitchen."""

from __future__ import annotations

from ..books.gift_totals import given_between
from .clock import day_after
from .stage import Stage
from .work import BANK, acknowledge, allocation, assign, pay, payment, progress, report, witness

ROUNDS_FROM, DAYS = "2026-10-24", 22
GIFTS_A_ROUND = 500
SPENT_OF_REFUNDED = 40_00


def serve_first_meals(stage: Stage) -> None:
    """The first two gifts pay for the first meals: all of one, and 40 yuan of the other."""
    stage.clock.go_to("2026-09-16", "10:00")
    assign(stage, "warm-meal", "meals", "meals-kitchen", 30_00 + SPENT_OF_REFUNDED, "Kitchen rented by the hour")
    stage.clock.go_to("2026-09-16", "15:00")
    stage.named["first_meals"] = pay(stage, "warm-meal", "meals-kitchen", "noon-kitchen", 30_00 + SPENT_OF_REFUNDED)
    stage.clock.go_to("2026-09-17", "12:00")
    acknowledge(stage, stage.named["first_meals"])


def refund_a_gift(stage: Stage) -> None:
    """The donor wants it back: 60 yuan are still there, and the charity's own money covers 40. Each unit goes back once."""
    stage.clock.go_to("2026-09-21", "12:00")
    start = 30_00
    spent, end = start + SPENT_OF_REFUNDED, start + 100_00
    stage.say("warm-meal", {
        "kind": "refund", "gift": stage.named["refunded"], "fund": "meals", "unit": "CNY", "reason": "donor-request",
        "refunded_on": stage.clock.today(), "units": [[spent, end]], "channel": BANK,
        "channel_ref": stage.reference("warm-meal", BANK),
        "cover": {"fund": "meal-general", "units": [[start, spent]]},
    }, both=True)  # fmt: skip


def pay_allowances(stage: Stage) -> None:
    """Two people in hardship, whom the ledger knows by a random id: one signs on a phone, and an inspector signs for the other."""
    stage.clock.go_to("2026-10-10", "12:00")
    amount = min(20_00, stage.left("meals/CNY") // 20)
    stage.say("warm-meal", allocation("meals", "meals-allowance", 2 * amount))
    signs = pay(stage, "warm-meal", "meals-allowance", "p-8kq2vd", amount)
    cannot_sign = pay(stage, "warm-meal", "meals-allowance", "p-w41zrm", amount)
    acknowledge(stage, signs)
    witness(stage, cannot_sign)


def report_on_first_meals(stage: Stage) -> None:
    """An inspector ate there."""
    stage.clock.go_to("2026-10-22", "12:00")
    report(stage, "field-watch", "meals-served", 14, "meals served", "Tickets counted", payments=[stage.named["first_meals"]])


def cook_through_the_autumn(stage: Stage) -> None:
    """Each round is one statement: money is assigned, the kitchen is paid. The more gifts, the more rounds."""
    rounds = min(DAYS, 1 + stage.gifts // GIFTS_A_ROUND)
    for number in range(rounds):
        stage.clock.go_to(day_after(ROUNDS_FROM, number * DAYS // rounds), "12:00")
        amount = stage.left("meals/CNY") // (rounds - number)
        note = f"Round {number + 1} of {rounds}"
        refs = stage.say(
            "warm-meal",
            allocation("meals", "meals-kitchen", amount),
            progress(stage, "meals-kitchen", note),
            payment(stage, "warm-meal", "meals-kitchen", "noon-kitchen", amount - amount // 20),
            payment(stage, "warm-meal", "meals-kitchen", "east-stationery", amount // 20, cost_class="administration"),
            both=True,
        )
        acknowledge(stage, *refs[2:])


def report_on_meals(stage: Stage) -> None:
    """The results of the rounds so far; the last of them waits for the next report."""
    stage.clock.go_to("2026-11-16", "12:00")
    meals = stage.sequencer.books.spent["meals/CNY/programme"].amount // 5_00
    report(stage, "warm-meal", "meals-served", meals, "meals served", "Tickets counted", activity="meals-kitchen")


def publish_september(stage: Stage) -> None:
    """A charity publishes what was given to it in September. The total must equal the ledger's."""
    stage.clock.go_to("2026-11-19", "10:00")
    september = given_between(stage.sequencer.books, "meals/CNY", "2026-09-01", "2026-09-30")
    stage.say("warm-meal", {
        "kind": "statistics", "fund": "meals", "unit": "CNY", "by": "month", "from_day": "2026-09-01", "to_day": "2026-09-30",
        "cells": [{"code": "2026-09", "amount": september[0], "gifts": september[1]}],
    })  # fmt: skip
