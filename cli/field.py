"""Options made from the fields of a record's class, and the record made from their values.

A field becomes one option, and a list is given by repeating it. A part of several fields is written `a:b:c` in the order of its
fields, or as JSON; a pair is written `1:10` or `1/10`. A day on which something happened (`received_on` and the like) is today
unless it is given. The help of an option is the description of the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ledger.books import field as types
from ledger.books.conduct import Breach
from ledger.books.record import Record
from ledger.books.state import Books
from ledger.bounds import MAX_INTEGER
from ledger.canonical import JsonObject
from ledger.errors import SchemaError, shown
from ledger.jsontext import read_json

from .command import Day
from .money import is_amount, minor

SPELLED = {
    types.Slug: "SLUG", types.Unit: "UNIT", types.NewUnit: "UNIT", types.MoneyUnit: "UNIT", types.GoodsUnit: "UNIT",
    types.FundId: "FUND", types.ActivityId: "ACTIVITY", types.PartyId: "PARTY", types.NewFundId: "ID", types.NewPartyId: "ID",
    types.Range: "START:END", types.OriginText: "ORIGIN", types.RuleSet: "RULES",
    types.DisbursementRef: "REF", types.Day: "YYYY-MM-DD", types.Ref: "REF", types.KeyText: "KEY", types.Digest: "DIGEST",
    types.Committed: "COMMITTED", types.Place: "PLACE", types.Media: "MEDIA", types.TimeZone: "UTC+HH:MM", types.HexDigest: "HEX",
    Breach: "RULE:REASON",
}  # fmt: skip
AHEAD = frozenset({"destroy_on"})
"""Days in the future, so the default is not today."""
INTEGER = re.compile(r"-?[0-9]{1,16}", re.ASCII)


class Shape(NamedTuple):
    """The form of one value of a field: `kind` is its class; `choices` are those of a Literal; `items` those of a pair; `many` if
    values repeat; `spelled` is how help writes it."""

    kind: type
    many: bool = False
    choices: tuple[str, ...] = ()
    items: tuple[object, ...] = ()
    spelled: str = "TEXT"


def shape_of(annotation: Any, spelled: str = "TEXT") -> Shape:
    """The shape of a field, from its annotation without `Annotated`, `None`, and the tuple around repeated values."""
    spelled = next((word for alias, word in SPELLED.items() if alias == annotation), spelled)
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return shape_of(args[0], spelled)
    if origin in (Union, UnionType):
        return shape_of(next(arg for arg in args if arg is not NoneType), spelled)
    if origin is Literal:
        return Shape(str, choices=args)
    if origin is tuple and args[-1] is Ellipsis:
        return shape_of(args[0])._replace(many=True)
    if origin is tuple:
        return Shape(tuple, items=args, spelled="A/B" if spelled == "TEXT" else spelled)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Shape(annotation, spelled=SPELLED.get(annotation) or ":".join(annotation.model_fields).upper())
    return Shape(annotation, spelled="NUMBER" if annotation is int else spelled)


@cache
def shapes_of(model: type[BaseModel]) -> dict[str, Shape]:
    """The shape of every field of a record or part, except `kind`."""
    hints = get_type_hints(model, include_extras=True)
    return {name: shape_of(hints[name]) for name in model.model_fields if name != "kind"}


def kind_of(record: type[Record]) -> str:
    """The value of `kind` in records of this class."""
    kind: str
    (kind,) = get_args(record.model_fields["kind"].annotation)
    return kind


def option_name(kind: str, field: str, taken: frozenset[str]) -> str:
    """`cost_class` → `--cost-class`; if every kind has an option of that name, the kind is put before it."""
    word = field.replace("_", "-")
    return f"--{kind}-{word}" if word in taken else f"--{word}"


def options_of(record: type[Record], taken: frozenset[str]) -> Iterator[click.Option]:
    """One option for each field, except `kind`; none has a name in `taken`."""
    for name, shape in shapes_of(record).items():
        flag = option_name(kind_of(record), name, taken)
        yield _option(flag, name, shape, record.model_fields[name], is_today(record, name))


def _option(flag: str, name: str, shape: Shape, field: FieldInfo, today: bool) -> click.Option:
    notes = {
        field.description or "": True, "Default: today.": today, "Repeat for more.": shape.many,
        "In base64; or P/O, to use the key file here.": name == "key",
    }  # fmt: skip
    return click.Option(
        [flag, f"field_{name}"], required=field.is_required() and not today, multiple=shape.many,
        type=click.Choice(shape.choices) if shape.choices else Day() if shape.spelled == SPELLED[types.Day] else str,
        metavar=None if shape.choices else "DECIMAL" if _is_money(name, shape) else shape.spelled,
        help=" ".join(words for words, holds in notes.items() if holds),
    )  # fmt: skip


def _is_money(name: str, shape: Shape) -> bool:
    return shape.kind is int and is_amount(name)


def is_today(record: type[Record], name: str) -> bool:
    """Whether a field is the day on which something happened, which is today unless it is given."""
    field = record.model_fields[name]
    return field.is_required() and field.annotation is str and name.endswith("_on") and name not in AHEAD


def record_of(record: type[Record], words: Mapping[str, object], books: Books, today: str) -> JsonObject:
    """The record that the options give, with amounts in minor units. Raises SchemaError, CanonicalError, Refused, NotFound."""
    shapes = shapes_of(record)
    given = {name: words[f"field_{name}"] for name in shapes if words.get(f"field_{name}") not in (None, ())}
    value: JsonObject = {"kind": kind_of(record)}
    # Units and references first, because amounts are read in them.
    for name in sorted(given, key=lambda name: shapes[name].kind is not str):
        value[name] = _value(given[name], name, shapes[name], value, value, books)
    for name in shapes:
        if is_today(record, name):
            value.setdefault(name, today)
    return value


def _value(words: Any, field: str, shape: Shape, part: Mapping[str, object], record: Mapping[str, object], books: Books) -> object:
    if not shape.many:
        return _one(words, field, shape, part, record, books)
    values = []
    for word in words:
        whole = read_json(word, field) if isinstance(word, str) and word.startswith("[") else None
        several = whole if isinstance(whole, list) else [word]
        values += [_one(item, field, shape._replace(many=False), part, record, books) for item in several]
    return values


def _one(word: object, field: str, shape: Shape, part: Mapping[str, object], record: Mapping[str, object], books: Books) -> object:
    if _is_money(field, shape):
        return minor(word, field, part, record, books)
    if shape.kind is int:
        return _integer(word, field)
    if shape.kind is tuple:
        items = re.split("[:/]", word) if isinstance(word, str) else word if isinstance(word, list) else [word]
        return [_integer(item, field) for item in items]
    if issubclass(shape.kind, BaseModel):
        return _part(word, field, shape.kind, record, books)
    return _text(word, field)


def _integer(word: object, field: str) -> int:
    if isinstance(word, int) and not isinstance(word, bool):
        return word
    if isinstance(word, str) and INTEGER.fullmatch(word) and abs(int(word)) <= MAX_INTEGER:
        return int(word)
    raise SchemaError(f"{field} {shown(word)}: must be a whole number up to 2^53-1", rule="schema", where=field)


def _text(word: object, field: str) -> object:
    try:
        return word if not isinstance(word, str) else word.encode().decode()
    except UnicodeError:
        raise SchemaError(f"{field} {shown(word)}: is not UTF-8; type it in UTF-8", rule="schema", where=field) from None


def _part(word: object, field: str, model: type[BaseModel], record: Mapping[str, object], books: Books) -> dict[str, Any]:
    """A part from JSON, or from `a:b:c` in the order of its fields."""
    said = read_json(word, field) if isinstance(word, str) and word.startswith(("{", "[")) else word
    order = ":".join(model.model_fields)
    if isinstance(said, str):
        fields = shapes_of(model)
        # A text at the end may hold colons.
        texts = said.split(":", len(fields) - 1 if [*fields.values()][-1].spelled == "TEXT" else -1)
        if len(texts) > len(fields):
            raise SchemaError(f"{field} {shown(said)}: must be {order}, or JSON", rule="schema", where=field)
        said = dict(zip(fields, texts, strict=False))
    if not isinstance(said, dict):
        raise SchemaError(f"{field} {shown(said)}: must be {order} or a JSON object", rule="schema", where=field)
    part = dict(said)
    for name, shape in shapes_of(model).items():
        if name in said:
            words = said[name] if not shape.many or isinstance(said[name], list) else [said[name]]
            part[name] = _value(words, name, shape, part, record, books)
    return part
