"""What takes room: files far larger than the format allows, and a log with a third level of tiles."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from ledger.audit.verify import verify
from ledger.bundle.trace_bundle import BUNDLE_BYTES
from ledger.log.policy import Policy
from ledger.log.tile import tile_path
from ledger.log_files.source import FolderSource
from tests.golden.forge import lay_out
from tests.golden.on_bytes import flipped

from .auditing import WAYS, audit
from .case import REFUSED, Artefacts
from .chained import Chained
from .forging import TRUST, story

HUGE_BYTES, MOST_BYTES = 40 * 2**20, 12 * 2**20
THIRD_LEVEL = 256 * 256


@pytest.mark.parametrize("name", ["checkpoint", "tile/0/000.p/*"])
def test_a_file_of_many_megabytes_is_not_read_whole(name: str, tmp_path: Path):
    """A mirror hands out a file with a hole in it: it costs the mirror nothing and the auditor all memory."""
    lay_out(tmp_path, story().honest())
    (path,) = tmp_path.glob(name)
    with path.open("r+b") as file:
        file.truncate(HUGE_BYTES)
    tracemalloc.start()
    try:
        report = verify(FolderSource(tmp_path), Policy.parse(TRUST))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert report.exit_code in (3, 4)
    assert peak < MOST_BYTES


def test_a_bundle_above_the_limit_is_refused_unread():
    answer = audit(Artefacts(TRUST, bundle=b" " * (BUNDLE_BYTES + 1)), Path())
    assert (answer.verdict, answer.exit_code, set(answer.found)) == (REFUSED, 2, {("size-limit", -1, -1)})


@pytest.fixture(scope="module")
def three_levels() -> Chained:
    """A log of 65,540 entries: who is who, and gifts of one unit, each bound to the same entry; their flows are plain to see."""
    ledger = Chained().play("op: ledger chief").play("""
        op: unit CNY 2; party hope charity li
        hope: fund school restricted
    """)
    said = {"kind": "donation", "fund": "school", "unit": "CNY", "amount": 1, "channel": "cash", "received_on": ledger.time[:10]}
    for number in range(THIRD_LEVEL + 4 - len(ledger.raws)):
        gift = ledger.signed("hope", [said], ["hope.li"], after=2)
        ledger.raws.append(ledger.placed(gift, [[0, "+", "school/CNY", number, number + 1]], ledger.time))
    return ledger


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("level", [1, 2])
def test_a_bit_of_a_tile_of_every_level_is_found(three_levels: Chained, level: int, way: str, tmp_path: Path):
    artefacts = three_levels.artefacts()
    path = tile_path(level, 0) if level == 1 else tile_path(level, 0, 1)
    files = {**artefacts.files, path: flipped(artefacts.files[path], 5)}
    answer = audit(artefacts._replace(files=files), tmp_path, **WAYS[way])
    assert (answer.exit_code, answer.found) == (3, {("tile", -1, -1): "broken"})
