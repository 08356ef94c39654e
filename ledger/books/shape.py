"""Which type the paths of a row have, and whether a word takes it, by the types of fields and the annotations of words. Used when a
class is made; `path.py` reads the values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from .field import Part
from .rows import Allocation, Disbursement
from .void_rows import ExchangeRow, IncomeRow, TakingRow

Scope = Mapping[str, Any]
"""The type of each first name of a path."""
NOTHING = type(None)
EARLIER: dict[str, tuple[type, tuple[str, ...]]] = {
    "disbursement": (Disbursement, ("party", "payee", "fund", "unit", "amount", "left", "bought")),
    "allocation": (Allocation, ("party", "source", "to", "unit", "amount", "units")),
    "income": (IncomeRow, ("party", "fund", "unit", "amount", "units")),
    "taking": (TakingRow, ("party", "of", "fund", "unit", "amount", "units")),
    "exchange": (ExchangeRow, ("party", "fund", "unit", "amount", "to_unit", "to_amount", "units")),
}
"""The tables of the books that have a row under a record's name, and what rows may read of it: every verifier knows these
(docs/reference/rules.md)."""
READ_OF = dict(EARLIER.values())


@cache
def choices(declared: Any) -> tuple[Any, ...]:
    """The types that a value can have; None is among them if it can be absent."""
    origin, arguments = get_origin(declared), get_args(declared)
    if origin is Annotated:
        return choices(arguments[0])
    if origin is Literal:
        return tuple(dict.fromkeys(type(value) for value in arguments))
    if origin in (Union, UnionType):
        return tuple(one for argument in arguments for one in choices(argument))
    return (declared,)


def is_optional(declared: Any) -> bool:
    """Whether the value can be absent."""
    return NOTHING in choices(declared)


def present(declared: Any) -> Any:
    """The type of the value when it is present."""
    return Union[tuple(one for one in choices(declared) if one is not NOTHING)]  # noqa: UP007 - of so many as there are


@cache
def item_of(declared: Any) -> Any:
    """The type of a list's items; None if it is not a list."""
    (one, *others) = choices(present(declared))
    arguments = get_args(one)
    is_list = get_origin(one) in (tuple, Sequence) and (get_origin(one) is Sequence or arguments[1:] == (...,))
    return arguments[0] if is_list and not others else None


def pair_of(declared: Any) -> tuple[Any, ...]:
    """The types of a tuple's members; empty if it is not a tuple."""
    (one, *_) = choices(declared)
    arguments = get_args(one)
    return arguments if get_origin(one) is tuple and arguments[1:] != (...,) else ()


def fields_of(part: type[Part]) -> dict[str, Any]:
    """The types of the fields of a part or a kind. Raises TypeError for a default that JSON does not have."""
    for name, field in part.model_fields.items():
        if not (field.is_required() or _is_left_out(field)):
            raise TypeError(f"the field {name} has a default, which other verifiers do not know; make it `X | None = None`")
    return {name: field.annotation for name, field in part.model_fields.items()}


def _is_left_out(field: FieldInfo) -> bool:
    return field.default_factory is None and (field.default is None or field.default == ())


def leads_to(scope: Scope, path: str) -> Any:
    """The type at the end of a path; for `a/b`, a tuple of both. Raises TypeError."""
    if "/" in path:
        return tuple.__class_getitem__(tuple(leads_to(scope, one) for one in path.split("/")))
    first, *rest = path.split(".")
    found, is_sure, reached = _member(scope, first, "the record"), True, first
    for name in rest:
        is_sure = is_sure and not is_optional(found)
        found, reached = _member(_members(found, reached), name, reached), f"{reached}.{name}"
    return found if is_sure else Union[found, None]  # noqa: UP007 - of a type that is a value here


def _member(scope: Scope, name: str, owner: str) -> Any:
    if name not in scope:
        raise TypeError(f"{owner} has no field {name!r}; it has {', '.join(sorted(scope))}")
    return scope[name]


def _members(declared: Any, reached: str) -> Scope:
    (one, *others) = choices(present(declared))
    if item_of(declared) is not None:
        raise TypeError(f"{reached} is a list; read its items within each({reached!r}, …)")
    if others or not isinstance(one, type) or not (one in READ_OF or issubclass(one, Part)):
        raise TypeError(f"{reached} is {said(declared)}, which has no fields")
    return {name: _type_in_row(one, name) for name in READ_OF[one]} if one in READ_OF else fields_of(one)


@cache
def _type_in_row(row: type, name: str) -> Any:
    """The type of a column, or of a property computed from columns."""
    made = getattr(row, name)
    return get_type_hints(made.fget)["return"] if isinstance(made, property) else get_type_hints(row)[name]


def misfit(path: str, given: Any, wanted: Any) -> str:
    """Why a word that wants this type does not take the value of the path; "" if it does."""
    paths, pair = path.split("/"), pair_of(wanted)
    if len(paths) != max(1, len(pair)):
        return f"{path!r} is {_counted(len(paths))}, but must be {_counted(max(1, len(pair)))}"
    if pair:
        each = zip(paths, get_args(given), pair, strict=True)
        return next((why for one, has, wants in each if (why := misfit(one, has, wants))), "")
    return _unfit(path, given, wanted)


def _unfit(path: str, given: Any, wanted: Any) -> str:
    if fits(given, wanted):
        return ""
    if is_optional(given) and fits(present(given), wanted):
        return f"{path} can be left out, but must be given; say the row within when(…) of it"
    return f"{path} is {said(given)}, but must be {said(wanted)}"


def _counted(paths: int) -> str:
    return "one field" if paths == 1 else f"{paths} fields as {'/'.join('abcdef'[:paths])!r}"


@cache
def fits(given: Any, wanted: Any) -> bool:
    """Whether every value of the first type is a value of the second."""
    return all(any(_fits(one, other) for other in choices(wanted)) for one in choices(given))


def _fits(given: Any, wanted: Any) -> bool:
    if wanted is Any:
        return True
    if get_origin(wanted) in (tuple, Sequence):
        return get_origin(given) is tuple and _items_fit(given, wanted)
    if not isinstance(given, type) or get_origin(given) is not None:
        return False
    if is_protocol(wanted):
        return issubclass(given, Part) and not any(lacking(fields_of(given), wanted))
    return issubclass(given, wanted)


def _items_fit(given: tuple[Any, ...], wanted: Any) -> bool:
    has, wants = item_of(given), item_of(wanted)
    if wants is not None:
        return all(fits(one, wants) for one in ([has] if has is not None else get_args(given)))
    there, asked = pair_of(given), pair_of(wanted)
    return has is None and len(there) == len(asked) and all(map(fits, there, asked))


def is_protocol(declared: Any) -> bool:
    """Whether a type only says which fields a value has."""
    return bool(getattr(declared, "_is_protocol", False))


def lacking(scope: Scope, wanted: Any) -> Iterator[str]:
    """A sentence for each field that a protocol names and the scope lacks."""
    for name, declared in _asked(wanted).items():
        if name not in scope:
            yield f"there is no field {name!r}"
        elif why := _unfit(name, scope[name], declared):
            yield why


@cache
def _asked(protocol: type) -> dict[str, Any]:
    return get_type_hints(protocol)


def said(declared: Any) -> str:
    """A type in words."""
    return " or ".join(_said(one) for one in choices(declared))


def _said(one: Any) -> str:
    words = {str: "a text", int: "a number", NOTHING: "left out", Any: "anything"}
    if one in words:
        return words[one]
    if (item := item_of(one)) is not None:
        return f"a list (each {said(item)})"
    return "a pair" if pair_of(one) else f"a {one.__name__}"
