"""The one writer: check, apply, append, commit, sign (formats §4).

A group of statements goes through these steps. The comment on each says what a crash leaves behind.

1. Signatures and schemas are checked; the books apply each statement or refuse it.    Nothing is written.
2. One transaction writes entries, tree and indexes.          Crash: entries are durable, not acknowledged; step 3 runs at opening.
3. The checkpoint is signed and published, here and outside the directory.             Crash: the same.
4. The callers get their answers.

What is not durable is never signed; what is not signed is never acknowledged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..books.claim import Claimed
from ..books.clock import time_after
from ..books.fold import apply
from ..books.moment import books_time
from ..books.record import Record
from ..books.rule import SETTLED
from ..books.state import Books
from ..books.statement_context import JournalEntry, StatementContext
from ..canonical import from_base64
from ..clock import Clock
from ..entries.leaf import Leaf, bearer, bears_again, digester, key_digest, keys_of_statement, read_leaf, settle_claim
from ..entries.statement import Statement
from ..errors import Conflict, GiveTrailError, ReadOnly, Refused
from ..log.checkpoint import Checkpoint, sign_checkpoint
from ..log.entry import FIRST_PREV, Entry, encode_entry
from ..log.key import SigningKey, check_party_key
from ..log.merkle import Stack
from ..log.tile import leaf_hash_at, node_reader
from ..store.protocol import Store
from .clock_jump import check_clock
from .group import Group
from .submission import Opened, Submission, chunks, opened_all

GROUP = 128
KEPT = 32  # leaves, their keys, and hashes of leaves
BROKEN_OFF = "the last group was interrupted before it was stored; open the ledger again"

Publish = Callable[[Checkpoint, bytes], None]


class Answer(NamedTuple):
    """Where a statement is in the log. `known` says that it was there before, because the same bytes were submitted again.
    `remarks` are the findings of class audit that its records are: number of the record, rule, message."""

    index: int  # type: ignore[assignment]  # it hides tuple.index, which is never called
    known: bool
    remarks: tuple[tuple[int, str, str], ...] = ()


class Known(NamedTuple):
    """The record that has a unique key: its entry's number, its own number in that entry, and the record itself."""

    entry: int
    number: int
    record: Record


class Sequencer:
    """Owns the writing side of the store, the books and the right edge of the tree. A ledger has exactly one. Not safe between
    threads."""

    def __init__(self, store: Store, books: Books, origin: str, log_key: SigningKey, publish: Publish, clock: Clock) -> None:
        self.store, self.books = store, books
        self.origin, self._log_key = origin, log_key
        self._publish, self._clock = publish, clock
        self._stack = Stack.resume(store.tree_size, node_reader(store.tile))
        self._leaf_at = lru_cache(maxsize=KEPT)(lambda index: read_leaf(store.entry(index)))
        self._keys_at = lru_cache(maxsize=KEPT)(self._read_keys)
        # Consecutive statements of an import mostly name the same entry as seen, and reading a tile of 8 KiB for its 32-byte hash
        # is slow.
        self._stored_hash_at = lru_cache(maxsize=KEPT)(lambda index: leaf_hash_at(store.tile, index))
        self.read_only_because = ""
        self.before_commit: Callable[[], None] = lambda: None
        self._signed = 0
        # Whether the person at the keyboard says so; otherwise the clock must not jump ahead alone.
        self.clock_is_right = False

    @property
    def tree_size(self) -> int:
        """How many entries are durable."""
        return self.store.tree_size

    def checkpoint(self) -> Checkpoint:
        """The head of the log that is durable now."""
        return Checkpoint(self.origin, self.tree_size, self._stack.root())

    def head(self) -> tuple[int, str]:
        """(index, leaf hash in hex) of the last entry, which a new statement names as `after`. Raises Refused on an empty log."""
        if not self.tree_size:
            raise Refused("the log is empty; its first entry names the ledger", rule="after")
        return self.tree_size - 1, self._hash_at(self.tree_size - 1, None).hex()

    def submit(self, submissions: Iterable[Submission], sign: bool = True) -> list[Answer | GiveTrailError]:
        """Enter statements in groups of 128. Returns one answer each, in order: where it is in the log, or why it was refused.

        With `sign=False` the head is left unsigned, and the caller must call `sign` before it gives out any answer. Raises
        ReadOnly, StorageError: then no statement was answered. Some may have been entered all the same; send them again to find
        out.
        """
        answers: list[Answer | GiveTrailError] = []
        for chunk in chunks(submissions, GROUP):
            answers.extend(self._submit_group(chunk))
        if sign and self.tree_size > self._signed:
            self.sign()
        return answers

    def submit_one(self, submission: Submission) -> Answer:
        """Enter one statement. Raises the error that `submit` would return."""
        (answer,) = self.submit([submission])
        if isinstance(answer, GiveTrailError):
            raise answer
        return answer

    def known(self, keys: Sequence[str]) -> list[Known | None]:
        """For each unique key, the record that has it, or None."""
        places = self.store.candidates([key_digest(key) for key in keys])
        return [self._known(key, found) if found else None for key, found in zip(keys, places, strict=True)]

    def known_of(self, beginning: str, ends: Sequence[str]) -> dict[int, Known]:
        """As `known`, for keys with the same beginning, most of which are new: the index and record of each key that is there."""
        places = self.store.candidates(list(map(digester(beginning), ends)))
        found = {number: self._known(beginning + ends[number], some) for number, some in enumerate(places) if some}
        return {number: known for number, known in found.items() if known is not None}

    def _known(self, key: str, places: Sequence[tuple[int, int]]) -> Known | None:
        place = self._held(key, places, None)
        return None if place is None else Known(*place, self._leaf_at(place[0]).statement.records[place[1]])

    def sign(self) -> None:
        """Sign and publish the head: before answers are given, and when a ledger is opened after a crash between commit and
        signature.

        Raises ReadOnly, StorageError.
        """
        self._check_writable()
        checkpoint = self.checkpoint()
        self._publish(checkpoint, sign_checkpoint(checkpoint, self._log_key))
        self._signed = checkpoint.tree_size

    def _check_writable(self) -> None:
        if self.read_only_because:
            raise ReadOnly(self.read_only_because, rule="read-only")

    def _submit_group(self, chunk: list[Submission]) -> list[Answer | GiveTrailError]:
        self._check_writable()
        group = Group(self.tree_size, self.books)
        now = self._clock()
        answers: list[Answer | GiveTrailError] = []
        opened_chunk = self._with_places(opened_all(chunk))
        # From here until the commit the books are ahead of the store. If this method is interrupted, this message remains.
        self.read_only_because = BROKEN_OFF
        for opened in opened_chunk:
            try:
                answers.append(opened if isinstance(opened, GiveTrailError) else self._admit(group, now, opened))
            except GiveTrailError as error:
                self.books.rollback()
                answers.append(error)
        self._commit(group)
        self.read_only_because = ""
        return answers

    def _with_places(self, opened: list[Opened | GiveTrailError]) -> list[Opened | GiveTrailError]:
        """Look up the unique keys of all statements of a group at once."""
        good = [one for one in opened if not isinstance(one, GiveTrailError)]
        found = self.store.candidates([digest for one in good for digest in one.digests])
        at = 0
        for one in good:
            one.places.extend(found[at : at + len(one.digests)])
            at += len(one.digests)
        return opened

    def _admit(self, group: Group, now: str, opened: Opened) -> Answer:
        statement = opened.statement
        known = self._same_statement(group, opened)
        if known is not None:
            return known
        index = group.first + len(group.entries)
        self._check_after(group, statement, index)
        entry = statement.journal_entry(index, now, tuple(key for key, _ in opened.signatures))
        time = self._time_of(entry)
        context = apply(self.books, entry._replace(time=time))
        self._check_name()
        self._check_keys(group, index, opened)
        self._settle(group, statement, context)
        for key in context.introduced:
            check_party_key(from_base64(key, 32))
        prev = self._hash_at(index - 1, group).hex() if index else FIRST_PREV
        entry_raw = encode_entry(index, prev, time, opened.signatures, opened.raw, context.flows)
        self.books.commit()
        leaf = Leaf(Entry(index, prev, time, opened.signatures, {}, opened.raw, context.flows), statement)
        group.add(
            entry_raw, leaf, context, [(digest, number) for digest, (number, _) in zip(opened.digests, opened.keys, strict=True)]
        )
        return Answer(index, False, tuple((one.number, one.fault.rule, one.fault.message) for one in context.remarks))

    def _time_of(self, entry: JournalEntry) -> str:
        """The time to enter a statement: the clock's, but not before that of the last entry, unless the statement corrects it."""
        before = books_time(self.books)
        time = time_after(before, entry)
        if not self.clock_is_right:
            check_clock(before, time, entry.signed_at)
        return time

    def _commit(self, group: Group) -> None:
        if group.entries:
            self.before_commit()
            self.store.append(group.batch(self.store))
            self._stack.extend(group.hashes)

    def _check_after(self, group: Group, statement: Statement, index: int) -> None:
        after = statement.after_index
        if index == 0 and after == -1:
            return
        if not 0 <= after < index:
            raise Refused(f"after {statement.after or 'missing'}: must name an entry before {index}", rule="after")
        if self._hash_at(after, group).hex() != statement.after_hash:
            raise Refused(
                f"after {after}: the entry there has a different hash, so the statement was signed for another history; sign it "
                "again", rule="after"
            )

    def _check_name(self) -> None:
        """A log may only get another name together with another key and in another directory."""
        ledger = self.books.ledger.get("")
        if ledger is not None and ledger.origin != self.origin:
            raise Refused("only `givetrail restore --successor` can continue a log", rule="ledger")

    def _same_statement(self, group: Group, opened: Opened) -> Answer | None:
        key = opened.keys[0][1]
        place = self._held(key, group.places(opened.digests[0], opened.places[0]), group)
        if place is None:
            return None
        if self._leaf(place[0], group).entry.statement_raw != opened.raw:
            raise Conflict(
                f"id {opened.statement.id}: entry {place[0]} used it for another statement; use a new id", rule="statement-id"
            )
        return Answer(place[0], True)

    def _check_keys(self, group: Group, index: int, opened: Opened) -> None:
        if not any(opened.places) and group.keys.keys().isdisjoint(opened.digests) and len(set(opened.digests)) == len(opened.keys):
            return
        own: dict[str, int] = {}
        for (number, key), digest, places in zip(opened.keys, opened.digests, opened.places, strict=True):
            place = (index, own[key]) if key in own else self._held(key, group.places(digest, places), group)
            if place is not None and not self._may_repeat(group, index, opened.statement, number, place):
                raise Conflict(
                    f"channel_ref of record {number}: {place[0]}.{place[1]} has the same party, channel and reference; "
                    "it is recorded already",
                    rule="duplicate-reference",
                )
            own[key] = number

    def _may_repeat(self, group: Group, index: int, statement: Statement, number: int, place: tuple[int, int]) -> bool:
        before = statement if place[0] == index else self._leaf(place[0], group).statement
        return bears_again(statement, index, number, bearer(before, *place))

    def _settle(self, group: Group, statement: Statement, context: StatementContext) -> None:
        """Judge the claims about records of earlier entries. A statement cannot claim anything about its own
        (`StatementContext.claim`)."""
        own = defaultdict[tuple[int, int, str], Claimed](Claimed)
        for claim in context.claims:
            place = claim.entry, claim.record

            def is_claimed(word: str, start: int, end: int, place: tuple[int, int] = place) -> bool:
                about = (*place, word)
                here = own[about].holds_some(start, end) or (about in group.once and group.once[about].holds_some(start, end))
                return here or self.store.is_claimed(*about, start, end)

            settle_claim(self.books, claim.facts, self._leaf(claim.entry, group).target(claim.record), is_claimed)
            word = claim.facts["claim"]
            own[*place, word].add(SETTLED[word].units(claim.facts))

    def _held(self, key: str, places: Sequence[tuple[int, int]], group: Group | None) -> tuple[int, int] | None:
        for index, number in sorted(places, reverse=True):
            if group is not None and index >= group.first:
                keys = frozenset(keys_of_statement(group.leaves[index - group.first].statement))
            else:
                keys = self._keys_at(index)
            if (number, key) in keys:
                return index, number
        return None

    def _read_keys(self, index: int) -> frozenset[tuple[int, str]]:
        return frozenset(keys_of_statement(self._leaf_at(index).statement))

    def _leaf(self, index: int, group: Group) -> Leaf:
        return group.leaves[index - group.first] if index >= group.first else read_leaf(self.store.entry(index))

    def _hash_at(self, index: int, group: Group | None) -> bytes:
        if group is not None and index >= group.first:
            return group.hashes[index - group.first]
        return self._stored_hash_at(index)
