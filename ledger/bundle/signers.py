"""Whose keys signed the entries of a bundle, judged as the books do (ledger/books/authority.py), as far as a bundle allows.

A key has standing from the entry after the one that gives it to a party, but not before the day on which it is in force; the key in
entry 0 has it from entry 0 on. A key may sign its own introduction together with one that has standing. Only records of
those with the right to make them count: the operator named by entry 0 admits parties and, with an overseer, recovers them; a party
adds and revokes its own keys. A record that the books could not apply, or whose maker had no such right, is reported and does not
give anyone a key. One with another fault, such as a number that another party has, is applied, as in an audit: its party is then no
stranger.

A bundle does not show the entries that its maker left out, so it cannot settle

- that no key was revoked or withdrawn, and no party recovered or admitted, by an entry that is not in it;
- that a revocation that took effect after a delay was not withdrawn: so only those that took effect at once count;
- whether a party had two officers, so that both of them had to sign (`own rule`);
- whether another party's signature was called for.

Who may make the other records, and which signatures they need, is judged together with their content (partial_books.py), by the
signers found here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NamedTuple

from ..books.authority import check, identify
from ..books.fold import demands_of
from ..books.keys import falls_at_once, signs
from ..books.mandate import OVERSEERS, delay_of
from ..books.moment import days_after, local_day
from ..books.overseeing import remember_overseers
from ..books.rows import ACTIVE, NEVER, KeyRow, OverseerRow, Party
from ..books.rule import values_of
from ..books.state import Books
from ..books.statement_context import Kept, StatementContext
from ..books.table import Table
from ..entries.leaf import Leaf
from ..errors import Absent, Refused
from ..findings.finding import WHOLE, Finding
from .decidable import suppose_parties

# Kinds that only change who has which key.
OF_KEYS = frozenset({"key", "key-revocation", "key-withdrawal", "recovery"})


class KeyRegistry(NamedTuple):
    """The findings; who signed each entry, by its index, empty if the operator is unknown; the parties; the keys with which
    overseers signed for others, or said what others are judged by."""

    findings: list[Finding]
    contexts: dict[int, StatementContext]
    party: Table[Party]
    overseer: Table[OverseerRow]


def key_registry(leaves: dict[int, Leaf]) -> KeyRegistry:
    """Check that every signature is by a key with standing, that the party making a statement signed it, and that the records of
    the registry are made and signed by parties that may do so.

    Findings: `key-standing`, `authority`, `approval`, `reference`, `after`, `ledger`, `rules`. Without entry 0, which names the
    operator, no key has standing. If the books would refuse entry 0, no other entry is looked at. After an unknown rule set nothing
    is judged.
    """
    register = _Register()
    found = KeyRegistry([], {}, register.books.party, register.books.overseer)
    if 0 not in leaves:
        found.findings.extend(_without_operator(leaves))
        return found
    for index, leaf in sorted(leaves.items()):
        context = register.context(leaf)
        heard = list(register.hear(leaf, context))
        found.findings.extend(heard)
        if register.books.ledger.get("") is None:
            found.findings.extend(_without_ledger(leaf.statement.records[0].kind))
            break
        found.contexts[index] = context
        if any(finding.rule == "rules" for finding in heard):
            break
    return found


def _without_operator(leaves: dict[int, Leaf]) -> Iterator[Finding]:
    for index, leaf in sorted(leaves.items()):
        yield Finding(index, WHOLE, "key-standing", "no key is known, because entry 0 is not in the bundle or cannot be read")
        yield Finding(index, WHOLE, "authority", f"no key of {leaf.statement.party} that signed its statement is known")


def _without_ledger(kind: str) -> Iterator[Finding]:
    if kind != "ledger":
        yield Finding(0, WHOLE, "ledger", f"record 0 {kind}: entry 0 must begin with the record that names the ledger")


class _Register:
    """The parties and keys that have standing by the entries so far. `_keys` are all keys of a party, in force or not."""

    def __init__(self) -> None:
        self.books = Books()
        self._kept = Kept()
        self._keys: dict[str, list[str]] = {}

    def context(self, leaf: Leaf) -> StatementContext:
        """The context of the entry's statement, whose faults are kept here."""
        entry, day = leaf.journal_entry(), ""
        with suppress(Refused):
            day = local_day(self.books, entry.time)
        return StatementContext(entry, day, demands_of(self.books, entry), self._kept, whole=False)

    def hear(self, leaf: Leaf, context: StatementContext) -> Iterator[Finding]:
        """Judge one entry, after all before it. `context` then has its signers."""
        identify(self.books, context, tuple([key for key, _ in leaf.entry.signatures]))
        # The bundle does not show whether both officers are still officers.
        context.needs_two = False
        remember_overseers(self.books, context)
        if not context.is_signed:
            context.fault("authority", f"statement by {context.party}: no key of {context.party} has signed it")
        yield from self._faults(context, WHOLE)
        for number, record in enumerate(leaf.statement.records):
            context.number = number
            if record.stage == "registry":
                yield from self._hear_record(record, context)

    def _hear_record(self, record: Any, context: StatementContext) -> Iterator[Finding]:
        if record.kind == "recovery" and self.books.party.get(record.party) is None:
            # An entry that is not in the bundle admitted it, so its role is not known here.
            self.books.party.put(record.party, Party(record.party, tuple(sorted(OVERSEERS)), (), 0))
        if record.kind == "mandate":
            suppose_parties(self.books, record)
        has_right = applies = False
        try:
            check(self.books, record, context)
            has_right = not self._kept
            record.check(self.books, context)
            for _, party, _ in record.introduces(context.party):
                if (row := self.books.party.get(party)) is not None:
                    context.check_seen(row.since, "party", party, "admitted")
            applies = has_right
        except Absent:
            # The bundle does not have what the record names.
            self._kept.clear()
            return
        except Refused as refused:
            self._kept.append(refused)
        yield from self._faults(context, context.number)
        if applies and context.is_signed:
            self._post(record, context)

    def _faults(self, context: StatementContext, number: int) -> Iterator[Finding]:
        for fault in self._kept.take():
            yield Finding(context.index, number, fault.rule, f"as far as the bundle shows, {fault.message}")

    def _post(self, record: Any, context: StatementContext) -> None:
        # The books also count officers, by looking through all keys; but a bundle may have a hundred thousand.
        if record.kind == "key-revocation":
            if falls_at_once(self.books, context, record.key):
                self._revoke(record.key, context.index)
        elif record.kind == "key-withdrawal":
            self._withdraw(record.key, context)
        elif record.kind == "recovery":
            for key in self._keys.pop(record.party, ()):
                self._revoke(key, context.index)
        elif record.kind not in OF_KEYS:
            record.post(self.books, context, ())
        waits_until = days_after(context.day, delay_of(self.books, context)) if record.kind == "key" else ""
        limited = dict(values_of("limits", record.remembers, record))
        for key, party, officer in record.introduces(context.party):
            held = KeyRow(party, officer, context.index, ACTIVE, from_day=waits_until, kinds=limited.get(key) or ())
            self.books.key.put(key, held)
            if (row := self.books.party.get(party)) is not None and row.keyed_since == NEVER and signs(held, "receipt"):
                self.books.party.put(party, row._replace(keyed_since=context.index))
            self._keys.setdefault(party, []).append(key)

    def _withdraw(self, key: str, context: StatementContext) -> None:
        row = self.books.key.get(key)
        if row is not None and context.day < row.from_day:
            self._revoke(key, context.index)

    def _revoke(self, key: str, index: int) -> None:
        row = self.books.key.get(key)
        if row is not None and row.until == ACTIVE:
            self.books.key.put(key, row._replace(until=index))
