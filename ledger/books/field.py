"""The types that fields of records are made of, each with its pattern and bounds (formats §1, books §1)."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ..canonical import MAX_INTEGER, SLUG, TEXT

RANGES_PER_RECORD = 64


class Part(BaseModel):
    """A value inside a record: frozen, strict, and without room for unknown members."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


@lru_cache(maxsize=4096)
def _real_day(text: str) -> str:
    datetime.date.fromisoformat(text)
    return text


def _ascending(digests: tuple[str, ...]) -> tuple[str, ...]:
    if list(digests) != sorted(set(digests)):
        raise ValueError("must be sorted, each once")
    return digests


def _range(pair: tuple[int, int]) -> tuple[int, int]:
    if pair[0] >= pair[1]:
        raise ValueError("must be [start, end) with start below end")
    return pair


def _ranges(ranges: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    if any(left[1] >= right[0] for left, right in zip(ranges, ranges[1:], strict=False)):
        raise ValueError("must be ascending, apart from one another")
    return ranges


def _ratio(pair: tuple[int, int]) -> tuple[int, int]:
    if pair[1] == 0:
        raise ValueError("must not divide by zero")
    return pair


Slug = Annotated[str, Field(pattern=f"^{SLUG}$")]
Unit = Annotated[str, Field(pattern=f"^(?:[A-Z]{{3}}|{SLUG})$")]
Text = Annotated[str, Field(min_length=1, max_length=500, pattern=f"^{TEXT}*$")]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=f"^{TEXT}*$")]
Amount = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
Count = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
Days = Annotated[int, Field(ge=0, le=36500)]
Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_real_day)]
Ref = Annotated[str, Field(pattern=r"^(?:(?:0|[1-9][0-9]{0,15})\.|@)(?:0|[1-9][0-9]{0,2})$")]
KeyText = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]{43}=$")]
Digest = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]
HexDigest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Committed = Annotated[str, Field(pattern=f"^hmac-sha256:{SLUG}:[A-Za-z0-9_-]{{43}}$")]
Media = Annotated[str, Field(pattern=r"^[a-z]+/[a-z0-9.+-]{1,80}$")]
Place = Annotated[str, Field(pattern=r"^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$")]
RuleSet = Annotated[str, Field(pattern=r"^[a-z]{1,32}/[1-9][0-9]{0,3}$")]
TimeZone = Annotated[str, Field(pattern=r"^UTC[+-](?:0[0-9]|1[0-4]):[0-5][0-9]$")]
Range = Annotated[tuple[Count, Amount], AfterValidator(_range)]
Ranges = Annotated[
    tuple[Range, ...], Field(min_length=1, max_length=RANGES_PER_RECORD), AfterValidator(_ranges)
]
Ratio = Annotated[tuple[Count, Count], AfterValidator(_ratio)]
Private = Annotated[tuple[Digest, ...], Field(min_length=1, max_length=16), AfterValidator(_ascending)]


class Evidence(Part):
    """A file that stands behind a record, committed (formats §5): SHA-256 of a 32-byte salt and the file."""

    bytes: Count
    digest: HexDigest
    media: Media


class Sum(Part):
    """An amount of one unit."""

    unit: Unit
    amount: Amount


Files = Annotated[tuple[Evidence, ...], Field(min_length=1, max_length=16)]
