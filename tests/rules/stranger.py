"""A verifier by somebody who has read `docs/reference` only: rules.json, rules.md, the schemas, formats.md and books.md.

It imports nothing of this project. Of the entries of a log it judges the form, the signers, what is named, the days, fees and what
moves; hashes, signatures, sums, and where restricted money may go, it leaves to others.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

WHOLE, RULES, PERIOD = -1, "givetrail/1", {"activity", "from_day", "to_day"}
OVERSEERS = {"auditor", "inspector", "regulator"}
OF_TWO = {"own rule or delay", "two officers above the threshold"}
BY_SECOND = {"second signature", "overseer", *OF_TWO}
WELCOME = {**dict.fromkeys(BY_SECOND, OVERSEERS), "auditor or regulator": {"auditor", "regulator"}}
JUDGED = {"schema", "unknown-kind", "unknown-member", "key-standing", "authority", "approval", "reference", "after", "time", "day"}
JUDGED |= {"overdraft", "tape-flow", "tape-limit", "fee", "self-payment", "breach"}
APPLIES = {"time", "day", "authority", "self-payment"}
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


def within_a_day(day: str, answered: str) -> bool:
    return date.fromisoformat(answered) - date.fromisoformat(day) <= timedelta(days=1)


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
    "each_unit_once": lambda sums: len({one["unit"] for one in sums}) == len(sums),
    "each_channel_once": lambda channels: len({one["channel"] for one in channels}) == len(channels),
    "apart": lambda labels: not any(
        "until_day" in one and (one["until_day"] < one["from_day"] or one["use"] in ("360giving", "invoices")) for one in labels
    ) and not any(
        one is not two and one["use"] == two["use"] and one["from_day"] <= two["from_day"] <= one.get("until_day", "9")
        for one in labels for two in labels),
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
    "named_or_private": lambda one: (
        "name" in one if one["entity"] == "organisation" else not {"name", "identifier"} & one.keys()),
    "each_key_once": lambda keys: len({one["key"] for one in keys}) == len(keys),
    "cells_hide_the_few": lambda one: [cell["code"] for cell in one["cells"]] == (
        ["other"] if any(cell["gifts"] < 10 for cell in one["cells"]) else sorted({cell["code"] for cell in one["cells"]})
    ) and all(cell["code"] == "other" or cell["code"][0].isdigit() == (one["by"] == "month") for cell in one["cells"]),
}  # fmt: skip


def amount_of(units: Any) -> int:
    return units if isinstance(units, int) else sum(end - start for start, end in units)


def is_looser(what: Any, now: Any, new: Any) -> bool:
    if what == "second":
        return new not in (None, now)
    if what == "delay":  # of what one officer signs, and of what two sign
        before, after = [(3, 0) if days is None else (days, days) for days in (now, new)]
        return after[0] < before[0] or after[1] < before[1]
    return now is not None and (new is None or new > now)


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
        self.terms: dict[Any, Any] = {}  # (party, what its mandate limits): before a day, from it on, the day
        for table in ("ledger", "fund", "unit", "party", "key", "activity", "disbursement", "allocation", "label"):
            setattr(self, table, {})
        self.found, self.leaves, self.hashes, self.skipped, self.undone, self.time = [], [], [], set(), set(), ""
        self.corrected = ""
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
        self.above = False
        self.identify([signature["key"] for signature in entry["signatures"]])
        for number, record in enumerate(self.records):
            self.number, self.name = number, f"{self.index}.{number}"
            self.read_record(record, [row for row in entry["flows"] if row[0] == self.number])
        numbers, self.number = [row[0] for row in entry["flows"]], WHOLE
        must = {demand for one in self.records for demand in self.demanded(one)}
        must -= set() if self.above else {"two officers above the threshold"}
        called = must - OF_TWO if self.needs_two else must
        roles = {role for demand in called for role in WELCOME.get(demand, ())}
        others = {party for key, party, _ in self.signers if party != self.speaker and key not in self.fresh}
        if must & ({"overseer"} if self.needs_two else BY_SECOND):
            others.discard(self.says("second"))
        for _ in [other for other in others if not self.has_role(other, roles)] + ([] if self.officers else [self.speaker]):
            self.fault("authority")
        if numbers != sorted(numbers) or any(number >= len(self.records) for number in numbers):
            self.fault("tape-flow")
        self.time = entry["time"] if self.corrects() else max(self.time, entry["time"])

    def corrects(self) -> bool:
        """Whether the statement turns the clock back."""
        return self.records[0]["kind"] == "clock-correction"

    def day_of(self, time: str, signed_at: str) -> str:
        now, signed = (datetime.strptime(one, "%Y-%m-%dT%H:%M:%SZ") for one in (time, signed_at))
        self.now = time
        if (time < self.time and not self.corrects()) or not timedelta(days=-30) <= signed - now <= timedelta(minutes=5):
            self.fault("time")
        zone = self.ledger.get("time_zone") or self.records[0].get("time_zone", "UTC+00:00")
        return (now + int(zone[3] + "1") * timedelta(hours=int(zone[4:6]), minutes=int(zone[7:]))).date().isoformat()

    def identify(self, keys: list[str]) -> None:
        given = {row[0]: (row[2] if row[2:] else self.speaker, row[1]) for one in self.records for row in self.given(one)}
        self.fresh = {key for key in keys if key in given and key not in self.key}
        in_force = {key: (row["party"], row["officer"]) for key, row in self.key.items() if self.in_force(row)}
        for key in keys:
            if key not in in_force and key not in self.fresh:
                self.fault("key-standing")
        known = in_force if self.ledger else given
        self.signers = [(key, *known[key]) for key in keys if key in known]
        self.officers = {officer for _, party, officer in self.signers if party == self.speaker}
        self.needs_two = len({officer for party, officer in in_force.values() if party == self.speaker}) >= 2

    def given(self, record: Record) -> list[Any]:
        return [row for word, row in self.rows(self.kinds[record["kind"]]["remembers"], record) if word.startswith("gives-key")]

    def in_force(self, row: Record) -> bool:
        return row["from"] <= self.day and (row["until"] is None or self.day < row["until"])

    def says(self, what: Any) -> Any:
        """What the mandate of the speaker says on this day."""
        before, after, day = self.terms.get((self.speaker, what), (None, None, ""))
        return after if day <= self.day else before

    def later(self) -> str:
        """The day on which a change that has to wait takes effect."""
        days = self.says("delay")
        days = days if days is not None else 0 if len(self.officers) >= 2 or self.cosigned(OVERSEERS, True) else 3
        return (date.fromisoformat(self.day) + timedelta(days)).isoformat()

    def mandate(self, record: Record) -> None:
        said = {"second": record.get("second"), "delay": record.get("key_delay_days"),
                **{("limit", one["unit"]): one["amount"] for one in record.get("thresholds", ())}}  # fmt: skip
        later, terms = self.later(), {}
        for what in {*said, *(what for party, what in self.terms if party == self.speaker)}:
            now, new, (_, then, since) = self.says(what), said.get(what), self.terms.get((self.speaker, what), (None, None, ""))
            kept = None if what == "second" else now
            day = since if self.day < since < later and not is_looser(what, then, new) else later
            terms[self.speaker, what] = (kept, new, day) if is_looser(what, now, new) else (new, new, "")
        self.terms |= terms

    def revoke(self, key: str) -> None:
        row, mine = self.key[key], [one for one in self.key.values() if one["party"] == self.speaker]
        at_once = key in [one for one, _, _ in self.signers] or self.later() == self.day
        row["until"] = "" if at_once else min(row["until"] or "9", self.later())
        for one in [] if any(self.in_force(one) for one in mine) or not at_once else mine:
            one["until"] = ""

    def cosigned(self, roles: set[str], by_second: bool) -> bool:
        others = [party for _, party, _ in self.signers if party != self.speaker]
        return any(self.has_role(party, roles) or (by_second and party == self.says("second")) for party in others)

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
        two = len(self.officers) >= 2
        overseen = self.cosigned(WELCOME.get(demand, set()), demand == "overseer" or (demand in BY_SECOND and not self.needs_two))
        return {
            **dict.fromkeys(("own rule", "own rule or delay"), lambda: two or not self.needs_two),
            "new key": lambda: all(row[0] in self.fresh or row[0] in self.key for row in self.given(record)),
            "second signature": lambda: two or overseen,
            "overseer": lambda: overseen,
            "auditor or regulator": lambda: overseen,
            "two officers above the threshold": lambda: self.is_below(record) or two or (not self.needs_two and overseen),
        }[demand]()

    def is_below(self, record: Record) -> bool:
        rows = [row for word, row in self.rows(self.kinds[record["kind"]]["remembers"], record) if word == "counts"]
        limit = self.says(("limit", record["unit"]))
        amount = sum(amount_of(row[1]) for row in rows)
        is_above = limit is not None and rows and max(self.paid[key] for row in rows for key in self.sums(*row)) + amount > limit
        self.above = self.above or is_above
        return not is_above

    def sums(self, unit: str, _: Any, day: str | None = None, payee: str | None = None) -> list[Any]:
        whose = (self.speaker, payee, unit)
        return [(*whose, "on", day or self.day), (*whose, "recorded", self.day)]

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
        getattr(self, table)[name] = {"since": self.index, "on": self.day, **row}

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

    def is_in_books(self, day: str, party: str) -> bool:
        return self.party[party]["books_from"] <= day <= self.day

    def of_gift(self, gift: Record, day: str) -> bool:
        need(self.kinds[gift["kind"]]["is_gift"], "reference")
        return within_a_day(day, gift["received_on"]) or self.fault("day") or True

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
    "in-its-books": lambda log, day: log.is_in_books(day, log.speaker),
    "in-books-of": lambda log, day, ref: log.is_in_books(day, log.disbursement[log.resolve(ref)]["party"]),
    "answers": lambda log, day, ref: within_a_day(day, log.disbursement[log.resolve(ref)]["day"]),
    "as-many": lambda log, units, amount, _: units is None or sum(end - start for start, end in units) == amount,
    "below": lambda log, fee, amount, _: fee < amount,
    "elsewhere": lambda log, fund, other: fund != other,
    "takes-fees": lambda log, name: log.fund[name]["owner"] == log.speaker or (log.fund[name]["free"] and (
        not log.fund[name]["project"] and log.has_role(log.fund[name]["owner"], {"custodian", "platform"}))),
    "in-log": lambda log, ref: log.claimed(ref),
    "of-gift": lambda log, ref, tape, units, day: log.of_gift(log.claimed(ref)[1], day),
    "digests-of": lambda log, ref, digests: need(log.claimed(ref)[0] == log.speaker, "authority") or (
        set(digests) <= set(log.claimed(ref)[1].get("private", ()))),
    "can-be-undone": lambda log, ref: log.can_be_undone(ref, log.allocation.get(log.resolve(ref))),
    "spent": lambda log, tape, units: all(
        high <= start or end <= low for start, end in units for low, high in log.tapes["/".join(tape)].free),
    "can-stand-below": lambda log, parent, kind: len(log.fund[parent]["line"]) <= 16 and (
        log.fund[parent]["kind"] != "activity" and not (kind == "project" and log.fund[parent]["project"])),
    "is-new-fund": lambda log, name: name not in log.fund,
    "in-project": lambda log, parent: log.fund[parent]["project"],
    "fund-of-payee": lambda log, to, payee: log.fund[to]["owner"] == payee,
    "another-party": lambda log, payee, fund: payee != log.fund[fund]["owner"],
    "returnable": lambda log, ref: log.disbursement[log.resolve(ref)]["returnable"],
    "is-new-key": lambda log, key: key not in log.key and key != log.ledger.get("log_key"),
    "signed-by-another": lambda log, key: any(party == log.speaker and other != key for other, party, _ in log.signers),
    "in-force": lambda log, key: log.in_force(log.key[key]),
    "is-pending": lambda log, key: log.day < max(log.key[key]["until"] or "", log.key[key]["from"]) and log.key[key]["until"] != "",
    "is-new-party": lambda log, name: name not in log.party,
    "was-admitted": lambda log, name: log.party[name]["since"] < log.index,
    "not-operator": lambda log, roles: "operator" not in roles,
    "stands-first": lambda log: log.index == log.number == 0,
    "stands-alone": lambda log: len(log.records) == 1,
    "turns-back": lambda log: log.now < log.time,
    "is-rare": lambda log: not log.corrected or timedelta(30) <= date.fromisoformat(log.day) - date.fromisoformat(log.corrected),
    "knew-before": lambda log: all(log.key[key]["on"] <= log.day for key, _, _ in log.signers),
    "continues-log": lambda log, continues: log.index and len(log.records) == 1,
    "not-log-key": lambda log, key, log_key: key != log_key,
    "begins-no-later": lambda log, day: day <= log.party[log.speaker]["books_from"],
    "is-another": lambda log, second: second != log.speaker,
    "is-new-unit": lambda log, unit: unit.casefold() not in map(str.casefold, log.unit),
    "same-as-before": lambda log, label, said: log.label.get((log.speaker, label), said) == said,
}  # fmt: skip
REMEMBER = {
    "makes-fund": lambda log, record, name, parent: log.keep("fund", name, **{
        "owner": log.speaker, "parent": parent or "", "kind": record["kind"],
        "line": [name, *(log.fund[parent]["line"] if parent else [])],
        "project": name if record["kind"] == "project" else log.fund[parent]["project"] if parent else "",
        "free": record.get("restriction", "unrestricted") == "unrestricted" and (not parent or log.fund[parent]["free"])}),
    "commits-with": lambda log, record, label, said: log.label.setdefault((log.speaker, label), said),
    "reverses": lambda log, record, ref: log.undone.add(log.resolve(ref)),
    "allocates": lambda log, record, source, to, unit: log.keep("allocation", log.name, party=log.speaker, source=source, **{
        **record, "units": [[log.tapes[f"{to}/{unit}"].end - record["amount"], log.tapes[f"{to}/{unit}"].end]]}),
    "disburses": lambda log, record, who, day: log.keep("disbursement", log.name, party=log.speaker, **{
        **record, "payee": who, "day": day,
        "returnable": record["kind"] == "payment" and not {"goods", "to_fund"} & record.keys()}),
    "counts": lambda log, record, *row: log.paid.update({key: log.paid[key] + amount_of(row[1]) for key in log.sums(*row)}),
    "mandates": lambda log, record: log.mandate(record),
    "names-ledger": lambda log, record, zone, key: log.ledger.update(operator=log.speaker, time_zone=zone, log_key=key),
    "rules-change": lambda log, record, rules: log.ledger.update(rules=rules),
    "ends-log": lambda log, record, root, key: log.ledger.update(log_key=key),
    "declares": lambda log, record, unit, _: log.keep("unit", unit),
    "admits": lambda log, record, name, _, roles, day: log.keep("party", name, roles=roles, books_from=day or log.day),
    "makes-operator": lambda log, record, _, day: log.keep("party", log.speaker, roles=["operator"], books_from=day or log.day),
    "moves-books-from": lambda log, record, day: log.party[log.speaker].update(books_from=day),
    "corrects": lambda log, record: setattr(log, "corrected", max(log.corrected, log.day)),
    "gives-key": lambda log, _, key, who, party="": log.keep("key", key, **{
        "party": party or log.speaker, "officer": who, "from": "", "until": None}),
    "gives-key-later": lambda log, _, key, who: log.keep("key", key, **{
        "party": log.speaker, "officer": who, "from": log.later(), "until": None}),
    "revokes": lambda log, record, key: log.revoke(key),
    "withdraws": lambda log, record, key: log.key[key].update(until="" if log.day < log.key[key]["from"] else None),
    "revokes-all": lambda log, record, name: [row.update(until="") for row in log.key.values() if row["party"] == name],
    "is-led": lambda log, record, name, those: log.keep("activity", name, owner=log.speaker, implementers=those or []),
}  # fmt: skip
