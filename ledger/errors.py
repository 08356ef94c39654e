"""The one tree of errors.

    GiveTrailError
    ├── InputError            foreign bytes or words are not of the form            exit 2, HTTP 422
    │   ├── CanonicalError    not the canonical JSON of formats §1
    │   ├── SizeError         larger than the format allows
    │   ├── SchemaError       a member is missing, unknown, or breaks its rule
    │   ├── FormatError       a note, checkpoint, tile, proof, policy or bundle is malformed
    │   └── RowError          a row of an imported file cannot become a record
    ├── UsageError            the command or its configuration cannot be used        exit 2, HTTP 400
    ├── Refused               well-formed, but a rule of the books or the log says no exit 3, HTTP 409
    │   └── Absent            it names what these books do not have; a part of a log may lack it
    ├── VerificationError     a signature, a proof or a hash is false                exit 3, HTTP 422
    ├── Unverifiable          nothing false was found, but it cannot be verified     exit 4, HTTP 422
    ├── NotFound              no entry, record or party of that name                 exit 2, HTTP 404
    ├── Conflict              another writer, another history, other content         exit 6, HTTP 409
    │   └── ReadOnly          the ledger is behind or beside its last checkpoint     exit 6, HTTP 409
    └── StorageError          the disk or the database refuses                       exit 1, HTTP 503

Every error carries `rule`, the stable id of what was broken (docs/reference/errors.md), and a message that names the field,
the value and the rule, and says what to do. Amounts stand in it as facts, `{left}`, so that whoever shows it can write them as
money in another way than the message does. A check that fails raises; nothing here is ever returned as a boolean.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

VALUE_LIMIT = 80


class GiveTrailError(Exception):
    """Root of the tree. `rule` is a stable id; `where` the field, entry or row; `facts` are what stands in the message by name, and
    there no other brace may stand; `exit_code` and `http_status` map it totally."""

    exit_code = 1
    http_status = 500

    def __init__(self, message: str, *, rule: str, where: str = "", facts: Mapping[str, Any] | None = None) -> None:
        self.template, self.facts = message, dict(facts or {})
        self.message = message.format_map(self.facts) if self.facts else message
        super().__init__(self.message)
        self.rule = rule
        self.where = where

    def __reduce__(self) -> tuple[object, ...]:
        """To another process and back."""
        return _raised_again, (type(self), self.template, self.rule, self.where, self.facts)

    def as_json(self) -> dict[str, str]:
        """The error as the command line's `--json` and the API print it."""
        return {"error": self.rule, "message": self.message, "where": self.where}


def _raised_again(kind: type[GiveTrailError], message: str, rule: str, where: str, facts: dict[str, object]) -> GiveTrailError:
    return kind(message, rule=rule, where=where, facts=facts)


class InputError(GiveTrailError):
    """Foreign bytes or words that are not of the form."""

    exit_code, http_status = 2, 422


class CanonicalError(InputError):
    """Bytes that are not the one canonical encoding of what they mean (formats §1)."""


class SizeError(InputError):
    """More bytes, records, ranges or levels than the format allows."""


class SchemaError(InputError):
    """A member is missing, unknown, or its value breaks the rule of its kind."""


class FormatError(InputError):
    """A note, checkpoint, tile, proof, policy or bundle that does not print back to its own bytes."""


class RowError(InputError):
    """A row of an imported file that cannot become a record; `where` is its number."""


class UsageError(GiveTrailError):
    """The command or its configuration cannot be used."""

    exit_code, http_status = 2, 400


class Refused(GiveTrailError):
    """Well-formed, but a rule says no; `rule` is the id of the finding an audit would raise for it."""

    exit_code, http_status = 3, 409


class Absent(Refused):
    """A record names what these books do not have. Where they are those of a part of a log, the rest of it may have it."""


class VerificationError(GiveTrailError):
    """A signature, a proof or a hash is false."""

    exit_code, http_status = 3, 422


class Unverifiable(GiveTrailError):
    """Nothing false was found, but what was asked for cannot be verified with what is at hand."""

    exit_code, http_status = 4, 422


class NotFound(GiveTrailError):
    """No entry, record or party of that name."""

    exit_code, http_status = 2, 404


class Conflict(GiveTrailError):
    """Another writer, another history, or other content under the same id."""

    exit_code, http_status = 6, 409


class ReadOnly(Conflict):
    """The ledger is behind, or on another branch than, the last checkpoint it signed."""


class StorageError(GiveTrailError):
    """The disk or the database refuses; never a verdict."""

    exit_code, http_status = 1, 503


def shown(value: object) -> str:
    """A foreign value as it may stand in a message: quoted, on one line, at most 80 characters."""
    try:
        return shortened(repr(value))
    except RecursionError:
        return f"a {type(value).__name__} nested too deeply to be shown"


def shortened(text: str) -> str:
    """A foreign name or path as it may stand in a message: at most 80 characters."""
    return text if len(text) <= VALUE_LIMIT else text[: VALUE_LIMIT - 1] + "…"
