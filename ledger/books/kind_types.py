"""Checks what a class of records declares, when the class is made: its fields, who signs it, whether it is a gift, and which of its
records are alike. Its rows are checked in `row_types.py`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import signing
from .naming import ways
from .reads import Gift
from .row_types import check_rows, direction, flat, inflows, telling
from .rule import In, Row, says
from .shape import Scope, fields_of, is_optional, lacking


def check_kind(made: Any) -> None:
    """Check a class of records. Raises TypeError, which names the class, the row or other declaration, and what is wrong."""
    with telling(made.__name__):
        scope = fields_of(made)
        with telling("signing"):
            _check_signing(made, scope)
        with telling("together"):
            _check_together(made, scope)
    for place in ("demands", "moves", "remembers"):
        check_rows(made, place, getattr(made, place), place)
    with telling(f"{made.__name__}: is_gift"):
        _check_gift(made, scope)
    with telling(f"{made.__name__}: alike"):
        _check_alike(made, scope)
    with telling(f"{made.__name__}: moves"):
        _check_named_units(made)


def _check_signing(made: Any, scope: Scope) -> None:
    if not isinstance(made.signing, signing.Signing) or not isinstance(made.signing.must, tuple):
        raise TypeError('must be Signing("…", must=("…",))')
    if "two officers above the threshold" in made.signing.must and not _counts(made):
        raise TypeError("'two officers above the threshold' compares what the record counts; say counts(…) in `remembers`")
    for word, words in _words_of(made):
        if word not in words:
            raise TypeError(f"there is no {word!r} in signing.py; there is {', '.join(map(repr, words))}")
        _, needs, may_need = words[word]
        if missing := [name for name in (*needs, *may_need) if name not in scope and not hasattr(made, name)]:
            raise TypeError(f"{word!r} reads {missing[0]!r} of the record, which it does not have")
        if optional := [name for name in needs if is_optional(scope.get(name))]:
            raise TypeError(f"{word!r} reads {optional[0]!r} of the record, which can be left out")


def _counts(made: Any) -> bool:
    return any(says(word, made.remembers) for word in ("counts", "counts-again"))


def _words_of(made: Any) -> Iterator[tuple[str, dict[str, signing.Meaning]]]:
    """Each word of `signing`, and the words that it could be."""
    yield made.signing.author, signing.RELATIONS
    yield from ((word, signing.DEMANDS) for word in made.signing.must)
    yield from ((word, signing.RELATIONS) for word in made.signing.may)


def _check_together(made: Any, scope: Scope) -> None:
    for name in (name for group in made.together for name in group):
        _check_there(scope, name)
        if not is_optional(scope[name]):
            raise TypeError(f"{name} is always there")


def _check_there(scope: Scope, name: str) -> None:
    if name not in scope:
        raise TypeError(f"the record has no field {name!r}; it has {', '.join(sorted(scope))}")


def _check_named_units(made: Any) -> None:
    """Named units go out as they are: if they were fewer than the amount, money would come from nothing."""
    for _, row in flat(made.moves):
        amount, *units = row.args[1:] if row.word == "goes-out" else ("",)
        wanted = (*units, amount)
        if units and not any(one.word == "as-many" and one.args[:2] == wanted for one in made.demands):
            raise TypeError(f"goes_out takes {units[0]} that are named; demand as_many({units[0]!r}, {amount!r}, its unit)")


def _check_gift(made: Any, scope: Scope) -> None:
    """A gift comes in by the first inflow, and a trace reads which one it is."""
    if not made.is_gift:
        return
    for why in lacking(scope, Gift):
        raise TypeError(f"{why}, which a trace reads of a gift")
    if [within for within, _ in inflows(made)][:1] != [None]:
        raise TypeError("the first row by which units come in must always hold")


def _check_alike(made: Any, scope: Scope) -> None:
    """The first record of a run is judged for all, so every field that is looked at must be equal in all of them, except the
    amount, which comes in by one row."""
    if made.alike is None:
        return
    for name in (*made.alike, *made.varies, *made.alone):
        _check_there(scope, name)
    if made.labelled and made.labelled not in made.varies:
        raise TypeError("`labelled` must be one of the fields that vary")
    if "amount" not in made.varies or {*made.alike} & made.varies:
        raise TypeError("`varies` must hold the amount, and none of the fields that are alike")
    if made.share:
        _check_share(made)
    for name, where in _looked_at(made):
        allowed = (*made.alike, made.labelled)
        if name not in allowed and (name not in ("amount", made.share) or where not in ("moves", "remembers")):
            raise TypeError(f"{name} is read by `{where}`, and can differ in records that are alike; put it among these fields")
    _check_run(made)


def _check_run(made: Any) -> None:
    moves = [row for _, row in _in_a_run(made, made.moves)]
    if [direction(row.word) for row in moves] != [In] or "amount" not in moves[0].args:
        raise TypeError("a run brings its amounts in by one row; say the others within when(…) of a field of `alone`")
    if made.remembers and made.post_run.__qualname__ == "Record.post_run":
        raise TypeError("`remembers` is of one record; say in post_run what is remembered of a run")


def _check_share(made: Any) -> None:
    """If records differ in a share of the amount too, it must be below the amount, only the rest may come in, and no other demand
    may depend on the two."""
    share = made.share
    if share not in made.alone:
        raise TypeError(f"the share {share} must be a field of `alone`")
    moves = [(within, row.word, *row.args[1:]) for within, row in flat(made.moves)]
    if moves != [(None, "rest-comes-in", "amount", share)]:
        raise TypeError(f"the amount comes in without the share {share}, by rest_comes_in")
    asked = [(row.word, row.args[:2]) for _, row in flat(made.demands) if {share, "amount"} & {*row.args}]
    if asked != [("below", (share, "amount"))]:
        raise TypeError(f"demand below({share!r}, 'amount', …), and nothing else of the share or the amount")


def _looked_at(made: Any) -> Iterator[tuple[str, str]]:
    """(field, by what) of everything that is looked at in a record of a run."""
    for place in ("demands", "moves", "remembers"):
        for within, row in _in_a_run(made, getattr(made, place)):
            paths = [path for arg in (*row.args, *(within.args[:1] if within else ())) for path in str(arg).split("/")]
            yield from ((path.partition(".")[0], place) for path in paths)
    yield from ((way.path[0], "names") for way in ways(made))
    read = [name for word, words in _words_of(made) for name in (*words[word].reads, *words[word].may_read)]
    yield from ((name, "signing") for name in read)


def _in_a_run(made: Any, rows: tuple[Any, ...]) -> Iterator[tuple[Row | None, Row]]:
    """The rows that hold for a record of a run. A record that has a field of `alone` is in no run."""
    for within, row in flat(rows):
        if within is None or within.word != "when" or within.args[0] not in made.alone:
            yield within, row
