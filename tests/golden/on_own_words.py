"""Mutations of receipts by which somebody confirms what went to itself, to a relative, or to nobody."""

from __future__ import annotations

from typing import Any

from ledger.entries.channel_reference import commit_reference

from .banking import OFFICERS, SAVINGS, mandate, stated
from .cast import LABEL, channel_ref, evidence, seed
from .on_banks import LATER, SIGNED, confirmed, transfer, wrong
from .on_corrections import corrected
from .on_grants import GATE
from .on_payees import group, without
from .on_returned import GIVEN, back
from .on_rows import CHARITY
from .tabled import TODAY, By, by, case, delivered, paid, receipt
from .telling import a

OTHER = {"channel_ref": commit_reference(seed("channel references 2026"), LABEL, "transfer", "T-4")}
CHARGES = by(CHARITY, without(transfer(30, cost_class="administration"), "payee", **group("bank-charges", 1)))
KEPT = by(CHARITY, without(delivered("school-books", 1, unit="book"), "to", **group("own-use", 1)))
OF_SHOP = a("relation", of="shop", to="savings", nature="significant-influence", starts_on=TODAY)
EYES = "eyes.luo"


def seen(level: str = "third-party", **members: Any) -> dict[str, Any]:
    """A receipt of the payment or delivery, by somebody who did not get it."""
    return receipt("first.0", 1, **{"level": level, **members})


wrong("of-what-the-bank-was-paid", "A receipt opens the bank's line of what the bank was paid itself.",
      by(CHARITY, transfer(30, payee="savings")), by(CHARITY, confirmed("first.0", 1)))
wrong("of-bank-charges", "A receipt opens the bank's line of what the bank kept as its charges.", CHARGES,
      by(CHARITY, confirmed("first.0", 1)))
wrong("of-a-relative-of-the-bank", "A receipt opens the line of a bank that has been related to the payee since today.",
      by(CHARITY, transfer(30)), by(SAVINGS, OF_SHOP), by(CHARITY, confirmed("first.0", 1)))
wrong("of-two-payees", "One line is opened for a payment to a shop, twice, and for one to a printer.",
      by(CHARITY, transfer(12), transfer(12, payee="press", **OTHER)),
      by(CHARITY, confirmed("first.0", 5), confirmed("first.0", 5), confirmed("first.1", 1)))
case("authority-of-a-bank-that-confirms-its-charges", "A bank confirms what it kept as its charges.", "authority", CHARGES,
     by(SAVINGS, seen("confirmed")))
case("authority-of-a-bank-as-third-party-to-its-charges", "An inspector has seen bank charges, and so has the bank that got them.",
     "authority", CHARGES, by(EYES, seen()), by(SAVINGS, seen()))
case("authority-of-a-third-party-to-own-use", "An inspector says that what a charity kept for its own use arrived.", "authority",
     KEPT, by(EYES, seen()))
case("reference-of-a-grant-by-the-payers-paper", "The payer of a grant to a party without a key shows a paper of its own.",
     "reference", by(GATE, paid("gate-school", 10, payee="press", grant={})), by(GATE, seen(
         "documented", document=channel_ref("R-77"),
         evidence=evidence("shelves.txt"))), also=(("document-twice", 1, 0),))

case("reference-of-an-account-of-another-channel", "An account of one channel goes on as one of another.", "reference",
     by(SIGNED, stated(**LATER, closing=7)),
     by(f"{OFFICERS}", stated(from_day="2026-04-26", to_day="2026-04-26", opening=7, closing=900, channel="wire")))


def by_gate(*said: By) -> tuple[By, ...]:
    """The charity names the platform as custodian of the channel in place of the bank."""
    return (by(OFFICERS, mandate(channels=[{"channel": "transfer", "custodian": "gate"}])), *said)


case("reference-of-an-account-that-another-bank-signs", "A charity has a friend sign how an account of its bank went on.",
     "reference", *by_gate(by(f"{OFFICERS} gate.sun", stated(**LATER))))

BEFORE = "2026-05-04"
case("day-of-a-correction-after-its-bank", "A payment is moved to a day long after that on which its bank saw it.", "day",
     by(CHARITY, transfer(30)), by(CHARITY, confirmed("first.0", 1)), by(OFFICERS, corrected("first.0", day="2026-04-23")),
     by(OFFICERS, corrected("first.0", day="2026-04-24")))
case("day-of-a-correction-of-a-return", "A grant that was paid back is moved to two days before it was taken.", "day", *GIVEN,
     by(CHARITY, back()), by(OFFICERS, corrected("third.0", day="2026-05-05")), by(OFFICERS, corrected("third.0", day=BEFORE)))
