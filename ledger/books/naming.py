"""What a record names, read from the types of its fields (`field.Names`): funds, parties, earlier records. Each must exist, and the
signer must have seen it. Giving a field such a type is enough to have it checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Annotated, Any, NamedTuple, get_args, get_origin

from ..errors import Absent, Refused
from .field import Names, Part
from .path import reader
from .rows import Activity, Disbursement, Fund, Party
from .state import Books
from .statement_context import StatementContext
from .table import Row, Table

MADE = ("allocation", "disbursement", "income", "exchange", "receipt", "taking", "feedback")
"""The tables that have a row for each record of a kind that a reversal can declare void."""


class Way(NamedTuple):
    """What is named at the end of a path of members. `is_new` if the record itself makes it; `many` if a list is on the path."""

    what: str
    path: tuple[str, ...]
    is_new: bool
    many: bool = False


def named_by(record: Part) -> Iterator[tuple[Way, str]]:
    """(way, name) for every field of a record or its parts whose type says that it is a name."""
    for way, _, read, _ in _reads(type(record)):
        if way.many:
            yield from ((way, name) for name in _values(record, way.path))
        elif (name := read(record)) is not None:
            yield way, name


def check_names(books: Books, context: StatementContext, record: Part) -> None:
    """Check that everything a record names exists and that its signer had seen it. Raises Refused (`reference`, `after`)."""
    for way, path, read, look_up in _lookups(type(record)):
        if way.many:
            for name in _values(record, way.path):
                look_up(books, context, name, path)
        elif (name := read(record)) is not None:
            look_up(books, context, name, path)


def fund_of(books: Books, context: StatementContext, fund_id: str, field: str = "fund") -> Fund:
    """The fund that a field names. Raises Absent if there is none; Refused if the signer had not seen it (`after`)."""
    fund = books.fund.get(fund_id)
    if fund is None:
        raise Absent(f"{field} {fund_id!r}: there is no such fund; record it first", rule="reference")
    context.check_seen(fund.since, field, fund_id, "made")
    return fund


def tape_of(books: Books, context: StatementContext, fund_id: str, unit: str, field: str = "fund") -> str:
    """The name of a fund's tape, `<fund>/<unit>`. Raises Absent; Refused if the signer had not seen them."""
    name = context.tapes.get((fund_id, unit))
    if name is None:
        fund_of(books, context, fund_id, field)
        unit_of(books, context, unit)
        name = context.tapes[fund_id, unit] = f"{fund_id}/{unit}"
    return name


def unit_of(books: Books, context: StatementContext, unit: str, field: str = "unit") -> None:
    """Check a unit. Raises Absent if it does not exist; Refused if the signer had not seen it."""
    row = books.unit.get(unit)
    if row is None:
        raise Absent(f"{field} {unit!r}: there is no such unit; record it first", rule="reference")
    context.check_seen(row.since, field, unit, "declared")


def activity_of(books: Books, context: StatementContext, activity_id: str, field: str = "activity") -> Activity:
    """The activity that a field names. Raises Absent if there is none; Refused if the signer had not seen it (`after`)."""
    fund = fund_of(books, context, activity_id, field)
    activity = books.activity.get(activity_id)
    if activity is None:
        error = Absent if fund.kind == "activity" else Refused
        raise error(f"{field} {activity_id!r}: is a fund, not an activity; give an activity", rule="reference")
    return activity


def disbursement_of(books: Books, context: StatementContext, ref: str, field: str) -> Disbursement:
    """The payment or delivery that a field names, which may be void. Raises Absent if there is none; Refused if the signer had not
    seen it."""
    row = books.disbursement.get(context.resolve(ref, field))
    if row is None:
        raise Absent(f"{field} {ref}: is not a payment or delivery; give the reference of one", rule="reference")
    return row


def row_of(books: Books, table: Table[Row], context: StatementContext, ref: str, field: str, otherwise: str) -> Row:
    """What a table has of the record that a field names. Raises Absent, with the words `otherwise`, if that is nothing; Refused if
    the record is void, or the signer had not seen it."""
    name = context.resolve(ref, field)
    row = table.get(name)
    if row is None:
        raise Absent(f"{field} {ref}: {otherwise}", rule="reference")
    check_not_void(books, name, f"{field} {ref}")
    return row


def check_not_void(books: Books, name: str, said: str) -> None:
    """Raises Refused (`reference`) if that record is void; `said` is how it was named."""
    void = books.void.get(name)
    if void is not None:
        raise Refused(f"{said}: was declared void by {void.entry}.{void.record}; name a record that is not", rule="reference")


def party_of(books: Books, context: StatementContext, party_id: str, field: str) -> Party:
    """The party that a field names. Raises Absent if there is none; Refused if the signer had not seen it (`after`)."""
    party = books.party.get(party_id)
    if party is None:
        raise Absent(f"{field} {party_id!r}: there is no such party; record it first", rule="reference")
    context.check_seen(party.since, field, party_id, "admitted")
    return party


def _values(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    """The texts at the end of a path of members; the items of a list one by one."""
    if value is None:
        return
    if isinstance(value, tuple):
        for item in value:
            yield from _values(item, path)
    elif path:
        yield from _values(getattr(value, path[0]), path[1:])
    else:
        yield value


@cache
def ways(part: type[Part]) -> tuple[Way, ...]:
    """Every name in a class of parts."""
    return tuple(
        way._replace(path=(member, *way.path))
        for member, field in part.model_fields.items()
        for way in _in_type(field.annotation, field.metadata)
    )


def _in_type(declared: Any, marks: Sequence[Any] = ()) -> Iterator[Way]:
    names = [mark for mark in marks if isinstance(mark, Names)]
    if names:
        yield Way(names[0].what, (), names[0].is_new)
    elif get_origin(declared) is Annotated:
        bare, *marks = get_args(declared)
        yield from _in_type(bare, marks)
    elif isinstance(declared, type) and issubclass(declared, Part):
        yield from ways(declared)
    else:
        many = get_origin(declared) is tuple
        for argument in get_args(declared):
            yield from (way._replace(many=way.many or many) for way in _in_type(argument))


@cache
def _reads(part: type[Part]) -> tuple[tuple[Way, str, Callable[[Any], Any], Callable[..., Any]], ...]:
    """For each name in a class of parts: its way, its path, a function that reads it if it is a name, and a function that looks it
    up."""
    found = [(way, ".".join(way.path)) for way in ways(part)]
    return tuple((way, path, reader(path), _LOOKUPS[way.what]) for way, path in found)


@cache
def _lookups(part: type[Part]) -> tuple[tuple[Way, str, Callable[[Any], Any], Callable[..., Any]], ...]:
    """Those of `_reads` that must exist."""
    return tuple(row for row in _reads(part) if not row[0].is_new)


_LOOKUPS: dict[str, Callable[[Books, StatementContext, str, str], Any]] = {
    "fund": fund_of, "activity": activity_of, "unit": unit_of, "party": party_of, "disbursement": disbursement_of,
    "record": lambda books, context, ref, field: context.resolve(ref, field),
}  # fmt: skip


def made_by(books: Books, name: str) -> Any:
    """What the books remember of a record that can be void; None if that is nothing."""
    return next((row for table in MADE if (row := getattr(books, table).get(name)) is not None), None)
