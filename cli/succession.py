"""What `restore --successor` needs as well: the new log's key, and the signatures of the operator and an overseer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ledger.books.state import Books
from ledger.canonical import JsonObject
from ledger.clock import utc_now
from ledger.entries.statement import ENVELOPE_BYTES, open_statement, read_envelope
from ledger.errors import UsageError
from ledger.log.key import SigningKey
from ledger.recovery.successor import Say, Successor
from ledger.writer.author import Author
from ledger.writer.submission import Submission

from .files import check_output, read_foreign
from .session import passphrase, slug
from .signing import party_and_officer

OPTIONS = ("reason", "officers", "cosign", "log_key", "sign_only", "output", "signed")


class Succession(NamedTuple):
    """The options that go with --successor; what they mean is in their help."""

    origin: str | None
    reason: str | None
    officers: tuple[str, ...]
    cosign: tuple[str, ...]
    log_key: str | None
    sign_only: bool
    output: str | None
    signed: str | None

    def check(self) -> None:
        """Refuse options that do not go together. Raises UsageError."""
        if self.origin is None:
            for name in OPTIONS:
                if getattr(self, name):
                    option = name.replace("_", "-").removesuffix("s")
                    raise UsageError(f"--{option}: works only with --successor; give both or neither", rule="usage", where=name)
            return
        if not self.reason and not self.signed:
            words = "--reason: is missing; say in a sentence what happened, for everyone to read"
            raise UsageError(words, rule="usage", where="reason")
        if self.sign_only != (self.output is not None):
            raise UsageError("--sign-only and -o FILE go together; give both or neither", rule="usage", where="output")
        if (self.sign_only or self.signed) and not self.log_key:
            words = "--log-key: is missing; name the new log's key file, the same for --sign-only and --signed"
            raise UsageError(words, rule="usage", where="log_key")
        check_output(self.output)

    def successor(self, keys: Path | None) -> Successor:
        """The log that begins. `keys` is the folder of the officers' keys. Raises UsageError and what reading files raises."""
        say = _signed(read_foreign(self.signed, ENVELOPE_BYTES)) if self.signed else self._saying(keys)
        return Successor(self.origin or "", self._key(), self.reason or "", say)

    def _key(self) -> SigningKey:
        """The key of the new log. If its file does not exist, it is a new key, which `keep_key` writes."""
        if self.log_key is None:
            return SigningKey.generate()
        path = Path(self.log_key)
        if self.sign_only and not path.exists():
            return SigningKey.generate()
        return SigningKey.load(path, passphrase())

    def keep_key(self, key: SigningKey) -> None:
        """Write the key of the new log, unless its file exists. Raises StorageError."""
        path = Path(self.log_key or "")
        if not path.exists():
            key.save(path, passphrase())

    def _saying(self, keys: Path | None) -> Say:
        def say(record: JsonObject, head: tuple[int, str], books: Books) -> Submission:
            if keys is None:
                raise UsageError("--keys: is missing; name the folder with the operator's keys", rule="usage", where="keys")
            row = books.ledger.get("")
            operator = row.operator if row else ""
            names = [f"{operator}/{officer}" for officer in self.officers or _only(keys, operator)]
            loaded = [_load(keys, name) for name in [*names, *self.cosign]]
            author = Author(self.origin or "", operator, tuple(loaded), utc_now, lambda: str(uuid.uuid4()))
            return author.submission([record], head)

        return say


def _only(keys: Path, party: str) -> list[str]:
    found = sorted(path.stem for path in (keys / slug(party, "party")).glob("*.pem"))
    if len(found) != 1:
        here = f"key files of {', '.join(found)}" if found else "no key files"
        words = f"--officer: {keys / party} has {here}; say who signs for {party}"
        raise UsageError(words, rule="usage", where="officer")
    return found


def _load(keys: Path, name: str) -> SigningKey:
    party, officer = party_and_officer(name)
    return SigningKey.load(keys / slug(party, "party") / f"{slug(officer, 'officer')}.pem", passphrase())


def _signed(envelope: bytes) -> Callable[[JsonObject, tuple[int, str], Books], Submission]:
    """The statement of an envelope, with its signatures verified. Raises what `open_statement` raises."""
    raw, signatures = read_envelope(envelope.removesuffix(b"\n"))
    open_statement(raw, signatures)
    return lambda record, head, books: (raw, signatures)
