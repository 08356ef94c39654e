"""The kind `key-withdrawal`: a change of a key that waits does not take effect."""

from typing import ClassVar, Literal

from pydantic import Field

from ..field import KeyText
from ..keys import is_pending, withdraws
from ..kind import Kind
from ..record import Rows
from ..signing import Signing


class KeyWithdrawal(Kind):
    """Withdraws a change of a key of the party that has not taken effect yet: the key is never in force, or is not revoked. One key
    in force is enough for it."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("holder of the key")
    demands: ClassVar[Rows] = (is_pending("key"),)
    remembers: ClassVar[Rows] = (withdraws("key"),)

    kind: Literal["key-withdrawal"]
    key: KeyText = Field(description="The public key whose change is withdrawn.")
