"""From whom money came and to whom it went: the rows of a flow, which are those of the line that adds up, with names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from ledger.view.account import Account
from ledger.view.payees import payees
from ledger.view.received import passed_by
from ledger.view.snapshot import Snapshot

from .account import account_lines
from .drawing import Flow, flow

SHOWN = 6
"""How many parties are named at a side; the others are one row."""
LOOKS = ("signed", "self", "paid")


class Side(NamedTuple):
    """A row at one side of a flow: a term of the line, or "party" with its id, or "others" with how many they are; and its minor
    units by look."""

    term: str
    party: str
    parts: tuple[tuple[str, int], ...]
    others: int = 0

    @property
    def amount(self) -> int:
        """All of it, in minor units."""
        return sum(amount for _, amount in self.parts)


class Flowing(NamedTuple):
    """The flow of one unit. What came in is as much as what went out and what is left."""

    unit: str
    total: int
    ins: list[Side]
    outs: list[Side]
    drawn: Flow


def flowing(snapshot: Snapshot, **scope: str) -> list[Flowing]:
    """The flow of each unit that came into the funds of a project or a charity, first that of the unit with the most records."""
    return [_flowing(snapshot, account, scope) for account in account_lines(snapshot, **scope)]


def _flowing(snapshot: Snapshot, account: Account, scope: dict[str, str]) -> Flowing:
    terms = {term.name: term.amount for term in account.terms}
    ins, outs = list(_ins(snapshot, account.unit, terms, scope)), list(_outs(snapshot, account, terms, scope))
    drawn = flow([side.amount for side in ins], [side.parts for side in outs])
    return Flowing(account.unit, sum(side.amount for side in ins), ins, outs, drawn)


def _ins(snapshot: Snapshot, unit: str, terms: dict[str, int], scope: dict[str, str]) -> Iterator[Side]:
    for term in ("opening", "given", "income", "bought", "exchanged"):
        if terms.get(term, 0) > 0:
            yield Side(term, "", (("in", terms[term]),))
    yield from _named(_passed(snapshot, unit, scope))


def _passed(snapshot: Snapshot, unit: str, scope: dict[str, str]) -> list[tuple[str, tuple[tuple[str, int], ...]]]:
    """What other funds passed on, by the party that owns them."""
    sums = Counter[str]()
    for part in passed_by(snapshot, unit, **scope):
        sums[snapshot.books.fund[part.source].owner] += part.amount
    return [(party, (("in", amount),)) for party, amount in sums.items()]


def _outs(snapshot: Snapshot, account: Account, terms: dict[str, int], scope: dict[str, str]) -> Iterator[Side]:
    paid = [one for one in payees(snapshot, **scope) if one.unit == account.unit]
    yield from _named([(one.payee, tuple((look, one.stages[look]) for look in LOOKS if one.stages[look])) for one in paid])
    passed = sum(part.amount for part in passed_by(snapshot, account.unit, **scope))
    moved = passed - terms.get("granted", 0) - terms.get("moved", 0)
    others = {"moved": moved, **{term: -terms.get(term, 0) for term in ("exchanged", "fees", "refunded", "written-off")}}
    for term, amount in others.items():
        if amount > 0:
            yield Side(term, "", ((term, amount),))
    if account.left:
        yield Side("left", "", (("held", account.left),))


def _named(rows: list[tuple[str, tuple[tuple[str, int], ...]]]) -> Iterator[Side]:
    """The parties, those with most first; the last of too many in one row."""
    ordered = sorted(rows, key=lambda row: (-sum(amount for _, amount in row[1]), row[0]))
    for party, parts in ordered[:SHOWN]:
        yield Side("party", party, parts)
    rest = Counter[str]()
    for _, parts in ordered[SHOWN:]:
        rest.update(dict(parts))
    if rest:
        yield Side("others", "", tuple(rest.items()), len(ordered) - SHOWN)
