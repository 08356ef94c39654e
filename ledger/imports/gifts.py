"""Gifts in a CSV file become donation records (`mapping` says how).

The whole file is checked first, and its gifts are set aside, so if a row is refused nothing has been signed. Then they are entered
in statements of 64. If the ledger had none of a batch, the next batch is submitted without a look-up, because the sequencer refuses
what it already has. If it had some, the next batch is looked up first. To finish an interrupted import, run it again.

A gift is identified by its committed reference (formats §5), which is entered under the key of the year in which the gift was
received. The reference is the source's own, or, if it has none, `<list> NUL <received> NUL <amount> NUL <fee> NUL <number among
equals>`, with cells as they are in the file. A source may correct a day to another year, so its references are looked up under
every key that the party has. Without references, another day makes another row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ..books.record import channel_key
from ..books.state import Books
from ..bounds import MAX_AMOUNT
from ..canonical import JsonObject, encode
from ..entries.channel_reference import ReferenceKeys, committer
from ..entries.label import label_chooser
from ..entries.statement import STATEMENT_BYTES
from ..errors import RowError, SchemaError, UsageError
from ..log.entry import FLOWS_BYTES
from ..writer.author import Author
from ..writer.sequencer import GROUP, Known, Sequencer
from .comparing import Comparison, Difference
from .entering import (
    check_author,
    check_owner,
    enter,
    enter_key,
    enter_new,
    exponent_of,
    local_today,
    offset_minutes,
    source_record,
)
from .equal_rows import EqualRows, Repeat
from .fault import Faults
from .first_day import check_new_gifts
from .mapping import Gifts, Mapping
from .reading import CHUNK, SetAside, SummedFile
from .row import Gift, GiftRows, Terms

RECORDS = 64
MOST_RECORDS = 255
FLOW_BYTES = 48
# A statement's bytes that no gift takes: its envelope and signature, and the `source` record of the last one.
SOURCE_BYTES = 1024
LONGEST_REF = f"hmac-sha256:{'x' * 63}:{'x' * 43}"
NO_REPEAT = Repeat(0, 0, 0)

Record = JsonObject
Numbered = tuple[int, Record]
Commit = Callable[[str], str]
Progress = Callable[[int, int, int], None]


class GiftImport(NamedTuple):
    """What an import did; with `dry_run`, what it would have done. `rows` = `entered` + `known` + `skipped` + `broken`; `faults`
    are the first hundred of the broken rows. `differing` of the known rows differ from the ledger, `differing_in` counts them by
    field, and `differences` are the first hundred; `amount_minor` sums the gifts entered, in `unit`; `digest`
    is the salted SHA-256 of the file, "" with `dry_run`."""

    rows: int
    entered: int
    known: int
    differing: int
    differing_in: tuple[tuple[str, int], ...]
    skipped: int
    broken: int
    faults: tuple[RowError, ...]
    differences: tuple[Difference, ...]
    amount_minor: int
    unit: str
    digest: str
    size_bytes: int
    dry_run: bool


def import_gifts(
    sequencer: Sequencer,
    author: Author,
    path: Path,
    mapping: Mapping,
    keys: ReferenceKeys,
    *,
    records: int = RECORDS,
    dry_run: bool = False,
    leave_out_broken: bool = False,
    progress: Progress | None = None,
) -> GiftImport:
    """Enter the gifts of a CSV file that the ledger does not have, and one `source` record with the last of them.

    `progress` is called with (rows, entered, known) after every batch. Raises RowError for the first broken row, and then nothing
    of the file is entered; with `leave_out_broken` such rows are counted instead. Raises Refused or UsageError before the file is
    read if the fund, unit, key or a column does not fit; Refused if a new gift is older than the books; ReadOnly, StorageError.
    """
    books = sequencer.books
    check_author(books, author)
    terms = _terms(books, author, mapping.gifts)
    limit = _records_limit(mapping.gifts, records)
    faults = Faults(leave_out_broken)
    salt = None if dry_run else keys.file_salt()
    with closing(SummedFile(path, salt)) as file, closing(EqualRows()) as equal, closing(SetAside()) as aside:
        rows = GiftRows(file, mapping, terms, faults)
        label_of = label_chooser(books, author.party, mapping.gifts.channel)
        days = _check(rows, equal, aside)
        if mapping.gifts.reference:
            _meet_repeats(equal, mapping.gifts.reference, faults)
        secret = None if dry_run else partial(enter_key, sequencer, author, keys)
        committing = _Committing(keys, mapping.gifts, sorted(set(map(label_of, days))), label_of, secret)
        check_new_gifts(sequencer, author.party, mapping.gifts.channel, keys, days, _identified(aside, equal, mapping.gifts))
        compared = Comparison(sequencer)
        entering = _Entering(sequencer, author, mapping.gifts, committing, compared, limit, dry_run)
        gifts = _identified(aside, equal, mapping.gifts)
        while batch := list(islice(gifts, GROUP * limit)):
            entering.take(batch)
            if progress is not None:
                progress(batch[-1][0], entering.entered, compared.known)
        entering.finish(file, rows, faults, mapping)
        return GiftImport(
            rows.rows, entering.entered, compared.known, compared.differing, compared.counts(), rows.skipped, faults.count,
            faults.kept(), compared.kept(), entering.amount_minor, mapping.gifts.unit, file.digest(), file.size, dry_run,
        )  # fmt: skip


def _terms(books: Books, author: Author, gifts: Gifts) -> Terms:
    check_owner(books, gifts.fund, author.party, "fund")
    if gifts.fee_to is not None and books.party.get(gifts.fee_to) is None:
        raise UsageError(f"fee_to {gifts.fee_to!r}: there is no such party; record it first", rule="mapping", where="fee_to")
    return Terms(exponent_of(books, gifts.unit), offset_minutes(books), local_today(books, author.clock()))


def _records_limit(gifts: Gifts, records: int) -> int:
    """How many gifts a statement may have: as many as asked for, if they fit in it, and their flows in an entry."""
    if not 1 <= records <= MOST_RECORDS:
        raise UsageError(f"records {records}: a statement holds 1 to {MOST_RECORDS} gifts", rule="records")
    flow_bytes = FLOW_BYTES + len(gifts.fund) + len(gifts.unit)
    longest = _record_of(gifts, "2024-01-01", MAX_AMOUNT, MAX_AMOUNT if gifts.fee_to else 0, LONGEST_REF)
    return min(records, FLOWS_BYTES // flow_bytes, (STATEMENT_BYTES - SOURCE_BYTES) // len(encode([longest])))


def _check(rows: GiftRows, equal: EqualRows, aside: SetAside) -> list[str]:
    """Check every row and set its gift aside; return the days of the gifts, the earliest first."""
    gifts, days = iter(rows), set[str]()
    while batch := list(islice(gifts, CHUNK)):
        aside.add(batch)
        equal.add([(gift[0], gift[4]) for gift in batch])
        days.update([gift[1] for gift in batch])
    equal.settle()
    return sorted(days)


def _meet_repeats(equal: EqualRows, column: str, faults: Faults) -> None:
    for repeat in equal.repeats():
        message = f"the reference is already in row {repeat.first}; give a column whose references differ, or a list"
        faults.meet(repeat.row, f"row {repeat.row}, column {column!r}", SchemaError(message, rule="reference"))


def _identified(rows: Iterable[Gift], equal: EqualRows, gifts: Gifts) -> Iterator[Gift]:
    """The gifts with their whole references, without those that repeat the reference of an earlier row."""
    if gifts.list_name is None and not equal.count:
        return iter(rows)
    return _told_apart(rows, equal, gifts)


def _told_apart(rows: Iterable[Gift], equal: EqualRows, gifts: Gifts) -> Iterator[Gift]:
    repeats = equal.repeats()
    repeat = next(repeats, NO_REPEAT)
    for gift in rows:
        number, day, amount, fee, content = gift
        nth = 1
        if number == repeat.row:
            nth = repeat.number
            repeat = next(repeats, NO_REPEAT)
        if gifts.list_name is not None:
            yield number, day, amount, fee, f"{gifts.list_name}\0{content}\0{nth}"
        elif nth == 1:
            yield gift


class _Committing:
    """Commits references. `own` is for the label of the gift's day, whose key is made when the first new gift needs it; `others`
    are the labels that had a key before, under which the ledger may have a gift of another day."""

    def __init__(
        self, keys: ReferenceKeys, gifts: Gifts, labels: list[str], label_of: Callable[[str], str],
        secret: Callable[[str], bytes] | None,
    ) -> None:  # fmt: skip
        """`secret` returns the bytes of a label's key, after making sure that the ledger has the key; None in a dry run, which does
        not make or enter anything.

        Raises UsageError, before anything is entered, if the key of a label is destroyed, lost or a different one."""
        self._keys, self._channel, self._secret = keys, gifts.channel, secret
        self.label_of = label_of
        for label in labels:
            keys.find(label)
        self._own: dict[str, Commit] = {}
        self.others = keys.committers(gifts.channel) if gifts.reference else {}

    def own(self, label: str) -> Commit:
        """The function that commits a reference under the key of a label. In a dry run, if there is no key, it returns "", which is
        never in the ledger."""
        commit = self._own.get(label)
        if commit is None:
            commit = self._own[label] = self._new(label)
        return commit

    def _new(self, label: str) -> Commit:
        if self._secret is not None:
            return committer(self._secret(label), label, self._channel)
        key = self._keys.find(label)
        return committer(key.secret, label, self._channel) if key else lambda _: ""


class _Entering:
    """Enters the checked gifts. The last statement is held back in `_waiting`, so that the `source` record is entered together with
    the last gifts or not at all. `_unasked`: the ledger had none of the last batch under its own labels, so the next batch is
    submitted without a look-up under them."""

    def __init__(
        self, sequencer: Sequencer, author: Author, gifts: Gifts, committing: _Committing, compared: Comparison, limit: int,
        dry_run: bool,
    ) -> None:  # fmt: skip
        self._sequencer, self._author, self._gifts = sequencer, author, gifts
        self._committing, self._compared, self._limit, self._dry_run = committing, compared, limit, dry_run
        self._beginning = channel_key(author.party, gifts.channel, "")
        self._unasked = False
        self._waiting: list[Numbered] = []
        self.entered = self.amount_minor = 0

    def take(self, batch: list[Gift]) -> None:
        """Enter the new gifts of a batch, except for the last records."""
        records = self._records(self._not_elsewhere(batch))
        new = records if self._unasked else self._unknown(records)
        self._unasked = len(new) == len(records) and not self._dry_run
        if self._dry_run:
            self._count(new)
            return
        self._waiting += new
        whole = max(0, len(self._waiting) - 1) // self._limit * self._limit
        statements = [self._waiting[at : at + self._limit] for at in range(0, whole, self._limit)]
        self._waiting = self._waiting[whole:]
        self._enter(statements)

    def finish(self, file: SummedFile, rows: GiftRows, faults: Faults, mapping: Mapping) -> None:
        """Enter the last records with the `source` record; nothing if there was nothing new."""
        self._waiting = self._unknown(self._waiting)
        if self._waiting:
            source = source_record(
                "text/csv", file.size, file.digest(), mapping.name, rows=rows.rows,
                entered=self.entered + len(self._waiting), known=self._compared.known, left_out=rows.skipped + faults.count,
            )  # fmt: skip
            enter(self._sequencer, self._author, [[*_records_of(self._waiting), source]])
            self._count(self._waiting)
        elif self.entered:
            self._sequencer.sign()

    def _enter(self, statements: list[list[Numbered]]) -> None:
        """Enter statements. If one is refused because the ledger has some of its gifts, those are counted as known and the rest
        wait again."""
        refused = enter_new(self._sequencer, self._author, [_records_of(statement) for statement in statements])
        for at, statement in enumerate(statements):
            if at not in refused:
                self._count(statement)
        for at in refused:
            self._unasked = False
            self._waiting = [*self._unknown(statements[at]), *self._waiting]

    def _not_elsewhere(self, batch: list[Gift]) -> list[Gift]:
        """The gifts that the ledger does not have under another label. The others are counted as known."""
        found: dict[int, Known] = {}
        for label, commit in self._committing.others.items():
            asked = [gift for gift in batch if self._committing.label_of(gift[1]) != label and gift[0] not in found]
            known = self._sequencer.known_of(self._beginning, [commit(gift[4]) for gift in asked])
            found.update({asked[at][0]: place for at, place in known.items()})
        if not found:
            return batch
        for gift in batch:
            if gift[0] in found:
                self._compared.meet(gift[0], found[gift[0]], self._record(gift, ""))
        return [gift for gift in batch if gift[0] not in found]

    def _unknown(self, records: list[Numbered]) -> list[Numbered]:
        """The records that the ledger does not have under their own label. The others are counted as known."""
        places = self._sequencer.known([self._beginning + record["channel_ref"] for _, record in records])
        for (number, record), place in zip(records, places, strict=True):
            if place is not None:
                self._compared.meet(number, place, record)
        return [numbered for numbered, place in zip(records, places, strict=True) if place is None]

    def _count(self, records: list[Numbered]) -> None:
        self.entered += len(records)
        self.amount_minor += sum([record["amount"] for _, record in records])

    def _records(self, batch: list[Gift]) -> list[Numbered]:
        label_of = self._committing.label_of
        commits = {label: self._committing.own(label) for label in sorted({label_of(gift[1]) for gift in batch})}
        return [(gift[0], self._record(gift, commits[label_of(gift[1])](gift[4]))) for gift in batch]

    def _record(self, gift: Gift, channel_ref: str) -> Record:
        _, day, amount, fee, _ = gift
        return _record_of(self._gifts, day, amount, fee, channel_ref)


def _record_of(gifts: Gifts, day: str, amount: int, fee: int, channel_ref: str) -> Record:
    record = {
        "amount": amount, "channel": gifts.channel, "channel_ref": channel_ref, "fund": gifts.fund, "kind": "donation",
        "received_on": day, "unit": gifts.unit,
    }  # fmt: skip
    if fee:
        record |= {"fee": fee, "fee_to": gifts.fee_to}
    return record


def _records_of(statement: list[Numbered]) -> list[Record]:
    return [record for _, record in statement]
