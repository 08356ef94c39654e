"""Statement signatures, checked by securesystemslib as signatures of DSSE envelopes."""

from __future__ import annotations

import copy
import json
from base64 import b64decode, b64encode
from typing import Any

import pytest
import rfc8785
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

from ledger.entries.statement import read_envelope, sign_statement, write_envelope
from tests.interop.foreign import Export
from tests.language import key

PAYLOAD_TYPE = "application/vnd.givetrail.statement.v1+json"


def public_key(text: str) -> SSlibKey:
    """A key as an entry holds it."""
    return SSlibKey(text, "ed25519", "ed25519", {"public": b64decode(text).hex()})


def envelope(value: dict[str, Any]) -> dict[str, Any]:
    """The envelope in which a statement came, made from its entry without our code."""
    payload = b64encode(rfc8785.dumps(value["statement"])).decode()
    signatures = [{"keyid": one["key"], "sig": one["sig"]} for one in value["signatures"]]
    return {"payload": payload, "payloadType": PAYLOAD_TYPE, "signatures": signatures}


def test_every_signature_of_the_ledger_verifies_there(export: Export):
    for value in export.values():
        keys = [public_key(one["key"]) for one in value["signatures"]]
        theirs = Envelope.from_dict(copy.deepcopy(envelope(value)))
        assert set(theirs.verify(keys, len(keys))) == {one["key"] for one in value["signatures"]}


@pytest.mark.parametrize("index", [0, 2, 10, 600])
def test_no_signature_verifies_over_anything_else(export: Export, index: int):
    value = export.values()[index]
    keys = [public_key(one["key"]) for one in value["signatures"]]
    for edit in ({"id": "0199a1c2-7b1e-7c30-9f1e-5d2a4c6b8e10"}, {"party": "river"}, {"ledger": "ledger.example.org/other"}):
        changed = {**value, "statement": {**value["statement"], **edit}}
        with pytest.raises(VerificationError):
            Envelope.from_dict(envelope(changed)).verify(keys, 1)
    other = envelope(value) | {"payloadType": "application/json"}
    with pytest.raises(VerificationError):
        Envelope.from_dict(other).verify(keys, 1)


@pytest.mark.parametrize("index", [0, 2, 10, 600])
def test_envelopes_go_there_and_back(export: Export, index: int):
    """What we write they read, and what they write we read: payload, type and signatures are the same."""
    value = export.values()[index]
    raw = rfc8785.dumps(value["statement"])
    signatures = tuple((one["key"], one["sig"]) for one in value["signatures"])
    ours = write_envelope(raw, signatures)
    assert json.loads(ours) == envelope(value)
    theirs = Envelope.from_dict(json.loads(ours))
    assert (theirs.payload, theirs.payload_type) == (raw, PAYLOAD_TYPE)
    assert read_envelope(rfc8785.dumps(theirs.to_dict())) == (raw, signatures)


def test_what_is_signed_is_their_pre_authentication_encoding(export: Export):
    raw = rfc8785.dumps(export.values()[4]["statement"])
    ((_, signature),) = sign_statement(raw, [key("hope.li")])
    assert b64decode(signature) == key("hope.li").sign(Envelope(raw, PAYLOAD_TYPE, {}).pae())
