"""Gifts in a CSV file become donation records (`mapping` says how).

The file is read twice. The first reading checks every row and finds rows that are equal; nothing was signed when it refuses one.
The second asks, a batch at a time, which gifts the ledger has, and enters the others in statements of 64. An import that was
interrupted is finished by running it again: what it entered is known then.

A gift is known by its committed reference (formats §5), under the key of the year in which it was received. The reference is the
source's own; or, where it has none, `<list> NUL <received> NUL <amount> NUL <fee> NUL <number among equals>`, cells as they stand
in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from ..author import Author
from ..books.kinds.donation import channel_key
from ..books.state import Books
from ..errors import RowError, SchemaError, UsageError
from ..log.entry import FLOWS_BYTES
from ..reference import ReferenceKeys, commit_reference
from ..sequencer import GROUP, Sequencer
from .entering import check_author, check_name, check_owner, enter, exponent_of, local_today, offset_minutes, source_record
from .equal import EqualRows, Repeat
from .fault import Faults
from .mapping import Gifts, Mapping
from .row import Gift, GiftRows, Terms
from .twice import TwiceRead

RECORDS = 64
MOST_RECORDS = 255
FLOW_BYTES = 48
NO_REPEAT = Repeat(0, 0, 0)

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
    unit, key or column do not fit; Conflict where the file changes while it is read; ReadOnly, StorageError.
    """
    books = sequencer.books
    check_author(books, author)
    check_name(path)
    terms = _terms(books, author, mapping.gifts)
    limit = _records_limit(mapping.gifts, records)
    faults = Faults(leave_out_broken)
    with closing(TwiceRead(path)) as file, closing(EqualRows()) as equal:
        checked, labels = _check(GiftRows(file, mapping, terms, faults), equal)
        if mapping.gifts.reference:
            _meet_repeats(equal, mapping.gifts.reference, faults)
        secrets = {label: keys.find(label) if dry_run else keys.secret(label) for label in labels}
        file.again()
        entering = _Entering(sequencer, author, mapping.gifts, secrets, limit, dry_run)
        gifts = _identified(GiftRows(file, mapping, terms, Faults(True)), equal, mapping.gifts)
        while batch := list(islice(gifts, GROUP * limit)):
            entering.take(batch)
            if progress is not None:
                progress(batch[-1][0], entering.entered, entering.known)
        entering.finish(path, file, checked, faults, mapping)
        return GiftImport(
            checked.rows, entering.entered, entering.known, checked.skipped, faults.count, faults.kept(), entering.amount_minor,
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


def _check(rows: GiftRows, equal: EqualRows) -> tuple[GiftRows, list[str]]:
    """The first reading: every row is checked; the years of the gifts."""
    add, years = equal.add, set()
    for number, day, _, _, content in rows:
        add(number, content)
        years.add(day[:4])
    equal.settle()
    return rows, sorted(years)


def _meet_repeats(equal: EqualRows, column: str, faults: Faults) -> None:
    for repeat in equal.repeats():
        message = f"the reference stands in row {repeat.first} already; name a column whose references differ, or a list"
        faults.meet(repeat.row, f"row {repeat.row}, column {column!r}", SchemaError(message, rule="reference"))


def _identified(rows: GiftRows, equal: EqualRows, gifts: Gifts) -> Iterator[Gift]:
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
    """The second reading's work: what of a batch is new waits in `_waiting`, and leaves it in statements. The last statement is
    held back, so that the `source` record goes with the last gifts or not at all."""

    def __init__(
        self, sequencer: Sequencer, author: Author, gifts: Gifts, secrets: dict[str, bytes | None], limit: int, dry_run: bool
    ) -> None:
        self._sequencer, self._author, self._gifts = sequencer, author, gifts
        self._secrets, self._limit, self._dry_run = secrets, limit, dry_run
        self._waiting: list[dict[str, Any]] = []
        self.entered = self.known = self.amount_minor = 0

    def take(self, batch: list[Gift]) -> None:
        """Enter what is new of a batch, but for the last records."""
        party, channel = self._author.party, self._gifts.channel
        references = [self._committed(day[:4], content) for _, day, _, _, content in batch]
        places = self._sequencer.known([channel_key(party, channel, reference) for reference in references])
        new = [(gift, reference) for gift, reference, place in zip(batch, references, places, strict=True) if place is None]
        self.known += len(batch) - len(new)
        self.amount_minor += sum(gift[2] for gift, _ in new)
        if self._dry_run:
            self.entered += len(new)
            return
        self._waiting += [self._record(gift, reference) for gift, reference in new]
        whole = max(0, len(self._waiting) - 1) // self._limit * self._limit
        statements = [self._waiting[at : at + self._limit] for at in range(0, whole, self._limit)]
        self.entered += enter(self._sequencer, self._author, statements)
        self._waiting = self._waiting[whole:]

    def finish(self, path: Path, file: TwiceRead, checked: GiftRows, faults: Faults, mapping: Mapping) -> None:
        """Enter the last records with the record of their source; nothing where nothing was new."""
        if not self._waiting:
            return
        source = source_record(
            path, "text/csv", file.size, file.sha256(), mapping.name, rows=checked.rows, entered=self.entered + len(self._waiting),
            known=self.known, left_out=checked.skipped + faults.count,
        )  # fmt: skip
        self.entered += enter(self._sequencer, self._author, [[*self._waiting, source]]) - 1
        self._waiting = []

    def _committed(self, label: str, content: str) -> str:
        secret = self._secrets[label]
        # Without a key nothing was committed under that label: in a dry run any text that is no reference will do.
        return commit_reference(secret, label, self._gifts.channel, content) if secret else ""

    def _record(self, gift: Gift, reference: str) -> dict[str, Any]:
        _, day, amount, fee, _ = gift
        gifts = self._gifts
        record = {
            "amount": amount, "channel": gifts.channel, "channel_ref": reference, "fund": gifts.fund, "kind": "donation",
            "received_on": day, "unit": gifts.unit,
        }  # fmt: skip
        if fee:
            record["fee"] = {"amount": fee, "fund": gifts.fee_fund}
        return record
