"""Every kind of store, for the contract; and a filled one, for what is SQLite's own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from ledger.store.protocol import Store
from ledger.store.sqlite import SqliteStore
from ledger.store.sqlite_header import Header
from tests.store.sample import fill, keys_of


class Kind(NamedTuple):
    """How a kind of store is made in a place of its own, and opened there again."""

    create: Callable[[], Store]
    open: Callable[[bool], Store]


def sqlite(directory: Path) -> Kind:
    return Kind(
        lambda: SqliteStore.create(directory, keys_of=keys_of),
        lambda write: SqliteStore.open(directory, write=write, keys_of=keys_of if write else None),
    )


@pytest.fixture(params=[sqlite])
def kind(request: pytest.FixtureRequest, tmp_path: Path) -> Kind:
    return request.param(tmp_path / "ledger")


@pytest.fixture
def store(kind: Kind) -> Iterator[Store]:
    with kind.create() as store:
        yield store


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """The directory of a closed SQLite store of 700 entries."""
    directory = tmp_path / "closed"
    with SqliteStore.create(directory, keys_of=keys_of) as store:
        fill(store, 300, 1, 399)
    return directory


@pytest.fixture(scope="session")
def _made_small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("small") / "small"
    with SqliteStore.create(directory, keys_of=keys_of) as store:
        fill(store, 2, 3)
    return directory


@pytest.fixture
def small(_made_small: Path, tmp_path: Path) -> Path:
    """The directory of a closed SQLite store of 5 entries."""
    return shutil.copytree(_made_small, tmp_path / "small")


@pytest.fixture(autouse=True)
def nothing_else_is_open() -> Iterator[None]:
    """What tests before these left open is not counted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Header, "_open", {})
        yield
