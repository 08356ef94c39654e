"""Inclusion promises, verified by securesystemslib as DSSE envelopes, and what it signs, read here."""

from __future__ import annotations

import copy
import json
from base64 import b64decode, b64encode

import pytest
import rfc8785
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey

from ledger.entries.inclusion_promise import InclusionPromise, made, open_inclusion_promise, sign_inclusion_promise
from ledger.log.note import VerifierKey
from tests.language import key, key_text

TYPE = "application/vnd.givetrail.inclusion-promise+json"
LOG = VerifierKey("ledger.example.org/2026", key("the.log").public)


@pytest.fixture
def promise() -> InclusionPromise:
    return made(
        ledger=LOG.name, log_key=LOG.format(), party="hope", key_entry=2, recorder="hope", channel="bank", fund="school",
        channel_ref="hmac-sha256:2026:" + "A" * 43, reference="捐款 17", unit="CNY", amount=1000,
        promised_at="2026-09-07T12:00:00Z", enter_by="2026-09-10T12:00:00Z",
    )  # fmt: skip


def public_key(name: str) -> SSlibKey:
    return SSlibKey(key_text(name), "ed25519", "ed25519", {"public": b64decode(key_text(name)).hex()})


def test_our_envelope_verifies_there(promise: InclusionPromise):
    value = json.loads(sign_inclusion_promise(promise, key("hope.li")))
    theirs = Envelope.from_dict(copy.deepcopy(value))
    assert set(theirs.verify([public_key("hope.li")], 1)) == {key_text("hope.li")}
    assert theirs.payload_type == TYPE and theirs.payload == rfc8785.dumps(promise.model_dump())
    with pytest.raises(VerificationError):
        Envelope.from_dict(copy.deepcopy(value)).verify([public_key("river.xu")], 1)
    with pytest.raises(VerificationError):
        Envelope.from_dict(value | {"payloadType": "application/json"}).verify([public_key("hope.li")], 1)


def test_their_envelope_opens_here(promise: InclusionPromise):
    signer = CryptoSigner.generate_ed25519()
    whole = Envelope(rfc8785.dumps(promise.model_dump()), TYPE, {})
    whole.sign(signer)
    value = whole.to_dict()
    public = signer.public_key.keyval["public"]
    value["signatures"][0]["keyid"] = b64encode(bytes.fromhex(public)).decode()
    opened = open_inclusion_promise(rfc8785.dumps(value))
    assert opened.promise == promise
