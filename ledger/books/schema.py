"""JSON Schemas of statement, entry and every kind, and the page of kinds, made from the classes.

    python -m ledger.books.schema docs/reference/schema

A schema says the form of a value. Rules that compare values (ranges ascend, costs sum to the amount) stand in the classes only, and
the canonical encoding (formats §1) is judged by a decoder before. Patterns keep to what every dialect reads alike.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from ..canonical import SLUG
from ..complaint import WORDS
from ..statement import RECORDS, Statement, Time
from . import field, kinds
from .authority import DEMANDS, RELATIONS
from .field import Amount, Count, HexDigest, KeyText, Part
from .record import KINDS, STAGES, Signing

assert kinds, "importing the package registers the kinds"

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SUFFIX = ".schema.json"
PAGE = "kinds.md"
PAGE_HEAD = """# The kinds of records

This page is made from the classes in `ledger/books/kinds/` by `make schema`; a test compares. Each kind is one class, and the class
is the rule: what stands here is its docstring, its fields and the words of its `signing`. The schemas, with the
pattern of every text, are in [schema/](schema/).
"""

Flow = tuple[
    Annotated[int, Field(ge=0, lt=RECORDS)],
    Literal["-", "+"],
    Annotated[str, Field(pattern=f"^{SLUG}/(?:[A-Z]{{3}}|{SLUG})$")],
    Count,
    Amount,
]


class Signature(Part):
    """A key and its signature over the statement, both in base64."""

    key: KeyText
    sig: Annotated[str, Field(pattern="^[A-Za-z0-9+/]{85}[AQgw]==$")]


class Entry(Part):
    """A statement with its place: the leaf of the log (formats §3)."""

    flows: tuple[Flow, ...]
    index: Count
    prev: HexDigest
    signatures: Annotated[tuple[Signature, ...], Field(min_length=1, max_length=8)]
    statement: dict[str, Any]
    time: Time
    v: Literal[1]


def kind_schema(kind: str) -> dict[str, Any]:
    """The schema of one kind of record."""
    return _headed(kind, _tidy(KINDS[kind].model_json_schema()))


def statement_schema() -> dict[str, Any]:
    """The schema of a statement, which refers to those of the kinds."""
    schema = _tidy(Statement.model_json_schema())
    records = [{"$ref": kind + SUFFIX} for kind in sorted(KINDS)]
    schema["properties"]["records"] = {"items": {"oneOf": records}, "maxItems": RECORDS, "minItems": 1, "type": "array"}
    after = schema["properties"]["after"]
    schema["properties"]["after"] = next(way for way in after.get("anyOf", [after]) if way["type"] != "null")
    schema["description"] = "What a party says and signs (formats §2)."
    return _headed("statement", schema)


def entry_schema() -> dict[str, Any]:
    """The schema of an entry, which refers to that of the statement."""
    schema = _tidy(Entry.model_json_schema())
    schema["properties"]["statement"] = {"$ref": "statement" + SUFFIX}
    return _headed("entry", schema)


def _headed(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": DIALECT, "$id": name + SUFFIX, "title": name, **schema}


def _tidy(schema: Any) -> Any:
    """Without generated titles and null defaults, and with control characters in patterns escaped."""
    if isinstance(schema, list):
        return [_tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "const" in schema:
        return {"const": schema["const"]}
    kept = {name: value for name, value in schema.items() if name != "title" and (name, value) != ("default", None)}
    for name in ("properties", "$defs"):
        if name in kept:
            kept[name] = {key: _tidy(value) for key, value in kept[name].items()}
    if "pattern" in kept:
        kept["pattern"] = re.sub(r"[\x00-\x1f]", lambda found: f"\\u{ord(found[0]):04x}", kept["pattern"])
    return {name: value if name in ("properties", "$defs") else _tidy(value) for name, value in kept.items()}


def kinds_page() -> str:
    """docs/reference/kinds.md: the types of fields, the table of all kinds, and every kind with its fields."""
    table = [f"| [`{kind}`](#{kind}) | {KINDS[kind].stage} | {_signers(KINDS[kind].signing)} |" for kind in _in_order()]
    types = [f"| `{name}` | {_plain(schema)} |" for name, schema in _named().items()]
    parts = [
        PAGE_HEAD,
        "\n".join(["| kind | stage | said by; signed too by |", "|---|---|---|", *table]),
        "## Types of fields\n",
        "\n".join(["| type | is |", "|---|---|", *types]),
        *(kind_page(kind) for kind in _in_order()),
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def kind_page(kind: str) -> str:
    """The section of one kind."""
    record, schema = KINDS[kind], kind_schema(kind)
    lines = [f"## {kind}", "", " ".join((record.__doc__ or "").split()), ""]
    lines += [f"- Stage: {record.stage}", f"- Said by: {RELATIONS[record.signing.author][1]}"]
    lines += [f"- Has to be signed by: {DEMANDS[demand][1]}" for demand in record.signing.must]
    if record.private_fields:
        lines.append(f"- Private, committed only: {', '.join(record.private_fields)}")
    rows = [f"| `{name}` | {words} | {must} |" for name, words, must in _rows(schema, schema.get("$defs", {}), "")]
    return "\n".join([*lines, "", "| field | type | |", "|---|---|---|", *rows]) + "\n"


def _in_order() -> list[str]:
    return sorted(KINDS, key=lambda kind: (STAGES.index(KINDS[kind].stage), kind))


def _signers(signing: Signing) -> str:
    return "; ".join([RELATIONS[signing.author][1], *(DEMANDS[demand][1] for demand in signing.must)])


def _rows(schema: dict[str, Any], parts: dict[str, Any], within: str) -> Iterator[tuple[str, str, str]]:
    """(name, type, whether it must be there) of every field, those of a part below its own."""
    for name, value in schema["properties"].items():
        inner = value.get("items", value)
        yield within + name, _words(value), "required" if name in schema.get("required", ()) else ""
        if "$ref" in inner:
            yield from _rows(parts[inner["$ref"].rpartition("/")[2]], parts, f"{within}{name}{'[]' if inner is not value else ''}.")


def _words(schema: dict[str, Any]) -> str:
    """A field's type: by its name where it has one."""
    bare = {name: value for name, value in schema.items() if name != "default"}
    return next((f"`{name}`" for name, known in _named().items() if known == bare), None) or _plain(bare)


def _plain(schema: dict[str, Any]) -> str:
    """A type in words: what it may be, with its bounds."""
    if "$ref" in schema:
        return "an object"
    if "const" in schema or "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    if "prefixItems" in schema:
        return f"[{', '.join(_words(item) for item in schema['prefixItems'])}]"
    if schema["type"] == "array":
        return f"{schema.get('minItems', 0)} to {schema['maxItems']} of {_words(schema['items'])}"
    if schema["type"] == "integer":
        return f"a whole number from {schema['minimum']} to {schema['maximum']}"
    length = f", {schema['minLength']} to {schema['maxLength']} characters" if "maxLength" in schema else ""
    return f"text{length}: {WORDS[schema['pattern']]}"


@cache
def _named() -> dict[str, dict[str, Any]]:
    """The types of `field.py` that are no objects, by their names; what a slug names is said by no schema."""
    named = (field.FundId, field.PartyId)
    found = {
        name: value for name, value in vars(field).items()
        if name[0].isupper() and hasattr(value, "__metadata__") and value not in named
    }  # fmt: skip
    schemas = {name: _tidy(TypeAdapter(value).json_schema()) for name, value in found.items()}
    return {name: schema for name, schema in schemas.items() if "$defs" not in schema}


def files() -> dict[str, str]:
    """Every schema as text, by the name of its file."""
    schemas = {**{kind: kind_schema(kind) for kind in KINDS}, "statement": statement_schema(), "entry": entry_schema()}
    return {name + SUFFIX: json.dumps(schema, ensure_ascii=False, indent=2) + "\n" for name, schema in schemas.items()}


def write(directory: Path) -> None:
    """Write the schemas into `directory`, remove those of kinds that are gone, and write the page of kinds beside it."""
    directory.mkdir(parents=True, exist_ok=True)
    wanted = files()
    for old in directory.glob("*" + SUFFIX):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (directory / name).write_text(text, encoding="utf-8")
    (directory.parent / PAGE).write_text(kinds_page(), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
