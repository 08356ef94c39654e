"""Timestamps of an authority that the operator records: what the log had by then, and that what follows was made later.

`stamp` has a row for each record, by its name, and the last of them again by "".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..errors import Refused
from .rule import demand, memory
from .stamp_rows import StampRow
from .state import Books
from .statement_context import Flow, StatementContext

Fields = tuple[str, ...]


@demand("so many entries are before its own", "reference")
def stamps_entries(books: Books, context: StatementContext, fields: Fields, size: int) -> None:
    if not 1 <= size <= context.index:
        words = f"there are {context.index} before this one, and a stamp is of one or more of them"
        raise Refused(f"{fields[0]} {size} entries: {words}", rule="reference")


@demand("the time is not after that of its entry, nor before that of the last `timestamp`", "time")
def stamped_by_now(books: Books, context: StatementContext, fields: Fields, time: str) -> None:
    last = last_stamp(books)
    if time > context.time:
        words = f"is after {context.time}, the time of this entry; set the clock of the computer"
        context.fault("time", f"{fields[0]} {time}: {words}")
    elif last is not None and time < last.time:
        context.fault("time", f"{fields[0]} {time}: is before {last.time}, the time of the last timestamp; record the later one")


@demand("the time of its entry is not before that of the last `timestamp`", "time")
def follows_stamps(books: Books, context: StatementContext, fields: Fields) -> None:
    last = last_stamp(books)
    if last is not None and context.time < last.time:
        words = f"time {context.time}: is before {last.time}, when an authority stamped what the log had; so it is not the true one"
        context.fault("time", words)


@memory("what the log had at that time, by the authority's word; later entries were made after it")
def is_stamped(
    books: Books, context: StatementContext, record: object, rows: Sequence[Flow], tree: tuple[int, str], time: str, authority: str,
    digest: str,
) -> None:  # fmt: skip
    row = StampRow(*tree, time, authority, digest, context.ref)
    books.stamp.put(context.ref, row)
    books.stamp.put("", row)


def last_stamp(books: Books) -> StampRow | None:
    """The last timestamp that was recorded; None before the first."""
    return books.stamp.get("")


def stamps(books: Books) -> Iterator[StampRow]:
    """Every timestamp that was recorded, in the order of the log."""
    rows = [row for ref, row in books.stamp.all() if ref]
    return iter(sorted(rows, key=lambda row: [int(part) for part in row.ref.split(".")]))
