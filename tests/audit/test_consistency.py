"""Checkpoints that were seen before: of this log, of one that it continues, and of others; and what the log is compared with."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from ledger.audit import succession
from ledger.audit.consistency import KnownCheckpoint, check_prefix, forks, of_this_log, other_root, taken_away
from ledger.audit.succession import continued, in_bundle, is_succession
from ledger.books.kinds.donation import Donation
from ledger.books.kinds.succession import Continues, Succession
from ledger.books.rows import Ended
from ledger.books.state import Books
from ledger.entries.leaf import Leaf
from ledger.entries.statement import Statement
from ledger.errors import Unverifiable, VerificationError
from ledger.findings.finding import WHOLE, Finding
from ledger.findings.report import Note
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.entry import Entry
from ledger.log.merkle import leaf_hash, prove_inclusion, root_of
from ledger.log.tile import grow, node_reader
from tests.language import NEXT, ORIGIN, key, key_text

SIZE, ENDED = 11, 7
LEAVES = [leaf_hash(b"%d" % number) for number in range(SIZE)]
SIGNED = Checkpoint(NEXT, SIZE, root_of(LEAVES))
OTHER = bytes(32)


class Tiles:
    """The tiles of the log, or none."""

    def __init__(self, there: bool = True) -> None:
        self._tiles = {(level, index): hashes for level, index, hashes in grow(0, LEAVES, lambda level, index: b"")}
        self._there = there

    def tile(self, level: int, index: int, width: int) -> bytes:
        if not self._there:
            raise Unverifiable("gone", rule="unreachable")
        return self._tiles[level, index]


def root(size: int) -> bytes:
    return root_of(LEAVES[:size])


def seen(name: str, size: int, over: bytes | None = None, origin: str = ORIGIN, signer: str = "the.log") -> KnownCheckpoint:
    checkpoint = Checkpoint(origin, size, root(size) if over is None else over)
    return KnownCheckpoint(name, checkpoint, sign_checkpoint(checkpoint, key(signer)))


def test_checkpoints_are_of_this_log_or_of_others():
    mine, others = seen("a", 3), seen("b", 3, origin=NEXT)
    assert of_this_log([mine, others], ORIGIN) == ([mine], [others])
    assert of_this_log([mine, others], NEXT) == ([others], [mine])


def test_two_of_one_size_with_two_roots_are_a_fork():
    one, same, other, larger = seen("a", 3), seen("b", 3), seen("c", 3, OTHER), seen("d", 4, OTHER)
    assert not list(forks([one, same, larger])) and not list(forks([]))
    found = list(forks([one, other, larger]))
    words = "a and c: both are signed for 3 entries, but their roots differ"
    assert found == [(Finding(WHOLE, WHOLE, "fork", words), (Note("a", one.note.decode()), Note("c", other.note.decode())))]
    assert len(list(forks([one, same, other]))) == 2


@pytest.mark.parametrize(("size", "taken"), [(4, True), (5, False), (6, False)])
def test_a_log_that_was_larger_was_rolled_back(size: int, taken: bool):
    words = f"a: it had 5 entries, but the log now has {size}; entries were removed"
    assert list(taken_away([seen("a", 5)], size)) == ([Finding(WHOLE, WHOLE, "consistency", words)] if taken else [])


def test_another_root_is_said_by_its_size():
    words = "a: at 5 entries the log has a different root, so it is not the log that was seen then"
    assert other_root(seen("a", 5)) == Finding(WHOLE, WHOLE, "consistency", words)


@pytest.mark.parametrize("size", range(SIZE + 1))
def test_a_prefix_is_proven_from_tiles(size: int):
    check_prefix(Tiles(), size, root(size), SIGNED)
    with pytest.raises(VerificationError):
        check_prefix(Tiles(), size, OTHER, SIGNED)


@pytest.mark.parametrize("size", [-1, SIZE + 1])
def test_a_size_that_the_log_does_not_have_is_no_prefix(size: int):
    with pytest.raises((VerificationError, Unverifiable)):
        check_prefix(Tiles(), size, root(max(size, 0)), SIGNED)


def test_without_tiles_nothing_is_proven():
    with pytest.raises(Unverifiable, match="tiles: the proof from 3 entries cannot be computed: gone") as missing:
        check_prefix(Tiles(there=False), 3, root(3), SIGNED)
    assert missing.value.rule == "missing"


def of_the_log_that_ended(*elsewhere: KnownCheckpoint, tiles: Tiles | None = None) -> list[tuple[str, str]]:
    """(rule, message) of what is found of a log that continues one of 7 entries."""
    books = Books()
    books.ended.put(ORIGIN, Ended(ENDED, root(ENDED).hex(), key_text("the.log")))
    found = list(continued(books, elsewhere, tiles or Tiles(), SIGNED))
    assert all((one.entry, one.record) == ((ENDED, 0) if one.rule == "continued-after-loss" else (WHOLE, WHOLE)) for one in found)
    return [(one.rule, one.message) for one in found]


def lost(words: str) -> tuple[str, str]:
    return "continued-after-loss", f"continues '{ORIGIN}', of which it has 7 entries; {words}"


UNTOLD = lost("only a later checkpoint of that log can tell whether it had more (give it with --since)")
OPEN = "whether the 7 before are the same cannot be told from it"


def test_a_log_that_ended_is_spoken_of_in_any_case():
    assert of_the_log_that_ended() == [UNTOLD]
    assert list(continued(Books(), [], Tiles(), SIGNED)) == []


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (6, "a has 6 of that log, and no further loss is known"),
        (7, "a has 7 of that log, and no further loss is known"),
        (8, f"a has 8, so at least 1 that it had signed was lost; {OPEN}"),
        (9, f"a has 9, so at least 2 that it had signed were lost; {OPEN}"),
    ],
)
def test_how_many_entries_were_lost_at_least(size: int, words: str):
    assert of_the_log_that_ended(seen("a", size)) == [lost(words)]


def test_the_largest_checkpoint_tells_whatever_their_order():
    for some in permutations([seen("a", 7), seen("b", 9), seen("c", 8)]):
        assert of_the_log_that_ended(*some) == [lost(f"b has 9, so at least 2 that it had signed were lost; {OPEN}")]
    assert "b has 9" in of_the_log_that_ended(seen("a", 9), seen("b", 9))[0][1]


@pytest.mark.parametrize(("size", "found"), [(6, True), (7, True), (8, False)])
def test_up_to_its_end_the_other_log_is_compared(size: int, found: bool):
    told = of_the_log_that_ended(seen("a", size, OTHER))
    assert [rule for rule, _ in told] == ["consistency"] * found + ["continued-after-loss"]
    assert not found or (told[0][1].startswith("a: ") and told[1] == UNTOLD)


def test_what_cannot_be_compared_tells_nothing():
    ((rule, words), last) = of_the_log_that_ended(seen("a", 7), tiles=Tiles(there=False))
    assert (rule, last) == ("missing", UNTOLD) and words.startswith("a: tiles: ")


def test_a_checkpoint_by_another_key_or_of_no_form_tells_nothing():
    ((rule, words), last) = of_the_log_that_ended(seen("a", 9, signer="mallory"))
    assert (rule, last) == ("checkpoint-signature", UNTOLD) and words.startswith("a: ")
    ((rule, words), last) = of_the_log_that_ended(seen("a", 9)._replace(note=b"no note"))
    assert (rule, last) == ("checkpoint", UNTOLD) and words.startswith("a: ")


def test_a_checkpoint_of_a_log_that_is_not_continued_is_compared_with_nothing():
    words = "a: is a checkpoint of 'x.example/y', so nothing was compared with it; give one of this log"
    assert of_the_log_that_ended(seen("a", 9, origin="x.example/y")) == [("trust-anchor", words), UNTOLD]


PROOFS = {
    index: tuple(prove_inclusion(index, SIZE, node_reader(lambda level, index: Tiles().tile(level, index, 256))))
    for index in range(SIZE)
}  # fmt: skip


def leaf(index: int, ledger: str, *records: Any) -> Leaf:
    statement = Statement.model_construct(ledger=ledger, records=records or (Donation.model_construct(kind="donation"),))
    return Leaf(Entry(index, "", "", (), {}, b"", []), statement)


def goes_on(origin: str, size: int, over: bytes | None = None) -> Succession:
    named = (root(size) if over is None else over).hex()
    return Succession.model_construct(kind="succession", continues=Continues.model_construct(origin=origin, size=size, root=named))


def shown(*leaves: Leaf) -> list[tuple[int, str]]:
    """The entry and the rule of what is found in a bundle of these entries."""
    found = in_bundle({one.entry.index: one for one in leaves}, PROOFS, SIGNED)
    return [(one.entry, one.rule) for one in found]


def test_every_entry_names_the_log_that_it_was_made_in():
    first, second = leaf(3, "first", goes_on("zero", 3)), leaf(7, NEXT, goes_on("first", 7))
    told = [(3, "continued-after-loss"), (7, "continued-after-loss")]
    for order in permutations([first, second, leaf(2, "zero"), leaf(6, "first"), leaf(8, NEXT)]):
        assert shown(*order) == told
    for index, ledger in ((2, "first"), (4, "zero"), (6, NEXT), (8, "first")):
        assert shown(first, second, leaf(index, ledger)) == [(index, "ledger"), *told]
    assert shown(leaf(0, NEXT)) == [] and shown(leaf(0, ORIGIN)) == [(0, "ledger")]


def test_a_succession_names_the_root_before_it():
    assert shown(leaf(3, NEXT, goes_on("zero", 3, OTHER))) == [(3, "ledger"), (3, "continued-after-loss")]
    words = f"continues root {OTHER.hex()}: the 3 entries before this one have root {root(3).hex()}"
    assert list(succession.other_root(3, OTHER.hex(), root(3))) == [Finding(3, 0, "ledger", words)]
    assert list(succession.other_root(3, root(3).hex(), root(3))) == []


def test_a_succession_is_the_first_record_of_its_statement():
    gift, first = Donation.model_construct(kind="donation"), goes_on("zero", 3)
    assert is_succession(leaf(3, NEXT, first, gift)) is True
    assert shown(leaf(3, NEXT, first, gift)) == [(3, "continued-after-loss")]
    assert is_succession(leaf(3, NEXT, gift, first)) is False
