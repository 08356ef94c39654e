"""The one tree of errors.

    GiveTrailError
    ├── InputError            foreign bytes or words do not have the right form      exit 2, HTTP 422
    │   ├── CanonicalError    not the canonical JSON of formats §1
    │   ├── SizeError         larger than the format allows
    │   ├── SchemaError       a member is missing, unknown, or breaks its rule
    │   ├── FormatError       a note, checkpoint, tile, proof, policy or bundle is malformed
    │   └── RowError          a row of an imported file cannot become a record
    ├── UsageError            the command or its configuration cannot be used        exit 2, HTTP 400
    ├── Refused               well-formed, but a rule of the books or the log says no exit 3, HTTP 409
    │   └── Absent            it names something that is not in these books; the rest of the log may have it
    ├── VerificationError     a signature, a proof or a hash is false                exit 3, HTTP 422
    ├── Unverifiable          nothing false was found, but it cannot be verified     exit 4, HTTP 422
    ├── NotFound              there is no entry, record or party of that name        exit 2, HTTP 404
    ├── Conflict              another writer, another history, other content         exit 6, HTTP 409
    │   └── ReadOnly          behind its last checkpoint, or on another branch       exit 6, HTTP 409
    └── StorageError          the disk or the database refuses                       exit 1, HTTP 503

Every error carries `rule`, the stable id of what was broken (docs/reference/errors.md), and a message that names the field, the
value and the rule, and says what to do. Amounts are in the message as facts, such as `{left}`, so that a program that shows it can
format them as money in its own way. A check that fails raises; it never returns a boolean.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

VALUE_LIMIT = 80


class GiveTrailError(Exception):
    """Root of the tree. `rule` is a stable id; `where` is the field, entry or row. `facts` are the values in the message, by name;
    the message must not contain any other brace. `exit_code` and `http_status` are set for every class."""

    exit_code = 1
    http_status = 500

    def __init__(self, message: str, *, rule: str, where: str = "", facts: Mapping[str, Any] | None = None) -> None:
        self.template, self.facts = message, dict(facts or {})
        self.message = message.format_map(self.facts) if self.facts else message
        super().__init__(self.message)
        self.rule = rule
        self.where = where

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the error, so that a worker process can send it."""
        return _raised_again, (type(self), self.template, self.rule, self.where, self.facts)

    def as_json(self) -> dict[str, str]:
        """The error as the command line's `--json` and the API print it."""
        return {"error": self.rule, "message": self.message, "where": self.where}


def _raised_again(kind: type[GiveTrailError], message: str, rule: str, where: str, facts: dict[str, object]) -> GiveTrailError:
    return kind(message, rule=rule, where=where, facts=facts)


class InputError(GiveTrailError):
    """Foreign bytes or words do not have the right form."""

    exit_code, http_status = 2, 422


class CanonicalError(InputError):
    """Bytes are not the one canonical encoding of their value (formats §1)."""


class SizeError(InputError):
    """There are more bytes, records, ranges or levels than the format allows."""


class SchemaError(InputError):
    """A member is missing, unknown, or its value breaks the rule of its kind."""


class FormatError(InputError):
    """A note, checkpoint, tile, proof, policy or bundle does not print back to its own bytes."""


class RowError(InputError):
    """A row of an imported file cannot become a record; `where` is its number."""


class UsageError(GiveTrailError):
    """The command or its configuration cannot be used."""

    exit_code, http_status = 2, 400


class Refused(GiveTrailError):
    """Well-formed, but a rule forbids it; `rule` is the id of the finding that an audit would report for it."""

    exit_code, http_status = 3, 409


class Absent(Refused):
    """A record names something that is not in these books. When they cover only a part of a log, the rest of it may have it."""


class VerificationError(GiveTrailError):
    """A signature, a proof or a hash is false."""

    exit_code, http_status = 3, 422


class Unverifiable(GiveTrailError):
    """Nothing false was found, but the request cannot be verified with what is available."""

    exit_code, http_status = 4, 422


class NotFound(GiveTrailError):
    """There is no entry, record or party of that name."""

    exit_code, http_status = 2, 404


class Conflict(GiveTrailError):
    """Another writer is active, or there is another history or other content under the same id."""

    exit_code, http_status = 6, 409


class ReadOnly(Conflict):
    """The ledger is behind the last checkpoint that it signed, or on another branch."""


class StorageError(GiveTrailError):
    """The disk or the database refuses. This is never a verdict."""

    exit_code, http_status = 1, 503


def shown(value: object) -> str:
    """A foreign value, safe to show in a message: quoted, on one line, at most 80 characters."""
    try:
        return shortened(repr(value))
    except RecursionError:
        return f"a {type(value).__name__} nested too deeply to be shown"


def shortened(text: str) -> str:
    """A foreign name or path, safe to show in a message: at most 80 characters."""
    return text if len(text) <= VALUE_LIMIT else text[: VALUE_LIMIT - 1] + "…"
