"""What a whole log says of inclusion promises: whether each is of a party of this log, and where its gift is.

No log can be asked for a reference: it proves that an entry is there, never that one is not. So all entries are read.

The key that signed must have been in force for the party when the promise was made, by the entry that the promise names, and must
sign gifts. If somebody signs a promise after their key fell, and dates it back, nothing shows it: a log knows when a key fell, and
not when a file outside of it was signed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..amount import to_text
from ..audit.accounting import Leaves
from ..books.keys import signs
from ..books.mandate import custodian_of, has_role
from ..books.moment import local_day
from ..books.record import Record, channel_key
from ..books.rows import ACTIVE
from ..books.state import Books
from ..entries.inclusion_promise import InclusionPromise, Signed
from ..entries.log_keys import ended_logs, vkey_of
from ..errors import Unverifiable
from ..findings.finding import Finding

GIFT = "donation"


class Answer(NamedTuple):
    """What the log says of one inclusion promise. `refused` is why it is not a promise of a party of this log, or "". `ref` is the
    last record that has the reference, "" if none has; `void` says that it was declared void. The first such record is in entry
    `first`, with the log's time `entered_at`. `said` is the gift as that last record has it, and `differs` what differs from the
    promise, in words."""

    refused: str = ""
    ref: str = ""
    first: int = -1
    entered_at: str = ""
    void: bool = False
    said: str = ""
    differs: tuple[str, ...] = ()

    def late(self, promise: InclusionPromise, size: int | None = None) -> bool:
        """Whether the gift was entered after `enter_by`: by the log's time, or because it was not among the first `size` entries,
        under a checkpoint that proves that `enter_by` had passed."""
        return bool(self.ref) and (self.entered_at > promise.enter_by or (size is not None and self.first >= size))

    def faults(self, promise: InclusionPromise, size: int | None = None) -> tuple[str, ...]:
        """Why a gift that was entered does not keep the promise, in words; nothing if it does."""
        late = (f"it is late: it was promised by {promise.enter_by}",) if self.late(promise, size) else ()
        return (*late, *self.differs)


class _Found(NamedTuple):
    entry: int
    number: int
    time: str
    record: Record

    @property
    def ref(self) -> str:
        return f"{self.entry}.{self.number}"


class SearchQuestion:
    """A question for `verify`: where the gifts of these inclusion promises are. `answers` is empty until it was asked."""

    def __init__(self, promises: Sequence[Signed]) -> None:
        self._promises = promises
        self.answers: tuple[Answer, ...] = ()

    def ask(self, books: Books, leaves: Leaves) -> tuple[Finding, ...]:
        """Find the answers; it has no finding of its own. Raises Unverifiable if the source changed meanwhile."""
        self.answers = tuple(answers(self._promises, books, leaves))
        return ()


def answers(promises: Sequence[Signed], books: Books, leaves: Leaves) -> Iterator[Answer]:
    """The answer to each inclusion promise, from the books after the last entry and from one reading of all entries.

    Raises Unverifiable if the source changed meanwhile."""
    found: dict[str, list[_Found]] = {_sought(signed.promise): [] for signed in promises}
    head = books.head.get("")
    for leaf in leaves.leaves(head.size if head else 0):
        for number, record in enumerate(leaf.statement.records):
            for key in record.unique_keys(leaf.statement.party):
                if key in found:
                    found[key].append(_Found(leaf.entry.index, number, leaf.entry.time, record))
    for signed in promises:
        refused = why_refused(signed, books, leaves)
        yield Answer(refused) if refused else _answer(signed.promise, found[_sought(signed.promise)], books)


def _sought(promise: InclusionPromise) -> str:
    return channel_key(promise.recorder, promise.channel, promise.channel_ref)


def _answer(promise: InclusionPromise, found: Sequence[_Found], books: Books) -> Answer:
    if not found:
        return Answer()
    first, last = found[0], found[-1]
    void = books.void.get(last.ref) is not None
    differs = tuple(_differences(promise, last.record, books))
    return Answer("", last.ref, first.entry, first.time, void, _said(last.record, books), differs)


def _differences(promise: InclusionPromise, record: Record, books: Books) -> Iterator[str]:
    if record.kind != GIFT:
        yield f"it is recorded as {record.kind}, not as a {GIFT}"
        return
    amount, unit, fund = _gift(record)
    if (amount, unit) != (promise.amount, promise.unit):
        was, now = money(books, promise.amount, promise.unit), money(books, amount, unit)
        yield f"{was} was promised, and {now} is recorded"
    if fund != promise.fund:
        yield f"it was promised to fund {promise.fund}, and is recorded in fund {fund}"


def _gift(record: Record) -> tuple[int, str, str]:
    """Amount in minor units, unit and fund of a record, 0 or "" where its kind has none."""
    return getattr(record, "amount", 0), getattr(record, "unit", ""), getattr(record, "fund", "")


def _said(record: Record, books: Books) -> str:
    amount, unit, fund = _gift(record)
    return f"{record.kind} of {money(books, amount, unit)} to {fund}" if record.kind == GIFT else record.kind


def money(books: Books, amount_minor: int, unit: str) -> str:
    """An amount as people read it; in minor units if the ledger does not know the unit."""
    row = books.unit.get(unit)
    return to_text(amount_minor, row.exponent, unit) if row else f"{amount_minor} minor units of {unit}"


def may_promise(books: Books, party: str, recorder: str, channel: str, day: str) -> bool:
    """Whether a party may promise, on a day, what another party will record: it is that party, the operator, a platform, or the
    custodian of the channel by the recorder's mandate."""
    ledger = books.ledger.get("")
    return (
        party == recorder
        or (ledger is not None and party == ledger.operator)
        or has_role(books, party, ("platform",))
        or party == custodian_of(books, recorder, channel, day)
    )


def why_refused(signed: Signed, books: Books, leaves: Leaves) -> str:
    """Why an inclusion promise is not one of a party of this log, or "" if it is. Raises Unverifiable."""
    promise = signed.promise
    logs = {**ended_logs(books), vkey_of(books).name: vkey_of(books)}
    if promise.ledger not in logs or logs[promise.ledger].format() != promise.log_key:
        return f"it is for the log {promise.ledger} with key {promise.log_key}, which is not this log"
    day = local_day(books, promise.promised_at)
    if not may_promise(books, promise.party, promise.recorder, promise.channel, day):
        return (
            f"{promise.party} cannot promise what {promise.recorder} records: it is neither that party, nor the operator, a "
            f"platform or the custodian of channel {promise.channel}"
        )
    return _without_standing(signed, day, books, leaves)


def _without_standing(signed: Signed, day: str, books: Books, leaves: Leaves) -> str:
    promise, row = signed.promise, books.key.get(signed.key)
    if row is None:
        return f"key {signed.key} does not belong to any party of this log"
    if row.party != promise.party:
        return f"key {signed.key} belongs to {row.party}, not to {promise.party}"
    if row.since != promise.key_entry:
        return f"key {signed.key} was introduced by entry {row.since}, not by entry {promise.key_entry}"
    at = promise.promised_at
    if _time(leaves, row.since) > at or row.from_day > day:
        return f"key {signed.key} was not in force yet at {at}"
    fell = day >= row.until_day if row.until_day else row.until != ACTIVE and _time(leaves, row.until) <= at
    if row.until != ACTIVE and fell:
        return f"key {signed.key} was revoked by entry {row.until}, and not in force any more at {at}"
    return "" if signs(row, GIFT) else f"key {signed.key} signs only {', '.join(row.kinds)}, and no gift"


def _time(leaves: Leaves, index: int) -> str:
    leaf = leaves.leaf(index)
    if leaf is None:
        raise Unverifiable(f"entry {index}: cannot be read; get a complete copy of the log", rule="missing")
    return leaf.entry.time
