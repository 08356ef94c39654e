"""The language of the books' tests (tests/language.py), said to a sequencer: a ledger in a directory, with real signatures."""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from collections.abc import Callable
from copy import copy
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ledger.books.statement_context import Flow
from ledger.directory.creation import create
from ledger.directory.opening import open_writer
from ledger.entries.leaf import read_leaf
from ledger.entries.statement import sign_statement, write_statement
from ledger.log.note import VerifierKey
from ledger.log.policy import Policy
from ledger.writer.submission import Submission
from tests.language import ORIGIN, Ledger, key

FIRST_RECORD = {
    "kind": "ledger", "name": "Ledger", "time_zone": "UTC+08:00", "rules": "givetrail/1", "operator_name": "Operator",
    "officer": "chief",
}  # fmt: skip
PARTIES = (
    "party hope charity li books_from=2000-01-01; party shop vendor sun; party press vendor; party river charity xu; "
    "party till custodian"
)
TOWN = f"""
    op: unit CNY 2; unit USD 2; unit box 0; unit mask 0
    op: {PARTIES}
    hope: fund general unrestricted; project school restricted; activity books school
"""
TRUST = Policy.for_log(VerifierKey(ORIGIN, key("the.log").public))


class Moved(NamedTuple):
    """What the last statement moved, as its entry says it."""

    flows: list[Flow]


def numbered_id(number: int | str) -> str:
    """A statement's id: counted, not drawn."""
    return str(uuid.UUID(bytes=hashlib.sha256(f"statement {number}".encode()).digest()[:16]))


class OnDisk(Ledger):
    """A ledger in a directory. Its clock stands at `time`; statements get counted ids, so that its bytes repeat."""

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self.directory = directory
        self.ids = count(1)
        self.sequencer = create(
            directory, origin=ORIGIN, first_record=FIRST_RECORD, operator="op", statement_id=numbered_id(0),
            keys=(key("the.log"), key("op.chief")), clock=lambda: self.time,
        )  # fmt: skip
        self.first_key["op"] = "op.chief"
        self._take_up()

    def reopen(self) -> OnDisk:
        """Close the ledger where it is open, and open it for writing again."""
        self.close()
        self.sequencer = open_writer(self.directory, clock=lambda: self.time)
        self._take_up()
        return self

    def moved_to(self, directory: Path) -> OnDisk:
        """The same people at a copy of the ledger; `reopen` it."""
        other = copy(self)
        other.directory = directory
        return other

    def _take_up(self) -> None:
        self.books = self.sequencer.books
        self.leaves = [read_leaf(raw) for raw in self.entries()]

    def close(self) -> None:
        """Let go of the files."""
        self.sequencer.store.close()

    def entries(self) -> list[bytes]:
        """The bytes of every entry."""
        return list(self.sequencer.store.entries(0, self.sequencer.tree_size))

    def made(self, party: str, said: str | list[dict[str, Any]], names: str = "", **more: Any) -> Submission:
        """A signed statement that nobody has entered yet. `more`: its `id`, `after`, `ledger`, `signed_at`."""
        records = self.read(party, said)[0] if isinstance(said, str) else said
        keys = [key(name) for name in names.split()] or [key(self.first_key[party])]
        after = more["after"] if "after" in more else self.sequencer.head()
        raw = write_statement(
            ledger=more.get("ledger", self.origin_of(records)), party=party, id=more.get("id") or numbered_id(next(self.ids)),
            signed_at=more.get("signed_at", self.time), records=records, after=after,
        )  # fmt: skip
        return raw, sign_statement(raw, keys)

    def say(self, party: str, records: list[dict[str, Any]], by: list[str], **more: Any) -> Moved:
        """Enter a statement. Raises what the sequencer answers."""
        if isinstance(more.get("after"), int):
            more["after"] = (more["after"], self.hash_at(more["after"]))
        answer = self.sequencer.submit_one(self.made(party, records, " ".join(by), **more))
        self.leaves.append(read_leaf(self.sequencer.store.entry(answer.index)))
        self.context = Moved(self.leaves[-1].entry.flows)
        return self.context

    def hash_at(self, index: int) -> str:
        """The leaf hash of an entry, in hex."""
        return self.sequencer.store.tile(0, index // 256)[index % 256 * 32 :][:32].hex()


def a_town(directory: Path) -> OnDisk:
    """A ledger with an operator, two charities, two vendors, and a school to give to: entries 0 to 3."""
    ledger = OnDisk(directory)
    ledger.play(TOWN)
    return ledger


def on_another_machine(make: Callable[[], OnDisk]) -> OnDisk:
    """A ledger that keeps its checkpoint in another place outside, so that it may sign for the same log at the same time."""
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("GIVETRAIL_STATE", tempfile.mkdtemp(prefix="givetrail-state-"))
        return make()


def a_gift(ledger: OnDisk, minor: int = 1000, **more: Any) -> Submission:
    """A statement of one gift to the school."""
    return ledger.made("hope", f"donation {minor} CNY -> school", **more)
