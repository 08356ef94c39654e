"""The golden files are what the builder makes, byte for byte, and small."""

from __future__ import annotations

import pytest

from . import make
from .reading import GOLDEN


@pytest.fixture(scope="module")
def stored() -> dict[str, bytes]:
    return {path.relative_to(GOLDEN).as_posix(): path.read_bytes() for path in GOLDEN.rglob("*") if path.is_file()}


def test_building_again_gives_the_same_files(stored):
    built = make.built()
    assert sorted(built) == sorted(stored), "run `make generate`"
    assert [path for path, raw in built.items() if stored[path] != raw] == [], "run `make generate`"


def test_the_files_are_small(stored):
    assert sum(map(len, stored.values())) < 5_000_000
