"""The kind `recovery`: operator and overseer give a party that lost its keys a new one."""

from typing import ClassVar, Literal

from pydantic import Field

from ..field import KeyText, PartyId, Slug, Text
from ..keys import gives_key, is_new_key, revokes_all, tells_of_recovery, was_admitted
from ..kind import Kind
from ..record import Rows
from ..signing import Signing


class Recovery(Kind):
    """Revokes every key of a party and gives it a new one. Every later audit reports it."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("operator", must=("auditor or regulator", "new key"))
    demands: ClassVar[Rows] = (was_admitted("party"), is_new_key("key"), tells_of_recovery("party", "reason"))
    remembers: ClassVar[Rows] = (revokes_all("party"), gives_key("key", "officer", "party"))

    kind: Literal["recovery"]
    party: PartyId = Field(description="The party that lost its keys.")
    key: KeyText = Field(description="Its new public key.")
    officer: Slug = Field(description="The officer who holds the new key.")
    reason: Text = Field(description="What happened to the old keys.")
