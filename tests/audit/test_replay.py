"""The pass over a log: what is taken, counted, checked and said in its order, entry by entry or in chunks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.audit import replay as replays
from ledger.audit.replay import Replay, SecondReading
from ledger.canonical import encode, parse
from ledger.errors import Unverifiable
from ledger.examination.chunk import Chunk, Examiner
from ledger.examination.examine import Brief, brief
from ledger.findings.finding import Finding
from ledger.findings.scope import EVERYTHING, Scope, scope_of
from ledger.log.checkpoint import checkpoint_in
from ledger.log.merkle import leaf_hash, root_of
from ledger.log_files.source import FolderSource
from tests.audit.mirror import Forged, Small, edited, rechained, signed_anew
from tests.audit.test_accounting import GIFTS, entries

assert entries, "the log of gifts of test_accounting"


class Given:
    """A source of these entries and their tiles."""

    def __init__(self, raws: list[bytes]) -> None:
        self.raws, self._log, self.read = raws, Forged(raws, chained=False), []

    def entries(self, start: int, end: int) -> Iterator[bytes]:
        self.read.append((start, end))
        return iter(self.raws[start:end])

    def tile(self, level: int, index: int, width: int) -> bytes:
        return self._log.tile(level, index, width)


def begun(place: Path, raws: list[bytes], scope: Scope = EVERYTHING) -> Replay:
    place.mkdir(exist_ok=True)
    return Replay(Given(raws), place, scope, [])


def replayed(place: Path, raws: list[bytes], scope: Scope = EVERYTHING, together: bool = False) -> Replay:
    """The replay that has taken all of them."""
    found = begun(place, raws, scope)
    seen = Examiner(scope).examine(raws, 0) if together else (brief(raw, index, scope) for index, raw in enumerate(raws))
    found.run(seen, len(raws), lambda done, of: None, lambda replay: None)
    return found


def told(found: Replay) -> set[tuple[int, int, str]]:
    found.finish()
    return {(one.entry, one.record, one.rule) for one in found.findings.all()}


@pytest.mark.parametrize("together", [True, False])
def test_an_honest_log_is_counted_and_nothing_is_said(entries: list[bytes], tmp_path: Path, together: bool):
    found, signed = replayed(tmp_path, entries, together=together), sum(len(parse(raw)["signatures"]) for raw in entries)
    assert found.counts == {"entries": len(entries), "bytes": sum(map(len, entries)), "signatures": signed}
    assert (found.drawn, found.unknown_from, found.hashes.size) == (len(entries), -1, len(entries))
    assert found.tree.root == root_of(map(leaf_hash, entries)) and told(found) == set()
    with pytest.raises(ValueError):
        found.hashes.flush()


def test_signatures_are_counted_where_they_were_drawn(entries: list[bytes], tmp_path: Path):
    scope = scope_of((), 0.5, 5)
    found = replayed(tmp_path, entries, scope)
    drawn = [index for index in range(len(entries)) if scope.draws(index)]
    assert found.drawn == len(drawn) and found.counts["signatures"] == sum(len(parse(entries[at])["signatures"]) for at in drawn)


@pytest.mark.parametrize("index", [0, 1, 5, -1])
def test_who_names_another_hash_before_it_is_found(entries: list[bytes], tmp_path: Path, index: int):
    at = index % len(entries)
    log = [*entries]
    log[at] = encode({**parse(entries[at]), "prev": "c" * 64})
    assert (at, -1, "chain") in told(replayed(tmp_path, log))
    before = leaf_hash(entries[at - 1]).hex() if at else "0" * 64
    found = begun(tmp_path / "x", log)
    for number, raw in enumerate(entries[:at]):
        found.take(brief(raw, number))
    found.take(brief(log[at], at))
    assert Finding(at, -1, "chain", f"prev {'c' * 64}: the entry before it has hash {before}") in found.findings.all()


@pytest.mark.parametrize(("after", "hash_of", "found"), [(0, 0, False), (0, 1, True), (3, 3, False), (3, 2, True)])
def test_a_statement_is_bound_to_the_history_that_is_there(
    entries: list[bytes], tmp_path: Path, after: int, hash_of: int, found: bool
):
    named = f"{after}:{leaf_hash(entries[hash_of]).hex()}"
    log = [*entries[:4], signed_anew(entries[4], lambda value: value["statement"].update(after=named), "hope.li")]
    words = f"after {after}: the statement was signed for a history in which that entry has a different hash"
    finding = Finding(4, -1, "after", words)
    assert (finding in replayed(tmp_path, log).findings.all()) is found


@pytest.mark.parametrize("named", ["4:" + "a" * 64, "5:" + "a" * 64])
def test_what_is_not_before_it_has_no_hash_to_be_compared(entries: list[bytes], tmp_path: Path, named: str):
    """The books say that it is not before; nothing else is said of it."""
    log = [*entries[:4], signed_anew(entries[4], lambda value: value["statement"].update(after=named), "hope.li")]
    found = replayed(tmp_path, log)
    assert found.findings.all() == () and (4, -1, "after") in told(found)


def unread(raw: bytes, **flows: Any) -> bytes:
    """An entry of a gift that is of no schema."""
    return edited(raw, lambda value: (value["statement"]["records"][0].update(amount=-1), value.update(flows)))


def test_what_cannot_be_read_moves_its_units_and_the_rest_is_judged(entries: list[bytes], tmp_path: Path):
    found = replayed(tmp_path, list(rechained([*entries[:4], unread(entries[4]), *entries[5:7]])))
    assert found.unknown_from == -1 and found.accounting.books.skipped == {"4"}
    assert found.accounting.books.tape.get("school/CNY").free() == 400


@pytest.mark.parametrize("index", [1, 2, 3])
def test_after_what_others_stand_on_nothing_is_judged(entries: list[bytes], tmp_path: Path, index: int):
    log = [*entries]
    log[index] = edited(entries[index], lambda value: value["statement"]["records"][0].update(kind="lottery"))
    found = replayed(tmp_path, list(rechained(log)))
    assert found.unknown_from == index and found.hashes.size == len(log)
    assert {entry for entry, _, rule in told(found) if rule not in ("after", "statement-signature")} == {index}


def test_a_rule_set_that_is_not_known_is_where_judging_ends(entries: list[bytes], tmp_path: Path):
    def edit(value: dict[str, Any]) -> None:
        value["statement"]["records"][0]["rules"] = "givetrail/9"

    log = list(rechained([signed_anew(entries[0], edit, "op.chief"), *entries[1:]]))
    found = replayed(tmp_path, log)
    assert found.unknown_from == 0 and (0, 0, "rules") in told(found)


def in_chunks(raws: list[bytes]) -> list[Brief | Chunk]:
    return list(Examiner(EVERYTHING).examine(raws, 0))


def test_a_chunk_that_does_not_fit_is_taken_one_by_one(entries: list[bytes], tmp_path: Path):
    """It names another hash before it, or is bound to another history; then it is read again."""
    seen = in_chunks(entries)
    chunk = seen[-1]
    assert isinstance(chunk, Chunk)
    start = chunk.alike.index
    first = chunk.hashes[0].hex()
    cases = [
        ({}, 0), ({"prev": "c" * 64}, 1), ({"bound": [(0, "c" * 64)]}, 1), ({"bound": [(start - 1, chunk.prev)]}, 0),
        ({"bound": [(start, first)]}, 0), ({"bound": [(start, chunk.prev)]}, 1), ({"flows": [b"[]"]}, 1),
    ]  # fmt: skip
    for number, (odd, readings) in enumerate(cases):
        found = begun(tmp_path / str(number), entries)
        for one in seen[:-1]:
            found.take(one)
        found.take(chunk._replace(**odd))
        assert found._source.read == [(start, len(entries))] * readings, odd
        assert found.counts["entries"] == len(entries) == found.drawn and told(found) == set()


def test_a_chunk_beyond_what_can_be_judged_is_not_folded(entries: list[bytes], tmp_path: Path):
    found = begun(tmp_path, entries)
    for one in in_chunks(entries)[:-1]:
        found.take(one)
    before = dict(found.accounting.records)
    found.unknown_from = 0
    chunk = in_chunks(entries)[-1]
    found.take(chunk)
    assert dict(found.accounting.records) == before and found.hashes.size == len(entries) and found._source.read == []


def test_flows_that_nobody_computes_are_judged_by_their_form(entries: list[bytes], tmp_path: Path):
    """Where books are kept no more; one by one they are canonical, and that is all that can be asked of them."""
    log = [*entries[:-1], entries[-1].replace(b'{"flows":[[', b'{"flows":[[ ')]
    chunk = in_chunks(log)[-1]
    assert isinstance(chunk, Chunk) and chunk.alike.index + len(chunk.hashes) == len(log)
    found = begun(tmp_path, log)
    for one in in_chunks(log)[:-1]:
        found.take(one)
    found.unknown_from = 0
    found.take(chunk)
    assert found._source.read == [(chunk.alike.index, len(log))]
    assert ("canonical", len(log) - 1) in {(rule, entry) for entry, _, rule in told(found)}


def test_a_source_that_gives_other_bytes_the_second_time_is_said(entries: list[bytes], tmp_path: Path):
    found = begun(tmp_path, entries)
    seen = in_chunks(entries)
    for one in seen[:-1]:
        found.take(one)
    found._source.raws = [*entries[:-1], entries[-2]]
    with pytest.raises(Unverifiable, match=f"entry {len(entries) - 1}: the source gave different bytes when read again") as changed:
        found.take(seen[-1]._replace(prev="c" * 64))
    assert changed.value.rule == "missing"


@pytest.mark.parametrize("every", [1, 2, 3, 5, 9])
def test_how_far_it_came_is_said_and_kept_now_and_then(entries: list[bytes], tmp_path: Path, every: int, monkeypatch: Any):
    monkeypatch.setattr(replays, "TOLD_EVERY", every)
    monkeypatch.setattr(replays, "KEPT_EVERY", every + 1)
    said, kept, size = [], [], len(entries)
    found = begun(tmp_path, entries)
    for index, raw in enumerate(entries[:2]):
        found.take(brief(raw, index))
    rest = (brief(raw, index) for index, raw in enumerate(entries[2:], 2))
    found.run(rest, 99, lambda done, of: said.append((done, of)), lambda replay: kept.append(replay.hashes.size))
    assert said == [*((at, 99) for at in range(2 + every, size + 1, every)), (size, 99)]
    assert kept == [*range(3 + every, size + 1, every + 1), size]


@pytest.mark.parametrize("size", [1, 5, GIFTS, GIFTS + 3])
def test_what_was_saved_goes_on(entries: list[bytes], tmp_path: Path, size: int):
    log = list(rechained([*entries[:4], unread(entries[4]), *entries[5:]]))
    found = replayed(tmp_path, log[:size])
    saved = json.loads(encode(found.save()))
    assert saved["size"] == size and bytes.fromhex(saved["root"]) == root_of(map(leaf_hash, log[:size]))
    again = begun(tmp_path, log)
    again.resume(saved)
    assert (again.counts, again.unknown_from, again.hashes.size) == (found.counts, found.unknown_from, size)
    for index in range(size, len(log)):
        again.take(brief(log[index], index))
    whole = replayed(tmp_path / "whole", log)
    assert (again.tree.root, again.counts) == (whole.tree.root, whole.counts) and told(again) == told(whole)
    assert again.findings.all() == whole.findings.all() != ()


def test_leaves_are_read_again_where_they_can_be(small: Small, tmp_path: Path):
    raws = list(rechained([*small.entries[:3], unread(small.entries[3]), *small.entries[4:]]))
    found = replayed(tmp_path, raws)
    again = SecondReading(Given(raws), found.hashes)
    assert [again.leaf(index) is not None for index in (-1, 0, 2, 3, 5, 6)] == [False, True, True, False, True, False]
    assert again.leaf(5).entry.index == 5
    assert [leaf.entry.index for leaf in again.leaves(9)] == [0, 1, 2, 4, 5] and len(list(again.leaves(2))) == 2
    with pytest.raises(Unverifiable, match="entry 5: "):
        SecondReading(Given([*raws[:5], raws[4]]), found.hashes).leaf(5)


def test_findings_are_those_of_the_areas_that_were_asked_for(entries: list[bytes], tmp_path: Path):
    log = list(rechained([*entries[:4], edited(entries[4], lambda value: value.update(flows=[])), *entries[5:7]]))
    for only, found in (("accounting", True), ("authenticity", False), ("traceability", False), ("integrity", False)):
        assert ("tape-flow" in {rule for _, _, rule in told(replayed(tmp_path / only, log, scope_of((only,))))}) is found


def test_what_changed_before_the_end_is_a_finding_of_the_whole(entries: list[bytes], tmp_path: Path):
    """The claims are settled by a second look at what they are about."""
    found = replayed(tmp_path, entries)
    found._source.raws = [*entries[:4], entries[5], *entries[5:]]
    assert told(found) == {(-1, -1, "missing")}


def test_a_folder_gives_the_same(small: Small, tmp_path: Path):
    source = FolderSource(small.folder)
    found = Replay(source, tmp_path, EVERYTHING, [])
    found.run(Examiner(EVERYTHING).examine(source.entries(0, 6), 0), 6, lambda done, of: None, lambda replay: None)
    found.tree.finish(checkpoint_in(source.checkpoint()))
    assert told(found) == set() and found.tree.tiles == 1
