"""The tree of a log as it is read: every tile compared where it is full, every earlier checkpoint where it was made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from random import Random

import pytest

from ledger.audit.consistency import KnownCheckpoint
from ledger.audit.tree import TreeCheck
from ledger.errors import FormatError, Unverifiable
from ledger.findings.finding import Finding
from ledger.findings.report import Note
from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import EMPTY_ROOT, leaf_hash, root_of
from ledger.log.tile import FULL_WIDTH, grow, tile_path, tiles_of
from tests.language import ORIGIN

SIZE = 3 * FULL_WIDTH + 40
LEAVES = [leaf_hash(b"%d" % number) for number in range(SIZE)]
SIZES = [1, 2, 255, 256, 257, 511, 512, 513, 768, SIZE - 1, SIZE]
Place = tuple[int, int]


class Tiles:
    """The tiles of some leaves, of which some are others. It notes what was asked for."""

    def __init__(self, leaves: Sequence[bytes] = LEAVES) -> None:
        self.tiles = {(level, index): hashes for level, index, hashes in grow(0, leaves, lambda level, index: b"")}
        self.others: dict[Place, bytes | Exception] = {}
        self.asked: list[tuple[int, int, int]] = []

    def tile(self, level: int, index: int, width: int) -> bytes:
        self.asked.append((level, index, width))
        other = self.others.get((level, index))
        if isinstance(other, Exception):
            raise other
        return self.tiles[level, index][: 32 * width] if other is None else other


def seen(size: int, root: bytes | None = None, name: str = "kept") -> KnownCheckpoint:
    """A checkpoint of that size, true where no root is given."""
    return KnownCheckpoint(
        name, Checkpoint(ORIGIN, size, root_of(LEAVES[:size]) if root is None else root), b"note of " + name.encode()
    )


def taken(tree: TreeCheck, steps: Sequence[int], leaves: Sequence[bytes] = LEAVES) -> TreeCheck:
    """The tree with all leaves from its size on, so many at a time."""
    at, steps = tree.size, list(steps)
    while at < len(leaves):
        step = steps.pop(0) if steps else len(leaves)
        tree.extend(leaves[at : at + step])
        at = min(at + step, len(leaves))
        assert tree.size == at
    return tree


def in_steps(seed: int) -> list[int]:
    chance = Random(seed)
    return [chance.choice((1, 2, 100, 255, 256, 257, 600)) for _ in range(30)]


@pytest.mark.parametrize("size", [0, *SIZES])
def test_the_root_is_that_of_the_leaves_so_far(size: int):
    tree = taken(TreeCheck(Tiles()), [], LEAVES[:size])
    assert tree.root == root_of(LEAVES[:size]) and tree.size == size
    assert size or tree.root == EMPTY_ROOT


def test_tiles_of_every_level_become_full_at_once():
    source, below, above = Tiles(), LEAVES[:255], LEAVES[256:511]
    source.others = {(0, 255): b"".join(LEAVES[:256]), (1, 0): b"".join([*above, root_of(LEAVES[:256])])}
    tree = TreeCheck(source)
    levels = [[one.hex() for one in hashes] for hashes in (below, above)]
    tree.resume({"levels": levels, "indexes": [255, 0], "tiles": 255, "findings": [], "evidence": []})
    assert (tree.size, tree.root) == (FULL_WIDTH**2 - 1, root_of([*above, root_of(below)]))
    tree.extend(LEAVES[255:258])
    assert (tree.size, tree.tiles, tree.findings) == (FULL_WIDTH**2 + 2, 257, [])
    assert source.asked == [(0, 255, 256), (1, 0, 256)]
    assert tree.root == root_of([root_of([*above, root_of(LEAVES[:256])]), root_of(LEAVES[256:258])])


@pytest.mark.parametrize("seed", range(6))
def test_every_tile_is_compared_once_however_the_leaves_come(seed: int):
    source = Tiles()
    tree = taken(TreeCheck(source), in_steps(seed))
    tree.finish(Checkpoint(ORIGIN, SIZE, root_of(LEAVES)))
    assert (tree.findings, tree.evidence) == ([], [])
    assert sorted(source.asked) == sorted(tiles_of(SIZE)) and tree.tiles == len(source.asked)


def test_a_full_tile_is_compared_as_soon_as_it_is_full():
    source = Tiles()
    tree = TreeCheck(source)
    tree.extend(LEAVES[: FULL_WIDTH - 1])
    assert source.asked == []
    tree.extend(LEAVES[FULL_WIDTH - 1 : FULL_WIDTH])
    assert source.asked == [(0, 0, FULL_WIDTH)]


HASHES = b"".join(LEAVES[256:512])
OTHER: dict[str, tuple[bytes | Exception, Finding]] = {
    "another hash": (bytes(32) + HASHES[32:], Finding(-1, -1, "tile", "tile/0/001: does not match the entries")),
    "more": (HASHES + bytes(1), Finding(-1, -1, "tile", "tile/0/001: does not match the entries")),
    "one byte less": (HASHES[:-1], Finding(-1, -1, "missing", "tile/0/001: the file is cut off; get a complete copy")),
    "nothing": (b"", Finding(-1, -1, "missing", "tile/0/001: the file is cut off; get a complete copy")),
    "less, and other": (bytes(32), Finding(-1, -1, "tile", "tile/0/001: does not match the entries")),
    "none": (Unverifiable("x", rule="unreachable"), Finding(-1, -1, "unreachable", "x")),
    "no tile": (FormatError("x", rule="size-limit"), Finding(-1, -1, "tile", "tile/0/001: does not match the entries")),
}


@pytest.mark.parametrize("what", OTHER)
def test_a_tile_that_is_another_is_found(what: str):
    source = Tiles()
    source.others[0, 1], finding = OTHER[what]
    tree = taken(TreeCheck(source), [])
    tree.finish(Checkpoint(ORIGIN, SIZE, root_of(LEAVES)))
    assert tree.findings == [finding]


@pytest.mark.parametrize(("level", "index", "width"), list(tiles_of(SIZE)))
def test_of_every_level_and_also_where_it_is_partial(level: int, index: int, width: int):
    source = Tiles()
    source.others[level, index] = b"other"
    tree = taken(TreeCheck(source), [])
    tree.finish(Checkpoint(ORIGIN, SIZE, root_of(LEAVES)))
    assert [(one.rule, one.message.partition(":")[0]) for one in tree.findings] == [("tile", tile_path(level, index, width))]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("seed", [0, 1])
def test_an_earlier_checkpoint_is_compared_where_it_was_made(size: int, seed: int):
    earlier = [seen(one) for one in SIZES if one != size] + [seen(size, name="true"), seen(size, bytes(32), "other")]
    tree = taken(TreeCheck(Tiles(), earlier), in_steps(seed))
    tree.finish(Checkpoint(ORIGIN, SIZE, root_of(LEAVES)))
    message = f"other: at {size} entries the log has a different root, so it is not the log that was seen then"
    assert tree.findings == [Finding(-1, -1, "consistency", message)] and tree.evidence == [Note("other", "note of other")]


def test_another_root_is_found_and_only_at_the_size_that_was_signed():
    tree = taken(TreeCheck(Tiles()), [])
    tree.finish(Checkpoint(ORIGIN, SIZE + 1, bytes(32)))
    assert tree.findings == []
    tree.finish(Checkpoint(ORIGIN, SIZE, bytes(32)))
    words = f"root at {SIZE}: signed {'0' * 64}, but the entries have root {root_of(LEAVES).hex()}"
    assert tree.findings == [Finding(-1, -1, "root", words)]


@pytest.mark.parametrize("size", SIZES)
def test_what_was_saved_goes_on(size: int):
    """With what was found before; checkpoints of that size, and below it, are not compared again."""
    source = Tiles()
    source.others[0, 0] = b"other"
    wrong = [seen(one, bytes(32), f"at {one}") for one in (1, size, size + 1) if one <= SIZE]
    tree = TreeCheck(source, wrong)
    tree.extend(LEAVES[:size])
    saved = json.loads(json.dumps(tree.save()))
    again = TreeCheck(source, wrong)
    again.resume(saved)
    assert (again.size, again.root, again.tiles, again.findings) == (size, tree.root, tree.tiles, tree.findings)
    assert again.evidence == tree.evidence and all(type(one) is Note for one in again.evidence)
    for one in (tree, again):
        taken(one, [])
        one.finish(Checkpoint(ORIGIN, SIZE, root_of(LEAVES)))
    assert (again.findings, again.evidence, again.tiles) == (tree.findings, tree.evidence, tree.tiles)
    assert all(type(one) is Finding for one in again.findings)


@pytest.mark.parametrize("size", SIZES)
def test_what_is_compared_on_the_way_was_not_seen_before_it_was_saved(size: int):
    tree = TreeCheck(Tiles(), [seen(size, bytes(32))])
    tree.resume(taken(TreeCheck(Tiles()), [], LEAVES[:size]).save())
    assert taken(tree, []).findings == []
