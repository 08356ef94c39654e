"""A copy of a ledger for trying things out: every statement signed again by other keys, in a log of another name.

A plain copy of the directory would sign for the same log, and its entries would contradict those that the real ledger signs next.
So a trial has its own origin, `trial/<origin>`, its own log key, and a new key in place of each key that ever signed. Entries keep
their places, their times and their money; hashes and signatures are new. Nothing that a trial signs is valid anywhere else.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NamedTuple

from ..books.moment import books_time, local_day
from ..books.rows import ACTIVE
from ..books.state import Books
from ..canonical import JsonObject, encode, parse, to_base64
from ..disk.durable import make_folder, take_away_all, unwritable, write_durably
from ..entries.leaf import Leaf, read_leaf
from ..entries.log_keys import vkey_of
from ..entries.statement import sign_statement
from ..errors import GiveTrailError, UsageError
from ..log.key import SigningKey
from ..log.merkle import subtree_root
from ..log.note import VerifierKey
from ..log.policy import Policy
from ..log.tile import leaf_hash_at, node_reader
from ..store.protocol import Store
from ..writer.sequencer import GROUP, Sequencer
from ..writer.submission import Submission
from .opening import LOG_KEY, begin, key_path, open_reader

PREFIX, NAME_PREFIX = "trial/", "Trial: "
NAME_LENGTH = 200
BEGINS = "succession"  # the kind of the first record of a log that continues another
STAMP = "timestamp"  # a record of a root of this log
KEY_FIELDS = ("key", "log_key")
"""The fields of records that hold a public key."""


class TrialCopy(NamedTuple):
    """The trial's verifier key, its number of entries, and whose keys are in the directory, as (party, file)."""

    vkey: str
    tree_size: int
    keys: list[tuple[str, str]]


def make_trial(
    source: Path,
    directory: Path,
    origin: str = "",
    passphrase: bytes | None = None,
    progress: Callable[[int, int], None] = lambda done, size: None,
) -> TrialCopy:
    """Make a trial of the ledger in `source` in a new or empty directory; if that fails, the directory is removed. The source is
    only read, and may be open for writing.

    Raises UsageError, SizeError if the longer name makes a statement too large, NotFound, Conflict, StorageError.
    """
    with ExitStack() as held:
        store, books = open_reader(source)
        held.enter_context(closing(store))
        vkey = vkey_of(books)
        name = origin or PREFIX + vkey.name
        if name == vkey.name:
            raise UsageError(f"--origin {name}: is the name of the ledger itself; give another name", rule="usage", where="origin")
        _make_empty(directory)
        held.callback(take_away_all, directory)
        made = _Copy(store, name, directory, passphrase).run(books, progress)
        for path in source.glob("keys/*/reference-*"):
            make_folder(directory / "keys" / path.parent.name)
            write_durably(directory / "keys" / path.parent.name / path.name, path.read_bytes(), mode=0o600)
        held.pop_all()
        store.close()
    return made


class _Copy:
    """One trial while it is being made. `twins` maps the old keys to the new ones, in base64."""

    def __init__(self, store: Store, origin: str, directory: Path, passphrase: bytes | None) -> None:
        self._store, self._directory, self._passphrase = store, directory, passphrase
        self._time = ""
        self._twins: dict[str, SigningKey] = {}
        log_key = SigningKey.generate()
        self._vkey = VerifierKey(origin, log_key.public)
        log_key.save(directory / LOG_KEY, passphrase)
        self._log_key = log_key

    def run(self, books: Books, progress: Callable[[int, int], None]) -> TrialCopy:
        head = books.head.get("")
        size = head.size if head else 0
        self._twins[books.ledger[""].log_key] = self._log_key
        self._ended = sorted((row.size, origin) for origin, row in books.ended.items())
        sequencer = begin(self._directory, Policy.for_log(self._vkey), self._log_key, lambda: self._time)
        with closing(sequencer.store):
            for group in _together(map(read_leaf, self._store.entries(0, size))):
                self._time = group[0].entry.time
                self._enter(sequencer, group)
                progress(sequencer.tree_size, size)
            sequencer.sign()
        return TrialCopy(self._vkey.format(), size, sorted(self._save_keys(books)))

    def _enter(self, sequencer: Sequencer, group: list[Leaf]) -> None:
        sequencer.origin = self._named(group[0].entry.index)
        for answer in sequencer.submit([self._said_again(sequencer, leaf) for leaf in group], sign=False):
            if isinstance(answer, GiveTrailError):
                raise answer

    def _said_again(self, sequencer: Sequencer, leaf: Leaf) -> Submission:
        value = parse(leaf.entry.statement_raw)
        value["ledger"] = self._named(leaf.entry.index)
        if leaf.statement.after:
            value["after"] = f"{leaf.statement.after_index}:{leaf_hash_at(sequencer.store.tile, leaf.statement.after_index).hex()}"
        for record in value["records"]:
            self._change(record, sequencer)
        raw = encode(value)
        return raw, sign_statement(raw, [self._twin(key) for key, _ in leaf.entry.signatures])

    def _named(self, index: int) -> str:
        """The trial's name for the log that contains entry `index`; logs that it continues are renamed too."""
        return next((PREFIX + origin for index_after, origin in self._ended if index < index_after), self._vkey.name)

    def _change(self, record: JsonObject, sequencer: Sequencer) -> None:
        if record["kind"] == BEGINS:
            size = sequencer.tree_size
            record["continues"] = {"origin": self._named(size - 1), "root": sequencer.checkpoint().root.hex(), "size": size}
        if record["kind"] == STAMP and record["size"] <= sequencer.tree_size:  # no authority has stamped the trial's tree
            record["root"] = subtree_root(0, record["size"], node_reader(sequencer.store.tile)).hex()
        for part in (record, *record.get("keys", ())):
            for field in KEY_FIELDS:
                if field in part:
                    part[field] = to_base64(self._twin(part[field]).public)
        if record["kind"] == "ledger" and len(record["name"]) + len(NAME_PREFIX) <= NAME_LENGTH:
            record["name"] = NAME_PREFIX + record["name"]

    def _twin(self, key: str) -> SigningKey:
        if key not in self._twins:
            self._twins[key] = SigningKey.generate()
        return self._twins[key]

    def _save_keys(self, books: Books) -> list[tuple[str, str]]:
        """Save the twin of every key that is in force or pending under its officer's name; further keys of an officer get a
        number."""
        saved: list[tuple[str, str]] = []
        for key, row in books.key.items():
            if row.until == ACTIVE or local_day(books, books_time(books)) < row.until_day:
                names = (row.officer if number == 1 else f"{row.officer}-{number}" for number in range(1, len(saved) + 2))
                name = next(name for name in names if (row.party, name) not in saved)
                self._twin(key).save(key_path(self._directory, row.party, name), self._passphrase)
                saved.append((row.party, name))
        return saved


def _together(leaves: Iterator[Leaf]) -> Iterator[list[Leaf]]:
    """Groups of at most GROUP entries with the same time, none of which refers to another in the group; a succession is a group of
    its own."""
    group: list[Leaf] = []
    for leaf in leaves:
        first = group[0].entry if group else None
        apart = BEGINS in (leaf.statement.records[0].kind, group[0].statement.records[0].kind if group else "")
        if first and (apart or len(group) == GROUP or leaf.entry.time != first.time or leaf.statement.after_index >= first.index):
            yield group
            group = []
        group.append(leaf)
    if group:
        yield group


def _make_empty(directory: Path) -> None:
    """Make a directory, or check that it is empty. Raises UsageError, StorageError."""
    try:
        if os.path.lexists(directory) and not directory.is_dir():
            raise NotADirectoryError
        make_folder(directory)
        if any(directory.iterdir()):
            raise UsageError(f"{directory}: contains other files; give a new directory", rule="directory", where=str(directory))
    except (FileExistsError, NotADirectoryError):
        raise UsageError(f"{directory}: is not a directory; give a new one", rule="directory", where=str(directory)) from None
    except OSError as error:
        raise unwritable(directory, error) from None
