"""Evergreen: a charity with one officer. Its project promised receipts in ten days and a report in twenty more, and is overdue with
both. Its bank advances it some interest."""

from __future__ import annotations

from .cast import OPERATOR
from .programme import CLAY_BANK, INTEREST
from .stage import Record, Stage
from .work import BANK, acknowledge, assign, pay, say_payment

GENERAL = "evergreen-general"


def promise_much(stage: Stage) -> None:
    """Two payments: one never gets a receipt, the other never gets a report. Every audit names both, with the day. Above ten yuan a
    day to one payee the federation signs in place of a second officer."""
    stage.clock.go_to("2026-09-25", "10:00")
    budget = stage.left("elders/CNY")
    assign(stage, "evergreen", "elders", "elders-visits", budget, "Forty households chosen")
    stage.named["no_receipt"] = pay(stage, "evergreen", "elders-visits", "noon-kitchen", budget * 6 // 10)
    stage.named["no_report"] = pay(stage, "evergreen", "elders-visits", "hill-builders", budget * 3 // 10)


def sign_for_repairs(stage: Stage) -> None:
    """The builders sign for their part; the kitchen does not."""
    stage.clock.go_to("2026-10-02", "10:00")
    acknowledge(stage, stage.named["no_report"])


def borrow(stage: Stage) -> None:
    """The bank advances the interest of the quarter, which the endowment is paid in October."""
    stage.clock.go_to("2026-09-24", "10:00")
    stage.named["advance"] = _income(stage, "advance", "Advance of Clay Bank on the interest of the third quarter")


def repay(stage: Stage) -> None:
    """The interest is there, and the bank gets its advance back: it was no inflow, and this is not a cost."""
    stage.clock.go_to("2026-10-12", "15:00")
    _income(stage, "interest", "Interest on the endowment, third quarter")
    stage.named["repaid"] = say_payment(stage, "evergreen", {
        "kind": "payment", "fund": GENERAL, "unit": "CNY", "amount": INTEREST, "payee": CLAY_BANK,
        "repays": stage.named["advance"], "paid_on": stage.clock.today(), **_by_bank(stage),
    })  # fmt: skip
    acknowledge(stage, stage.named["repaid"])


def _income(stage: Stage, income_class: str, source: str) -> str:
    return stage.say("evergreen", {
        "kind": "income", "fund": GENERAL, "unit": "CNY", "amount": INTEREST, "income_class": income_class, "source": source,
        "received_on": stage.clock.today(), **_by_bank(stage),
        **({"lender": CLAY_BANK} if income_class == "advance" else {}),
    })[0]  # fmt: skip


def _by_bank(stage: Stage) -> Record:
    return {"channel": BANK, "channel_ref": stage.reference("evergreen", BANK)}


def acknowledge_the_finding(stage: Stage) -> None:
    """The operator and the auditor acknowledge the finding, which stays."""
    stage.clock.go_to("2026-11-20", "10:00")
    stage.say(OPERATOR, {
        "kind": "acknowledgement", "finding": "overdue-receipt", "of": stage.named["no_receipt"],
        "note": "The kitchen says it never sent a receipt; Evergreen was asked to get one",
    }, also="plain-audit")  # fmt: skip
