"""Exports that somebody has tampered with, and what an audit says of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from ledger.audit.verify import verify
from ledger.bundle.trace_bundle import Bundle, BundleEntry, format_bundle, make_bundle
from ledger.canonical import encode, parse
from ledger.directory.source import DirectorySource
from ledger.entries.statement import sign_statement
from ledger.entries.store_flows import Trail
from ledger.findings.report import Report
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.merkle import leaf_hash, prove_inclusion, root_of
from ledger.log.policy import Policy
from ledger.log.tile import CHECKPOINT, FULL_WIDTH, grow, node_reader
from ledger.log_files.export import export_tiles
from ledger.log_files.source import FolderSource
from tests.language import ORIGIN, key
from tests.writer.on_disk import TRUST, OnDisk

SMALL = """
    op: unit CNY 2; party hope charity li; party shop vendor
    hope: project school restricted; activity books school
    hope: donation 10.00 CNY -> school
    hope: allocation 6.00 CNY school -> books
    hope: payment 4.00 CNY books -> shop
"""
GIFT = "3.0"
HASH_BYTES = 32


class Small(NamedTuple):
    """A ledger's directory, its export, its entries, and the trace bundle of its gift."""

    directory: Path
    folder: Path
    entries: list[bytes]
    bundle: bytes


def make_small(place: Path, said: str = SMALL, gift: str = GIFT) -> Small:
    """A ledger in which this was said, closed and exported."""
    ledger = OnDisk(place / "ledger")
    ledger.play(said)
    entries = ledger.entries()
    trail = Trail(ledger.sequencer.store, ledger.books)
    bundle = make_bundle(trail, gift, (ledger.directory / CHECKPOINT).read_bytes()) if gift else b""
    ledger.close()
    with closing(DirectorySource(ledger.directory)) as source:
        export_tiles(source, place / "export")
    return Small(ledger.directory, place / "export", entries, bundle)


def judged(folder: Path, policy: Policy | None = TRUST) -> Report:
    """What an audit of an export says."""
    return verify(FolderSource(folder), policy)


def rules(report: Any) -> set[str]:
    """The ids of what was found."""
    return {finding.rule for finding in report.findings}


def places(report: Any) -> set[tuple[str, int, int]]:
    """The ids of what was found, each with its entry and record."""
    return {(finding.rule, finding.entry, finding.record) for finding in report.findings}


def copied(folder: Path, place: Path) -> Path:
    """A copy of an export, to be tampered with."""
    return Path(shutil.copytree(folder, place / "mirror"))


def files(folder: Path) -> list[Path]:
    """Every file of an export, by its path in it."""
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


class Forged:
    """A log that is forged by who has its key: any entries in any order, chained and signed anew (`export.Log`)."""

    def __init__(self, entries: list[bytes], chained: bool = True) -> None:
        self._entries = list(rechained(entries)) if chained else entries
        changed = grow(0, map(leaf_hash, self._entries), lambda level, index: b"")
        self._tiles = {(level, index): hashes for level, index, hashes in changed}

    def checkpoint(self) -> bytes:
        head = Checkpoint(ORIGIN, len(self._entries), root_of(map(leaf_hash, self._entries)))
        return sign_checkpoint(head, key("the.log"))

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        return iter(self._entries[start:end])

    def tile(self, level: int, index: int, width: int) -> bytes:
        return self._tiles[level, index][: width * HASH_BYTES]


def bundled(entries: list[bytes], gift: str, ranges: list[dict[str, Any]], chained: bool = True) -> bytes:
    """A trace bundle of all entries of a forged log, which says these ranges."""
    log = Forged(entries, chained)
    node = node_reader(lambda level, index: log.tile(level, index, FULL_WIDTH))
    proven = [
        BundleEntry(index, raw, tuple(prove_inclusion(index, len(entries), node)))
        for index, raw in enumerate(log.entries(0, len(entries)))
    ]
    return format_bundle(Bundle(log.checkpoint(), tuple(proven), gift, ranges))


def rechained(entries: list[bytes]) -> Iterator[bytes]:
    """The same statements and flows, with the index and `prev` that fit their place."""
    prev = "0" * 64
    for index, raw in enumerate(entries):
        raw = encode({**parse(raw), "index": index, "prev": prev})
        prev = leaf_hash(raw).hex()
        yield raw


def edited(raw: bytes, edit: Callable[[dict[str, Any]], None]) -> bytes:
    """An entry with something in it changed."""
    value = parse(raw)
    edit(value)
    return encode(value)


def signed_anew(raw: bytes, edit: Callable[[dict[str, Any]], None], *names: str) -> bytes:
    """An entry whose statement or flows are changed, signed by the parties that go along with it."""
    value = parse(raw)
    edit(value)
    keys = [key(name) for name in names]
    signatures = sign_statement(encode(value["statement"]), keys)
    return encode({**value, "signatures": [{"key": signer, "sig": signature} for signer, signature in signatures]})


def forged(entries: list[bytes], place: Path, chained: bool = True) -> Path:
    """The export of a forged log."""
    export_tiles(Forged(entries, chained), place / "forged")
    return place / "forged"
