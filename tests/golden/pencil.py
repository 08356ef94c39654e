"""The books with a pencil: follows one unit at a time, by the words of the design and nothing else. Slow, and written without the
ledger's own code, so that it can say whether the ledger's traces are true."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

Name = str
TERMINAL = {"write-off": "written-off"}


class Step(NamedTuple):
    """Unit number `number` of `out` units that a record lets out of a tape, and where the first of its `into` units lies;
    `before` of the record's units are in earlier legs."""

    ref: Name
    kind: str
    number: int
    out: int
    tape: str
    start: int
    into: int
    state: str
    before: int


class Pencil:
    """Every unit that ever left a tape, and how."""

    def __init__(self, lines: list[bytes]) -> None:
        self.records: dict[Name, dict[str, Any]] = {}
        self.steps: dict[tuple[str, int], Step] = {}
        self.given: dict[Name, list[tuple[str, int, int]]] = {}
        self.activities: set[str] = set()
        self.agreed: set[Name] = set()
        self.holders: dict[str, str] = {}
        self.taken: dict[Name, dict[int, tuple[Name, str, int]]] = {}
        for line in lines:
            self._read(json.loads(line))

    def _read(self, entry: dict[str, Any]) -> None:
        for number, record in enumerate(entry["statement"]["records"]):
            ref = f"{entry['index']}.{number}"
            if record["kind"] == "party" and "key" in record:
                self.holders[record["key"]] = record["id"]
            if record["kind"] == "payment-return":
                payee = self.records[record["of"]]["payee"]
                self.agreed |= {ref} if payee in {self.holders.get(one["key"]) for one in entry["signatures"]} else set()
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
        elif kind == "reversal" and not self._is_back(record):
            legs = [(len(outs), None, "void")]
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
                self.steps[place] = Step(ref, kind, number, size, tape, start, end - start, state, at)
            at += size

    def follow(self, tape: str, unit: int) -> tuple[str, tuple[Name, ...], str, int]:
        """(state, path, tape, unit there) of a unit."""
        path: list[Name] = []
        while (tape, unit) in self.steps:
            step = self.steps[tape, unit]
            path.append(step.ref)
            if step.into and not self._is_void(step.ref):
                tape, unit = step.tape, step.start + step.number * step.into // step.out
                continue
            if step.state:
                return step.state, tuple(path), tape, unit
            back = self._brought(step)
            if back is None:
                return self._answered(step), tuple(path), tape, unit
            if self.records[back[0]]["kind"] == "payment-return" and self._is_disputed(step, back[0]):
                return "disputed", tuple(path), tape, unit
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

    def _is_back(self, record: dict[str, Any]) -> bool:
        """Whether a reversal is of an allocation."""
        return self.records[record["of"]]["kind"] == "allocation"

    def _is_void(self, ref: Name) -> bool:
        """Whether units that a record let out came back because it is void."""
        return self.records[ref]["kind"] != "allocation" and bool(self._about(ref, "reversal"))

    def _became(self, step: Step) -> list[tuple[str, int]]:
        if step.into and not self._is_void(step.ref):
            low, high = (number * step.into // step.out for number in (step.number, step.number + 1))
            return [(step.tape, step.start + number) for number in range(low, max(high, low + 1))]
        back = None if step.state else self._brought(step)
        return [back[1:]] if back else []

    def _about(self, ref: Name, kind: str, field: str = "of") -> list[tuple[Name, dict[str, Any]]]:
        return [(name, record) for name, record in self.records.items() if record["kind"] == kind and record.get(field) == ref]

    def _brought(self, step: Step) -> tuple[Name, str, int] | None:
        """Receipts take a grant's units, the lowest that are free in one piece; returns take a payment's from the highest down."""
        if step.ref not in self.taken:
            self.taken[step.ref] = self._taken(step)
        if place := self.taken[step.ref].get(step.number):
            return place
        high = step.out
        for name, record in self._about(step.ref, "payment-return"):
            low = high - record["amount"]
            if low <= step.number < high:
                tape, start, _ = self.given[name][0]
                return name, tape, start + step.number - low
            high = low
        if self._is_void(step.ref):
            ((name, _),) = self._about(step.ref, "reversal")
            # Bought goods are numbered part by part, but the payment's units come back all in one.
            tape, start, _ = self.given[name][0]
            return name, tape, start + step.number + step.before
        return None

    def _taken(self, step: Step) -> dict[int, tuple[Name, str, int]]:
        """Where each unit of a grant is that a receipt took, in the order of the log; a void receipt lets them go."""
        held: dict[int, tuple[Name, str, int]] = {}
        taken = [name for name, record in self._about(step.ref, "receipt") if "into" in record]
        for name in self.records:
            if name in taken:
                tape, start, end = self.given[name][0]
                free = (low for low in range(step.out) if not held.keys() & {low, low + end - start - 1})
                low = next(low for low in free if not held.keys() & set(range(low, low + end - start)))
                held |= {low + number: (name, tape, start + number) for number in range(end - start)}
            elif self.records[name]["kind"] == "reversal" and self.records[name]["of"] in taken:
                held = {number: place for number, place in held.items() if place[0] != self.records[name]["of"]}
        return held

    def _answered(self, step: Step) -> str:
        """Receipts acknowledge from the lowest up, each level for itself; feedback reports what was received before it."""
        about = [one for one in self._about(step.ref, "receipt") if "into" not in one[1]]
        receipts = [one for one in about if not self._about(one[0], "reversal")]
        feedbacks = [order(name) for name, record in self.records.items() if self._reports(record, step.ref)]
        feedbacks = [place for place in feedbacks if not self._about("{}.{}".format(*place), "reversal")]
        reported = self._reach([one for one in receipts if feedbacks and order(one[0]) < max(feedbacks)])
        if step.number < reported:
            return "reported"
        return "received" if step.number < self._reach(receipts) else "paid"

    def _is_disputed(self, step: Step, by: Name) -> bool:
        """Whether somebody other than the payer received a unit that came back, and the recipient did not sign that. A bank says
        only that it went out."""
        no_answers = {"confirmed", "documented", "self-declared"}
        receipts = [one for one in self._about(step.ref, "receipt") if one[1]["level"] not in no_answers]
        return step.number < self._reach(receipts) and by not in self.agreed

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
        ((tape, start, end),), record = self.given[ref], self.records[ref]
        units = []
        for unit in range(start, end):
            state, path, at, there = self.follow(tape, unit)
            cover = next((name for name, one in self._about(ref, "refund", "gift") if covers(one, unit)), None)
            units.append(("covered" if cover else state, (*path, cover) if cover else path, at, there))
        back = next(((name, one) for name, one in self._about(ref, "refund", "gift") if "fee" in one), None)
        state, path = ("covered" if "fee_from" in back[1] else "refunded", (back[0],)) if back else ("fee", ())
        return units + [(state, path, "", unit) for unit in range(end - start, record["amount"])]


def covers(refund: dict[str, Any], unit: int) -> bool:
    """Whether a refund pays a unit back out of another fund."""
    return any(low <= unit < high for low, high in refund.get("cover", {"units": []})["units"])


def order(ref: Name) -> tuple[int, int]:
    """Records in the order of the log."""
    entry, _, number = ref.partition(".")
    return int(entry), int(number)
