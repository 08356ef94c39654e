"""Logs of any size, cheap to make: well-formed entries in a chain, whose statements say nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from ledger.canonical import to_base64
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.entry import ENTRY_BYTES, FIRST_PREV, encode_entry
from ledger.log.merkle import HASH_BYTES, leaf_hash, subtree_root
from ledger.log.note import VerifierKey
from ledger.log.tile import grow, node_reader
from ledger.log_files.export import export_tiles
from tests.language import ORIGIN, key

TIME = "2026-09-07T10:00:02Z"
SIGNATURES = ((to_base64(bytes(32)), to_base64(bytes(64))),)
LARGEST = 2
"""The number of the entry that is as large as a bundle can hold."""
LOG_KEY = key("the.log")
VKEY = VerifierKey(ORIGIN, LOG_KEY.public)


def well_formed(index: int, prev: str) -> bytes:
    """An entry, by its number and the leaf hash in hex of the one before."""
    raw = encode_entry(index, prev, TIME, SIGNATURES, b"{}", [])
    if index != LARGEST:
        return raw
    padding = ENTRY_BYTES - len(raw) - len('"padding":""')
    return encode_entry(index, prev, TIME, SIGNATURES, b'{"padding":"%b"}' % (b"x" * padding), [])


class Plain:
    """A log of `size` entries, and with it every smaller one."""

    def __init__(self, size: int, entry: Callable[[int, str], bytes] = well_formed) -> None:
        self.entries: list[bytes] = []
        self.leaves: list[bytes] = []
        prev = FIRST_PREV
        for index in range(size):
            raw = entry(index, prev)
            self.entries.append(raw)
            self.leaves.append(leaf_hash(raw))
            prev = self.leaves[-1].hex()
        self.tiles = {(level, index): raw for level, index, raw in grow(0, self.leaves, lambda level, index: b"")}
        self.node = node_reader(lambda level, index: self.tiles[level, index])

    def root(self, size: int) -> bytes:
        """The root over the first `size` entries."""
        return subtree_root(0, size, self.node)

    def note(self, size: int) -> bytes:
        """The checkpoint of that size, signed."""
        return sign_checkpoint(Checkpoint(ORIGIN, size, self.root(size)), LOG_KEY)

    def export(self, size: int, folder: Path) -> Path:
        """The log as it was at that size, as `givetrail export` lays it out or brings it up to date."""
        export_tiles(_Earlier(self, size), folder)
        return folder


class _Earlier:
    """The log at an earlier size (`ledger.log_files.export.Log`)."""

    def __init__(self, log: Plain, size: int) -> None:
        self._log, self._size = log, size

    def checkpoint(self) -> bytes:
        return self._log.note(self._size)

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        return iter(self._log.entries[start:end])

    def tile(self, level: int, index: int, width: int) -> bytes:
        return self._log.tiles[level, index][: width * HASH_BYTES]
