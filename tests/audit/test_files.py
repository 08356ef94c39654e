"""Files of an export are cut off, taken away, exchanged or put in the wrong place: it does not verify."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ledger.audit.target import open_source
from ledger.audit.verify import verify
from ledger.directory.source import DirectorySource
from ledger.errors import GiveTrailError
from ledger.log_files.export import export_tiles
from tests.audit.mirror import Small, copied, judged, rules
from tests.writer.on_disk import TRUST, a_gift, a_town

NAMES = ["checkpoint", "tile/0/000.p/6", "tile/entries/000.p/6"]


def exit_code(folder: Path) -> int:
    """The exit code of `givetrail verify`: the verdict's, or that of the error where there is no export to judge."""
    try:
        return verify(open_source(folder), TRUST).exit_code
    except GiveTrailError as error:
        return error.exit_code


def check_cuts(folder: Path, name: str, lengths: range) -> None:
    good = (folder / name).read_bytes()
    for length in lengths:
        (folder / name).write_bytes(good[:length])
        report = judged(folder)
        assert (report.verdict, report.exit_code) in {("failed", 3), ("could not verify", 4)}, f"{name} cut off at {length}"
        if name != "checkpoint":
            assert rules(report) == {"missing"}, f"{name} cut off at {length}"


@pytest.mark.parametrize(("name", "step"), [("checkpoint", 1), ("tile/0/000.p/6", 3), ("tile/entries/000.p/6", 7)])
def test_a_file_cut_off_does_not_verify(small: Small, tmp_path: Path, name: str, step: int):
    check_cuts(copied(small.folder, tmp_path), name, range(0, (small.folder / name).stat().st_size, step))


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_a_file_cut_off_anywhere_does_not_verify(small: Small, tmp_path: Path, name: str):
    check_cuts(copied(small.folder, tmp_path), name, range((small.folder / name).stat().st_size))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("more", [b"\0", b"\n", b"x" * 31, b"x" * 32, b"\0\0", b"\0\1x"])
def test_a_file_with_more_at_its_end_does_not_verify(small: Small, tmp_path: Path, name: str, more: bytes):
    """A partial tile says in its name how much it holds; more than that is somebody's addition."""
    folder = copied(small.folder, tmp_path)
    (folder / name).write_bytes((folder / name).read_bytes() + more)
    assert exit_code(folder) in (3, 4)


@pytest.mark.parametrize("gone", [{0}, {1}, {2}, {0, 1}, {0, 2}, {1, 2}, {0, 1, 2}])
def test_files_taken_away_are_missed(small: Small, tmp_path: Path, gone: set[int]):
    folder = copied(small.folder, tmp_path)
    for number in gone:
        (folder / NAMES[number]).unlink()
    assert exit_code(folder) == 4
    if 0 not in gone:
        report = judged(folder)
        assert rules(report) == {"missing"}
        assert report.tree_size == 6


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_in_a_files_place_is_no_verdict_and_no_traceback(small: Small, tmp_path: Path, name: str):
    folder = copied(small.folder, tmp_path)
    (folder / name).unlink()
    (folder / name).mkdir()
    assert exit_code(folder) in (1, 4)


@pytest.mark.parametrize(("one", "other"), [(0, 1), (0, 2), (1, 2)])
def test_exchanged_files_do_not_verify(small: Small, tmp_path: Path, one: int, other: int):
    folder = copied(small.folder, tmp_path)
    first, second = (folder / NAMES[one]).read_bytes(), (folder / NAMES[other]).read_bytes()
    (folder / NAMES[one]).write_bytes(second)
    (folder / NAMES[other]).write_bytes(first)
    assert judged(folder).exit_code in (3, 4)


def test_entries_exchanged_within_their_file_are_found(small: Small, tmp_path: Path):
    folder = copied(small.folder, tmp_path)
    for one in range(5):
        entries = list(small.entries)
        entries[one : one + 2] = entries[one + 1], entries[one]
        (folder / NAMES[2]).write_bytes(b"".join(len(raw).to_bytes(2) + raw for raw in entries))
        assert {"root", "tile", "chain"} <= rules(judged(folder))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export of 600 entries: full tiles, partial ones, two levels."""
    place = tmp_path_factory.mktemp("large")
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("GIVETRAIL_STATE", str(place / "state"))
        town = a_town(place / "ledger")
        town.sequencer.submit([a_gift(town, number + 1) for number in range(596)])
        town.close()
        with closing(DirectorySource(town.directory)) as source:
            export_tiles(source, place / "export")
    return place / "export"


def swap(folder: Path, one: str, other: str) -> None:
    (folder / one).rename(folder / "aside")
    (folder / other).rename(folder / one)
    (folder / "aside").rename(folder / other)


def put(folder: Path, source: str, target: str) -> None:
    (folder / target).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(folder / source, folder / target)


def cut(folder: Path, name: str, length: int) -> None:
    (folder / name).write_bytes((folder / name).read_bytes()[:length])


TAMPERING: dict[str, Callable[[Path], object]] = {
    "two full tiles of hashes exchanged": lambda f: swap(f, "tile/0/000", "tile/0/001"),
    "two full tiles of entries exchanged": lambda f: swap(f, "tile/entries/000", "tile/entries/001"),
    "both exchanged alike": lambda f: (swap(f, "tile/0/000", "tile/0/001"), swap(f, "tile/entries/000", "tile/entries/001")),
    "a tile of hashes in an entries' place": lambda f: put(f, "tile/0/000", "tile/entries/000"),
    "a partial tile of hashes in a full one's place": lambda f: put(f, "tile/0/002.p/88", "tile/0/001"),
    "a partial tile of entries in a full one's place": lambda f: put(f, "tile/entries/002.p/88", "tile/entries/001"),
    "a full tile of hashes in a partial one's place": lambda f: put(f, "tile/0/001", "tile/0/002.p/88"),
    "a full tile of entries in a partial one's place": lambda f: put(f, "tile/entries/001", "tile/entries/002.p/88"),
    "the first part of a full tile in its place": lambda f: cut(f, "tile/0/001", 32 * 88),
    "the level above in the place of the level below": lambda f: put(f, "tile/1/000.p/2", "tile/0/002.p/88"),
    "the level above lost": lambda f: (f / "tile/1/000.p/2").unlink(),
    "the level above cut off": lambda f: cut(f, "tile/1/000.p/2", 32),
    "the level above doubled": lambda f: (f / "tile/1/000.p/2").write_bytes((f / "tile/1/000.p/2").read_bytes()[:32] * 2),
    "the first tile of entries in place of the last": lambda f: (
        (f / "tile/entries/002.p/88").unlink(), put(f, "tile/entries/000", "tile/entries/002")
    ),
    "the middle lost": lambda f: ((f / "tile/0/001").unlink(), (f / "tile/entries/001").unlink()),
}


@pytest.mark.parametrize("tampering", list(TAMPERING))
def test_tiles_in_the_wrong_place_do_not_verify(large: Path, tmp_path: Path, tampering: str):
    folder = copied(large, tmp_path)
    TAMPERING[tampering](folder)
    assert exit_code(folder) in (3, 4)


def test_entries_before_a_lost_tile_keep_their_verdict(large: Path, tmp_path: Path):
    folder = copied(large, tmp_path)
    (folder / "tile/entries/001").unlink()
    report = judged(folder)
    assert (report.exit_code, rules(report)) == (4, {"missing"})
    assert report.findings[0].entry == 256
    assert (report.checked["entries"], report.units["CNY"]["given"]) == (256, sum(range(1, 253)))


def test_full_tiles_of_a_larger_tree_verify_under_an_earlier_checkpoint(tmp_path: Path):
    """A mirror that fetched its tiles after its checkpoint holds nothing false; beyond the checkpoint nothing is claimed."""
    town = a_town(tmp_path / "ledger")
    with closing(DirectorySource(town.directory)) as early:
        town.sequencer.submit([a_gift(town) for _ in range(300)])
        with closing(DirectorySource(town.directory)) as late:
            export_tiles(late, tmp_path / "export")
        (tmp_path / "export" / "checkpoint").write_bytes(early.checkpoint())
    town.close()
    report = judged(tmp_path / "export")
    assert (report.verdict, report.tree_size, report.findings) == ("verified", 4, ())
    cut(tmp_path / "export", "tile/entries/000", 100_000)
    assert rules(judged(tmp_path / "export")) == {"missing"}
