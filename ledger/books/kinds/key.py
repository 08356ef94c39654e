"""The kind `key`: a party gives one of its officers a key."""

from typing import ClassVar, Literal

from pydantic import Field

from ..field import KeyText, KindNames, Slug
from ..keys import gives_key_later, is_new_key, limits, signed_by_another
from ..kind import Kind
from ..record import Rows
from ..signing import Signing


class Key(Kind):
    """Gives an officer of the party a key. The new key signs too, and is in force after the party's delay. A key on a server can be
    limited to some kinds of records."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("any party", must=("own rule or delay", "new key"))
    demands: ClassVar[Rows] = (is_new_key("key"), signed_by_another("key"))
    remembers: ClassVar[Rows] = (gives_key_later("key", "officer"), limits("key", "kinds"))

    kind: Literal["key"]
    key: KeyText = Field(description="The officer's new public key.")
    officer: Slug = Field(description="The officer who holds the key.")
    kinds: KindNames | None = Field(None, description="The only kinds of records that the key signs; if left out, all.")
