"""The chapter of the story in which a bank says what it knows: statements of an account, and receipts of what left it."""

from __future__ import annotations

from typing import Any, NamedTuple

from ledger.bank_line import line_bytes
from ledger.canonical import to_base64url
from ledger.log.merkle import leaf_hash, prove_inclusion, root_of

from .cast import account_ref, channel_ref, officers, seed
from .telling import Telling, a

OFFICERS, SAVINGS = "hope.li2 hope.wang", "savings.he"
DAY, NEXT_DAY = "2026-04-22", "2026-04-23"
WELL = {"fund": "hope-well", "unit": "CNY", "payee": "shop", "cost_class": "programme", "channel": "transfer"}


class Said(NamedTuple):
    """A line of a bank statement: its day, amount, and which way the money went."""

    day: str
    amount: int
    way: str = "out"


LINES = (Said("2026-04-22", 30), Said("2026-04-22", 77, "in"), Said("2026-04-23", 12), Said("2026-04-23", 5), Said("2026-04-23", 1))


def _salted(number: int, what: str) -> str:
    return to_base64url(seed(f"{what} of line {number}")[: 32 if what == "rest" else 16])


def _leaf(number: int, one: Said) -> bytes:
    return leaf_hash(line_bytes(one.day, one.amount, _salted(number, "rest"), _salted(number, "salt"), one.way))


LEAVES = tuple(_leaf(number, one) for number, one in enumerate(LINES))


def opened(number: int, statement: str, /, **members: Any) -> dict[str, Any]:
    """Line `number` of the bank statement of that name, as a receipt opens it."""
    path = prove_inclusion(number, len(LEAVES), lambda level, at: root_of(LEAVES[at << level : (at + 1) << level]))
    return {
        "statement": statement, "number": number, "line_count": len(LINES), "amount": LINES[number].amount,
        "rest": _salted(number, "rest"), "salt": _salted(number, "salt"), "path": [step.hex() for step in path], **members,
    }  # fmt: skip


def stated(**members: Any) -> dict[str, Any]:
    """A statement of the charity's account, with all lines."""
    return a("bank-statement", **{
        "fund": "hope-general", "unit": "CNY", "channel": "transfer", "account": account_ref("6222 0001"), "from_day": DAY,
        "to_day": NEXT_DAY, "opening": 500, "closing": 529, "line_count": len(LINES), "lines": root_of(LEAVES).hex(), **members,
    })  # fmt: skip


def counted(unit: str, amount: int, **members: Any) -> dict[str, Any]:
    """A stocktake of the charity's goods or cash, by the auditor."""
    return a("stocktake", **{
        "fund": "hope-general", "unit": unit, "counted": amount, "counted_on": NEXT_DAY, "counted_by": "auditco", **members,
    })  # fmt: skip


def mandate(**members: Any) -> dict[str, Any]:
    """The charity's mandate, with a bank that keeps its money."""
    limits = [{"unit": "CNY", "amount": 5000}, {"unit": "mask-n95", "amount": 60}]
    return a("mandate", **{
        "thresholds": limits, "second": "auditco", "channels": [{"channel": "transfer", "custodian": "savings"}], **members,
    })  # fmt: skip


def banking(t: Telling) -> None:
    """The bank confirms one payment itself, and by the lines of its statement two others; another statement two officers sign."""
    t.day(DAY)
    t.entry["savings"] = t.say(f"op.chief {SAVINGS}", a(
        "party", id="savings", entity="organisation", roles=["custodian"], name="Savings Bank", keys=officers(SAVINGS),
    ))  # fmt: skip
    t.entry["banked"] = t.say(OFFICERS, mandate())
    t.entry["transfers"] = t.say(
        "hope.wang",
        a("payment", **WELL, amount=30, paid_on=DAY, channel_ref=channel_ref("T-1")),
        a("payment", **WELL, amount=20, paid_on=DAY, channel_ref=channel_ref("T-2")),
    )
    t.day(NEXT_DAY)
    t.say(SAVINGS, a("receipt", of=f"{t.entry['transfers']}.0", amount=25, level="confirmed", received_on=DAY))
    t.entry["statement"] = t.say(f"hope.wang {SAVINGS}", stated())
    name, of = f"{t.entry['statement']}.0", f"{t.entry['transfers']}.1"
    t.entry["confirmed"] = t.say(
        "hope.wang",
        a("receipt", of=of, amount=10, level="confirmed", received_on=NEXT_DAY, line=opened(2, name)),
        a("receipt", of=of, amount=2, level="confirmed", received_on=NEXT_DAY, line=opened(2, name)),
        a("receipt", of=of, amount=1, level="confirmed", received_on=NEXT_DAY, line=opened(4, name)),
    )
    t.say(OFFICERS, a("reversal", of=f"{t.entry['confirmed']}.1", reason="Read twice"))
    t.day("2026-04-24")
    t.entry["counted"] = t.say(
        f"{OFFICERS} auditco.chen", counted("mask-n95", 80), counted("CNY", 1000, counted_on="2026-01-01", counted_by="hope"),
        stated(account=account_ref("6222 0009"), from_day="2026-01-01", to_day="2026-01-31", opening=4000),
    )  # fmt: skip
    t.entry["unsigned"] = t.say(OFFICERS, stated(
        from_day="2026-04-24", to_day="2026-04-24", opening=529, closing=529, line_count=0, lines=root_of([]).hex(),
    ))  # fmt: skip
