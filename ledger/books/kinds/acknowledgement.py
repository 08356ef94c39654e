"""The kind `acknowledgement`: operator and auditor close a finding; it stays visible."""

from typing import ClassVar, Literal

from ..act import Act
from ..field import Ref, Slug, Text
from ..record import Record, Signing
from ..state import Books


class Acknowledgement(Record):
    """Closes the finding `finding` about the record `of`."""

    stage: ClassVar[str] = "control"
    signing: ClassVar[Signing] = Signing("operator", must=("auditor or regulator",))

    kind: Literal["acknowledgement"]
    finding: Slug
    of: Ref
    note: Text

    def check(self, books: Books, act: Act) -> None:
        act.resolve(self.of, "of")
        act.claim(self.of)
