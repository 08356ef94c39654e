"""Ledgers to read: one that was told and closed, for all tests; one that goes on, for a test of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from api.http.settings import Settings
from tests.api.asking import Client, client_of
from tests.api.story import Told, tell
from tests.writer.on_disk import OnDisk, a_town


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """The story. Nobody writes to it."""
    place = tmp_path_factory.mktemp("told")
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("GIVETRAIL_STATE", str(place / "state"))
        return tell(place)


@pytest.fixture(scope="session")
def client(told: Told) -> Iterator[Client]:
    """A client of the story."""
    client = client_of(told.directory)
    yield client
    client.close()


@pytest.fixture
def asks(told: Told) -> Iterator[Callable[..., Client]]:
    """Makes clients of the story, with settings and an address of their own."""
    with ExitStack() as made:

        def ask(settings: Settings | None = None, **how: Any) -> Client:
            client = client_of(told.directory, settings, **how)
            made.callback(client.close)
            return client

        yield ask


@pytest.fixture
def town(tmp_path: Path) -> Iterator[OnDisk]:
    """A small ledger, open for writing."""
    ledger = a_town(tmp_path / "ledger")
    yield ledger
    ledger.close()


@pytest.fixture
def reader(town: OnDisk) -> Iterator[Client]:
    """A client of the ledger that goes on."""
    client = client_of(town.directory)
    yield client
    client.close()
