"""Things that are recorded twice under another name: a gift, an invoice, a document."""

from __future__ import annotations

from ledger.entries.channel_reference import commit_reference
from tests.golden.cast import evidence, invoice_ref, seed

from .case import CHARITY, POLICY, Hearing, attack, audit, broken
from .forging import LogForge, gift, paid, receipt, story

BILL = {"ref": invoice_ref("shop", "S-2026-17"), "amount": 100}


@attack(CHARITY, story)
def gift_recorded_again_under_the_label_of_the_next_year(f: LogForge) -> Hearing:
    """A charity records a gift of December again in January, under the label of the new year and with the day of the old."""
    again = commit_reference(seed("another channel key"), "2027", "wechat-pay", "4200000171")
    yield POLICY, broken("reference", gift(f, 1000, "hope-school", channel="wechat-pay", channel_ref=again), 0)


@attack(CHARITY, story)
def gift_without_a_reference(f: LogForge) -> Hearing:
    """A charity records a gift a second time, and leaves out what the channel called it."""
    yield POLICY, broken("reference-missing", gift(f, 1000, "hope-school", channel="wechat-pay"), 0)


@attack(CHARITY, story)
def invoice_paid_twice(f: LogForge) -> Hearing:
    """A charity pays an invoice, and pays it again out of another fund."""
    gift(f, 100)
    gift(f, 100, "hope-general")
    paid(f, 100, invoice=BILL)
    yield POLICY, broken("duplicate-invoice", paid(f, 100, "hope-general", invoice=BILL), 0)


@attack(CHARITY, story)
def invoice_paid_in_parts_that_are_too_many(f: LogForge) -> Hearing:
    """A charity pays an invoice in three parts of forty of a hundred."""
    gift(f, 200)
    paid(f, 40, invoice=BILL)
    paid(f, 40, invoice=BILL)
    yield POLICY, broken("duplicate-invoice", paid(f, 40, invoice=BILL), 0)


@attack(CHARITY, story)
def invoice_that_grows(f: LogForge) -> Hearing:
    """A charity pays an invoice, and says with the second payment that it came to twice as much."""
    gift(f, 200)
    paid(f, 100, invoice=BILL)
    yield POLICY, broken("duplicate-invoice", paid(f, 100, invoice={**BILL, "amount": 200}), 0)


@attack(CHARITY, story)
def document_for_two_receipts(f: LogForge) -> Hearing:
    """A shop shows one paper for two payments, on two days."""
    gift(f, 200)
    note = {"evidence": evidence("handover.txt")}
    first, second = paid(f, 50), paid(f, 50)
    f.append("shop.zhao", {**receipt(first, 50), **note})
    yield POLICY, audit("document-twice", f.append("shop.zhao", {**receipt(second, 50), **note}), 0)


@attack(CHARITY, story)
def document_of_another_shown_first(f: LogForge) -> Hearing:
    """A shop copies the digest of a document that a charity shows with a payment, and shows it in a receipt before the charity can:
    what is found is the shop's, and not the charity's."""
    gift(f, 200)
    note = {"evidence": evidence("handover.txt")}
    first, second = paid(f, 50, **note), paid(f, 50)
    copied = f.append("shop.zhao", {**receipt(second, 50), **note})
    f.append("hope.li2", {**receipt(first, 50, level="documented", document=invoice_ref("hope", "R-77")), **note})
    yield POLICY, audit("document-twice", copied, 0)


@attack(CHARITY, story)
def document_copied_before_its_owner_shows_it(f: LogForge) -> Hearing:
    """A shop has a charity's document from elsewhere, and shows it in a receipt before the charity has shown it at all: what is
    found is the charity's, and it is said that the document may be of either."""
    gift(f, 200)
    note = {"evidence": [{**evidence("handover.txt")[0], "digest": "c" * 64}]}
    first, second = paid(f, 50), paid(f, 50)
    f.append("shop.zhao", {**receipt(second, 50), **note})
    own = f.append("hope.li2", {**receipt(first, 50, level="documented", document=invoice_ref("hope", "R-77")), **note})
    yield POLICY, audit("document-twice", own, 0)
