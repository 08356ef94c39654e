"""Reading takes memory in proportion to the bytes read, however they are shaped."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator

import pytest

from ledger.books.gift import GiftTrace, follow_gift
from ledger.bundle import partial_books as heard
from ledger.bundle.order import NAMED, disorder
from ledger.bundle.partial_books import BundleFlows, rebuild_partial
from ledger.bundle.trace_bundle import parse_bundle
from ledger.bundle.verification import verify_bundle
from ledger.canonical import encode
from ledger.entries.leaf import Leaf, read_leaf
from ledger.errors import Unverifiable
from tests.fuzz.examples import examples
from tests.fuzz.greedy import TODAY, long_chain, many_moves
from tests.fuzz.on_the_log import trust
from tests.fuzz.targets import TARGETS
from tests.fuzz.test_parsers import tried

SIZE = 16_384
PER_BYTE = 200
AT_LEAST = 4 << 20

def peak(name: str, raw: bytes) -> int:
    """The most bytes that reading takes at once."""
    tracemalloc.start()
    try:
        tried(name, raw)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def shapes(name: str) -> Iterator[tuple[str, bytes]]:
    """About SIZE bytes each: one thing very long, or very many of it."""
    for part in (b"\0", b"\n", b"0\n", b"[", b"[0],", b'{"a":', b"A", b"9", b",", b'"', b"a=1\n", b"\xff", b"+", b" "):
        yield f"{part!r}", part * (SIZE // len(part))
    seed = min(examples(name), key=len)
    if TARGETS[name].shape == "json":
        yield from _in_json(seed)
    else:
        for line in dict.fromkeys(seed.split(b"\n")):
            yield f"many {line[:20]!r}", seed.replace(line, line + (b"\n" + line) * (SIZE // (len(line) + 1)), 1)
            yield f"long {line[:20]!r}", seed.replace(line, line + line[-1:] * SIZE, 1)


def _in_json(seed: bytes) -> Iterator[tuple[str, bytes]]:
    value = json.loads(seed)
    many, much = [0] * (SIZE // 4), {f"k{n}": n for n in range(SIZE // 12)}
    for wide in (many, much, [[0]] * (SIZE // 4), "x" * SIZE):
        yield "a member", encode({**value, "k": wide} if isinstance(value, dict) else wide)
        yield "a member of a long name", encode({"k" * (SIZE // 2): wide})
        for key in value if isinstance(value, dict) else ():
            yield f"another {key}", encode({**value, key: wide})


@pytest.mark.parametrize("name", TARGETS)
def test_memory_is_in_proportion(name: str):
    for raw in examples(name)[:2]:
        tried(name, raw)  # what is made once and kept is not counted
    for what, raw in shapes(name):
        took = peak(name, raw)
        assert took <= AT_LEAST + PER_BYTE * len(raw), f"{what}: {took >> 10} KiB for {len(raw) >> 10} KiB"


def test_memory_out_of_proportion_is_seen(monkeypatch: pytest.MonkeyPatch):
    def greedy(raw: bytes) -> None:
        assert len([raw + b"%d" % n for n in range(len(raw))]) == len(raw)

    monkeypatch.setitem(TARGETS, "note", TARGETS["note"]._replace(read=greedy))
    assert peak("note", b"x" * SIZE) > AT_LEAST + PER_BYTE * SIZE


def leaves_of(raw: bytes) -> dict[int, Leaf]:
    """What the entries of a bundle say, as if they stood in a log."""
    return {entry.index: read_leaf(entry.raw) for entry in parse_bundle(raw).entries}


def test_flows_that_all_overlap_are_a_few_findings():
    raw = many_moves(400)
    assert peak("verify-bundle", raw) <= AT_LEAST + PER_BYTE * len(raw)
    assert len(list(disorder(leaves_of(raw), {}))) <= NAMED


def followed(hops: int) -> GiftTrace:
    """The gift of a chain, followed as if its entries stood in a log."""
    leaves = leaves_of(long_chain(hops))
    assert not list(disorder(leaves, {}))
    return follow_gift(BundleFlows(leaves, rebuild_partial(leaves)), "2.0", TODAY)


def test_a_chain_of_entries_that_are_in_no_log_is_not_followed():
    assert verify_bundle(long_chain(3), trust()).trace is None
    assert [piece.path for piece in followed(3).pieces] == [("3.0", "4.0", "5.0"), ("3.0", "4.0"), ("3.0",), ()]


def test_the_paths_of_a_long_chain_come_to_an_end(monkeypatch: pytest.MonkeyPatch):
    """Each hop leaves a piece, and each piece holds its whole path: the square of the hops."""
    assert sum(len(piece.path) for piece in followed(60).pieces) == 60 * 61 // 2
    monkeypatch.setattr(heard, "STEPS", 1000)
    with pytest.raises(Unverifiable):
        followed(60)
