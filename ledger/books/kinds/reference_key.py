"""The kind `reference-key`: which key a party commits the references of a label with, said by a value that only this key gives."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from ...errors import Refused
from ..act import Act, Flow
from ..field import Day, Digest, Name, Slug
from ..record import Record, Signing
from ..state import Books, ReferenceKeyRow


class ReferenceKey(Record):
    """Names the key of a label by its check value, before the first reference that is committed with it. `of` is the org-id of the
    one organisation whose references the label commits. A label has one key for ever: what is said again must be the same."""

    stage: ClassVar[str] = "control"
    signing: ClassVar[Signing] = Signing("any party")

    kind: Literal["reference-key"]
    label: Slug
    check_value: Digest
    destroy_on: Day
    of: Name | None = None

    def check(self, books: Books, act: Act) -> None:
        row = books.reference_key.get(label_key(act.party, self.label))
        if row is not None and self._row(row.since) != row:
            message = f"label {self.label!r}: has another key, day or organisation since entry {row.since}; use that key"
            raise Refused(message, rule="reference")

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        key = label_key(act.party, self.label)
        if books.reference_key.get(key) is None:
            books.reference_key.put(key, self._row(act.index))

    def _row(self, since: int) -> ReferenceKeyRow:
        return ReferenceKeyRow(self.check_value, self.destroy_on, self.of or "", since)


def label_key(party: str, label: str) -> str:
    """The key of a label's row in the books."""
    return f"{party}/{label}"
