"""A verifier by somebody who has read `docs/reference` only: rules.json, rules.md, the schemas, formats.md and books.md.

It imports nothing of this project. Of the entries of a log it judges the form, the signers, what is named, the days, fees and what
moves; hashes, signatures, sums, and where restricted money may go, it leaves to others.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

WHOLE, RULES, PERIOD = -1, "givetrail/1", {"activity", "from_day", "to_day"}
OVERSEERS = {"auditor", "inspector", "regulator"}
WELCOME = {"second signature": OVERSEERS, "overseer": OVERSEERS, "auditor or regulator": {"auditor", "regulator"}}
JUDGED = {"schema", "unknown-kind", "unknown-member", "key-standing", "authority", "approval", "reference", "after", "time"}
JUDGED |= {"overdraft", "tape-flow", "tape-limit", "fee", "self-payment", "breach"}
APPLIES = {"time", "authority", "self-payment"}
Record = dict[str, Any]


def need(true: Any, rule: str) -> None:
    """A record that breaks the rule moves and leaves nothing. Raises ValueError."""
    if not true:
        raise ValueError(rule)


def value(scope: Any, path: str) -> Any:
    """What a path leads to; of a pair, both; None where a part on its way is left out."""
    if "/" in path:
        return [value(scope, one) for one in path.split("/")]
    return next(iter(each(scope, path.split("."))), None)


def each(scope: Any, names: list[str]) -> list[Any]:
    if scope is None or not names:
        return [] if scope is None else [scope]
    if isinstance(scope, list):
        return [found for item in scope for found in each(item, names[1:] if names[0] == "[]" else names)]
    return each(scope.get(names[0]) if isinstance(scope, dict) else scope, names[1:])


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
    "ratio": lambda rate: rate[1] > 0,
    "ascending": lambda items: items == sorted(set(items)),
    "starts_seen": lambda text: text[0] < "\U000e0000",
    "each_once": lambda items: len(set(items)) == len(items),
    "rate_gives_the_amount": lambda one: one["unit"] != one["to_unit"] and one["rate"][1] and (
        one["to_amount"] == one["amount"] * one["rate"][0] // one["rate"][1]),
    "costs_sum_to_the_amount": lambda one: not {"goods", "to_fund"} <= one.keys() and (
        "goods" not in one or sum(part["cost"] for part in one["goods"]) == one["amount"]),
    "channel_of_the_reference": lambda one: "channel" in one or "channel_ref" not in one,
    "names_units": lambda one: "units" in one or "cover" in one,
    "rows_add_up": lambda one: one["entered"] + one["known"] + one["left_out"] == one["rows"],
    "starts_before_it_ends": lambda one: one.get("starts_on", "") <= one.get("ends_on", "9"),
    "about_one_thing": lambda one: one.keys() & {"payments", *PERIOD} in ({"payments"}, PERIOD) and (
        one.get("from_day", "") <= one.get("to_day", "")),
    "named_or_private": lambda one: ("key" in one) == ("officer" in one) and (
        "name" in one if one["entity"] == "organisation" else not {"name", "identifier"} & one.keys()),
    "cells_hide_the_few": lambda one: [cell["code"] for cell in one["cells"]] == (
        ["other"] if any(cell["gifts"] < 10 for cell in one["cells"]) else sorted({cell["code"] for cell in one["cells"]})
    ) and all(cell["code"] == "other" or cell["code"][0].isdigit() == (one["by"] == "month") for cell in one["cells"]),
}  # fmt: skip


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
        else:
            joins = self.free and self.free[-1][1] == start
            self.end, self.free = end, (*self.free[:-1], (self.free[-1][0], end)) if joins else (*self.free, (start, end))


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
        self.named_broken: dict[str, bool] = {}

    def read(self, lines: list[bytes]) -> list[tuple[str, int, int]]:
        """What is found in the entries of a log, up to these, which follow those that were read before."""
        for line in lines:
            self.index, self.number, entry = len(self.leaves), WHOLE, json.loads(line)
            self.leaves.append(entry)
            self.hashes.append(hashlib.sha256(b"\0" + line).hexdigest())
            if rule := self.form(entry):
                self.fault(rule)
                self.skipped.add(str(self.index))
                self.follow([row for row in entry.get("flows", []) if rule != "tape-flow"])
            else:
                self.read_entry(entry, entry["statement"])
            if rule == "unknown-kind" or self.ledger.get("rules", RULES) != RULES:
                break
        return self.found

    def fault(self, rule: str) -> None:
        self.named_broken |= {rule: True} if rule in self.named_broken else {}
        self.found.append((rule, self.index, self.number))

    def form(self, entry: Record) -> str:
        """The rule of the form that an entry breaks, "" for none."""
        records = entry.get("statement", {}).get("records", [])
        if not {one.get("kind") for one in records} <= self.kinds.keys():
            return "unknown-kind"
        told = [*((one["kind"], one) for one in records), ("entry", entry), ("statement", entry.get("statement", {}))]
        wrong = [fault for name, given in told for fault in self.forms[name].iter_errors(given)]
        if wrong:
            member = {"flows": "tape-flow", "time": "time"}.get(next(iter(wrong[0].absolute_path), ""), "schema")
            return "unknown-member" if any(fault.validator == "additionalProperties" for fault in wrong) else member
        keys = [b64decode(one["key"]) for one in entry["signatures"]]
        compared = [COMPARE[name](found) for one in records for path, name in self.kinds[one["kind"]]["compares"]
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
        must = {demand for one in self.records for demand in self.demanded(one)}
        roles = {role for demand in must for role in WELCOME.get(demand, ())}
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

    def may_say(self, relation: str, record: Record) -> bool:
        me, refs = self.speaker, record.get("payments", [record["of"]] if "of" in record else [])
        about = relation == "acknowledger" or "disbursement" in relation
        rows = [self.named("disbursement", self.resolve(ref)) for ref in refs if about]
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
            "holder of the key": lambda: me == self.named("key", record["key"])["party"],
            "owner of the disbursement": lambda: me in owners,
            "acknowledger": lambda: levels.get(record["level"], not concerned),
            "allocator": lambda: me == self.allocation.get(self.resolve(record["of"]), {"party": me})["party"],
            "owner or implementer of the activity": lambda: concerned,
            "concerned by the disbursement or activity": lambda: concerned or (
                self.has_role(me, OVERSEERS) and not any(me in those for those in things)),
        }[relation]()  # fmt: skip

    def is_signed(self, demand: str, record: Record) -> bool:
        two, roles = len(self.officers) >= 2, WELCOME.get(demand, set())
        overseen = any(party != self.speaker and self.has_role(party, roles) for _, party, _ in self.signers)
        return {
            "own rule": lambda: two or not self.needs_two,
            "new key": lambda: all(row[0] in self.fresh or row[0] in self.key for row in self.given(record)),
            "second signature": lambda: two or overseen,
            "overseer": lambda: overseen,
            "auditor or regulator": lambda: overseen,
            "two officers above the threshold": lambda: two or self.is_below(record),
        }[demand]()

    def is_below(self, record: Record) -> bool:
        line = self.fund[record["fund"]]["line"]
        limits = [one["amount"] for name in line for one in self.fund[name]["thresholds"] if one["unit"] == record["unit"]]
        return max(self.paid[key] for key in self.sums(record)) + record["amount"] <= min(limits, default=1 << 53)

    def sums(self, record: Record) -> list[Any]:
        whose = (self.fund[record["fund"]]["line"][-1], record["payee"], record["unit"])
        return [(*whose, "paid", record["paid_on"]), (*whose, "recorded", self.day)]

    def demanded(self, record: Record) -> list[str]:
        """What the signatures must meet, also because of what the record says it broke."""
        named = record.get("breach", {}).get("findings", [])
        more = ["overseer"] if "approval" in named else ["own rule"] if named else []
        return [*self.kinds[record["kind"]]["signed_by"], *more]

    def read_record(self, record: Record, flows: list[Any]) -> None:
        kind, demands = self.kinds[record["kind"]], self.rulebook["rule_sets"][RULES][record["kind"]]
        self.named_broken = dict.fromkeys(record.get("breach", {}).get("findings", []), False)
        try:
            for rule, good in [("authority", self.may_say(kind["said_by"], record)),
                               *(("approval", self.is_signed(demand, record)) for demand in self.demanded(record))]:  # fmt: skip
                if not good:
                    self.fault(rule)
            for what, path in kind["names"]:
                for name in each(record, [*path.split("."), "[]"]):
                    name = self.resolve(name) if what in ("record", "disbursement") else name
                    need(what == "record" or self.named(what, name), "reference")
            for word, values in self.rows(demands, record):
                breaks = self.rulebook["words"][word]["breaks"]
                if not JUDGED.isdisjoint(breaks) and not DEMANDS[word](self, *values):
                    self.fault(breaks[0]) if breaks[0] in APPLIES else need(False, breaks[0])
            for _ in [rule for rule, is_broken in self.named_broken.items() if rule in JUDGED and not is_broken]:
                self.found.append(("breach", self.index, self.number))
            self.named_broken = {}
            self.check_moves(kind["moves"], record, flows)
            for word, values in self.rows(kind["remembers"], record):
                REMEMBER.get(word, lambda *_: None)(self, record, *values)
        except ValueError as broken:
            if str(broken) != "skipped":
                self.fault(str(broken))
            self.skipped.add(self.name)
            self.follow(flows)
        self.named_broken = {}

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

    def keep(self, table: str, name: str, /, **row: Any) -> None:
        getattr(self, table)[name] = {"since": self.index, **row}

    def named(self, what: str, name: str) -> Any:
        row = getattr(self, what).get(name)
        need(row, "reference")
        need(not self.after < row["since"] < self.index, "after")
        return row

    def resolve(self, ref: str) -> str:
        entry, number = (self.index, int(ref[1:])) if ref[0] == "@" else map(int, ref.split("."))
        need((entry, number) < (self.index, self.number), "reference")
        need(not self.after < entry < self.index, "after")
        need(not {f"{entry}.{number}", str(entry)} & self.skipped, "skipped")
        return f"{entry}.{number}"

    def claimed(self, ref: str) -> tuple[str, Record]:
        """(party, record) of a record of an earlier entry."""
        entry, number = map(int, self.resolve(ref).split("."))
        said = self.leaves[entry]["statement"]
        need(entry < self.index and number < len(said["records"]), "reference")
        return said["party"], said["records"][number]

    def can_be_undone(self, ref: str, row: Record | None) -> bool:
        need(self.resolve(ref) not in self.undone and (row or self.claimed(ref)[1]["kind"] == "progress"), "reference")
        need(row or self.claimed(ref)[0] == self.speaker, "authority")
        need(not row or self.tapes[f"{row['to']}/{row['unit']}"].holds(*row["units"][0]), "overdraft")
        return True

    def check_moves(self, rows: list[Any], record: Record, flows: list[Any]) -> None:
        legs = [LEGS[word](f"{fund}/{unit}", *values) for word, ((fund, unit), *values) in self.rows(rows, record)]
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
        self.follow(flows if all(self.tapes[tape].holds(*span) for _, sign, tape, *span in flows if sign == "-") else moved)

    def follow(self, flows: list[Any]) -> None:
        for _, sign, tape, start, end in flows:
            self.tapes[tape].move(sign, start, end)


LEGS = {
    **dict.fromkeys(("comes-in", "bought"), lambda tape, amount, cost=0: ("+", tape, amount, None)),
    "rest-comes-in": lambda tape, amount, less: ("+", tape, amount - (less or 0), None),
    "goes-out": lambda tape, amount, units: ("-", tape, amount, units),
    **dict.fromkeys(("units-go-out", "goes-back"), lambda tape, units: ("-", tape, 0, units)),
    "makes-good": lambda tape, units: ("-", tape, sum(end - start for start, end in units), None),
}


DEMANDS = {
    "not-after-today": lambda log, day: day <= log.day,
    "as-many": lambda log, units, amount, _: units is None or sum(end - start for start, end in units) == amount,
    "below": lambda log, fee, amount, _: fee < amount,
    "elsewhere": lambda log, fund, other: fund != other,
    "takes-fees": lambda log, name: log.fund[name]["owner"] == log.speaker or (log.fund[name]["free"] and (
        not log.fund[name]["project"] and log.has_role(log.fund[name]["owner"], {"custodian", "platform"}))),
    "in-log": lambda log, ref: log.claimed(ref),
    "of-gift": lambda log, ref, tape, units: log.kinds[log.claimed(ref)[1]["kind"]]["is_gift"],
    "digests-of": lambda log, ref, digests: need(log.claimed(ref)[0] == log.speaker, "authority") or (
        set(digests) <= set(log.claimed(ref)[1].get("private", ()))),
    "can-be-undone": lambda log, ref: log.can_be_undone(ref, log.allocation.get(log.resolve(ref))),
    "spent": lambda log, tape, units: all(
        high <= start or end <= low for start, end in units for low, high in log.tapes["/".join(tape)].free),
    "can-stand-below": lambda log, parent, kind: len(log.fund[parent]["line"]) <= 16 and (
        log.fund[parent]["kind"] != "activity" and not (kind == "project" and log.fund[parent]["project"])),
    "is-new-fund": lambda log, name: name not in log.fund,
    "as-it-was": lambda log, name, parent, _: name not in log.fund or (
        [log.fund[name][one] for one in ("owner", "parent", "kind")] == [log.speaker, parent or "", "fund"]),
    "in-project": lambda log, parent: log.fund[parent]["project"],
    "fund-of-payee": lambda log, to, payee: log.fund[to]["owner"] == payee,
    "another-party": lambda log, payee, fund: payee != log.fund[fund]["owner"],
    "returnable": lambda log, ref: log.disbursement[log.resolve(ref)]["returnable"],
    "is-new-key": lambda log, key: key not in log.key and key != log.ledger.get("log_key"),
    "signed-by-another": lambda log, key: any(party == log.speaker and other != key for other, party, _ in log.signers),
    "in-force": lambda log, key: log.key[key]["in_force"],
    "is-new-party": lambda log, name: name not in log.party,
    "was-admitted": lambda log, name: log.party[name]["since"] < log.index,
    "not-operator": lambda log, roles: "operator" not in roles,
    "stands-first": lambda log: log.index == log.number == 0,
    "continues-log": lambda log, continues: log.index and len(log.records) == 1,
    "not-log-key": lambda log, key, log_key: key != log_key,
    "is-new-unit": lambda log, unit: unit.casefold() not in map(str.casefold, log.unit),
    "same-as-before": lambda log, label, said: log.label.get((log.speaker, label), said) == said,
}  # fmt: skip
REMEMBER = {
    "makes-fund": lambda log, record, name, parent: log.keep("fund", name, **{
        "owner": log.speaker, "parent": parent or "", "kind": record["kind"],
        "line": [name, *(log.fund[parent]["line"] if parent else [])],
        "project": name if record["kind"] == "project" else log.fund[parent]["project"] if parent else "",
        "free": record.get("restriction", "unrestricted") == "unrestricted" and (not parent or log.fund[parent]["free"]),
        **log.fund.get(name, {}), "thresholds": record.get("thresholds", [])}),
    "commits-with": lambda log, record, label, said: log.label.setdefault((log.speaker, label), said),
    "reverses": lambda log, record, ref: log.undone.add(log.resolve(ref)),
    "allocates": lambda log, record, source, to, unit: log.keep("allocation", log.name, party=log.speaker, source=source, **{
        **record, "units": [[log.tapes[f"{to}/{unit}"].end - record["amount"], log.tapes[f"{to}/{unit}"].end]]}),
    "disburses": lambda log, record, who, day: log.keep("disbursement", log.name, party=log.speaker, **{
        **record, "payee": who, "returnable": record["kind"] == "payment" and not {"goods", "to_fund"} & record.keys()}),
    "pays": lambda log, record: log.paid.update({key: log.paid[key] + record["amount"] for key in log.sums(record)}),
    "names-ledger": lambda log, record, zone, key: log.ledger.update(operator=log.speaker, time_zone=zone, log_key=key),
    "rules-change": lambda log, record, rules: log.ledger.update(rules=rules),
    "ends-log": lambda log, record, root, key: log.ledger.update(log_key=key),
    "declares": lambda log, record, unit, _: log.keep("unit", unit),
    "admits": lambda log, record, name, _, roles: log.keep("party", name, roles=roles),
    "makes-operator": lambda log, *_: log.keep("party", log.speaker, roles=["operator"]),
    "gives-key": lambda log, _, key, who, party="": log.keep("key", key, party=party or log.speaker, officer=who, in_force=True),
    "revokes": lambda log, record, key: log.key[key].update(in_force=False),
    "revokes-all": lambda log, record, name: [row.update(in_force=False) for row in log.key.values() if row["party"] == name],
    "is-led": lambda log, record, name, those: log.keep("activity", name, owner=log.speaker, implementers=those or []),
}  # fmt: skip
