"""Hope School: dollars become yuan, yuan become school kits, and the kits reach two villages."""

from __future__ import annotations

from .stage import Stage
from .work import acknowledge, allocation, assign, deliver, paid, pay, report, witness

RATE = [71_043, 10_000]
KIT, NOTEBOOK = 60_00, 4_00


def exchange_dollars(stage: Stage) -> None:
    """Dollars that were given are exchanged. The bank rounds down, and each cent still has its place among the fen."""
    stage.clock.go_to("2026-09-10", "15:00")
    dollars = stage.left("desks/USD")
    stage.say("hope-school", {
        "kind": "exchange", "fund": "desks", "unit": "USD", "amount": dollars, "to_unit": "CNY",
        "to_amount": dollars * RATE[0] // RATE[1], "rate": RATE, "source": "Bank of the Hills, buying rate of the day",
        "exchanged_on": stage.clock.today(),
    })  # fmt: skip


def assign_to_kits(stage: Stage) -> None:
    """Nine tenths are for kits, the rest for transport."""
    stage.clock.go_to("2026-09-15", "10:00")
    amount = stage.left("desks/CNY")
    tenth = amount // 10
    assign(stage, "hope-school", "desks", "desks-kits", amount - tenth, "Asked the schools what they need")
    stage.named["transport"] = assign(stage, "hope-school", "desks", "desks-transport", tenth, "Asked three hauliers for offers")


def buy_kits(stage: Stage) -> None:
    """One invoice, two things: each unit of money becomes a kit or a notebook, in the order of the invoice."""
    stage.clock.go_to("2026-09-18", "10:00")
    budget = stage.left("desks-kits/CNY")
    kits = budget * 8 // 10 // KIT
    notebooks = budget * 9 // 10 % KIT // NOTEBOOK + 10
    goods = [
        {"fund": "desks-kits", "unit": "school-kit", "quantity": kits, "cost": kits * KIT},
        {"fund": "desks-kits", "unit": "notebook", "quantity": notebooks, "cost": notebooks * NOTEBOOK},
    ]
    amount = kits * KIT + notebooks * NOTEBOOK
    stage.named["kits"] = pay(stage, "hope-school", "desks-kits", "east-stationery", amount, goods=goods)
    print_cost = budget // 20
    stage.named["lists"] = pay(stage, "hope-school", "desks-kits", "east-stationery", print_cost, cost_class="administration")


def take_kits_in(stage: Stage) -> None:
    """The shop has no key, so the foundation declares that it was paid, and an inspector counts the boxes. The two do not add
    up."""
    stage.clock.go_to("2026-09-22", "10:00")
    acknowledge(stage, stage.named["kits"], stage.named["lists"])
    witness(stage, stage.named["kits"])


def deliver_kits(stage: Stage) -> None:
    """The school signs for what it got. The village has no key, so an inspector is the witness. A few kits are kept."""
    stage.clock.go_to("2026-10-08", "11:00")
    kits, notebooks = stage.left("desks-kits/school-kit"), stage.left("desks-kits/notebook")
    to_school = deliver(stage, "hope-school", "desks-kits", "school-kit", kits * 6 // 10, "stone-gate-school")
    books = deliver(stage, "hope-school", "desks-kits", "notebook", notebooks, "stone-gate-school")
    to_village = deliver(stage, "hope-school", "desks-kits", "school-kit", kits * 3 // 10, "terrace-village")
    acknowledge(stage, to_school, books)
    witness(stage, to_village)
    stage.named["kits_to_school"] = to_school


def reverse_transport(stage: Stage) -> None:
    """A haulier transports the kits for free, so the money for transport goes back, and most of it is assigned again."""
    stage.clock.go_to("2026-10-09", "10:00")
    stage.say("hope-school", {
        "kind": "reversal", "of": stage.named["transport"], "reason": "Transport was given free of charge",
    }, both=True)  # fmt: skip
    amount = stage.left("desks/CNY") * 9 // 10
    stage.say("hope-school", allocation("desks", "desks-transport", amount))
    acknowledge(stage, pay(stage, "hope-school", "desks-transport", "hill-builders", amount * 8 // 10))


def report_on_schools(stage: Stage) -> None:
    """The school reports what the kits are used for, and the foundation how many children have one."""
    stage.clock.go_to("2026-10-22", "10:00")
    kits = stage.named["kits_to_school"]
    children = paid(stage, kits).amount
    report(stage, "stone-gate-school", "kits-in-use", children, "kits in use", "Counted in class", payments=[kits])
    report(stage, "hope-school", "children-equipped", children, "children equipped", "Lists of the schools", activity="desks-kits")
