"""The template of an entry of gifts: what it takes, what it gives, and what is left to be decoded."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.books.kinds.donation import Donation
from ledger.books.kinds.party import Party
from ledger.books.record import KINDS
from ledger.bounds import MAX_AMOUNT
from ledger.canonical import encode, from_base64, parse
from ledger.entries.statement import sign_statement, write_statement
from ledger.examination.entry_template import (
    Columns,
    Parts,
    RecordTemplate,
    _fields,
    _text,
    are_flows,
    form_of,
    other_signatures,
    read,
    templates,
)
from ledger.log.entry import encode_entry
from tests.language import ORIGIN, key, key_text

ID, PREV, AFTER = "00000000-0000-4000-8000-000000000007", "b" * 64, (5, "a" * 64)
TIME, SIGNED_AT = "2026-09-07T10:00:02Z", "2026-09-07T10:00:01Z"
GIFT = {"kind": "donation", "fund": "school", "unit": "CNY", "amount": 100, "channel": "cash", "received_on": "2026-09-07"}
REF, DIGESTS = "hmac-sha256:2026:" + "b" * 42, [letter * 42 + "A" for letter in "ABC"]
MORE = {"channel_ref": REF + "A", "holder": DIGESTS[0], "private": DIGESTS[:2]}
BOTH = tuple(sorted(("hope.li", "hope.wang"), key=lambda name: key(name).public))


def entry(*records: dict[str, Any], names: tuple[str, ...] = ("hope.li",), after: Any = AFTER, **odd: Any) -> bytes:
    """An entry of gifts by the charity, signed by these keys in this order."""
    said = {"ledger": ORIGIN, "party": "hope", "id": ID, "signed_at": SIGNED_AT, "records": list(records), "after": after, **odd}
    raw = write_statement(**said)
    signatures = tuple(sign_statement(raw, [key(name)])[0] for name in names)
    flows, at = [], 40
    for number, record in enumerate(records):
        flows.append([number, "+", "school/CNY", at, at + record["amount"]])
        at += record["amount"]
    return encode_entry(7, PREV, TIME, signatures, raw, flows)


def gifts(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{**GIFT, "amount": 100 + number, **more} for number in range(count)]


TEMPLATE = RecordTemplate(Donation)
FEE = {"fee": 5, "fee_to": "general"}


def parts_of(raw: bytes) -> Parts:
    """The parts of one entry, each by itself."""
    found = read(raw)
    assert found is not None
    return Parts(*found)


def columns(*raws: bytes) -> Columns | None:
    return TEMPLATE.columns([raw[slice(*parts_of(raw).records)] for raw in raws])


@pytest.mark.parametrize("names", [("hope.li",), BOTH])
@pytest.mark.parametrize("records", [gifts(1), gifts(3), [*gifts(1, **MORE), *gifts(2, **FEE)]])
def test_an_entry_is_given_in_its_parts(names: tuple[str, ...], records: list[dict[str, Any]]):
    raw = entry(*records, names=names)
    parts, value = parts_of(raw), parse(raw)
    said, first = value["statement"], value["signatures"][0]
    assert parts.indexes == b"7" and parts.prev.decode() == PREV and parts.time.decode() == TIME
    for name in ("after", "id", "ledger", "party", "signed_at"):
        assert getattr(parts, name).decode() == said[name]
    assert parse(parts.flows) == value["flows"] and parse(parts.statement) == said
    assert parse(b"[%b]" % raw[slice(*parts.records)]) == said["records"]
    signed = [(parts.key, parts.signature), *other_signatures(parts.others)]
    assert signed == [(one["key"].encode(), one["sig"].encode()) for one in value["signatures"]]
    assert (first["key"], len(signed)) == (parts.key.decode(), len(names))


def test_members_are_given_by_their_paths_whatever_the_form_of_each_gift():
    last = gifts(1, fund="general", private=DIGESTS[:1], donor="bank")
    raws = [entry(*gifts(2)), entry(*gifts(1, **MORE), *gifts(1, **FEE)), entry(*last)]
    found = columns(*raws)
    assert found is not None
    assert set(found) == {
        "amount", "channel", "channel_ref", "donor", "fee", "fee_to", "fund", "holder", "private", "received_on", "unit", "via",
    }  # fmt: skip
    assert TEMPLATE.constants == ["channel", "donor", "fee_to", "fund", "received_on", "unit", "via"]
    assert found["amount"] == (b"100", b"101", b"100", b"100", b"100")
    assert found["channel_ref"] == (b"", b"", MORE["channel_ref"].encode(), b"", b"")
    assert found["holder"] == (b"", b"", DIGESTS[0].encode(), b"", b"")
    assert found["private"] == (b"", b"", encode(DIGESTS[:2]), b"", encode(DIGESTS[:1]))
    assert (found["fee"], found["fee_to"]) == ((b"", b"", b"", b"5", b""), (b"", b"", b"", b"general", b""))
    assert found["fund"] == (b"school",) * 4 + (b"general",) and set(found["unit"]) == {b"CNY"}
    assert found["donor"] == (b"",) * 4 + (b"bank",)
    assert TEMPLATE.amounts(found) == ([100, 101, 100, 100, 100], [0, 0, 0, 5, 0])


@pytest.mark.parametrize(
    ("records", "count"),
    [
        (gifts(1), 1), (gifts(5, **MORE), 5), (gifts(3, **FEE), 3), ([*gifts(2), {**GIFT, "kind": "income"}], 0),
        ([{**GIFT, "kind": "income"}], 0), ([{**GIFT, "channel": "},{"}], 0), ([{**GIFT, "channel": '"kind":"donation"'}], 1),
    ],
)  # fmt: skip
def test_records_are_counted_if_they_are_of_the_kind(records: list[dict[str, Any]], count: int):
    raw = entry(*records)
    assert TEMPLATE.count(raw, *parts_of(raw).records) == count


READ_BY_NONE = [
    b"", b"{}", entry(*gifts(1))[:-1], entry(*gifts(1)) + b" ", entry(*gifts(1)).replace(b'"v":1', b'"v":2'),
    entry(*gifts(1), after=None), entry(*gifts(1), party="Hope"), entry(*gifts(1)).replace(b'"index":7', b'"index":07'),
    entry(*gifts(1)).replace(b'"prev":"b', b'"prev":"B'), entry(*gifts(1), ledger="x" * 513),
    entry(*gifts(1)).replace(b'"statement":{', b'"statement":{"aa":1,'),
    entry(*gifts(1)).replace(b'],"signed_at"', b'], "signed_at"'),
]  # fmt: skip


@pytest.mark.parametrize("raw", READ_BY_NONE)
def test_what_has_not_the_members_of_an_entry_of_gifts_is_not_read(raw: bytes):
    assert read(raw) is None


ODD = [
    {"channel": "a{b"}, {"channel": ""}, {"channel": "a\\b"}, {"channel": "a\nb"}, {"channel": "é"}, {"channel": "x" * 513},
    {"amount": 0},
    {"amount": -1}, {"amount": 1.5}, {"amount": "1"}, {"amount": True}, {"amount": 10**16}, {"holder": "x"}, {"note": "x"},
    {"holder": DIGESTS[0][:-1] + "B"}, {"channel_ref": "x"}, {"private": []}, {"private": "x"}, {"private": [1]}, {"fund": None},
    {"fee": 0}, {"fee": "1"}, {"fee": {**FEE, "unit": "CNY"}}, {"fee_to": 5}, {"kind": "income"},
]  # fmt: skip


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("at", [0, 1, 2])
def test_records_of_which_one_does_not_fit_have_no_columns(odd: dict[str, Any], at: int):
    records = [{**one, "fund": "general"} for one in gifts(3, **MORE)]
    records[at].update(odd)
    texts = [encode(one) for one in records]
    assert TEMPLATE.columns([texts[0], b",".join(texts[1:])]) is None


@pytest.mark.parametrize("between", [b"", b",,", b" ", b"\n,", b",\n"])
def test_records_are_parted_by_a_comma_and_nothing_else(between: bytes):
    """Nor does a record begin in one entry and end in another."""
    text = encode(gifts(1)[0])
    assert TEMPLATE.columns([text, between.join([text, text])]) is None and TEMPLATE.columns([text, b",".join([text, text])])
    for cut in range(1, len(text)):
        assert TEMPLATE.columns([text[:cut], text[cut:]]) is None
    assert TEMPLATE.columns([b""]) is TEMPLATE.columns([text, b""]) is TEMPLATE.columns([text + b","]) is None


@pytest.mark.parametrize(
    ("more", "right"),
    [
        ([{"amount": MAX_AMOUNT}], True), ([{"amount": MAX_AMOUNT + 1}], False), ([{"amount": 6, **FEE}], True),
        ([{"amount": 5, **FEE}], False), ([{"amount": 4, **FEE}], False),
        ([{"amount": 5}, {"amount": 6, **FEE}], True),
        ([{"amount": 100, **FEE}, {"amount": 5, **FEE}], False), ([{"amount": 6, "fee": 5}], False),
        ([{"amount": 6, "fee_to": "till"}], False), ([{**FEE, "amount": 6}, {"amount": 6, "fee": 5}], False),
    ],
)  # fmt: skip
def test_amounts_are_bounded_and_a_share_is_below_its_amount(more: list[dict[str, Any]], right: bool):
    found = TEMPLATE.columns([encode({**GIFT, **one}) for one in more])
    assert found is not None
    if right:
        assert TEMPLATE.amounts(found) == ([one["amount"] for one in more], [5 if "fee" in one else 0 for one in more])
    else:
        with pytest.raises(ValueError):
            TEMPLATE.amounts(found)


@pytest.mark.parametrize(
    ("private", "right"), [(DIGESTS, True), (DIGESTS[:1], True), (DIGESTS[::-1], False), (DIGESTS[:1] * 2, False), (["x"], False)]
)
def test_lists_are_judged_by_their_type(private: list[str], right: bool):
    found = TEMPLATE.columns([encode({**GIFT, **one}) for one in ({}, {"private": DIGESTS}, {"private": private})])
    assert found is not None
    if right:
        TEMPLATE.judge_lists(found)
    else:
        with pytest.raises(ValueError):
            TEMPLATE.judge_lists(found)


@pytest.mark.parametrize("names", [("hope.li",), BOTH])
@pytest.mark.parametrize("number", [0, 2, -1, -3])
def test_a_form_is_the_statement_with_one_of_its_records(names: tuple[str, ...], number: int):
    raw = entry(*gifts(1), *gifts(1, **FEE), *gifts(1, fund="general"), names=names)
    parts = parts_of(raw)
    form = form_of([key_text(name).encode() for name in names], parts.statement, number, parts.time)
    assert form is not None
    assert (form.index, form.time, form.ledger, form.party, form.signed_at, form.after) == (0, TIME, ORIGIN, "hope", SIGNED_AT, 5)
    assert form.signers == tuple(key_text(name) for name in names)
    ((first, amounts),) = form.runs
    assert (first.fund, first.fee, amounts) == (("school", "school", "general")[number], None, ())
    second = form_of([key_text("hope.li").encode()], parts.statement, 1, parts.time)
    assert second is not None and second.runs[0].first.fee == 5


@pytest.mark.parametrize("names", [BOTH[::-1], (BOTH[0], BOTH[0])])
def test_keys_out_of_order_or_twice_give_no_form(names: tuple[str, ...]):
    parts = parts_of(entry(*gifts(1)))
    assert form_of([key_text(name).encode() for name in names], parts.statement, 0, parts.time) is None
    assert [from_base64(key_text(name)) for name in BOTH] == sorted(key(name).public for name in BOTH)


@pytest.mark.parametrize("raw", [
    entry(*gifts(1, received_on="2026-02-30")), entry(*gifts(1, fund="School")), entry(GIFT, ledger="no origin"),
    entry(*gifts(1, fee=1, fee_to="_")), entry(*gifts(1, unit="cny!")), entry(*gifts(1, channel="X")),
])  # fmt: skip
def test_a_constant_that_the_schema_refuses_gives_no_form(raw: bytes):
    """It fits the template, which leaves constants open."""
    parts = parts_of(raw)
    assert columns(raw) is not None
    assert form_of([key_text("hope.li").encode()], parts.statement, 0, parts.time) is None


@pytest.mark.parametrize(
    ("flows", "right"),
    [
        ([[0, "+", "school/CNY", 0, 5]], True), ([[0, "+", "school/CNY", 0, 5], [1, "+", "x/CNY", 5, 9]], True), ([], False),
        ([[0, "-", "school/CNY", 0, 5]], False), ([[0, "+", "school/CNY", 0]], False), ([[0, "+", "é", 0, 5]], False),
        ([[0, "+", "school/CNY", 0, 2**53]], False), (["x"], False), ([[[0, "+", "a", 0, 1]]], False),
    ],
)  # fmt: skip
def test_what_are_flows_in(flows: list[Any], right: bool):
    assert are_flows([encode(flows)]) is right is are_flows([encode([[0, "+", "a", 0, 1]]), encode(flows)])
    assert not are_flows([encode(flows).replace(b",", b", ", 1) or b" "])


def test_the_pattern_of_a_text_is_all_that_its_type_asks():
    """A bound beside the pattern, groups within it, or the empty text, is left to a decoder; a rule of the whole record too."""
    fields = _fields(Donation.__pydantic_core_schema__)
    assert _text(fields["holder"]["schema"]["schema"]) == b"(?:[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])"
    for schema in ({"pattern": "^a$", "max_length": 5}, {"pattern": "^(a)$"}, {"pattern": "^a*$"}, {}):
        with pytest.raises(ValueError):
            _text({"type": "str", **schema})
    with pytest.raises(ValueError):
        _fields(Party.__pydantic_core_schema__)


def test_a_kind_of_which_only_a_decoder_can_judge_a_record_has_no_template():
    assert [template.constants for template in templates()] == [TEMPLATE.constants]
    for kind in ("payment", "party", "statistics"):
        with pytest.raises(ValueError):
            RecordTemplate(KINDS[kind])
