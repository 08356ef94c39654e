"""The mapping file: which column of a CSV file says what about a gift (TOML).

    [gifts]
    fund = "typhoon-relief"
    unit = "VND"
    channel = "bank-transfer"
    amount = "amount_vnd"              # the column
    amount_form = "minor"              # "minor": whole minor units; "decimal": 12.50
    received = "received_at"
    received_form = "datetime"         # "day": 2024-09-10; "datetime": with its offset; or a pattern such as "%d.%m.%Y"
    list = "typhoon-relief-2024"       # or: reference = "flow_id"

Optional in [gifts]: `decimal_mark` ("." if absent, or ",") and `thousands` (".", ",", "'" or " "), the mark between groups of three
digits: with "," and "." `1.080,50` is one thousand and eighty and a half. Without `thousands` there are no groups.
Optional in [gifts]: `fee` and `fee_to`, a column in the form of the amount and the party that keeps it; `skip`, such as
`{ column = "amount_vnd", when = "negative" }` (or "empty"). Optional: [file] with `delimiter` and `encoding`.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from ..amount import Notation
from ..books.field import Slug, Unit
from ..canonical import SLUG
from ..complaint import complaint, form
from ..disk.regular import unreadable
from ..entries.channel_reference import normal_reference
from ..errors import SchemaError, UsageError, shortened, shown
from .day import check_form

MAPPING_BYTES = 65_536
CHOICE = (
    'gifts: give either reference = "<column>", the column with the source\'s own id of each gift; or, where the source has none, '
    'list = "<name>": a row is then known by that name, by what it says, and by its number among the rows of the list that say '
    "the same"
)


def _list_name(text: str) -> str:
    try:
        return normal_reference(text)
    except SchemaError as error:
        raise ValueError(error.message.rpartition(": ")[2]) from None


def _encoding(name: str) -> str:
    try:
        "".encode(name)
    except LookupError:
        raise ValueError("is not the name of a text encoding that this program knows") from None
    return "utf-8-sig" if codecs.lookup(name).name == "utf-8" else name


Column = Annotated[str, Field(min_length=1, max_length=200)]
Character = Annotated[str, form('^[^"\r\n]$', "one character that is not a quote", min_length=1, max_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Skip(_Table):
    """Rows that are not gifts: those whose cell in a column is empty, or begins with a minus."""

    column: Column
    when: Literal["empty", "negative"]


class Gifts(_Table):
    """What the columns of a row mean. `list_name` is `list` in the file."""

    fund: Slug
    unit: Unit
    channel: Slug
    amount: Column
    amount_form: Literal["minor", "decimal"]
    decimal_mark: Literal[".", ","] = "."
    thousands: Literal[".", ",", "'", " "] | None = None
    received: Column
    received_form: Annotated[str, AfterValidator(check_form)]
    reference: Column | None = None
    list_name: Annotated[Column, AfterValidator(_list_name)] | None = Field(default=None, alias="list")
    fee: Column | None = None
    fee_to: Slug | None = None
    skip: Skip | None = None

    @model_validator(mode="after")
    def _choices(self) -> Self:
        if (self.reference is None) == (self.list_name is None):
            raise ValueError(CHOICE)
        if (self.fee is None) != (self.fee_to is None):
            raise ValueError("gifts: fee, a column, needs fee_to, the party that keeps the fee; give both or neither")
        if self.thousands == self.decimal_mark:
            other = "," if self.decimal_mark == "." else "."
            raise ValueError(f'gifts: thousands and decimal_mark are the same mark; give the other too, decimal_mark = "{other}"')
        return self

    @property
    def notation(self) -> Notation:
        """How the numbers of the file are written."""
        return Notation(self.decimal_mark, self.thousands or "")


class FileForm(_Table):
    """How to read the bytes of the file. UTF-8 may begin with a byte order mark."""

    delimiter: Character = ","
    encoding: Annotated[str, AfterValidator(_encoding)] = "utf-8-sig"


class Mapping(_Table):
    """A mapping file, read. `name` is the file's name if it is a slug."""

    gifts: Gifts
    file: FileForm = FileForm()
    name: Slug | None = None


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file. Raises UsageError, which names the key that is missing, unknown or wrong; StorageError."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAPPING_BYTES + 1)
    except OSError as error:
        raise unreadable(path, error, "name the mapping file", "mapping") from None
    if len(raw) > MAPPING_BYTES:
        raise UsageError(f"{path}: more than {MAPPING_BYTES} bytes; a mapping is a short TOML file", rule="mapping")
    return parse_mapping(raw, path.stem if re.fullmatch(SLUG, path.stem) else None)


def parse_mapping(raw: bytes, name: str | None = None) -> Mapping:
    """The mapping in these bytes of TOML. Raises UsageError, which names the key that is missing, unknown or wrong."""
    try:
        said = tomllib.loads(raw.decode("utf-8-sig").replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        # Not only for invalid TOML: Python also refuses numbers of thousands of digits, and brackets nested a thousand deep.
        raise UsageError(f"mapping: cannot be read as TOML: {shortened(str(error))}", rule="mapping") from None
    if "name" in said:
        raise UsageError("mapping: name: there is no such setting; leave it out", rule="mapping", where="name")
    try:
        return Mapping(**said, name=name)
    except ValidationError as error:
        raise _usage_error(error) from None


def _usage_error(error: ValidationError) -> UsageError:
    first = error.errors(include_url=False)[0]
    where = shortened(".".join(str(part) for part in first["loc"]))
    reason = complaint(first)
    if first["type"] == "extra_forbidden":
        message = f"mapping: {where}: there is no such setting; leave it out, or correct its name"
    elif first["type"] == "missing":
        message = f"mapping: {where}: {reason}"
    elif first["type"] == "value_error" and where == "gifts":
        message = f"mapping: {reason}"
    else:
        message = f"mapping: {where} {shown(first['input'])}: {reason}"
    return UsageError(message, rule="mapping", where=where)
