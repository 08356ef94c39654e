"""The kind `key`: a party gives one of its officers a key."""

from typing import ClassVar, Literal

from ..field import KeyText, Slug
from ..keys import gives_key, is_new_key, signed_by_another
from ..record import Record, Rows, Signing


class Key(Record):
    """Adds a key of an officer to the party that makes the record; the new key must sign too."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("any party", must=("own rule", "new key"))
    demands: ClassVar[Rows] = (is_new_key("key"), signed_by_another("key"))
    remembers: ClassVar[Rows] = (gives_key("key", "officer"),)

    kind: Literal["key"]
    key: KeyText
    officer: Slug
