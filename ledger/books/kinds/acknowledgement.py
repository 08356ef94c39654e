"""The kind `acknowledgement`: operator and auditor close a finding; it stays visible."""

from typing import ClassVar, Literal

from pydantic import Field

from ..claims import in_log
from ..field import Ref, Slug, Text
from ..kind import Kind
from ..record import Rows
from ..signing import Signing


class Acknowledgement(Kind):
    """Closes the finding `finding` about the record `of`. The finding stays visible."""

    stage: ClassVar[str] = "control"
    signing: ClassVar[Signing] = Signing("operator", must=("auditor or regulator",))
    demands: ClassVar[Rows] = (in_log("of"),)

    kind: Literal["acknowledgement"]
    finding: Slug = Field(description="The id of the finding that is closed, such as overdue-feedback.")
    of: Ref = Field(description="The record that the finding is about.")
    note: Text = Field(description="Why the finding is closed.")
