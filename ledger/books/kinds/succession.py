"""The kind `succession`: this log continues another one that ended, from its entries on."""

from typing import ClassVar, Literal

from ..field import Count, HexDigest, KeyText, OriginText, Part, Text
from ..identity import continues_log, ends_log, is_new_log_key
from ..record import Record, Rows, Signing


class Continues(Part):
    """The log that ended: its name, how many of its entries come before this one, and their root."""

    origin: OriginText
    size: Count
    root: HexDigest


class Succession(Record):
    """Ends the log before it, and begins one with another name and another key. It stays a finding of every audit."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("operator", must=("own rule", "auditor or regulator"))
    demands: ClassVar[Rows] = (continues_log("continues"), is_new_log_key("log_key"))
    remembers: ClassVar[Rows] = (ends_log("continues.root", "log_key"),)

    kind: Literal["succession"]
    continues: Continues
    log_key: KeyText
    reason: Text
