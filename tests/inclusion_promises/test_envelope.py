"""The envelope of an inclusion promise: whoever changes a byte of it, or signs with the wrong key, is refused."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.canonical import encode, to_base64
from ledger.entries.inclusion_promise import PAYLOAD_TYPE, made, open_inclusion_promise, sign_inclusion_promise
from ledger.errors import FormatError, GiveTrailError, SchemaError, Unverifiable, UsageError, VerificationError
from ledger.log.dsse import format_envelope, parse_envelope, pre_authentication_encoding
from tests.inclusion_promises.conftest import ENTER_BY, PROMISED_AT, Desk
from tests.language import key


def signed(payload: bytes, *names: str) -> bytes:
    """An envelope with these bytes, whatever they are."""
    message = pre_authentication_encoding(PAYLOAD_TYPE, payload)
    ordered = sorted((key(name) for name in names), key=lambda one: one.public)
    return format_envelope(PAYLOAD_TYPE, payload, tuple((to_base64(one.public), to_base64(one.sign(message))) for one in ordered))


def payload_of(desk: Desk, **changes: Any) -> bytes:
    return encode(desk.promise().model_dump() | changes)


def test_it_says_what_was_promised(desk: Desk):
    opened = open_inclusion_promise(desk.give())
    assert opened.promise == desk.promise() and opened.key == to_base64(key("hope.li").public)
    assert open_inclusion_promise(desk.give() + b"\n").promise == desk.promise()


def test_no_byte_can_be_changed(desk: Desk):
    raw = desk.give()
    for at in range(len(raw)):
        for flip in (0x01, 0x20):
            changed = raw[:at] + bytes([raw[at] ^ flip]) + raw[at + 1 :]
            with pytest.raises(GiveTrailError):
                open_inclusion_promise(changed)


def test_no_member_can_be_changed_without_the_key(desk: Desk):
    raw = desk.give()
    _, signatures = parse_envelope(raw, PAYLOAD_TYPE, len(raw))
    changed = payload_of(desk, amount=999)
    with pytest.raises(VerificationError, match="signature by key .* is false") as refused:
        open_inclusion_promise(format_envelope(PAYLOAD_TYPE, changed, signatures))
    assert refused.value.rule == "inclusion-promise-false"


def test_the_log_key_signs_none(desk: Desk):
    with pytest.raises(UsageError, match="log's key signs no inclusion promise"):
        sign_inclusion_promise(desk.promise(), key("the.log"))
    with pytest.raises(VerificationError, match="log's key signed it"):
        open_inclusion_promise(signed(payload_of(desk), "the.log"))


def test_it_has_one_signature(desk: Desk):
    with pytest.raises(FormatError, match="has 2 signatures"):
        open_inclusion_promise(signed(payload_of(desk), "hope.li", "hope.wang"))
    with pytest.raises(FormatError, match="has 0 signatures"):
        open_inclusion_promise(signed(payload_of(desk)))


def test_a_statement_is_not_an_inclusion_promise(desk: Desk):
    """The type is part of what is signed, so neither passes for the other."""
    raw, signatures = desk.ledger.made("hope", "donation 10.00 CNY -> school")
    with pytest.raises(SchemaError, match="payloadType"):
        open_inclusion_promise(format_envelope("application/vnd.givetrail.statement.v1+json", raw, signatures))
    with pytest.raises(SchemaError):
        open_inclusion_promise(signed(raw, "hope.li"))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"enter_by": "2026-09-07T11:59:59Z"}, "is before promised_at"),
        ({"enter_by": "2026-02-31T00:00:00Z"}, "enter_by"),
        ({"promised_at": "2026-09-07"}, "promised_at"),
        ({"ledger": "ledger.example.org/other"}, "is not a key of ledger.example.org/other"),
        ({"log_key": "ledger.example.org/books+00000000+AUFB"}, "log_key"),
        ({"channel_ref": "A-17"}, "channel_ref: must be a committed reference"),
        ({"reference": " A-17"}, "reference"),
        ({"reference": "A\u200b17"}, "reference"),
        ({"amount": 0}, "amount: must be at least 1"),
        ({"amount": "10"}, "amount: must be a whole number"),
        ({"key_entry": -1}, "key_entry"),
        ({"note": "x"}, "note: is not a member that this program knows"),
        ({"v": 0}, "v: must be 1"),
    ],
)
def test_its_members_have_their_form(desk: Desk, changes: dict[str, Any], why: str):
    with pytest.raises(SchemaError, match=why):
        open_inclusion_promise(signed(payload_of(desk, **changes), "hope.li"))


def test_a_later_version_is_not_judged(desk: Desk):
    with pytest.raises(Unverifiable, match="v 2"):
        open_inclusion_promise(signed(payload_of(desk, v=2, more="x"), "hope.li"))


def test_it_may_be_promised_for_this_very_moment(desk: Desk):
    members = desk.promise().model_dump()
    members.pop("v")
    assert made(**(members | {"enter_by": PROMISED_AT})).enter_by < ENTER_BY
