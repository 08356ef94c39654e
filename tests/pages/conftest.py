"""One ledger for all tests of the pages; nobody writes to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.http.public_url import Place
from api.http.settings import Settings
from tests.api.asking import BROWSER, Client, client_of
from tests.pages.town import Town, told


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The story."""
    place = tmp_path_factory.mktemp("town")
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("GIVETRAIL_STATE", str(place / "state"))
        return told(place / "ledger")


@pytest.fixture(scope="session")
def client(town: Town) -> Iterator[Client]:
    """A browser at the story, whose operator has said under which address it is found."""
    client = client_of(town.directory, Settings(public=Place("http://ledger.test", "")), accept=BROWSER)
    yield client
    client.close()


@pytest.fixture(scope="session")
def unnamed(town: Town) -> Iterator[Client]:
    """A browser at the same story, whose operator has not said so."""
    client = client_of(town.directory, accept=BROWSER)
    yield client
    client.close()
