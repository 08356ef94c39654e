"""The kind `timestamp`: what an authority stamped, so that what follows is known to be later."""

from typing import ClassVar, Literal

from pydantic import Field

from ..field import Count, HexDigest, Name, Time
from ..kind import Kind
from ..record import Rows
from ..signing import Signing
from ..stamp import is_stamped, stamped_by_now, stamps_entries


class Timestamp(Kind):
    """Holds on to the token of a timestamp authority (RFC 3161) over a checkpoint of this log: the entries under it are not later
    than its time, and the entries after this record are not earlier. One officer signs it, so that it can be done every night."""

    stage: ClassVar[str] = "control"
    signing: ClassVar[Signing] = Signing("operator")
    demands: ClassVar[Rows] = (stamps_entries("size"), stamped_by_now("time"))
    remembers: ClassVar[Rows] = (is_stamped("size/root", "time", "authority", "digest"),)

    kind: Literal["timestamp"]
    size: Count = Field(description="How many entries the stamped checkpoint has.")
    root: HexDigest = Field(description="Its root hash.")
    time: Time = Field(description="The time in the token, in UTC.")
    authority: Name = Field(description="The name of the authority, as its certificate gives it.")
    digest: HexDigest = Field(description="The SHA-256 of the file with the token, timestamps/SIZE.tsr.")
