"""Accounting: the fold over what was examined, and at its end the claims and keys it wrote aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from ..books.act import Act
from ..books.fold import Fault, apply, judge, skip
from ..books.state import Books
from ..canonical import encode
from ..errors import Refused, SchemaError
from ..leaf import Leaf, keys_of_statement, settle_claim
from ..log.entry import FLOWS_BYTES, check_flows
from .examine import Examined
from .finding import WHOLE, Finding
from .spill import Claims, Keys

Reread = Callable[[int], Leaf | None]


class Accounting:
    """Owns the books of an audit. `records` counts what was applied, by kind. `unknown` says that the last entry put a rule set in
    force that this program does not know, so that nothing after it can be judged."""

    def __init__(self, keys: Keys, claims: Claims) -> None:
        self.books = Books()
        self._keys, self._claims = keys, claims
        self.records: Counter[str] = Counter()
        self.findings: list[Finding] = []
        self.unknown = False

    def apply(self, examined: Examined, leaf: Leaf) -> None:
        """Apply one entry; where it breaks a rule, apply what can be and keep the findings."""
        said = leaf.said()
        try:
            act = apply(self.books, said)
            flows = encode(act.flows)
            agreed = len(flows) <= FLOWS_BYTES and examined.raw.startswith(b'{"flows":%b,"index":' % flows)
        except Refused:
            agreed = False
        if not agreed:
            self.books.rollback()
            act = self._judge(leaf)
        self.books.commit(keep=False)
        self._keep(leaf, act)

    def skip(self, index: int, flows: list[Any]) -> None:
        """Pass over an entry that could not be read but for these flows."""
        skip(self.books, index, [] if _malformed(flows) else flows)
        self.books.commit(keep=False)

    def _judge(self, leaf: Leaf) -> Act:
        flows, malformed = leaf.entry.flows, _malformed(leaf.entry.flows)
        act, faults = judge(self.books, leaf.said(), with_sound_flows(leaf).entry.flows)
        if malformed:
            faults = [Fault(WHOLE, "tape-flow", malformed, True), *(fault for fault in faults if fault.rule != "tape-flow")]
        flows_bytes = len(encode(flows))
        if flows_bytes > FLOWS_BYTES:
            faults.append(Fault(WHOLE, "fragmented", f"flows: {flows_bytes} bytes; an entry holds at most {FLOWS_BYTES}", True))
        self._find(leaf.entry.index, faults)
        return act

    def _find(self, index: int, faults: list[Fault]) -> None:
        """Keep the faults, up to the first that says that the rest cannot be judged."""
        for fault in faults:
            finding = Finding(index, fault.record, fault.rule, fault.message)
            self.findings.append(finding)
            if finding.kind == "unknown":
                self.unknown = True
                return

    def _keep(self, leaf: Leaf, act: Act) -> None:
        index = leaf.entry.index
        self._keys.add(keys_of_statement(leaf.statement), index)
        for claim in act.claims:
            kind = leaf.statement.records[claim.number].kind
            self._claims.add(claim.entry, claim.record, index, claim.number, kind, claim.facts)
        kinds = [record.kind for record in leaf.statement.records]
        self.records.update(kinds)
        if "recovery" in kinds:
            self.findings.extend(_recoveries(leaf))

    def finish(self, reread: Reread) -> None:
        """Settle the claims and compare the keys that were written aside; `reread` gives a leaf again by its index."""
        self.findings.extend(_unsettled(self._claims, reread))
        self.findings.extend(_repeated(self._keys, reread))


def with_sound_flows(leaf: Leaf) -> Leaf:
    """The leaf, without its flows where they are of no form."""
    return leaf._replace(entry=leaf.entry._replace(flows=[])) if _malformed(leaf.entry.flows) else leaf


def _malformed(flows: list[Any]) -> str:
    try:
        check_flows(flows)
    except SchemaError as error:
        return error.message
    return ""


def _recoveries(leaf: Leaf) -> Iterator[Finding]:
    for number, record in enumerate(leaf.statement.records):
        if record.kind == "recovery":
            message = f"party {record.party} was given a new key by {leaf.statement.party}: {record.reason}"
            yield Finding(leaf.entry.index, number, "recovery", message)


def _unsettled(claims: Claims, reread: Reread) -> Iterator[Finding]:
    about, earlier, target = (-1, -1), {}, None
    for entry, record, by_entry, by_record, kind, facts in claims.in_order():
        if (entry, record) != about:
            about, earlier = (entry, record), {}
            leaf = reread(entry)
            target = leaf.target(record) if leaf else None
        try:
            settle_claim(kind, facts, target, earlier.get(kind, []))
        except Refused as refused:
            yield Finding(by_entry, by_record, refused.rule, refused.message)
        earlier.setdefault(kind, []).append(facts)


def _repeated(keys: Keys, reread: Reread) -> Iterator[Finding]:
    for places in keys.repeated():
        held: dict[str, tuple[int, int]] = {}
        for entry, number in places:
            leaf = reread(entry)
            for at, key in keys_of_statement(leaf.statement) if leaf else ():
                if at == number and key in held and held[key] != (entry, number):
                    first = held[key]
                    yield _twice(entry, number, key, f"{first[0]}.{first[1]} has the same; a thing is recorded once")
                elif at == number:
                    held[key] = (entry, number)


def _twice(entry: int, number: int, key: str, message: str) -> Finding:
    if key.startswith("statement\0"):
        return Finding(entry, WHOLE, "statement-id", message)
    return Finding(entry, number, "duplicate-reference", message)
