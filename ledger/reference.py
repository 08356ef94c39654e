"""Committed references (formats §5): what a channel calls a payment, kept so that only its party can tell.

A reference enters the ledger as an HMAC under a secret key of one party and one period, the label. Who has the key finds the
record of a reference, and finds a reference that was recorded before; nobody else learns anything from the record.

    keys/<party>/reference-<label>.key    the 32 secret bytes, readable by their owner only
    keys/<party>/reference-<label>.json   the label, and the day on which the key is to be destroyed

To destroy a key is to delete the first file, in every copy. From then on nobody, the party included, can link a record of that
label to a reference, and a file of that period cannot be told from what is recorded. So the second file stays, and a label that
had a key never gets another.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from .books.field import SLUG_WORDS
from .canonical import SLUG, decode, encode, to_base64url
from .errors import InputError, StorageError, UsageError, shown
from .key import read_secret
from .store.durable import write_durably

KEY_BYTES = 32
COMPANION_BYTES = 1024
KEY_SUFFIX = ".key"


class NewKey(NamedTuple):
    """What a new reference key is made of: 32 random bytes, and the day (`YYYY-MM-DD`) on which it is to be destroyed."""

    secret: bytes
    destroy_on: str


class ReferenceKey(NamedTuple):
    """A reference key as it lies in the directory."""

    label: str
    secret: bytes
    destroy_on: str


def commit_reference(key: bytes, label: str, channel: str, reference: str) -> str:
    """`hmac-sha256:<label>:<base64url>` over channel ‖ 0x00 ‖ reference, under the secret bytes of the label's key."""
    return committer(key, label, channel)(reference)


def committer(key: bytes, label: str, channel: str) -> Callable[[str], str]:
    """`commit_reference` for many references of one channel: the key and the channel are hashed once."""
    begun = HMAC(key, SHA256())
    begun.update(channel.encode() + b"\0")

    def commit(reference: str) -> str:
        state = begun.copy()
        state.update(reference.encode())
        return f"hmac-sha256:{label}:{to_base64url(state.finalize())}"

    return commit


def find_reference_key(directory: Path, party: str, label: str) -> ReferenceKey | None:
    """The key of a label; None where none was ever made.

    Raises UsageError where it was made and is gone, or the files are damaged; StorageError where they cannot be read.
    """
    key_file, companion_file = _files(directory, party, label)
    companion = _read(companion_file)
    if companion is None:
        return None
    secret = _read(key_file)
    if secret is None:
        raise UsageError(
            f"{key_file}: was destroyed; references of {label!r} cannot be linked any more, so a file of that period cannot be "
            "compared with what is recorded. Put the key back if it was not meant to be destroyed",
            rule="reference-key",
        )
    if len(secret) != KEY_BYTES:
        raise UsageError(f"{key_file}: {len(secret)} bytes; has to be {KEY_BYTES}. Put the true key back", rule="reference-key")
    return ReferenceKey(label, secret, _destroy_on(companion_file, companion, label))


def make_reference_key(directory: Path, party: str, label: str, new: NewKey) -> ReferenceKey:
    """Keep a new key for a label that has none. Raises UsageError where the label has or had one; StorageError.

    The key is durable before the file that speaks of it, and nothing is committed before both are: a key that lies alone was
    never used, and is used now in place of `new.secret`.
    """
    key_file, companion_file = _files(directory, party, label)
    _check_new(new)
    if find_reference_key(directory, party, label) is not None:
        raise UsageError(f"{key_file}: is there already; a reference key is never replaced", rule="reference-key")
    secret = _read(key_file)
    if secret is None or len(secret) != KEY_BYTES:
        secret = new.secret
        key_file.parent.mkdir(parents=True, exist_ok=True)
        write_durably(key_file, secret, mode=0o600)
    write_durably(companion_file, encode({"destroy_on": new.destroy_on, "label": label}) + b"\n")
    return ReferenceKey(label, secret, new.destroy_on)


class ReferenceKeys:
    """The reference keys of one party. `make` says, for a label without a key, what its key is to be made of; without it
    no key is made."""

    def __init__(self, directory: Path, party: str, make: Callable[[str], NewKey] | None = None) -> None:
        self._directory, self._party, self._make = directory, party, make
        self._found: dict[str, bytes] = {}

    def find(self, label: str) -> bytes | None:
        """The secret bytes of a label; None where it never had a key. Raises what `find_reference_key` raises."""
        secret = self._found.get(label)
        if secret is None:
            key = find_reference_key(self._directory, self._party, label)
            if key is None:
                return None
            secret = self._found[label] = key.secret
        return secret

    def secret(self, label: str) -> bytes:
        """The secret bytes of a label, made on first use. Raises UsageError where there is no key and none may be made."""
        secret = self.find(label)
        if secret is None:
            if self._make is None:
                raise UsageError(f"party {self._party!r} has no reference key {label!r}; let one be made", rule="reference-key")
            secret = make_reference_key(self._directory, self._party, label, self._make(label)).secret
            self._found[label] = secret
        return secret


def _files(directory: Path, party: str, label: str) -> tuple[Path, Path]:
    for field, value in (("party", party), ("label", label)):
        if not re.fullmatch(SLUG, value):
            raise UsageError(f"{field} {shown(value)}: must be {SLUG_WORDS}", rule="slug", where=field)
    folder = directory / "keys" / party
    return folder / f"reference-{label}{KEY_SUFFIX}", folder / f"reference-{label}.json"


def _check_new(new: NewKey) -> None:
    if len(new.secret) != KEY_BYTES:
        raise UsageError(f"a reference key has {KEY_BYTES} random bytes, not {len(new.secret)}", rule="reference-key")
    try:
        day = datetime.date.fromisoformat(new.destroy_on).isoformat()
    except ValueError:
        day = ""
    if day != new.destroy_on:
        raise UsageError(f"destroy_on {shown(new.destroy_on)}: has to be a day, YYYY-MM-DD", rule="reference-key")


def _destroy_on(path: Path, raw: bytes, label: str) -> str:
    try:
        said = decode(raw.removesuffix(b"\n"), path.name, COMPANION_BYTES)
    except InputError as error:
        raise UsageError(f"{path}: {error.message}; put the true file back", rule="reference-key") from None
    if not isinstance(said, dict) or said.get("label") != label or not isinstance(said.get("destroy_on"), str):
        raise UsageError(f"{path}: does not speak of label {label!r}; put the true file back", rule="reference-key")
    return said["destroy_on"]


def _read(path: Path) -> bytes | None:
    try:
        return read_secret(path) if path.suffix == KEY_SUFFIX else path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(f"{path}: cannot be read: {error.strerror}", rule="storage", where=str(path)) from None
