"""Where the story is played: one ledger, its clock, and every party with the keys of its officers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from ..books.tape import EMPTY
from ..canonical import JsonObject
from ..directory.opening import key_path
from ..entries.channel_reference import NewKey, ReferenceKeys, commit_reference
from ..entries.label import ACCOUNTS, INVOICES, NEVER, commit_account, commit_invoice
from ..errors import GiveTrailError
from ..log.key import SigningKey
from ..writer.author import Author
from ..writer.sequencer import Sequencer
from ..writer.submission import Submission
from .chance import Chance
from .clock import StoryClock

Progress = Callable[[int, int], None]
Record = JsonObject
LABEL = "2026"
DESTROY_ON = "2032-01-01"


class Stage:
    """What the chapters share. `named` are references worth looking at, `records` counts records by kind."""

    def __init__(self, directory: Path, origin: str, clock: StoryClock, gifts: int, progress: Progress) -> None:
        self.directory, self.origin, self.clock = directory, origin, clock
        self.gifts, self.progress = gifts, progress
        self.chance = Chance(f"{origin}/chance")
        self.keys: dict[str, dict[str, SigningKey]] = {}
        self.named: dict[str, str] = {}
        self.records: dict[str, int] = {}
        self._secrets: dict[tuple[str, str], bytes] = {}
        self._unsaid: dict[str, list[Record]] = {}
        self._statements = self._references = 0

    def open(self, sequencer: Sequencer, operator: str, officer: str, key: SigningKey) -> None:
        """The ledger exists, with entry 0 in it, and its operator can sign."""
        self.sequencer = sequencer
        self.keys[operator] = {officer: key}
        self.records["ledger"] = 1

    def new_id(self) -> str:
        """The next statement's id: a UUID that counts up."""
        self._statements += 1
        return f"00000000-0000-4000-8000-{self._statements:012x}"

    def new_key(self, party: str, officer: str, number: int = 1) -> SigningKey:
        """The key of an officer, from a public seed."""
        return SigningKey.from_seed(hashlib.sha256(f"{self.origin}/{party}/{officer}/{number}".encode()).digest())

    def hand_over(self, party: str, officer: str, key: SigningKey) -> None:
        """From now on the officer signs with this key; an earlier one is destroyed."""
        self.take_away(party, officer)
        self.keys.setdefault(party, {})[officer] = key
        key.save(key_path(self.directory, party, officer))

    def take_away(self, party: str, officer: str) -> None:
        """The officer can no longer sign."""
        self.keys.get(party, {}).pop(officer, None)
        key_path(self.directory, party, officer).unlink(missing_ok=True)

    def say(
        self, party: str, *records: Record, both: bool = False, also: str = "", new: Sequence[SigningKey] = (), by: str = "",
    ) -> list[str]:
        """A party makes a statement of records, and the ledger enters it; returns the references of the records.

        Its first officer signs, or the one that is named; with `both`, both officers sign; with `also`, so does the first officer
        of another party; and so do `new` keys.
        """
        (index,) = self.enter([self.sign(party, list(records), both, also, new, by)])
        return [f"{index}.{number}" for number in range(len(records))]

    def sign(
        self, party: str, records: list[Record], both: bool = False, also: str = "", new: Sequence[SigningKey] = (), by: str = "",
    ) -> Submission:
        """The statement as it leaves the party's desk, bound to the last entry of the ledger. The record of a reference key goes
        with the first statement after the key was made."""
        if party in self._unsaid:
            records = [*records, *self._unsaid.pop(party)]
        own = [self.keys[party][by]] if by else list(self.keys[party].values())[: 2 if both else 1]
        others = [*list(self.keys.get(also, {}).values())[:1], *new]
        for record in records:
            self.records[record["kind"]] = self.records.get(record["kind"], 0) + 1
        author = Author(self.origin, party, (*own, *others), self.clock, self.new_id)
        return author.submission(records, self.sequencer.head())

    def enter(self, submissions: list[Submission]) -> list[int]:
        """Submit statements; returns the index of each one's entry. Raises the ledger's answer to the first that it refuses."""
        places = []
        for answer in self.sequencer.submit(submissions):
            if isinstance(answer, GiveTrailError):
                raise answer
            places.append(answer.index)
        return places

    def left(self, tape: str) -> int:
        """How many units a fund has left, as its party reads in the books: `left("desks/CNY")`."""
        return (self.sequencer.books.tape.get(tape) or EMPTY).free()

    def reference(self, party: str, channel: str) -> str:
        """What a channel called the next payment, committed under a key that only the party has."""
        return commit_reference(self._secret(party, LABEL, DESTROY_ON), LABEL, channel, self._number())

    def invoice(self, party: str, payee: str) -> str:
        """The number of the payee's next invoice, committed under a key that only the party has and never destroys."""
        return commit_invoice(self._secret(party, INVOICES, NEVER), INVOICES, payee, self._number())

    def account(self, party: str, number: str) -> str:
        """The number of an account of the party, committed under a key that only the party has and never destroys."""
        return commit_account(self._secret(party, ACCOUNTS, NEVER), ACCOUNTS, number)

    def _number(self) -> str:
        self._references += 1
        return f"{self._references:08d}"

    def _secret(self, party: str, label: str, destroy_on: str) -> bytes:
        """The key of a label; its record goes with the party's next statement."""
        if (party, label) not in self._secrets:
            new = NewKey(hashlib.sha256(f"{self.origin}/{party}/{label}".encode()).digest(), destroy_on)
            keys = ReferenceKeys(self.directory, party, self.sequencer.books, lambda label: new)
            self._secrets[party, label] = keys.secret(label)
            unsaid = keys.unsaid(label)
            if unsaid is not None:
                self._unsaid.setdefault(party, []).append(unsaid)
        return self._secrets[party, label]
