"""What the tests of the log share: ways to damage bytes, and trees that are stored as plain lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from ledger.log.merkle import Node, leaf_hash, root_of

Damage = Callable[[bytes], Iterator[bytes]]


def damaged(raw: bytes) -> Iterator[bytes]:
    """Every version of `raw` with one bit flipped, one byte left out, or one byte put in."""
    for at, byte in enumerate(raw):
        for bit in range(8):
            yield raw[:at] + bytes([byte ^ 1 << bit]) + raw[at + 1 :]
        yield raw[:at] + raw[at + 1 :]
        yield raw[:at] + b"\n" + raw[at:]
        yield raw[:at] + b" " + raw[at:]
    yield raw + b"\n"
    yield raw + b"\x00"


def stored(leaves: list[bytes]) -> Node:
    """The reader of subtree hashes of a tree that is held as its leaf hashes."""
    return lambda level, index: root_of(leaves[index << level : (index + 1) << level])


@pytest.fixture(scope="session", name="damaged")
def _damaged() -> Damage:
    return damaged


@pytest.fixture(scope="session", name="stored")
def _stored() -> Callable[[list[bytes]], Node]:
    return stored


@pytest.fixture(scope="session")
def leaves() -> list[bytes]:
    """The hashes of 1,000 leaves."""
    return [leaf_hash(b"entry %d" % number) for number in range(1000)]
