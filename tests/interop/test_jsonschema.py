"""Every entry and statement of an export against the schemas that are published, by jsonschema."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource

from tests.interop.foreign import Export

PLACE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "schema"
SCHEMAS = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in PLACE.glob("*.json")}
REGISTRY = Registry().with_resources((name, Resource.from_contents(schema)) for name, schema in SCHEMAS.items())


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(SCHEMAS[f"{name}.schema.json"], registry=REGISTRY)


def test_every_entry_and_statement_fits_its_schema(export: Export):
    entries, statements = validator("entry"), validator("statement")
    for value in export.values():
        entries.validate(value)
        statements.validate(value["statement"])
        for record in value["statement"]["records"]:
            validator(record["kind"]).validate(record)


def test_most_kinds_occur(export: Export):
    """Else the test above would say little."""
    kinds = {record["kind"] for value in export.values() for record in value["statement"]["records"]}
    assert len(kinds) >= 18


SPOILT = {
    "a member more": lambda value: value.update(colour="blue"),
    "a member less": lambda value: value.pop("time"),
    "no signature": lambda value: value["signatures"].clear(),
    "a flow turned round": lambda value: value["flows"].append([0, "*", "school/CNY", 0, 1]),
    "a negative index": lambda value: value.update(index=-1),
    "another version": lambda value: value.update(v=2),
    "a record of no kind": lambda value: value["statement"]["records"][0].pop("kind"),
    "an amount of nothing": lambda value: value["statement"]["records"][0].update(amount=0),
}


@pytest.mark.parametrize("how", list(SPOILT))
def test_an_entry_of_another_form_does_not_fit(export: Export, how: str):
    value: dict[str, Any] = copy.deepcopy(export.values()[-1])
    SPOILT[how](value)
    with pytest.raises(ValidationError):
        validator("entry").validate(value)
