"""The public list of money whose source is not stated."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ledger.books.state import Books
from ledger.view.unstated import unstated
from tests.language import a_ledger


class Snapshot(NamedTuple):
    """What the list asks of a snapshot."""

    books: Books

    def once(self, question: Callable[[Any], Any]) -> Any:
        """Its answer."""
        return question(self)


def test_it_has_what_is_not_void_with_the_newest_first():
    ledger = a_ledger().play("""
        hope: income 3.00 CNY -> general income_class=unstated received_on=2026-09-07 as first; income 1.00 CNY -> general
        hope: income 4.00 CNY -> general income_class=unstated as wrong
        hope: reversal of ^wrong
        friends: fund purse unrestricted; income 5.00 CNY -> purse income_class=unstated as third
    """)
    found = unstated(Snapshot(ledger.books))
    assert [(one.ref, one.row.party, one.row.amount) for one in found] == [
        (ledger.labels["third"], "friends", 500), (ledger.labels["first"], "hope", 300),
    ]  # fmt: skip
    assert unstated(Snapshot(ledger.books), party="hope") == found[1:]
