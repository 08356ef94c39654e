"""What charities do with money and goods: assign, pay, deliver, acknowledge, report."""

from __future__ import annotations

from ..books.rows import Disbursement
from .cast import SECONDS
from .private import evidence
from .stage import Record, Stage

# Up to this amount one officer signs a payment alone.
ALONE = 10_00
BANK = "bank-transfer"


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
    """A payment by invoice, today. `more`: goods bought, a cost class."""
    return {
        "kind": "payment", "fund": fund, "unit": "CNY", "amount": amount, "payee": payee, "cost_class": "programme",
        "paid_on": stage.clock.today(), "invoice": {"ref": stage.invoice(charity, payee), "amount": amount}, "channel": BANK,
        "channel_ref": stage.reference(charity, BANK), **more,
    }  # fmt: skip


def pay(stage: Stage, charity: str, fund: str, payee: str, amount: int, **more: object) -> str:
    """Pay money. Returns the reference of the payment."""
    return say_payment(stage, charity, payment(stage, charity, fund, payee, amount, **more))


def say_payment(stage: Stage, charity: str, record: Record) -> str:
    """Two officers sign larger amounts; where a charity has one, its second signs too. Returns the reference of the payment."""
    is_large = record["amount"] > ALONE
    return stage.say(charity, record, both=is_large, also=SECONDS.get(charity, "") if is_large else "")[0]


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
    """The recipient of the money or the goods acknowledges it; if it has no key, the payer declares it and keeps the paper."""
    receipts = []
    for ref in refs:
        row = paid(stage, ref)
        amount = row.amount * part // 100
        if stage.keys.get(row.payee):
            receipts.append(stage.sign(row.payee, [receipt(stage, ref, amount, "recipient-signed")]))
        else:
            receipts.append(stage.sign(row.party, [documented(stage, ref, amount)]))
    stage.enter(receipts)


def receipt(stage: Stage, of: str, amount: int, level: str) -> Record:
    """A receipt for `amount` of a payment or delivery, made today."""
    return {"kind": "receipt", "of": of, "amount": amount, "level": level, "received_on": stage.clock.today()}


def grant(stage: Stage, party: str, source: str, fund: str, amount: int) -> Record:
    """Money for a fund of another organisation, which spends it itself."""
    owner = stage.sequencer.books.fund[fund].owner
    return payment(stage, party, source, owner, amount, grant={"fund": fund})


def take(stage: Stage, *refs: str) -> dict[str, str]:
    """Each organisation takes its grants into the funds that they are for, in one statement. Returns the receipt of each grant."""
    payees: dict[str, list[Record]] = {}
    for ref in refs:
        row = paid(stage, ref)
        taken = {**receipt(stage, ref, row.amount, "recipient-signed"), "into": row.meant_for}
        payees.setdefault(row.payee, []).append(taken)
    entries = stage.enter([stage.sign(payee, records) for payee, records in payees.items()])
    named = zip(entries, payees.values(), strict=True)
    return {record["of"]: f"{entry}.{number}" for entry, records in named for number, record in enumerate(records)}


def documented(stage: Stage, of: str, amount: int) -> Record:
    """The payer's own receipt, with the number and a scan of the paper."""
    document = stage.reference(paid(stage, of).party, "receipt")
    scan = evidence(stage.chance, "application/pdf", 61_000 + stage.chance.below(9_000))
    return {**receipt(stage, of, amount, "documented"), "document": document, "evidence": [scan]}


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
