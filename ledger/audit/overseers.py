"""Whether the overseers who co-signed records of others, or set the standards, are those whom the verifier knows.

The operator admits overseers as it admits any party, so a log cannot show that an auditor is one. A verifier names the keys that it
knows in a file of its own, because other people's parsers of trust policies know no such line:

    <party> <key>

A key is 44 characters of base64, as `givetrail key list` prints it. Lines that begin with # are comments.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator

from ..books.rows import OverseerRow
from ..books.table import Table
from ..errors import FormatError, SizeError, shown
from ..findings.finding import WHOLE, Finding

MAX_OVERSEERS_BYTES = 1024 * 1024
LINE = re.compile(r"([a-z0-9][a-z0-9-]{0,63})[ \t]+([A-Za-z0-9+/]{43}=)")
Known = Collection[tuple[str, str]]
"""The party and key of each overseer that the verifier knows."""


def parse_overseers(raw: bytes) -> Known:
    """The overseers that a file names. Raises FormatError, SizeError."""
    if len(raw) > MAX_OVERSEERS_BYTES:
        raise SizeError(f"overseers: {len(raw)} bytes; at most {MAX_OVERSEERS_BYTES} are allowed", rule="size-limit")
    known = set()
    for number, line in enumerate(raw.decode("utf-8", "replace").splitlines(), 1):
        words = line.strip()
        if not words or words.startswith("#"):
            continue
        match = LINE.fullmatch(words)
        if match is None:
            raise FormatError(f"line {number} {shown(words)}: write the id of a party, a space, and its key", rule="overseers")
        known.add((match[1], match[2]))
    return frozenset(known)


def unknown(signed_for_others: Table[OverseerRow], known: Known) -> Iterator[Finding]:
    """A finding (`overseer-unknown`) for each overseer who co-signed records of others, or set the standards, with a key that is
    not among the known ones, at the first such entry."""
    entries = defaultdict[str, list[tuple[int, str]]](list)
    for key, row in signed_for_others.all():
        if (row.party, key) not in known:
            entries[row.party].append((row.since, key))
    for party, signed in sorted(entries.items()):
        since, key = min(signed)
        words = (
            f"{party} co-signed another party's records, confirmed what it paid, reported on it, or set the standards, from this "
            f"entry on, with key {key}, which is not among the overseers that you named"
        )
        yield Finding(since, WHOLE, "overseer-unknown", words)
