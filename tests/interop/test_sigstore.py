"""The checkpoint, parsed and verified by sigstore's code for Rekor's, and inclusion by its Merkle code."""

from __future__ import annotations

from base64 import b64encode
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import SignedCheckpoint
from sigstore._internal.trust import Keyring, RekorKeyring
from sigstore._utils import KeyID
from sigstore.errors import VerificationError
from sigstore_models.common.v1 import PublicKey, PublicKeyDetails

from ledger.log.merkle import prove_inclusion
from tests.interop.foreign import Export
from tests.language import ORIGIN, key
from tests.writer.on_disk import TRUST

VKEY = TRUST.logs[0].vkey


def keyring(public: bytes) -> RekorKeyring:
    der = Ed25519PublicKey.from_public_bytes(public).public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    public_key = PublicKey(raw_bytes=b64encode(der).decode(), key_details=PublicKeyDetails.PKIX_ED25519)
    return RekorKeyring(Keyring([public_key]))


def test_sigstore_reads_the_checkpoint(export: Export):
    theirs = SignedCheckpoint.from_text(export.note).checkpoint
    assert (theirs.origin, theirs.log_size, theirs.log_hash) == (ORIGIN, len(export.entries), export.root.hex())
    assert theirs.other_content == []


def test_sigstore_verifies_the_checkpoint_under_the_logs_key_and_no_other(export: Export):
    note = SignedCheckpoint.from_text(export.note).signed_note
    note.verify(keyring(VKEY.public), KeyID(VKEY.key_id))
    with pytest.raises(VerificationError):
        note.verify(keyring(key("op.chief").public), KeyID(VKEY.key_id))
    false = SignedCheckpoint.from_text(export.note.replace(f"\n{export.size}\n", f"\n{export.size - 1}\n")).signed_note
    with pytest.raises(VerificationError):
        false.verify(keyring(VKEY.public), KeyID(VKEY.key_id))


def rekor_entry(export: Export, index: int, raw: bytes) -> SimpleNamespace:
    """An entry in the form that sigstore's check of inclusion takes."""
    hashes = prove_inclusion(index, export.size, export.node)
    proof = SimpleNamespace(log_index=index, tree_size=export.size, hashes=hashes, root_hash=export.root)
    return SimpleNamespace(_inner=SimpleNamespace(inclusion_proof=proof, canonicalized_body=raw))


def test_sigstore_finds_every_entry_under_the_root(export: Export):
    for index, raw in enumerate(export.entries):
        verify_merkle_inclusion(rekor_entry(export, index, raw))


def test_sigstore_finds_no_entry_in_another_ones_place(export: Export):
    for index in range(0, export.size - 1, 50):
        with pytest.raises(VerificationError):
            verify_merkle_inclusion(rekor_entry(export, index, export.entries[index + 1]))
