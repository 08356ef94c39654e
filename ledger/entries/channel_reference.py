"""Committed references (formats §5): what a channel calls a payment, stored so that only its party can recognise it.

A reference enters the ledger as an HMAC under a secret key of one party and one period, the label. Anyone with the key can find the
record of a reference, and can find out whether a reference was recorded before. Without the key, the record reveals nothing.

    keys/<party>/reference-<label>.key    the 32 secret bytes, readable by their owner only
    keys/<party>/reference-<label>.json   the label; the day on which the key must be destroyed; the org-id, if the label's
                                          references are those of one organisation; and the check value

The check value is an HMAC of all this under the key. A damaged key, or the key of another party or label, does not give this value
and would not find anything recorded. A `reference-key` record puts the same value in the ledger before the first reference is
committed under the label. From then on the ledger decides which key is the right one, whatever the second file says, and a label
whose key is lost does not get another.

To destroy a key, delete every copy of the first file. After that nobody, not even the party, can link a record of that label to a
reference, so an import of a file from that period cannot tell which of its rows are recorded. The second file stays, because it
distinguishes a destroyed key from a lost one.

A reference has one normal form (`normal_reference`). It may have been committed under any label, so before a reference is entered
it is looked up under every label whose key was not destroyed.
"""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from ..books.field import DAY, SLUG_WORDS
from ..books.identity import label_key
from ..books.rows import ReferenceKeyRow
from ..books.state import Books
from ..canonical import SLUG, JsonObject, decode, encode, to_base64url
from ..disk.durable import make_folder, write_durably
from ..disk.regular import unreadable
from ..errors import GiveTrailError, InputError, SchemaError, StorageError, UsageError, shown
from ..log.key import read_secret
from ..text import first_unseen, plain_blanks
from .file_salt import SALT, FileSalt

KEY_BYTES = 32
COMPANION_BYTES = 4096
KEY_SUFFIX = ".key"
CHARACTERS = 1000
# No channel contains a space, so no committed reference begins like this.
CHECKED = "reference key"


class NewKey(NamedTuple):
    """The input for a new reference key: 32 random bytes, and the day (`YYYY-MM-DD`) on which it must be destroyed."""

    secret: bytes
    destroy_on: str


class ReferenceKey(NamedTuple):
    """A reference key as stored in the directory. `of` is the org-id of the one organisation whose references its label commits, or
    ""."""

    label: str
    secret: bytes
    destroy_on: str
    of: str = ""


class Listed(NamedTuple):
    """A label of a party. `state` is "fits" if its key gives the check value in the ledger, "not recorded" if the ledger has none,
    "destroyed", or "refused" with the reason in `why`. `since` is the entry that recorded it, or None."""

    label: str
    state: str
    since: int | None
    destroy_on: str
    why: str = ""


def normal_reference(text: str) -> str:
    """The normal form of a reference that people enter: NFC, every blank a space, without leading or trailing spaces.

    Raises SchemaError, rule "reference", if nothing is left or a character is invisible."""
    if text.isascii() and text.isprintable() and text[:1] > " " and text[-1] > " " and len(text) <= CHARACTERS:
        return text
    text = plain_blanks(unicodedata.normalize("NFC", text)).strip()
    unseen = first_unseen(text)
    if unseen:
        message = f"contains {unseen}, an invisible character; type the reference again"
    elif not text:
        message = "is empty; give a visible text"
    elif len(text) > CHARACTERS:
        message = f"has {len(text)} characters; at most {CHARACTERS} are allowed"
    else:
        return text
    raise SchemaError(f"reference {shown(text)}: {message}", rule="reference", where="reference")


def commit_reference(key: bytes, label: str, channel: str, reference: str) -> str:
    """`hmac-sha256:<label>:<base64url>` over channel ‖ 0x00 ‖ reference, under the secret bytes of the label's key."""
    return committer(key, label, channel)(reference)


def committer(key: bytes, label: str, channel: str) -> Callable[[str], str]:
    """`commit_reference` for many references in one channel: the key and the channel are hashed once."""
    begun = HMAC(key, SHA256())
    begun.update(channel.encode() + b"\0")
    begin, prefix = begun.copy, f"hmac-sha256:{label}:"

    def commit(reference: str) -> str:
        state = begin()
        state.update(reference.encode())
        return prefix + to_base64url(state.finalize())

    return commit


def check_value(party: str, key: ReferenceKey) -> str:
    """Identifies a key without revealing what it commits: base64url of its HMAC-SHA256 of "reference key", party, label, day of
    destruction and `of`, separated by 0x00."""
    mac = HMAC(key.secret, SHA256())
    mac.update("\0".join((CHECKED, party, key.label, key.destroy_on, key.of)).encode())
    return to_base64url(mac.finalize())


def find_reference_key(directory: Path, party: str, label: str, row: ReferenceKeyRow | None = None) -> ReferenceKey | None:
    """The key of a label. It must give the check value of `row`, from the ledger, or without a row the one in its second file. None
    if no reference was ever committed under the label.

    Raises UsageError if it is a different key, was destroyed or is lost, or if the files are damaged; StorageError if they cannot
    be read.
    """
    key_file, companion_file = _files(directory, party, label)
    companion, secret = _read(companion_file), _read(key_file)
    if row is None and companion is None:
        return None
    said, destroy_on, of = row[:3] if row else _companion(companion_file, companion or b"", label)
    if secret is None:
        raise _lost(key_file, label) if companion is None else _destroyed(key_file, label)
    key = ReferenceKey(label, secret, destroy_on, of)
    if len(secret) != KEY_BYTES or check_value(party, key) != said:
        raise _another(key_file, companion_file, row)
    return key


def make_reference_key(directory: Path, party: str, label: str, new: NewKey, of: str = "") -> ReferenceKey:
    """Store a new key for a label that has none. `of` is the org-id of the only organisation whose references it will commit.

    Raises UsageError if the label has or had a key; StorageError. The key is durable before the file that describes it, and nothing
    is committed before both are. So a key without that file was never used, and is used now in place of `new.secret`.
    """
    key_file, _ = _files(directory, party, label)
    _check_new(new)
    if find_reference_key(directory, party, label) is not None:
        raise UsageError(f"{key_file}: already exists, and a reference key is never replaced", rule="reference-key")
    secret = _read(key_file)
    if secret is None or len(secret) != KEY_BYTES:
        secret = new.secret
        make_folder(key_file.parent)
        write_durably(key_file, secret, mode=0o600)
    key = ReferenceKey(label, secret, new.destroy_on, of)
    _keep_companion(directory, party, key)
    return key


class ReferenceKeys:
    """The reference keys of one party in a directory, as its ledger's books know them. `make` gives the input for the key of a
    label that has none; without it no key is made."""

    def __init__(self, directory: Path, party: str, books: Books, make: Callable[[str], NewKey] | None = None) -> None:
        self._directory, self._party, self._books, self._make = directory, party, books, make
        self._found: dict[str, ReferenceKey] = {}

    def find(self, label: str) -> ReferenceKey | None:
        """The key of a label; None if no reference was ever committed under it. Raises what `find_reference_key` raises."""
        key = self._found.get(label) or find_reference_key(self._directory, self._party, label, self._row(label))
        if key is not None:
            self._found[label] = key
        return key

    def held(self) -> list[ReferenceKey]:
        """The key of every label whose key was not destroyed. Raises what `find_reference_key` raises, also if the ledger has a
        label whose key is lost."""
        return [key for label in self._labels() if not self._is_destroyed(label) and (key := self.find(label))]

    def committers(self, channel: str) -> dict[str, Callable[[str], str]]:
        """For each held label, the function that commits a reference of the channel under it. A reference may be recorded under
        any."""
        return {key.label: committer(key.secret, key.label, channel) for key in self.held()}

    def secret(self, label: str, of: str = "") -> bytes:
        """The secret bytes of a label, made on first use, for references `of` one organisation. Before committing with them, or in
        the same statement, the caller must enter the record `unsaid`.

        Raises UsageError if there is no key and none may be made.
        """
        key = self.find(label)
        if key is None:
            key = self._found[label] = make_reference_key(self._directory, self._party, label, self._new(label), of)
        else:
            _keep_companion(self._directory, self._party, key)
        return key.secret

    def file_salt(self) -> FileSalt:
        """The salt of the files that the party imports, made on first use. Raises what `secret` raises."""
        return FileSalt(self._directory, self._party, lambda: self._new(SALT).secret)

    def _new(self, label: str) -> NewKey:
        if self._make is not None:
            return self._make(label)
        words = f"party {self._party!r} does not have a reference key {label!r}; allow it to be made"
        raise UsageError(words, rule="reference-key")

    def unsaid(self, label: str) -> JsonObject | None:
        """The `reference-key` record of a key that exists; None if the ledger has it already, or if there is no key."""
        key = self.find(label)
        if key is None or self._row(label) is not None:
            return None
        return {"kind": "reference-key", **_stated(self._party, key)}

    def listed(self) -> list[Listed]:
        """Every label in the files or the ledger."""
        return [self._listed(label) for label in self._labels()]

    def _listed(self, label: str) -> Listed:
        row, key, why = self._row(label), None, ""
        try:
            key = self.find(label)
            state = "fits" if row else "not recorded"
        except StorageError:
            raise
        except GiveTrailError as error:
            state, why = ("destroyed", "") if self._is_destroyed(label) else ("refused", error.message)
        return Listed(label, state, row and row.since, row.destroy_on if row else key.destroy_on if key else "", why)

    def _row(self, label: str) -> ReferenceKeyRow | None:
        return self._books.reference_key.get(label_key(self._party, label))

    def _labels(self) -> list[str]:
        beginning = label_key(self._party, "")
        said = {key.removeprefix(beginning) for key, _ in self._books.reference_key.all() if key.startswith(beginning)}
        folder = _files(self._directory, self._party, "any")[0].parent
        files = {path.stem.removeprefix("reference-") for path in folder.glob("reference-*.key")}
        return [label for label in sorted(said | files) if re.fullmatch(SLUG, label)]

    def _is_destroyed(self, label: str) -> bool:
        key_file, companion_file = _files(self._directory, self._party, label)
        return _read(key_file) is None and _read(companion_file) is not None


def _files(directory: Path, party: str, label: str) -> tuple[Path, Path]:
    for field, value in (("party", party), ("label", label)):
        if not re.fullmatch(SLUG, value):
            raise UsageError(f"{field} {shown(value)}: must be {SLUG_WORDS}", rule="slug", where=field)
    folder = directory / "keys" / party
    return folder / f"reference-{label}{KEY_SUFFIX}", folder / f"reference-{label}.json"


def _check_new(new: NewKey) -> None:
    if len(new.secret) != KEY_BYTES:
        raise UsageError(f"a reference key has {KEY_BYTES} random bytes, not {len(new.secret)}", rule="reference-key")
    if not re.fullmatch(DAY, new.destroy_on):
        raise UsageError(f"destroy_on {shown(new.destroy_on)}: must be a day, YYYY-MM-DD", rule="reference-key")


def _stated(party: str, key: ReferenceKey) -> JsonObject:
    """What the second file, and the ledger, say about a key."""
    said = {"check_value": check_value(party, key), "destroy_on": key.destroy_on, "label": key.label}
    return said | {"of": key.of} if key.of else said


def _keep_companion(directory: Path, party: str, key: ReferenceKey) -> None:
    """Write the second file of a key, unless it already has the right content."""
    path, content = _files(directory, party, key.label)[1], encode(_stated(party, key)) + b"\n"
    if _read(path) != content:
        write_durably(path, content)


def _companion(path: Path, raw: bytes, label: str) -> tuple[str, str, str]:
    """The check value, the day of destruction, and the organisation whose references the label commits."""
    try:
        said = decode(raw.removesuffix(b"\n"), path.name, COMPANION_BYTES)
    except InputError as error:
        raise UsageError(f"{path}: {error.message}; restore the right file", rule="reference-key") from None
    if not isinstance(said, dict) or said.get("label") != label:
        raise UsageError(f"{path}: is not about label {label!r}; restore the right file", rule="reference-key")
    check_value, destroy_on, of = said.get("check_value"), said.get("destroy_on"), said.get("of", "")
    if not (isinstance(check_value, str) and isinstance(destroy_on, str) and isinstance(of, str)):
        raise UsageError(f"{path}: its members are not texts; restore the right file", rule="reference-key")
    return check_value, destroy_on, of


def _another(key_file: Path, companion_file: Path, row: ReferenceKeyRow | None) -> UsageError:
    if row is None:
        message = f"does not match {companion_file.name}. Nothing is recorded with it yet: restore both from a copy, or delete both"
    else:
        message = (
            f"is not the key that entry {row.since} names: it is another key, or damaged. With it, references that are already "
            "recorded would be recorded again. Restore the right key from a copy"
        )
    return UsageError(f"{key_file}: {message}", rule="reference-key")


def _destroyed(key_file: Path, label: str) -> UsageError:
    return UsageError(
        f"{key_file}: is missing: it was destroyed, or is lost. Without it, references of {label!r} cannot be linked, so a file "
        "of that period cannot be compared with what is recorded. If it was not meant to be destroyed, restore it from a backup",
        rule="reference-key",
    )


def _lost(key_file: Path, label: str) -> UsageError:
    companion = shlex.quote(str(key_file.with_suffix(".json")))
    return UsageError(
        f"{key_file}: is lost. Without it, references of {label!r} that are already recorded would be recorded again. Restore it "
        f"from a copy. If it was destroyed on purpose, run: touch {companion}",
        rule="reference-key",
    )


def _read(path: Path) -> bytes | None:
    try:
        return read_secret(path) if path.suffix == KEY_SUFFIX else path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise unreadable(path, error, "restore it from a backup", "reference-key") from None
