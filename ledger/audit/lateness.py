"""Lateness: what a project promised by a day that is over."""

from __future__ import annotations

from collections.abc import Iterator

from ..amount import to_text
from ..books.gift import split_ref
from ..books.promise import waiting
from ..books.state import Books
from .finding import Finding


def overdue(books: Books, as_of: str) -> Iterator[Finding]:
    """Receipts and feedback that are overdue on the day `as_of`, by the projects' own days."""
    for ref, row in books.disbursement.items():
        for late in waiting(books, ref, row):
            if late.due_on < as_of:
                unit = row.tape.partition("/")[2]
                declared = books.unit.get(unit)
                amount = to_text(late.amount, declared.exponent if declared else 0, unit)
                message = f"{amount} of {row.fund} have no {late.stage}; due {late.due_on}"
                yield Finding(*split_ref(ref), f"overdue-{late.stage}", message)
