"""Paths of members, as rows and names have them: `fee.amount`, and `fund/unit` for both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

Read = Callable[[Any], Any]


def reader_of(fields: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """What reads all these paths of a record."""
    if len(fields) > 1 and all(field.isidentifier() for field in fields):
        return attrgetter(*fields)
    reads = [reader(field) for field in fields]
    return lambda record: tuple([read(record) for read in reads])


def reader(path: str) -> Read:
    """What reads a path of a record, None where a part on its way is left out; of `fund/unit`, both."""
    if "/" in path:
        return reader_of(path.split("/"))
    first, *others = path.split(".")
    read = attrgetter(first)
    if not others:
        return read

    def read_part(record: Any) -> Any:
        value = read(record)
        for name in others:
            value = None if value is None else getattr(value, name)
        return value

    return read_part
