"""Records that are corrected or replaced, so that something can be paid or counted twice."""

from __future__ import annotations

from typing import Any

from tests.golden.cast import channel_ref, invoice_ref
from tests.golden.telling import a

from .case import CHARITY, POLICY, Hearing, attack, broken
from .forging import LogForge, gift, paid, story
from .on_references import BILL
from .on_void import DESKS, OFFICERS, gave, undone

OTHER = {"ref": invoice_ref("shop", "S-2026-18"), "amount": 100}
TAKEN = {"channel": "bank", "channel_ref": channel_ref("INV-889")}


def corrected(of: int, **members: Any) -> dict[str, Any]:
    """The record says something else."""
    return a("correction", of=f"{of}.0", reason="Read wrongly", **members)


@attack(CHARITY, story)
def correction_that_frees_an_invoice(f: LogForge) -> Hearing:
    """One officer of two gives a payment another invoice, so that the one that it paid can be paid again."""
    gift(f, 200)
    spent = paid(f, 100, invoice=BILL)
    yield POLICY, broken("approval", f.append("hope.li2", corrected(spent, invoice=OTHER)), 0)


@attack(CHARITY, story)
def correction_to_an_invoice_that_is_paid(f: LogForge) -> Hearing:
    """A charity pays two invoices, and then says that both payments were for the first."""
    gift(f, 200)
    paid(f, 100, invoice=BILL)
    spent = paid(f, 100, invoice=OTHER)
    yield POLICY, broken("duplicate-invoice", f.append(OFFICERS, corrected(spent, invoice=BILL)), 0)


@attack(CHARITY, story)
def correction_of_a_day_to_one_to_come(f: LogForge) -> Hearing:
    """A charity moves a payment into the next year, so that nobody asks for its receipt yet."""
    spent = paid(f, 20)
    yield POLICY, broken("day", f.append(OFFICERS, corrected(spent, day="2027-01-15")), 0)


@attack(CHARITY, story)
def correction_by_the_platform(f: LogForge) -> Hearing:
    """A platform calls a charity's payment a cost of fundraising."""
    spent = paid(f, 20)
    yield POLICY, broken("authority", f.append("gate.sun", corrected(spent, cost_class="fundraising")), 0)


@attack(CHARITY, story)
def gift_that_replaces_one_that_counts(f: LogForge) -> Hearing:
    """A charity records a gift twice under the channel's number, as if the first one were void."""
    first = gift(f, 40, **TAKEN)
    yield POLICY, broken("reference", gift(f, 40, replaces=f"{first}.0", **TAKEN), 0)


@attack(CHARITY, story)
def gift_that_is_replaced_twice(f: LogForge) -> Hearing:
    """A gift is void, and two others take its place and its reference."""
    first = gift(f, 40, **TAKEN)
    was = gave(f, first)
    f.append(OFFICERS, undone(first, gave=was), flows=[[0, "-", DESKS, *was["units"][0]]])
    gift(f, 40, replaces=f"{first}.0", **TAKEN)
    yield POLICY, broken("duplicate-reference", gift(f, 40, replaces=f"{first}.0", **TAKEN), 0)
