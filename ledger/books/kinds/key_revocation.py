"""The kind `key-revocation`: a key cannot sign anything any more."""

from typing import ClassVar, Literal

from pydantic import Field

from ..field import KeyText
from ..keys import in_force, revokes, tells_of_takeover
from ..kind import Kind
from ..record import Rows
from ..signing import Signing


class KeyRevocation(Kind):
    """Revokes a key of the party that says it: at once if that key signs too, otherwise after the party's delay."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("holder of the key", must=("own rule or delay",))
    demands: ClassVar[Rows] = (in_force("key"), tells_of_takeover("key"))
    remembers: ClassVar[Rows] = (revokes("key"),)

    kind: Literal["key-revocation"]
    key: KeyText = Field(description="The public key that is to sign nothing any more.")
    reason: Literal["rotated", "lost", "compromised", "officer-left"] = Field(description="Why the key is revoked.")
