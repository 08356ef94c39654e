"""The forms of statements and records for the verifier in the browser, made from the classes of the books.

    python -m api.verifier.forms

It writes `forms.js`: the JSON Schemas of docs/reference/schema without the parts that only people read, with every named type once.
`also` names the rules that compare values, which a schema cannot express; `schema.js` implements each again under the name it has
in the classes. Who signs a kind is given in the words of ledger/books/authority.py, and `rights.js` implements each word again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from ledger.books import field
from ledger.books.currency import EXPONENTS
from ledger.books.naming import ways
from ledger.books.record import KINDS
from ledger.books.rule import RULE_SETS, plain
from ledger.books.rule import WORDS as WORDS_OF_ROWS
from ledger.canonical import JsonObject
from ledger.complaint import WORDS
from ledger.entries.statement import RECORDS, Statement
from ledger.rulebook.schema import WithRules

FILE = Path(__file__).with_name("forms.js")
WIDTH = 128
HEAD = """// The forms of statements and records, made by `python -m api.verifier.forms` from the classes of the books.
// Where a form is expected, a word names one of TYPES, and `record` means a record of any of KINDS. WORDS says for people what each
// pattern requires. SIGNING says who may make a record of a kind, and which signatures it needs. NAMES, MOVES and MEMORY are what a
// kind names, moves and leaves in the books. RULES are the demands on it, by rule set (rules.js); a kind that is missing has none.
// REGISTRY are the kinds of parties and keys, GIFTS the kinds that are gifts, VOID_BY says how a reversal can
// declare the records of a kind void.
// MAKES gives, by word, the table in which it makes a row. CURRENCIES gives, by code, the decimals of a currency (ISO 4217).
"""
FOR_PEOPLE = {"title", "description", "default"}
KEYWORDS = (
    "type", "const", "enum", "pattern", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "items",
    "prefixItems", "properties", "required", "also",
)  # fmt: skip


def forms() -> JsonObject:
    """`{"TYPES": …, "KINDS": …, "WORDS": …, "SIGNING": …, "STATEMENT": …}`.

    Raises ValueError for anything that `schema.js` does not support.
    """
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
        **rules(),
    }  # fmt: skip


def rules() -> JsonObject:
    """`{"RULES": …, "NAMES": …, "MOVES": …, "MEMORY": …, "REGISTRY": …, "GIFTS": …, "MAKES": …, "CURRENCIES": …}`: the kinds'
    declarations, as rows, and how many decimals a currency has."""
    kinds = {kind: KINDS[kind] for kind in sorted(KINDS)}
    return {
        "RULES": {name: _said({kind: plain(demands[kind]) for kind in kinds}) for name, demands in RULE_SETS.items()},
        "NAMES": _said({
            kind: [[way.what, ".".join(way.path)] for way in ways(made) if not way.is_new] for kind, made in kinds.items()
        }),
        "MOVES": _said({kind: plain(made.moves) for kind, made in kinds.items()}),
        "MEMORY": _said({kind: plain(made.remembers) for kind, made in kinds.items()}),
        "MAKES": {name: word.makes for name, word in sorted(WORDS_OF_ROWS.items()) if word.makes},
        "CURRENCIES": EXPONENTS,
        "REGISTRY": [kind for kind, made in kinds.items() if made.stage == "registry"],
        "GIFTS": [kind for kind, made in kinds.items() if made.is_gift],
        "VOID_BY": {kind: made.void_by for kind, made in kinds.items() if made.void_by},
    }


def _said(rows: dict[str, list[object]]) -> dict[str, list[object]]:
    return {kind: said for kind, said in rows.items() if said}


def _named() -> dict[str, JsonObject]:
    """The schemas of the named types in `ledger.books.field`."""
    found = {name: value for name, value in vars(field).items() if name[0].isupper() and hasattr(value, "__metadata__")}
    return {name: TypeAdapter(value).json_schema(schema_generator=WithRules) for name, value in found.items()}


def _parts(schemas: dict[str, JsonObject]) -> dict[str, JsonObject]:
    """The objects within records, by the names of their classes. Raises ValueError if two have the same name."""
    parts: dict[str, JsonObject] = {}
    for schema in schemas.values():
        for name, part in schema.get("$defs", {}).items():
            if parts.setdefault(name, part) != part:
                raise ValueError(f"two classes named {name} are in records; give one another name")
    return parts


def form_of(schema: Any, words: dict[str, str]) -> object:
    """A schema with only the keywords in KEYWORDS, in their order; a named type is given by its name."""
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


def _within(key: str, value: Any, words: dict[str, str]) -> object:
    if key == "properties":
        return {name: form_of(member, words) for name, member in value.items()}
    if key == "prefixItems":
        return [form_of(item, words) for item in value]
    return form_of(value, words) if key == "items" else value


def _words_in(value: object) -> Iterator[str]:
    """Every text in a value, to find which words are used."""
    if isinstance(value, str):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _words_in(item)


def _patterns_in(value: object) -> Iterator[str]:
    if isinstance(value, dict) and isinstance(value.get("pattern"), str):
        yield value["pattern"]
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _patterns_in(item)


def source() -> str:
    """The text of `forms.js`."""
    made = forms()
    tables = ("TYPES", "KINDS", "WORDS", "SIGNING", "NAMES", "MOVES", "MEMORY", "RULES", "MAKES", "VOID_BY")
    lists = ("CURRENCIES", "REGISTRY", "GIFTS", "STATEMENT")
    alone = [f"export const {name} = {_wrapped(made[name])};\n" for name in lists]
    return HEAD + "\n" + "\n".join([*[_table(name, made[name]) for name in tables], *alone])


def _table(name: str, rows: dict[str, Any]) -> str:
    # A sentence is not split: its commas are not JSON's.
    said = {key: json.dumps(row) if isinstance(row, str) else _wrapped(row) for key, row in rows.items()}
    lines = [f"  {json.dumps(key)}: {text}," for key, text in said.items()]
    return "\n".join([f"export const {name} = {{", *lines, "};", ""])


def _wrapped(value: object) -> str:
    """JSON, with a line break after a comma where a line would be too long."""
    lines, room = [""], WIDTH - 30
    for part in json.dumps(value).split(", "):
        if lines[-1] and len(lines[-1]) + len(part) > room:
            lines.append("    ")
            room = WIDTH
        lines[-1] += part + ", "
    return "\n".join(line.rstrip() for line in lines)[: -len(",")]


if __name__ == "__main__":
    FILE.write_text(source(), encoding="utf-8")
