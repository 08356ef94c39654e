"""The books with a pencil: follows one unit at a time, by the words of the design and nothing else. Slow, and written without the
ledger's own code, so that it can say whether the ledger's traces are true."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

Name = str
TERMINAL = {"write-off": "written-off"}


class Step(NamedTuple):
    """Unit number `number` of `out` units that a record lets out of a tape, and where the first of its `into` units lies."""

    ref: Name
    kind: str
    number: int
    out: int
    tape: str
    start: int
    into: int
    state: str


class Pencil:
    """Every unit that ever left a tape, and how."""

    def __init__(self, lines: list[bytes]) -> None:
        self.records: dict[Name, dict[str, Any]] = {}
        self.steps: dict[tuple[str, int], Step] = {}
        self.given: dict[Name, list[tuple[str, int, int]]] = {}
        self.activities: set[str] = set()
        for line in lines:
            self._read(json.loads(line))

    def _read(self, entry: dict[str, Any]) -> None:
        for number, record in enumerate(entry["statement"]["records"]):
            ref = f"{entry['index']}.{number}"
            self.records[ref] = record
            if record["kind"] == "activity":
                self.activities.add(record["id"])
            rows = [row[1:] for row in entry["flows"] if row[0] == number]
            outs = [(tape, unit) for sign, tape, start, end in rows if sign == "-" for unit in range(start, end)]
            ins = [(tape, start, end) for sign, tape, start, end in rows if sign == "+"]
            self.given[ref] = ins
            self._note(ref, record, outs, ins)

    def _note(self, ref: Name, record: dict[str, Any], outs: list[tuple[str, int]], ins: list[tuple[str, int, int]]) -> None:
        """Cut what goes out into legs, in the order of the record's fields, and write down where every unit of a leg goes."""
        kind = record["kind"]
        if kind == "payment" and "goods" in record:
            legs = [(part["cost"], into, "") for part, into in zip(record["goods"], ins, strict=True)]
        elif kind == "refund":
            own = sum(end - start for start, end in record.get("units", []))
            legs = [(own, None, "refunded"), (len(outs) - own, None, "written-off")]
        else:
            legs = [(len(outs), ins[0] if ins and outs else None, TERMINAL.get(kind, ""))]
        at = 0
        for size, into, state in legs:
            tape, start, end = into or ("", 0, 0)
            for number, place in enumerate(outs[at : at + size]):
                assert place not in self.steps, f"{place} left twice"
                self.steps[place] = Step(ref, kind, number, size, tape, start, end - start, state)
            at += size

    def follow(self, tape: str, unit: int) -> tuple[str, tuple[Name, ...], str, int]:
        """(state, path, tape, unit there) of a unit."""
        path: list[Name] = []
        while (tape, unit) in self.steps:
            step = self.steps[tape, unit]
            path.append(step.ref)
            if step.into:
                tape, unit = step.tape, step.start + step.number * step.into // step.out
                continue
            if step.state:
                return step.state, tuple(path), tape, unit
            back = self._returned(step)
            if back is None:
                return self._answered(step), tuple(path), tape, unit
            path.append(back[0])
            tape, unit = back[1], back[2]
        return "allocated" if tape.partition("/")[0] in self.activities else "held", tuple(path), tape, unit

    def reached(self, tape: str, unit: int, wanted: str) -> set[int]:
        """The units of a tape that a unit stands behind; where one unit became several, behind all of them."""
        here, seen = {(tape, unit)}, set()
        while here:
            seen |= here
            here = {place for one in here if one in self.steps for place in self._became(self.steps[one])}
        return {at for name, at in seen if name == wanted}

    def _became(self, step: Step) -> list[tuple[str, int]]:
        if step.into:
            low, high = (number * step.into // step.out for number in (step.number, step.number + 1))
            return [(step.tape, step.start + number) for number in range(low, max(high, low + 1))]
        back = None if step.state else self._returned(step)
        return [back[1:]] if back else []

    def _about(self, ref: Name, kind: str, field: str = "of") -> list[tuple[Name, dict[str, Any]]]:
        return [(name, record) for name, record in self.records.items() if record["kind"] == kind and record.get(field) == ref]

    def _returned(self, step: Step) -> tuple[Name, str, int] | None:
        """Returns take a payment's units from the highest down."""
        high = step.out
        for name, record in self._about(step.ref, "payment-return"):
            low = high - record["amount"]
            if low <= step.number < high:
                tape, start, _ = self.given[name][0]
                return name, tape, start + step.number - low
            high = low
        return None

    def _answered(self, step: Step) -> str:
        """Receipts acknowledge from the lowest up, each level for itself; feedback reports what was received before it."""
        receipts = self._about(step.ref, "receipt")
        feedbacks = [order(name) for name, record in self.records.items() if self._reports(record, step.ref)]
        reported = self._reach([one for one in receipts if feedbacks and order(one[0]) < max(feedbacks)])
        if step.number < reported:
            return "reported"
        return "received" if step.number < self._reach(receipts) else "paid"

    def _reach(self, receipts: list[tuple[Name, dict[str, Any]]]) -> int:
        levels = {record["level"] for _, record in receipts}
        return max((sum(record["amount"] for _, record in receipts if record["level"] == level) for level in levels), default=0)

    def _reports(self, record: dict[str, Any], ref: Name) -> bool:
        if record["kind"] != "feedback":
            return False
        paid = self.records[ref]
        day = paid.get("paid_on") or paid["delivered_on"]
        period = record.get("activity") == paid["fund"] and record["from_day"] <= day <= record["to_day"]
        return ref in record.get("payments", []) or period

    def gift(self, ref: Name) -> list[tuple[str, tuple[Name, ...], str, int]]:
        """What became of every unit of a gift, its fee last."""
        (tape, start, end), *fees = self.given[ref]
        units = []
        for unit in range(start, end):
            state, path, at, there = self.follow(tape, unit)
            cover = next((name for name, one in self._about(ref, "refund", "gift") if covers(one, unit)), None)
            units.append(("covered", (*path, cover), at, there) if cover else (state, path, at, there))
        return units + [("fee", (), at, unit) for at, low, high in fees for unit in range(low, high)]


def covers(refund: dict[str, Any], unit: int) -> bool:
    """Whether a refund pays a unit back out of another fund."""
    return any(low <= unit < high for low, high in refund.get("cover", {"units": []})["units"])


def order(ref: Name) -> tuple[int, int]:
    """Records in the order of the log."""
    entry, _, number = ref.partition(".")
    return int(entry), int(number)
