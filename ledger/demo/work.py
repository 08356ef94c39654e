"""What charities do with money and goods: assign, pay, deliver, acknowledge, report."""

from __future__ import annotations

from ..books.rows import Disbursement
from .private import evidence
from .stage import Record, Stage

# Up to this amount one officer signs a payment alone.
ALONE = 10_00


def allocation(fund: str, to: str, amount: int, unit: str = "CNY") -> Record:
    """Money or goods go from a fund to one below it."""
    return {"kind": "allocation", "fund": fund, "to": to, "unit": unit, "amount": amount}


def progress(stage: Stage, activity: str, note: str, milestone: str = "") -> Record:
    """What was done today, with a photograph."""
    record = {
        "kind": "progress", "activity": activity, "done_on": stage.clock.today(), "note": note,
        "evidence": [evidence(stage.chance, "image/jpeg", 184_000 + stage.chance.below(40_000))],
    }  # fmt: skip
    return {**record, "milestone": milestone} if milestone else record


def assign(stage: Stage, charity: str, project: str, activity: str, amount: int, note: str) -> str:
    """Assign money to an activity; the charity also records what it begins. Returns the reference of the allocation."""
    return stage.say(charity, allocation(project, activity, amount), progress(stage, activity, note))[0]


def payment(stage: Stage, charity: str, fund: str, payee: str, amount: int, **more: object) -> Record:
    """A payment by invoice, today. `more`: goods bought, the payee's own fund, a cost class."""
    return {
        "kind": "payment", "fund": fund, "unit": "CNY", "amount": amount, "payee": payee, "cost_class": "programme",
        "paid_on": stage.clock.today(), "invoice": stage.reference(charity, "invoice"), "channel": "bank-transfer",
        "channel_ref": stage.reference(charity, "bank-transfer"), **more,
    }  # fmt: skip


def pay(stage: Stage, charity: str, fund: str, payee: str, amount: int, **more: object) -> str:
    """Pay money; two officers sign larger amounts. Returns the reference of the payment."""
    return stage.say(charity, payment(stage, charity, fund, payee, amount, **more), both=amount > ALONE)[0]


def deliver(stage: Stage, charity: str, fund: str, unit: str, amount: int, to: str) -> str:
    """Hand over goods."""
    return stage.say(charity, {
        "kind": "delivery", "fund": fund, "unit": unit, "amount": amount, "to": to, "delivered_on": stage.clock.today(),
    })[0]  # fmt: skip


def paid(stage: Stage, ref: str) -> Disbursement:
    """A payment or delivery, as the books know it."""
    row = stage.sequencer.books.disbursement.get(ref)
    assert row is not None, "a chapter before made it"
    return row


def acknowledge(stage: Stage, *refs: str, part: int = 100) -> None:
    """The recipient of the money or the goods acknowledges it; if it has no key, the payer declares it."""
    receipts = []
    for ref in refs:
        row = paid(stage, ref)
        by, level = (row.payee, "recipient-signed") if stage.keys.get(row.payee) else (row.party, "self-declared")
        receipts.append(stage.sign(by, [receipt(stage, ref, row.amount * part // 100, level)]))
    stage.enter(receipts)


def receipt(stage: Stage, of: str, amount: int, level: str) -> Record:
    """A receipt for `amount` of a payment or delivery, made today."""
    return {"kind": "receipt", "of": of, "amount": amount, "level": level, "received_on": stage.clock.today()}


def witness(stage: Stage, *refs: str) -> None:
    """An inspector was there and saw it: a receipt by a third party."""
    stage.say("field-watch", *(receipt(stage, ref, paid(stage, ref).amount, "third-party") for ref in refs))


def report(stage: Stage, by: str, indicator: str, value: int, measured_in: str, method: str, **about: object) -> None:
    """Report a result: of `payments`, or of an `activity` since its first day."""
    period = {"from_day": "2026-09-01", "to_day": stage.clock.today()} if "activity" in about else {}
    stage.say(by, {
        "kind": "feedback", "indicator": indicator, "value": value, "measured_in": measured_in, "method": method,
        "reported_on": stage.clock.today(), **period, **about,
    })  # fmt: skip
