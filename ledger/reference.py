"""Committed references (formats §5): what a channel calls a payment, kept so that only its party can tell.

A reference enters the ledger as an HMAC under a secret key of one party and one period, the label. Who has the key finds the
record of a reference, and finds a reference that was recorded before; nobody else learns anything from the record.

    keys/<party>/reference-<label>.key    the 32 secret bytes, readable by their owner only
    keys/<party>/reference-<label>.json   the label, the day on which the key is to be destroyed, and, where the references of
                                          the label are those of one organisation, its org-id

To destroy a key is to delete the first file, in every copy. From then on nobody, the party included, can link a record of that
label to a reference, and a file of that period cannot be told from what is recorded. So the second file stays, and a label that
had a key never gets another.

A reference has one normal form (`normal_reference`), and is the same reference under whichever label it was committed: whoever
enters one looks it up under every label whose key is still there.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from .books.field import SLUG_WORDS
from .canonical import SLUG, decode, encode, to_base64url
from .errors import InputError, SchemaError, StorageError, UsageError, shown
from .key import read_secret
from .store.durable import write_durably
from .text import first_unseen, plain_blanks

KEY_BYTES = 32
COMPANION_BYTES = 4096
KEY_SUFFIX = ".key"
CHARACTERS = 1000


class NewKey(NamedTuple):
    """What a new reference key is made of: 32 random bytes, and the day (`YYYY-MM-DD`) on which it must be destroyed."""

    secret: bytes
    destroy_on: str


class ReferenceKey(NamedTuple):
    """A reference key as it is in the directory. `of` is the org-id of the one organisation whose references its label commits,
    or ""."""

    label: str
    secret: bytes
    destroy_on: str
    of: str = ""


def normal_reference(text: str) -> str:
    """The one form of a reference that people give: NFC, every blank a space, without spaces around it.

    Raises SchemaError, rule "reference", where nothing is left, or where it holds what nobody can see."""
    if text.isascii() and text.isprintable() and text[:1] > " " and text[-1] > " " and len(text) <= CHARACTERS:
        return text
    text = plain_blanks(unicodedata.normalize("NFC", text)).strip()
    unseen = first_unseen(text)
    if unseen:
        message = f"holds {unseen}, a character that nobody can see; type it anew"
    elif not text:
        message = "is empty; give a text that can be seen"
    elif len(text) > CHARACTERS:
        message = f"has {len(text)} characters; at most {CHARACTERS} are allowed"
    else:
        return text
    raise SchemaError(f"reference {shown(text)}: {message}", rule="reference", where="reference")


def commit_reference(key: bytes, label: str, channel: str, reference: str) -> str:
    """`hmac-sha256:<label>:<base64url>` over channel ‖ 0x00 ‖ reference, under the secret bytes of the label's key."""
    return committer(key, label, channel)(reference)


def committer(key: bytes, label: str, channel: str) -> Callable[[str], str]:
    """`commit_reference` for many references of one channel: the key and the channel are hashed once."""
    begun = HMAC(key, SHA256())
    begun.update(channel.encode() + b"\0")
    begin, prefix = begun.copy, f"hmac-sha256:{label}:"

    def commit(reference: str) -> str:
        state = begin()
        state.update(reference.encode())
        return prefix + to_base64url(state.finalize())

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
        raise UsageError(f"{key_file}: has {len(secret)} bytes, not {KEY_BYTES}. Put the true key back", rule="reference-key")
    return ReferenceKey(label, secret, *_companion(companion_file, companion, label))


def make_reference_key(directory: Path, party: str, label: str, new: NewKey, of: str = "") -> ReferenceKey:
    """Keep a new key for a label that has none. `of` is the org-id of the organisation whose references alone it will commit.

    Raises UsageError where the label has or had one; StorageError. The key is durable before the file that speaks of it, and
    nothing is committed before both are: a key without that file was never used, and is used now in place of `new.secret`.
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
    said = {"destroy_on": new.destroy_on, "label": label}
    write_durably(companion_file, encode(said | {"of": of} if of else said) + b"\n")
    return ReferenceKey(label, secret, new.destroy_on, of)


class ReferenceKeys:
    """The reference keys of one party. `make` says, for a label without a key, what its key is to be made of; without it
    no key is made."""

    def __init__(self, directory: Path, party: str, make: Callable[[str], NewKey] | None = None) -> None:
        self._directory, self._party, self._make = directory, party, make
        self._found: dict[str, ReferenceKey] = {}

    def find(self, label: str) -> ReferenceKey | None:
        """The key of a label; None where it never had one. Raises what `find_reference_key` raises."""
        key = self._found.get(label) or find_reference_key(self._directory, self._party, label)
        if key is not None:
            self._found[label] = key
        return key

    def held(self) -> list[ReferenceKey]:
        """The key of every label whose key was not destroyed; also one whose other file is lost, for what was committed under it
        is there all the same. Raises what `find_reference_key` raises."""
        folder = _files(self._directory, self._party, "any")[0].parent
        labels = sorted(path.stem.removeprefix("reference-") for path in folder.glob("reference-*.key"))
        return [key for label in labels if re.fullmatch(SLUG, label) and (key := self.find(label) or self._unspoken(label))]

    def _unspoken(self, label: str) -> ReferenceKey | None:
        """A key of which no other file speaks; None where it is cut off."""
        secret = _read(_files(self._directory, self._party, label)[0])
        return ReferenceKey(label, secret, "") if secret is not None and len(secret) == KEY_BYTES else None

    def committers(self, channel: str) -> dict[str, Callable[[str], str]]:
        """For every label held, what commits a reference of the channel under it: a reference may be recorded under any."""
        return {key.label: committer(key.secret, key.label, channel) for key in self.held()}

    def secret(self, label: str, of: str = "") -> bytes:
        """The secret bytes of a label, made on first use, for references `of` one organisation.

        Raises UsageError where there is no key and none may be made.
        """
        key = self.find(label)
        if key is None:
            if self._make is None:
                raise UsageError(f"party {self._party!r} has no reference key {label!r}; let one be made", rule="reference-key")
            key = self._found[label] = make_reference_key(self._directory, self._party, label, self._make(label), of)
        return key.secret


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
        raise UsageError(f"destroy_on {shown(new.destroy_on)}: must be a day, YYYY-MM-DD", rule="reference-key")


def _companion(path: Path, raw: bytes, label: str) -> tuple[str, str]:
    """The day of destruction, and whose references the label commits."""
    try:
        said = decode(raw.removesuffix(b"\n"), path.name, COMPANION_BYTES)
    except InputError as error:
        raise UsageError(f"{path}: {error.message}; put the true file back", rule="reference-key") from None
    if not isinstance(said, dict) or said.get("label") != label:
        raise UsageError(f"{path}: does not speak of label {label!r}; put the true file back", rule="reference-key")
    day, of = said.get("destroy_on"), said.get("of", "")
    if not isinstance(day, str) or not isinstance(of, str):
        raise UsageError(f"{path}: its members are not texts; put the true file back", rule="reference-key")
    return day, of


def _read(path: Path) -> bytes | None:
    try:
        return read_secret(path) if path.suffix == KEY_SUFFIX else path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(f"{path}: cannot be read: {error.strerror}", rule="storage", where=str(path)) from None
