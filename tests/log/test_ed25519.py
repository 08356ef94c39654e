"""The two verdicts on a signature, on every edge case that is known (C2SP/CCTV ed25519, 914 cases)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledger.errors import GiveTrailError, VerificationError
from ledger.log.key import SigningKey, check_party_key, verify_note_signature, verify_statement_signature

FILE = Path(__file__).resolve().parents[3] / "shared" / "vectors" / "ed25519" / "ed25519vectors.json"

# RFC 8032 §7.1, test 2: seed, public key, message, signature.
SEED = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
MESSAGE = bytes.fromhex("72")
SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)
ORDER = 2**252 + 27742317777372353535851937790883648493


@pytest.fixture(scope="module")
def cases() -> list[dict]:
    if not FILE.exists():
        pytest.skip("the vectors of C2SP/CCTV are not beside the project")
    return json.loads(FILE.read_text())


def accepts(verify, *arguments: bytes) -> bool:
    try:
        verify(*arguments)
    except GiveTrailError:
        return False
    return True


def parts(case: dict) -> tuple[bytes, bytes, bytes]:
    return bytes.fromhex(case["key"]), bytes.fromhex(case["sig"]), case["msg"].encode()


def flags(case: dict) -> set[str]:
    return set(case["flags"] or [])


def test_notes_accept_what_rfc_8032_without_cofactor_accepts(cases):
    """As CCTV says of Go and OpenSSL: all but a residue of low order, and an R that is spelled in another way."""
    accepted = [case for case in cases if accepts(verify_note_signature, *parts(case))]
    assert accepted == [case for case in cases if not flags(case) & {"low_order_residue", "non_canonical_R"}]
    assert (len(cases), len(accepted)) == (914, 208)


def test_statements_accept_no_key_out_of_the_prime_order_group_and_no_small_r(cases):
    for case in cases:
        public, signature, message = parts(case)
        sound = accepts(check_party_key, public) and accepts(verify_statement_signature, public, signature, message)
        assert sound == (flags(case) == set()), case["number"]


def test_a_statement_signature_refuses_a_small_r_and_a_small_key_by_itself(cases):
    for case in cases:
        if flags(case) & {"low_order_R", "low_order_A"}:
            assert not accepts(verify_statement_signature, *parts(case)), case["number"]


def test_party_keys_are_canonical_points_of_prime_order(cases):
    wrong = {"low_order_A", "low_order_component_A", "non_canonical_A"}
    for case in cases:
        assert accepts(check_party_key, bytes.fromhex(case["key"])) == (not flags(case) & wrong), case["number"]


def test_what_statements_accept_notes_accept_too(cases):
    for case in cases:
        if accepts(check_party_key, parts(case)[0]) and accepts(verify_statement_signature, *parts(case)):
            assert accepts(verify_note_signature, *parts(case))


def test_rfc_8032():
    key = SigningKey.from_seed(SEED)
    assert (key.public, key.sign(MESSAGE)) == (PUBLIC, SIGNATURE)
    check_party_key(PUBLIC)
    verify_statement_signature(PUBLIC, SIGNATURE, MESSAGE)
    verify_note_signature(PUBLIC, SIGNATURE, MESSAGE)


@pytest.mark.parametrize("verify", [verify_statement_signature, verify_note_signature])
def test_every_flipped_bit_is_refused_by_both(verify):
    for bit in range(8 * 64):
        bad = (int.from_bytes(SIGNATURE) ^ 1 << bit).to_bytes(64)
        assert not accepts(verify, PUBLIC, bad, MESSAGE)
    for bit in range(8 * 32):
        bad = (int.from_bytes(PUBLIC) ^ 1 << bit).to_bytes(32)
        assert not accepts(verify, bad, SIGNATURE, MESSAGE)
    assert not accepts(verify, PUBLIC, SIGNATURE, MESSAGE + b"\0")


@pytest.mark.parametrize("verify", [verify_statement_signature, verify_note_signature])
def test_s_must_be_below_the_order(verify):
    """The same signature with S + L fits the equation and is refused (RFC 8032 §5.1.7)."""
    larger = int.from_bytes(SIGNATURE[32:], "little") + ORDER
    assert not accepts(verify, PUBLIC, SIGNATURE[:32] + larger.to_bytes(32, "little"), MESSAGE)


@pytest.mark.parametrize("verify", [verify_statement_signature, verify_note_signature])
@pytest.mark.parametrize(
    ("public", "signature"),
    [(PUBLIC[:-1], SIGNATURE), (PUBLIC + b"\0", SIGNATURE), (b"", SIGNATURE), (PUBLIC, SIGNATURE[:-1]), (PUBLIC, b"")],
)
def test_other_lengths_are_refused(verify, public: bytes, signature: bytes):
    with pytest.raises(VerificationError):
        verify(public, signature, MESSAGE)


def test_a_longer_signature_does_not_eat_into_the_message():
    for verify in (verify_statement_signature, verify_note_signature):
        assert not accepts(verify, PUBLIC, SIGNATURE + MESSAGE, b"")
