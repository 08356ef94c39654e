"""Clear Water: two signatures on every larger payment, a payment that partly comes back, and a gift that is partly spent."""

from __future__ import annotations

from .stage import Stage
from .work import BANK, acknowledge, allocation, assign, paid, pay, progress, report


def assign_to_drilling(stage: Stage) -> None:
    """All the money is assigned to the wells."""
    stage.clock.go_to("2026-09-15", "11:00")
    assign(stage, "clear-water", "wells", "wells-drilling", stage.left("wells/CNY"), "Two places surveyed with the villages")


def drill(stage: Stage) -> None:
    """Above ten yuan a day to one payee this project requires two signatures. A map costs less, so one officer signs."""
    stage.clock.go_to("2026-09-18", "11:00")
    budget = stage.left("wells-drilling/CNY")
    stage.named["drilling"] = pay(stage, "clear-water", "wells-drilling", "deep-drill", budget * 7 // 10)
    stage.named["maps"] = pay(stage, "clear-water", "wells-drilling", "hill-builders", min(9_00, budget // 50))
    office = budget // 20
    stage.named["accounts"] = pay(stage, "clear-water", "wells-drilling", "east-stationery", office, cost_class="administration")


def sign_for_drilling(stage: Stage) -> None:
    """The driller acknowledges four fifths so far."""
    stage.clock.go_to("2026-09-28", "11:00")
    acknowledge(stage, stage.named["drilling"], part=80)
    acknowledge(stage, stage.named["maps"], stage.named["accounts"])


def tell_of_progress(stage: Stage) -> None:
    """The implementer at the site reports progress. Its report on the second well was wrong, and is withdrawn."""
    stage.clock.go_to("2026-10-05", "11:00")
    wrong = stage.say("hill-builders", progress(stage, "wells-drilling", "Water at 62 metres in both villages", "water-found"))[0]
    stage.clock.go_to("2026-10-06", "11:00")
    stage.say("hill-builders", {"kind": "reversal", "of": wrong, "reason": "The second well is dry"})
    stage.say("hill-builders", progress(stage, "wells-drilling", "Water at 62 metres in one village", "water-found"))


def take_money_back(stage: Stage) -> None:
    """The second well was not drilled, so the driller returns part of what it was paid, including some that it had acknowledged: it
    signs that too."""
    stage.clock.go_to("2026-10-15", "11:00")
    back = paid(stage, stage.named["drilling"]).amount * 3 // 10
    stage.say("clear-water", {
        "kind": "payment-return", "of": stage.named["drilling"], "amount": back, "returned_on": stage.clock.today(),
        "reason": "The second well was not drilled", "channel": BANK, "channel_ref": stage.reference("clear-water", BANK),
    }, also="deep-drill")  # fmt: skip
    stage.clock.go_to("2026-10-16", "11:00")
    acknowledge(stage, pay(stage, "clear-water", "wells-drilling", "hill-builders", back))


def go_on_with_the_next_gift(stage: Stage) -> None:
    """Six tenths of a late gift are used for the pump; the rest waits."""
    stage.clock.go_to("2026-10-21", "11:00")
    waiting = 80_00 * 4 // 10
    amount = stage.left("wells/CNY") - waiting
    stage.say("clear-water", allocation("wells", "wells-drilling", amount), progress(stage, "wells-drilling", "Pump chosen"))
    pump = pay(stage, "clear-water", "wells-drilling", "deep-drill", stage.left("wells-drilling/CNY"))
    acknowledge(stage, pump, part=50)


def report_on_wells(stage: Stage) -> None:
    """The builders count the households, and the inspector tastes the water."""
    stage.clock.go_to("2026-10-22", "11:00")
    households = "households with water"
    report(stage, "hill-builders", "households-with-water", 118, households, "Counted at the tap", activity="wells-drilling")
    tasted = [stage.named["drilling"], stage.named["maps"]]
    report(stage, "field-watch", "water-tests-passed", 3, "water tests passed", "Laboratory of the county", payments=tasted)
