"""For commands that read someone else's log: the trust policy, and what the user may have meant by an address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import FormatError, InputError, NotFound, Unverifiable, UsageError, VerificationError, shown
from ledger.log.policy import MAX_POLICY_BYTES, Policy
from ledger.log_files.source import Source
from ledger.pasted import pasted_ref

from .files import read_foreign, spoken
from .screen import hint, plain

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

SECURE, PLAIN = "https://", "http://"
KEY = re.compile(r"[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+")
LINES = "write a file with two lines, `log <key>` and `quorum none`, and give its name"


def read_policy(name: str) -> Policy:
    """The trust policy in a file; every error names the file. Raises UsageError if it cannot be read; FormatError, SizeError;
    Unverifiable if it was damaged in transport. If there is only a key, the error says which two lines are expected."""
    if KEY.fullmatch(name) and not Path(name).exists():
        raise UsageError(f"--trust {shown(name)}: is a key, not a file; {LINES}", rule="file", where="trust")
    raw, what = read_foreign(name, MAX_POLICY_BYTES), spoken(name)
    if KEY.fullmatch(raw.decode("utf-8", "replace").strip()):
        raise FormatError(f"{what}: holds only a key, not a trust policy; {LINES}", rule="policy", where=what)
    with naming(what):
        return Policy.parse(raw)


def roots_in(name: str | None) -> list[Certificate] | None:
    """The root certificates in a PEM file, None if none is named. Raises UsageError, FormatError, SizeError, with the file's
    name."""
    if name is None:
        return None
    from ledger.log.timestamp_token import ROOTS_BYTES, parse_roots  # takes longer to import than a small log to verify

    with naming(spoken(name)):
        return parse_roots(read_foreign(name, ROOTS_BYTES))


@contextmanager
def naming(what: str) -> Iterator[None]:
    """Put the name of a file before every error about it."""
    try:
        yield
    except (InputError, Unverifiable, VerificationError) as error:
        raise type(error)(f"{what}: {error.message}", rule=error.rule, where=error.where) from None


def refuse_reference(target: str) -> None:
    """Raises UsageError for a reference, or the address of a record's page, in place of a log or a bundle. It says how to get the
    bundle."""
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
def hinting_at_http(url: str, source: Source) -> Iterator[None]:
    """After the block, if the server of the log did not answer over TLS, say that it may speak plain HTTP."""
    try:
        yield
    finally:
        if source.refused_tls:
            hint(f"the server may speak plain HTTP: try {PLAIN}{plain(url.removeprefix(SECURE))}")
