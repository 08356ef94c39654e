"""Commands at whose file calls faults strike: what must be on the desk before, and how to tell whether what they do is there.

A new command is a new row of `CASES`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from ledger.audit.verify import verify
from ledger.directory.opening import BACKUP, open_reader
from ledger.directory.publication import POLICY
from ledger.directory.source import DirectorySource
from ledger.entries.leaf import read_leaf
from ledger.errors import GiveTrailError
from ledger.log.key import SigningKey
from ledger.log.policy import Policy
from ledger.log_files.source import FolderSource
from ledger.monitoring.monitor_folder import FEED, INDEX, PAGE, STATE, MonitorFolder, read_index
from tests.faults import life

Count = Callable[[Path], int]
RECORDS = [{
    "kind": "donation", "fund": "school", "unit": "CNY", "amount": 1000, "channel": "cash", "received_on": "2026-09-01",
}]  # fmt: skip
TOWN = (life.INIT, life.PARTY, life.FUND)


class Case(NamedTuple):
    """`before` are the command lines that prepare the desk, `words` the one that is struck. `count` says how much of what it does
    is there, `whole` how much that is when it is done; `repeats` that it can be said again as it is, whatever became of it; `says`
    the line that names what was done, and stands in an error too where it was done."""

    before: tuple[list[str], ...]
    words: list[str]
    count: Count
    whole: int = 1
    repeats: bool = True
    says: str = ""


def records(kind: str, **fields: object) -> Count:
    """Counts the records of a kind in the ledger."""

    def count(home: Path) -> int:
        try:
            store, _ = open_reader(home / "books")
        except GiveTrailError as error:
            if error.rule in ("directory", "not-a-ledger"):
                return 0
            raise
        with closing(store):
            leaves = map(read_leaf, store.entries(0, store.tree_size))
            said = [record for leaf in leaves for record in leaf.statement.records if record.kind == kind]
        return sum(all(getattr(record, name) == value for name, value in fields.items()) for record in said)

    return count


def key_file(name: str) -> Count:
    """Whether a key file is there, and whole."""

    def count(home: Path) -> int:
        path = home / "books" / "keys" / name
        if not path.exists():
            return 0
        SigningKey.load(path)
        return 1

    return count


def both(*counts: Count) -> Count:
    """What is there of all of them."""
    return lambda home: min(count(home) for count in counts)


def tiles(folder: str) -> Count:
    """Whether a folder of tiles is verified, with every entry."""

    def count(home: Path) -> int:
        with closing(FolderSource(home / folder)) as source:
            report = verify(source, Policy.parse((home / "books" / POLICY).read_bytes()))
        return int(report.verdict == "verified" and report.tree_size == 6)

    return count


def backup(folder: str) -> Count:
    """Whether a folder is a backup, verified, with every entry; one that is not whole does not have its name."""

    def count(home: Path) -> int:
        if not (home / folder).exists():
            return 0
        with closing(DirectorySource(home / folder)) as source:
            report = verify(source, Policy.parse((home / folder / POLICY).read_bytes()))
        assert (home / folder / BACKUP).exists()
        return int(report.verdict == "verified" and report.tree_size == 6)

    return count


def watched(folder: str) -> Count:
    """Whether a monitor's folder is whole: its one checkpoint, the index that names it, the page and the feed."""

    def count(home: Path) -> int:
        kept = MonitorFolder(home / folder)
        if not (kept.path / STATE).exists():
            return 0
        with closing(kept):
            kept.hold()
            if not kept.notes:
                return 0
            names = [name for name, _ in read_index((kept.path / INDEX).read_bytes())]
            assert names == [one.name for one in kept.notes]
            return int(len(names) == 1 and all((kept.path / name).exists() for name in (FEED, PAGE)))

    return count


def prepare(home: Path) -> None:
    """The files that commands read."""
    life.write_gifts(home)
    (home / "gift.json").write_text(json.dumps(RECORDS))


URL = "<the address of the folder out>"
SIGNED = [*life.GIFT, "--sign-only", "-o", "statement"]
GIVEN = (*TOWN, life.GIFT, life.GIFT)
CASES = {
    "init": Case((), life.INIT, both(records("unit"), key_file("operator/admin.pem"), key_file("log.pem")), repeats=False),
    "party add": Case((life.INIT,), life.PARTY, both(records("party", id="hope"), key_file("hope/ana.pem")), 1, False, "2.0"),
    "key new": Case((life.INIT,), ["key", "new", "--party", "hope", "--officer", "ben", *life.ON], key_file("hope/ben.pem")),
    "record": Case(TOWN, life.GIFT, records("donation"), 1, False, "4.0"),
    "record --reference": Case(TOWN, life.REFERRED, records("donation"), 1, False, "4.0"),
    "record --file": Case(TOWN, ["record", "--file", "gift.json", *life.HOPE], records("donation"), says="4.0"),
    "approve": Case((*TOWN, SIGNED), ["approve", "statement", "--submit-only", *life.ON], records("donation"), says="4.0"),
    "import": Case(TOWN, life.IMPORT, records("donation"), life.ROWS),
    "export": Case(GIVEN, life.EXPORT, tiles("out")),
    "mirror": Case((*GIVEN, life.EXPORT), ["mirror", URL, "copy", "--trust", "books/trust.policy"], tiles("copy")),
    "monitor": Case((*GIVEN, life.EXPORT), ["monitor", "out", "watch", "--trust", "books/trust.policy"], watched("watch")),
    "scrub": Case((*TOWN, life.GIFT, life.REFERRED), ["scrub", *life.ON], records("donation"), 2),
    "backup": Case(GIVEN, ["backup", "saved", *life.ON], backup("saved"), repeats=False),
    "rebuild": Case(GIVEN, life.REBUILD, both(records("unit"), records("fund"))),
}
