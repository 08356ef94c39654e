"""The kind `succession`: this log continues one that ended."""

from typing import ClassVar, Literal

from pydantic import Field

from ..field import Count, HexDigest, KeyText, OriginText, Part, Text
from ..identity import continues_log, ends_log, is_new_log_key
from ..kind import Kind
from ..record import Rows
from ..signing import Signing


class Continues(Part):
    """The log that ended: its name, how many of its entries come before this one, and the root hash over them."""

    origin: OriginText = Field(description="The name of the log that ended.")
    size: Count = Field(description="How many of its entries come before this one.")
    root: HexDigest = Field(description="The root hash over them.")


class Succession(Kind):
    """Ends the log before it, and begins a log with another name and another key. Every later audit reports it."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("operator", must=("own rule", "auditor or regulator"))
    demands: ClassVar[Rows] = (continues_log("continues"), is_new_log_key("log_key"))
    remembers: ClassVar[Rows] = (ends_log("continues.root", "log_key"),)

    kind: Literal["succession"]
    continues: Continues = Field(description="The log that ended: its name, its size and its root hash.")
    log_key: KeyText = Field(description="The public key of the new log.")
    reason: Text = Field(description="Why the old log ended.")
