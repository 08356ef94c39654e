"""Evergreen: a project that promised receipts in ten days and a report in twenty more, and is overdue with both."""

from __future__ import annotations

from .cast import OPERATOR
from .stage import Stage
from .work import acknowledge, assign, pay


def promise_much(stage: Stage) -> None:
    """Two payments: one never gets a receipt, the other never gets a report. Every audit names both, with the day."""
    stage.clock.go_to("2026-09-25", "10:00")
    budget = stage.left("elders/CNY")
    assign(stage, "evergreen", "elders", "elders-visits", budget, "Forty households chosen")
    stage.named["no_receipt"] = pay(stage, "evergreen", "elders-visits", "noon-kitchen", budget * 6 // 10)
    stage.named["no_report"] = pay(stage, "evergreen", "elders-visits", "hill-builders", budget * 3 // 10)


def sign_for_repairs(stage: Stage) -> None:
    """The builders sign for their part; the kitchen does not."""
    stage.clock.go_to("2026-10-02", "10:00")
    acknowledge(stage, stage.named["no_report"])


def acknowledge_the_finding(stage: Stage) -> None:
    """The operator and the auditor acknowledge the finding, which stays."""
    stage.clock.go_to("2026-11-20", "10:00")
    stage.say(OPERATOR, {
        "kind": "acknowledgement", "finding": "overdue-receipt", "of": stage.named["no_receipt"],
        "note": "The kitchen says it never sent a receipt; Evergreen was asked to get one",
    }, also="plain-audit")  # fmt: skip
