"""What a caller asks about a whole log besides its verdict, answered once every entry was read and is in the books."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from ..books.state import Books
from ..findings.finding import Finding
from .accounting import Leaves


class Question(Protocol):
    """Is asked once, of a log that could be read to its end; never of one of which some entries are missing or unknown."""

    def ask(self, books: Books, leaves: Leaves) -> Iterable[Finding]:
        """What the log says, as findings; the question keeps the rest of the answer itself. `books` are those after the last
        entry, and `leaves` reads entries again. Raises Unverifiable if the source changed meanwhile."""
