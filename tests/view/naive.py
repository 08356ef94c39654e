"""The answers of a snapshot without any index: every entry is read, every record looked at, every unit counted by itself."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from ledger.books.fold import apply
from ledger.books.state import Books
from ledger.entries.leaf import Leaf
from tests.trace.pencil import Pencil

Place = tuple[int, int]
# Which members of a record name funds and parties, written down by hand from docs/reference/kinds.md.
FUNDS = {
    "fund": ["id", "parent"], "project": ["id", "parent"], "activity": ["id", "parent"], "donation": ["fund"],
    "income": ["fund"], "allocation": ["fund", "to"], "payment": ["fund", "grant.fund", "goods.fund"], "exchange": ["fund"],
    "delivery": ["fund", "grant.fund"], "receipt": ["into"],
    "write-off": ["fund"], "refund": ["fund", "cover.fund", "fee_from"], "statistics": ["fund"],
    "regional-statistics": ["fund"], "bank-statement": ["fund"],
    "stocktake": ["fund"],
    "progress": ["activity"], "feedback": ["activity"], "reversal": ["gave.fund"],
}  # fmt: skip
ACTIVITIES = {"progress": ["activity"], "feedback": ["activity"]}
PARTIES = {
    "donation": ["donor", "fee_to", "via"], "party": ["id"], "exchange": ["custodian"], "relation": ["of", "to"],
    "income": ["lender"],
    "reversal": ["gave.fee_to"], "activity": ["implementers"], "payment": ["payee"], "delivery": ["to"],
    "recovery": ["party"], "stocktake": ["counted_by"],
    "mandate": ["channels.custodian", "second"],
}  # fmt: skip
REFS = {
    "acknowledgement": ["of"], "consent": ["of"], "erasure": ["of"], "feedback": ["payments"], "payment-return": ["of"],
    "receipt": ["of", "line.statement"], "refund": ["gift"], "reversal": ["of"],
    "correction": ["of"], "donation": ["replaces"], "payment": ["replaces", "returns", "repays"],
}  # fmt: skip


def named(record: Any, paths: Sequence[str]) -> Iterator[str]:
    """What stands at some paths of a record."""
    for path in paths:
        found = [record.model_dump(exclude_none=True)]
        for member in path.split("."):
            found = [value[member] for value in found if member in value]
            found = [item for value in found for item in (value if isinstance(value, list | tuple) else [value])]
        yield from found


def books_of(leaves: Sequence[Leaf]) -> Books:
    """The fold of some entries, from the first."""
    books = Books()
    for leaf in leaves:
        apply(books, leaf.journal_entry())
        books.commit(keep=False)
    return books


def rows(books: Books) -> dict[str, list[tuple[str, Any]]]:
    """Every row of the books."""
    return {table.name: list(table.items()) for table in books.tables}


class Naive:
    """A ledger of some leaves. `terms` are what each record names, as (what, name)."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self.leaves = leaves
        self.records = {(leaf.entry.index, n): record for leaf in leaves for n, record in enumerate(leaf.statement.records)}
        self.party = {(leaf.entry.index, n): leaf.statement.party for leaf in leaves for n in range(len(leaf.statement.records))}
        self._project = self._projects()
        self.terms = {place: self._terms(place) for place in self.records}

    def _projects(self) -> dict[str, str]:
        project: dict[str, str] = {}
        for record in self.records.values():
            if record.kind == "project":
                project[record.id] = record.id
            elif record.kind in ("fund", "activity"):
                project.setdefault(record.id, project.get(record.parent, ""))
        return project

    def named_of(self, index: int, record: Any) -> Any:
        """The record that a record of that entry names as `of`."""
        entry, _, number = (f"{index}.{record.of[1:]}" if record.of[0] == "@" else record.of).partition(".")
        return self.records[int(entry), int(number)]

    def refs(self, place: Place) -> list[Place]:
        """The records that a record names."""
        refs = named(self.records[place], REFS.get(self.records[place].kind, ()))
        pairs = [ref.split(".") if ref[0] != "@" else (place[0], ref[1:]) for ref in refs]
        return [(int(entry), int(record)) for entry, record in pairs]

    def _terms(self, place: Place) -> set[tuple[str, str]]:
        record = self.records[place]
        funds = set(named(record, FUNDS.get(record.kind, ())))
        for other in map(self.records.get, self.refs(place)):
            if other is not None and other.kind == "receipt":
                funds |= {other.into} if other.into is not None else set()
            elif other is not None and other.kind in ("payment", "delivery", "allocation", "income", "exchange"):
                funds |= {other.fund, *([other.to] if other.kind == "allocation" else [])}
        parties = {self.party[place], *named(record, PARTIES.get(record.kind, ()))}
        return {
            ("kind", record.kind), *(("indicator", record.indicator) for _ in [1] if record.kind == "feedback"),
            *(("party", name) for name in parties), *(("fund", name) for name in funds),
            *(("project", self._project[name]) for name in funds if self._project.get(name)),
            *(("activity", name) for name in named(record, ACTIVITIES.get(record.kind, ()))),
            *(("about", f"{entry}.{number}") for entry, number in self.refs(place)),
        }  # fmt: skip

    def places(self, after: Place | None, newest_first: bool, **wanted: str) -> list[Place]:
        """Every record that meets the conditions, after a place."""
        found = sorted((p for p in self.records if set(wanted.items()) <= self.terms[p]), reverse=newest_first)
        return [p for p in found if after is None or (p < after if newest_first else p > after)]

    def owners(self) -> dict[str, tuple[str, str]]:
        """(project, charity) of every fund."""
        said = {record.id: self.party[p] for p, record in self.records.items() if record.kind in ("fund", "project", "activity")}
        return {fund: (self._project[fund], said[fund]) for fund in said}

    def flows(self) -> Iterator[tuple[Any, str, str, int, int]]:
        """(record, tape, sign, start, end) of every flow."""
        for leaf in self.leaves:
            for number, sign, tape, start, end in leaf.entry.flows:
                yield self.records[leaf.entry.index, number], tape, sign, start, end

    def states(self) -> tuple[dict[str, Counter[str]], dict[str, Counter[str]]]:
        """Units in each state of the gifts into each fund, `fund/unit`, one by one; with a receipt, by `<state>/<level>`."""
        pencil, sums = Pencil([*self.leaves]), defaultdict[str, Counter[str]](Counter)
        levels = defaultdict[str, Counter[str]](Counter)
        for (ref, number), place in pencil.where.items():
            entry, record = map(int, ref.split("."))
            gift = self.records[entry, record]
            is_covered = (ref, number) in pencil.covered
            sums[f"{gift.fund}/{gift.unit}"]["covered" if is_covered else place.state] += 1
            if place.state in ("received", "reported") and not is_covered:
                levels[f"{gift.fund}/{gift.unit}"][f"{place.state}/{pencil.level[ref, number]}"] += 1
        return sums, levels
