"""Labels of references: which one a use has on a day, and the references of invoices (formats §5)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from ..books.mandate import label_for
from ..books.state import Books
from ..errors import UsageError
from .channel_reference import commit_reference, normal_reference

# The labels of invoices and of accounts, whose keys are never destroyed: the last day that a record can name.
INVOICES, ACCOUNTS, NEVER = "invoices", "accounts", "2999-12-31"


def commit_invoice(key: bytes, label: str, payee: str, number: str) -> str:
    """The reference of an invoice: as `commit_reference`, over `invoice` ‖ 0x00 ‖ payee ‖ 0x00 ‖ number. No reference of a channel
    has the same input, because no reference contains 0x00."""
    return commit_reference(key, label, "invoice", f"{payee}\0{normal_reference(number)}")


def commit_account(key: bytes, label: str, number: str) -> str:
    """The reference of an account: as `commit_reference`, over `account` ‖ 0x00 ‖ 0x00 ‖ number. No channel has that
    input either."""
    return commit_reference(key, label, "account", f"\0{normal_reference(number)}")


def label_chooser(books: Books, party: str, use: str) -> Callable[[str], str]:
    """The function that gives the label of a use, a channel or `invoices`, on a day. It raises UsageError if the party's mandate
    names labels for the use and none for that day."""

    @cache
    def label_of(day: str) -> str:
        label = label_for(books, party, use, day)
        if label is None:
            words = f"{use}: the mandate of {party} names no label for {day}; record a mandate that does"
            raise UsageError(words, rule="reference-key", where="channel")
        return label

    return label_of
