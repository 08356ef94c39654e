"""The schemas of docs/reference/schema: made from the classes, and saying of a record's form what the program says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from ledger.books.record import KINDS
from ledger.entries.statement import validated_record
from ledger.errors import InputError, Unverifiable
from ledger.log.entry import encode_entry
from ledger.rulebook.schema import SUFFIX, files, write
from tests.language import ORIGIN, Ledger, key_text

PLACE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "schema"
SCHEMAS = {name: json.loads(text) for name, text in files().items()}
REGISTRY = Registry().with_resources((name, Resource.from_contents(schema)) for name, schema in SCHEMAS.items())
DIGEST, REF, PERIOD = "A" * 43, "hmac-sha256:2026:" + "A" * 43, "from_day=2026-09-08 to_day=2026-09-08"
EVERY_KIND = f"""
    2026-09-08
    op: rules; source media=text/csv bytes=10 digest={"a" * 64} rows=1 entered=1 known=0 left_out=0 mapping=wechat
    hope: mandate 0 thresholds=CNY:19.00
    hope: contact "+86 10 5550 0101" email=office@hope.example web=https://hope.example/help?a=b complaints=Board
    hope: fund guard restricted fee_limits=CNY:6/1000:0
    hope: project clinic restricted guard cost_limits=administration:1/10 budget=programme:CNY:90.00 place=CN-11
    hope: activity beds clinic implementers=friends,shop starts_on=2026-09-01 targets=visits:9:visits:2027-01-31
    hope: donation 100.00 CNY -> school as gift private={DIGEST} fee=0.60 fee_to=till holder={DIGEST} channel_ref={REF}
    hope: income 9.00 CNY -> general; exchange 7.00 CNY of general -> 1.00 USD rate=1/7 units=200..900
    hope: allocation 60.00 CNY school -> books; allocation 1.00 CNY school -> desks as spare
    hope: payment 10.00 CNY books -> shop goods=8:box:books:10.00 as paid; payment 4.00 CNY books -> shop as money
    hope: delivery 4 box books -> village units=0..1,3..6 batch="B 7"; progress books milestone=half; payment-return 1.00 of ^money
    shop: receipt 6.00 of ^paid; feedback readers 40 payments=^paid
    auditco: feedback readers 2 activity=books {PERIOD}
    hope by li, auditco.zhou: write-off 1 box books
    op: timestamp 3 2026-09-07T00:00:00Z
    op: rate USD CNY ratio=7/1 day=2026-09-08
    op: requirement jurisdiction=CN name=fee/custodian ratio=6/1000 from_day=2026-09-01 basis=Law
    hope: relation of=shop to=hope nature=founder
    hope: donation 1.00 CNY -> general donor=shop related=founder; payment 1.00 CNY general group=tax:1:{DIGEST}
    hope: reference-key label=a check_value={DIGEST} destroy_on=2036-12-31 of=XX-1
    hope: refund ^gift school CNY units=9000..9100 cover=general:0..1 fee=0.60 fee_from=general reason=legal; reversal of ^spare
    hope: correction of ^money day=2026-09-06
    hope: statistics school CNY {PERIOD} cells=2026-09:100.00:1
    hope: regional-statistics school CNY 100.00 from_size=0 cells=other:1:100
    hope by li, auditco.zhou: bank-statement general CNY 0.00 9.00 channel=bank {PERIOD}
    hope by li, auditco.zhou: stocktake general box 7 auditco
    hope: consent of ^gift granted digests={DIGEST}; erasure of ^gift request digests={DIGEST}
    op by chief, auditco.zhou: acknowledgement overdue-receipt of ^paid
    hope by li, wang: key wang
    shop by sun, late: key late
    shop: key-withdrawal late
    hope by li, wang: key-revocation wang reason=rotated
    op by chief, auditco.zhou, shop.new: recovery shop new
    2027-09-08
    op: rules
    2026-09-08
    op by chief, auditco.zhou: clock-correction "A battery was empty"
    op by chief, auditco.zhou: succession {ORIGIN}:here:{"a" * 64} log_key={key_text("next.log")}
"""


def check(name: str, value: Any) -> None:
    Draft202012Validator(SCHEMAS[name + SUFFIX], registry=REGISTRY).validate(value)


def refused_by_schema(kind: str, value: Any) -> bool:
    return not Draft202012Validator(SCHEMAS[kind + SUFFIX], registry=REGISTRY).is_valid(value)


def refused_by_program(value: Any) -> bool:
    try:
        validated_record(value)
    except (InputError, Unverifiable):
        return True
    return False


@pytest.fixture
def written(ledger: Ledger) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Every statement of a ledger in which every kind occurs, with its entry."""
    ledger.play(EVERY_KIND)
    assert {record.kind for leaf in ledger.leaves for record in leaf.statement.records} == set(KINDS)
    return [
        (json.loads(raw)["statement"], raw)
        for raw in (encode_entry(*leaf.entry[:4], leaf.entry.statement_raw, leaf.entry.flows) for leaf in ledger.leaves)
    ]


def test_what_is_published_is_what_the_classes_give_now(tmp_path):
    assert {path.name: path.read_text(encoding="utf-8") for path in PLACE.iterdir()} == files()


def test_writing_removes_what_is_no_more(tmp_path):
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / f"gone{SUFFIX}").write_text("{}")
    write(tmp_path / "schema")
    assert {path.name for path in (tmp_path / "schema").iterdir()} == set(files())


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one(name):
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert "null" not in json.dumps(SCHEMAS[name])


def patterns(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from [schema["pattern"]] if isinstance(schema.get("pattern"), str) else []
        for value in schema.values():
            yield from patterns(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from patterns(value)


def test_patterns_are_what_every_dialect_reads_alike():
    """Anchored; groups without names; no classes by letter; backslash before `u` and four digits, `.` or `-` only."""
    for pattern in {pattern for schema in SCHEMAS.values() for pattern in patterns(schema)}:
        re.compile(pattern)
        assert pattern.isprintable() and pattern[0] == "^" and pattern[-1] == "$"
        assert not re.search(r"\(\?(?!:)|\\(?!u[0-9a-f]{4}|\.)|[*+?}][+?]", pattern), pattern


def test_what_the_program_takes_the_schema_takes(written):
    for statement, raw in written:
        check("statement", statement)
        check("entry", json.loads(raw))
        for record in statement["records"]:
            check(record["kind"], record)


def test_what_the_schema_refuses_the_program_refuses(written):
    """Every record with a member left out, null, of another type or too many; every one of them without its kind."""
    for record in (record for statement, _ in written for record in statement["records"]):
        kind = record["kind"]
        for name in record:
            without = {key: value for key, value in record.items() if key != name}
            assert refused_by_schema(kind, without) == (name in SCHEMAS[kind + SUFFIX]["required"]) <= refused_by_program(without)
            for wrong in (None, [], {}, True, 1.5, -1, "", "\x00"):
                other = {**record, name: wrong}
                assert refused_by_schema(kind, other) <= refused_by_program(other), (kind, name, wrong)
            assert refused_by_schema(kind, {**record, name: None})
        assert refused_by_schema(kind, {**record, "more": 1}) and refused_by_program({**record, "more": 1})


def test_an_entry_of_another_form_is_refused(written):
    entry = json.loads(written[-1][1])
    validator = Draft202012Validator(SCHEMAS["entry" + SUFFIX], registry=REGISTRY)
    for wrong in (
        {"v": 2}, {"index": -1}, {"prev": "0"}, {"signatures": []}, {"time": "now"}, {"flows": [[0, "*", "a/b", 0, 1]]},
        {"flows": [[0, "+", "a", 0, 1]]}, {"flows": [[256, "+", "a/b", 0, 1]]}, {"statement": {}}, {"more": 1},
        {"statement": {**entry["statement"], "records": []}}, {"statement": {**entry["statement"], "after": None}},
        {"statement": {**entry["statement"], "signed_at": "2026-02-30T10:00:00Z"}},
    ):  # fmt: skip
        assert not validator.is_valid({**entry, **wrong}), wrong
