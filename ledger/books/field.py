"""The types of record fields, each with its pattern and bounds (formats §1, books §1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, AnyStr, Literal, NamedTuple, Protocol

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, GetCoreSchemaHandler

from ..bounds import MAX_AMOUNT, MAX_INTEGER
from ..canonical import SLUG
from ..complaint import form
from ..text import NAME, PROSE, starts_seen

RANGES_PER_RECORD = 64
# 32 bytes in base64 leave two bits of the last character unused. They must be zero: otherwise two texts would encode one value.
DIGEST_CHARACTERS = 43
LAST_OF_32_BYTES = "[AEIMQUYcgkosw048]"


class Part(BaseModel):
    """A record, or an object within one: frozen and strict, without unknown members.

    An optional field is `X | None = None` in Python. In JSON it is absent, never `null` (formats §1)."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, cache_strings="keys")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> Any:
        """The schema that pydantic makes of the class, without `null` in any optional field."""
        schema = handler(source)
        inner = handler.resolve_ref_schema(schema)
        while inner["type"] != "model-fields":
            inner = inner["schema"]
        for field in inner["fields"].values():
            optional = field["schema"]
            if optional["type"] == "default" and optional["schema"]["type"] == "nullable":
                optional["schema"] = optional["schema"]["schema"]
        return schema


class Names(NamedTuple):
    """Says in a field's type what the text names: a `fund`, an `activity` (which is also a fund), a `unit`, a `party`, or an
    earlier record, either any (`record`) or a payment or delivery (`disbursement`). `is_new` if the record makes it."""

    what: Literal["fund", "activity", "unit", "party", "record", "disbursement"]
    is_new: bool = False


def _ascending(digests: tuple[str, ...]) -> tuple[str, ...]:
    """the items are sorted, each once"""
    if list(digests) != sorted(set(digests)):
        raise ValueError("must be sorted, each once")
    return digests


def _range(pair: tuple[int, int]) -> tuple[int, int]:
    """the first is below the second"""
    if pair[0] >= pair[1]:
        raise ValueError("must be [start, end) with start below end")
    return pair


def _ranges(ranges: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """the ranges ascend and lie apart: each begins above the end of the one before"""
    if any(left[1] >= right[0] for left, right in zip(ranges, ranges[1:], strict=False)):
        raise ValueError("must be ascending, apart from one another")
    return ranges


def _ratio(pair: tuple[int, int]) -> tuple[int, int]:
    """the second is not 0"""
    if pair[1] == 0:
        raise ValueError("must not divide by zero")
    return pair


SLUG_WORDS = "1 to 63 small letters, digits, dots and hyphens, the first a letter or digit"
Slug = Annotated[str, form(f"^{SLUG}$", SLUG_WORDS)]
FundId = Annotated[Slug, Names("fund")]
ActivityId = Annotated[Slug, Names("activity")]
PartyId = Annotated[Slug, Names("party")]
NewFundId = Annotated[Slug, Names("fund", is_new=True)]
NewPartyId = Annotated[Slug, Names("party", is_new=True)]
UnitCode = Annotated[str, form(f"^(?:[A-Z]{{3}}|{SLUG})$", f"a currency in three capital letters, or {SLUG_WORDS}")]
Unit = Annotated[UnitCode, Names("unit")]
NewUnit = Annotated[UnitCode, Names("unit", is_new=True)]
MoneyUnit = Annotated[str, form("^[A-Z]{3}$", "a currency in three capital letters, such as CNY"), Names("unit")]
GoodsUnit = Annotated[Slug, Names("unit")]
Text = Annotated[str, Field(min_length=1, max_length=500, pattern=PROSE), AfterValidator(starts_seen)]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=NAME), AfterValidator(starts_seen)]
Amount = Annotated[int, Field(ge=1, le=MAX_AMOUNT)]
Total = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
Count = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
Days = Annotated[int, Field(ge=0, le=36500)]
# A day of the Gregorian calendar from 1000 to 2999, with leap years. The pattern is the whole rule, so any language can use it.
_LEAP = "(?:[12][0-9](?:0[48]|[2468][048]|[13579][26])|(?:1[26]|2[048])00)"
_DAYS = "(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8])"
DAY = f"(?:[12][0-9]{{3}}-(?:{_DAYS})|{_LEAP}-02-29)"
Day = Annotated[str, form(f"^{DAY}$", "a day of the calendar from 1000 to 2999, YYYY-MM-DD")]
Time = Annotated[str, form(f"^{DAY}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$", "a time in UTC, YYYY-MM-DDTHH:MM:SSZ")]
_REF = r"^(?:(?:0|[1-9][0-9]{0,15})\.|@)(?:0|[1-9][0-9]{0,2})$"
RefText = Annotated[str, form(_REF, "a reference such as 46.0, or @0 for a record of this statement")]
Ref = Annotated[RefText, Names("record")]
DisbursementRef = Annotated[RefText, Names("disbursement")]
OriginText = Annotated[str, form(r"^[!-*,-~]+$", "printable ASCII without blanks and without +", min_length=1, max_length=255)]
KeyText = Annotated[str, form(f"^[A-Za-z0-9+/]{{42}}{LAST_OF_32_BYTES}=$", "a public key in base64, 44 characters")]
Digest = Annotated[str, form(f"^[A-Za-z0-9_-]{{42}}{LAST_OF_32_BYTES}$", "a digest in base64url, 43 characters without padding")]
Salt = Annotated[str, form(r"^[A-Za-z0-9_-]{21}[AQgw]$", "16 bytes in base64url, 22 characters without padding")]
HexDigest = Annotated[str, form(r"^[0-9a-f]{64}$", "64 digits of lower-case hex")]
_COMMITTED = f"^hmac-sha256:{SLUG}:[A-Za-z0-9_-]{{42}}{LAST_OF_32_BYTES}$"
Committed = Annotated[str, form(_COMMITTED, "a committed reference, hmac-sha256:<label>:<43 characters of base64url>")]
Media = Annotated[str, form(r"^[a-z]+/[a-z0-9.+-]{1,80}$", "a media type such as image/png")]
Place = Annotated[str, form(r"^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$", "a place of ISO 3166 such as CN or CN-51")]
RuleSet = Annotated[str, form(r"^[a-z]{1,32}/[1-9][0-9]{0,3}$", "a rule set such as givetrail/1")]
TimeZone = Annotated[str, form(r"^UTC[+-](?:0[0-9]|1[0-4]):[0-5][0-9]$", "a fixed distance from UTC such as UTC+08:00")]
ReceiptLevel = Literal["recipient-signed", "confirmed", "third-party", "holder-signed", "documented", "self-declared"]
End = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
Range = Annotated[tuple[Count, End], AfterValidator(_range)]
Ranges = Annotated[tuple[Range, ...], Field(min_length=1, max_length=RANGES_PER_RECORD), AfterValidator(_ranges)]
Worth = tuple[Amount, Amount]
Ratio = Annotated[tuple[Count, Count], AfterValidator(_ratio)]
KindNames = Annotated[tuple[Slug, ...], Field(min_length=1, max_length=16), AfterValidator(_ascending)]
Private = Annotated[tuple[Digest, ...], Field(min_length=1, max_length=16), AfterValidator(_ascending)]


def label_of(reference: AnyStr) -> AnyStr:
    """A committed reference without its digest: what it has in common with all others of its label; empty if there is none."""
    return reference[:-DIGEST_CHARACTERS]


def label_name(reference: str | None) -> str:
    """The label of a committed reference; "" if there is no reference."""
    return reference.split(":")[1] if reference else ""


class Evidence(Part):
    """A file that supports a record, committed (formats §5): SHA-256 of a 32-byte salt and the file."""

    bytes: Count = Field(description="The size of the file.")
    digest: HexDigest = Field(description="The SHA-256 of a secret 32-byte salt and the file.")
    media: Media = Field(description="The file's media type, such as image/png.")


class OfUnit(Protocol):
    """Says something of a unit."""

    @property
    def unit(self) -> str:
        """The unit."""
        raise NotImplementedError


class Sum(Part):
    """An amount of one unit, which need not be declared: a goal can be in one that nobody has given in yet."""

    unit: UnitCode = Field(description="The unit of the amount.")
    amount: Total = Field(description="How much.")


def each_once(names: Sequence[object], what: str) -> None:
    """Raises ValueError if one of the names is there twice."""
    if len(set(names)) < len(names):
        raise ValueError(f"must name each {what} once")


def _each_unit_once(sums: tuple[OfUnit, ...]) -> tuple[OfUnit, ...]:
    """no unit twice"""
    each_once([one.unit for one in sums], "unit")
    return sums


EachUnitOnce = AfterValidator(_each_unit_once)
Sums = Annotated[tuple[Sum, ...], Field(max_length=16), EachUnitOnce]
Files = Annotated[tuple[Evidence, ...], Field(min_length=1, max_length=16)]
