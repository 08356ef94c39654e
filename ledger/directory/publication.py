"""Which checkpoint of a ledger is published, and which was signed last.

    checkpoint   the published checkpoint, with the cosignatures that it has: what readers, exports, mirrors and bundles get
    signed       the last signed checkpoint, if the trust policy asks for a quorum of witnesses; otherwise `checkpoint` is that

If the policy asks for a quorum, a checkpoint is published when the quorum has cosigned it, because nobody who trusts the policy
would accept it before. The writer and whoever asks the witnesses are often two processes, so each holds `publication.lock` while it
looks and writes: nobody puts an older checkpoint in the place of a newer one.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from ..disk.durable import let_go, unwritable, write_durably
from ..disk.regular import read_regular
from ..errors import InputError, Unverifiable, VerificationError
from ..log.checkpoint import checkpoint_in
from ..log.note import NoteSignature, format_note, parse_note, with_cosignatures
from ..log.policy import MAX_POLICY_BYTES, Policy
from ..log.tile import CHECKPOINT
from ..log_files.folder import read_note

SIGNED = "signed"
LOCK = "publication.lock"
POLICY = "trust.policy"
WHY_WITNESSES = b"""\
# Without witnesses, only the operator says that everybody is shown the same log. Name two or three, independent of it and of one
# another: each remembers what it has seen, and no single one of them can deceive readers, or hold up the log by its silence.
"""


def explained(policy: Policy) -> bytes:
    """A policy file for a new log, which says first why witnesses are needed."""
    return WHY_WITNESSES + policy.format()


def signed_path(directory: Path) -> Path:
    """Where the last signed checkpoint is."""
    signed = directory / SIGNED
    return signed if os.path.lexists(signed) else directory / CHECKPOINT


def signed_note(directory: Path) -> bytes | None:
    """The last signed checkpoint; None if nothing was signed yet. Raises StorageError."""
    return read_note(signed_path(directory))


def waits(directory: Path) -> bool:
    """Whether nothing is published yet, because the first checkpoint waits for its quorum."""
    return os.path.lexists(directory / SIGNED) and not os.path.lexists(directory / CHECKPOINT)


def why_missing(directory: Path) -> str:
    """Why nothing is published, and what to type."""
    if waits(directory):
        return "nothing is published yet, because the quorum of witnesses has not cosigned; run `givetrail witness`"
    return "is missing; open the ledger for writing once, which signs it again"


def keep_signed(directory: Path, note: bytes) -> None:
    """Write a checkpoint that was just signed, and publish it unless it has to wait for its quorum. Cosignatures that the same
    checkpoint has already are kept. Raises StorageError."""
    if _waits_for_quorum(directory):
        write_durably(directory / SIGNED, note)
        return
    with _publishing(directory):
        whole = with_cosignatures(note, read_note(directory / CHECKPOINT))
        write_durably(directory / CHECKPOINT, whole)
    with suppress(OSError):
        (directory / SIGNED).unlink(missing_ok=True)


def publish_cosigned(directory: Path, note: bytes, cosignatures: Sequence[NoteSignature], policy: Policy) -> bool:
    """Publish a signed checkpoint with verified cosignatures, if the policy accepts it with them and no newer one is published.
    Returns whether it is published now. Raises StorageError."""
    text = parse_note(note)
    whole = format_note(text.text, [*text.signatures, *cosignatures])
    with _publishing(directory):
        before = read_note(directory / CHECKPOINT)
        whole = with_cosignatures(whole, before)
        if not _is_accepted(whole, policy) or _size(before) > _size(whole):
            return False
        if whole != before:
            write_durably(directory / CHECKPOINT, whole)
    return True


def put_back(directory: Path, newest: bytes, notes: Iterable[bytes], policy: Policy) -> list[str]:
    """Write the last signed checkpoint again if it is not `newest`. If the policy asks for a quorum and does not accept what is
    published, because that is damaged or missing, publish the newest of `notes` that it accepts. Returns the paths that were
    written. Raises StorageError."""
    written = []
    if signed_note(directory) != newest:
        keep_signed(directory, newest)
        written.append(str(signed_path(directory)))
    accepted = [note for note in notes if _is_accepted(note, policy)] if policy.asks_witnesses else []
    if accepted and not _is_accepted(read_note(directory / CHECKPOINT) or b"", policy):
        with _publishing(directory):
            write_durably(directory / CHECKPOINT, max(accepted, key=_size))
        written.append(str(directory / CHECKPOINT))
    return written


def _waits_for_quorum(directory: Path) -> bool:
    """Whether the policy asks for a quorum. A policy that is malformed may ask for one, so nothing is published; if there is none,
    it is as before."""
    try:
        return Policy.parse(read_regular(directory / POLICY, MAX_POLICY_BYTES)).asks_witnesses
    except (InputError, Unverifiable):
        return True
    except OSError:
        return os.path.lexists(directory / SIGNED)


def _is_accepted(note: bytes, policy: Policy) -> bool:
    try:
        policy.check(note)
    except (InputError, Unverifiable, VerificationError):
        return False
    return True


def _size(note: bytes | None) -> int:
    if note is not None:
        with suppress(InputError, Unverifiable):
            return checkpoint_in(note).tree_size
    return -1


@contextmanager
def _publishing(directory: Path) -> Iterator[None]:
    """Hold the lock of publication. It is held for one small file only, so it is waited for. Raises StorageError."""
    path = directory / LOCK
    try:
        held = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise unwritable(path, error) from None
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        let_go(held)
