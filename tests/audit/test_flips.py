"""Every byte of an export is changed: every change is found. No flip passes, and none ends in anything but a verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.audit.mirror import Small, copied, files, judged

ALL_BITS = tuple(1 << bit for bit in range(8))
SLICES = 4
VERDICTS = {"failed": 3, "could not verify": 4}


def bit_of(place: int) -> tuple[int, ...]:
    """One bit of a byte, another for each byte: over eight bytes all of them."""
    return (1 << place * 5 % 8,)


def check_flips(folder: Path, path: Path, places: slice, bits_at) -> None:
    """Flip bits of a file of the export, one at a time."""
    good = (folder / path).read_bytes()
    for at in range(*places.indices(len(good))):
        for bit in bits_at(at):
            (folder / path).write_bytes(good[:at] + bytes([good[at] ^ bit]) + good[at + 1 :])
            report = judged(folder)
            assert VERDICTS.get(report.verdict) == report.exit_code, f"bit {bit:#x} of byte {at} of {path}: {report.verdict}"
            assert report.findings, f"bit {bit:#x} of byte {at} of {path}: nothing found"
    (folder / path).write_bytes(good)
    assert judged(folder).verdict == "verified"


@pytest.mark.parametrize("part", range(SLICES))
def test_a_flipped_bit_of_any_byte_is_found(small: Small, tmp_path: Path, part: int):
    folder = copied(small.folder, tmp_path)
    for path in files(folder):
        check_flips(folder, path, slice(part, None, SLICES), bit_of)


def test_every_bit_of_the_checkpoint_is_found(small: Small, tmp_path: Path):
    check_flips(copied(small.folder, tmp_path), Path("checkpoint"), slice(None), lambda place: ALL_BITS)


@pytest.mark.long
@pytest.mark.parametrize("part", range(SLICES))
def test_every_bit_of_every_byte_is_found(small: Small, tmp_path: Path, part: int):
    folder = copied(small.folder, tmp_path)
    for path in files(folder):
        check_flips(folder, path, slice(part, None, SLICES), lambda place: ALL_BITS)


def test_the_files_are_those_that_were_meant(small: Small):
    """Nothing of the export is left out above."""
    assert [str(path) for path in files(small.folder)] == ["checkpoint", "tile/0/000.p/6", "tile/entries/000.p/6"]
