"""The kind `source`: the file that records were made from."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..field import Count, HexDigest, Media, Slug
from ..kind import Kind
from ..signing import Signing


class Source(Kind):
    """Commits to an imported file by its salted digest, and says its size, its rows, and how many of them this import entered,
    already knew, and left out."""

    stage: ClassVar[str] = "control"
    signing: ClassVar[Signing] = Signing("any party")

    kind: Literal["source"]
    media: Media = Field(description="The file's media type, such as text/csv.")
    bytes: Count = Field(description="The size of the file.")
    digest: HexDigest = Field(description="The SHA-256 of a secret 32-byte salt and the file.")
    rows: Count = Field(description="How many rows the file has.")
    entered: Count = Field(description="How many rows were entered now.")
    known: Count = Field(description="How many rows were entered before.")
    left_out: Count = Field(description="How many rows were left out.")
    mapping: Slug | None = Field(None, description="The name of the mapping that the file was read with.")

    @model_validator(mode="after")
    def _rows_add_up(self) -> Self:
        """`entered`, `known` and `left_out` sum to `rows`"""
        if self.entered + self.known + self.left_out != self.rows:
            raise ValueError("entered, known and left_out must add up to rows")
        return self
