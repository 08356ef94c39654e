"""What an audit writes aside: leaf hashes, fingerprints and claims, however many, with as much in memory as was said."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from random import Random

import pytest

from ledger.examination import spill
from ledger.examination.spill import FLUSH_BYTES, PARTITIONS, RECENT, Claims, Keys, LeafHashes
from ledger.log.merkle import leaf_hash


@pytest.mark.parametrize("run_bytes", [1, 100, 10_000, 1 << 20])
def test_claims_come_back_in_the_order_of_what_they_are_about(tmp_path: Path, run_bytes: int):
    chance, made = Random(run_bytes), []
    claims = Claims(tmp_path, run_bytes)
    for number in range(300):
        about = (chance.randrange(20), chance.randrange(3), 100 + number // 5, number % 5)
        made.append((*about, {"units": [[number, number + 1]], "cover": []}))
        claims.add(*made[-1])
    assert list(claims.in_order()) == sorted(made, key=lambda claim: claim[:4])
    assert [path.name for path in tmp_path.iterdir()] == ["claims"]


def test_claims_of_one_record_about_the_same_keep_their_order(tmp_path: Path):
    claims = Claims(tmp_path, 1)
    for number in range(9):
        claims.add(7, 0, 9, 1, {"n": number})
    assert [facts["n"] for *_, facts in claims.in_order()] == list(range(9))


def test_a_claim_for_each_gift_of_few_entries_takes_no_more_memory_than_one_run(tmp_path: Path):
    claims = Claims(tmp_path, 1 << 16)
    for number in range(20_000):
        claims.add(number % 50, number % 251, 1000 + number // 200, number % 200, {"units": [[number, number + 1]]})
    tracemalloc.start()
    assert sum(1 for _ in claims.in_order()) == 20_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 << 20


SIZES = [0, 1, 2, RECENT - 1, RECENT, RECENT + 1, 2 * RECENT + 3]
LEAVES = [leaf_hash(b"%d" % number) for number in range(2 * RECENT + 10)]


@pytest.mark.parametrize("size", SIZES)
def test_every_leaf_hash_is_found_again_also_by_who_goes_on(tmp_path: Path, size: int):
    """The last 4,096 without a look at the file; before, at both edges of what is in memory."""
    hashes = LeafHashes(tmp_path)
    hashes.extend(LEAVES[:size])
    indexes = {at for edge in (0, size - RECENT, size) for at in range(edge - 2, edge + 2) if 0 <= at < size}
    assert hashes.size == size and {at: hashes.get(at) for at in indexes} == {at: LEAVES[at] for at in indexes}
    hashes.flush()
    again = LeafHashes(tmp_path)
    assert again.size == size and list(again._recent) == LEAVES[max(0, size - RECENT) : size]
    again.extend(LEAVES[size : size + 3])
    more = indexes | {size, size + 1, size + 2}
    assert again.size == size + 3 and {at: again.get(at) for at in more} == {at: LEAVES[at] for at in more}
    assert hashes.size == size and len(hashes._recent) == min(size, RECENT)


def test_what_was_flushed_is_in_the_file_and_a_closed_one_is_not_read(tmp_path: Path):
    hashes = LeafHashes(tmp_path)
    hashes.extend(LEAVES[:3])
    assert (tmp_path / "leaves").read_bytes() == b""
    hashes.flush()
    assert (tmp_path / "leaves").read_bytes() == b"".join(LEAVES[:3])
    hashes.close()
    with pytest.raises(ValueError):
        hashes.extend(LEAVES[3:4])


def test_what_is_in_memory_is_not_read_and_the_rest_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(spill, "RECENT", 2)
    hashes = LeafHashes(tmp_path)
    hashes.extend(LEAVES[:5])
    assert hashes.get(0) == LEAVES[0]
    hashes.extend(LEAVES[5:7])
    assert hashes.get(4) == LEAVES[4]
    hashes.close()
    assert [hashes.get(index) for index in (5, 6)] == LEAVES[5:7]
    with pytest.raises(ValueError):
        hashes.get(4)


def prints(*firsts: int, rest: int = 0) -> bytes:
    """Fingerprints that begin with these bytes."""
    return b"".join(bytes([first]) + rest.to_bytes(7) for first in firsts)


def test_a_fingerprint_is_in_the_file_of_its_first_bits(tmp_path: Path):
    keys = Keys(tmp_path)
    keys.add(prints(*range(256)))
    assert not list(tmp_path.iterdir()), "they wait in memory"
    keys.flush()
    for part in range(PARTITIONS):
        assert (tmp_path / f"keys-{part}").read_bytes() == prints(*range(4 * part, 4 * part + 4))
    keys.flush()
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == 8 * 256, "and is written once"


@pytest.mark.parametrize("bytes_before", [0, 8, FLUSH_BYTES - 16, FLUSH_BYTES - 8, FLUSH_BYTES])
def test_fingerprints_wait_up_to_a_bound(tmp_path: Path, bytes_before: int):
    keys = Keys(tmp_path)
    keys.add(bytes(bytes_before))
    assert len(list(tmp_path.iterdir())) == (0 if bytes_before < FLUSH_BYTES else 1), "they all begin alike"
    keys.add(bytes(8))
    written = bytes_before if bytes_before == FLUSH_BYTES else bytes_before + 8
    files = [path.stat().st_size for path in sorted(tmp_path.iterdir())]
    assert sum(files) == (written if written >= FLUSH_BYTES else 0)


@pytest.mark.parametrize("bound", [17, 24])
def test_what_waits_is_counted_anew_after_it_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: int):
    monkeypatch.setattr(spill, "FLUSH_BYTES", bound)
    keys, path = Keys(tmp_path), tmp_path / "keys-0"
    for written in (0, 0, 24, 24, 24, 48):
        keys.add(bytes(8))
        assert (path.stat().st_size if path.exists() else 0) == written


@pytest.mark.parametrize("flushing", [True, False])
def test_fingerprints_that_stand_more_than_once_are_told(tmp_path: Path, flushing: bool):
    keys = Keys(tmp_path)
    keys.add(prints(0, 3, 4, 255) + prints(255, rest=1))
    if flushing:
        keys.flush()
    assert keys.repeated() == {}
    keys.add(prints(3))
    assert keys.repeated() == {prints(3): 2}
    keys.add(prints(3, 255))
    assert keys.repeated() == {prints(3): 3, prints(255): 2}


def test_claims_that_were_flushed_are_in_the_file_and_who_goes_on_adds_to_them(tmp_path: Path):
    claims = Claims(tmp_path)
    claims.add(3, 0, 5, 1, {"n": 1})
    claims.flush()
    again = Claims(tmp_path)
    again.add(2, 9, 6, 0, {})
    assert list(again.in_order()) == [(2, 9, 6, 0, {}), (3, 0, 5, 1, {"n": 1})]
    again.close()
    with pytest.raises(ValueError):
        again.add(1, 0, 1, 0, {})
