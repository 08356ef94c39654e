"""Mutations of bank statements, and of receipts that the bank confirms."""

from __future__ import annotations

from typing import Any

from ledger.entries.channel_reference import commit_reference

from .banking import LINES, OFFICERS, SAVINGS, counted, mandate, opened, stated
from .cast import LABEL, account_ref, channel_ref, seed
from .mutation import WHOLE
from .on_rows import CHARITY
from .tabled import TODAY, YESTERDAY, By, by, case, delivered, malformed, paid, receipt
from .telling import a

SIGNED = f"{CHARITY} {SAVINGS}"
REFERENCE = commit_reference(seed("channel references 2026"), LABEL, "transfer", "T-3")
LATER = {"from_day": "2026-04-25", "to_day": "2026-04-25", "opening": 529}


def transfer(amount: int, **members: Any) -> dict[str, Any]:
    """A payment out of the account on the first day of the bank's statement."""
    way = {"channel": "transfer", "channel_ref": REFERENCE}
    fund = members.pop("fund", "hope-well")
    return paid(fund, amount, **{"paid_on": "2026-04-22", **way, **members})


def confirmed(of: str, amount: int, number: int = 0, statement: str = "statement.0", **members: Any) -> dict[str, Any]:
    """The charity's receipt, with a line of the bank statement."""
    line = members.pop("line", {})
    return receipt(of, amount, **{
        "level": "confirmed", "received_on": LINES[number].day, "line": opened(number, statement, **line), **members,
    })  # fmt: skip


def wrong(name: str, does: str, *said: By, rule: str = "bank-line", also: tuple[tuple[str, int, int], ...] = ()) -> None:
    """The last receipt opens a line that it may not open."""
    case(f"{rule}-{name}", does, rule, *said, also=also)


PAID = by(CHARITY, transfer(30))
wrong("of-another-amount", "A receipt opens a line as if more had gone out.", PAID,
      by(CHARITY, confirmed("first.0", 29), confirmed("first.0", 1, line={"amount": 31})))
wrong("of-money-that-came-in", "A receipt opens a line by which money came in.", PAID, by(CHARITY, confirmed("first.0", 1, 1)))
wrong("at-another-place", "A receipt opens a line at the place of another.", PAID,
      by(CHARITY, confirmed("first.0", 1, line={"number": 2})))
wrong("beyond-the-last", "A receipt opens a line behind the last one.", PAID,
      by(CHARITY, confirmed("first.0", 1, 4, line={"number": 5})))
wrong("of-a-shorter-statement", "A receipt says that a statement has fewer lines than it has.", PAID,
      by(CHARITY, confirmed("first.0", 1, 0, line={"line_count": 6})))
wrong("by-a-path-that-is-too-long", "The path from a line to the root has a step too many.", PAID,
      by(CHARITY, confirmed("first.0", 1, 4, line={"path": [*opened(4, "")["path"], "0" * 64]})))
wrong("by-a-path-that-is-too-short", "The path from a line to the root lacks its last step.", PAID,
      by(CHARITY, confirmed("first.0", 1, 0, line={"path": opened(0, "")["path"][:-1]})))
wrong("of-another-day", "A receipt opens a line and says another day.", PAID,
      by(CHARITY, confirmed("first.0", 1, received_on="2026-04-23")))
wrong("that-was-opened-before", "Two receipts that open one line say together more than it.", by(CHARITY, transfer(40)),
      by(CHARITY, confirmed("first.0", 17), confirmed("first.0", 13), confirmed("first.0", 1)))
AGAIN = stated(from_day="2026-04-21", to_day="2026-04-22")
wrong("of-a-day-that-another-statement-told", "The same days are in two statements, and each confirms a payment by its line.",
      by(CHARITY, transfer(60)), by(SIGNED, AGAIN), by(CHARITY, confirmed("first.0", 30), confirmed("first.0", 30, 0, "second.0")),
      also=(("bank-statement-gap", 1, 0),))
wrong("of-a-statement-that-no-bank-signed", "A receipt opens a line of a statement that only the charity signed.",
      PAID, by(OFFICERS, stated(account=account_ref("6222 0002"))), by(CHARITY, confirmed("first.0", 1, statement="second.0")))
wrong("of-another-channel", "A receipt opens a line of an account by which the payment was not made.",
      by(CHARITY, paid("hope-well", 30, paid_on="2026-04-22")), by(CHARITY, confirmed("first.0", 1)))
wrong("of-another-tree", "A receipt opens a line of an account whose money is in another fund tree.",
      PAID, by(SIGNED, stated(fund="hope-endowment", account=account_ref("6222 0002"))),
      by(CHARITY, confirmed("first.0", 1, statement="second.0")))
wrong("of-another-unit", "A receipt opens a line of an account in another currency.",
      PAID, by(SIGNED, stated(unit="USD")), by(CHARITY, confirmed("first.0", 1, statement="second.0")))
wrong("of-a-day-outside-the-statement", "The day of a line is not within the days of its statement.",
      PAID, by(SIGNED, stated(account=account_ref("6222 0002"), from_day="2026-04-23")),
      by(CHARITY, confirmed("first.0", 1, statement="second.0")))
wrong("of-no-statement", "A receipt opens a line of a record that is not a bank statement.",
      PAID, by(CHARITY, confirmed("first.0", 1, statement="first.0")), rule="reference")
case("day-of-a-line-before-the-payment", "The money left the account two days before it was paid.", "day",
     by(CHARITY, transfer(30, paid_on="2026-04-24")), by(CHARITY, confirmed("first.0", 1)))

case("authority-of-a-bank-that-does-not-keep-the-money", "A bank confirms a payment that was not made by its channel.", "authority",
     by(CHARITY, paid("hope-well", 30, paid_on="2026-04-22")), by(SAVINGS, receipt("first.0", 1, level="confirmed")))
case("authority-of-a-bank-that-confirms-what-it-was-paid", "A bank confirms a payment to itself, instead of signing for it.",
     "authority", by(CHARITY, transfer(30, payee="savings")), by(SAVINGS, receipt("first.0", 1, level="confirmed")))
case("authority-of-a-bank-that-confirms-a-delivery", "A bank confirms that goods arrived.", "authority",
     by(CHARITY, delivered("school-books", 1)), by(SAVINGS, receipt("first.0", 1, level="confirmed")))
case("authority-of-a-bank-that-the-mandate-dropped", "The mandate names another custodian, and the one before confirms a payment.",
     "authority", by(SAVINGS, receipt("transfers.1", 1, level="confirmed")), by(OFFICERS, mandate(channels=[])),
     by(SAVINGS, receipt("transfers.1", 1, level="confirmed")))
case("authority-of-a-vendor-that-the-mandate-names", "The mandate names a shop as custodian, and the shop confirms a payment.",
     "authority", by(OFFICERS, mandate(channels=[{"channel": "transfer", "custodian": "shop"}])),
     by(CHARITY, transfer(30, payee="press")), by("shop.zhao", receipt("second.0", 1, level="confirmed")))
case("authority-of-a-charity-that-confirms", "A charity confirms its own payment, and opens no line.", "authority",
     by(CHARITY, receipt("transfers.1", 1, level="confirmed")))
case("authority-of-a-bank-that-opens-a-line", "A bank makes the receipt that only the charity can make, with a line.", "authority",
     PAID, by(SAVINGS, confirmed("first.0", 1)))
case("authority-to-say-a-bank-statement", "A platform says what was in a charity's account.", "authority",
     by(f"gate.sun {SAVINGS}", stated(account=account_ref("6222 0002"))))
case("authority-of-a-bank-beside-another-channel", "A bank signs the statement of an account that it does not keep.", "authority",
     by(f"{OFFICERS} {SAVINGS}", stated(account=account_ref("6222 0002"), channel="cash")), at=(0, -1))
case("approval-to-say-a-bank-statement", "One officer of two says what was in an account, and no bank signs.", "approval",
     by(SIGNED, stated(**LATER)), by(CHARITY, stated(account=account_ref("6222 0002"))))
case("approval-of-a-statement-by-a-bank-of-another-channel", "The bank that signs does not keep the account.", "approval",
     by(SIGNED, stated(account=account_ref("6222 0002"), channel="cash")), also=(("authority", 0, -1),))

case("reference-of-a-bank-statement-below-the-root", "A bank statement names a fund below the root of its tree.", "reference",
     by(SIGNED, stated(fund="hope-school", account=account_ref("6222 0002"))))
case("reference-of-an-account-of-two-trees", "An account has the money of two fund trees.", "reference",
     by(SIGNED, stated(fund="hope-endowment", unit="USD")), by(SIGNED, stated(fund="hope-endowment", **LATER)))
case("reference-of-an-account-under-another-label", "The number of an account is committed under the label of a year.", "reference",
     by(SIGNED, stated(account=channel_ref("T-1"))))
case("day-of-a-bank-statement", "A bank statement ends in the future.", "day",
     by(SIGNED, stated(account=account_ref("6222 0002"), from_day=TODAY, to_day="2026-05-07")))
case("bank-statement-gap", "A bank statement begins two days after the one before ends.", "bank-statement-gap",
     by(SIGNED, stated(**LATER, closing=7)), by(SIGNED, stated(from_day="2026-04-26", to_day=YESTERDAY, opening=7)),
     by(SIGNED, stated(from_day=TODAY, to_day=TODAY, opening=529)),
     by(SIGNED, stated(from_day="2026-05-05", to_day="2026-05-05", opening=529)))
case("bank-statement-gap-of-the-balance", "A bank statement opens with another balance than the one before closes with.",
     "bank-statement-gap", by(SIGNED, stated(**{**LATER, "opening": 528})))
# Stocktakes, and what was there when the books began.
COUNTED = f"{OFFICERS} auditco.chen"
case("reference-of-a-stocktake-below-the-root", "A stocktake names a fund below the root of its tree.", "reference",
     by(COUNTED, counted("mask-n95", 80, fund="hope-school")))
case("day-of-a-stocktake", "A stocktake is of a day that is still to come.", "day",
     by(COUNTED, counted("mask-n95", 80, counted_on="2026-05-07")))
case("approval-of-who-counted", "A stocktake says that an auditor counted, who has not signed.", "approval",
     by(COUNTED, counted("mask-n95", 80)), by(OFFICERS, counted("mask-n95", 80, counted_by="hope"), counted("mask-n95", 80)))
case("approval-to-say-a-stocktake", "One officer of two says alone what was counted.", "approval",
     by(CHARITY, counted("mask-n95", 80, counted_by="hope")))
case("authority-to-say-a-stocktake", "A platform says what a charity has in its store.", "authority",
     by("gate.sun auditco.chen", counted("mask-n95", 80)))


def opens_unconfirmed(name: str, does: str, *said: By, also: tuple[tuple[str, int, int], ...] = ()) -> None:
    """What was there when the books began is not what was shown."""
    case(f"opening-unconfirmed-{name}", does, "opening-unconfirmed", *said, at=(WHOLE, WHOLE), also=also)


OPENED = {"fund": "hope-general", "unit": "CNY", "income_class": "opening-balance", "channel": "own", "source": "Closing of 2025"}
FIRST = "2026-01-01"
opens_unconfirmed("by-a-unit", "A charity had one unit more than its bank and its count show.",
                  by(CHARITY, a("income", **OPENED, amount=1, received_on=FIRST)))
opens_unconfirmed("on-another-day", "A charity has an opening balance on the day after its books began.",
                  by(CHARITY, a("income", **OPENED, amount=1, received_on="2026-01-02")))
opens_unconfirmed("because-it-was-counted-again", "The cash is counted again, and is one unit less.",
                  by(OFFICERS, counted("CNY", 999, counted_on=FIRST, counted_by="hope")))
opens_unconfirmed("because-the-bank-says-otherwise", "The bank says another opening balance of the same account.",
                  by(SIGNED, stated(account=account_ref("6222 0009"), from_day=FIRST, to_day="2026-01-30", opening=4001)),
                  also=(("bank-statement-gap", 0, 0),))
NEXT = {"account": account_ref("6222 0009"), "from_day": "2026-02-01", "to_day": "2026-02-28", "opening": 529}
opens_unconfirmed("because-a-statement-is-said-again", "What an account held first is said again after its next statement.",
                  by(CHARITY, a("income", **OPENED, amount=4000, received_on=FIRST)), by(SIGNED, stated(**NEXT)),
                  by(SIGNED, stated(**{**NEXT, "from_day": FIRST, "to_day": "2026-01-31", "opening": 4000})),
                  also=(("bank-statement-gap", 2, 0),))
malformed("bank-statement-that-ends-before-it-begins", "A bank statement ends before it begins.", SIGNED,
          stated(from_day="2026-04-23", to_day="2026-04-22"))
malformed("receipt-of-a-recipient-with-a-line", "A recipient's receipt opens a line of a bank statement.", "shop.zhao",
          confirmed("transfers.1", 1, level="recipient-signed"))
malformed("label-of-accounts-with-an-end", "A mandate names a label for accounts that ends.", OFFICERS,
          mandate(labels=[{"label": "a", "use": "accounts", "from_day": "2026-01-01", "until_day": "2026-12-31"}]))
