"""Who signs in a random ledger: parties with officers whose keys come and go, statements that were signed days before."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from random import Random
from typing import Any

from ledger.books.moment import local_day
from ledger.entries.channel_reference import commit_reference
from ledger.errors import GiveTrailError
from tests.trace.telling import OWNERS, PLACE, Gift, Telling

from .chained import Chained

ZONES = ("UTC+08:00", "UTC-11:00", "UTC+14:00", "UTC+05:45", "UTC+00:00")
MORE = """
    op: party eyes inspector luo; party bureau regulator hu; party build implementer ma; party front custodian
    hope: fund capital endowment; fund purse unrestricted; mandate 0 thresholds=CNY:40
    hope: project roads parent=general restricted cost_limits=administration:1/4 receipt_days=2 feedback_days=3
    hope: activity bridges roads implementers=build
    river: fund petty unrestricted; mandate 0
    op: mandate 0
    shop: mandate 0
    eyes: mandate 0
    2026-09-10
"""
FIRST = {"op": "chief", "hope": "li", "river": "xu", "shop": "sun", "auditco": "zhou", "eyes": "luo", "bureau": "hu", "build": "ma"}


class Desk(Telling):
    """A ledger and what was said in it. `keys` are the names of the keys in force, by party and officer."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        ledger = Chained()
        ledger.play(f"op: ledger chief time_zone={self.rng.choice(ZONES)}")
        ledger.play(PLACE)
        ledger.play(MORE)
        super().__init__(ledger)
        self.keys = {party: {officer: f"{party}.{officer}"} for party, officer in FIRST.items()}
        self.private: list[tuple[str, str, list[str]]] = []
        self.count = 0

    @property
    def _today(self) -> str:
        return local_day(self.ledger.books, self.ledger.time)

    def _tapes(self, units: Sequence[str]) -> list[str]:
        return [tape for tape in super()._tapes(units) if tape.partition("/")[0] in OWNERS]

    def _say(self, party: str, record: dict[str, Any], *others: str) -> bool:
        return self.said(party, [record], [name for other in others for name in self._one(other)])

    def said(self, party: str, records: list[dict[str, Any]], more: list[str] | None = None) -> bool:
        """Say records, with one officer's key or, where that is not enough, with all; whether they were entered."""
        for names in (self._one(party), list(self.keys.get(party, {}).values())):
            for bound in (self._bound(), {}):
                try:
                    self.ledger.say(party, records, [*names, *(more or [])], **bound)
                    return True
                except GiveTrailError:
                    self.ledger.books.rollback()
        return False

    def _one(self, party: str) -> list[str]:
        """The key of one of a party's officers; of a party that is not known here, nobody's."""
        return [self.rng.choice(sorted(self.keys.get(party, {}).values()) or ["nobody.key"])]

    def _bound(self) -> dict[str, Any]:
        """Now and then a statement was signed days before it is entered, by somebody who had not seen the last entries."""
        if self.rng.random() > 0.2:
            return {}
        moment = datetime.datetime.fromisoformat(self.ledger.time) - datetime.timedelta(self.rng.randrange(30))
        bound = {"signed_at": moment.strftime("%Y-%m-%dT%H:%M:%SZ")}
        return {**bound, "after": max(0, len(self.ledger.leaves) - 1 - self.rng.randrange(4))}

    @property
    def last(self) -> int:
        """The index of the last entry."""
        return len(self.ledger.leaves) - 1

    def _new(self) -> int:
        self.count += 1
        return self.count

    def _gift(self, fund: str, unit: str, amount: int, **more: Any) -> dict[str, Any]:
        said = {"kind": "donation", "fund": fund, "unit": unit, "amount": amount, "channel": "cash", "received_on": self._today}
        return {**said, **more}

    def _paid(self, fund: str, amount: int) -> dict[str, Any]:
        said = {"kind": "payment", "channel": "cash", "fund": fund, "unit": "CNY", "amount": amount, "payee": "shop"}
        return {**said, "cost_class": "programme", "paid_on": self._today}

    def _keep_gifts(self, entry: int, fund: str, unit: str) -> None:
        leaf = self.ledger.leaves[entry]
        for number, record in enumerate(leaf.statement.records):
            if record.kind == "donation":
                start, end = leaf.rows(number)[0][3:]
                self.gifts.append(Gift(f"{entry}.{number}", f"{fund}/{unit}", start, end))

    def _reference(self) -> str:
        return commit_reference(b"k" * 32, self._today[:4], "bank", str(self._new()))
