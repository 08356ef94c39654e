"""Checkpoints and proofs of inclusion, judged by @sigstore/verify as it judges Rekor's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ledger.canonical import to_base64
from ledger.log.checkpoint import parse_checkpoint
from ledger.log.merkle import prove_inclusion
from ledger.log.note import VerifierKey, parse_note
from ledger.log.policy import Policy
from tests.interop.foreign import Export, read_export
from tests.interop.plain import VKEY, Plain
from tests.interop.programs import Program, node_program
from tests.interop.tampering import by_a_stranger, forged, of_another_root, unsigned
from tests.language import key

GOLDEN = Path(__file__).parents[1] / "vectors" / "golden"
SIZES = (1, 2, 3, 255, 256, 257, 65_535, 65_536, 65_537)
OTHER = to_base64(bytes(32))


@pytest.fixture(scope="session")
def node() -> Program:
    return node_program()


def claim(vkey: VerifierKey, note: bytes, index: int, entry: bytes, hashes: Sequence[bytes]) -> dict[str, Any]:
    """The claim that an entry stands under a checkpoint."""
    head = parse_checkpoint(parse_note(note).text)
    told = {"vkey": vkey.format(), "note": note.decode(), "index": index, "entry": to_base64(entry)}
    return {**told, "size": head.tree_size, "root": to_base64(head.root), "hashes": [to_base64(item) for item in hashes]}


def claims_of(export: Export, vkey: VerifierKey = VKEY) -> list[dict[str, Any]]:
    """The claims that all entries of an export stand there."""
    hashes = [prove_inclusion(index, export.size, export.node) for index in range(export.size)]
    return [claim(vkey, export.note.encode(), index, raw, hashes[index]) for index, raw in enumerate(export.entries)]


def test_every_entry_of_a_ledger_is_accepted(node: Program, export: Export):
    assert set(node.each(claims=claims_of(export))) == {""}


def test_every_size_at_the_edge_of_a_tile_is_accepted(node: Program):
    log = Plain(SIZES[-1])
    places = [(size, index) for size in SIZES for index in sorted({0, size // 2, size - 2, size - 1}) if index >= 0]
    hashes = [prove_inclusion(index, size, log.node) for size, index in places]
    claims = [claim(VKEY, log.note(size), at, log.entries[at], path) for (size, at), path in zip(places, hashes, strict=True)]
    assert set(node.each(claims=claims)) == {""}


def test_a_checkpoint_with_cosignatures_is_accepted(node: Program):
    vkey = Policy.parse((GOLDEN / "trust.policy").read_bytes()).logs[0].vkey
    assert set(node.each(claims=claims_of(read_export(GOLDEN / "log"), vkey))) == {""}


SIGNATURE = "invalid checkpoint signature"
ROOT = "calculated root hash does not match inclusion proof"
COUNT = "invalid hash count"
NOTES = {unsigned: SIGNATURE, by_a_stranger: SIGNATURE, forged: SIGNATURE, of_another_root: ROOT}


@pytest.mark.parametrize(("edit", "reason"), NOTES.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_a_false_checkpoint_is_refused(node: Program, export: Export, edit: Any, reason: str):
    false = edit(export.note.encode()).decode()
    assert set(node.each(claims=[{**one, "note": false} for one in claims_of(export)[::23]])) == {reason}


def test_another_key_than_the_logs_accepts_nothing(node: Program, export: Export):
    for other in (VerifierKey("ledger.example.org/other", VKEY.public), VerifierKey(VKEY.name, key("a.stranger").public)):
        assert set(node.each(claims=claims_of(export, other)[::23])) == {SIGNATURE}


def falsified(claim: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """The claim with one thing in it false, and the reason why it must be refused."""
    index, hashes, size = claim["index"], claim["hashes"], claim["size"]
    others = [{"hashes": [OTHER, *hashes[1:]]}, {"hashes": [*hashes[:-1], OTHER]}, {"entry": OTHER}, {"index": index ^ 1}]
    counts = [{"hashes": hashes[1:]}, {"hashes": [*hashes, OTHER]}]
    cases = [*((change, ROOT) for change in others), *((change, COUNT) for change in counts)]
    cases += [({"index": beyond}, f"invalid index: {beyond}") for beyond in (size, -1)]
    return [({**claim, **change}, reason) for change, reason in cases]


def test_a_false_proof_is_refused(node: Program, export: Export):
    cases = [case for one in claims_of(export)[::23] for case in falsified(one)]
    assert node.each(claims=[false for false, _ in cases]) == [reason for _, reason in cases]


def test_size_and_root_beside_the_checkpoint_are_not_looked_at(node: Program, export: Export):
    claims = claims_of(export)[::23]
    assert set(node.each(claims=[{**one, "size": one["size"] + 1, "root": OTHER} for one in claims])) == {""}
