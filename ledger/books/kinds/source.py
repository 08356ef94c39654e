"""The kind `source`: a file that records were made from."""

from typing import ClassVar, Literal, Self

from pydantic import model_validator

from ..field import Count, HexDigest, Media, Name, Slug
from ..record import Record, Signing


class Source(Record):
    """The SHA-256 and size of an imported file, and how many of its rows this import recorded, knew already, and left out."""

    stage: ClassVar[str] = "control"
    signing: ClassVar[Signing] = Signing("any party")

    kind: Literal["source"]
    name: Name
    media: Media
    bytes: Count
    sha256: HexDigest
    rows: Count
    entered: Count
    known: Count
    left_out: Count
    mapping: Slug | None = None

    @model_validator(mode="after")
    def _rows_add_up(self) -> Self:
        """`entered`, `known` and `left_out` sum to `rows`"""
        if self.entered + self.known + self.left_out != self.rows:
            raise ValueError("entered, known and left_out must add up to rows")
        return self
