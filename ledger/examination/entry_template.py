"""The shape of an entry of gifts, as a pattern over its bytes: which members it has, of which sort, in canonical order.

What the pattern takes is canonical JSON and an entry's form. Where the schema of a text is a pattern and no more, that stands in
it too; what else may vary is for its type to judge. So a gift costs a match, and no tree of objects. What is not of a shape is
decoded, and judged whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from operator import itemgetter
from typing import Any, NamedTuple, get_type_hints

from pydantic import ConfigDict, TypeAdapter

from ..books.field import Part
from ..books.record import KINDS, Record
from ..books.statement_context import Run, Said
from ..canonical import checked_base64
from ..entries.statement import Statement, validated
from ..errors import GiveTrailError
from ..log.entry import KEY, PREV, SIGNATURE, TIME, VERSION, Entry

# Text of ASCII without quotes and escapes is canonical as it stands; so are these numbers, and lists of such text. No text of a
# statement is longer, so that what is kept of an entry is small.
_TEXT = rb"[ !#-\[\]-~]{0,512}"
_NUMBER = rb"(?:0|[1-9][0-9]{0,15})"
_TEXTS = rb'\["%b"(?:,"%b")*\]' % (_TEXT, _TEXT)
_FLOW = rb'\[%b,"\+","%b",%b,%b\]' % (_NUMBER, _TEXT, _NUMBER, _NUMBER)
_FLOWS = rb"\[%b(?:,%b)*\]" % (_FLOW, _FLOW)
_SIGNED = rb'\{"key":"(%b)","sig":"(%b)"\}' % (KEY.pattern.encode(), SIGNATURE.pattern.encode())
_BEFORE = rb'\{"flows":(%b),"index":(%b),"prev":"(%b)","signatures":\[' % (_FLOWS, _NUMBER, PREV.pattern.encode())


class Sort(NamedTuple):
    """Of which sort the values of a member are: the pattern that matches them, whether they stand in quotes, and whether the
    pattern is all that their type asks."""

    pattern: bytes
    quoted: bool = True
    exact: bool = False


class Shape:
    """Entries with so many signatures, whose records are of one kind and have the same members. In `varying` gifts of one run may
    differ; the other members are the same in all records of an entry.

    `read` gives an entry in parts, of which the numbers here say what they are; `keys` and `signatures` are several."""

    flows, index, prev = range(3)
    signed_at, time = -2, -1

    def __init__(self, kind: type[Record], record: Mapping[str, Any], signatures: int) -> None:
        """The shape of entries with records like this one. Raises ValueError where there is none."""
        self._kind = kind
        self._members = (kind, tuple(record), tuple(map(type, record.values())), signatures)
        sorts = {name: _sort(kind, name, value) for name, value in record.items()}
        self.varying = {name: sort for name, sort in sorts.items() if name in kind.varies}
        end = 3 + 2 * signatures
        self.keys, self.signatures = range(3, end, 2), range(4, end, 2)
        self.statement, self.after, self.id, self.ledger, self.party, self.records = range(end, end + 6)
        places = dict(zip(sorts, range(end + 6, end + 6 + len(sorts)), strict=True))
        self._varies = [places[name] for name in self.varying]
        same = [place for name, place in places.items() if name not in kind.varies]
        # Gives what entries of one form have in common.
        self.form_name: Callable[[Sequence[bytes]], tuple[bytes, ...]] = itemgetter(*self.keys, self.ledger, self.party, *same)
        self._made_of = (sorts, self.varying, places, signatures)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shape) and self._members == other._members

    def __hash__(self) -> int:
        return hash(self._members)

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
        """Of an entry, and of what varies in a record. They take long to make, and are made when they are asked for."""
        return _patterns(*self._made_of)

    @cached_property
    def _match(self) -> Callable[[bytes], re.Match[bytes] | None]:
        return self._patterns[0].fullmatch

    @cached_property
    def _each(self) -> re.Pattern[bytes]:
        return self._patterns[1]

    def read(self, raw: bytes) -> tuple[bytes, ...] | None:
        """An entry of this shape in its parts, or None."""
        match = self._match(raw)
        return match.groups() if match else None

    def rows(self, parts: Sequence[bytes]) -> list[tuple[bytes, ...]]:
        """What varies, of each record."""
        if b"},{" in parts[self.records]:
            return [row[:-1] for row in self._each.findall(parts[self.records])]
        return [tuple([parts[place] for place in self._varies])]

    def columns(self, rows: Sequence[tuple[bytes, ...]]) -> dict[str, list[Any]]:
        """What varies, by its name, of many records. Raises pydantic's ValidationError where it is not what its type asks."""
        columns = zip(self.varying.items(), zip(*rows, strict=True), strict=True)
        return {name: _judged(self._kind, name, sort, column) for (name, sort), column in columns}

    def form(self, parts: Sequence[bytes]) -> Said | None:
        """The statement with the first of its records only, judged by the schema; None where that, or the record, forbids a run, or
        where the keys that signed are not in order, each once."""
        keys = [checked_base64(parts[place]) for place in self.keys]
        if keys != sorted(set(keys)):
            return None
        first = self._each.match(parts[self.records]).group()
        try:
            statement = validated(parts[self.statement].replace(parts[self.records], first))
        except GiveTrailError:
            return None
        (record,) = statement.records
        if record.stands_alone():
            return None
        signers = tuple([parts[place].decode() for place in self.keys])
        return statement.said(0, parts[self.time].decode(), signers, (Run(record, ()),))


def _patterns(
    sorts: Mapping[str, Sort], varying: Mapping[str, Sort], places: Mapping[str, int], signatures: int
) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """The pattern of an entry, whose records after the first have what does not vary again; and that of what varies in each."""
    first = _record(sorts, {name: b"(%b)" % sort.pattern for name, sort in sorts.items()})
    same = {name: b"\\%d" % (place + 1) for name, place in places.items()}
    other = _record(sorts, same | {name: sort.pattern for name, sort in varying.items()})
    each = _record(sorts, dict.fromkeys(sorts, _TEXT) | {name: b"(%b)" % sort.pattern for name, sort in varying.items()})
    signed = b",".join([_SIGNED] * signatures)
    entry = b"%b%b%b%b(?:,%b)*%b" % (_BEFORE, signed, _STATEMENT, first, other, _AFTER)
    # With an empty group behind them, so that one value is found as a tuple too.
    return re.compile(entry), re.compile(each + b"()")


def shape_of(entry: Entry) -> Shape | None:
    """The shape of an entry that was judged and found right; None where its records can be in no run."""
    first, *_ = entry.statement["records"]
    kind = KINDS[first["kind"]]
    if kind.alike is None or "after" not in entry.statement:
        return None
    try:
        return Shape(kind, first, len(entry.signatures))
    except ValueError:
        return None


def _record(sorts: Mapping[str, Sort], forms: Mapping[str, bytes]) -> bytes:
    """The pattern of a record whose members have values of these forms."""
    quoted = {name: b'"%b"' if sort.quoted else b"%b" for name, sort in sorts.items()}
    return rb"\{%b\}" % b",".join([b'"%b":%b' % (name.encode(), quoted[name] % form) for name, form in forms.items()])


def _sort(kind: type[Record], name: str, value: Any) -> Sort:
    """The sort of a member that has such a value. Raises ValueError where only a decoder can judge it."""
    if name == "kind":
        return Sort(re.escape(value.encode()))
    if type(value) is str:
        pattern = _pattern(kind, name)
        return Sort(pattern or _TEXT, exact=pattern is not None)
    if name in kind.varies and type(value) is int:
        return Sort(_NUMBER, quoted=False)
    if name in kind.varies and type(value) is list and all(type(one) is str for one in value):
        return Sort(_TEXTS, quoted=False)
    raise ValueError(name)


@cache
def _pattern(model: type[Part], name: str) -> bytes | None:
    """The pattern that is the whole schema of a text; None where there is more to it."""
    schema = _type(model, name).json_schema()["items"]
    match [one for one in schema.get("anyOf", [schema]) if one != {"type": "null"}]:
        case [{"type": "string", "pattern": pattern, **more}] if not more:
            return b"(?:%b)" % pattern.removeprefix("^").removesuffix("$").encode()
    return None


def _judged(model: type[Part], name: str, sort: Sort, column: Sequence[bytes]) -> list[Any]:
    if sort.exact:
        return b"\n".join(column).decode().split("\n")
    return _type(model, name).validate_json(b'["%b"]' % b'","'.join(column) if sort.quoted else b"[%b]" % b",".join(column))


@cache
def _type(model: type[Part], name: str) -> TypeAdapter[Any]:
    """What judges a column: a list of the field's own type."""
    return TypeAdapter(list[get_type_hints(model, include_extras=True)[name]], config=ConfigDict(strict=True))


def _of_statement(name: str) -> bytes:
    pattern = _pattern(Statement, name)
    assert pattern is not None, f"{name} of a statement has more to it than a pattern"
    return pattern


_STATEMENT = rb'\],"statement":(\{"after":"(%b)","id":"(%b)","ledger":"(%b)","party":"(%b)","records":\[(' % (
    _of_statement("after"), _of_statement("id"), _TEXT, _of_statement("party"),
)  # fmt: skip
_AFTER = rb')\],"signed_at":"(%b)"\}),"time":"(%b)","v":%d\}' % (_of_statement("signed_at"), TIME.pattern.encode(), VERSION)
