"""Gifts in a CSV file become donation records (`mapping` says how).

The whole file is checked first, and its gifts set aside; nothing was signed when a row is refused. Then they are entered in
statements of 64. As long as the ledger has none of a batch, the next one is submitted unasked: the sequencer refuses what it has.
Where it has some, it is asked a batch at a time. An import that was interrupted is finished by running it again.

A gift is known by its committed reference (formats §5), under the key of the year in which it was received. The reference is the
source's own; or, where it has none, `<list> NUL <received> NUL <amount> NUL <fee> NUL <number among equals>`, cells as they stand
in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from ..author import Author
from ..books.kinds.donation import channel_key
from ..books.state import Books
from ..errors import RowError, SchemaError, UsageError
from ..log.entry import FLOWS_BYTES
from ..reference import ReferenceKeys, committer
from ..sequencer import GROUP, Sequencer
from .entering import (
    check_author,
    check_name,
    check_owner,
    enter,
    enter_new,
    exponent_of,
    local_today,
    offset_minutes,
    source_record,
)
from .equal import EqualRows, Repeat
from .fault import Faults
from .mapping import Gifts, Mapping
from .reading import CHUNK, SetAside, SummedFile
from .row import Gift, GiftRows, Terms

RECORDS = 64
MOST_RECORDS = 255
FLOW_BYTES = 48
NO_REPEAT = Repeat(0, 0, 0)

Record = dict[str, Any]
Progress = Callable[[int, int, int], None]


class GiftImport(NamedTuple):
    """What an import did; with `dry_run`, what it would have done. `rows` = `entered` + `known` + `skipped` + `broken`; `faults`
    are the first hundred of the broken rows; `amount_minor` sums the gifts entered, in `unit`."""

    rows: int
    entered: int
    known: int
    skipped: int
    broken: int
    faults: tuple[RowError, ...]
    amount_minor: int
    unit: str
    sha256: str
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

    `progress` hears (rows, entered, known) after every batch. Raises RowError for the first broken row, and then nothing of the
    file is entered; with `leave_out_broken` such rows are counted. Raises Refused, UsageError before the file is read where fund,
    unit, key or column do not fit; ReadOnly, StorageError.
    """
    books = sequencer.books
    check_author(books, author)
    check_name(path)
    terms = _terms(books, author, mapping.gifts)
    limit = _records_limit(mapping.gifts, records)
    faults = Faults(leave_out_broken)
    with closing(SummedFile(path)) as file, closing(EqualRows()) as equal, closing(SetAside()) as aside:
        rows = GiftRows(file, mapping, terms, faults)
        labels = _check(rows, equal, aside)
        if mapping.gifts.reference:
            _meet_repeats(equal, mapping.gifts.reference, faults)
        secrets = {label: keys.find(label) if dry_run else keys.secret(label) for label in labels}
        entering = _Entering(sequencer, author, mapping.gifts, secrets, limit, dry_run)
        gifts = _identified(aside, equal, mapping.gifts)
        while batch := list(islice(gifts, GROUP * limit)):
            entering.take(batch)
            if progress is not None:
                progress(batch[-1][0], entering.entered, entering.known)
        entering.finish(path, file, rows, faults, mapping)
        return GiftImport(
            rows.rows, entering.entered, entering.known, rows.skipped, faults.count, faults.kept(), entering.amount_minor,
            mapping.gifts.unit, file.sha256(), file.size, dry_run,
        )  # fmt: skip


def _terms(books: Books, author: Author, gifts: Gifts) -> Terms:
    check_owner(books, gifts.fund, author.party, "fund")
    if gifts.fee_fund is not None and books.fund.get(gifts.fee_fund) is None:
        raise UsageError(f"fee_fund {gifts.fee_fund!r}: no such fund; record the fund first", rule="mapping", where="fee_fund")
    return Terms(exponent_of(books, gifts.unit), offset_minutes(books), local_today(books, author.clock()))


def _records_limit(gifts: Gifts, records: int) -> int:
    """How many gifts a statement can hold: what was asked for, and no more flows than an entry has room for."""
    if not 1 <= records <= MOST_RECORDS:
        raise UsageError(f"records {records}: a statement holds 1 to {MOST_RECORDS} gifts", rule="records")
    flow_bytes = FLOW_BYTES + len(gifts.fund) + len(gifts.unit)
    if gifts.fee_fund is not None:
        flow_bytes += FLOW_BYTES + len(gifts.fee_fund) + len(gifts.unit)
    return min(records, FLOWS_BYTES // flow_bytes)


def _check(rows: GiftRows, equal: EqualRows, aside: SetAside) -> list[str]:
    """Check every row and set its gift aside; the years of the gifts."""
    gifts, years = iter(rows), set()
    while batch := list(islice(gifts, CHUNK)):
        aside.add(batch)
        equal.add([(gift[0], gift[4]) for gift in batch])
        years.update({gift[1][:4] for gift in batch})
    equal.settle()
    return sorted(years)


def _meet_repeats(equal: EqualRows, column: str, faults: Faults) -> None:
    for repeat in equal.repeats():
        message = f"the reference stands in row {repeat.first} already; name a column whose references differ, or a list"
        faults.meet(repeat.row, f"row {repeat.row}, column {column!r}", SchemaError(message, rule="reference"))


def _identified(rows: Iterable[Gift], equal: EqualRows, gifts: Gifts) -> Iterator[Gift]:
    """The gifts with their whole reference; those that repeat the reference of an earlier row are left out."""
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


class _Entering:
    """Enters what was checked. The last statement is held back in `_waiting`, so that the `source` record goes with the last gifts
    or not at all. `_unasked`: the ledger had nothing of the last batch, so the next is not looked up before it is submitted."""

    def __init__(
        self, sequencer: Sequencer, author: Author, gifts: Gifts, secrets: dict[str, bytes | None], limit: int, dry_run: bool
    ) -> None:
        self._sequencer, self._author, self._gifts = sequencer, author, gifts
        self._limit, self._dry_run, self._unasked = limit, dry_run, False
        self._commit = {label: committer(secret, label, gifts.channel) if secret else None for label, secret in secrets.items()}
        self._waiting: list[Record] = []
        self.entered = self.known = self.amount_minor = 0

    def take(self, batch: list[Gift]) -> None:
        """Enter what is new of a batch, but for the last records."""
        records = [self._record(gift) for gift in batch]
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

    def finish(self, path: Path, file: SummedFile, rows: GiftRows, faults: Faults, mapping: Mapping) -> None:
        """Enter the last records with the record of their source; nothing where nothing was new."""
        self._waiting = self._unknown(self._waiting)
        if self._waiting:
            source = source_record(
                path, "text/csv", file.size, file.sha256(), mapping.name, rows=rows.rows,
                entered=self.entered + len(self._waiting), known=self.known, left_out=rows.skipped + faults.count,
            )  # fmt: skip
            enter(self._sequencer, self._author, [[*self._waiting, source]])
            self._count(self._waiting)
        elif self.entered:
            self._sequencer.sign()

    def _enter(self, statements: list[list[Record]]) -> None:
        """Enter statements; what the ledger has of those that it refuses for that waits no longer, the rest waits again."""
        refused = enter_new(self._sequencer, self._author, statements)
        for statement in refused:
            self._unasked = False
            self._waiting = [*self._unknown(statement), *self._waiting]
        self._count([record for statement in statements if statement not in refused for record in statement])

    def _unknown(self, records: list[Record]) -> list[Record]:
        """The records that the ledger does not have; the others are counted."""
        party, channel = self._author.party, self._gifts.channel
        places = self._sequencer.known([channel_key(party, channel, record["channel_ref"]) for record in records])
        new = [record for record, place in zip(records, places, strict=True) if place is None]
        self.known += len(records) - len(new)
        return new

    def _count(self, records: list[Record]) -> None:
        self.entered += len(records)
        self.amount_minor += sum(record["amount"] for record in records)

    def _record(self, gift: Gift) -> Record:
        _, day, amount, fee, content = gift
        gifts, commit = self._gifts, self._commit[day[:4]]
        record = {
            "amount": amount, "channel": gifts.channel, "fund": gifts.fund, "kind": "donation", "received_on": day,
            "unit": gifts.unit,
            # Without a key nothing was committed under that label: in a dry run any text that is no reference will do.
            "channel_ref": commit(content) if commit else "",
        }  # fmt: skip
        if fee:
            record["fee"] = {"amount": fee, "fund": gifts.fee_fund}
        return record
