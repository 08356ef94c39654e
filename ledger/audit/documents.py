"""Documents that are shown for receipts of two statements (books §2)."""

from __future__ import annotations

from collections.abc import Container, Iterator

from ..entries.leaf import Leaf, document_key, documents_of_statement
from ..entries.statement import Statement
from ..examination.examine import fingerprints
from ..findings.finding import Finding

Place = tuple[int, int]


class Documents:
    """The documents whose keys occur more than once, as a walk along the log meets them. Whoever showed a document first, in any
    record, may show it in the receipts of one statement, whatever others did with it since: a digest is public, and anyone can
    copy it."""

    def __init__(self, repeated: Container[bytes]) -> None:
        self._repeated = repeated
        self._shown_by: dict[str, str] = {}
        self._first: dict[tuple[str, str], Place] = {}

    def twice(self, leaf: Leaf) -> Iterator[Finding]:
        """The receipts of the next entry that show a document again."""
        index, party = leaf.entry.index, leaf.statement.party
        for key in filter(self._is_repeated, _shown(leaf.statement)):
            self._shown_by.setdefault(key, party)
        for number, key in documents_of_statement(leaf.statement):
            if not self._is_repeated(key):
                continue
            first = self._first.get((key, party if self._shown_by[key] == party else ""))
            for whose in ("", party):
                self._first.setdefault((key, whose), (index, number))
            if first is not None:
                yield Finding(index, number, "document-twice", f"{first[0]}.{first[1]} shows the same document for another receipt")

    def _is_repeated(self, key: str) -> bool:
        return fingerprints([key.encode()]) in self._repeated


def _shown(statement: Statement) -> Iterator[str]:
    """The keys of all documents and files that a statement shows, for whatever."""
    for record in statement.records:
        for digest in (*record.documents(), *(file.digest for file in getattr(record, "evidence", None) or ())):
            yield document_key(digest)
