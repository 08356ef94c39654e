"""Documents that are shown for receipts of two statements (books §2)."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import NamedTuple

from ..entries.leaf import Leaf, document_key, documents_of_statement
from ..entries.statement import Statement
from ..examination.examine import fingerprints
from ..findings.finding import Finding


class _Showing(NamedTuple):
    """The record (entry, record) of the party, which shows a document."""

    entry: int
    record: int
    party: str

    def __str__(self) -> str:
        return f"{self.entry}.{self.record} of {self.party}"


class Documents:
    """The documents whose keys occur more than once, as a walk along the log meets them. One statement's receipts may show a
    document: of the party that showed it first, in any record, even if others showed it in receipts before, because a digest is
    public and anyone can copy it; else those that come first. Each other one is found."""

    def __init__(self, repeated: Container[bytes]) -> None:
        self._repeated = repeated
        self._first: dict[str, _Showing] = {}
        self._allowed: dict[str, _Showing] = {}

    def twice(self, leaf: Leaf) -> Iterator[Finding]:
        """The receipts, of the next entry or before it, of which that entry tells that they show a document twice."""
        index, party = leaf.entry.index, leaf.statement.party
        for number, key in filter(self._is_repeated, _shown(leaf.statement)):
            self._first.setdefault(key, _Showing(index, number, party))
        for number, key in documents_of_statement(leaf.statement):
            if key not in self._first:  # which has every repeated key that was shown so far
                continue
            receipt = _Showing(index, number, party)
            allowed, first = self._allowed.get(key), self._first[key]
            if allowed is None:
                self._allowed[key] = receipt
            elif first.party == party != allowed.party:
                self._allowed[key] = receipt
                yield _found(allowed, receipt, first)
            else:
                yield _found(receipt, allowed, first)

    def _is_repeated(self, shown: tuple[int, str]) -> bool:
        return fingerprints([shown[1].encode()]) in self._repeated


def _found(receipt: _Showing, other: _Showing, first: _Showing) -> Finding:
    """The finding at a receipt, because another one may show the document that was shown first so."""
    message = f"{other} shows the same document for another receipt"
    if receipt.party != other.party and first not in (other, receipt):
        message += f"; {first} showed it first"
    if receipt.party != other.party and (other == first or first.party != other.party):
        message += f"; the document may be of {other.party} or of {receipt.party}"
    return Finding(receipt.entry, receipt.record, "document-twice", message)


def _shown(statement: Statement) -> Iterator[tuple[int, str]]:
    """(record, key) of all documents and files that a statement shows, for whatever."""
    for number, record in enumerate(statement.records):
        for digest in (*record.documents(), *(file.digest for file in getattr(record, "evidence", None) or ())):
            yield number, document_key(digest)
