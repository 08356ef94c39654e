"""The shape of an entry of gifts: what it takes, the parts that it gives, and what is left to be decoded."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from ledger.books.kinds.donation import Donation
from ledger.books.kinds.party import Party
from ledger.canonical import from_base64, parse, to_base64
from ledger.entries.statement import sign_statement, write_statement
from ledger.examination.entry_template import Shape, Sort, _judged, _pattern, shape_of
from ledger.log.entry import decode_entry, encode_entry
from tests.language import ORIGIN, key, key_text

ID, PREV, AFTER = "00000000-0000-4000-8000-000000000007", "b" * 64, (5, "a" * 64)
TIME, SIGNED_AT = "2026-09-07T10:00:02Z", "2026-09-07T10:00:01Z"
GIFT = {"kind": "donation", "fund": "school", "unit": "CNY", "amount": 100, "channel": "wechat", "received_on": "2026-09-07"}
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


def shaped(raw: bytes) -> Shape:
    shape = shape_of(decode_entry(raw))
    assert shape is not None
    return shape


@pytest.mark.parametrize("names", [("hope.li",), BOTH])
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("more", [{}, MORE])
def test_an_entry_is_given_in_its_parts(names: tuple[str, ...], count: int, more: dict[str, Any]):
    raw = entry(*gifts(count, **more), names=names)
    shape, value = shaped(entry(*gifts(2, **more), names=names)), parse(raw)
    parts = shape.read(raw)
    assert parts is not None
    given = {name: parts[getattr(shape, name)].decode() for name in (
        "index", "prev", "after", "id", "ledger", "party", "signed_at", "time",
    )}  # fmt: skip
    assert given == {
        "index": "7", "prev": PREV, "after": f"5:{'a' * 64}", "id": ID, "ledger": ORIGIN, "party": "hope", "signed_at": SIGNED_AT,
        "time": TIME,
    }  # fmt: skip
    assert parse(parts[shape.flows]) == value["flows"] and parse(parts[shape.statement]) == value["statement"]
    assert parse(b"[%b]" % parts[shape.records]) == value["statement"]["records"]
    signed = [(parts[at].decode(), parts[sig].decode()) for at, sig in zip(shape.keys, shape.signatures, strict=True)]
    assert signed == [(one["key"], one["sig"]) for one in value["signatures"]]


@pytest.mark.parametrize("count", [1, 2, 5])
@pytest.mark.parametrize("more", [{}, MORE])
def test_what_varies_is_given_by_its_name(count: int, more: dict[str, Any]):
    raw = entry(*gifts(count, **more))
    shape = shaped(entry(*gifts(1, **more)))
    rows = shape.rows(shape.read(raw))
    assert len(rows) == count and {len(row) for row in rows} == {1 + len(more)} == {len(shape.varying)}
    columns = shape.columns(rows)
    assert columns.pop("amount") == [100 + number for number in range(count)]
    texts = {name: [tuple(value) if type(value) is list else value] * count for name, value in more.items()}
    assert columns == texts


ODD_COLUMNS = [("amount", b"0"), ("amount", b"9007199254740992"), ("private", b'["%b"]' % b"x"), ("private", b'["%b","%b"]' % (
    DIGESTS[1].encode(), DIGESTS[0].encode(),
))]  # fmt: skip


@pytest.mark.parametrize(("name", "odd"), ODD_COLUMNS)
def test_what_its_type_does_not_allow_is_refused(name: str, odd: bytes):
    """Where the pattern alone does not tell: a sum that is nothing, digests that are none, or not in order."""
    shape = shaped(entry(*gifts(1, **MORE)))
    (row,) = shape.rows(shape.read(entry(*gifts(1, **MORE))))
    changed = tuple(odd if field == name else value for field, value in zip(shape.varying, row, strict=True))
    with pytest.raises(ValidationError):
        shape.columns([row, changed])
    assert shape.columns([row, row])["amount"] == [100, 100]


def test_a_text_whose_type_is_a_pattern_and_no_more_is_not_judged_again():
    sorts = shaped(entry(*gifts(1, **MORE))).varying
    assert {name: (sort.quoted, sort.exact) for name, sort in sorts.items()} == {
        "amount": (False, False), "channel_ref": (True, True), "holder": (True, True), "private": (False, False),
    }  # fmt: skip


def test_a_text_with_more_to_it_is_left_to_its_type():
    """A bound beside the pattern, or a choice of words."""
    for column, texts in (([b"x"], ["x"]), ([b"x", b"y z"], ["x", "y z"])):
        assert _judged(Party, "name", Sort(b""), column) == texts
    with pytest.raises(ValidationError):
        _judged(Donation, "amount", Sort(b""), [b"100"])
    of = _pattern.__wrapped__  # not what an earlier test has left in its cache
    assert of(Party, "name") is None and of(Party, "entity") is None
    assert of(Donation, "holder") == b"(?:[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])"


READ_BY_NO_OTHER = [
    entry(*gifts(1), names=BOTH), entry(*gifts(1, **MORE)), entry(*gifts(1, channel_ref=REF + "A")), b"", b"{}",
    entry(*gifts(1))[:-1], entry(*gifts(1)) + b" ", entry(*gifts(1)).replace(b'"v":1', b'"v":2'),
    entry({**GIFT, "amount": 1}, {**GIFT, "channel": "bank"}), entry(*gifts(1), after=None), entry({**GIFT, "channel": "X"}),
    entry({**GIFT, "fund": "_"}), entry({**GIFT, "received_on": "today"}),
]  # fmt: skip


@pytest.mark.parametrize("raw", READ_BY_NO_OTHER)
def test_what_is_of_another_shape_is_not_read(raw: bytes):
    assert shaped(entry(*gifts(1))).read(raw) is None


@pytest.mark.parametrize("odd", [{"holder": "x"}, {"holder": DIGESTS[0][:-1] + "B"}, {"channel_ref": "x"}])
def test_what_varies_has_its_pattern_too(odd: dict[str, Any]):
    assert shaped(entry(*gifts(1, **MORE))).read(entry(*gifts(1, **{**MORE, **odd}))) is None


@pytest.mark.parametrize(("length", "taken"), [(0, True), (511, True), (512, True), (513, False)])
def test_a_text_has_a_bound(length: int, taken: bool):
    """An entry that is longer is decoded, and refused there."""
    raw, long = entry(*gifts(1)), b"x" * length
    assert (shaped(raw).read(raw.replace(b'"school/CNY"', b'"%b"' % long)) is not None) is taken


def test_shapes_are_the_same_where_members_sorts_and_signatures_are():
    shape = shaped(entry(*gifts(1)))
    same = shaped(entry({**GIFT, "amount": 5, "fund": "other"}, {**GIFT, "amount": 9}))
    assert shape == same and hash(shape) == hash(same) and len({shape, same}) == 1
    for other in (shaped(entry(*gifts(1), names=BOTH)), shaped(entry(*gifts(1, holder=DIGESTS[0]))), "shape", None):
        assert shape != other
    assert shape.__eq__("shape") is False


def test_the_first_record_makes_the_shape():
    """The others may have more members; then they are in no stretch."""
    mixed = entry(GIFT, {**GIFT, "holder": DIGESTS[0]})
    assert shaped(mixed) == shaped(entry(GIFT)) and shaped(mixed).read(mixed) is None


def test_what_can_be_in_no_run_has_no_shape():
    fee = {"amount": 1, "fund": "general"}
    payment = {**GIFT, "kind": "payment", "payee": "shop", "cost_class": "programme", "paid_on": "2026-09-07"}
    for name in ("channel", "received_on"):
        del payment[name]
    for raw in (entry(*gifts(1, fee=fee)), entry(payment), entry(*gifts(1), after=None)):
        assert shape_of(decode_entry(raw)) is None


def test_what_a_member_may_not_be_has_no_shape():
    """Only a decoder judges a truth value, a number that does not vary, a list that holds others than texts."""
    for odd in ({"amount": True}, {"channel": 7}, {"private": [1]}, {"private": ["x", 1]}, {"channel": ["x"]}):
        with pytest.raises(ValueError):
            Shape(Donation, {**GIFT, **odd}, 1)
    assert Shape(Donation, {**GIFT, "private": []}, 1)


@pytest.mark.parametrize("names", [("hope.li",), BOTH])
@pytest.mark.parametrize("count", [1, 4])
def test_the_form_is_the_statement_with_its_first_record(names: tuple[str, ...], count: int):
    raw = entry(*gifts(count, **MORE), names=names)
    shape = shaped(raw)
    form = shape.form(shape.read(raw))
    assert (form.index, form.time, form.ledger, form.party, form.signed_at, form.after) == (0, TIME, ORIGIN, "hope", SIGNED_AT, 5)
    assert form.signers == tuple(key_text(name) for name in names)
    ((first, amounts),) = form.runs
    assert (first.amount, first.fund, first.channel_ref, amounts) == (100, "school", REF + "A", ())


@pytest.mark.parametrize("names", [BOTH[::-1], (BOTH[0], BOTH[0])])
def test_keys_out_of_order_or_twice_give_no_form(names: tuple[str, ...]):
    raw = entry(*gifts(1), names=names)
    shape = Shape(Donation, parse(raw)["statement"]["records"][0], 2)
    assert shape.read(raw) is not None and shape.form(shape.read(raw)) is None
    assert [from_base64(to_base64(key(name).public)) for name in BOTH] == sorted(key(name).public for name in BOTH)


@pytest.mark.parametrize("raw", [entry({**GIFT, "amount": 0}), entry(GIFT, ledger="no origin"), entry(GIFT, ledger="")])
def test_a_statement_that_the_schema_refuses_gives_no_form(raw: bytes):
    """It has the shape; what the pattern leaves open is wrong."""
    shape = shaped(entry(*gifts(1)))
    parts = shape.read(raw)
    assert parts is not None and shape.form(parts) is None


def test_a_form_is_named_by_who_signs_speaks_and_what_does_not_vary():
    shape = shaped(entry(*gifts(1, **MORE)))

    def name(**more: Any) -> tuple[bytes, ...]:
        return shape.form_name(shape.read(entry(*gifts(1, **{**MORE, **more}))))

    assert name(amount=7) == name(holder=DIGESTS[2]) == name(channel_ref=REF + "I") == name(private=DIGESTS[:1])
    assert len({name(), name(fund="x"), name(unit="USD"), name(channel="bank"), name(received_on="2026-09-06")}) == 5
    others = [entry(*gifts(1, **MORE), names=("hope.wang",)), entry(*gifts(1, **MORE), ledger="a.example/b"),
              entry(*gifts(1, **MORE), party="river")]  # fmt: skip
    assert len({name(), *(shape.form_name(shape.read(other)) for other in others)}) == 4
