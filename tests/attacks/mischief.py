"""Random ledgers in which somebody tries what he may not: what the books take stays, what they refuse is kept, to be forced in."""

from __future__ import annotations

import copy
from collections import defaultdict
from typing import Any, NamedTuple

from ledger.errors import GiveTrailError

from .chronicle import Chronicle

STRANGER = "mallory.key"


class Forced(NamedTuple):
    """A log that ends in a statement which the books refuse by `rule`, and which its operator entered all the same."""

    raws: list[bytes]
    rule: str


class Mischief(Chronicle):
    """Every other statement is spoiled before it is said. `refused` are the logs that a dishonest operator would make of those that
    were refused; `taken` counts spoiled statements that were in order all the same."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.refused: list[Forced] = []
        self.taken = 0
        self._seen: dict[str, list[Any]] = defaultdict(list)

    def said(self, party: str, records: list[dict[str, Any]], more: list[str] | None = None) -> bool:
        for record in records:
            for name, value in record.items():
                self._seen[name].append(value)
        if self.rng.random() < 0.5:
            return super().said(party, records, more)
        self._spoiled(party, copy.deepcopy(records), [*self._one(party), *(more or [])])
        return False

    def _spoiled(self, party: str, records: list[dict[str, Any]], names: list[str]) -> None:
        for _ in range(1 + self.rng.randrange(2)):
            party, names = self.rng.choice((self._words,) * 6 + (self._speaker, self._signers))(party, records, names)
        bound = self._bound()
        try:
            self.ledger.say(party, records, names, **bound)
        except GiveTrailError as error:
            self.ledger.books.rollback()
            self._force(party, records, names, bound, error.rule)
        else:
            self.taken += 1

    def _force(self, party: str, records: list[dict[str, Any]], names: list[str], bound: dict[str, Any], rule: str) -> None:
        submission = self.ledger.signed(party, records, names, **bound)
        self.refused.append(Forced([*self.ledger.raws, self.ledger.placed(submission, [], self.ledger.time)], rule))

    def _words(self, party: str, records: list[dict[str, Any]], names: list[str]) -> tuple[str, list[str]]:
        """Something in a record is another, such as stood in that place in another record, or is gone."""
        record = self.rng.choice(records)
        name = self.rng.choice(sorted(set(record) - {"kind"}) or ["kind"])
        if self.rng.random() < 0.1:
            del record[name]
        elif isinstance(record[name], int) and self.rng.random() < 0.5:
            record[name] = self.rng.choice([record[name] + 1, record[name] * 2, 2**53 - 1, 0])
        elif name in ("of", "gift"):
            record[name] = f"{self.rng.randrange(len(self.ledger.raws) + 1)}.{self.rng.randrange(3)}"
        elif name.endswith("_on"):
            record[name] = self.rng.choice(["2026-09-01", "2027-09-01", self._today])
        else:
            record[name] = copy.deepcopy(self.rng.choice(self._seen[name]))
        return party, names

    def _speaker(self, party: str, records: list[dict[str, Any]], names: list[str]) -> tuple[str, list[str]]:
        """Another party says it, with its own key."""
        party = self.rng.choice(sorted(self.keys))
        return party, self._one(party)

    def _signers(self, party: str, records: list[dict[str, Any]], names: list[str]) -> tuple[str, list[str]]:
        """Another signature beside it, or in its place."""
        other = self.rng.choice([STRANGER, *(name for held in self.keys.values() for name in held.values())])
        return party, [other] if self.rng.random() < 0.5 else sorted({*names, other})
