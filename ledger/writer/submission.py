"""A submission, read and with its signatures verified: everything that needs neither books nor store."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple, TypeVar

from ..canonical import from_base64
from ..entries.leaf import key_digest, keys_of_statement
from ..entries.statement import Statement, read_statement, verify_signatures
from ..errors import GiveTrailError, SchemaError, VerificationError
from ..log.dsse import Signature
from ..log.entry import SIGNATURES

PROCESSORS = os.cpu_count() or 1
Made = TypeVar("Made")
Submission = tuple[bytes, tuple[Signature, ...]]
"""The bytes of a statement, and its signatures."""


class Opened(NamedTuple):
    """A statement with valid form and signatures. `keys` are (record, key) of its unique keys, `digests` their digests for the
    look-up, `places` where each may be already."""

    statement: Statement
    raw: bytes
    signatures: tuple[Signature, ...]
    keys: list[tuple[int, str]]
    digests: list[bytes]
    places: list[list[tuple[int, int]]]


def opened_all(chunk: list[Submission]) -> list[Opened | GiveTrailError]:
    """Check schemas and signatures. Signatures are verified on all processors, because the libraries release the interpreter's
    lock."""
    read = [_attempt(partial(read_statement, submission[0])) for submission in chunk]
    part = -(-len(chunk) // PROCESSORS)
    with ThreadPoolExecutor() as pool:
        parts = pool.map(_signature_faults, [chunk[at : at + part] for at in range(0, len(chunk), part)])
        faults = [fault for found in parts for fault in found]
    return [_open(*one) for one in zip(chunk, read, faults, strict=True)]


def _open(
    submission: Submission, statement: Statement | GiveTrailError, fault: GiveTrailError | None
) -> Opened | GiveTrailError:
    if isinstance(statement, GiveTrailError):
        return statement
    if fault is not None:
        return fault
    keys = keys_of_statement(statement)
    return Opened(statement, *submission, keys, [key_digest(key) for _, key in keys], [])


def _signature_faults(chunk: list[Submission]) -> list[GiveTrailError | None]:
    return [_signature_fault(submission) for submission in chunk]


def _signature_fault(submission: Submission) -> GiveTrailError | None:
    raw, signatures = submission
    if not signatures:
        return VerificationError("statement: it is not signed; sign it first", rule="statement-signature")
    return _attempt(partial(_check_order, signatures)) or _attempt(partial(verify_signatures, raw, signatures))


def _check_order(signatures: tuple[Signature, ...]) -> None:
    """Refuse signatures that an entry could not have (formats §3). Raises CanonicalError, SchemaError."""
    keys = [from_base64(key, 32) for key, _ in signatures]
    if len(keys) > SIGNATURES or keys != sorted(set(keys)):
        raise SchemaError(
            f"signatures: must be 1 to {SIGNATURES}, sorted by key, each by a different key", rule="schema", where="signatures"
        )


def _attempt(step: Callable[[], Made]) -> Made | GiveTrailError:
    try:
        return step()
    except GiveTrailError as error:
        return error


def chunks(items: Iterable[Submission], size: int) -> Iterator[list[Submission]]:
    """The items in lists of `size`; the last may be shorter."""
    chunk: list[Submission] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
