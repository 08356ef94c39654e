"""The kind `key-revocation`: a key cannot sign anything after this entry."""

from typing import ClassVar, Literal

from pydantic import Field

from ..field import KeyText
from ..keys import in_force, revokes
from ..kind import Kind
from ..record import Rows
from ..signing import Signing


class KeyRevocation(Kind):
    """Revokes a key of the party that says it. The key may sign its own revocation."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("holder of the key", must=("own rule",))
    demands: ClassVar[Rows] = (in_force("key"),)
    remembers: ClassVar[Rows] = (revokes("key"),)

    kind: Literal["key-revocation"]
    key: KeyText = Field(description="The public key that signs nothing from now on.")
    reason: Literal["rotated", "lost", "compromised", "officer-left"] = Field(description="Why the key is revoked.")
