"""Single proofs, policies and cosignatures, judged by Go code of others: x/mod's tlog, torchwood's verifier of C2SP tlog-proof,
and the cosignatures of transparency-dev's formats."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ledger.canonical import to_base64
from ledger.log.checkpoint import Checkpoint, format_checkpoint, parse_checkpoint, sign_checkpoint
from ledger.log.cosignature import cosign, verify_cosignature
from ledger.log.merkle import leaf_hash, prove_consistency, prove_inclusion
from ledger.log.ml_dsa import MLDSAKey
from ledger.log.note import (
    COSIGNATURE,
    ML_DSA_COSIGNATURE,
    NoteSignature,
    VerifierKey,
    format_note,
    format_signature,
    parse_note,
)
from ledger.log.policy import Log, Policy, Witness
from ledger.log.proof import format_proof
from tests.interop.foreign import Export, read_export
from tests.interop.plain import VKEY, Plain
from tests.interop.programs import Program, go_program
from tests.interop.tampering import forged
from tests.language import key
from tests.writer.on_disk import TRUST

GOLDEN = Path(__file__).parents[1] / "vectors" / "golden"
SIZES = (1, 2, 3, 255, 256, 257, 511, 512, 513, 1000)
STRANGER = VerifierKey(VKEY.name, key("a.stranger").public)


@pytest.fixture(scope="session")
def go() -> Program:
    return go_program()


def hashes_of(export: Export, index: int) -> list[bytes]:
    return prove_inclusion(index, export.size, export.node)


def inclusion(export: Export, index: int) -> dict[str, Any]:
    """The claim that an entry stands in the log."""
    proof = [to_base64(item) for item in hashes_of(export, index)]
    leaf, root = to_base64(leaf_hash(export.entries[index])), to_base64(export.root)
    return {"tree": False, "at": index, "hash": leaf, "size": export.size, "root": root, "proof": proof}


def consistency(log: Plain, old: int, new: int) -> dict[str, Any]:
    """The claim that the log at one size continues the log at another."""
    proof = [to_base64(item) for item in prove_consistency(old, new, log.node)]
    before, now = to_base64(log.root(old)), to_base64(log.root(new))
    return {"tree": True, "at": old, "hash": before, "size": new, "root": now, "proof": proof}


def falsified(claim: dict[str, Any]) -> list[dict[str, Any]]:
    """The claim with one thing in it false."""
    other, proof = to_base64(bytes(32)), claim["proof"]
    false = [{"hash": other}, {"root": other}, {"at": claim["at"] + 1}, {"proof": [*proof, other]}]
    false += [{"proof": proof[1:]}, {"proof": [other, *proof[1:]]}] if proof else []
    return [{**claim, **change} for change in false]


def test_our_proofs_of_inclusion_hold_there_and_false_ones_do_not(go: Program, export: Export):
    claims = [inclusion(export, index) for index in range(export.size)]
    assert set(go.each("check", claims=claims)) == {""}
    assert all(go.each("check", claims=[false for claim in claims for false in falsified(claim)]))


def test_our_proofs_of_consistency_hold_there_and_false_ones_do_not(go: Program):
    log = Plain(SIZES[-1])
    claims = [consistency(log, old, new) for old in SIZES for new in SIZES if old <= new]
    assert set(go.each("check", claims=claims)) == {""}
    assert all(go.each("check", claims=[false for claim in claims for false in falsified(claim)]))


def proof_file(policy: str, proof: bytes, entry: bytes) -> dict[str, str]:
    return {"policy": policy, "proof": proof.decode(), "entry": to_base64(entry)}


@pytest.mark.parametrize("ref", ["0", "5.0", "689.0"])
def test_a_proof_of_the_command_line_is_accepted_under_the_trust_policy(go: Program, folder: Path, export: Export, ref: str):
    ledger, program = folder.parent / "ledger", Path(sys.executable).with_name("givetrail")
    environment = {**os.environ, "GIVETRAIL_LEDGER": str(ledger), "GIVETRAIL_STATE": str(folder.parent / "state")}
    words = [program, "proof", ref, "--tlog", "-o", "-"]
    proof = subprocess.run(words, env=environment, capture_output=True, check=True).stdout
    policy, entry = (ledger / "trust.policy").read_text(), export.entries[int(ref.partition(".")[0])]
    assert go.each("proof", claims=[proof_file(policy, proof, entry)]) == [""]
    false = [
        (policy, proof, entry + b" "),
        (policy, proof.replace(b"\nindex ", b"\nindex 1"), entry),
        (policy, proof.replace(export.note.encode(), forged(export.note.encode())), entry),
        (Policy.for_log(STRANGER).format().decode(), proof, entry),
    ]
    assert all(go.each("proof", claims=[proof_file(*case) for case in false]))


def test_a_proof_with_extra_data_is_accepted(go: Program, export: Export):
    proof = format_proof(7, hashes_of(export, 7), export.note.encode(), b"gift 7.0")
    assert go.each("proof", claims=[proof_file(TRUST.format().decode(), proof, export.entries[7])]) == [""]


@pytest.fixture
def golden() -> Export:
    """The golden log, whose policy asks for two of three witnesses."""
    return read_export(GOLDEN / "log")


def test_a_quorum_of_witnesses_is_accepted_and_less_is_not(go: Program, golden: Export):
    policy, note = (GOLDEN / "trust.policy").read_text(), parse_note(golden.note.encode())
    south = note.signatures[2]
    stranger = cosign(parse_checkpoint(note.text), 1_790_000_000, south.name, key("a.stranger"))
    notes = {
        "": note.signatures,
        "only 1/2 policy components": note.signatures[:2],
        "invalid signature": (*note.signatures[:2], NoteSignature(south.name, south.key_id, stranger.signature)),
    }
    for reason, signatures in notes.items():
        raw = format_note(note.text, signatures)
        claims = [proof_file(policy, format_proof(at, hashes_of(golden, at), raw), golden.entries[at]) for at in range(golden.size)]
        assert all(reason in found and bool(reason) == bool(found) for found in go.each("proof", claims=claims))


def test_two_logs_in_a_policy_mean_both_there_and_either_here(go: Program, export: Export):
    policy = Policy((Log(VKEY), Log(STRANGER)))
    assert policy.check(export.note.encode()).tree_size == export.size
    proof = format_proof(7, hashes_of(export, 7), export.note.encode())
    reason = go.each("proof", claims=[proof_file(policy.format().decode(), proof, export.entries[7])])
    assert reason == ["note verification failed: only 1/2 policy components satisfied"]


WITNESS = "witness.example.org/north"
HEADS = [Checkpoint("ledger.example.org/2026", size, bytes(range(32))) for size in (1, 690, 20_852_163)]
SIGNERS = {COSIGNATURE: key("north.light"), ML_DSA_COSIGNATURE: MLDSAKey.from_seed(b"north" + bytes(27))}


@pytest.mark.parametrize("algorithm", SIGNERS)
def test_our_cosignatures_hold_there_and_false_ones_do_not(go: Program, algorithm: int):
    signer = SIGNERS[algorithm]
    vkey = VerifierKey(WITNESS, signer.public, algorithm)
    true, false = [], []
    for head in HEADS:
        for time in (0, 1_790_000_000, 2**63 - 1):
            line = cosign(head, time, WITNESS, signer)
            late = NoteSignature(WITNESS, line.key_id, (time ^ 1).to_bytes(8) + line.signature[8:])
            flipped = NoteSignature(WITNESS, line.key_id, line.signature[:-100] + bytes(100))
            other = Checkpoint(head.origin, head.tree_size + 1, head.root)
            true.append({"vkey": vkey.format(), "note": noted(head, line)})
            false += [{"vkey": vkey.format(), "note": noted(*case)} for case in ((head, late), (head, flipped), (other, line))]
    assert set(go.each("cosigned", claims=true)) == {""}
    assert all(go.each("cosigned", claims=false))


def noted(head: Checkpoint, line: NoteSignature) -> str:
    return (format_checkpoint(head) + b"\n" + format_signature(line)).decode()


def test_a_cosignature_that_a_stranger_made_with_ml_dsa_is_accepted_here(go: Program):
    log = key("the.log")
    for head in HEADS:
        refused, made = go.judge("cosign", asked={"name": WITNESS, "text": format_checkpoint(head).decode()})
        assert not refused
        vkey, (line,) = VerifierKey.parse(made["vkey"]), parse_note(made["note"].encode()).signatures
        assert vkey.algorithm == ML_DSA_COSIGNATURE and verify_cosignature(head, line, vkey) > 1_700_000_000
        policy = Policy((Log(VerifierKey(head.origin, log.public)),), (Witness("north", vkey),), (), "north")
        assert Policy.parse(policy.format()).check(sign_checkpoint(head, log) + format_signature(line)) == head
