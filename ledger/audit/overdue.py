"""What is overdue: what a project promised by a day that has passed."""

from __future__ import annotations

from collections.abc import Iterator

from ..amount import to_text
from ..books.gift import split_ref
from ..books.promise import waiting
from ..books.state import Books
from ..findings.finding import Finding


def overdue(books: Books, as_of: str) -> Iterator[Finding]:
    """Receipts and feedback that are overdue on the day `as_of`, by the days that the projects promised."""
    for ref, row in books.disbursement.items():
        for due in waiting(books, ref, row):
            if due.due_on < as_of:
                unit = row.tape.partition("/")[2]
                declared = books.unit.get(unit)
                amount = to_text(due.amount, declared.exponent if declared else 0, unit)
                message = f"{amount} from fund {row.fund} has no {due.stage}; it was due on {due.due_on}"
                yield Finding(*split_ref(ref), f"overdue-{due.stage}", message)
