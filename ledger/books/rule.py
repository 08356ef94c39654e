"""Rules as rows: what a kind demands of a record, what it moves and what the books remember of it, each stated once.

A row is a word and the names of fields: `not_after_today("received_on")`. A word has a function, which gets the values of the
fields. `docs/reference/rules.json` has the rows, and `rules.md` says what each word means, so that other programs can interpret
them. A name is a path: `cover.fund` is a member of a part that may be absent; `fund/unit` is two fields, the name of a tape. Only
`when`, `each` and `about` contain other rows. Rows are compiled once for each class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import wraps
from typing import Annotated, Any, NamedTuple, TypeAlias

from .path import reader_of
from .state import Books
from .statement_context import Flow, Leg, StatementContext

Step = Callable[..., None]
"""A compiled row: called with a record, the books, the statement's context, and what the section gathers or already has."""


class Word(NamedTuple):
    """A word: what it does (`demands`, `moves`, `remembers`, `nests`) and means, for people; the rules that it can break; the table
    of the books in which it makes a row; its function, whose annotations say what it takes.

    `decidable` says whether it is judged, or remembered, in a bundle. A demand may be decidable only if no entry left out of the
    bundle can make it true. Everything it looks up must be in every bundle (`bundle._needed_by`), or else it must claim it
    (`StatementContext.claim`). A demand that `remarks` refuses nothing: where its row holds, every audit reports it."""

    name: str
    does: str
    sentence: str
    breaks: tuple[str, ...] = ()
    decidable: bool = False
    makes: str = ""
    function: Any = None
    remarks: bool = False


class Row(NamedTuple):
    """A rule of a kind, as data and as the step that carries it out."""

    word: str
    args: tuple[str | Row, ...]
    step: Step


def plain(rows: Iterable[Row]) -> list[Any]:
    """Rows as JSON values."""
    return [[row.word, *[arg if isinstance(arg, str) else plain([arg])[0] for arg in row.args]] for row in rows]


def says(word: str, rows: Iterable[Row]) -> bool:
    """Whether a word is among these rows, or within them."""
    return any(row.word == word or says(word, [arg for arg in row.args if isinstance(arg, Row)]) for row in rows)


def values_of(word: str, rows: Iterable[Row], record: Any) -> Iterator[tuple[Any, ...]]:
    """The values of each row of a word that applies to a record, found without the books."""
    for row in rows:
        if row.word == word:
            yield reader_of([arg for arg in row.args if isinstance(arg, str)])(record)
        elif row.word in ("when", "each"):
            inner = [arg for arg in row.args if isinstance(arg, Row)]
            for within in WORDS[row.word].function(record, None, None, row.args[0]):
                yield from values_of(word, inner, within)


WORDS: dict[str, Word] = {}
SETTLED: dict[str, Any] = {}
"""How the claims of a claiming word are settled (`claims.py`)."""
Out: TypeAlias = Annotated[Leg, "-"]
In: TypeAlias = Annotated[Leg, "+"]
Outs: TypeAlias = Annotated[list[Leg], "-"]
"""What a word of `moves` returns: units that go out of the tape, or come into it; `Outs` go out of several tapes."""
OneIn: TypeAlias = Annotated[Sequence[Flow], 1]
"""The type of the flows argument of a word of `remembers` that counts on exactly one inflow."""
Make = Callable[[Callable[..., Any]], Callable[..., Row]]


def demand(sentence: str, *breaks: str, decidable: bool = False, remarks: bool = False) -> Make:
    """Make a word of a function that judges, or only `remarks`: (books, context, names of the fields, their values…)."""

    def step_of(judges: Callable[..., Any], fields: tuple[str, ...]) -> Step:
        values = reader_of(fields)
        if decidable:
            return lambda record, books, context: judges(books, context, fields, *values(record))
        return lambda record, books, context: context.whole and judges(books, context, fields, *values(record))

    return make_word(Word("", "demands", sentence, breaks, decidable, remarks=remarks), step_of)


def memory(sentence: str, *, decidable: bool = False, makes: str = "") -> Make:
    """Make a word of a function that remembers: (books, context, the record, its flows, values of the fields…)."""

    def step_of(remembers: Callable[..., Any], fields: tuple[str, ...]) -> Step:
        values = reader_of(fields)
        if decidable:
            return lambda record, books, context, rows: remembers(books, context, record, rows, *values(record))
        return lambda record, books, context, rows: context.whole and remembers(books, context, record, rows, *values(record))

    return make_word(Word("", "remembers", sentence, (), decidable, makes), step_of)


def make_word(word: Word, step_of: Callable[[Any, Any], Step]) -> Make:
    """Make a word of a function; `step_of` makes a step from the function and the names of fields. Raises TypeError if the name is
    taken, and later if a row is given anything but names."""

    def register(function: Callable[..., Any]) -> Callable[..., Row]:
        name = function.__name__.replace("_", "-")
        _add(word._replace(name=name, function=function))
        function.__doc__ = function.__doc__ or word.sentence

        def row(*fields: str) -> Row:
            if not all(isinstance(field, str) for field in fields):
                raise TypeError(f"{name} takes names of fields only; rows nest in when, each and about")
            return Row(name, fields, step_of(function, fields))

        return wraps(function)(row)

    return register


def _add(word: Word) -> None:
    there = WORDS.setdefault(word.name, word)
    if there is not word:
        raise TypeError(f"the word {word.name!r} is one of {there.function.__module__} already; choose another name")


FIRST = "givetrail/1"
RULE_SETS: dict[str, dict[str, tuple[Row, ...]]] = {FIRST: {}}
"""What each kind demands, by the name of the rule set. What a kind moves, and what the books remember of it, never changes: another
way to move money needs another kind."""


class Within:
    """A record in which one field has the value of one list item, or of the row that it names. It has no members of its own that
    could hide a field."""

    __slots__ = ("_field", "_item", "_record")

    def __init__(self, record: object, field: str, item: Any) -> None:
        self._record, self._field, self._item = record, field, item

    def __getattr__(self, name: str) -> Any:
        return self._item if name == self._field else getattr(self._record, name)


def _nesting(sentence: str) -> Make:
    def register(holding: Callable[..., Sequence[Any]]) -> Callable[..., Row]:
        _add(Word(holding.__name__, "nests", sentence, (), True, "", holding))

        def row(*args: str | Row) -> Row:
            fields, steps = [arg for arg in args if isinstance(arg, str)], [arg.step for arg in args if isinstance(arg, Row)]

            def step(record: object, books: Books, context: StatementContext, *more: Any) -> None:
                for within in holding(record, books, context, *fields):
                    for one in steps:
                        one(within, books, context, *more)

            return Row(holding.__name__, args, step)

        return wraps(holding)(row)

    return register


@_nesting("the rows after it hold where the field is there")
def when(record: object, books: Books, context: StatementContext, field: str) -> Sequence[Any]:
    """For an optional field."""
    return () if getattr(record, field) is None else (record,)


@_nesting("the rows after it hold for each item of the field, which takes its place; none where it is left out")
def each(record: object, books: Books, context: StatementContext, field: str) -> Sequence[Any]:
    """For a list."""
    return [Within(record, field, item) for item in getattr(record, field) or ()]


@_nesting("the rows after it hold where the field names an earlier record of which that table has a row, which takes its place")
def about(record: object, books: Books, context: StatementContext, field: str, table: str) -> Sequence[Any]:
    """For what the books remember of an earlier record."""
    row = getattr(books, table).get(context.resolve(getattr(record, field), field)) if context else None
    return () if row is None else (Within(record, field, row),)
