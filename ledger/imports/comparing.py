"""Compares known rows with their records in the ledger. If a source was corrected, the import reports which fields differ."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..amount import to_text
from ..books.record import Record
from ..canonical import JsonObject
from ..writer.sequencer import Known, Sequencer
from .fault import KEPT

DAYS = ("received_on", "paid_on")
SAID = {
    "donation": ("amount", "received_on", "fund", "unit"), "payment": ("amount", "paid_on", "fund", "unit", "payee"),
}  # fmt: skip
FEE = ("fee", "fee_to")


class Difference(NamedTuple):
    """Row `row` is known as `record`, `<entry>.<record>`, but `field` differs: `was` in the record, `now` in the row."""

    row: int
    record: str
    field: str
    was: str
    now: str


class Comparison:
    """Counts the known rows, and those that differ; keeps the first hundred differences."""

    def __init__(self, sequencer: Sequencer) -> None:
        self._sequencer = sequencer
        self._kept: list[Difference] = []
        self._counts: dict[str, int] = {}
        self.known = self.differing = 0

    def meet(self, row: int, known: Known, said: JsonObject) -> None:
        """A row is known; it would now become the record `said`."""
        self.known += 1
        if _says(known.record, said):
            return
        self.differing += 1
        was, now = self._facts(known.record.model_dump()), self._facts(said)
        for field in [field for field in was if was[field] != now[field]]:
            self._counts[field] = self._counts.get(field, 0) + 1
            if len(self._kept) < KEPT:
                self._kept.append(Difference(row, f"{known.entry}.{known.number}", field, was[field], now[field]))

    def counts(self) -> tuple[tuple[str, int], ...]:
        """(field, how many rows differ in it), the most frequent first."""
        return tuple(sorted(self._counts.items(), key=lambda item: -item[1]))

    def kept(self) -> tuple[Difference, ...]:
        """The first hundred differences that were found, by row."""
        return tuple(sorted(self._kept))

    def _facts(self, record: dict[str, Any]) -> dict[str, str]:
        """The compared fields, as people read them."""
        unit, fee = record["unit"], record.get("fee")
        return {
            "type": record["kind"], "amount": self._money(record["amount"], unit), "day": _day(record), "fund": record["fund"],
            "fee": f"{self._money(fee, unit)} to {record['fee_to']}" if fee else "none",
            "recipient": self._recipient(record.get("payee")),
        }  # fmt: skip

    def _money(self, amount_minor: int, unit: str) -> str:
        row = self._sequencer.books.unit.get(unit)
        return to_text(amount_minor, row.exponent if row else 0, unit)

    def _recipient(self, party: str | None) -> str:
        row = self._sequencer.books.party.get(party) if party else None
        return f"{row.name} ({party})" if row else party or "none"


def _says(there: Record, said: JsonObject) -> bool:
    """Whether a record agrees with a row on every field that `Comparison` shows."""
    fields, kind = vars(there), said["kind"]
    if fields["kind"] != kind or any(fields[name] != said.get(name) for name in SAID[kind]):
        return False
    return [fields.get(name) for name in FEE] == [said.get(name) for name in FEE]


def _day(record: JsonObject) -> str:
    return next((str(record[name]) for name in DAYS if record.get(name)), "")
