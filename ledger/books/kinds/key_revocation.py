"""The kind `key-revocation`: a key signs nothing after this entry."""

from typing import ClassVar, Literal

from ..field import KeyText
from ..keys import in_force, revokes
from ..record import Record, Rows, Signing


class KeyRevocation(Record):
    """Revokes a key of the party that makes the record. The key itself may sign this."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("holder of the key", must=("own rule",))
    demands: ClassVar[Rows] = (in_force("key"),)
    remembers: ClassVar[Rows] = (revokes("key"),)

    kind: Literal["key-revocation"]
    key: KeyText
    reason: Literal["rotated", "lost", "compromised", "officer-left"]
