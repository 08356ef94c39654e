"""Which files of a server are on their way, and when: without a network, so that each is seen as it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest

from ledger.errors import FormatError, SizeError, Unverifiable
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.tile import encode_entries
from ledger.network.log_server import UrlSource, _Ahead
from tests.language import ORIGIN, key

SIZE = 1000
NOTE = sign_checkpoint(Checkpoint(ORIGIN, SIZE, bytes(32)), key("the.log"))


class Lazy:
    """A fetcher of the log's files that does a piece of work when its result is asked for. `started` are the pieces in order, with
    the paths that they read; `rested` and `closed` count."""

    def __init__(self) -> None:
        self.started: list[Future[Any]] = []
        self.works: dict[Future[Any], Callable[[], Any]] = {}
        self.paths: list[str] = []
        self.fresh: list[str] = []
        self.rested = self.closed = self.depth = 0
        self.error: Exception | None = None

    def get(self, path: str, limit: int, fresh: bool = False) -> bytes:
        self.paths.append(path)
        self.fresh.extend([path] * fresh)
        if self.error is not None:
            raise self.error
        if path == "checkpoint":
            assert self.depth == 1, "a thread asks for what the owner of the source should have"
            return NOTE
        if path.startswith("tile/entries"):
            return encode_entries([b"x"] * (232 if path.endswith(".p/232") else 256))
        return bytes(32 * int(path.rpartition("/")[2] if ".p/" in path else 256))

    def start(self, work: Callable[..., Any], *values: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.started.append(future)
        self.works[future] = lambda: work(*values)
        return future

    def result(self, started: Future[Any]) -> Any:
        self.depth += 1
        try:
            return self.works[started]()
        finally:
            self.depth -= 1

    def rest(self) -> None:
        self.rested += 1

    def close(self) -> None:
        self.closed += 1

    def cancelled(self) -> list[int]:
        return [number for number, future in enumerate(self.started) if future.cancelled()]


def opened(at_once: int = 2, note: bytes | None = NOTE) -> tuple[UrlSource, Lazy]:
    source, fetcher = UrlSource("http://log.example/", note, at_once=at_once), Lazy()
    source._fetcher = fetcher
    source._tiles = _Ahead(fetcher, source._level_0, at_once)
    return source, fetcher


def numbers(at_once: int) -> tuple[_Ahead, Lazy]:
    fetcher = Lazy()
    return _Ahead(fetcher, lambda number: ("", b"%d" % number), at_once), fetcher


@pytest.mark.parametrize("window", [1, 2, 3, 8])
def test_the_next_ones_are_started_up_to_the_end(window: int):
    ahead, fetcher = numbers(window)
    for number in range(5):
        assert ahead.take(number, 5) == ("", b"%d" % number)
        assert len(fetcher.started) == min(number + window, 5)
    assert fetcher.cancelled() == [] and ahead._started == {}


def test_what_is_not_near_any_more_is_let_go_of():
    ahead, fetcher = numbers(3)
    ahead.take(0, 9)
    assert ahead.take(2, 9) == ("", b"2") and fetcher.cancelled() == [1] and sorted(ahead._started) == [3, 4]
    assert ahead.take(7, 8) == ("", b"7") and fetcher.cancelled() == [1, 3, 4] and ahead._started == {}
    ahead.take(3, 9)
    assert sorted(ahead._started) == [4, 5]
    ahead.drop()
    assert ahead._started == {} and len(fetcher.cancelled()) == 5


def test_one_at_the_edge_of_the_window_is_let_go_of():
    ahead, fetcher = numbers(3)
    ahead.take(5, 9)
    ahead.take(4, 9)
    assert fetcher.cancelled() == [2], "7 is not among the three from 4 on, 6 is"


def test_tiles_read_in_order_are_on_their_way_and_each_once():
    source, fetcher = opened()
    for index, begun in ((0, 2), (1, 3), (2, 4), (3, 4)):
        width = 256 if index < 3 else 232
        assert source.tile(0, index, width) == bytes(32 * width)
        assert len(fetcher.started) == begun
    assert fetcher.paths == ["tile/0/000", "tile/0/001", "tile/0/002", "tile/0/003.p/232"] and fetcher.cancelled() == []


def test_a_tile_out_of_order_is_read_alone_and_those_after_it_ahead_again():
    source, fetcher = opened()
    source.tile(0, 1, 256)
    assert len(fetcher.started) == 1
    source.tile(0, 2, 256)
    assert len(fetcher.started) == 3 and fetcher.paths == ["tile/0/001", "tile/0/002"]


def test_a_tile_of_a_level_above_and_a_part_of_one_are_read_alone():
    source, fetcher = opened()
    assert source.tile(1, 0, 3) == bytes(96) and fetcher.paths == ["tile/1/000.p/3"]
    assert source.tile(0, 0, 100) == bytes(3200) and fetcher.paths[1:] == ["tile/0/000.p/100"]
    assert len(fetcher.started) == 2 and source._next_tile == 0


def test_a_full_tile_of_a_level_above_is_read_alone_too():
    source, fetcher = opened(note=sign_checkpoint(Checkpoint(ORIGIN, 65_536, bytes(32)), key("the.log")))
    assert source.tile(1, 0, 256) == bytes(8192) and fetcher.paths == ["tile/1/000"] and len(fetcher.started) == 1


@pytest.mark.parametrize("at_once", [1, 2, 9])
def test_bundles_are_on_their_way_and_let_go_of_when_nobody_reads_on(at_once: int):
    source, fetcher = opened(at_once)
    assert len(list(source.entries(0, SIZE))) == SIZE
    assert len(fetcher.started) == 4 and len(fetcher.paths) == 4
    some = source.bundle_files(0, 4)
    next(some)
    assert len(fetcher.started) == 4 + min(at_once, 4)
    some.close()
    assert len(fetcher.cancelled()) == min(at_once, 4) - 1


def test_the_checkpoint_is_asked_for_once_and_anew_and_the_threads_rest():
    source, fetcher = opened(note=None)
    assert source.checkpoint() == source.checkpoint() == NOTE
    assert (fetcher.paths, fetcher.fresh, fetcher.rested, fetcher.closed) == (["checkpoint"], ["checkpoint"], 1, 0)
    assert source.opener().values == ("http://log.example", NOTE, source._patience, 2)


def test_without_a_checkpoint_the_connections_are_let_go_of():
    source, fetcher = opened(note=None)
    fetcher.error = Unverifiable("down", rule="unreachable")
    with pytest.raises(Unverifiable):
        source.checkpoint()
    assert (fetcher.closed, fetcher.rested) == (1, 0)
    source.close()
    assert fetcher.closed == 2


def test_a_file_that_is_too_large_is_malformed():
    source, fetcher = opened()
    fetcher.error = SizeError("large", rule="size-limit", where="x")
    with pytest.raises(FormatError, match="large") as refused:
        source.tile(1, 0, 3)
    assert (refused.value.rule, refused.value.where) == ("size-limit", "x")


@pytest.mark.parametrize("ask", [lambda source: source.tile(0, 0, 256), lambda source: list(source.entries(0, 1))])
def test_the_size_of_the_tree_is_known_before_threads_ask_for_it(ask: Callable[[UrlSource], Any]):
    source, fetcher = opened(note=None)
    ask(source)
    assert fetcher.paths[0] == "checkpoint" and fetcher.paths.count("checkpoint") == 1
