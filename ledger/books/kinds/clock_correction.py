"""The kind `clock-correction`: the operator's clock was wrong, and the log goes back to the true time."""

from typing import ClassVar, Literal

from pydantic import Field

from ..clock import is_rare, knew_before, sets_clock, stands_alone, tells_of_correction, turns_back
from ..field import Text
from ..kind import Kind
from ..record import Rows
from ..signing import Signing
from ..stamp import follows_stamps


class ClockCorrection(Kind):
    """Turns the clock of the log back to the time of its own entry, after entries under a clock that was ahead. Every later audit
    reports it."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("operator", must=("own rule", "auditor or regulator"))
    demands: ClassVar[Rows] = (
        stands_alone(), turns_back(), is_rare(), knew_before(), follows_stamps(), tells_of_correction("reason"),
    )  # fmt: skip
    remembers: ClassVar[Rows] = (sets_clock(),)

    kind: Literal["clock-correction"]
    reason: Text = Field(description="Why the clock was wrong, and since when.")
