"""The small files of a ledger's directory, compared with its entries: keys, trust policy, checkpoints."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ..books.state import Books
from ..canonical import to_base64
from ..disk.regular import check_disk, read_regular
from ..entries.channel_reference import ReferenceKeys
from ..entries.log_keys import vkey_of
from ..errors import GiveTrailError, StorageError, UsageError
from ..log.key import ENCRYPTED, MAX_KEY_FILE_BYTES, REMEDY, SigningKey
from ..log.note import VerifierKey
from ..log.policy import MAX_POLICY_BYTES, Policy
from ..log.tile import CHECKPOINT
from ..store.protocol import Store
from .opening import LOG_KEY, why_behind
from .publication import POLICY

PUT_BACK = "restore it from a backup"
POLICY_BACK = f"{PUT_BACK}, or type `givetrail repair --trust COPY`"


class Fault(NamedTuple):
    """A file, by its name within the directory, that is not what it must be; why; and what to restore."""

    file: str
    why: str


class Compared(NamedTuple):
    """What is wrong with the small files, and the names of those that cannot be read without their passphrase."""

    faults: list[Fault]
    shut: list[str]

    def vital(self) -> Iterator[Fault]:
        """The faults with which a copy of the directory could not continue the log, or could not be trusted."""
        return (fault for fault in self.faults if fault.file in (LOG_KEY, POLICY, CHECKPOINT))


def compare_small(directory: Path, store: Store, books: Books) -> Compared:
    """Compare the small files of a directory with the entries in `store`, which give `books`. A missing file is not a fault,
    because keys may be kept elsewhere; but the trust policy must be there.

    Raises StorageError if a checkpoint cannot be read, or if the disk fails on another file.
    """
    compared = compare_keys(directory, books)
    behind = why_behind(directory, store, vkey_of(books))
    if behind:
        compared.faults.insert(0, Fault(CHECKPOINT, behind))
    return compared


def compare_keys(directory: Path, books: Books) -> Compared:
    """Compare keys and trust policy with the books, as `compare_small` does."""
    vkey, compared = vkey_of(books), Compared([], [])
    compared.faults.extend(_policy(directory, vkey))
    for path in sorted((directory / "keys").rglob("*.pem")):
        _compare_key(directory, path, books, vkey, compared)
    for folder in sorted(path for path in (directory / "keys").glob("*") if path.is_dir()):
        compared.faults.extend(_references(directory, folder.name, books))
    return compared


def policy_in(directory: Path) -> Policy:
    """The trust policy in a directory. Raises UsageError, whose message says why it cannot be read; StorageError."""
    path = directory / POLICY
    try:
        return Policy.parse(read_regular(path, MAX_POLICY_BYTES))
    except OSError as error:
        check_disk(path, error)
        why = error.strerror
    except GiveTrailError as error:
        why = error.message
    raise UsageError(f"cannot be read ({why})", rule="policy", where=str(path))


def _policy(directory: Path, vkey: VerifierKey) -> Iterator[Fault]:
    try:
        policy = policy_in(directory)
    except UsageError as error:
        yield Fault(POLICY, f"{error.message}; {POLICY_BACK}")
        return
    if not policy.names(vkey):
        yield Fault(POLICY, f"does not name {vkey.format()}, the key of this log; {POLICY_BACK}")


def _compare_key(directory: Path, path: Path, books: Books, vkey: VerifierKey, compared: Compared) -> None:
    name = path.relative_to(directory).as_posix()
    if _is_shut(path):
        compared.shut.append(name)
        return
    try:
        public = SigningKey.load(path).public
    except StorageError:
        raise
    except GiveTrailError as error:
        compared.faults.append(Fault(name, f"{_without(error.message, path)}; {PUT_BACK}"))
        return
    why = _not_the_key(name, public, books, vkey)
    if why:
        compared.faults.append(Fault(name, why))


def _is_shut(path: Path) -> bool:
    try:
        return ENCRYPTED in read_regular(path, MAX_KEY_FILE_BYTES)
    except OSError as error:
        check_disk(path, error)
        return False  # whoever loads it gets the reason


def _without(message: str, path: Path) -> str:
    return message.removeprefix(f"{path}: ").partition(f"; {REMEDY}")[0]


def _not_the_key(name: str, public: bytes, books: Books, vkey: VerifierKey) -> str:
    """Why a key is not the one that belongs in the file of that name; "" if it is."""
    if name == LOG_KEY:
        return "" if public == vkey.public else f"is not the key of this log; {PUT_BACK}"
    row = books.key.get(to_base64(public))
    party = Path(name).parent.name
    if row is None:
        return (
            f"does not belong to any party: it is damaged, of another ledger, or not recorded yet. If it was recorded, {PUT_BACK}"
        )
    return "" if row.party == party else f"is a key of {row.party}, not of {party}; move it to the folder of its party"


def _references(directory: Path, party: str, books: Books) -> Iterator[Fault]:
    try:
        listed = ReferenceKeys(directory, party, books).listed()
    except StorageError:
        raise
    except GiveTrailError:
        return  # not the folder of a party
    for one in listed:
        if one.state == "refused":
            name = f"keys/{party}/reference-{one.label}.key"
            yield Fault(name, _without(one.why, directory / name))
