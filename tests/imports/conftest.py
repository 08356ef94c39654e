"""A small ledger to import into: an operator, a charity and a funder with keys, units and funds."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ledger.books.record import Record
from ledger.canonical import to_base64
from ledger.directory.creation import create
from ledger.directory.opening import open_writer
from ledger.entries.channel_reference import NewKey, ReferenceKeys
from ledger.entries.leaf import Leaf, read_leaf
from ledger.imports.mapping import Mapping, parse_mapping
from ledger.log.key import SigningKey
from ledger.writer.author import Author
from ledger.writer.sequencer import Sequencer

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
ORIGIN = "ledger.example.org/2026"
NOW = "2026-03-01T20:00:00Z"
SEEDS = {"log": 1, "operator": 2, "hope": 3, "trust": 4}
ids = count()


def clock() -> str:
    return NOW


def make_id() -> str:
    return str(uuid.UUID(int=next(ids)))


def key(name: str) -> SigningKey:
    return SigningKey.from_seed(bytes([SEEDS[name]]) * 32)


def author(party: str, *others: str) -> Author:
    return Author(ORIGIN, party, (key(party), *map(key, others)), clock, make_id)


class World(NamedTuple):
    """A ledger, and what a test asks of it."""

    directory: Path
    sequencer: Sequencer
    operator: Author
    charity: Author
    funder: Author

    def keys(self, party: str = "hope", make: bool = True) -> ReferenceKeys:
        new = NewKey(party.encode().ljust(32, b"k"), "2036-12-31")
        return ReferenceKeys(self.directory, party, self.sequencer.books, (lambda label: new) if make else None)

    def leaves(self) -> Iterator[Leaf]:
        return (read_leaf(raw) for raw in self.sequencer.store.entries(0, self.sequencer.tree_size))

    def records(self, kind: str) -> list[Record]:
        return [record for leaf in self.leaves() for record in leaf.statement.records if record.kind == kind]

    def say(self, by: Author, *records: dict[str, Any]) -> int:
        return self.sequencer.submit_one(by.submission(list(records), self.sequencer.head())).index


def party(id: str, name: str, role: str, identifier: str | None = None) -> dict[str, Any]:
    record = {
        "books_from": "2000-01-01", "entity": "organisation", "id": id, "kind": "party", "name": name, "roles": [role],
        "keys": [{"key": to_base64(key(id).public), "officer": "ann"}],
    }  # fmt: skip
    return record if identifier is None else {**record, "identifier": identifier}


def fund(id: str) -> dict[str, Any]:
    return {"id": id, "kind": "fund", "name": id, "purpose": "relief", "restriction": "unrestricted"}


def unit(code: str, exponent: int) -> dict[str, Any]:
    return {"exponent": exponent, "kind": "unit", "name": code, "unit": code}


def custodian(id: str) -> dict[str, Any]:
    return {"entity": "organisation", "id": id, "kind": "party", "name": id, "roles": ["custodian"]}


UNITS = (unit("VND", 0), unit("CNY", 2), unit("GBP", 2))


def begun(directory: Path) -> World:
    first = {
        "kind": "ledger", "name": "A ledger", "officer": "olga", "operator_name": "Operator", "rules": "givetrail/1",
        "time_zone": "UTC+07:00",
    }  # fmt: skip
    sequencer = create(
        directory, origin=ORIGIN, first_record=first, operator="operator", statement_id=make_id(),
        keys=(key("log"), key("operator")), clock=clock,
    )  # fmt: skip
    world = World(directory, sequencer, author("operator"), author("hope"), author("trust"))
    world.say(author("operator", "hope"), party("hope", "Hope", "charity"), custodian("wallet"), *UNITS)
    world.say(world.charity, fund("relief"), fund("costs"))
    return world


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = begun(tmp_path / "ledger")
    yield made
    made.sequencer.store.close()


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Callable[[], World]]:
    """Makes ledgers, each in a directory of its own."""
    made: list[World] = []

    def another() -> World:
        made.append(begun(tmp_path / f"ledger-{len(made)}"))
        return made[-1]

    yield another
    for world in made:
        world.sequencer.store.close()


@pytest.fixture
def reopened(world: World) -> Callable[[], World]:
    """The ledger closed and opened again."""

    def again() -> World:
        world.sequencer.store.close()
        return world._replace(sequencer=open_writer(world.directory, clock=clock))

    return again


@pytest.fixture
def admit(world: World) -> Callable[[str | None], None]:
    """Admits the funder, with an org-id or without."""

    def admit_funder(identifier: str | None) -> None:
        world.say(author("operator", "trust"), party("trust", "Trust", "charity", identifier))

    return admit_funder


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a CSV file."""

    def write(text: str, name: str = "gifts.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.fixture
def mapped() -> Callable[..., Mapping]:
    """A mapping of columns `at` and `sum`, with what a test changes of it (None leaves a key out)."""

    def mapping(file: str = "", **changes: str | None) -> Mapping:
        said: dict[str, str | None] = {
            "fund": '"relief"', "unit": '"VND"', "channel": '"bank"', "amount": '"sum"', "amount_form": '"decimal"',
            "received": '"at"', "received_form": '"day"', "list": '"the-list"', **changes,
        }  # fmt: skip
        lines = [f"{name} = {value}" for name, value in said.items() if value is not None]
        return parse_mapping("\n".join(["[gifts]", *lines, file]).encode())

    return mapping


@pytest.fixture(scope="session")
def real() -> Callable[[str], Path]:
    """A file of real data; the test is skipped where it is absent."""

    def path(name: str) -> Path:
        if not (DATA / name).is_file():
            pytest.skip(f"needs {name} in ../shared/data beside the checkout")
        return DATA / name

    return path
