"""What witnesses add to a checkpoint."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledger.errors import FormatError, VerificationError
from ledger.log.checkpoint import Checkpoint, format_checkpoint, parse_checkpoint
from ledger.log.cosignature import cosign, verify_cosignature
from ledger.log.key import SigningKey
from ledger.log.note import COSIGNATURE, NoteSignature, VerifierKey, format_note, parse_note

# C2SP tlog-cosignature, the example at the top; the time is that of its section "Ed25519 signed message".
EXAMPLE = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
""".encode()  # noqa: E501
EXAMPLE_TIME = 1679315147

CHECKPOINT = parse_checkpoint(parse_note(EXAMPLE).text)
KEY = SigningKey.from_seed(b"witness" + bytes(25))
VKEY = VerifierKey("witness.example.com/w1", KEY.public, COSIGNATURE)
AS_LOG = VerifierKey("witness.example.com/w1", KEY.public)


def test_the_example_of_the_specification():
    note = parse_note(EXAMPLE)
    _, line = note.signatures
    assert line.name == "witness.example.com/w1"
    assert len(line.signature) == 8 + 64
    assert int.from_bytes(line.signature[:8]) == EXAMPLE_TIME
    assert format_note(note.text, note.signatures) == EXAMPLE


def test_the_signed_message_is_that_of_the_specification():
    """C2SP tlog-cosignature, "Ed25519 signed message", checked without our code."""
    message = b"""cosignature/v1
time 1679315147
example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
"""
    signature = cosign(CHECKPOINT, EXAMPLE_TIME, VKEY.name, KEY)
    assert (signature.name, signature.key_id) == (VKEY.name, VKEY.key_id)
    assert signature.signature[:8].hex() == "00000000641850cb"
    Ed25519PublicKey.from_public_bytes(KEY.public).verify(signature.signature[8:], message)


@pytest.mark.parametrize("time", [0, 1, EXAMPLE_TIME, 2**63 - 1])
def test_a_cosignature_gives_its_time(time: int):
    assert verify_cosignature(CHECKPOINT, cosign(CHECKPOINT, time, VKEY.name, KEY), VKEY) == time


@pytest.mark.parametrize("time", [-1, 2**63])
def test_a_time_out_of_bounds_is_not_signed(time: int):
    with pytest.raises(FormatError):
        cosign(CHECKPOINT, time, VKEY.name, KEY)


def test_a_time_out_of_bounds_is_refused_though_it_is_signed():
    """C2SP tlog-cosignature, "Format": the time must not exceed 2^63 - 1."""
    for time, accepted in [(2**63 - 1, True), (2**63, False), (2**64 - 1, False)]:
        raw = time.to_bytes(8) + KEY.sign(b"cosignature/v1\ntime %d\n" % time + format_checkpoint(CHECKPOINT))
        signature = NoteSignature(VKEY.name, VKEY.key_id, raw)
        if accepted:
            assert verify_cosignature(CHECKPOINT, signature, VKEY) == time
        else:
            with pytest.raises(VerificationError):
                verify_cosignature(CHECKPOINT, signature, VKEY)


def test_every_damage_to_a_cosignature_is_refused(damaged):
    signature = cosign(CHECKPOINT, EXAMPLE_TIME, VKEY.name, KEY)
    for bad in damaged(signature.signature):
        with pytest.raises(VerificationError) as caught:
            verify_cosignature(CHECKPOINT, replace(signature, signature=bad), VKEY)
        assert caught.value.rule == "witness-quorum"


def test_a_cosignature_is_for_one_checkpoint_and_one_witness():
    signature = cosign(CHECKPOINT, EXAMPLE_TIME, VKEY.name, KEY)
    wrong = [
        (Checkpoint("example.com/other", CHECKPOINT.tree_size, CHECKPOINT.root), signature, VKEY),
        (Checkpoint(CHECKPOINT.origin, 20852164, CHECKPOINT.root), signature, VKEY),
        (Checkpoint(CHECKPOINT.origin, CHECKPOINT.tree_size, bytes(32)), signature, VKEY),
        (CHECKPOINT, replace(signature, name="witness.example.com/w2"), VKEY),
        (CHECKPOINT, replace(signature, key_id=bytes(4)), VKEY),
        (CHECKPOINT, signature, VerifierKey("witness.example.com/w2", KEY.public, COSIGNATURE)),
        (CHECKPOINT, signature, AS_LOG),
        (CHECKPOINT, replace(signature, key_id=AS_LOG.key_id), AS_LOG),
        (CHECKPOINT, signature, VerifierKey(VKEY.name, SigningKey.from_seed(bytes(32)).public, COSIGNATURE)),
    ]
    for checkpoint, line, vkey in wrong:
        with pytest.raises(VerificationError):
            verify_cosignature(checkpoint, line, vkey)


def test_a_checkpoint_signature_is_no_cosignature():
    """The first lines keep the two apart, even when one key makes both."""
    assert AS_LOG.key_id != VKEY.key_id
    signature = cosign(CHECKPOINT, EXAMPLE_TIME, VKEY.name, KEY)
    plain = KEY.sign(b"example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")
    for raw in (plain, bytes(8) + plain):
        with pytest.raises(VerificationError):
            verify_cosignature(CHECKPOINT, replace(signature, signature=raw), VKEY)
