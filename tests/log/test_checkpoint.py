"""Checkpoints: ours, the specification's, and what another library makes of them."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from sigstore._internal.rekor.checkpoint import SignedCheckpoint
from sigstore._internal.trust import Keyring, RekorKeyring
from sigstore._utils import KeyID
from sigstore.errors import VerificationError as SigstoreVerificationError
from sigstore_models.common.v1 import PublicKey, PublicKeyDetails

from ledger.canonical import from_base64, to_base64
from ledger.errors import FormatError, InputError, SizeError, Unverifiable, VerificationError
from ledger.log.checkpoint import (
    Checkpoint,
    format_checkpoint,
    open_checkpoint,
    parse_checkpoint,
    sign_checkpoint,
)
from ledger.log.key import SigningKey
from ledger.log.merkle import leaf_hash, root_of
from ledger.log.note import MAX_NOTE_BYTES, VerifierKey, format_note, parse_note, sign_note

KEY = SigningKey.from_seed(bytes(range(32)))
ORIGIN = "ledger.example.org/2026"
VKEY = VerifierKey(ORIGIN, KEY.public)
CHECKPOINT = Checkpoint(ORIGIN, 70, root_of(leaf_hash(bytes([number])) for number in range(70)))

# Opened with golang.org/x/mod/sumdb/note under the vkey below; the seed of the key is 00 01 02 … 1f.
VKEY_TEXT = "ledger.example.org/2026+bd895c07+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
SIGNED = """ledger.example.org/2026
70
NT7c6THr9XkXOaWIwVpySEZ3apg2aqsei6pCj5E1wmo=

— ledger.example.org/2026 vYlcB0lpcf50+6f2ubvsncjeoD4l7/xC+qgsi9/TxNURQBBPH/ZuvFhaDZyIM0/q1MRZBX1aHivNQMoK33h79gbzzgY=
""".encode()

# C2SP tlog-checkpoint, the example at the top.
SOFA = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
""".encode()  # noqa: E501


def test_a_known_checkpoint():
    assert VKEY.format() == VKEY_TEXT
    assert sign_checkpoint(CHECKPOINT, KEY) == SIGNED
    assert open_checkpoint(SIGNED, VerifierKey.parse(VKEY_TEXT)) == CHECKPOINT


def test_the_checkpoint_of_the_specification():
    note = parse_note(SOFA)
    checkpoint = parse_checkpoint(note.text)
    assert (checkpoint.origin, checkpoint.tree_size) == ("example.com/behind-the-sofa", 20852163)
    assert to_base64(checkpoint.root) == "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
    assert format_note(format_checkpoint(checkpoint), note.signatures) == SOFA


@given(st.integers(0, 2**53 - 1), st.binary(min_size=32, max_size=32))
def test_checkpoints_print_back(tree_size: int, root: bytes):
    checkpoint = Checkpoint(ORIGIN, tree_size, root)
    assert parse_checkpoint(format_checkpoint(checkpoint)) == checkpoint
    assert open_checkpoint(sign_checkpoint(checkpoint, KEY), VKEY) == checkpoint


def test_every_damage_to_a_checkpoint_is_refused(damaged):
    for bad in damaged(SIGNED):
        with pytest.raises((InputError, VerificationError, Unverifiable)):
            open_checkpoint(bad, VKEY)


def test_what_is_parsed_prints_back_however_damaged(damaged):
    text = format_checkpoint(CHECKPOINT)
    for bad in damaged(text):
        try:
            checkpoint = parse_checkpoint(bad)
        except FormatError:
            continue
        assert format_checkpoint(checkpoint) == bad
        assert checkpoint != CHECKPOINT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n\n",
        "a\n1\n",
        "a\n1\n{root}",
        "a\n1\n{root}\n\n",
        "a\n1\n{root}\nextension\n",
        "a\n01\n{root}\n",
        "a\n-1\n{root}\n",
        "a\n+1\n{root}\n",
        "a\n1_0\n{root}\n",
        "a\n1.0\n{root}\n",
        "a\n\u0661\n{root}\n",
        "a\n 1\n{root}\n",
        "a\n9007199254740992\n{root}\n",
        "a\n99999999999999999999999999\n{root}\n",
        "\n1\n{root}\n",
        "a b\n1\n{root}\n",
        "a+b\n1\n{root}\n",
        "a\n1\nAAAA\n",
        "a\n1\n\n",
        "a\n1\n{root}=\n",
        "a\n1\n {root}\n",
    ],
)
def test_malformed_checkpoints_are_refused(text: str):
    raw = text.format(root=to_base64(bytes(32))).encode()
    with pytest.raises(FormatError) as caught:
        parse_checkpoint(raw)
    assert caught.value.rule == "checkpoint"


@pytest.mark.parametrize("wrong", [("a", -1, bytes(32)), ("a", 2**53, bytes(32)), ("a", 0, b""), ("", 0, bytes(32))])
def test_there_is_no_impossible_checkpoint(wrong: tuple[str, int, bytes]):
    with pytest.raises(FormatError):
        Checkpoint(*wrong)


def test_another_logs_checkpoint_cannot_be_verified():
    with pytest.raises(Unverifiable, match="behind-the-sofa") as caught:
        open_checkpoint(SOFA, VKEY)
    assert caught.value.rule == "trust-anchor"


def test_a_name_does_not_make_a_log():
    other = SigningKey.from_seed(bytes(32))
    with pytest.raises(VerificationError) as caught:
        open_checkpoint(sign_checkpoint(CHECKPOINT, other), VKEY)
    assert caught.value.rule == "checkpoint-signature"
    # The log's own key, for a checkpoint with another origin: the name in the line is right, the origin is not.
    elsewhere = Checkpoint("other.example", 70, CHECKPOINT.root)
    with pytest.raises(Unverifiable):
        open_checkpoint(sign_note(format_checkpoint(elsewhere), ORIGIN, KEY), VKEY)


def test_a_checkpoint_has_a_largest_size():
    with pytest.raises(SizeError):
        open_checkpoint(SIGNED + SIGNED[-100:] * (MAX_NOTE_BYTES // 100), VKEY)


def keyring(public: bytes) -> RekorKeyring:
    der = Ed25519PublicKey.from_public_bytes(public).public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return RekorKeyring(Keyring([PublicKey(raw_bytes=to_base64(der), key_details=PublicKeyDetails.PKIX_ED25519)]))


def test_sigstore_reads_and_verifies_our_checkpoint():
    theirs = SignedCheckpoint.from_text(SIGNED.decode())
    assert theirs.checkpoint.origin == ORIGIN
    assert theirs.checkpoint.log_size == 70
    assert theirs.checkpoint.log_hash == CHECKPOINT.root.hex()
    assert theirs.checkpoint.other_content == []
    (signature,) = theirs.signed_note.signatures
    assert (signature.name, signature.sig_hash) == (ORIGIN, VKEY.key_id)
    theirs.signed_note.verify(keyring(KEY.public), KeyID(VKEY.key_id))
    with pytest.raises(SigstoreVerificationError):
        theirs.signed_note.verify(keyring(SigningKey.from_seed(bytes(32)).public), KeyID(VKEY.key_id))
    assert from_base64(signature.signature.decode()) == KEY.sign(format_checkpoint(CHECKPOINT))
