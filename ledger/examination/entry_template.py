"""The template of an entry of gifts: one pattern for the bytes around the records, and one for each record.

Both match only canonical JSON with the members that the schema asks for, using the patterns of the kind's own types. So a gift
costs one match instead of a tree of objects. Gifts of one statement may have different forms, in any order. An entry that does not
match is decoded and judged as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache, cached_property
from typing import Any, NamedTuple, get_args, get_type_hints

from pydantic import ConfigDict, TypeAdapter

from ..books.field import label_of
from ..books.record import KINDS, Record
from ..books.statement_context import JournalEntry, Run
from ..canonical import checked_base64
from ..entries.statement import Statement, validated
from ..errors import GiveTrailError
from ..log.entry import KEY, PREV, SIGNATURE, SIGNATURES, TIME, VERSION

# ASCII text without quotes and escapes is canonical as it is, and so are these numbers and lists of such text. No text of a
# statement is longer than this. None is empty, so an absent member differs from a present one. None contains a brace, so `},{`
# occurs only between two records.
_TEXT = rb"[ !#-\[\]-z|~]{1,512}"
_NUMBER = rb"(?:0|[1-9][0-9]{0,15})"
_TEXTS = rb'\["%b"(?:,"%b")*\]' % (_TEXT, _TEXT)
# Fifteen digits are always below 2^53.
_UNITS = rb"(?:0|[1-9][0-9]{0,14})"
_FLOW = rb'\[%b,"\+","%b",%b,%b\]' % (_UNITS, _TEXT, _UNITS, _UNITS)


Columns = Mapping[str, Sequence[bytes]]
"""Members of records by their paths; b"" for an absent one."""


class Parts(NamedTuple):
    """The parts of entries, by columns. `others` are the signatures after the first, as written; `records` is where the records
    begin and end in the entry, without the brackets around them."""

    flows: Sequence[bytes]
    indexes: Sequence[bytes]
    prev: Sequence[bytes]
    key: Sequence[bytes]
    signature: Sequence[bytes]
    others: Sequence[bytes]
    statement: Sequence[bytes]
    after: Sequence[bytes]
    id: Sequence[bytes]
    ledger: Sequence[bytes]
    party: Sequence[bytes]
    signed_at: Sequence[bytes]
    time: Sequence[bytes]
    records: Sequence[tuple[int, int]]


# The groups of an entry's pattern: the records, and the other parts. The records are not copied, because they are most of an entry.
_RECORDS = 12
_OTHERS = tuple(number for number in range(1, 15) if number != _RECORDS)


def read(raw: bytes) -> tuple[Any, ...] | None:
    """The parts of an entry, or None. Its flows and its records are not judged."""
    match = _entry().fullmatch(raw)
    return (*match.group(*_OTHERS), match.span(_RECORDS)) if match else None


def other_signatures(others: bytes) -> list[tuple[bytes, bytes]]:
    """(key, signature) of each of `Parts.others`."""
    return re.findall(rb'"key":"([^"]*)","sig":"([^"]*)"', others)


def are_flows(texts: Sequence[bytes]) -> bool:
    """Whether each text is a list of inflows in canonical form. A caller that computes the flows itself does not need this
    check."""
    return all(map(re.compile(rb"\[%b(?:,%b)*\]" % (_FLOW, _FLOW)).fullmatch, texts))


def form_of(signers: Sequence[bytes], statement: bytes, number: int, time: bytes) -> JournalEntry | None:
    """A statement with only one of its records, checked against the schema. None if the schema forbids it, or if the keys that
    signed it are not in ascending order, each once."""
    keys = list(map(checked_base64, signers))
    if keys != sorted(set(keys)):
        return None
    start, end = statement.index(b'"records":[{') + len(b'"records":[{'), statement.rindex(b'}],"signed_at"')
    record = statement[start:end].split(b"},{")[number]
    try:
        judged = validated(statement[:start] + record + statement[end:])
    except GiveTrailError:
        return None
    (first,) = judged.records
    return judged.journal_entry(0, time.decode(), tuple([key.decode() for key in signers]), (Run(first, ()),))


class _Member(NamedTuple):
    """How a member varies: "constant" within one form, or else a "text", a "list" or a "number"; `most` is the largest number
    allowed."""

    sort: str
    most: int = 0


class RecordTemplate:
    """Records of one kind, with the members that they may have. `constants` are the members that are equal in records of one
    form."""

    def __init__(self, kind: type[Record]) -> None:
        """The template of a kind whose records can be alike. Raises ValueError if only a decoder can judge such a record."""
        self._kind = kind
        self._members: dict[str, _Member] = {}
        self._pattern = _object(_fields(kind.__pydantic_core_schema__), kind, self._members)
        self.constants = [name for name, member in self._members.items() if member.sort == "constant"]
        self._mark = b'"kind":"%b"' % get_args(kind.model_fields["kind"].annotation)[0].encode()

    @cached_property
    def _each(self) -> re.Pattern[bytes]:
        """The pattern of a record and the separator after it, or, as the last group, everything from the first place where no
        record matches. Compiled on first use, because that is slow."""
        return re.compile(rb"\{%b\}[,\n]|((?s:.+))" % self._pattern)

    def count(self, raw: bytes, start: int, end: int) -> int:
        """How many records are between two places of an entry if all are of this kind, else 0. For records that `columns` accepts
        the count is exact, because only a record has a brace and a kind there; for others it is a guess."""
        count = raw.count(b"},{", start, end) + 1
        return count if raw.count(self._mark, start, end) == count else 0

    def columns(self, records: Sequence[bytes | memoryview]) -> Columns | None:
        """The members of the records of some entries; None if not all of them match. The records of each entry are one line."""
        rows = self._each.findall(b"\n".join([*records, b""]))
        *columns, unfit = zip(*rows, strict=True)
        return dict(zip(self._members, columns, strict=True)) if not unfit[-1] else None

    def telling(self, columns: Columns) -> list[Sequence[bytes]]:
        """The columns of what is equal in records of one form."""
        labels = [list(map(label_of, columns[name])) for name in (self._kind.labelled,) if name in self._members]
        return [columns[name] for name in self.constants] + labels

    def amounts(self, columns: Columns) -> tuple[list[int], list[int]]:
        """The amount of each record, and its share, or 0 if it has none. Raises ValueError if one exceeds the maximum of its type,
        if a share is not below its amount, or if members that belong together are not."""
        for group in self._kind.together:
            if len({tuple(map(bool, columns[name])) for name in group}) > 1:
                raise ValueError(f"{' and '.join(group)} are not given together")
        amounts = self._numbers("amount", columns)
        share = self._kind.share
        if share not in columns or not any(columns[share]):
            return amounts, [0] * len(amounts)
        shares = self._numbers(share, columns)
        if min(map(int.__sub__, amounts, shares)) <= 0:
            raise ValueError(f"{share} is as much as the amount")
        return amounts, shares

    def _numbers(self, name: str, columns: Columns) -> list[int]:
        values = [int(text) if text else 0 for text in columns[name]]
        if max(values) > self._members[name].most:
            raise ValueError(f"{name} is larger than its type allows")
        return values

    def judge_lists(self, columns: Columns) -> None:
        """Check the members that are lists. Raises ValueError if their types do not allow one."""
        for name, member in self._members.items():
            if member.sort == "list" and (given := list(filter(None, columns[name]))):
                _type(self._kind, name).validate_json(b"[%b]" % b",".join(given))


def templates() -> tuple[RecordTemplate, ...]:
    """The templates of the kinds whose records can be alike."""
    return _templates(tuple(kind for kind in KINDS.values() if kind.alike is not None))


@cache
def _templates(kinds: tuple[type[Record], ...]) -> tuple[RecordTemplate, ...]:
    made = []
    for kind in kinds:
        with suppress(ValueError):
            made.append(RecordTemplate(kind))
    return tuple(made)


Schema = Mapping[str, Any]
"""What pydantic made of a type, or of the fields of a class."""


def _fields(schema: Schema) -> Schema:
    """The schemas of a part's fields, from the schema of its class. What belongs together is checked of whole columns. Raises
    ValueError."""
    while schema["type"] != "model-fields":
        if schema["type"] != "model" and not _checks_together(schema):
            raise ValueError("there is more to the part than its fields")
        schema = schema["schema"]
    fields: Schema = schema["fields"]
    return fields


def _checks_together(schema: Schema) -> bool:
    name: str = schema["function"]["function"].__name__ if schema["type"] == "function-after" else ""
    return name == "_given_together"


def _object(fields: Schema, kind: type[Record], members: dict[str, _Member], path: str = "") -> bytes:
    """The pattern of an object without its braces. It adds the members to `members` by their paths, in the order of the pattern's
    groups. It leaves out optional members that only a decoder can judge, or that make a record stand-alone. Raises ValueError."""
    pattern = b""
    for name in sorted(fields):
        schema = fields[name]["schema"]
        if schema["type"] != "default":
            pattern += b',"%b":%b' % (name.encode(), _value(schema, kind, members, path + name))
        elif pattern and (name not in kind.alone or name == kind.share):
            with suppress(ValueError):
                within: dict[str, _Member] = {}
                pattern += b'(?:,"%b":%b)?' % (name.encode(), _value(schema["schema"], kind, within, path + name))
                members.update(within)
    if not pattern.startswith(b","):
        raise ValueError("there is no member that is always there")
    return pattern[1:]


def _value(schema: Schema, kind: type[Record], members: dict[str, _Member], path: str) -> bytes:
    """The pattern of a member's value. Raises ValueError if only a decoder can judge it."""
    match schema:
        case {"type": "literal", "expected": [str(text)]}:
            return b'"%b"' % re.escape(text.encode())
        case {"type": "model"}:
            return rb"\{%b\}" % _object(_fields(schema), kind, members, f"{path}.")
    pattern, members[path] = _varying(schema) if path in kind.varies or path == kind.share else _constant(schema)
    return pattern


def _constant(schema: Schema) -> tuple[bytes, _Member]:
    if schema["type"] != "str":
        raise ValueError("a member that is not a text")
    return b'"(%b)"' % _TEXT, _Member("constant")


def _varying(schema: Schema) -> tuple[bytes, _Member]:
    match schema:
        case {"type": "str"}:
            return b'"(%b)"' % _text(schema), _Member("text")
        case {"type": "int", "ge": 1, "le": most} if {*schema} <= {"type", "ge", "le", "metadata"}:
            return b"([1-9][0-9]{0,15})", _Member("number", most)
    inner = schema["schema"] if schema["type"] == "function-after" else schema
    match inner:
        case {"type": "tuple", "items_schema": [{"type": "str"}]}:
            return b"(%b)" % _TEXTS, _Member("list")
    raise ValueError("a member that only a decoder can judge")


def _text(schema: Schema) -> bytes:
    """The pattern of a text, if its type asks for nothing else and does not allow the empty text. Raises ValueError."""
    pattern = re.compile(schema.get("pattern", ""))
    if {*schema} - {"type", "pattern", "metadata"} or pattern.groups or pattern.match(""):
        raise ValueError("there is more to the text than a pattern")
    return b"(?:%b)" % pattern.pattern.removeprefix("^").removesuffix("$").encode()


@cache
def _type(model: type[Record], name: str) -> TypeAdapter[Any]:
    """The validator of a column of lists: a list of the field's own type."""
    list_of: Any = list
    return TypeAdapter(list_of[get_type_hints(model, include_extras=True)[name]], config=ConfigDict(strict=True))


def _of_statement(name: str) -> bytes:
    """The pattern of a text type of statements that has no other rule."""
    schema = _fields(Statement.__pydantic_core_schema__)[name]["schema"]
    return _text(schema["schema"] if schema["type"] == "default" else schema)


@cache
def _entry() -> re.Pattern[bytes]:
    """The pattern of an entry. Compiled on first use, because that is slow."""
    key, signature, prev, time = (pattern.pattern.encode() for pattern in (KEY, SIGNATURE, PREV, TIME))
    after, id, party, signed_at = map(_of_statement, ("after", "id", "party", "signed_at"))
    others = rb'(?:,\{"key":"%b","sig":"%b"\}){0,%d}' % (key, signature, SIGNATURES - 1)
    return re.compile(
        rb'\{"flows":(\[[^{]*\]),"index":(%b),"prev":"(%b)",' % (_NUMBER, prev)
        + rb'"signatures":\[\{"key":"(%b)","sig":"(%b)"\}(%b)\],' % (key, signature, others)
        + rb'"statement":(\{"after":"(%b)","id":"(%b)","ledger":"(%b)","party":"(%b)",' % (after, id, _TEXT, party)
        + rb'"records":\[((?s:.*))\],"signed_at":"(%b)"\}),"time":"(%b)","v":%d\}' % (signed_at, time, VERSION)
    )
