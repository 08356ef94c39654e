"""A verifier by somebody who has read `docs/reference` only: rules.json, rules.md, the schemas, formats.md and books.md.

It imports nothing of this project. Of the entries of a log it judges the form, the signers, what is named, the days and what moves;
hashes, signatures, sums, and where restricted money and fees may go, it leaves to others.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from collections import defaultdict
from datetime import datetime, timedelta
from functools import reduce
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

WHOLE, RULES = -1, "givetrail/1"
OVERSEERS, CO_SIGNERS = {"auditor", "inspector", "regulator"}, {"auditor", "regulator"}
JUDGED = {"schema", "unknown-kind", "unknown-member", "key-standing", "authority", "approval", "reference", "after", "time"}
JUDGED |= {"overdraft", "tape-flow", "tape-limit"}
Record = dict[str, Any]


def need(true: Any, rule: str) -> None:
    """A record that breaks the rule moves and leaves nothing. Raises ValueError."""
    if not true:
        raise ValueError(rule)


def value(scope: Any, path: str) -> Any:
    """What a path leads to; of a pair, both; None where a part on its way is left out."""
    if "/" in path:
        return [value(scope, one) for one in path.split("/")]
    return reduce(lambda part, name: part.get(name) if isinstance(part, dict) else None, path.split("."), scope)


def each(scope: Any, names: list[str]) -> list[Any]:
    if scope is None or not names:
        return [] if scope is None else [scope]
    if isinstance(scope, list):
        return [found for item in scope for found in each(item, names[1:] if names[0] == "[]" else names)]
    return each(scope.get(names[0]), names[1:])


def cut(spans: Any, costs: list[int]) -> list[Any]:
    parts, edges = [], [sum(costs[:number]) for number in range(1, len(costs))]
    for start, end in spans:  # what becomes several things goes out in as many parts
        inner = [start + edge for edge in edges if 0 < edge < end - start]
        parts += zip([start, *inner], [*inner, end], strict=True)
        edges = [edge - (end - start) for edge in edges]
    return parts


COMPARE = {
    "range": lambda pair: pair[0] < pair[1],
    "ranges": lambda ranges: all(left[1] < right[0] for left, right in zip(ranges, ranges[1:], strict=False)),
    "ascending": lambda items: items == sorted(set(items)),
    "rate_gives_the_amount": lambda record: record["to_amount"] == record["amount"] * record["rate"][0] // record["rate"][1],
    "costs_sum_to_the_amount": lambda record: sum(one["cost"] for one in record.get("goods", ())) in (0, record["amount"]),
}


class Tape:
    """The units of a fund that came in: how many, and those of them that are free, as ranges ascending and apart."""

    end, free = 0, ()

    def lowest(self, amount: int) -> list[tuple[int, int]]:
        ranges = []
        for start, end in self.free:
            if amount:
                ranges.append((start, min(end, start + amount)))
                amount -= ranges[-1][1] - start
        need(not amount, "overdraft")
        return ranges

    def holds(self, start: int, end: int) -> bool:
        return any(low <= start and end <= high for low, high in self.free)

    def move(self, sign: str, start: int, end: int) -> None:
        if sign == "-":
            cut = [part for low, high in self.free for part in ((low, min(high, start)), (max(low, end), high))]
            self.free = tuple(sorted({(low, high) for low, high in cut if low < high}))
        elif self.free and self.free[-1][1] == start:
            self.end, self.free = end, (*self.free[:-1], (self.free[-1][0], end))
        else:
            self.end, self.free = end, (*self.free, (start, end))


class Stranger:
    """The books of a log, read from its first entry on; `found` are (rule, entry, record)."""

    def __init__(self, reference: Path) -> None:
        self.rulebook = json.loads((reference / "rules.json").read_text(encoding="utf-8"))
        self.kinds = self.rulebook["kinds"]
        schemas = {path.name.split(".")[0]: json.loads(path.read_text("utf-8")) for path in (reference / "schema").iterdir()}
        schemas["entry"]["properties"]["statement"] = schemas["statement"]["properties"]["records"]["items"] = {}
        self.forms = {name: Draft202012Validator(schema) for name, schema in schemas.items()}
        self.tapes, self.paid = defaultdict[str, Tape](Tape), defaultdict[Any, int](int)
        for table in ("ledger", "fund", "unit", "party", "key", "activity", "disbursement", "allocation", "label"):
            setattr(self, table, {})
        self.found, self.leaves, self.hashes, self.skipped, self.undone, self.time = [], [], [], set(), set(), ""

    def read(self, lines: list[bytes]) -> list[tuple[str, int, int]]:
        """What is found in the entries of a log."""
        for self.index, line in enumerate(lines):
            self.number, entry = WHOLE, json.loads(line)
            self.leaves.append(entry)
            self.hashes.append(hashlib.sha256(b"\0" + line).hexdigest())
            rule = self.form(entry)
            if not rule:
                self.read_entry(entry, entry["statement"])
            else:
                self.fault(rule)
                self.skipped.add(str(self.index))
                self.follow([row for row in entry.get("flows", []) if rule != "tape-flow"])
            if rule == "unknown-kind" or self.ledger.get("rules", RULES) != RULES:
                break
        return self.found

    def fault(self, rule: str) -> None:
        self.found.append((rule, self.index, self.number))

    def form(self, entry: Record) -> str:
        """The rule of the form that an entry breaks, "" for none."""
        records = entry.get("statement", {}).get("records", [])
        told = [(one["kind"], one) for one in records if one.get("kind") in self.kinds]
        told += [("entry", entry), ("statement", entry.get("statement", {}))]
        wrong = [fault for name, given in told for fault in self.forms[name].iter_errors(given)]
        if any(one.get("kind") not in self.kinds for one in records):
            return "unknown-kind"
        if wrong:
            member = {"flows": "tape-flow", "time": "time"}.get(next(iter(wrong[0].absolute_path), ""), "schema")
            return "unknown-member" if any(fault.validator == "additionalProperties" for fault in wrong) else member
        keys = [b64decode(one["key"]) for one in entry["signatures"]]
        compared = [COMPARE.get(name, bool)(found) for one in records for path, name in self.kinds[one["kind"]]["compares"]
                    for found in each(one, path.replace("[]", ".[]").split(".") if path else [])]  # fmt: skip
        return "" if all(compared) and keys == sorted(set(keys)) else "schema"

    def read_entry(self, entry: Record, said: Record) -> None:
        self.speaker, self.records = said["party"], said["records"]
        self.day = self.day_of(entry["time"], said["signed_at"])
        entry_of, _, leaf = said.get("after", "-1:").partition(":")
        self.after = int(entry_of)
        if (self.after < 0) != (self.index == 0) or self.after >= self.index or (self.index and self.hashes[self.after] != leaf):
            self.fault("after")
            self.after = self.index - 1
        self.identify([signature["key"] for signature in entry["signatures"]])
        for number, record in enumerate(self.records):
            self.number, self.name = number, f"{self.index}.{number}"
            self.read_record(record, [row for row in entry["flows"] if row[0] == self.number])
        numbers, self.number = [row[0] for row in entry["flows"]], WHOLE
        must = {demand for one in self.records for demand in self.kinds[one["kind"]]["signed_by"]}
        roles = (OVERSEERS if "second signature" in must else set()) | (CO_SIGNERS if "auditor or regulator" in must else set())
        others = {party for key, party, _ in self.signers if party != self.speaker and key not in self.fresh}
        for _ in [other for other in others if not self.has_role(other, roles)] + ([] if self.officers else [self.speaker]):
            self.fault("authority")
        if numbers != sorted(numbers) or any(number >= len(self.records) for number in numbers):
            self.fault("tape-flow")
        self.time = max(self.time, entry["time"])

    def day_of(self, time: str, signed_at: str) -> str:
        now, signed = (datetime.strptime(one, "%Y-%m-%dT%H:%M:%SZ") for one in (time, signed_at))
        if time < self.time or not timedelta(days=-30) <= signed - now <= timedelta(minutes=5):
            self.fault("time")
        zone = self.ledger.get("time_zone") or self.records[0].get("time_zone", "UTC+00:00")
        return (now + int(zone[3] + "1") * timedelta(hours=int(zone[4:6]), minutes=int(zone[7:]))).date().isoformat()

    def identify(self, keys: list[str]) -> None:
        given = {row[0]: (row[2] if row[2:] else self.speaker, row[1]) for one in self.records for row in self.given(one)}
        self.fresh = {key for key in keys if key in given and key not in self.key}
        in_force = {key: (row["party"], row["officer"]) for key, row in self.key.items() if row["in_force"]}
        for key in keys:
            if key not in in_force and key not in self.fresh:
                self.fault("key-standing")
        known = in_force if self.ledger else given
        self.signers = [(key, *known[key]) for key in keys if key in known]
        self.officers = {officer for _, party, officer in self.signers if party == self.speaker}
        self.needs_two = len({officer for party, officer in in_force.values() if party == self.speaker}) >= 2

    def given(self, record: Record) -> list[Any]:
        return [row for word, row in self.rows(self.kinds[record["kind"]]["remembers"], record) if word == "gives-key"]

    def has_role(self, party: str, roles: set[str]) -> bool:
        return bool(roles & set(self.party.get(party, {}).get("roles", ())))

    def overseen(self, roles: set[str]) -> bool:
        return any(party != self.speaker and self.has_role(party, roles) for _, party, _ in self.signers)

    def may_say(self, relation: str, record: Record) -> bool:
        me, refs = self.speaker, record.get("payments", [record["of"]] if "of" in record else [])
        rows = [self.paid_by(ref) for ref in refs] if relation == "acknowledger" or "disbursement" in relation else []
        things, owners = [{row["party"], row["payee"]} for row in rows], [row["party"] for row in rows]
        if "activity" in record:
            activity = self.named("activity", record["activity"])
            things.append({activity["owner"], *activity["implementers"]})
        concerned = bool(things) and all(me in those for those in things)
        levels = {"self-declared": me in owners, "recipient-signed": concerned and me not in owners}
        return {
            "any party": lambda: True,
            "operator": lambda: me == self.ledger.get("operator", me),
            "owner of the fund": lambda: me == self.named("fund", record["fund"])["owner"],
            "owner of the parent fund": lambda: "parent" not in record or me == self.named("fund", record["parent"])["owner"],
            "holder of the key": lambda: me == self.there(self.key, record["key"])["party"],
            "owner of the disbursement": lambda: me in owners,
            "acknowledger": lambda: levels.get(record["level"], not concerned),
            "allocator": lambda: me == self.allocation.get(self.resolve(record["of"]), {"party": me})["party"],
            "owner or implementer of the activity": lambda: concerned,
            "concerned by the disbursement or activity": lambda: concerned or (
                self.has_role(me, OVERSEERS) and not any(me in those for those in things)),
        }[relation]()  # fmt: skip

    def is_signed(self, demand: str, record: Record) -> bool:
        two = len(self.officers) >= 2
        return {
            "own rule": lambda: two or not self.needs_two,
            "new key": lambda: all(row[0] in self.fresh or row[0] in self.key for row in self.given(record)),
            "second signature": lambda: two or self.overseen(OVERSEERS),
            "auditor or regulator": lambda: self.overseen(CO_SIGNERS),
            "two officers above the threshold": lambda: two or self.is_below(record),
        }[demand]()

    def is_below(self, record: Record) -> bool:
        line = self.fund[record["fund"]]["line"]
        limits = [one["amount"] for name in line for one in self.fund[name]["thresholds"] if one["unit"] == record["unit"]]
        return max(self.paid[key] for key in self.sums(record)) + record["amount"] <= min(limits, default=1 << 53)

    def sums(self, record: Record) -> list[Any]:
        whose = (self.fund[record["fund"]]["line"][-1], record["payee"], record["unit"])
        return [(*whose, "paid", record["paid_on"]), (*whose, "recorded", self.day)]

    def read_record(self, record: Record, flows: list[Any]) -> None:
        kind, demands = self.kinds[record["kind"]], self.rulebook["rule_sets"][RULES][record["kind"]]
        try:
            for rule, good in [("authority", self.may_say(kind["said_by"], record)),
                               *(("approval", self.is_signed(demand, record)) for demand in kind["signed_by"])]:  # fmt: skip
                if not good:
                    self.fault(rule)
            for what, path in kind["names"]:
                found = each(record, path.split("."))
                for name in found[0] if found and isinstance(found[0], list) else found:
                    self.resolve(name) if what == "record" else self.named(what, name)
            for word, values in self.rows(demands, record):
                if not JUDGED.isdisjoint(self.rulebook["words"][word]["breaks"]) and word != "takes-fees":
                    DEMANDS[word](self, *values)
            self.check_moves(kind["moves"], record, flows)
            for word, values in self.rows(kind["remembers"], record):
                REMEMBER.get(word, lambda *_: None)(self, record, *values)
        except ValueError as broken:
            if str(broken) != "skipped":
                self.fault(str(broken))
            self.skipped.add(self.name)
            self.follow(flows)

    def rows(self, rows: list[Any], scope: Record) -> Any:
        """(word, values of its fields) of the rows that hold."""
        for word, *args in rows:
            fields, inner = [arg for arg in args if isinstance(arg, str)], [arg for arg in args if isinstance(arg, list)]
            values = [value(scope, field) for field in fields]
            if not inner:
                yield word, values
            elif word == "about":
                values[0] = getattr(self, fields[1]).get(self.resolve(values[0]))
            for item in (values[0] or []) if word == "each" else [values[0]] if inner and values[0] is not None else []:
                yield from self.rows(inner, {**scope, fields[0]: item})

    def there(self, table: Record, name: str) -> Any:
        need(name in table, "reference")
        need(not self.after < table[name].get("since", -1) < self.index, "after")
        return table[name]

    def named(self, what: str, name: str) -> Any:
        return self.there(self.fund, name) and self.there(self.activity, name) if what == "activity" else self.there(
            getattr(self, what), name)

    def resolve(self, ref: str) -> str:
        entry, number = (self.index, int(ref[1:])) if ref[0] == "@" else map(int, ref.split("."))
        need((entry, number) < (self.index, self.number), "reference")
        need(not self.after < entry < self.index, "after")
        need(not {f"{entry}.{number}", str(entry)} & self.skipped, "skipped")
        return f"{entry}.{number}"

    def paid_by(self, ref: str) -> Record:
        return self.there(self.disbursement, self.resolve(ref))

    def claimed(self, ref: str) -> tuple[str, Record]:
        """(party, record) of a record of an earlier entry."""
        entry, number = map(int, self.resolve(ref).split("."))
        said = self.leaves[entry]["statement"]
        need(entry < self.index and number < len(said["records"]), "reference")
        return said["party"], said["records"][number]

    def check_undone(self, ref: str, row: Record | None) -> None:
        need(self.resolve(ref) not in self.undone, "reference")
        if row:
            need(self.tapes[f"{row['to']}/{row['unit']}"].holds(*row["units"][0]), "overdraft")
        else:
            party, record = self.claimed(ref)
            need(record["kind"] == "progress", "reference")
            need(party == self.speaker, "authority")
        self.undone.add(self.resolve(ref))

    def check_moves(self, rows: list[Any], record: Record, flows: list[Any]) -> None:
        legs = [LEGS[word](f"{tape[0]}/{tape[1]}", *values) for word, (tape, *values) in self.rows(rows, record)]
        moved: list[Any] = []
        for sign, tape, amount, units in legs:
            end = next((row[4] for row in reversed(moved) if row[1:3] == ["+", tape]), self.tapes[tape].end)
            spans = [(end, end + amount)] if sign == "+" else units or self.tapes[tape].lowest(amount)
            for start, end in cut(spans, [one["cost"] for one in record.get("goods", ())]) if sign == "-" else spans:
                need(end < 1 << 53, "tape-limit")
                need(sign == "+" or self.tapes[tape].holds(start, end), "overdraft")
                moved.append([self.number, sign, tape, start, end])
        if moved != flows:
            self.fault("tape-flow")
        possible = all(self.tapes[tape].holds(*span) for _, sign, tape, *span in flows if sign == "-")
        self.follow(flows if possible else moved)

    def follow(self, flows: list[Any]) -> None:
        for _, sign, tape, start, end in flows:
            self.tapes[tape].move(sign, start, end)


LEGS = {
    "comes-in": lambda tape, amount: ("+", tape, amount, None),
    "rest-comes-in": lambda tape, amount, less: ("+", tape, amount - (less or 0), None),
    "bought": lambda tape, amount, cost: ("+", tape, amount, None),
    "goes-out": lambda tape, amount, units: ("-", tape, amount, units),
    "units-go-out": lambda tape, units: ("-", tape, 0, units),
    "goes-back": lambda tape, units: ("-", tape, 0, units),
    "makes-good": lambda tape, units: ("-", tape, sum(end - start for start, end in units), None),
}



def demand(rule: str, good: Any, applies: bool = False) -> Any:
    return lambda log, *values: good(log, *values) or (log.fault(rule) if applies else need(False, rule))


DEMANDS = {
    "not-after-today": demand("time", lambda log, day: day <= log.day, applies=True),
    "as-many": demand("reference", lambda log, units, amount, _: units is None or sum(b - a for a, b in units) == amount),
    "in-log": lambda log, ref: log.claimed(ref),
    "of-gift": lambda log, ref, tape, units: need(log.claimed(ref)[1]["kind"] == "donation", "reference"),
    "digests-of": lambda log, ref, digests: need(log.claimed(ref)[0] == log.speaker, "authority") or need(
        set(digests) <= set(log.claimed(ref)[1].get("private", ())), "reference"),
    "can-be-undone": lambda log, ref: log.check_undone(ref, log.allocation.get(log.resolve(ref))),
    "spent": demand("overdraft", lambda log, tape, units: all(
        high <= start or end <= low for start, end in units for low, high in log.tapes["/".join(tape)].free)),
    "can-stand-below": demand("reference", lambda log, parent, kind: len(log.fund[parent]["line"]) <= 16 and (
        log.fund[parent]["kind"] != "activity" and not (kind == "project" and log.fund[parent]["project"]))),
    "is-new-fund": demand("reference", lambda log, name: name not in log.fund),
    "as-it-was": demand("reference", lambda log, name, parent, _: name not in log.fund or (
        [log.fund[name][one] for one in ("owner", "parent", "kind")] == [log.speaker, parent or "", "fund"])),
    "in-project": demand("reference", lambda log, parent: log.fund[parent]["project"]),
    "fund-of-payee": demand("reference", lambda log, to, payee, fund: log.fund[to]["owner"] == payee != log.fund[fund]["owner"]),
    "returnable": demand("reference", lambda log, ref: log.paid_by(ref)["kind"] == "payment" and not (
        {"goods", "to_fund"} & log.paid_by(ref).keys())),
    "is-new-key": demand("key-standing", lambda log, key: key not in log.key and key != log.ledger.get("log_key")),
    "is-new-log-key": demand("key-standing", lambda log, key: key not in log.key and key != log.ledger["log_key"], applies=True),
    "signed-by-another": demand("key-standing", lambda log, key: any(
        party == log.speaker and other != key for other, party, _ in log.signers)),
    "in-force": demand("reference", lambda log, key: log.key[key]["in_force"]),
    "is-new-party": demand("reference", lambda log, name: name not in log.party),
    "was-admitted": demand("reference", lambda log, name: log.party[name]["since"] < log.index),
    "not-operator": demand("reference", lambda log, roles: "operator" not in roles),
    "stands-first": demand("reference", lambda log: log.index == log.number == 0),
    "continues-log": demand("reference", lambda log, continues: log.index and len(log.records) == 1),
    "not-log-key": demand("key-standing", lambda log, key, log_key: key != log_key),
    "is-new-unit": demand("reference", lambda log, unit: unit.casefold() not in map(str.casefold, log.unit)),
    "same-as-before": demand("reference", lambda log, label, said: log.label.setdefault((log.speaker, label), said) == said),
}  # fmt: skip


REMEMBER = {
    "makes-fund": lambda log, record, name, parent: log.fund.update({name: {
        "owner": log.speaker, "parent": parent or "", "kind": record["kind"], "since": log.index,
        "line": [name, *(log.fund[parent]["line"] if parent else [])],
        "project": name if record["kind"] == "project" else log.fund[parent]["project"] if parent else "",
        **log.fund.get(name, {}), "thresholds": record.get("thresholds", [])}}),
    "allocates": lambda log, record, source, to, unit: log.allocation.update({log.name: {
        **record, "party": log.speaker, "source": source,
        "units": [[log.tapes[f"{to}/{unit}"].end - record["amount"], log.tapes[f"{to}/{unit}"].end]]}}),
    "disburses": lambda log, record, who, day: log.disbursement.update({log.name: {**record, "party": log.speaker, "payee": who}}),
    "pays": lambda log, record: log.paid.update({key: log.paid[key] + record["amount"] for key in log.sums(record)}),
    "names-ledger": lambda log, record, zone, key: log.ledger.update(operator=log.speaker, time_zone=zone, log_key=key),
    "rules-change": lambda log, record, rules: log.ledger.update(rules=rules),
    "ends-log": lambda log, record, root, key: log.ledger.update(log_key=key),
    "declares": lambda log, record, unit, exponent: log.unit.update({unit: {"since": log.index}}),
    "admits": lambda log, record, name, _, roles: log.party.update({name: {"roles": roles, "since": log.index}}),
    "makes-operator": lambda log, *_: log.party.update({log.speaker: {"roles": ["operator"], "since": log.index}}),
    "gives-key": lambda log, record, key, officer, party="": log.key.update(
        {key: {"party": party or log.speaker, "officer": officer, "in_force": True}}),
    "revokes": lambda log, record, key: log.key[key].update(in_force=False),
    "revokes-all": lambda log, record, name: [row.update(in_force=False) for row in log.key.values() if row["party"] == name],
    "is-led": lambda log, record, name, those: log.activity.update(
        {name: {"owner": log.speaker, "implementers": those or [], "since": log.index}}),
}  # fmt: skip
