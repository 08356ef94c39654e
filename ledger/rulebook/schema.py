"""JSON Schemas of statement, entry, inclusion promise and every kind, made from the classes.

    python -m ledger.rulebook.schema docs/reference/schema

A schema gives the form of a value. Rules that compare values (ranges ascend, costs sum to the amount) are only in the classes, and
a decoder checks the canonical encoding (formats §1) first. Patterns use only what every regular expression dialect reads alike.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

from pydantic import Field
from pydantic.json_schema import GenerateJsonSchema

from ..books import kinds
from ..books.field import Count, End, HexDigest, KeyText, Part, Time
from ..books.record import KINDS
from ..canonical import SLUG, JsonObject
from ..entries.inclusion_promise import InclusionPromise
from ..entries.statement import RECORDS, Statement

assert kinds, "importing the package registers the kinds"

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SUFFIX = ".schema.json"

Flow = tuple[
    Annotated[int, Field(ge=0, lt=RECORDS)],
    Literal["-", "+"],
    Annotated[str, Field(pattern=f"^{SLUG}/(?:[A-Z]{{3}}|{SLUG})$")],
    Count,
    End,
]


class WithRules(GenerateJsonSchema):
    """JSON Schema in which `also` names the functions that check a value further. Raises ValueError for a function that runs
    before."""

    def function_after_schema(self, schema: Any) -> dict[str, Any]:
        """A rule that checks a value after its form was checked."""
        inner = super().function_after_schema(schema)
        function = schema["function"]["function"]
        name, meaning = function.__name__.lstrip("_"), " ".join((function.__doc__ or "").split())
        if not meaning or COMPARISONS.setdefault(name, meaning) != meaning:
            raise ValueError(f"{function.__qualname__}: say in its docstring what it compares, as every function of that name does")
        return {**inner, "also": [*inner.get("also", []), name]}

    def refused(self, schema: object) -> NoReturn:
        """Refuse a rule that may change the value, because another program would not know of it."""
        raise ValueError(f"a validator that is not of the mode `after`: {schema}; say it in another way")

    function_before_schema = function_wrap_schema = function_plain_schema = refused


COMPARISONS: dict[str, str] = {}
"""What each function that checks a value further compares, by its name; filled as schemas are made."""


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
    statement: JsonObject
    time: Time
    v: Literal[1]


def kind_schema(kind: str) -> JsonObject:
    """The schema of one kind of record."""
    return _headed(kind, tidy(KINDS[kind].model_json_schema()))


def comparisons(kind: str) -> list[tuple[str, str]]:
    """(path of members, name) of each comparison within a record of a kind, which a schema cannot express."""
    schema = KINDS[kind].model_json_schema(schema_generator=WithRules)
    return list(_compared(schema, schema.get("$defs", {}), ""))


def _compared(schema: JsonObject, parts: JsonObject, path: str) -> Iterator[tuple[str, str]]:
    schema = parts[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    yield from ((path, name) for name in schema.get("also", ()))
    for inner in (schema.get("items"), *schema.get("prefixItems", ())):
        yield from _compared(inner, parts, f"{path}[]") if inner else ()
    for name, member in schema.get("properties", {}).items():
        yield from _compared(member, parts, f"{path}.{name}" if path else name)


def statement_schema() -> JsonObject:
    """The schema of a statement, which refers to those of the kinds."""
    schema = tidy(Statement.model_json_schema())
    records = [{"$ref": kind + SUFFIX} for kind in sorted(KINDS)]
    schema["properties"]["records"] = {"items": {"oneOf": records}, "maxItems": RECORDS, "minItems": 1, "type": "array"}
    after = schema["properties"]["after"]
    schema["properties"]["after"] = next(way for way in after.get("anyOf", [after]) if way["type"] != "null")
    schema["description"] = "What a party says and signs (formats §2)."
    return _headed("statement", schema)


def inclusion_promise_schema() -> JsonObject:
    """The schema of the payload of an inclusion promise."""
    schema = tidy(InclusionPromise.model_json_schema())
    schema["description"] = "What a party promises a donor, and signs in a DSSE envelope (formats §8)."
    return _headed("inclusion-promise", schema)


def entry_schema() -> JsonObject:
    """The schema of an entry, which refers to that of the statement."""
    schema = tidy(Entry.model_json_schema())
    schema["properties"]["statement"] = {"$ref": "statement" + SUFFIX}
    return _headed("entry", schema)


def _headed(name: str, schema: JsonObject) -> JsonObject:
    return {"$schema": DIALECT, "$id": name + SUFFIX, "title": name, **schema}


def tidy(schema: object) -> Any:
    """A schema without generated titles and null defaults, and with control characters in patterns escaped."""
    if isinstance(schema, list):
        return [tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "const" in schema:
        return {"const": schema["const"]}
    kept = {name: value for name, value in schema.items() if name != "title" and (name, value) != ("default", None)}
    for name in ("properties", "$defs"):
        if name in kept:
            kept[name] = {key: tidy(value) for key, value in kept[name].items()}
    if "pattern" in kept:
        kept["pattern"] = re.sub(r"[\x00-\x1f]", lambda found: f"\\u{ord(found[0]):04x}", kept["pattern"])
    return {name: value if name in ("properties", "$defs") else tidy(value) for name, value in kept.items()}


def files() -> dict[str, str]:
    """Every schema as text, by the name of its file."""
    schemas = {**{kind: kind_schema(kind) for kind in KINDS}, "statement": statement_schema(), "entry": entry_schema()}
    schemas["inclusion-promise"] = inclusion_promise_schema()
    return {name + SUFFIX: json.dumps(schema, ensure_ascii=False, indent=2) + "\n" for name, schema in schemas.items()}


def write(directory: Path) -> None:
    """Write the schemas into `directory`, and remove those of kinds that no longer exist."""
    directory.mkdir(parents=True, exist_ok=True)
    wanted = files()
    for old in directory.glob("*" + SUFFIX):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (directory / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
