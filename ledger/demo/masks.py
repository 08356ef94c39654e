"""Red Lantern: money becomes masks, others are given in kind; most reach a hospital, and those that expire are written off."""

from __future__ import annotations

from .stage import Stage
from .work import acknowledge, allocation, assign, deliver, pay, report, witness

MASK = 2_80


def assign_to_masks(stage: Stage) -> None:
    """The money is assigned to masks, but half of the federation's share is not needed; the masks given in kind wait."""
    stage.clock.go_to("2026-09-15", "12:00")
    spare = stage.sequencer.books.taking[stage.named["relief_share"]].amount // 2
    needed = stage.left("relief/CNY") - spare
    assign(stage, "red-lantern", "relief", "relief-masks", needed, "The hospital named what it lacks")


def buy_masks(stage: Stage) -> None:
    """Ten masks for 28 yuan: a gift of that amount is ten masks from now on."""
    stage.clock.go_to("2026-09-18", "12:00")
    masks = stage.left("relief-masks/CNY") // MASK
    goods = [{"fund": "relief-masks", "unit": "mask-n95", "quantity": masks, "cost": masks * MASK}]
    stage.named["masks"] = pay(stage, "red-lantern", "relief-masks", "north-medical", masks * MASK, goods=goods)


def take_masks_in(stage: Stage) -> None:
    """The supplier confirms by signature that it was paid."""
    stage.clock.go_to("2026-09-22", "12:00")
    acknowledge(stage, stage.named["masks"])


def deliver_masks(stage: Stage) -> None:
    """The bought masks go to the hospital, which signs for them. Half of those given in kind follow; an inspector counts them
    too."""
    stage.clock.go_to("2026-10-08", "12:00")
    bought = deliver(stage, "red-lantern", "relief-masks", "mask-n95", stage.left("relief-masks/mask-n95"), "county-hospital")
    given = stage.left("relief/mask-n95")
    stage.say("red-lantern", allocation("relief", "relief-masks", given * 8 // 10, "mask-n95"))
    in_kind = deliver(stage, "red-lantern", "relief-masks", "mask-n95", given // 2, "county-hospital")
    acknowledge(stage, bought, in_kind)
    witness(stage, in_kind)
    stage.named["masks_to_hospital"] = bought


def report_on_masks(stage: Stage) -> None:
    """The hospital says where the masks went."""
    stage.clock.go_to("2026-10-22", "13:00")
    wards = [stage.named["masks_to_hospital"]]
    report(stage, "county-hospital", "wards-supplied", 6, "wards supplied", "Stores ledger", payments=wards)
    report(stage, "red-lantern", "masks-delivered", 2, "deliveries of masks", "Delivery notes", activity="relief-masks")


def count_masks(stage: Stage) -> None:
    """The charity and an inspector count what is left in the store."""
    stage.clock.go_to("2026-11-17", "10:00")
    funds = ("relief", "relief-masks", "lantern-general")
    stage.say("red-lantern", {
        "kind": "stocktake", "fund": "lantern-general", "unit": "mask-n95", "counted_on": stage.clock.today(),
        "counted": sum(stage.left(f"{fund}/mask-n95") for fund in funds), "counted_by": "field-watch",
    }, also="field-watch")  # fmt: skip


def write_off_masks(stage: Stage) -> None:
    """Some of the masks given in kind have expired. The charity and an inspector sign that they are destroyed."""
    stage.clock.go_to("2026-11-17", "12:00")
    stage.say("red-lantern", {
        "kind": "write-off", "fund": "relief-masks", "unit": "mask-n95", "amount": stage.left("relief-masks/mask-n95") * 2 // 3,
        "cause": "expiry", "reason": "Marked for use before November 2026; destroyed",
    }, also="field-watch")  # fmt: skip
