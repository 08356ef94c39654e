"""The kind `acknowledgement`: operator and auditor close a finding; it stays visible."""

from typing import ClassVar, Literal

from ..claims import in_log
from ..field import Ref, Slug, Text
from ..kind import Kind
from ..record import Rows, Signing


class Acknowledgement(Kind):
    """Closes the finding `finding` about the record `of`."""

    stage: ClassVar[str] = "control"
    signing: ClassVar[Signing] = Signing("operator", must=("auditor or regulator",))
    demands: ClassVar[Rows] = (in_log("of"),)

    kind: Literal["acknowledgement"]
    finding: Slug
    of: Ref
    note: Text
