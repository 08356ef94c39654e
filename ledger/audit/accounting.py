"""Accounting: the fold over the examined entries, and at its end the claims and keys that it wrote to disk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any, Protocol

from ..books.alike import apply_alike
from ..books.fold import apply, judge, skip
from ..books.state import Books
from ..books.statement_context import JournalEntry, Run, StatementContext
from ..canonical import JsonObject, encode
from ..entries.leaf import Leaf, bearer, bears_again, keys_of_statement, named_before, place_named, unsettled
from ..errors import Refused, SchemaError
from ..examination.chunk import Chunk
from ..examination.examine import Brief, fingerprints
from ..examination.spill import Claims, Keys
from ..findings.finding import WHOLE, Finding
from ..log.entry import FLOWS_BYTES, check_flows
from .documents import Documents

REFERENCE = "reference\0"
"""The beginning of the unique keys of references."""
MOST_NAMED = 4096
"""About so many entries are kept of which a record names another one whose reference it may have again, or is named so."""


class Leaves(Protocol):
    """Reads leaves again after the pass, and makes sure that they are the examined ones."""

    def leaf(self, index: int) -> Leaf | None:
        """A leaf by its index; None if there is none or it cannot be read. Raises Unverifiable."""

    def leaves(self, end: int) -> Iterator[Leaf]:
        """The readable leaves up to index `end`, in order. Raises Unverifiable."""


class Accounting:
    """Owns the books of an audit. `records` counts the applied records by kind. `unknown` says that the last entry put a rule set
    in force that this program does not know, so nothing after it can be judged."""

    def __init__(self, keys: Keys, claims: Claims, again: Leaves) -> None:
        self.books = Books()
        self._keys, self._claims, self._again = keys, claims, again
        self.records: Counter[str] = Counter()
        self.findings: list[Finding] = []
        self.unknown = False
        self._named: set[int] = set()

    def apply(self, brief: Brief) -> None:
        """Apply one entry. If it breaks a rule, apply what can be applied and keep the findings."""
        try:
            context = apply(self.books, _journal_entry(brief))
            agreed = encode(context.flows) == brief.flows and len(brief.flows) <= FLOWS_BYTES
        except Refused:
            agreed = False
        if not agreed:
            self.books.rollback()
            context = self._judge(brief)
        self.books.commit(keep=False)
        self._keep(brief, context)

    def apply_chunk(self, chunk: Chunk) -> bool:
        """Apply the entries of a chunk together, and return whether they break no rule. If they do, or might, nothing is
        changed."""
        try:
            sound = list(map(encode, apply_alike(self.books, chunk.alike))) == list(chunk.flows)
        except Refused:
            sound = False
        if not sound:
            self.books.rollback()
            return False
        self.books.commit(keep=False)
        self._keys.add(chunk.keys)
        for form, count in Counter(chunk.alike.which).items():
            self.records[chunk.alike.forms[form].runs[0].first.kind] += count
        return True

    def save(self) -> JsonObject:
        """The books so far, as JSON for `resume`. What was written to disk is flushed to its files."""
        self._keys.flush()
        self._claims.flush()
        return {
            "rows": [[name, key, raw.decode()] for name, key, raw in self.books.rows()],
            "passed_over": self.books.passed_over,
            "skipped": sorted(self.books.skipped),
            "records": self.records,
            "findings": [list(finding) for finding in self.findings],
            "unknown": self.unknown,
            "named": sorted(self._named),
        }

    def resume(self, saved: JsonObject) -> None:
        """Continue from what `save` returned."""
        for name, key, raw in saved["rows"]:
            self.books.load(name, key, raw.encode())
        self.books.passed_over.update(saved["passed_over"])
        self.books.skipped.update(saved["skipped"])
        self.records.update(saved["records"])
        self.findings = [Finding(*finding) for finding in saved["findings"]]
        self.unknown = saved["unknown"]
        self._named = set(saved["named"])

    def skip(self, index: int, flows: list[Any]) -> None:
        """Pass over an entry that could not be read, except for these flows."""
        skip(self.books, index, [] if _malformed(flows) else flows)
        self.books.commit(keep=False)

    def _judge(self, brief: Brief) -> StatementContext:
        judged = _journal_entry(brief)
        leaf = self._again.leaf(judged.index)
        assert leaf is not None, "its statement was read"
        malformed = _malformed(leaf.entry.flows)
        context, faults = judge(self.books, judged, leaf.statement.records, with_sound_flows(leaf).entry.flows)
        found = [Finding(judged.index, fault.record, fault.rule, fault.message) for fault in faults]
        if malformed:
            found = [Finding(judged.index, WHOLE, "tape-flow", malformed), *(one for one in found if one.rule != "tape-flow")]
        if len(brief.flows) > FLOWS_BYTES:
            message = f"flows: {len(brief.flows)} bytes; an entry holds at most {FLOWS_BYTES}"
            found.append(Finding(judged.index, WHOLE, "fragmented", message))
        self._find(found)
        return context

    def _find(self, found: list[Finding]) -> None:
        """Keep findings, up to the first that says that the rest cannot be judged."""
        for finding in found:
            self.findings.append(finding)
            if finding.kind == "unknown":
                self.unknown = True
                return

    def _keep(self, brief: Brief, context: StatementContext) -> None:
        self._keys.add(brief.keys)
        for _, record, count in numbered(_journal_entry(brief).runs):
            self.records[record.kind] += count
            before = named_before(record)
            if before is not None and len(self._named) < MOST_NAMED:
                self._named |= {context.index, place_named(before, context.index)[0]}
        for number, fault, named in context.remarks:
            self.findings.append(Finding(context.index, number, fault.rule, fault.message, named))
        for claim in context.claims:
            self._claims.add(claim.entry, claim.record, context.index, claim.number, claim.facts)

    def finish(self, size: int) -> None:
        """Settle the claims, and find unique keys that occur twice among the first `size` entries."""
        self.findings.extend(_unsettled(self.books, self._claims, self._again))
        self._claims.close()
        repeated = self._keys.repeated()
        if repeated:
            self.findings.extend(_twice(self._leaves_of(repeated, size), repeated))

    def _leaves_of(self, repeated: Mapping[bytes, int], size: int) -> Iterable[Leaf]:
        """The leaves that have the keys of these fingerprints. If the records that correct or replace others, and the records that
        they name, have a key as often as it occurs, no other leaf does; else, and if it is a document's, it can be anywhere in the
        log."""
        near = [leaf for leaf in map(self._again.leaf, sorted(self._named)) if leaf is not None]
        met = Counter(fingerprints([key.encode()]) for leaf in near for _, key in keys_of_statement(leaf.statement))
        return near if all(met[one] == times for one, times in repeated.items()) else self._again.leaves(size)


def numbered(runs: Iterable[Run]) -> Iterator[tuple[int, Any, int]]:
    """(number, first record, how many) of each run of a statement."""
    number = 0
    for first, amounts in runs:
        yield number, first, len(amounts)
        number += len(amounts)


def with_sound_flows(leaf: Leaf) -> Leaf:
    """The leaf, without its flows if they do not have the right form."""
    return leaf._replace(entry=leaf.entry._replace(flows=[])) if _malformed(leaf.entry.flows) else leaf


def _malformed(flows: list[Any]) -> str:
    try:
        check_flows(flows)
    except SchemaError as error:
        return error.message
    return ""


def _journal_entry(brief: Brief) -> JournalEntry:
    assert brief.journal_entry is not None, "an entry without a statement is skipped"
    return brief.journal_entry


def _unsettled(books: Books, claims: Claims, again: Leaves) -> Iterator[Finding]:
    for (entry, record), made in groupby(claims.in_order(), itemgetter(0, 1)):
        leaf = again.leaf(entry)
        target = with_sound_flows(leaf).target(record) if leaf else None
        by_place = (((by_entry, by_record), facts) for _, _, by_entry, by_record, facts in made)
        for place, refused in unsettled(books, target, by_place):
            yield Finding(*place, refused.rule, refused.message)


def _twice(leaves: Iterable[Leaf], repeated: Container[bytes]) -> Iterator[Finding]:
    """Look for the keys whose fingerprints occur more than once in leaves, which are in the order of the log. Each repetition is a
    finding, unless the record may have the key again."""
    first: dict[str, tuple[int, int]] = {}
    documents = Documents(repeated)
    for leaf in leaves:
        index = leaf.entry.index
        yield from documents.twice(leaf)
        for number, key in keys_of_statement(leaf.statement):
            if fingerprints([key.encode()]) not in repeated:
                continue
            is_again = key.startswith(REFERENCE) and key in first and bears_again(leaf.statement, index, number, first[key])
            if is_again or key not in first:
                first[key] = bearer(leaf.statement, index, number)
            else:
                yield _repeated(index, number, key, first[key])


def _repeated(entry: int, number: int, key: str, first: tuple[int, int]) -> Finding:
    message = f"{first[0]}.{first[1]} was recorded first with the same one; record each thing once"
    if key.startswith("statement\0"):
        return Finding(entry, WHOLE, "statement-id", message)
    return Finding(entry, number, "duplicate-reference", message)
