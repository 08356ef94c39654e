"""The page of kinds, made from the classes.

    python -m ledger.rulebook.kinds docs/reference/kinds.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from ..books import field
from ..books.authority import DEMANDS, RELATIONS
from ..books.record import KINDS, STAGES
from ..books.signing import Signing
from ..canonical import JsonObject
from ..complaint import WORDS
from .rules import said
from .schema import kind_schema, tidy

PAGE_HEAD = """# The kinds of records

This page is made from the classes in `ledger/books/kinds/` by `make generate`; a test compares. Each kind is one class, and the
class is the rule: this page shows its docstring, its fields, the words of its `signing` and the rows of its `demands`, which
[rules.md](rules.md) explains. The schemas, with the pattern of every text, are in [schema/](schema/).
"""

def kinds_page() -> str:
    """docs/reference/kinds.md: the types of fields, the table of all kinds, and each kind with its fields."""
    table = [f"| [`{kind}`](#{kind}) | {KINDS[kind].stage} | {_signers(KINDS[kind].signing)} |" for kind in _in_order()]
    types = [f"| `{name}` | {_plain(schema)} |" for name, schema in _named().items()]
    parts = [
        PAGE_HEAD,
        "\n".join(["| kind | stage | recorded by; also signed by |", "|---|---|---|", *table]),
        "## Types of fields\n",
        "\n".join(["| type | is |", "|---|---|", *types]),
        *(kind_page(kind) for kind in _in_order()),
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def kind_page(kind: str) -> str:
    """The section of one kind."""
    record, schema = KINDS[kind], kind_schema(kind)
    lines = [f"## {kind}", "", " ".join((record.__doc__ or "").split()), ""]
    lines += [f"- Stage: {record.stage}", f"- Recorded by: {RELATIONS[record.signing.author][1]}"]
    lines += [f"- Must be signed by: {DEMANDS[demand][1]}" for demand in record.signing.must]
    lines += [f"- May be signed too by: {RELATIONS[relation][1]}" for relation in record.signing.may]
    if record.private_fields:
        lines.append(f"- Private, committed only: {', '.join(record.private_fields)}")
    lines += [f"- {sentence}" for sentence in said(record.demands)]
    rows = [f"| {' | '.join(row)} |" for row in _rows(schema, schema.get("$defs", {}), "")]
    return "\n".join([*lines, "", "| field | meaning | type | |", "|---|---|---|---|", *rows]) + "\n"


def _in_order() -> list[str]:
    return sorted(KINDS, key=lambda kind: (STAGES.index(KINDS[kind].stage), kind))


def _signers(signing: Signing) -> str:
    return "; ".join([RELATIONS[signing.author][1], *(DEMANDS[demand][1] for demand in signing.must)])


def _rows(schema: JsonObject, parts: JsonObject, within: str) -> Iterator[tuple[str, str, str, str]]:
    """(name, meaning, type, whether it is required) of every field; those of a part follow it."""
    for name, value in schema["properties"].items():
        inner = value.get("items", value)
        must = "required" if name in schema.get("required", ()) else ""
        yield f"`{within}{name}`", value.get("description", ""), _words(value), must
        if "$ref" in inner:
            yield from _rows(parts[inner["$ref"].rpartition("/")[2]], parts, f"{within}{name}{'[]' if inner is not value else ''}.")


def _words(schema: JsonObject) -> str:
    """The type of a field: its name if it has one."""
    bare = {name: value for name, value in schema.items() if name not in ("default", "description")}
    return next((f"`{name}`" for name, known in _named().items() if known == bare), None) or _plain(bare)


def _plain(schema: JsonObject) -> str:
    """A type in words: its possible values, with their bounds."""
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
def _named() -> dict[str, JsonObject]:
    """The types of `field.py` that are not objects, by name. No schema says what a slug names."""
    named = (field.FundId, field.PartyId, field.NewFundId, field.NewPartyId)
    found = {
        name: value for name, value in vars(field).items()
        if name[0].isupper() and hasattr(value, "__metadata__") and value not in named
    }  # fmt: skip
    schemas = {name: tidy(TypeAdapter(value).json_schema()) for name, value in found.items()}
    return {name: schema for name, schema in schemas.items() if "$defs" not in schema}



if __name__ == "__main__":
    Path(sys.argv[1]).write_text(kinds_page(), encoding="utf-8")
