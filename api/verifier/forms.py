"""The forms of statements and records for the verifier in the browser, made from the classes of the books.

    python -m api.verifier.forms

It writes `forms.js`: the JSON Schemas of docs/reference/schema without what only people read, every named type once. Under `also`
stand the rules that compare values, which no schema can say: `schema.js` says each again, by the name it has in the classes.
Beside them stands who signs a kind, in the words of ledger/books/authority.py: `rights.js` says again what each word means.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from ledger.books import field
from ledger.books.record import KINDS
from ledger.complaint import WORDS
from ledger.statement import RECORDS, Statement

FILE = Path(__file__).with_name("forms.js")
WIDTH = 128
HEAD = """// The forms of statements and records, made by `python -m api.verifier.forms` from the classes of the books.
// A word in the place of a form names one of TYPES; `record` is a record of any of KINDS. WORDS is what each pattern asks,
// for people. SIGNING is who says a record of a kind, and what the signatures have to meet.
"""
FOR_PEOPLE = {"title", "description", "default"}
KEYWORDS = (
    "type", "const", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "items",
    "prefixItems", "properties", "required", "also",
)  # fmt: skip


class WithRules(GenerateJsonSchema):
    """JSON Schema with the names of the functions that judge a value further. Raises ValueError for one that comes before."""

    def function_after_schema(self, schema: Any) -> dict[str, Any]:
        """A rule that judges a value which has its form."""
        inner = super().function_after_schema(schema)
        name = schema["function"]["function"].__name__.lstrip("_")
        return {**inner, "also": [*inner.get("also", []), name]}

    def refused(self, schema: Any) -> NoReturn:
        """A rule that may change the value: `schema.js` has no such thing."""
        raise ValueError(f"a validator that is not of the mode `after`: {schema}; teach api/verifier/schema.js what it does")

    function_before_schema = function_wrap_schema = function_plain_schema = refused


def forms() -> dict[str, Any]:
    """`{"TYPES": …, "KINDS": …, "WORDS": …, "SIGNING": …, "STATEMENT": …}`.

    Raises ValueError for what `schema.js` does not know."""
    schemas = {kind: KINDS[kind].model_json_schema(schema_generator=WithRules) for kind in sorted(KINDS)}
    statement = Statement.model_json_schema(schema_generator=WithRules)
    statement["properties"]["records"] = {"type": "array", "items": "record", "minItems": 1, "maxItems": RECORDS}
    named = _named() | _parts(schemas)
    words = {json.dumps(form_of(schema, {}), sort_keys=True): name for name, schema in reversed(named.items())}
    kinds = {kind: form_of(schema, words) for kind, schema in schemas.items()}
    types = {name: form_of(schema, {text: word for text, word in words.items() if word != name}) for name, schema in named.items()}
    whole = form_of(statement, words)
    used = set(_words_in([kinds, types, whole]))
    return {
        "TYPES": {name: form for name, form in sorted(types.items()) if name in used}, "KINDS": kinds,
        "WORDS": {pattern: WORDS[pattern] for pattern in sorted(set(_patterns_in([kinds, types, whole])))},
        "SIGNING": {kind: [KINDS[kind].signing.author, *KINDS[kind].signing.must] for kind in sorted(KINDS)}, "STATEMENT": whole,
    }  # fmt: skip


def _named() -> dict[str, dict[str, Any]]:
    """The schemas of the types of `ledger.books.field` that have a name, as it defines them."""
    found = {name: value for name, value in vars(field).items() if name[0].isupper() and hasattr(value, "__metadata__")}
    return {name: TypeAdapter(value).json_schema(schema_generator=WithRules) for name, value in found.items()}


def _parts(schemas: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The objects that stand in records, by the names of their classes. Raises ValueError where two have one name."""
    parts: dict[str, dict[str, Any]] = {}
    for schema in schemas.values():
        for name, part in schema.get("$defs", {}).items():
            if parts.setdefault(name, part) != part:
                raise ValueError(f"two classes named {name} stand in records; give one another name")
    return parts


def form_of(schema: Any, words: dict[str, str]) -> Any:
    """A schema with the keywords of KEYWORDS only, in their order; what has a name is said by it."""
    if isinstance(schema, str):
        return schema
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    closed = schema.get("additionalProperties") is False
    kept = {key: value for key, value in schema.items() if key not in FOR_PEOPLE | {"$defs", "additionalProperties"}}
    if set(kept) - set(KEYWORDS) or ("properties" in kept) != closed:
        raise ValueError(f"JSON Schema {schema}: has a keyword that api/verifier/schema.js does not know; teach it first")
    if "const" in kept:
        return {"const": kept["const"]}
    form = {key: _within(key, kept[key], words) for key in KEYWORDS if key in kept}
    bare = json.dumps({key: _within(key, kept[key], {}) for key in KEYWORDS if key in kept}, sort_keys=True)
    return words.get(bare, form)


def _within(key: str, value: Any, words: dict[str, str]) -> Any:
    if key == "properties":
        return {name: form_of(member, words) for name, member in value.items()}
    if key == "prefixItems":
        return [form_of(item, words) for item in value]
    return form_of(value, words) if key == "items" else value


def _words_in(value: Any) -> Iterator[str]:
    """Every text in a value: the words used are among them."""
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _words_in(item)


def _patterns_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict) and isinstance(value.get("pattern"), str):
        yield value["pattern"]
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _patterns_in(item)


def source() -> str:
    """The text of `forms.js`."""
    made = forms()
    named = [_table(name, made[name]) for name in ("TYPES", "KINDS", "WORDS", "SIGNING")]
    return HEAD + "\n" + "\n".join([*named, f"export const STATEMENT = {_wrapped(made['STATEMENT'])};\n"])


def _table(name: str, rows: dict[str, Any]) -> str:
    # A sentence is not broken: its commas are no commas of JSON.
    said = {key: json.dumps(row) if isinstance(row, str) else _wrapped(row) for key, row in rows.items()}
    lines = [f"  {json.dumps(key)}: {text}," for key, text in said.items()]
    return "\n".join([f"export const {name} = {{", *lines, "};", ""])


def _wrapped(value: Any) -> str:
    """JSON, broken after a comma where a line would get too long."""
    lines, room = [""], WIDTH - 30
    for part in json.dumps(value).split(", "):
        if lines[-1] and len(lines[-1]) + len(part) > room:
            lines.append("    ")
            room = WIDTH
        lines[-1] += part + ", "
    return "\n".join(line.rstrip() for line in lines)[: -len(",")]


if __name__ == "__main__":
    FILE.write_text(source(), encoding="utf-8")
