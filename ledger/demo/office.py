"""Three offices: Hope School pays salaries and small things, and puts mistakes right; Red Lantern pays a relative of its director;
Evergreen pays one invoice twice. All of it is spent from general funds, so that the gifts can be followed without it."""

from __future__ import annotations

from .private import list_digest
from .stage import Record, Stage
from .work import BANK, allocation, documented, payment, say_payment

PETTY_CASH = "hope-petty-cash"
SMALL, SALARIES, PRINTING, SHELVES = 30_40, 24_000_00, 860_00, 1_250_00
LUNCH, BANDAGES = 320_00, 410_00
CASH = {"channel": "cash"}


def fill_petty_cash(stage: Stage) -> None:
    """A fund below the general one for what is paid in cash."""
    stage.clock.go_to("2026-09-01", "10:00")
    stage.say("hope-school", {
        "kind": "fund", "id": PETTY_CASH, "parent": "hope-general", "name": "Petty cash", "purpose": "Small things paid in cash",
        "restriction": "unrestricted",
    }, allocation("hope-general", PETTY_CASH, 500_00), both=True)  # fmt: skip


def say_relation(stage: Stage) -> None:
    """The director of Red Lantern and the owner of the kitchen are of one family."""
    stage.clock.go_to("2026-09-01", "11:00")
    stage.say("red-lantern", {
        "kind": "relation", "of": "red-lantern", "to": "noon-kitchen", "nature": "family", "officer": "director",
        "starts_on": "2019-05-01",
    }, both=True)  # fmt: skip


def pay_salaries(stage: Stage) -> None:
    """Twelve people are one payee, a group. The bank's list is the paper."""
    stage.clock.go_to("2026-09-30", "10:00")
    by_bank = {"channel": BANK, "channel_ref": stage.reference("hope-school", BANK)}
    stage.named["salaries"] = _pay_group(stage, "hope-general", SALARIES, "payroll", 12, by_bank)


def pay_in_cash(stage: Stage) -> None:
    """Stamps and tea from the petty cash; the receipts are in the envelope."""
    stage.clock.go_to("2026-09-30", "16:00")
    stage.named["petty_cash"] = _pay_group(stage, PETTY_CASH, SMALL, "small-purchases", 4, CASH)


def put_mistakes_right(stage: Stage) -> None:
    """A payment was recorded ten times too high: it is declared void, and recorded again under the same references. Another was
    recorded as a cost of fundraising, and was none."""
    stage.clock.go_to("2026-10-01", "10:00")
    shelves = payment(stage, "hope-school", "hope-general", "hill-builders", SHELVES, cost_class="administration")
    tenfold = {**shelves, "amount": 10 * SHELVES, "invoice": {**_invoice(shelves), "amount": 10 * SHELVES}}
    (stage.named["void"],) = stage.say("hope-school", tenfold)
    printing = payment(stage, "hope-school", "hope-general", "east-stationery", PRINTING, cost_class="fundraising")
    (stage.named["printing"],) = stage.say("hope-school", printing)
    stage.clock.go_to("2026-10-02", "09:00")
    stage.say("hope-school", {
        "kind": "reversal", "of": stage.named["void"], "reason": "A nought too many: the bank paid a tenth of it",
    }, both=True)  # fmt: skip
    (stage.named["instead_of_void"],) = stage.say("hope-school", {**shelves, "replaces": stage.named["void"]})
    stage.say("hope-school", {
        "kind": "correction", "of": stage.named["printing"], "cost_class": "administration", "reason": "It was the annual report",
    }, both=True)  # fmt: skip


def pay_a_relative(stage: Stage) -> None:
    """The kitchen of the director's family caters for a meeting. The record says so, and the treasurer signs alone."""
    stage.clock.go_to("2026-10-06", "12:00")
    lunch = payment(stage, "red-lantern", "lantern-general", "noon-kitchen", LUNCH, cost_class="administration", related="family")
    (stage.named["related"],) = stage.say("red-lantern", lunch, by="treasurer")


def pay_twice(stage: Stage) -> None:
    """Evergreen pays an invoice twice. The second payment says what it breaks, and is a finding for ever, although the money comes
    back."""
    stage.clock.go_to("2026-10-10", "14:00")
    once = payment(stage, "evergreen", "evergreen-general", "north-medical", BANDAGES)
    say_payment(stage, "evergreen", once)
    stage.clock.go_to("2026-10-11", "12:00")
    again = {
        **once, "paid_on": stage.clock.today(), "channel_ref": stage.reference("evergreen", BANK),
        "breach": {"findings": ["duplicate-invoice"], "reason": "The same order was given to the bank again"},
    }  # fmt: skip
    stage.named["breach"] = say_payment(stage, "evergreen", again)
    stage.clock.go_to("2026-10-12", "12:00")
    stage.say("evergreen", {
        "kind": "payment-return", "of": stage.named["breach"], "amount": BANDAGES, "returned_on": stage.clock.today(),
        "reason": "Paid twice", "channel": BANK, "channel_ref": stage.reference("evergreen", BANK),
    })  # fmt: skip


def _pay_group(stage: Stage, fund: str, amount: int, group_class: str, people: int, channel: Record) -> str:
    """Pay a group, and declare it with the paper: a group has nobody who could sign."""
    (ref,) = stage.say("hope-school", {
        "kind": "payment", "fund": fund, "unit": "CNY", "amount": amount, "cost_class": "administration",
        "group": {"group_class": group_class, "people": people, "list": list_digest(stage.chance)},
        "paid_on": stage.clock.today(), **channel,
    })  # fmt: skip
    stage.say("hope-school", documented(stage, ref, amount))
    return ref


def _invoice(record: Record) -> Record:
    invoice = record["invoice"]
    assert isinstance(invoice, dict)
    return invoice
