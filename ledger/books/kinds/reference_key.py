"""The kind `reference-key`: which key a party commits the references of a label with, said by a value that only this key gives."""

from typing import ClassVar, Literal

from ..field import Day, Digest, Name, Slug
from ..identity import commits_with, same_as_before
from ..record import Record, Rows, Signing


class ReferenceKey(Record):
    """Names the key of a label by its check value, before the first reference that is committed with it. `of` is the org-id of the
    one organisation whose references the label commits. A label has one key forever: repeating the record must not change
    anything."""

    stage: ClassVar[str] = "control"
    signing: ClassVar[Signing] = Signing("any party")
    demands: ClassVar[Rows] = (same_as_before("label", "check_value/destroy_on/of"),)
    remembers: ClassVar[Rows] = (commits_with("label", "check_value/destroy_on/of"),)

    kind: Literal["reference-key"]
    label: Slug
    check_value: Digest
    destroy_on: Day
    of: Name | None = None
