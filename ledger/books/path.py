"""Paths of members, as rows and names use them: `cover.fund`, or `fund/unit` for both. Each path is compiled to Python once,
because records of a class are read millions of times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

Read = Callable[[Any], Any]


def reader_of(fields: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """A function that reads all these paths of a record. Raises ValueError for an invalid path."""
    return _made("(" + "".join(f"{_expression(field)}, " for field in fields) + ")")


def reader(path: str) -> Read:
    """A function that reads a path of a record: None if a part on the path is absent; for `fund/unit`, both. Raises ValueError."""
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
    """Compiles an expression. Called only with names that `_expression` has checked."""
    made: Read = eval(f"lambda record: {expression}", {"__builtins__": {}})
    return made
