"""How the golden ledger is told: who says what, on which day, under whose keys. The sequencer makes entries of it."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from ledger.books.state import Books
from ledger.entries.leaf import keys_of_entry
from ledger.entries.statement import sign_statement, write_statement
from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import leaf_hash, root_of
from ledger.store.sqlite import SqliteStore
from ledger.writer.sequencer import Sequencer
from ledger.writer.submission import Submission

from .cast import ORIGIN, key

LAST_MINUTE_UTC = "T16:30:00Z"


OVER_A_CHANNEL = ("payment", "income", "payment-return", "refund")


def a(kind: str, **members: Any) -> dict[str, Any]:
    """A record; money passes from hand to hand where no channel is given."""
    return {"kind": kind, **({"channel": "cash"} if kind in OVER_A_CHANNEL else {}), **members}


def stamp(entries: list[bytes], day: str) -> dict[str, Any]:
    """A timestamp over these entries, the first of the log, at midnight of a day."""
    root = root_of(map(leaf_hash, entries)).hex()
    return a("timestamp", size=len(entries), root=root, time=f"{day}T00:00:00Z", authority="Example TSA", digest="5a" * 32)


def uuid(number: int) -> str:
    """The id of statement `number`: counted, not drawn."""
    return f"{number:08x}-0000-4000-8000-{number:012x}"


class Telling:
    """A ledger in the making. `time` is the sequencer's and every desk's clock; each statement takes a minute."""

    def __init__(self, folder: Path) -> None:
        self.books = Books()
        self.store = SqliteStore.create(folder, keys_of=keys_of_entry)
        self.note = b""
        self.time = ""
        # Entries that others name, by what they are called in the story.
        self.entry: dict[str, int] = {}
        self._statements = 0
        self._sequencer = Sequencer(self.store, self.books, ORIGIN, key("log"), self._publish, lambda: self.time)

    def _publish(self, checkpoint: Checkpoint, note: bytes) -> None:
        self.note = note

    def day(self, day: str, utc: str = "T01:00:00Z") -> None:
        """From here on it is that day, nine in the morning where the ledger is (UTC+08:00)."""
        self.time = f"{day}{utc}"

    def head(self) -> tuple[int, str] | None:
        """What a statement made now is bound to."""
        return self._sequencer.head() if self.store.tree_size else None

    def made(self, party: str, records: list[dict[str, Any]], names: str) -> Submission:
        """A statement, bound to the last entry and signed now; it may be entered later."""
        self._statements += 1
        raw = write_statement(
            ledger=ORIGIN, party=party, id=uuid(self._statements), signed_at=self.time, records=records, after=self.head()
        )
        return raw, sign_statement(raw, [key(name) for name in names.split()])

    def enter(self, *submissions: Submission) -> int:
        """Enter statements in one group; the index of the last one's entry. Raises what the sequencer answers."""
        for answer in self._sequencer.submit(submissions):
            if isinstance(answer, Exception):
                raise answer
        moment = datetime.datetime.fromisoformat(self.time) + datetime.timedelta(minutes=1)
        self.time = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        return self.store.tree_size - 1

    def say(self, names: str, *records: dict[str, Any], party: str = "") -> int:
        """Make and enter a statement under these keys, of the first one's party; the index of its entry."""
        return self.enter(self.made(party or names.partition(".")[0], list(records), names))
