"""Whose keys have signed the entries of a bundle: as the books judge it (ledger/books/authority.py), as far as a bundle permits.

A key has standing from the entry after the one that gives it to a party, entry 0's own from entry 0 on; it may sign its own
introduction beside one that has standing. Only what the books would have taken counts: the operator named by entry 0 admits parties
and, with an overseer, recovers them; a party adds and revokes its own keys; what is false is found and gives nobody a key.

A bundle does not show the entries that its maker left out, so it cannot settle

- that no key was revoked, and no party recovered or admitted, by an entry that is not in it;
- whether a party had two officers, so that both of them had to sign (`own rule`);
- whether another party's signature was called for.

Who may say the other records, and which signatures they need, is judged with what they say (heard.py), by the signers found here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from ..books.authority import OVERSEERS, check, identify
from ..books.fold import demands_of, local_day
from ..books.record import Record
from ..books.state import ACTIVE, Books, KeyRow, Party, Table
from ..books.statement_context import Act, Kept
from ..entries.leaf import Leaf
from ..errors import Absent, Refused
from ..findings.finding import WHOLE, Finding

# Kinds that change nothing but who has which key.
OF_KEYS = frozenset({"key", "key-revocation", "recovery"})


class Standing(NamedTuple):
    """What is found; who signed each entry, by its index, none of them where no operator is known; the parties."""

    findings: list[Finding]
    acts: dict[int, Act]
    party: Table[Party]


def standing(leaves: dict[int, Leaf]) -> Standing:
    """Every signature is by a key with standing, and the party that speaks has signed; the records of the registry are said and
    signed by those who may.

    Findings: `key-standing`, `authority`, `approval`, `reference`, `after`, `ledger`, `rules`. Without entry 0, which names the
    operator, no key has standing; where it names none that the books would take, no other entry is looked at. After a rule set that
    is not known nothing is judged.
    """
    register = _Register()
    found = Standing([], {}, register.books.party)
    if 0 not in leaves:
        found.findings.extend(_without_operator(leaves))
        return found
    for index, leaf in sorted(leaves.items()):
        act = register.act(leaf)
        heard = list(register.hear(leaf, act))
        found.findings.extend(heard)
        if register.books.ledger.get("") is None:
            found.findings.extend(_without_ledger(leaf.statement.records[0].kind))
            break
        found.acts[index] = act
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
    """The parties and keys that the entries heard so far gave standing. `_keys` are those of a party, in force or not."""

    def __init__(self) -> None:
        self.books = Books()
        self._kept = Kept()
        self._keys: dict[str, list[str]] = {}

    def act(self, leaf: Leaf) -> Act:
        """What the entry does, whose faults are kept here."""
        said, day = leaf.said(), ""
        with suppress(Refused):
            day = local_day(self.books, said.time)
        return Act(said, day, demands_of(self.books, said), self._kept, whole=False)

    def hear(self, leaf: Leaf, act: Act) -> Iterator[Finding]:
        """Judge one entry, after all before it; `act` then knows its signers."""
        identify(self.books, act, tuple([key for key, _ in leaf.entry.signatures]))
        # Whether both officers are officers still, the bundle does not show.
        act.needs_two = False
        if not act.officers:
            act.fault("authority", f"statement by {act.party}: no key of {act.party} has signed it")
        yield from self._faults(act, WHOLE)
        for number, record in enumerate(leaf.statement.records):
            act.number = number
            if record.stage == "registry":
                yield from self._hear_record(record, act)

    def _hear_record(self, record: Record, act: Act) -> Iterator[Finding]:
        if record.kind == "recovery" and self.books.party.get(record.party) is None:
            # Admitted by an entry that is not in the bundle: what it may do is not known here.
            self.books.party.put(record.party, Party(record.party, tuple(sorted(OVERSEERS)), (), 0))
        try:
            check(self.books, record, act)
            record.check(self.books, act)
            for _, party, _ in record.introduces(act.party):
                if (row := self.books.party.get(party)) is not None:
                    act.check_seen(row.since, "party", party, "admitted")
        except Absent:
            # The bundle does not hold what it names.
            self._kept.clear()
            return
        except Refused as refused:
            self._kept.append(refused)
        found = list(self._faults(act, act.number))
        if not found and act.officers:
            self._post(record, act)
        yield from found

    def _faults(self, act: Act, number: int) -> Iterator[Finding]:
        for fault in self._kept.take():
            yield Finding(act.index, number, fault.rule, f"as far as the bundle shows, {fault.message}")

    def _post(self, record: Record, act: Act) -> None:
        # The books also count officers, for which they look through all keys: a bundle may hold a hundred thousand.
        if record.kind == "key-revocation":
            self._revoke(record.key, act.index)
        elif record.kind == "recovery":
            for key in self._keys.pop(record.party, ()):
                self._revoke(key, act.index)
        elif record.kind not in OF_KEYS:
            record.post(self.books, act, ())
        for key, party, officer in record.introduces(act.party):
            self.books.key.put(key, KeyRow(party, officer, act.index, ACTIVE))
            self._keys.setdefault(party, []).append(key)

    def _revoke(self, key: str, index: int) -> None:
        row = self.books.key.get(key)
        if row is not None and row.until == ACTIVE:
            self.books.key.put(key, row._replace(until=index))
