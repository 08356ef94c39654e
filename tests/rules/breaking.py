"""Which rules the mutations of the golden ledger break: rows of what a kind demands, who has to say a kind, and who to sign it.

Rows that watch stand in the place of those of the rule sets while the mutations are folded. A row that raises, or tells of a fault,
is broken. A row that claims something of an earlier record is broken where the claim is found false at the end; a record makes one
claim at most, so that its place says which row that was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ledger.audit.accounting import Accounting
from ledger.books import authority
from ledger.books.rule import FIRST, RULE_SETS, Row, about, each, when
from ledger.books.statement_context import SKIPPED
from ledger.canonical import from_base64
from ledger.entries.leaf import Leaf, read_leaf
from ledger.errors import GiveTrailError, Refused
from ledger.examination.examine import brief
from ledger.examination.spill import Keys
from ledger.findings.scope import scope_of
from tests.golden.reading import MUTATIONS, golden, golden_entries

NESTING = {"about": about, "each": each, "when": when}
UNSIGNED = scope_of(["accounting"])
Place = tuple[int, int]
# What stands twice in a log, which breaks no row.
TWICE = {"statement-id", "duplicate-reference", "document-twice"}


class Broken(NamedTuple):
    """A row that was broken, and the rule that was found; or was `remarked`, which does not make the record wrong. Of who has to
    say a kind, and who to sign it, the word is `said_by` or `signed_by`."""

    kind: str
    word: str
    args: tuple[str, ...]
    rule: str
    remarked: bool = False


def simple(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows that hold no rows, those within others too."""
    for row in rows:
        inner = [arg for arg in row.args if isinstance(arg, Row)]
        yield from simple(inner) if inner else (row,)


class Watch:
    """Notes what is broken; `claimed` is the row that made a claim, by the place of its record, in the log that is being folded."""

    def __init__(self) -> None:
        self.broken: set[Broken] = set()
        self.claimed: dict[Place, tuple[str, Row]] = {}

    def row(self, kind: str, row: Row) -> Row:
        """A row that does the same and is watched."""
        if row.word in NESTING:
            return NESTING[row.word](*[self.row(kind, arg) if isinstance(arg, Row) else arg for arg in row.args])

        def step(record: Any, books: Any, context: Any) -> None:
            claims, mode, remarked = len(context.claims), context.mode, len(context.remarks)

            def told(rule: str, message: str, **facts: Any) -> None:
                self.note(kind, row, rule)
                mode(rule, message, **facts)

            context.mode = told
            try:
                row.step(record, books, context)
            except Refused as refused:
                self.note(kind, row, refused.rule)
                raise
            finally:
                context.mode = mode
            for remark in context.remarks[remarked:]:
                self.note(kind, row, remark.fault.rule, remarked=True)
            for claim in context.claims[claims:]:
                assert self.claimed.setdefault((context.index, claim.number), (kind, row))[1] is row, "a record makes one claim"

        return row._replace(step=step)

    def note(self, kind: str, row: Row, rule: str, remarked: bool = False) -> None:
        """What stands on a skipped record is not broken."""
        if rule != SKIPPED:
            self.broken.add(Broken(kind, row.word, tuple(map(str, row.args)), rule, remarked))

    def settled(self, accounting: Accounting, lines: list[bytes], claims: Any) -> frozenset[Broken]:
        """All that is broken in a log, with the rows of those claims that are found false at its end."""
        known = len(accounting.findings)
        accounting.finish(len(lines))
        for found in accounting.findings[known:]:
            if found.rule not in TWICE:
                self.note(*self.claimed[found.entry, found.record], found.rule)
        found = frozenset(self.broken)
        self.broken.clear()
        self.claimed.clear()
        return found

    def relation(self, name: str, judges: Callable[..., Any]) -> Callable[..., Any]:
        """Who may say a record, watched."""

        def parties(books: Any, record: Any, context: Any) -> Any:
            found = judges(books, record, context)
            if name == record.signing.author and context.party not in found:
                self.broken.add(Broken(record.kind, "said_by", (name,), "authority"))
            return found

        return parties

    def signing(self, name: str, judges: Callable[..., str]) -> Callable[..., str]:
        """Who has to sign a record, watched."""

        def problem(books: Any, record: Any, context: Any) -> str:
            found = judges(books, record, context)
            if found:
                self.broken.add(Broken(record.kind, "signed_by", (name,), "approval"))
            return found

        return problem


class Lines(list[bytes]):
    """Entries that are read a second time. Nothing is looked for that stands twice, which breaks no row."""

    def leaf(self, index: int) -> Leaf | None:
        """A leaf; None where there is none."""
        try:
            leaf = read_leaf(self[index])
        except (GiveTrailError, IndexError):
            return None
        return leaf._replace(entry=leaf.entry._replace(index=index))

    def leaves(self, end: int) -> Iterator[Leaf]:
        """None."""
        return iter(())


class Claims(list[tuple[Any, ...]]):
    """Claims, in memory."""

    def add(self, *claim: Any) -> None:
        """Keep a claim."""
        self.append(claim)

    def in_order(self) -> list[tuple[Any, ...]]:
        """By the record they are about, then by when they were made."""
        return sorted(self, key=lambda claim: claim[:4])

    def close(self) -> None:
        """Nothing is open."""


def fold(raws: Iterable[bytes], start: tuple[Any, ...] = ()) -> tuple[Any, ...]:
    """The accounting of an audit after these entries, all entries, and all claims. What it gave for others can be its `start`."""
    before, lines, claims = start or (None, (), ())
    lines, claims = Lines(lines), Claims(claims)
    accounting = Accounting(Keys(Path()), claims, lines)
    if before is not None:
        accounting.books = before.books.copy()
    for raw in raws:
        seen = brief(raw, len(lines), UNSIGNED)
        lines.append(raw)
        if accounting.unknown or (seen.journal_entry is None and seen.moved is None):
            break
        if seen.journal_entry is not None:
            accounting.apply(seen)
        else:
            accounting.skip(len(lines) - 1, seen.moved or [])
    return accounting, lines, claims


@cache
def broken() -> dict[str, frozenset[Broken]]:
    """What each mutation of the log breaks, by its name."""
    watch, entries = Watch(), golden_entries()
    with pytest.MonkeyPatch.context() as patch:
        for kind, rows in RULE_SETS[FIRST].items():
            patch.setitem(RULE_SETS[FIRST], kind, tuple(watch.row(kind, row) for row in rows))
        for name, (judges, sentence) in authority.RELATIONS.items():
            patch.setitem(authority.RELATIONS, name, (watch.relation(name, judges), sentence))
        for name, (judges, sentence) in authority.DEMANDS.items():
            patch.setitem(authority.DEMANDS, name, (watch.signing(name, judges), sentence))
        story = fold(entries)
        assert all(one.remarked for one in watch.settled(*story))
        cases = [case for case in map(golden, [f"mutations/{name}.json" for name in MUTATIONS]) if "entries" in case]
        return {case["name"]: watch.settled(*_after(case, entries, story)) for case in cases}


def _after(case: dict[str, Any], entries: list[bytes], story: tuple[Any, ...]) -> tuple[Any, ...]:
    raws = [from_base64(one["base64"]) if isinstance(one, dict) else one.encode() for one in case["entries"]]
    return fold(raws, story) if case["first"] == len(entries) else fold([*entries[: case["first"]], *raws])
