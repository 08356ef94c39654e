"""What the books say against a record, for whoever shows it: that it is void, and which rules of conduct it broke."""

from __future__ import annotations

from typing import NamedTuple

from .state import Books


class Marks(NamedTuple):
    """The reversal `void_by` declared a record void on the day `void_on`, because of `void_reason`. The record breaks the rules of
    conduct `breach_findings`, and its party says why in `breach_reason`. None and no rules where that is not so."""

    void_by: str | None = None
    void_on: str | None = None
    void_reason: str | None = None
    breach_findings: tuple[str, ...] = ()
    breach_reason: str | None = None

    @property
    def is_void(self) -> bool:
        """Whether the record is in no sum."""
        return self.void_by is not None


def marks_of(books: Books, ref: str) -> Marks:
    """The marks of any record."""
    void, breach = books.void.get(ref), books.breach.get(ref)
    marks = Marks(void.ref, void.day, void.reason) if void else Marks()
    return marks._replace(breach_findings=breach.findings, breach_reason=breach.reason) if breach else marks
