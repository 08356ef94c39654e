"""A verifier by somebody who has read `docs/reference` only: rules.json, rules.md, the schemas, formats.md and books.md.

It imports nothing of this project. Of the entries of a log it judges the form, the signers, what is named, the days, fees and what
moves; hashes, signatures, sums, and where restricted money may go, it leaves to others.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

WHOLE, RULES, PERIOD = -1, "givetrail/1", {"activity", "from_day", "to_day"}
OVERSEERS = {"auditor", "inspector", "regulator"}
OF_TWO = {"own rule or delay", "two officers above the threshold"}
BY_SECOND = {"second signature", "custodian or second signature", "overseer", *OF_TWO}
ENDLESS, KEEPERS = ("360giving", "accounts", "invoices"), {"custodian", "platform"}
WELCOME = {**dict.fromkeys((*BY_SECOND, "others who signed"), OVERSEERS), "auditor or regulator": {"auditor", "regulator"}}
JUDGED = {"schema", "unknown-kind", "unknown-member", "key-standing", "authority", "approval", "reference", "after", "time", "day"}
JUDGED |= {"overdraft", "tape-flow", "tape-limit", "fee", "self-payment", "breach", "receipt-excess", "return-excess", "holder"}
JUDGED |= {"reference-missing", "bank-line", "identifier-again"}
APPLIES = {"time", "day", "authority", "self-payment", "receipt-excess", "reference-missing", "identifier-again"}
Record = dict[str, Any]


def need(true: Any, rule: str) -> None:
    """A record that breaks the rule moves and leaves nothing. Raises ValueError."""
    if not true:
        raise ValueError(rule)


def named(receiver: Any) -> str | None:
    """A party, or the class of a group."""
    return receiver and (receiver[0] or f"group/{receiver[1]}")


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
    "ascending": lambda items: items == sorted(set(items)), "starts_seen": lambda text: text[0] < "\U000e0000",
    "each_once": lambda items: len(set(items)) == len(items), "reaches_somebody": lambda contact: len(contact) > 1,
    "each_indicator_once": lambda targets: len({one["indicator"] for one in targets}) == len(targets),
    "each_line_once": lambda lines: len({(one["cost_class"], one["unit"]) for one in lines}) == len(lines),
    "each_unit_once": lambda sums: len({one["unit"] for one in sums}) == len(sums),
    "each_class_once": lambda limits: len({one["cost_class"] for one in limits}) == len(limits),
    "each_channel_once": lambda channels: len({one["channel"] for one in channels}) == len(channels),
    "apart": lambda labels: not any(
        "until_day" in one and (one["until_day"] < one["from_day"] or one["use"] in ENDLESS) for one in labels
    ) and not any(
        one is not two and one["use"] == two["use"] and one["from_day"] <= two["from_day"] <= one.get("until_day", "9")
        for one in labels for two in labels),
    "rate_gives_the_amount": lambda one: one["unit"] != one["to_unit"] and one["rate"][1] and (
        one["to_amount"] == one["amount"] * one["rate"][0] // one["rate"][1]),
    "costs_sum_to_the_amount": lambda one: not {"goods", "grant"} <= one.keys() and (
        "goods" not in one or sum(part["cost"] for part in one["goods"]) == one["amount"]),
    "holder_of_the_level": lambda one: (one["level"] == "holder-signed") == ("holder" in one),
    "line_of_the_level": lambda one: "line" not in one or one["level"] == "confirmed",
    "days_in_order": lambda one: one["from_day"] <= one["to_day"],
    "documented_by_files": lambda one: one["level"] != "documented" or {"document", "evidence"} <= one.keys(),
    "cost_or_not": lambda one: len(one.keys() & {"cost_class", "returns", "repays"}) == 1 and not (
        "cost_class" not in one and ("payee" not in one or {"goods", "grant", "invoice"} & one.keys())) and (
        "returns" not in one or "units" in one),
    "lender_of_an_advance": lambda one: ("lender" in one) == (one["income_class"] == "advance"),
    "given_together": lambda one: ("fee" in one) == ("fee_to" in one),
    "fee_of_the_fund": lambda one: "fee" in one or "fee_from" not in one,
    "asks_one_thing": lambda one: ("value" in one) != ("ratio" in one) and one["from_day"] <= one.get("until_day", "9"),
    "two_units": lambda one: one["unit"] != one["to_unit"],
    "one_payee": lambda one: ("payee" in one) != ("group" in one) and (
        "group" not in one or (not {"purpose", "grant", "holder"} & one.keys() and one["group"]["group_class"] != "own-use")),
    "one_receiver": lambda one: ("to" in one) != ("group" in one) and not (
        "group" in one and {"grant", "holder", "private"} & one.keys()),
    "two_parties": lambda one: one["of"] != one["to"], "names_units": lambda one: "units" in one or "cover" in one,
    "corrects_something": lambda one: {"day", "cost_class", "invoice", "channel"} & one.keys() and (
        "channel" in one or "channel_ref" not in one),
    "rows_add_up": lambda one: one["entered"] + one["known"] + one["left_out"] == one["rows"],
    "starts_before_it_ends": lambda one: one.get("starts_on", "") <= one.get("ends_on", "9"),
    "about_one_thing": lambda one: one.keys() & {"payments", *PERIOD} in ({"payments"}, PERIOD) and (
        one.get("from_day", "") <= one.get("to_day", "")),
    "named_or_private": lambda one: (
        "name" in one if one["entity"] == "organisation" else not {"name", "identifier"} & one.keys()),
    "each_key_once": lambda keys: len({one["key"] for one in keys}) == len(keys),
    "cells_in_order": lambda one: [cell["code"] for cell in one["cells"]] == sorted({cell["code"] for cell in one["cells"]}),
    "codes_of_the_period": lambda one: all((len(cell["code"]) == 10) == (one["by"] == "day") for cell in one["cells"]),
    "shares_of_a_hundred": lambda one: 2 * abs(sum(cell["share"] for cell in one["cells"]) - 100) <= len(one["cells"]),
}  # fmt: skip


def bare(identifier: str) -> str:
    """Its groups, whatever separates them, the capital letters of ASCII as small ones."""
    spaced = "".join(" " if one in "-./" else one.lower() if one.isascii() else one for one in identifier)
    return "-".join(filter(None, spaced.split(" ")))


def amount_of(units: Any) -> int:
    return units if isinstance(units, int) else sum(end - start for start, end in units)


def names_a_party(what: Any) -> bool:
    """Whether a mandate names a party there: its second, or the custodian of a channel."""
    return what == "second" or what[0] == "channel"


def root_over(leaf: bytes, number: int, size: int, path: list[str]) -> str:
    """The root to which an inclusion path leads (RFC 9162 §2.1.3.2)."""
    last, found = size - 1, hashlib.sha256(b"\0" + leaf).digest()
    if number > last:
        return ""
    for step in map(bytes.fromhex, path):
        if not last:
            return ""
        is_right = number % 2 == 1 or number == last
        found = hashlib.sha256(b"\1" + (step + found if is_right else found + step)).digest()
        while is_right and number % 2 == 0:
            number, last = number // 2, last // 2
        number, last = number // 2, last // 2
    return "" if last else found.hex()


def is_looser(what: Any, now: Any, new: Any) -> bool:
    if names_a_party(what):
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
        for table in ("ledger", "fund", "unit", "party", "key", "activity", "disbursement", "allocation", "label", "labels",
                      "income", "exchange", "receipt", "taking", "feedback", "void", "breach", "relation", "stated", "account"):
            setattr(self, table, {})
        self.found, self.leaves, self.hashes, self.skipped, self.time = [], [], [], set(), ""
        self.set_on = self.stamped = ""
        self.named_broken: dict[str, bool] = {}
        self.answered: dict[str, str] = {}
        self.registered: dict[str, str] = {}
        self.went: dict[Any, str] = {}  # by a line of a bank statement: the payee to whom it was shown to have gone
        self.opened: dict[Any, Any] = {}  # by a line of a bank statement that receipts open: account and day
        self.granted = defaultdict[str, set[str]](set)  # by the root of a tree: whose grants were taken into it

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
        must = {demand for one in self.records for demand in [*self.demanded(one), *(["overseer"] if "related" in one else [])]}
        must -= set() if self.above else {"two officers above the threshold"}
        must |= {"overseer"} if "own rule" in must and not self.officers and not self.needs_two else set()
        called = must - OF_TWO if self.needs_two else must
        roles = {role for demand in called for role in WELCOME.get(demand, ())}
        others = {party for key, party, _ in self.signers if party != self.speaker and key not in self.fresh}
        may = [(relation, one) for one in self.records for relation in self.kinds[one["kind"]]["may_sign"]]
        if must & ({"overseer"} if self.needs_two else BY_SECOND):
            others.discard(self.says("second"))
        welcome = {self.payee(one["of"]) for one in self.records if "others who signed" in self.demanded(one)}
        others = {other for other in others if not self.has_role(other, roles) and not self.is_asked(other, may)} - welcome
        for _ in list(others) + ([] if any(party == self.speaker for _, party, _ in self.signers) else [self.speaker]):
            self.fault("authority")
        if numbers != sorted(numbers) or any(number >= len(self.records) for number in numbers):
            self.fault("tape-flow")
        self.time = entry["time"] if self.corrects_clock() else max(self.time, entry["time"])

    def corrects_clock(self) -> bool:
        """Whether the statement turns the clock back."""
        return self.records[0]["kind"] == "clock-correction"

    def day_of(self, time: str, signed_at: str) -> str:
        now, signed = (datetime.strptime(one, "%Y-%m-%dT%H:%M:%SZ") for one in (time, signed_at))
        self.now = time
        if (time < self.time and not self.corrects_clock()) or not timedelta(days=-30) <= signed - now <= timedelta(minutes=5):
            self.fault("time")
        zone = self.ledger.get("time_zone") or self.records[0].get("time_zone", "UTC+00:00")
        return (now + int(zone[3] + "1") * timedelta(hours=int(zone[4:6]), minutes=int(zone[7:]))).date().isoformat()

    def identify(self, keys: list[str]) -> None:
        given = {row[0]: (row[2] if row[2:] else self.speaker, row[1]) for one in self.records for row in self.given(one)}
        self.fresh = {key for key in keys if key in given and key not in self.key}
        in_force = {key: (row["party"], row["officer"]) for key, row in self.key.items() if self.in_force(row)}
        self.keys, opened = keys, {one["holder"]["key"] for one in self.records if isinstance(one.get("holder"), dict)}
        for key in keys:
            if key not in in_force and key not in self.fresh and (key in self.key or key not in opened):
                self.fault("key-standing")
            elif key in in_force and any(one["kind"] not in self.key[key].get("kinds", self.kinds) for one in self.records):
                self.fault("authority")
        known = in_force if self.ledger else given
        self.signers = [(key, *known[key]) for key in keys if key in known]
        self.officers = {officer for key, party, officer in self.signers
                         if party == self.speaker and "kinds" not in self.key.get(key, {})}  # fmt: skip
        self.needs_two = self.officers_of(self.speaker) >= 2

    def officers_of(self, party: str) -> int:
        """How many officers of a party have a key that signs everything."""
        keys = [row for row in self.key.values() if row["party"] == party and self.in_force(row) and "kinds" not in row]
        return len({row["officer"] for row in keys})

    def given(self, record: Record) -> list[Any]:
        return [row for word, row in self.rows(self.kinds[record["kind"]]["remembers"], record) if word.startswith("gives-key")]

    def in_force(self, row: Record) -> bool:
        return row["from"] <= self.day and (row["until"] is None or self.day < row["until"])

    def says(self, what: Any, party: str = "") -> Any:
        """What the mandate of the speaker, or of another party, says on this day."""
        before, after, day = self.terms.get((party or self.speaker, what), (None, None, ""))
        return after if day <= self.day else before

    def later(self, loosens: bool = False) -> str:
        """The day on which a change that has to wait takes effect."""
        days = self.says("delay")
        cosigned = self.officers and not loosens and self.cosigned(OVERSEERS, True)
        days = days if days is not None else 0 if len(self.officers) >= 2 or cosigned else 3
        return (date.fromisoformat(self.day) + timedelta(days)).isoformat()

    def mandate(self, record: Record) -> None:
        self.labels[self.speaker] = record.get("labels", [])
        said = {"second": record.get("second"), "delay": record.get("key_delay_days"),
                **{("channel", one["channel"]): one["custodian"] for one in record.get("channels", ())},
                **{("limit", one["unit"]): one["amount"] for one in record.get("thresholds", ())}}  # fmt: skip
        later, terms = self.later(loosens=True), {}
        for what in {*said, *(what for party, what in self.terms if party == self.speaker)}:
            now, new, (_, then, since) = self.says(what), said.get(what), self.terms.get((self.speaker, what), (None, None, ""))
            kept = None if names_a_party(what) else now
            day = since if self.day < since < later and not is_looser(what, then, new) else later
            terms[self.speaker, what] = (kept, new, day) if is_looser(what, now, new) else (new, new, "")
        self.terms |= terms

    def revoke(self, key: str) -> None:
        row, mine = self.key[key], [one for one in self.key.values() if one["party"] == self.speaker]
        at_once = key in [one for one, _, _ in self.signers] or self.later() == self.day
        row["until"] = "" if at_once else min(row["until"] or "9", self.later())
        for one in [] if any(self.in_force(one) and "kinds" not in one for one in mine) or not at_once else mine:
            one["until"] = ""

    def cosigned(self, roles: set[str], by_second: bool, record: Record | None = None) -> bool:
        rows = self.rows(self.rulebook["rule_sets"][RULES][record["kind"]], record) if record else ()
        given = [row for word, row in rows if word == "says-how-related"]
        changes = record and record["kind"] in ("correction", "reversal")
        undone = self.disbursement.get(self.resolve(record["of"])) if changes else None
        given = [(undone["payee"], undone["day"])] if undone else given
        payees, days = {row[0] for row in given}, {self.day, *(row[1] for row in given)}
        others = {party for _, party, _ in self.signers if party != self.speaker}
        others = {party for party in others if not self.is_near(party, payees, days, {party, self.speaker})}
        far = {party for party in others if not self.is_near(party, {self.speaker}, days, {party, self.speaker})}
        return any(self.has_role(party, roles) for party in far) or (by_second and self.says("second") in others)

    def is_near(self, party: str, others: set[Any], days: set[str], bound: set[Any]) -> bool:
        """Whether a party is one of the others, or related to one of them on one of the days."""
        return party in others or any(self.is_related(party, one, day, bound) for one in others for day in days)

    def is_related(self, one: str, other: Any, day: str, bound: set[Any]) -> bool:
        """By what an overseer said, or both of the two, or one that is bound."""
        said = [row for row in self.relation.values() if row["starts_on"] <= day <= row["ends_on"]]
        by = {(row["said_by"], *row["said"][:3]) for row in said}
        on = [row for row in said if row["overseen"] or row["said_by"] in bound
              or all((side, *row["said"][:3]) in by for side in row["said"][:2])]  # fmt: skip
        controls = [row for row in on if row["said"][2:] == ["control", None]]
        controlled = [{row["to"] for row in controls if row["of"] == third} for third in self.party]
        return {one, other} in [{row["of"], row["to"]} for row in on] or any({one, other} <= these for these in controlled)

    def oversees(self, party: str, owners: Any) -> bool:
        return self.has_role(party, OVERSEERS) and not self.is_near(party, set(owners), {self.day}, {party})

    def own(self, two: Any) -> Any:
        """What the speaker said last of two parties, or an overseer after it; None for an overseer."""
        return None if self.oversees(self.speaker, two) else self.relation.get((frozenset(two), self.speaker))

    def said_in_force(self, two: Any) -> Any:
        row = self.own(two)
        return row if row and row["said_by"] == self.speaker and row["starts_on"] <= self.day <= row["ends_on"] else None

    def beside(self, row: Record) -> set[str]:
        """Who has to do with a payment besides payer and payee."""
        fund, seconds = self.fund[row["fund"]], self.seconds_of(row["party"])
        works = [self.those_of(one) for name, one in self.activity.items() if self.fund[name]["project"] == fund["project"]]
        keeper = self.says(("channel", row.get("channel")), row["party"]) if row["payee"] == "group/bank-charges" else None
        return {keeper, *seconds, *row["beside"], *self.granted[fund["line"][-1]]}.union(*works) - {None}

    def seconds_of(self, party: str) -> set[Any]:
        """The second of a mandate, and the one that will be."""
        before, after, day = self.terms.get((party, "second"), (None, None, ""))
        return {after, before if self.day < day else None} - {None}

    def relate(self, record: Record, said: list[Any]) -> None:
        two, overseen = frozenset(said[:2]), self.oversees(self.speaker, said[:2])
        voices = ["", *(one for one in two if (two, one) in self.relation)] if overseen else [self.speaker]
        row = {**record, "said": said, "ends_on": record.get("ends_on", "9"), "said_by": self.speaker, "overseen": overseen}
        self.relation |= {(two, voice): row for voice in voices}

    def has_role(self, party: str, roles: set[str]) -> bool:
        return bool(roles & set(self.party.get(party, {}).get("roles", ())))

    def those_of(self, activity: Any) -> set[str]:
        return {activity["owner"], *activity["implementers"]} if activity else set()

    def may_say(self, relation: str, record: Record, party: str = "") -> bool:
        me, refs = party or self.speaker, record.get("payments", [record["of"]] if "of" in record else [])
        about = relation == "acknowledger" or "disbursement" in relation
        rows = [self.named("disbursement", self.resolve(ref)) for ref in refs if about]
        things, owners = [{row["party"], row["payee"]} for row in rows], [row["party"] for row in rows]
        if "activity" in record:
            things.append(self.those_of(self.named("activity", record["activity"])))
        concerned = bool(things) and all(me in those for those in things)
        near = {self.ledger.get("operator")}.union(*things, *map(self.beside, rows))
        levels = dict.fromkeys(("documented", "self-declared"), me in owners)
        keepers = [self.keeper(row["party"], row.get("channel"), record.get("received_on", self.day), row["payee"], row["keeper"])
                   for row in rows]  # fmt: skip
        levels["confirmed"] = me in (owners if "line" in record else keepers)
        levels |= {"holder-signed": True, "recipient-signed": concerned and me not in owners}
        levels["third-party"] = "group/own-use" not in owners + [row["payee"] for row in rows] and not self.is_near(
            me, near, {self.day, record.get("received_on", self.day)}, {me, *owners})
        return {
            "any party": lambda: True, "operator": lambda: me == self.ledger.get("operator", me),
            "operator, regulator or auditor": lambda: me == self.ledger.get("operator", me) or (
                self.has_role(me, {"auditor", "regulator"})),
            "owner of the fund": lambda: me == self.named("fund", record["fund"])["owner"],
            "owner of the parent fund": lambda: "parent" not in record or me == self.named("fund", record["parent"])["owner"],
            "holder of the key": lambda: me == self.named("key", record["key"])["party"],
            "owner of the disbursement": lambda: me in owners,
            "acknowledger": lambda: levels[record["level"]],
            "one of the two, or an overseer": lambda: me in (two := (record["of"], record["to"])) or self.oversees(me, two),
            "recipient of the disbursement": lambda: me in [row["payee"] for row in rows],
            "custodian of the channel": lambda: me == self.keeper_of(record),
            "party that counted": lambda: me == record["counted_by"],
            "maker of the record": lambda: me == (self.made(self.resolve(record["of"])) or {"party": me})["party"],
            "owner or implementer of the activity": lambda: concerned,
            "concerned by the disbursement or activity": lambda: concerned or (
                self.oversees(me, set().union(*things))),
        }[relation]()  # fmt: skip

    def is_asked(self, party: str, may: list[tuple[str, Record]]) -> bool:
        for relation, record in may:
            try:
                if self.may_say(relation, record, party):
                    return True
            except ValueError:
                continue
        return False

    def is_signed(self, demand: str, record: Record) -> bool:
        two = len(self.officers) >= 2
        by_second = demand == "overseer" or (demand in BY_SECOND and not self.needs_two)
        overseen = self.cosigned(WELCOME.get(demand, set()), by_second, record)
        return {
            **dict.fromkeys(("own rule", "own rule or delay"), lambda: two or not self.needs_two and bool(
                self.officers or not any(record["kind"] in self.key[key].get("kinds", self.kinds) for key, party, _ in self.signers
                                         if party == self.speaker and key in self.key) or self.cosigned(OVERSEERS, True, record))),
            "new key": lambda: all(row[0] in self.fresh or row[0] in self.key for row in self.given(record)),
            "custodian or second signature": lambda: two or overseen or self.has_signed(self.keeper_of(record)),
            "second signature": lambda: two or overseen, "overseer": lambda: overseen, "auditor or regulator": lambda: overseen,
            "others who signed": lambda: self.others_signed(record["of"], overseen),
            "two officers above the threshold": lambda: self.is_below(record) or two or (not self.needs_two and overseen),
        }[demand]()

    def keeper(self, owner: str, channel: Any, day: str, payee: Any = None, entered: Any = None) -> Any:
        """The custodian of a channel; None if there is none, or one that is not another than these parties."""
        party = None if payee == "group/bank-charges" else self.says(("channel", channel), owner)
        near = self.is_near(party, {owner, payee}, {self.day, day}, {owner, party}) if party else True
        return None if near or (entered or party) != party or not self.has_role(party, KEEPERS) else party

    def keeper_of(self, record: Record) -> Any:
        return self.keeper(self.named("fund", record["fund"])["owner"], record["channel"], record["to_day"])

    def has_signed(self, party: str) -> bool:
        return any(one == party for _, one, _ in self.signers)

    def opens_line(self, ref: str, line: Record, day: str, amount: int) -> bool:
        row, name = self.disbursement[self.resolve(ref)], self.resolve(line["statement"])
        need(name in self.stated, "reference")
        stated, said = self.stated[name], {"day": day, "way": "out", **{name: line[name] for name in ("amount", "rest", "salt")}}
        leaf = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
        root = root_over(leaf, line["number"], line["line_count"], line["path"])
        paid = (row["party"], row.get("channel"), row["unit"], self.fund[row["fund"]]["line"][-1])
        keeper, two = stated["keeper"], {row["party"], row["payee"]}
        own = row["payee"] in (keeper, "group/bank-charges") or not self.has_role(keeper, KEEPERS) or self.is_near(
            keeper, two, {self.day, day}, {row["party"], keeper})
        payee = self.went.get((name, line["number"]), row["payee"])
        same = paid == tuple(stated[name] for name in ("party", "channel", "unit", "fund")) and payee == row["payee"] and not own
        others = {other for (other, number), of in self.opened.items() if of == (stated["of_account"], day)} - {name}
        return stated["keeper"] and same and not others and (
            stated["from_day"] <= day <= stated["to_day"] and (root, line["line_count"]) == (stated["lines"], stated["line_count"])
            and self.paid[name, line["number"]] + amount <= line["amount"])

    def state(self, record: Record, account: tuple[str, ...]) -> None:
        signed = next((keeper for keeper in [self.keeper_of(record)] if keeper and self.has_signed(keeper)), None)
        last = signed or self.account.get(account, {}).get("keeper")
        self.account[account] = {"fund": record["fund"], "channel": record["channel"], "keeper": last}
        self.keep("stated", self.name, party=self.speaker, keeper=signed, of_account=account, **record)

    def is_one_account(self, account: tuple[str, ...], fund: str, channel: str, to_day: str) -> bool:
        row, keeper = self.account.get(account), self.keeper(self.speaker, channel, to_day)
        return row is None or ((row["fund"], row["channel"]) == (fund, channel) and (
            not row["keeper"] or not keeper or not self.has_signed(keeper) or keeper == row["keeper"]))

    def can_have_been(self, row: Record, day: str) -> bool:
        taken = self.taking.get(row.get("returned", ""), {"day": day})
        said = day if not row.get("confirmed") else row["confirmed_on"]
        return within_a_day(row.get("answered_on", day), day) and within_a_day(said, day) and within_a_day(day, taken["day"])

    def take_line(self, ref: str, line: Any, day: str, amount: int) -> None:
        self.paid[line] += amount
        self.went[line], self.receipt[self.name]["line"] = self.payee(ref), line
        self.opened[line] = (self.stated[line[0]]["of_account"], day)

    def payee(self, ref: str) -> str:
        name = f"{self.index}.{ref[1:]}" if ref[0] == "@" else ref
        return str(self.disbursement.get(name, {}).get("payee", ""))

    def others_signed(self, ref: str, overseen: bool) -> bool:
        row, named = self.disbursement.get(self.resolve(ref)), self.breach.get(self.resolve(ref), {"findings": []})["findings"]
        payee = bool(row and row.get("recipient-signed")) and row["payee"]
        signed = not payee or any(party == payee for _, party, _ in self.signers)
        return signed and (overseen or "approval" not in named)

    def is_below(self, record: Record) -> bool:
        said = [row for row in self.rows(self.kinds[record["kind"]]["remembers"], record) if row[0] in ("counts", "counts-again")]
        rows = [one for word, row in said for one in ([row] if word == "counts" else self.moved(*row))]
        limit = self.says(("limit", rows[0][0])) if rows else None
        amount = sum(amount_of(row[1]) for row in rows)
        is_above = limit is not None and rows and max(self.paid[key] for row in rows for key in self.sums(*row)) + amount > limit
        self.above = self.above or is_above
        return not is_above

    def moved(self, ref: str, day: str) -> list[Any]:
        row = self.disbursement.get(self.resolve(ref))
        return [[row["unit"], row["amount"], day, row["payee"]]] if row else []

    def sums(self, unit: str, _: Any, day: str | None = None, *payee: Any) -> list[Any]:
        whose = (self.speaker, any(payee) and named([*payee, None]), unit)
        return [(*whose, "on", day or self.day), (*whose, "recorded", self.day)]

    def demanded(self, record: Record) -> list[str]:
        """What the signatures must meet, also because of what the record says it broke."""
        named = record.get("breach", {}).get("findings", [])
        more = ["overseer"] if "approval" in named else ["own rule"] if named else []
        return [*self.kinds[record["kind"]]["signed_by"], *more]

    def read_record(self, record: Record, flows: list[Any]) -> None:
        self.flows = flows
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

    def opens(self, name: str, _: str, record: Record, salt: str, key: str) -> bool:
        """Whether a one-time key answers the record that holds its digest."""
        digest = hashlib.sha256(urlsafe_b64decode(salt + "==") + b64decode(key)).digest()
        is_free = key not in self.key and key != self.ledger.get("log_key") and self.answered.get(key, name) == name
        return is_free and key in self.keys and record.get("holder") == urlsafe_b64encode(digest).decode().rstrip("=")

    def made(self, ref: str) -> Any:
        """What is known of a record that can be void."""
        tables = (self.allocation, self.disbursement, self.income, self.exchange, self.receipt, self.taking, self.feedback)
        return next((table[ref] for table in tables if ref in table), None)

    def can_be_undone(self, ref: str, gave: Record | None) -> bool:
        need(self.resolve(ref) not in self.void, "reference")
        if self.made(self.resolve(ref)):
            return not gave
        party, record = self.claimed(ref)
        how = self.kinds[record["kind"]]["void_by"]
        need(how, "reference")
        need(party == self.speaker, "authority")
        entry, number = map(int, self.resolve(ref).split("."))
        came = [row[3:] for row in self.leaves[entry]["flows"] if row[0] == number]
        was = {name: record[name] for name in ("fund", "unit", "amount", "received_on", "fee", "fee_to") if name in record}
        return gave == ({**was, "units": came} if how == "gift" else None)

    def unspent(self, ref: str, gave: Record | None, part: Any) -> bool:
        row = self.made(self.resolve(ref)) or {}
        tape = f"{row.get('to', row.get('fund'))}/{row.get('to_unit', row.get('unit'))}"
        came = row["bought"] if "bought" in row else [(tape, *span) for span in part or row.get("units") or ()]
        if gave:
            came = [(f"{gave['fund']}/{gave['unit']}", *span) for span in gave["units"]]
        return all(self.tapes[name].holds(start, end) for name, start, end in came)

    def corrected(self, ref: str) -> Record:
        need(self.resolve(ref) not in self.void, "reference")
        row: Record = self.disbursement.get(self.resolve(ref)) or self.income.get(self.resolve(ref), {})
        need(row, "reference")
        return row

    def can_be_corrected(self, ref: str, day: Any, cost_class: Any, invoice: Any, channel: Any) -> bool:
        row = self.corrected(ref)
        lacks = {"payment": (), "delivery": (cost_class, invoice, channel), "income": (cost_class, invoice)}[row["kind"]]
        return not any(lacks) and not (day and row.get("held")) and (
            not cost_class or cost_class != row.get("cost_class", cost_class))

    def under_labels(self, ref: str, day: str | None, way: list[Any], invoice: Any) -> bool:
        row = self.corrected(ref)
        channel, number = way if way[0] else (row.get("channel"), row.get("channel_ref"))
        bill = invoice or row.get("invoice") or {"ref": None}
        return all(one is None or one.split(":")[1] == self.label_of(use, day or row["day"])
                   for use, one in ((channel, number), ("invoices", bill["ref"])))  # fmt: skip

    def correct(self, ref: str, day: Any, cost_class: Any, invoice: Any, way: list[Any]) -> None:
        row, said = self.corrected(ref), {"day": day, "cost_class": cost_class, "invoice": invoice}
        row["beside"] = {*row.get("beside", ()), *(party for _, party, _ in self.signers)} - {row["party"]}
        row |= {"keeper": self.says(("channel", way[0]))} if way[0] and way[0] != row.get("channel") else {}
        row.update({name: one for name, one in said.items() if one})
        row.update(dict(zip(("channel", "channel_ref"), way, strict=True)) if way[0] else {})

    def can_come_back(self, ref: str) -> bool:
        row = self.disbursement.get(self.resolve(ref))
        need(not self.income.get(self.resolve(ref), {}).get("repaid"), "reference")
        need(not row or (row["left"] and not row["held"]), "reference")
        of_grant = self.disbursement[self.taking[self.resolve(ref)]["about"]] if self.resolve(ref) in self.taking else {}
        need(not (of_grant.get("keyed") and of_grant.get("recipient-signed")), "reference")
        by_others = row and [level for level in ("confirmed", "third-party", "holder-signed") if row.get(level)]
        return not by_others or self.fault("approval") or True

    def last(self, tape: str, amount: int) -> list[list[int]]:
        return [[self.tapes[tape].end - amount, self.tapes[tape].end]]

    def acknowledge(self, record: Record, name: str, level: str) -> None:
        row = self.disbursement[self.resolve(name)]
        if level == "confirmed":
            row["confirmed_on"] = min(row.get("confirmed") and row["confirmed_on"] or "9", record["received_on"])
        self.put(name, **{level: record["amount"]})
        self.keep("receipt", self.name, party=self.speaker, about=name, level=level, amount=record["amount"])

    def undo(self, ref: str, part: Any) -> None:
        name = self.resolve(ref)
        allocated = self.allocation.get(name, {"amount": -1})
        allocated["returned"] = allocated.get("returned", 0) + sum(end - start for start, end in part or ())
        if not part or allocated["returned"] == allocated["amount"]:
            self.void[name] = {}
        if name in self.disbursement:
            self.came_back(name, self.disbursement[name]["left"])
        if name in self.taking:
            del self.disbursement[self.taking[name]["about"]]["held"][name]
        if "line" in self.receipt.get(name, {}):
            self.paid[self.receipt[name]["line"]] -= self.receipt[name]["amount"]
            self.went = {line: payee for line, payee in self.went.items() if self.paid[line]}
            self.opened = {line: of for line, of in self.opened.items() if self.paid[line]}
        if name in self.receipt:
            self.put(self.receipt[name]["about"], **{self.receipt[name]["level"]: -self.receipt[name]["amount"]})

    def put(self, ref: str, **more: int) -> None:
        """Add to the sums of a payment or delivery."""
        row = self.disbursement[self.resolve(ref)]
        row.update({name: min(row.get(name, 0) + count, row["amount"]) for name, count in more.items()})

    def came_back(self, name: str, amount: int) -> None:
        """Some of a payment, which can be paid back again if it is of a grant that the payment paid back."""
        row = self.disbursement[name]
        row["left"] -= amount
        row["contested"] = row.get("contested") or not self.has_signed(row["payee"])
        if "repays" in row:
            self.income[row["returned"]]["repaid"] -= amount
        if "returns" in row:
            self.taking[row["returned"]]["units"] += self.last(f"{row['fund']}/{row['unit']}", amount)

    def untaken(self, ref: str) -> list[tuple[int, int]]:
        """The ranges of a payment's units that no receipt took and that did not come back."""
        row, at, found = self.disbursement[self.resolve(ref)], 0, []
        for start, end in [*sorted(row["held"].values()), (row["left"], row["left"])]:
            found += [(at, start)] if at < start else []
            at = max(at, end)
        return found

    def take(self, record: Record, name: str, into: str | None, day: str) -> None:
        if into is None:
            return
        row, amount = self.disbursement[name], record["amount"]
        start = next((start for start, end in self.untaken(name) if end - start >= amount), row["left"])
        row["held"][self.name], row["takings"] = (start, start + amount), row["takings"] + 1
        self.keep("taking", self.name, party=self.speaker, about=name, fund=into, unit=row["unit"], day=day, **{
            "units": self.last(f"{into}/{row['unit']}", amount)})

    def advance(self, ref: str) -> Record:
        need(self.resolve(ref) in self.income and self.resolve(ref) not in self.void, "reference")
        row: Record = self.income[self.resolve(ref)]
        return row

    def repay(self, name: str, amount: int) -> None:
        self.income[name]["repaid"] += amount
        self.disbursement[self.name]["returned"] = name

    def returned(self, ref: str) -> Record:
        """The receipt that took a grant which is paid back."""
        need(self.resolve(ref) in self.taking and self.resolve(ref) not in self.void, "reference")
        row: Record = self.taking[self.resolve(ref)]
        return row

    def is_in_books(self, day: str, party: str) -> bool:
        return self.party[party]["books_from"] <= day <= self.day

    def label_of(self, use: str, day: str) -> str | None:
        rows = self.labels.get(self.speaker, [])
        said = use if use in {*ENDLESS, *(row["use"] for row in rows)} else "other"
        if said not in {row["use"] for row in rows}:
            return use if use in ENDLESS else day[:4]
        spans = [(row["label"], row["from_day"], row.get("until_day", day)) for row in rows if row["use"] == said]
        return next((label for label, start, end in spans if start <= day <= end), None)

    def of_gift(self, gift: Record, day: str) -> bool:
        need(self.kinds[gift["kind"]]["is_gift"], "reference")
        return within_a_day(day, gift["received_on"]) or self.fault("day") or True

    def check_moves(self, rows: list[Any], record: Record, flows: list[Any]) -> None:
        moves = [(word, f"{fund}/{unit}", *values) for word, ((fund, unit), *values) in self.rows(rows, record)]
        legs = [leg for word, tape, *values in moves for leg in (
            [("-", goods, 0, [[start, end]]) for goods, start, end in values[0]] if word == "goods-go-void"
            else [LEGS[word](tape, *values)])]
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
    **dict.fromkeys(("units-go-out", "goes-back", "goes-void"), lambda tape, units, part=None: ("-", tape, 0, part or units)),
    "as-many-come-in": lambda tape, units, part: ("+", tape, sum(end - start for start, end in part or units), None),
    "pays-fee-back": lambda tape, amount: ("-", tape, amount, None),
    "makes-good": lambda tape, units: ("-", tape, sum(end - start for start, end in units), None),
}
DEMANDS = {
    "not-after-today": lambda log, day: day <= log.day, "in-its-books": lambda log, day: log.is_in_books(day, log.speaker),
    "under-its-label": lambda log, ref, channel, day: ref is None or ref.split(":")[1] == log.label_of(channel, day),
    "under-account-label": lambda log, ref, day: ref.split(":")[1] == log.label_of("accounts", day),
    "signed-by-counter": lambda log, party: log.has_signed(party),
    "is-root": lambda log, fund: log.fund[fund]["line"][-1] == fund,
    "of-one-account": lambda log, account, *said: log.is_one_account((log.speaker, *account), *said),
    "in-books-of-leader": lambda log, *said: said[1] <= log.day and log.is_in_books(said[0], log.activity[said[2]]["owner"]),
    "opens-line": lambda log, *said: log.opens_line(*said), "is-organisation": lambda log: not log.party[log.speaker]["is_person"],
    "under-invoice-label": lambda log, ref, day: ref.split(":")[1] == log.label_of("invoices", day),
    "has-reference": lambda log, channel, ref: ref is not None or channel in ("cash", "in-kind", "own"),
    "in-books-of": lambda log, day, ref: log.is_in_books(day, log.disbursement[log.resolve(ref)]["party"]),
    "answers": lambda log, day, ref: within_a_day(day, log.disbursement[log.resolve(ref)]["day"]),
    "as-many": lambda log, units, amount, _: units is None or sum(end - start for start, end in units) == amount,
    "below": lambda log, fee, amount, _: fee < amount,
    "may-keep-fees": lambda log, keeper, fund: (
        keeper != log.fund[fund]["owner"] and log.has_role(keeper, {"custodian", "platform"})),
    "is-a-platform": lambda log, via: via != log.speaker and log.has_role(via, {"platform"}),
    "not-for-a-relative": lambda log, keeper, fund, day: not log.is_related(keeper, owner := log.fund[fund]["owner"], day, {owner}),
    "in-log": lambda log, ref: log.claimed(ref),
    "of-gift": lambda log, ref, tape, units, fee, day: need(log.resolve(ref) not in log.void, "reference") or (
        log.of_gift(log.claimed(ref)[1], day) and (
            fee[0] is None or need((gift := log.claimed(ref)[1]).get("fee") == fee[0] and (fee[1] is not None or fee[0] + sum(
                end - start for part in units for start, end in part or ()) == gift["amount"]), "fee") or True)),
    "digests-of": lambda log, ref, digests: need(log.claimed(ref)[0] == log.speaker, "authority") or (
        set(digests) <= set(log.claimed(ref)[1].get("private", ()))),
    "can-be-undone": lambda log, ref, gave, part: log.can_be_undone(ref, gave) and (
        need(log.unspent(ref, gave, part), "overdraft") or True),
    "part-of": lambda log, ref, part: not part or (log.resolve(ref) in log.allocation and all(
        low <= start and end <= high for start, end in part for low, high in log.allocation[log.resolve(ref)]["units"])),
    "can-be-corrected": lambda log, *said: log.can_be_corrected(*said),
    "under-labels-of": lambda log, *said: log.under_labels(*said),
    "takes-place-of": lambda log, ref: need(log.resolve(ref) in log.void, "reference") or need(
        log.claimed(ref)[0] == log.speaker, "authority") or True,
    "can-come-back": lambda log, ref: log.can_come_back(ref),
    "spent": lambda log, tape, units: all(
        high <= start or end <= low for start, end in units for low, high in log.tapes["/".join(tape)].free),
    "can-stand-below": lambda log, parent, kind: len(log.fund[parent]["line"]) <= 16 and (
        log.fund[parent]["kind"] != "activity" and not (kind == "project" and log.fund[parent]["project"])),
    "is-new-fund": lambda log, name: name not in log.fund, "in-project": lambda log, parent: log.fund[parent]["project"],
    "of-payee": lambda log, to, payee: to is None or log.named("fund", to)["owner"] == payee,
    "receivable": lambda log, ref, into, level: need(log.resolve(ref) not in log.void or (
        into is None and level not in ("documented", "self-declared")), "reference") or (
        "grant" in (row := log.disbursement[log.resolve(ref)]) and level == "recipient-signed" if into is not None
        else "grant" not in (row := log.disbursement[log.resolve(ref)]) or level not in ("documented", "self-declared") and (
            not row["keyed"] or level == "recipient-signed" and (
                row.get("contested") and row["left"] == sum(end - start for start, end in row["held"].values())))),
    "not-void": lambda log, ref: log.resolve(ref) not in log.void,
    "own-fund": lambda log, into: log.named("fund", into)["owner"] == log.speaker,
    "not-taken": lambda log, ref, amount: log.disbursement[log.resolve(ref)]["takings"] < 64 and any(
        end - start >= amount for start, end in log.untaken(ref)) or need(False, "receipt-excess"),
    "not-come-back": lambda log, ref, amount: amount <= (row := log.disbursement[log.resolve(ref)])["left"] - max(
        (end for _, end in row["held"].values()), default=0),
    "gives-back": lambda log, ref, tape, payee: [(row := log.returned(ref))["fund"], row["unit"]] == tape and (
        row["party"] == log.speaker and log.disbursement[row["about"]]["party"] == payee),
    "of-advance": lambda log, ref, tape, payee: (row := log.advance(ref))["income_class"] == "advance" and (
        row["party"], row["unit"], row["lender"], log.fund[row["fund"]]["project"]) == (
            log.speaker, tape[1], payee, log.fund[tape[0]]["project"]) and (
        tape[0] in log.fund[row["fund"]]["line"] or (
            log.fund[tape[0]]["free"] and log.fund[tape[0]]["line"][-1] == log.fund[row["fund"]]["line"][-1])),
    "within-advance": lambda log, ref, amount: amount <= (row := log.advance(ref))["amount"] - row["repaid"],
    "answers-receipt": lambda log, day, ref: within_a_day(day, log.returned(ref)["day"]),
    "of-that-receipt": lambda log, ref, units: all(
        log.tapes[f"{(row := log.returned(ref))['fund']}/{row['unit']}"].holds(start, end) and any(
            low <= start and end <= high for low, high in row["units"]) for start, end in units),
    "within-paid": lambda log, ref, amount, level, into: into or (
        (row := log.disbursement[log.resolve(ref)]).get(level, 0) + amount <= row["amount"]),
    "before-its-answers": lambda log, ref, day: log.can_have_been(log.disbursement.get(log.resolve(ref), {}), day),
    "may-change": lambda log, said: not (row := log.said_in_force(said[:2])) or row["said"] == said or (
        row["said"][:3] == said[:3] and row["said"][3] is None and said[2] != "control"),
    "keeps-its-days": lambda log, of, to, days: not (row := log.said_in_force((of, to))) or (
        days[0] <= row["starts_on"] and log.day <= (days[1] or "9")),
    "is-officer": lambda log, officer: officer in [[row["party"], row["officer"]] for row in log.key.values()],
    "is-another-organisation": lambda log, party: party != log.speaker and not log.party[party]["is_person"],
    "another-party": lambda log, payee, fund: payee != log.fund[fund]["owner"],
    "returnable": lambda log, ref: log.disbursement[log.resolve(ref)]["returnable"],
    "opens-holder": lambda log, ref, opening: log.opens(log.resolve(ref), *log.claimed(ref), **opening),
    "is-new-key": lambda log, key: key not in log.key and key not in log.answered and key != log.ledger.get("log_key"),
    "signed-by-another": lambda log, key: any(party == log.speaker and other != key for other, party, _ in log.signers),
    "in-force": lambda log, key: log.in_force(log.key[key]), "not-log-key": lambda log, key, log_key: key != log_key,
    "is-pending": lambda log, key: log.day < max(log.key[key]["until"] or "", log.key[key]["from"]) and log.key[key]["until"] != "",
    "is-new-party": lambda log, name: name not in log.party, "was-admitted": lambda log, name: log.party[name]["since"] < log.index,
    "is-new-identifier": lambda log, number: bare(number) not in log.registered,
    "not-operator": lambda log, roles: "operator" not in roles, "is-another": lambda log, second: second != log.speaker,
    "stands-first": lambda log: log.index == log.number == 0, "stands-alone": lambda log: len(log.records) == 1,
    "turns-back": lambda log: log.now < log.time, "follows-stamps": lambda log: log.stamped <= log.now,
    "stamps-entries": lambda log, size: 1 <= size <= log.index, "stamped-by-now": lambda log, time: log.stamped <= time <= log.now,
    "is-rare": lambda log: not log.set_on or timedelta(30) <= date.fromisoformat(log.day) - date.fromisoformat(log.set_on),
    "knew-before": lambda log: all(log.key[key]["on"] <= log.day for key, _, _ in log.signers),
    "continues-log": lambda log, continues: log.index and len(log.records) == 1,
    "begins-no-later": lambda log, day: day <= log.party[log.speaker]["books_from"],
    "is-new-unit": lambda log, unit: unit.casefold() not in map(str.casefold, log.unit),
    "same-as-before": lambda log, label, said: log.label.get((log.speaker, label), said) == said,
}  # fmt: skip
REMEMBER = {
    "states": lambda log, record, account: log.state(record, (log.speaker, *account)),
    "takes-line": lambda log, record, ref, one, day, amount: log.take_line(
        ref, (log.resolve(one["statement"]), one["number"]), day, amount),
    "answers-holder": lambda log, record, ref, opening: log.answered.setdefault(opening["key"], log.resolve(ref)),
    "makes-fund": lambda log, record, name, parent: log.keep("fund", name, **{
        "owner": log.speaker, "parent": parent or "", "kind": record["kind"],
        "line": [name, *(log.fund[parent]["line"] if parent else [])],
        "project": name if record["kind"] == "project" else log.fund[parent]["project"] if parent else "",
        "free": record.get("restriction", "unrestricted") == "unrestricted" and (not parent or log.fund[parent]["free"])}),
    "commits-with": lambda log, record, label, said: log.label.setdefault((log.speaker, label), said),
    "undoes": lambda log, record, ref, part, reason: log.undo(ref, part),
    "takes-in": lambda log, record, tape, sort, day: log.keep("income", log.name, party=log.speaker, **{
        **record, "day": day, "units": log.last("/".join(tape), record["amount"]), "repaid": 0}),
    "exchanges": lambda log, record, tape, into, amounts, day: log.keep("exchange", log.name, party=log.speaker, **{
        **record, "units": log.last("/".join(into), amounts[1])}),
    "feeds-back": lambda log, *_: log.keep("feedback", log.name, party=log.speaker),
    "breaks": lambda log, record, findings, reason: log.keep("breach", log.name, findings=findings),
    "allocates": lambda log, record, source, to, unit: log.keep("allocation", log.name, party=log.speaker, source=source, **{
        **record, "units": log.last(f"{to}/{unit}", record["amount"])}),
    "disburses": lambda log, record, who, day: log.keep("disbursement", log.name, party=log.speaker, **{
        **record, "payee": named(who), "day": day, "keyed": any(
            row["party"] == who[0] and log.in_force(row) and "receipt" in row.get("kinds", ["receipt"])
            for row in log.key.values()),
        "beside": ({party for _, party, _ in log.signers} | log.seconds_of(log.speaker)) - {log.speaker},
        "keeper": log.says(("channel", record.get("channel"))),
        "returnable": record["kind"] == "payment" and "goods" not in record, "held": {}, "takings": 0,
        "left": record["amount"], "bought": [row[2:] for row in log.flows if row[1] == "+" and "goods" in record]}),
    "acknowledges": lambda log, record, ref, level, day, into: into or log.acknowledge(record, log.resolve(ref), level),
    "takes": lambda log, record, ref, into, day: (log.take(record, log.resolve(ref), into, day), log.granted[
        log.fund[into]["line"][-1]].add(log.disbursement[log.resolve(ref)]["party"])),
    "takes-back": lambda log, record, ref, amount: log.came_back(log.resolve(ref), amount),
    "is-answered": lambda log, record, ref, day: (row := log.disbursement[log.resolve(ref)]).update(
        answered_on=min(row.get("answered_on", day), day)),
    "repays": lambda log, record, ref, amount: log.repay(log.resolve(ref), amount),
    "pays-back": lambda log, record, ref, amount: log.disbursement[log.name].update(grant={}, returned=log.resolve(ref)),
    "counts": lambda log, record, *row: log.paid.update({key: log.paid[key] + amount_of(row[1]) for key in log.sums(*row)}),
    "counts-again": lambda log, record, *said: [REMEMBER["counts"](log, record, *row) for row in log.moved(*said)],
    "corrects": lambda log, record, *said: log.correct(*said),
    "mandates": lambda log, record: log.mandate(record),
    "relates": lambda log, record, said, days: log.relate(record, said),
    "names-ledger": lambda log, record, zone, key: log.ledger.update(operator=log.speaker, time_zone=zone, log_key=key),
    "rules-change": lambda log, record, rules: log.ledger.update(rules=rules),
    "ends-log": lambda log, record, root, key: log.ledger.update(log_key=key),
    "declares": lambda log, record, unit, _: log.keep("unit", unit),
    "admits": lambda log, record, name, called, roles, day: log.keep("party", name, roles=roles, **{
        "is_person": called is None, "books_from": day or log.day}),
    "makes-operator": lambda log, record, _, day: log.keep("party", log.speaker, roles=["operator"], **{
        "is_person": False, "books_from": day or log.day}),
    "is-registered": lambda log, record, name, number: log.registered.setdefault(bare(number), name),
    "moves-books-from": lambda log, record, day: log.party[log.speaker].update(books_from=day),
    "is-stamped": lambda log, record, tree, time, *_: setattr(log, "stamped", time),
    "sets-clock": lambda log, record: setattr(log, "set_on", max(log.set_on, log.day)),
    "gives-key": lambda log, _, key, who, party="": log.keep("key", key, **{
        "party": party or log.speaker, "officer": who, "from": "", "until": None}),
    "gives-key-later": lambda log, _, key, who: log.keep("key", key, **{
        "party": log.speaker, "officer": who, "from": log.later(), "until": None}),
    "revokes": lambda log, record, key: log.revoke(key),
    "withdraws": lambda log, record, key: log.key[key].update(until="" if log.day < log.key[key]["from"] else None),
    "revokes-all": lambda log, record, name: [row.update(until="") for row in log.key.values() if row["party"] == name],
    "limits": lambda log, record, key, kinds: kinds and log.key[key].update(kinds=kinds),
    "is-led": lambda log, record, name, those: log.keep("activity", name, owner=log.speaker, implementers=those or []),
}  # fmt: skip
