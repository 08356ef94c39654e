"""Banks that said nothing of the kind."""

from __future__ import annotations

from typing import Any

from ledger.entries.channel_reference import commit_reference
from ledger.log.merkle import root_of
from tests.golden.banking import LINES, SAVINGS, mandate, opened, stated
from tests.golden.cast import LABEL, account_ref, seed
from tests.golden.on_banks import FIRST, OPENED, transfer
from tests.golden.tabled import flows_of
from tests.golden.telling import a

from .case import CHARITY, LOG, OPERATOR, POLICY, WHOLE, Hearing, attack, audit, broken
from .forging import BundleForge, LogForge, bundle, gift, paid, receipt, story

OFFICERS = "hope.li2 hope.wang"
OTHER = commit_reference(seed("channel references 2026"), LABEL, "transfer", "T-4")


@attack(CHARITY, story)
def bank_statement_that_the_charity_wrote(f: LogForge) -> Hearing:
    """A charity writes a bank statement with a line for a payment that never left, signs it with both officers, and opens it."""
    own = f.append(OFFICERS, stated(account=account_ref("6222 0002")))
    said = {**receipt(f.entry["transfers"], 1, "confirmed"), "of": f"{f.entry['transfers']}.1", "received_on": LINES[2].day}
    yield POLICY, broken("bank-line", f.append("hope.wang", {**said, "line": opened(2, f"{own}.0")}), 0)


@attack(CHARITY, story)
def bank_that_the_charity_controls(f: LogForge) -> Hearing:
    """A charity names a shop that is a friend as its bank, and lets it confirm payments."""
    f.append(OFFICERS, mandate(channels=[{"channel": "cash", "custodian": "shop"}]))
    yield POLICY, broken("authority", f.append("shop.zhao", receipt(paid(f, 20), 20, "confirmed")), 0)


@attack(CHARITY, story)
def bank_line_for_two_payments(f: LogForge) -> Hearing:
    """One line of 12 is shown for payments of 12 and of 30."""
    line = opened(2, f"{f.entry['statement']}.0")
    said = {**receipt(f.entry["transfers"], 5, "confirmed"), "received_on": LINES[2].day, "line": line}
    yield POLICY, broken("bank-line", f.append("hope.wang", {**said, "of": f"{f.entry['transfers']}.0"}), 0)


@attack(CHARITY, story)
def bank_that_signs_an_empty_statement(f: LogForge) -> Hearing:
    """The bank signs a statement without lines, and the charity opens one of its own making."""
    none = stated(account=account_ref("6222 0003"), line_count=0, lines=root_of([]).hex())
    index = f.append(f"hope.wang {SAVINGS}", none)
    said = {**receipt(f.entry["transfers"], 1, "confirmed"), "of": f"{f.entry['transfers']}.1", "received_on": LINES[2].day}
    yield POLICY, broken("bank-line", f.append("hope.wang", {**said, "line": opened(2, f"{index}.0")}), 0)


def confirmed(b: BundleForge, by: str, amount: int = 30, **members: Any) -> int:
    """A gift that is spent over the bank's channel, and a receipt of that at the level `confirmed`, in a bundle of them."""
    index = gift(b.log, amount)
    start, end = b.log.value(index)["flows"][0][3:]
    pay = {**transfer(amount, fund="school-desks"), "units": [[start, end]]}
    spent = b.log.append("hope.wang", pay, flows=[[0, "-", "school-desks/CNY", start, end]])
    said = b.log.append(by, {**receipt(spent, amount, "confirmed"), "received_on": LINES[0].day, **members})
    b.show(index, spent, said, *(b.log.entry[name] for name in ("savings", "banked", "statement")))
    return said


@attack(OPERATOR, bundle)
def bundle_of_a_line_that_the_bank_did_not_write(b: BundleForge) -> Hearing:
    """The log takes a receipt with a line that the bank's statement does not have: the gift reads as confirmed by the bank."""
    name = f"{b.log.entry['statement']}.0"
    said = confirmed(b, "hope.wang", line=opened(0, name, rest=opened(1, name)["rest"]))
    yield POLICY, broken("bank-line", said, 0)
    b.whole_log = True
    yield LOG, broken("bank-line", said, 0, also=(("overdue-receipt", said - 1, 0),))


@attack(OPERATOR, bundle)
def bundle_of_a_line_of_less(b: BundleForge) -> Hearing:
    """The log takes a receipt of 31 that opens the bank's line of 30: all of the gift reads as confirmed by the bank."""
    said = confirmed(b, "hope.wang", 31, line=opened(0, f"{b.log.entry['statement']}.0"))
    yield POLICY, broken("bank-line", said, 0)
    b.whole_log = True
    yield LOG, broken("bank-line", said, 0, also=(("overdue-receipt", said - 1, 0),))


@attack(OPERATOR, bundle)
def bundle_of_a_confirmation_by_the_payer(b: BundleForge) -> Hearing:
    """The log takes a charity's receipt at the level of its bank, and no line is opened."""
    said = confirmed(b, "hope.wang")
    yield POLICY, broken("authority", said, 0)
    b.whole_log = True
    yield LOG, broken("authority", said, 0)


@attack(CHARITY, story)
def opening_balance_out_of_nothing(f: LogForge) -> Hearing:
    """A charity says that it had more when its books began, so that it can spend gifts as if they were its own money."""
    more = a("income", **OPENED, amount=9000, received_on=FIRST)
    f.append("hope.wang", more, flows=f.into("hope-general/CNY", 9000))
    yield POLICY, audit("opening-unconfirmed", WHOLE, WHOLE)


@attack(CHARITY, story)
def bank_line_in_two_statements(f: LogForge) -> Hearing:
    """A bank's statements of a month and of a week have the same line, which is shown for two payments of one sum to one shop."""
    week = f.append(f"hope.wang {SAVINGS}", stated(from_day="2026-04-21", to_day="2026-04-23"))
    both = [transfer(30), transfer(30, channel_ref=OTHER)]
    pays = f.append("hope.wang", *both, flows=flows_of(f, both))
    shown = [receipt(pays, 30, "confirmed") | {"of": f"{pays}.{number}", "received_on": LINES[0].day} for number in (0, 1)]
    f.append("hope.wang", shown[0] | {"line": opened(0, f"{f.entry['statement']}.0")})
    index = f.append("hope.wang", shown[1] | {"line": opened(0, f"{week}.0")})
    yield POLICY, broken("bank-line", index, 0, also=(("bank-statement-gap", week, 0),))


@attack(CHARITY, story)
def opening_balance_shown_twice(f: LogForge) -> Hearing:
    """A charity has a statement of its first days entered again after the next one, so that twice as much seems shown."""
    account = {"account": account_ref("6222 0009")}
    f.append("hope.wang", a("income", **OPENED, amount=4000, received_on=FIRST), flows=f.into("hope-general/CNY", 4000))
    f.append(OFFICERS, stated(**account, from_day="2026-02-01", to_day="2026-02-28", opening=529))
    again = f.append(OFFICERS, stated(**account, from_day=FIRST, to_day="2026-01-31", opening=4000))
    yield POLICY, audit("opening-unconfirmed", WHOLE, WHOLE, also=(("bank-statement-gap", again, 0),))
