"""The requirements and rates that a verifier brings: what it knows of the law of a place, and of the currencies of a day.

They are records of the kinds `requirement` and `rate`, in the form that `givetrail record --file` takes them (JSON, one record or a
list of records). They come before those of the log, whoever said those, and no party of the log has said them.
"""

from __future__ import annotations

from ..books.kinds.rate import RateRecord
from ..books.kinds.requirement import Requirement
from ..books.rates import rate
from ..books.record import Record
from ..books.requirements import require
from ..books.state import Books
from ..entries.statement import validated_record
from ..errors import FormatError, GiveTrailError, SizeError
from ..findings.report import JudgedBy
from ..jsontext import read_json

NOBODY = "Not checked: nobody was judged by {name} of {place} ({ref}), because no party that it concerns has that jurisdiction"
MAX_REQUIREMENTS_BYTES = 1024 * 1024
VERIFIER = "the verifier"
"""By whom they are said; no party has an id with a blank."""


def parse_requirements(raw: bytes) -> Books:
    """Books that hold the requirements and rates in a file, and nothing else. Raises FormatError, SizeError,
    CanonicalError."""
    if len(raw) > MAX_REQUIREMENTS_BYTES:
        raise SizeError(f"requirements: {len(raw)} bytes; at most {MAX_REQUIREMENTS_BYTES} are allowed", rule="size-limit")
    value, books = read_json(raw, "requirements"), Books()
    records = value if isinstance(value, list) else [value]
    if not records:
        raise FormatError("requirements: the list is empty; give a record of kind requirement or rate", rule="requirements")
    for number, said in enumerate(records, 1):
        _take(books, _record(said, number), f"record {number}")
    return books


def _record(said: object, number: int) -> Record:
    try:
        return validated_record(said)
    except GiveTrailError as error:
        raise FormatError(f"record {number}: {error.message}", rule="requirements") from None


def _take(books: Books, record: Record, ref: str) -> None:
    if isinstance(record, Requirement):
        key, days = f"{record.jurisdiction}/{record.name}", (record.from_day, record.until_day)
        require(books, key, (record.value, record.ratio), days, VERIFIER, ref)
    elif isinstance(record, RateRecord):
        rate(books, (record.unit, record.to_unit), record.ratio, record.day, VERIFIER, ref)
    else:
        raise FormatError(f"{ref}: is of kind {record.kind}; give records of the kinds requirement and rate", rule="requirements")


def unused(books: Books) -> tuple[str, ...]:
    """What was not judged, for each requirement that the verifier brought and by which nobody was judged."""
    brought = books.brought.requirement.items() if books.brought is not None else ()
    used = {row.ref for _, row in books.used.items() if row.by == VERIFIER}
    rows = {row.ref: key.partition("@")[0] for key, row in brought if row.ref not in used}
    places = ((ref, *key.partition("/")) for ref, key in rows.items())
    return tuple(NOBODY.format(name=name, place=place, ref=ref) for ref, place, _, name in sorted(places))


def judged_by(books: Books) -> tuple[JudgedBy, ...]:
    """The requirements and rates by which somebody was judged, by place or units, and name."""
    return tuple(sorted(JudgedBy(*row) for _, row in books.used.items()))
