"""Statements judged by columns are judged as they are by records: nothing passes here that the schema refuses."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.books.record import runs_of
from ledger.canonical import encode
from ledger.columns import FEWEST, by_columns
from ledger.errors import GiveTrailError
from ledger.statement import RECORDS, validated
from tests.audit.mirror import Small

DIGEST = "A" * 43
REF = "hmac-sha256:2026:" + "b" * 42
GIFT = {
    "amount": 100, "channel": "wechat", "fund": "school", "kind": "donation", "received_on": "2026-09-07", "unit": "CNY",
}  # fmt: skip


def statement(records: list[Any]) -> dict[str, Any]:
    return {
        "after": f"3:{'0' * 64}", "id": "0199a1c2-7b1e-7c30-9f1e-5d2a4c6b8e10", "ledger": "ledger.example.org/books",
        "party": "hope", "records": records, "signed_at": "2026-09-07T10:00:00Z",
    }  # fmt: skip


def gifts(count: int, **more: Any) -> list[dict[str, Any]]:
    refs = [REF + "AEIMQUYcgkosw048"[number % 16] for number in range(count)]
    return [{**GIFT, "amount": 100 + number, "channel_ref": ref, **more} for number, ref in enumerate(refs)]


def test_gifts_that_are_alike_are_heard_as_their_records_say():
    value = statement(gifts(64))
    alike, whole = by_columns(value), validated(encode(value))
    assert runs_of(whole.records) == (alike.run,)
    assert alike.statement == whole.model_copy(update={"records": whole.records[:1]})
    assert list(alike.keys) == [key for record in whole.records for key in record.unique_keys("hope")]


@pytest.mark.parametrize("count", [0, 1, FEWEST - 1, RECORDS + 1])
def test_too_few_and_too_many_are_left_to_the_schema(count: int):
    assert by_columns(statement(gifts(count))) is None


ODD: list[Any] = [
    None, True, False, 0, 1, -1, 1.0, 100.0, 2**53, 2**63, "", "100", "CNY", "cny", "donation", "payment", [], {}, [1],
    "2026-02-30", "\n", "é", REF + "A", REF + "B", REF, DIGEST, [DIGEST], [DIGEST, DIGEST], {"amount": 1, "fund": "fees"},
]  # fmt: skip
MEMBERS = [*GIFT, "channel_ref", "fee", "holder", "private", "note", ""]


@settings(max_examples=400, derandomize=True)
@given(st.data())
def test_what_the_columns_accept_the_schema_accepts(data: st.DataObject):
    more = data.draw(st.dictionaries(st.sampled_from(MEMBERS), st.sampled_from(ODD), max_size=1))
    records: list[Any] = gifts(data.draw(st.integers(4, 9)), **more)
    for _ in range(data.draw(st.integers(0, 2))):
        at = data.draw(st.integers(0, len(records) - 1))
        change = data.draw(st.sampled_from(["set", "drop", "replace", "all"]))
        name, odd = data.draw(st.sampled_from(MEMBERS)), deepcopy(data.draw(st.sampled_from(ODD)))
        for record in records if change == "all" else records[at : at + 1]:
            if change == "replace":
                records[at] = odd
            elif isinstance(record, dict) and change == "drop":
                record.pop(name, None)
            elif isinstance(record, dict):
                record[name] = odd
    value = statement([dict(sorted(record.items())) if isinstance(record, dict) else record for record in records])
    alike = by_columns(value)
    if alike is not None:
        whole = validated(encode(value))
        assert runs_of(whole.records) == (alike.run,)
        assert list(alike.keys) == [key for record in whole.records for key in record.unique_keys("hope")]
    else:
        assert not _one_run(value) or len(records) < FEWEST


def _one_run(value: dict[str, Any]) -> bool:
    """Whether the schema accepts a statement of gifts that differ in nothing but what may vary: then the columns have to."""
    try:
        records = validated(encode(value)).records
    except (GiveTrailError, TypeError):
        return False
    same = {(record.kind, getattr(record, "channel", ""), len(record.model_fields_set)) for record in records}
    return len(same) == 1 and len(runs_of(records)) == 1 and "fee" not in value["records"][0]


def test_the_small_ledgers_statements_are_left_to_the_schema(small: Small):
    """None of them is a run of gifts: the quick way is for festivals."""
    from ledger.log.entry import decode_entry

    assert all(by_columns(decode_entry(raw).statement) is None for raw in small.entries)
