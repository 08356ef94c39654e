"""What a witness with an ML-DSA-44 key adds to a checkpoint (C2SP tlog-cosignature, type 0x06)."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from ledger.errors import FormatError, InputError, Unverifiable, VerificationError
from ledger.log import ml_dsa
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.cosignature import cosign, verify_cosignature
from ledger.log.key import SigningKey
from ledger.log.ml_dsa import MLDSAKey
from ledger.log.note import (
    COSIGNATURE,
    ML_DSA_COSIGNATURE,
    NoteSignature,
    VerifierKey,
    format_note,
    format_signature,
    parse_note,
    parse_signature,
)
from ledger.log.policy import Log, Policy, Witness

CHECKPOINT = Checkpoint("ledger.example.org/2026", 20_852_163, bytes(range(32)))
KEY = MLDSAKey.from_seed(b"witness" + bytes(25))
NAME = "witness.example.com/w1"
VKEY = VerifierKey(NAME, KEY.public, ML_DSA_COSIGNATURE)
TIME = 1_679_315_147
SIGNED = cosign(CHECKPOINT, TIME, NAME, KEY)
KEY_ID_END, TIME_END, SIGNATURE_END = 4, 12, 2432
LOG_KEY = SigningKey.from_seed(b"log" + bytes(29))
POLICY = Policy((Log(VerifierKey(CHECKPOINT.origin, LOG_KEY.public)),), (Witness("w", VKEY),), (), "w")


def test_the_signed_message_is_that_of_the_specification():
    """C2SP tlog-cosignature, "ML-DSA-44 signed message", written out and checked without our code."""
    message = (
        b"subtree/v1\n\x00" + b"\x16witness.example.com/w1" + bytes.fromhex("00000000641850cb")
        + b"\x17ledger.example.org/2026" + bytes(8) + bytes.fromhex("00000000013e2dc3") + bytes(range(32))
    )  # fmt: skip
    assert SIGNED.signature[:8].hex() == "00000000641850cb"
    MLDSA44PublicKey.from_public_bytes(KEY.public).verify(SIGNED.signature[8:], message)


def test_the_key_id_is_that_of_the_specification():
    assert len(KEY.public) == 1312 and len(SIGNED.signature) == 8 + 2420
    assert SIGNED.key_id == VKEY.key_id == sha256(NAME.encode() + b"\n\x06" + KEY.public).digest()[:4]
    assert VerifierKey.parse(VKEY.format()) == VKEY


@pytest.mark.parametrize("time", [0, 1, TIME, 2**63 - 1])
def test_a_cosignature_gives_its_time(time: int):
    assert verify_cosignature(CHECKPOINT, cosign(CHECKPOINT, time, NAME, KEY), VKEY) == time


@pytest.mark.parametrize("time", [-1, 2**63])
def test_a_time_out_of_bounds_is_not_signed(time: int):
    with pytest.raises(FormatError):
        cosign(CHECKPOINT, time, NAME, KEY)


def noted(line: bytes) -> bytes:
    """The log's note with this line of a witness."""
    return sign_checkpoint(CHECKPOINT, LOG_KEY) + line


def test_a_flip_in_any_part_of_the_line_is_refused_or_is_nobodys_line():
    """The dash, the name, the key id, the time, every part of the signature, the padding and the newline."""
    line = format_signature(SIGNED)
    assert POLICY.check(noted(line)) == CHECKPOINT
    head = len(line) - 1 - 4 * ((SIGNATURE_END + 2) // 3)
    places = [*range(head + 16), *range(head + 16, len(line), 97), *range(len(line) - 6, len(line))]
    for at in places:
        for bit in range(8):
            bad = line[:at] + bytes([line[at] ^ 1 << bit]) + line[at + 1 :]
            with pytest.raises((InputError, VerificationError, Unverifiable)):
                POLICY.check(noted(bad))


@pytest.mark.parametrize("part", [range(TIME_END - KEY_ID_END), range(8, 40), range(40, 2344), range(2344, 2428)])
def test_a_flip_in_the_time_the_challenge_the_response_or_the_hint_is_refused(part: range):
    raw = SIGNED.signature
    for at in part[:: max(1, len(part) // 32)]:
        for bit in range(8):
            bad = raw[:at] + bytes([raw[at] ^ 1 << bit]) + raw[at + 1 :]
            with pytest.raises(VerificationError) as caught:
                verify_cosignature(CHECKPOINT, replace(SIGNED, signature=bad), VKEY)
            assert caught.value.rule == "witness-quorum"


@pytest.mark.parametrize("raw", [
    b"x", SIGNED.signature[:8], SIGNED.signature[:-1], SIGNED.signature + b"\0", SIGNED.signature[8:], bytes(2428), b"\xff" * 2428,
])  # fmt: skip
def test_a_signature_of_another_length_or_of_nothing_is_refused(raw: bytes):
    with pytest.raises(VerificationError):
        verify_cosignature(CHECKPOINT, replace(SIGNED, signature=raw), VKEY)


def test_a_cosignature_is_for_one_checkpoint_one_time_and_one_witness():
    other = MLDSAKey.from_seed(bytes(32))
    wrong = [
        (replace(CHECKPOINT, origin="ledger.example.org/2027"), SIGNED, VKEY),
        (replace(CHECKPOINT, tree_size=CHECKPOINT.tree_size + 1), SIGNED, VKEY),
        (replace(CHECKPOINT, root=bytes(32)), SIGNED, VKEY),
        (CHECKPOINT, replace(SIGNED, name="witness.example.com/w2"), VKEY),
        (CHECKPOINT, replace(SIGNED, key_id=bytes(4)), VKEY),
        (CHECKPOINT, replace(SIGNED, signature=(TIME + 1).to_bytes(8) + SIGNED.signature[8:]), VKEY),
        (CHECKPOINT, SIGNED, VerifierKey("witness.example.com/w2", KEY.public, ML_DSA_COSIGNATURE)),
        (CHECKPOINT, replace(SIGNED, key_id=(vkey := VerifierKey(NAME, other.public, ML_DSA_COSIGNATURE)).key_id), vkey),
    ]
    for checkpoint, signature, vkey in wrong:
        with pytest.raises(VerificationError):
            verify_cosignature(checkpoint, signature, vkey)


def test_a_name_is_part_of_what_is_signed():
    """A key that two names share does not let one of them sign for the other."""
    second = VerifierKey("witness.example.com/w2", KEY.public, ML_DSA_COSIGNATURE)
    with pytest.raises(VerificationError):
        verify_cosignature(CHECKPOINT, NoteSignature(second.name, second.key_id, SIGNED.signature), second)


def test_a_cosignature_of_a_part_of_the_tree_is_none_of_a_checkpoint():
    """The format lets a witness sign the entries from any one on; a checkpoint's begin at 0."""
    def signed(start: int, label: bytes = b"subtree/v1\n\0") -> NoteSignature:
        numbers = start.to_bytes(8) + CHECKPOINT.tree_size.to_bytes(8)
        message = label + b"\x16" + NAME.encode() + bytes(8) + b"\x17" + CHECKPOINT.origin.encode() + numbers + CHECKPOINT.root
        return NoteSignature(NAME, VKEY.key_id, bytes(8) + KEY.sign(message))

    assert verify_cosignature(CHECKPOINT, signed(0), VKEY) == 0
    for false in (signed(1), signed(16_777_216), signed(0, b"subtree/v2\n\0")):
        with pytest.raises(VerificationError):
            verify_cosignature(CHECKPOINT, false, VKEY)


def test_the_longest_names_are_signed_with_their_lengths():
    long = Checkpoint("l" * 255, 1, bytes(32))
    vkey = VerifierKey("w" * 255, KEY.public, ML_DSA_COSIGNATURE)
    assert verify_cosignature(long, cosign(long, TIME, vkey.name, KEY), vkey) == TIME


def test_one_name_with_two_sorts_of_key_is_two_witnesses():
    ed25519 = SigningKey.from_seed(b"witness" + bytes(25))
    old = VerifierKey(NAME, ed25519.public, COSIGNATURE)
    assert old.key_id != VKEY.key_id
    lines = {"old": cosign(CHECKPOINT, TIME, NAME, ed25519), "new": SIGNED}
    witnesses = f"witness old {old.format()}\nwitness new {VKEY.format()}\ngroup both all old new\nquorum both\n"
    policy = Policy.parse(f"log {POLICY.logs[0].vkey.format()}\n{witnesses}".encode())
    note = parse_note(sign_checkpoint(CHECKPOINT, LOG_KEY))
    both = format_note(note.text, [*note.signatures, *lines.values()])
    assert policy.check(both) == CHECKPOINT
    assert [(one.witness, one.key_name) for one in policy.cosigned_by(both)] == [("old", NAME), ("new", NAME)]
    for name, line in lines.items():
        alone = format_note(note.text, [*note.signatures, line])
        assert [one.witness for one in policy.cosigned_by(alone)] == [name]
        with pytest.raises(VerificationError, match=f"cosigned by {name},"):
            policy.check(alone)


def test_many_lines_fit_in_a_note():
    """A line of ML-DSA-44 has about 3,300 characters; 32 witnesses, as a policy may have, fit in the 131,072 bytes of a note."""
    keys = [MLDSAKey.from_seed(bytes([number]) * 32) for number in range(32)]
    note = parse_note(sign_checkpoint(CHECKPOINT, LOG_KEY))
    lines = [cosign(CHECKPOINT, TIME, f"witness{number}.example", key) for number, key in enumerate(keys)]
    raw = format_note(note.text, [*note.signatures, *lines])
    assert len(raw) < 131_072 and [parse_signature(format_signature(line)) for line in lines] == lines
    vkeys = [VerifierKey(line.name, key.public, ML_DSA_COSIGNATURE) for line, key in zip(lines, keys, strict=True)]
    witnesses = tuple(Witness(f"w{number}", vkey) for number, vkey in enumerate(vkeys))
    policy = Policy(POLICY.logs, witnesses)
    assert len(policy.cosigned_by(raw)) == 32
    assert Policy.parse(policy.format()) == policy


def test_where_openssl_has_no_ml_dsa_nothing_is_judged(monkeypatch: pytest.MonkeyPatch):
    class Older:
        """As an OpenSSL before 3.5 answers."""

        @staticmethod
        def from_public_bytes(raw: bytes) -> MLDSA44PublicKey:
            raise UnsupportedAlgorithm("ML-DSA is not supported")

    monkeypatch.setattr(ml_dsa, "MLDSA44PublicKey", Older)
    with pytest.raises(Unverifiable, match="OpenSSL") as caught:
        verify_cosignature(CHECKPOINT, SIGNED, VKEY)
    assert caught.value.rule == "unknown-witness"
