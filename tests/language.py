"""The language of the books' tests: a ledger as an accountant writes it down, and what the books answer.

    2026-09-08                                                the day, from here on
    hope: donation 10.00 CNY -> school as gift                who: kind, its words, other members by name, a label
      + school/CNY 0..1000                                    all that it moved, in minor units
    hope by li, wang: allocation 4.00 CNY school -> books     by which keys; else by the party's first and every new one
      left school/CNY 6.00
    hope: payment 5.00 CNY books -> shop; progress books      two records in one statement
      ! overdraft: holds 4.00 CNY                    refused: the rule, and a piece of the sentence
    hope after 2: refund ^gift school CNY units=400..500      bound to entry 2, not to the last one

What follows makes of a statement an entry that is found in a log, and says what `judge` has to find in it, and no more:

      leaf 0 - school/CNY 500..600                            flows as the entry has them, by record; `leaf` alone: none
      finds 0 tape-flow: the rules give                       a fault, and the record applied
      skips 1 reference: there is no such fund                         a fault, and the record did not; -1 is the statement

`hope.li` is a key of officer li of hope, `hope.li2` a second key of the same officer. Signatures are made and checked.
"""

from __future__ import annotations

import hashlib
import re
import shlex
import uuid
from typing import Any

from ledger.books.fold import Fault, apply, judge
from ledger.books.record import KINDS
from ledger.books.state import Books
from ledger.books.statement_context import Flow, JournalEntry, StatementContext
from ledger.canonical import encode, parse, to_base64
from ledger.entries.leaf import Leaf, unsettled
from ledger.entries.statement import open_statement, sign_statement, write_statement
from ledger.errors import GiveTrailError
from ledger.log.entry import Entry
from ledger.log.key import SigningKey


def key(name: str) -> SigningKey:
    """The key of that name: always the same."""
    return SigningKey.from_seed(hashlib.sha256(name.encode()).digest())


def key_text(name: str) -> str:
    return to_base64(key(name).public)


ORIGIN = "ledger.example.org/books"
NEXT = "ledger.example.org/next"  # the log that continues it
WORDS = {
    "ledger": "key", "rules": "rules", "unit": "unit exponent", "party": "id roles keys", "key": "key", "key-revocation": "key",
    "key-withdrawal": "key", "mandate": "key_delay_days", "contact": "telephone", "clock-correction": "reason",
    "recovery": "party key", "fund": "id restriction parent", "project": "id restriction parent", "activity": "id parent",
    "donation": "amount unit fund", "income": "amount unit fund", "allocation": "amount unit fund to", "progress": "activity",
    "payment": "amount unit fund payee", "exchange": "amount unit fund to_amount to_unit", "delivery": "amount unit fund to",
    "rate": "unit to_unit", "write-off": "amount unit fund", "payment-return": "amount of", "receipt": "amount of level",
    "bank-statement": "fund unit opening closing", "stocktake": "fund unit counted counted_by",
    "feedback": "indicator value", "refund": "gift fund unit", "reversal": "of", "correction": "of", "statistics": "fund unit",
    "regional-statistics": "fund unit amount",
    "consent": "of decision", "erasure": "of ground", "acknowledgement": "finding of", "succession": "continues",
    "timestamp": "size time",
}  # fmt: skip
FILLERS = {"->", "of", "in", "below", "about"}
UNSAID = {  # and days are today's
    "name": "Name", "purpose": "Purpose", "reason": "Reason", "note": "Note", "method": "Method", "source": "Source",
    "measured_in": "pieces", "operator_name": "Operator", "entity": "organisation", "channel": "cash", "cost_class": "programme",
    "receipt_days": "10", "feedback_days": "30", "restriction": "restricted", "roles": "vendor", "cause": "loss", "by": "month",
    "income_class": "interest", "time_zone": "UTC+08:00", "rules": "givetrail/1", "level": "recipient-signed",
    "log_key": key_text("the.log"), "account": f"hmac-sha256:accounts:{'A' * 43}", "line_count": "0",
    "lines": hashlib.sha256(b"").hexdigest(), "root": "c" * 64, "digest": "d" * 64, "authority": "Stamping authority",
}  # fmt: skip
LISTS = {"keys", "kinds", "roles", "implementers", "payments", "digests", "private", "findings"}
PARTS = {
    "goods": "quantity unit fund cost", "thresholds": "unit amount", "cost_limits": "cost_class rate", "cells": "code amount gifts",
    "cover": "fund units", "fee_limits": "unit rate fixed", "continues": "origin size root", "breach": "findings reason",
    "invoice": "ref amount",
    "labels": "label use from_day until_day", "channels": "channel custodian", "major": "unit amount",
    "gave": "fund unit amount received_on units",
    "regional-statistics/cells": "code gifts share", "activity/budget": "unit amount",
    "budget": "cost_class unit amount", "targets": "indicator target measured_in by baseline",
    "group": "group_class people list",
}  # fmt: skip
LISTED = {"fee_limits", "goods", "thresholds", "cost_limits", "cells", "budget", "targets", "labels", "channels", "major"}
HEAD = re.compile(r"([a-z0-9-]+)(?: by ([^:]+?))?(?: after (\d+))?: (.*)")
FLOW = re.compile(r"(?:leaf (\d+) )?([+-]) (\S+) (\d+)\.\.(\d+)")
FOUND = re.compile(r"(finds|skips) (-?\d+) ([a-z-]+): (.+)")


def officer_of(name: str) -> str:
    """The officer who holds the key of that name."""
    return name.partition(".")[2].rstrip("0123456789")


def minor(text: str) -> int:
    """`10.00` is 1000, `3` is 3."""
    return int(text.replace(".", ""))


class Ledger:
    """A ledger in memory. `leaves` are its entries, `context` is what the last statement did."""

    def __init__(self) -> None:
        self.books = Books()
        self.leaves: list[Leaf] = []
        self.claims: dict[tuple[int, int], list[tuple[tuple[int, int], dict[str, Any]]]] = {}
        self.labels: dict[str, str] = {}
        self.first_key: dict[str, str] = {}
        self.time = "2026-09-07T10:00:00Z"
        self.context: StatementContext | None = None

    def play(self, text: str) -> Ledger:
        """Say every statement of a text and check all that it expects."""
        blocks: list[tuple[str, list[str]]] = []
        for line in filter(None, map(str.strip, text.splitlines())):
            if line.split(" ")[0] in ("!", "+", "-", "left", "leaf", "finds", "skips"):
                blocks[-1][1].append(line)
            else:
                blocks.append((line, []))
        for line, expected in blocks:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", line):
                self.time = f"{line}T10:00:00Z"
                continue
            try:
                self._play(*HEAD.fullmatch(line).groups(), expected)
            except AssertionError as wrong:
                raise AssertionError(f"{line}\n{wrong}") from None
        return self

    def _play(self, party: str, by: str, after: str, said: str, expected: list[str]) -> None:
        records, new_keys = self.read(party, said)
        names = [name if "." in name else f"{party}.{name}" for name in by.split(", ")] if by else []
        names = names or list(dict.fromkeys([self.first_key.get(party, new_keys and new_keys[0]), *new_keys]))
        bound = {"after": int(after)} if after else {}
        if any(row.startswith(("leaf", "finds", "skips")) for row in expected):
            self._compare_faults(self.find(party, records, names, flows_of(expected), **bound), expected)
        else:
            refusal = None
            try:
                self.say(party, records, names, **bound)
                for name in new_keys:
                    self.first_key.setdefault(name.partition(".")[0], name)
            except GiveTrailError as error:
                self.books.rollback()
                refusal = error
            self._compare(refusal, expected)
        for _, tape, amount in (row.split() for row in expected if row.startswith("left ")):
            assert self.left(tape) == minor(amount), f"left {tape} {self.left(tape)}"

    def _compare(self, refusal: GiveTrailError | None, expected: list[str]) -> None:
        wanted = next((row[2:].split(": ", 1) for row in expected if row[0] == "!"), None)
        if refusal or wanted:
            assert wanted and refusal, f"refused: {refusal.rule}: {refusal}" if refusal else "was not refused"
            assert refusal.rule == wanted[0] and wanted[1] in str(refusal), f"refused otherwise: {refusal.rule}: {refusal}"
        flows = [row[1:] for row in flows_of(expected)]
        assert not flows or flows == [row[1:] for row in self.context.flows], f"moved {self.context.flows}"

    def _compare_faults(self, faults: list[Fault], expected: list[str]) -> None:
        wanted = [FOUND.fullmatch(row).groups() for row in expected if row.startswith(("finds", "skips"))]
        found = [("finds" if fault.applied else "skips", str(fault.record), fault.rule) for fault in faults]
        assert found == [row[:3] for row in wanted], "\n".join(["found", *map(str, faults)])
        for fault, row in zip(faults, wanted, strict=True):
            assert row[3] in fault.message, fault.message

    def left(self, tape: str) -> int:
        """How many minor units lie on a tape."""
        row = self.books.tape.get(tape)
        return row.free() if row else 0

    def read(self, party: str, said: str) -> tuple[list[dict[str, Any]], list[str]]:
        """The records of a statement, and the names of the keys that they introduce."""
        records, new_keys = [], []
        for number, text in enumerate(said.split("; ")):
            record = self._record(number, shlex.split(text))
            owner = record.get("id" if record["kind"] == "party" else "party", party)
            if "keys" in record:
                names = [name if "." in name else f"{owner}.{name}" for name in record["keys"]]
                record["keys"] = [{"key": key_text(name), "officer": officer_of(name)} for name in names]
                new_keys += names
            elif "key" in record:
                name = record["key"] if "." in record["key"] else f"{owner}.{record['key']}"
                record["key"] = key_text(name)
                if record["kind"] not in ("key-revocation", "key-withdrawal"):
                    record.setdefault("officer", officer_of(name))
                    new_keys.append(name)
            records.append(record)
        return records, new_keys

    def _record(self, number: int, tokens: list[str]) -> dict[str, Any]:
        if "as" in tokens:
            at = tokens.index("as")
            self.labels[tokens[at + 1]] = f"{len(self.leaves)}.{number}"
            del tokens[at : at + 2]
        kind, *rest = tokens
        words = [token for token in rest if "=" not in token and token not in FILLERS]
        named = dict(token.split("=", 1) for token in rest if "=" in token)
        said = {**dict(zip(WORDS.get(kind, "").split(), words, strict=False)), **named}
        for name, field in KINDS[kind].model_fields.items():
            if field.is_required() or (kind == "party" and name == "name" and "entity" not in named):
                unsaid = self.time[:10] if name.endswith("_on") else UNSAID.get(name)
                said |= {name: unsaid} if unsaid and name not in said else {}
        if kind == "payment" and not {"returns", "repays"} & said.keys():
            said.setdefault("cost_class", UNSAID["cost_class"])
        return {"kind": kind, **{name: self._value(name, text, kind) for name, text in said.items()}}

    def _value(self, name: str, text: str, kind: str = "statistics") -> Any:
        if name in PARTS:
            names = PARTS.get(f"{kind}/{name}", PARTS[name]).split()
            said = [zip(names, part.rsplit(":", len(names) - 1), strict=False) for part in text.split("+")]
            parts = [{n: self._value(n, v) for n, v in pairs} for pairs in said]
            return parts if name in LISTED else parts[0]
        if name == "grant":
            return {"fund": text} if text else {}
        if text == "here":
            return len(self.leaves)
        if name in LISTS:
            return [self._value("", item) for item in text.split(",")]
        if text[:1] == "^":
            entry, _, record = self.labels[text[1:]].partition(".")
            return f"@{record}" if int(entry) == len(self.leaves) else f"{entry}.{record}"
        if re.fullmatch(r"\d+\.\.\d+(,\d+\.\.\d+)*", text):
            return [[int(end) for end in span.split("..")] for span in text.split(",")]
        if re.fullmatch(r"\d+/\d+", text):
            return [int(part) for part in text.split("/")]
        return minor(text) if re.fullmatch(r"-?\d+(\.\d\d)?", text) and name not in ("of", "gift") else text

    def say(self, party: str, records: list[dict[str, Any]], by: list[str], **more: Any) -> StatementContext:
        """Make, sign, check and apply a statement. Raises what the schema, the signatures, the books or a claim say against it."""
        leaf, said = self.heard(party, records, by, **more)
        context = apply(self.books, said)
        claims = {place: list(made) for place, made in self.claims.items()}
        for entry, record, number, facts in context.claims:
            made = claims.setdefault((entry, record), [])
            made.append(((said.index, number), parse(encode(facts))))
            for by, refused in unsettled(self.books, self.leaves[entry].target(record), made):
                if by == (said.index, number):
                    raise refused
        self.claims = claims
        self._keep(leaf, context.flows)
        self.context = context
        return context

    def origin_of(self, records: list[dict[str, Any]]) -> str:
        """The log that a statement of these records names."""
        row = self.books.ledger.get("")
        return NEXT if records[0].get("kind") == "succession" else row.origin if row else ORIGIN

    def find(self, party: str, records: list[dict[str, Any]], by: list[str], flows: list[Flow], **more: Any) -> list[Fault]:
        """What an audit finds in an entry with these flows; it goes on with what can be applied."""
        leaf, said = self.heard(party, records, by, **more)
        _, faults = judge(self.books, said, leaf.statement.records, flows)
        self._keep(leaf, flows)
        return faults

    def _keep(self, leaf: Leaf, flows: list[Flow]) -> None:
        self.books.commit()
        self.leaves.append(leaf._replace(entry=leaf.entry._replace(flows=flows)))

    def heard(
        self, party: str, records: list[dict[str, Any]], by: list[str], after: int | None = None, **more: str
    ) -> tuple[Leaf, JournalEntry]:
        """A statement, written, signed and opened again. `more`: `time` of the entry, `signed_at`, `ledger`."""
        index, seen = len(self.leaves), len(self.leaves) - 1 if after is None else after
        id = str(uuid.UUID(bytes=hashlib.sha256(b"%d" % index).digest()[:16]))
        signed_at, origin = more.get("signed_at", self.time), more.get("ledger", self.origin_of(records))
        bound = (seen, "a" * 64) if seen >= 0 else None
        raw = write_statement(ledger=origin, party=party, id=id, signed_at=signed_at, records=records, after=bound)
        signatures = sign_statement(raw, [key(name) for name in by])
        leaf = Leaf(Entry(index, "0" * 64, more.get("time", self.time), signatures, {}, raw, []), open_statement(raw, signatures))
        return leaf, leaf.journal_entry()


def flows_of(lines: list[str]) -> list[Flow]:
    """The flows that some lines say, by record."""
    found = [match for match in map(FLOW.fullmatch, lines) if match]
    return [[int(number or 0), sign, tape, int(start), int(end)] for number, sign, tape, start, end in (m.groups() for m in found)]


def a_ledger() -> Ledger:
    """A ledger with an operator, a charity, those it deals with, a general fund, and a school with two activities. A key that the
    charity adds or revokes from 2026-09-07 on does not wait."""
    return Ledger().play("""
        2026-09-01
        op: ledger chief; unit CNY 2; unit USD 2; unit box 0; unit mask 0
        op: party hope charity li books_from=2026-08-01; party shop vendor sun; party press vendor; party village beneficiary ma
        op: party auditco auditor zhou; party friends sponsor fan; party till custodian
        hope: fund general unrestricted; project school restricted; activity books school; activity desks school; mandate 0
        2026-09-07
    """)
