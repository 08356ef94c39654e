"""The kind `reference-key`: identifies the key with which a party commits the references of a label, by a value that only this key
gives."""

from typing import ClassVar, Literal

from pydantic import Field

from ..field import Day, Digest, Name, Slug
from ..identity import commits_with, same_as_before
from ..kind import Kind
from ..record import Rows
from ..signing import Signing


class ReferenceKey(Kind):
    """Names the key of a label by its check value, before the first reference that is committed with it. A label keeps its key: a
    second record of the label must say the same."""

    stage: ClassVar[str] = "control"
    signing: ClassVar[Signing] = Signing("any party")
    demands: ClassVar[Rows] = (same_as_before("label", "check_value/destroy_on/of"),)
    remembers: ClassVar[Rows] = (commits_with("label", "check_value/destroy_on/of"),)

    kind: Literal["reference-key"]
    label: Slug = Field(description="The label of the key, such as the year it is used for.")
    check_value: Digest = Field(description="A value that only this key gives.")
    destroy_on: Day = Field(description="When the key is to be destroyed.")
    of: Name | None = Field(None, description="The org-id of the one organisation whose references it commits.")
