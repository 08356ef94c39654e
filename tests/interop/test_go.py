"""Exports, judged by Go code of others: the tiles by x/mod's tlog, the entries by torchwood's client, all by tessera's fsck."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from ledger.canonical import to_base64
from ledger.log.merkle import prove_consistency, prove_inclusion
from ledger.log.note import VerifierKey
from ledger.log.policy import Policy
from ledger.log.proof import format_proof
from tests.interop.foreign import Export
from tests.interop.plain import VKEY, Plain
from tests.interop.programs import HUNG, Program, go_program
from tests.interop.tampering import TAMPERINGS, bundle, repeated, tile
from tests.language import key

GOLDEN = Path(__file__).parents[1] / "vectors" / "golden"
SIZES = (1, 255, 256, 257, 65_535, 65_536, 65_537)
WORKERS = 16
"""More than the tiles that any tampering here makes wrong: see `test_an_fsck_that_hangs_has_accepted_nothing`."""
TAMPERED = [(size, name) for size in SIZES for name, tampering in TAMPERINGS.items() if size >= tampering.smallest]

ExportOf = Callable[[int], Path]


@pytest.fixture(scope="session")
def go() -> Program:
    return go_program()


@pytest.fixture(scope="session")
def plain() -> Plain:
    return Plain(SIZES[-1])


@pytest.fixture(scope="session")
def export_of(plain: Plain, tmp_path_factory: pytest.TempPathFactory) -> ExportOf:
    """The export of the plain log at a size, made when it is asked for first."""
    place = tmp_path_factory.mktemp("plain")
    return lambda size: place / str(size) if (place / str(size)).exists() else plain.export(size, place / str(size))


@pytest.fixture
def copy_of(export_of: ExportOf, tmp_path: Path) -> ExportOf:
    """A copy to tamper with; its files are other names of the same until they are replaced."""
    return lambda size: Path(shutil.copytree(export_of(size), tmp_path / "copy", copy_function=os.link))


def fsck(go: Program, folder: Path, vkey: VerifierKey = VKEY) -> str:
    """Why tessera's fsck refuses an export, or nothing."""
    return go.judge("fsck", folder, vkey.format(), WORKERS)[0]


def tlog(
    go: Program, folder: Path, vkey: VerifierKey = VKEY, records: Sequence[int] = (), sizes: Sequence[int] = ()
) -> tuple[str, Any]:
    """Why x/mod and torchwood refuse an export, or nothing; and what they made of it."""
    return go.judge("tlog", folder, vkey.format(), asked={"records": list(records), "sizes": list(sizes)})


def coded(hashes: list[bytes]) -> list[str]:
    return [to_base64(item) for item in hashes]


@pytest.mark.parametrize("size", SIZES)
def test_every_size_at_the_edge_of_a_tile_is_accepted(go: Program, plain: Plain, export_of: ExportOf, size: int):
    assert fsck(go, export_of(size)) == ""
    sizes = [old for old in (1, 2, 3, 128, *SIZES[1:]) if old <= size]
    records = sorted({index for edge in sizes for index in (edge - 1, edge) if index < size})
    refused, told = tlog(go, export_of(size), records=records, sizes=sizes)
    assert (refused, told["size"]) == ("", size)
    assert told["roots"] == {str(old): to_base64(plain.root(old)) for old in sizes}
    assert told["records"] == {str(index): coded(prove_inclusion(index, size, plain.node)) for index in records}
    pairs = [(old, new) for old in sizes for new in sizes if old <= new]
    assert told["trees"] == {f"{old}-{new}": coded(prove_consistency(old, new, plain.node)) for old, new in pairs}


def test_an_export_that_is_brought_up_to_date_is_accepted_at_every_size(go: Program, plain: Plain, tmp_path: Path):
    for size in SIZES:
        folder = plain.export(size, tmp_path / "export")
        assert (fsck(go, folder), tlog(go, folder)[0]) == ("", "")


@pytest.mark.long
def test_more_tiles_than_three_digits_can_number_are_accepted(go: Program, tmp_path: Path):
    size = 1000 * 256 + 1
    folder = Plain(size, lambda index, prev: b"%d" % index).export(size, tmp_path / "export")
    assert (folder / "tile/entries/x001/000.p/1").read_bytes() == b"\0\x06256000"
    assert (fsck(go, folder), tlog(go, folder)[0]) == ("", "")


@pytest.mark.parametrize(("size", "name"), TAMPERED)
def test_a_tampered_export_is_refused(go: Program, copy_of: ExportOf, size: int, name: str):
    folder, tampering = copy_of(size), TAMPERINGS[name]
    tampering.do(folder, size)
    assert re.search(tampering.fsck, fsck(go, folder))
    assert re.search(tampering.tlog, tlog(go, folder)[0])


def test_another_key_than_the_logs_accepts_no_export(go: Program, export_of: ExportOf):
    for other in (VerifierKey("ledger.example.org/other", VKEY.public), VerifierKey(VKEY.name, key("a.stranger").public)):
        assert "no verifiable signatures" in fsck(go, export_of(257), other)
        assert "no verifiable signatures" in tlog(go, export_of(257), other)[0]


def test_an_entry_beyond_the_tree_is_seen_by_the_client_and_not_by_fsck(go: Program, copy_of: ExportOf):
    folder = copy_of(257)
    bundle(repeated)(folder, 257)
    assert fsck(go, folder) == ""
    assert "leftover data" in tlog(go, folder)[0]


def test_an_fsck_that_hangs_has_accepted_nothing(go: Program, copy_of: ExportOf):
    """With one worker it waits for ever when a tile is wrong and more tiles follow."""
    folder = copy_of(65_537)
    tile(0)(folder, 256)
    assert go.judge("fsck", folder, VKEY.format(), 1) == (HUNG, None)


def test_a_ledger_of_many_kinds_is_accepted_and_every_entry_of_it_proved(go: Program, folder: Path, export: Export):
    assert fsck(go, folder) == ""
    refused, told = tlog(go, folder, records=range(export.size), sizes=[export.size])
    assert (refused, told["roots"]) == ("", {str(export.size): to_base64(export.root)})
    for index in range(export.size):
        hashes = prove_inclusion(index, export.size, export.node)
        assert told["records"][str(index)] == coded(hashes)
        assert told["files"][str(index)].encode() == format_proof(index, hashes, export.note.encode())


def test_the_golden_log_is_accepted(go: Program):
    vkey = Policy.parse((GOLDEN / "trust.policy").read_bytes()).logs[0].vkey
    assert (fsck(go, GOLDEN / "log", vkey), tlog(go, GOLDEN / "log", vkey)[0]) == ("", "")
