"""Checks, when a class is made, whether its records can be judged by its rows. Otherwise a mistake in a row would only appear at
the first record, at the desk or in an audit, or never. Everything else that a class declares is checked in `kind_types.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from inspect import CO_VARARGS, CO_VARKEYWORDS
from sys import modules
from typing import Any, NamedTuple

from .naming import ways
from .rule import SETTLED, WORDS, In, OneIn, Out, Outs, Row, Word
from .shape import EARLIER, Scope, fields_of, is_optional, is_protocol, item_of, lacking, leads_to, misfit, present

# The arguments of a word's function before the values of the fields.
FIXED = {"demands": ("books", "context", "fields"), "moves": (), "remembers": ("books", "context", "record", "rows")}
# Words for which `ends`, `introduces` and trace.js ask a record by itself, without the books.
STANDS_IN = {"disburses": (), "gives-key": ("each", "when"), "gives-key-later": (), "counts": ("when",)}


class Takes(NamedTuple):
    """What a word takes: (name, type) of each field and how many must be given; which other fields of the record it reads, as a
    protocol; whether it counts on exactly one inflow."""

    fields: tuple[tuple[str, Any], ...]
    least: int
    record: Any
    is_of_one_in: bool


@cache
def takes(word: Word) -> Takes:
    """What a word takes, from the annotations of its function. Raises TypeError if they do not say it."""
    hints, code, before = _hints(word.function), word.function.__code__, FIXED[word.does]
    names = code.co_varnames[: code.co_argcount]
    fields = names[len(before) :]
    if names[: len(before)] != before or code.co_kwonlyargcount or code.co_flags & (CO_VARARGS | CO_VARKEYWORDS):
        raise TypeError(f"the function of a word of `{word.does}` takes ({', '.join((*before, 'field'))}, …), each by its place")
    if bare := [name for name in fields if name not in hints]:
        raise TypeError(f"the function of the word does not say by a type what {bare[0]!r} is")
    types = [(name, hints[name]) for name in fields]
    if word.does == "moves":
        types[:1] = [("tape", tuple[str, str])]
    least = len(fields) - len(word.function.__defaults__ or ())
    return Takes(tuple(types), least, hints.get("record"), hints.get("rows") == OneIn)


def check_rows(made: Any, place: str, rows: Any, shown_as: str) -> None:
    """Check rows as `demands`, `moves` or `remembers` of a class. Raises TypeError with the name of the class, the attribute the
    rows are `shown_as`, and the row."""
    with telling(f"{made.__name__}: {shown_as}"):
        scope = fields_of(made)
        if not isinstance(rows, tuple) or isinstance(rows, Row):
            raise TypeError("is not a tuple of rows; write it with a comma after the last one, (…,)")
        for row in rows:
            _check_row(made, scope, place, row)


@contextmanager
def telling(what: str) -> Iterator[None]:
    """Put `what` in front of the message of a TypeError raised within."""
    try:
        yield
    except TypeError as wrong:
        raise TypeError(f"{what}: {wrong}") from None


def shown(row: Any) -> str:
    """A row as its kind writes it."""
    if not isinstance(row, Row):
        return getattr(row, "__name__", None) or repr(row)
    args = [f'"{arg}"' if isinstance(arg, str) else "…" for arg in row.args]
    return f"{row.word.replace('-', '_')}({', '.join(args)})"


def _check_row(made: Any, scope: Scope, place: str, row: Any, within: str = "") -> None:
    with telling(shown(row)):
        if not isinstance(row, Row):
            raise TypeError("is not a row; call a word with the names of fields")
        word = WORDS.get(row.word)
        if word is None:
            raise TypeError("there is no such word")
        if word.does == "nests":
            _check_nesting(made, scope, place, row, within)
        elif word.does != place:
            raise TypeError(f"is a word of `{word.does}`")
        else:
            _check_place(row.word, within, takes(word))
            _check_fields(row, takes(word), scope)
            _CHECKS[place](made, scope, word)


def _check_nesting(made: Any, scope: Scope, place: str, row: Row, within: str) -> None:
    fields = [arg for arg in row.args if isinstance(arg, str)]
    rows = [arg for arg in row.args[len(fields) :] if not isinstance(arg, str)]
    names = ("field", "table") if row.word == "about" else ("field",)
    if within and (within, row.word) != ("when", "about"):
        raise TypeError("rows nest one deep, except about within when")
    if len(fields) != len(names) or not rows or row.args != (*fields, *rows):
        raise TypeError(f"must be {row.word}({', '.join(names)}, row, …), with at least one row")
    inner = {**scope, **_NESTING[row.word](made, scope, *fields)}
    for one in rows:
        _check_row(made, inner, place, one, row.word)


def _own(scope: Scope, field: str) -> Any:
    if not field.isidentifier():
        raise TypeError(f"{field!r} is not a field of the record; name one of {', '.join(sorted(scope))}")
    return leads_to(scope, field)


def _when(made: Any, scope: Scope, field: str) -> Scope:
    if not is_optional(_own(scope, field)):
        raise TypeError(f"{field} is always there, so the rows always hold; say them by themselves")
    return {name: present(scope[name]) for group in (*made.together, (field,)) if field in group for name in group}


def _each(made: Any, scope: Scope, field: str) -> Scope:
    item = item_of(_own(scope, field))
    if item is None:
        raise TypeError(f"{field} is not a list; say the row by itself")
    return {field: item}


def _about(made: Any, scope: Scope, field: str, table: str) -> Scope:
    if table not in EARLIER:
        raise TypeError(f"the books have no table {table!r} of earlier records; there is {' and '.join(sorted(EARLIER))}")
    if is_optional(_own(scope, field)) or _named(made, field) not in ("record", "disbursement"):
        raise TypeError(f"{field} is not a reference that is always there; its type must be Ref or DisbursementRef")
    if _named(made, field) == "disbursement" != table:
        raise TypeError(f"{field} names a payment or delivery, of which the table {table!r} has no row")
    return {field: EARLIER[table][0]}


_NESTING: dict[str, Callable[..., Scope]] = {"when": _when, "each": _each, "about": _about}


def _named(made: Any, field: str) -> str:
    return next((way.what for way in ways(made) if way.path == (field,) and not way.many), "")


def _check_place(word: str, within: str, taken: Takes) -> None:
    is_of_one = taken.is_of_one_in and within == "each"
    if is_of_one or (within and within not in STANDS_IN.get(word, (within,))):
        raise TypeError(f"cannot be said within {within}: {'the record moved in once' if is_of_one else 'it is not seen there'}")


def _check_fields(row: Row, taken: Takes, scope: Scope) -> None:
    if not taken.least <= len(row.args) <= len(taken.fields):
        names = ", ".join(name for name, _ in taken.fields)
        raise TypeError(f"takes ({names}), and is given {len(row.args)} of {len(taken.fields)}")
    for path, (name, wanted) in zip(row.args, taken.fields, strict=False):
        if why := misfit(str(path), leads_to(scope, str(path)), wanted):
            raise TypeError(f"{why} (it is the word's {name!r})")


def _check_demand(made: Any, scope: Scope, word: Word) -> None:
    """A word that claims must have a way to settle its claims. Whether it claims is read from the code of its function."""
    code = word.function.__code__
    if "claim" not in code.co_names:
        return
    if word.name not in SETTLED:
        raise TypeError(f"it claims, and SETTLED of claims.py does not say how {word.name!r} is settled")
    if word.name not in code.co_consts:
        raise TypeError(f"it claims by another word than its own, {word.name!r}")


def _check_move(made: Any, scope: Scope, word: Word) -> None:
    if direction(word.name) not in (In, Out, Outs):
        raise TypeError("the function of the word does not say whether units come in or go out; annotate it `-> In` or `-> Out`")


def direction(word: str) -> Any:
    """`In` or `Out`: what a word of `moves` returns."""
    return _hints(WORDS[word].function).get("return")


@cache
def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    """The annotations of a function, without those that all have."""
    said = {name: text for name, text in function.__annotations__.items() if name not in ("books", "context", "fields")}
    return {name: _meant(text, function.__module__) if isinstance(text, str) else text for name, text in said.items()}


@cache
def _meant(annotation: str, module: str) -> Any:
    try:
        return eval(annotation, vars(modules[module]))
    except NameError as unknown:
        raise TypeError(f"an annotation of the word's function cannot be read: {unknown}") from None


def _check_memory(made: Any, scope: Scope, word: Word) -> None:
    taken = takes(word)
    for why in lacking(scope, taken.record) if is_protocol(taken.record) else ():
        raise TypeError(f"{why}, which the word reads of the record")
    if taken.is_of_one_in and [is_sure(made, within) for within, _ in inflows(made)] != [True]:
        raise TypeError("the record must move units in by exactly one row, one that always holds")


_CHECKS: dict[str, Callable[[Any, Scope, Word], None]] = {
    "demands": _check_demand, "moves": _check_move, "remembers": _check_memory,
}  # fmt: skip


def inflows(made: Any) -> Iterator[tuple[Row | None, Row]]:
    """Each row by which units come in, and the row that contains it."""
    for within, row in flat(made.moves):
        if direction(row.word) == In:
            yield within, row


def flat(rows: tuple[Any, ...]) -> Iterator[tuple[Row | None, Row]]:
    """(the outermost containing row or None, the row) of all rows that do not contain others."""
    for row in rows:
        if WORDS[row.word].does == "nests":
            yield from ((row, one) for _, one in flat(tuple(arg for arg in row.args if isinstance(arg, Row))))
        else:
            yield None, row


def is_sure(made: Any, within: Row | None) -> bool:
    """Whether these rows apply to every record. A disbursement that a field names always exists."""
    return within is None or (within.word == "about" and _named(made, str(within.args[0])) == "disbursement")
