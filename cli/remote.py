"""What commands share that read a log of somebody else: the trust policy, and what an address may have meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ledger.errors import FormatError, InputError, NotFound, Unverifiable, UsageError, VerificationError, shown
from ledger.log.policy import MAX_POLICY_BYTES, Policy
from ledger.pasted import pasted_ref

from .files import read_foreign, spoken
from .screen import hint, plain

SECURE, PLAIN = "https://", "http://"
NOT_SECURE = "by TLS"
"""What the message of a server says that was reached and answered otherwise than by TLS."""
KEY = re.compile(r"[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+")
LINES = "write a file of two lines, `log <key>` and `quorum none`, and name that file"


def read_policy(name: str) -> Policy:
    """The trust policy in a file; what is raised names the file. Raises UsageError where it cannot be read; FormatError, SizeError;
    Unverifiable where it was damaged on its way. Each says of a key that stands there alone which lines are expected."""
    if KEY.fullmatch(name) and not Path(name).exists():
        raise UsageError(f"--trust {shown(name)}: is a key and no file; {LINES}", rule="file", where="trust")
    raw, what = read_foreign(name, MAX_POLICY_BYTES), spoken(name)
    if KEY.fullmatch(raw.decode("utf-8", "replace").strip()):
        raise FormatError(f"{what}: holds a key alone and no trust policy; {LINES}", rule="policy", where=what)
    with naming(what):
        return Policy.parse(raw)


@contextmanager
def naming(what: str) -> Iterator[None]:
    """What is wrong with a file, with its name."""
    try:
        yield
    except (InputError, Unverifiable, VerificationError) as error:
        raise type(error)(f"{what}: {error.message}", rule=error.rule, where=error.where) from None


def refuse_reference(target: str) -> None:
    """Where somebody gives a reference, or the address of a record's page, for a log or a bundle: say how to get the bundle.
    Raises UsageError."""
    try:
        ref = pasted_ref(target)
    except NotFound:
        return
    if not Path(target).exists():
        what = "the address of a record's page" if "/" in target else "a reference"
        words = "download the gift's bundle from its page, or write it with `givetrail proof"
        raise UsageError(
            f"{shown(target)}: is {what}, not a log or a bundle; {words} {ref} -o gift.json`, and verify that file",
            rule="target", where="target",
        )  # fmt: skip


@contextmanager
def hinting_at_http(url: str) -> Iterator[None]:
    """Where a server cannot be reached by TLS, say that it may speak plain HTTP, and raise what was raised."""
    try:
        yield
    except Unverifiable as error:
        hint_at_http(url, [{"message": error.message}])
        raise


def hint_at_http(url: str, findings: Iterable[Mapping[str, Any]]) -> None:
    """The same for findings."""
    if url.startswith(SECURE) and any(NOT_SECURE in finding["message"] for finding in findings):
        hint(f"the server may speak plain HTTP: try {PLAIN}{plain(url.removeprefix(SECURE))}")
