"""Paths of members, as rows and names have them: `fee.amount`, and `fund/unit` for both. Each is made into Python once, as a class
of records is read millions of times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

Read = Callable[[Any], Any]


def reader_of(fields: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """What reads all these paths of a record. Raises ValueError for what is no path."""
    return _made("(" + "".join(f"{_expression(field)}, " for field in fields) + ")")


def reader(path: str) -> Read:
    """What reads a path of a record, None where a part on its way is left out; of `fund/unit`, both. Raises ValueError."""
    return _made(_expression(path))


def _expression(path: str) -> str:
    if "/" in path:
        return "(" + ", ".join(map(_expression, path.split("/"))) + ")"
    names = path.split(".")
    if not all(name.isidentifier() for name in names):
        raise ValueError(f"{path!r} is not a path of members")
    value = f"record.{names[0]}"
    for name in names[1:]:
        value = f"(None if (part := {value}) is None else part.{name})"
    return value


@cache
def _made(expression: str) -> Read:
    """Of names that `_expression` has looked at, and of nothing else."""
    made: Read = eval(f"lambda record: {expression}", {"__builtins__": {}})
    return made
