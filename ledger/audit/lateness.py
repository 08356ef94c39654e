"""Traceability: what a project promised by a day and did not show."""

from __future__ import annotations

from collections.abc import Iterator

from ..amount import to_text
from ..books.gift import due_stage, split_ref
from ..books.life import best_level, reported_up_to
from ..books.state import Books
from .finding import Finding


def overdue(books: Books, as_of: str) -> Iterator[Finding]:
    """Receipts and feedback that are late on the day `as_of`, by the projects' own days."""
    for ref, row in books.disbursement.items():
        kept = row.amount - row.returned
        _, received = best_level(row)
        reported = min(reported_up_to(books, row), kept)
        for state, missing in (("paid", kept - received), ("received", min(received, kept) - reported)):
            if missing <= 0:
                continue
            stage, due = due_stage(books, ref, state)
            if due and due < as_of:
                unit = row.tape.partition("/")[2]
                declared = books.unit.get(unit)
                amount = to_text(missing, declared.exponent if declared else 0, unit)
                yield Finding(*split_ref(ref), f"overdue-{stage}", f"{amount} of {row.fund} have no {stage}; due {due}")
