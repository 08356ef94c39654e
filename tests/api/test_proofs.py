"""Proofs that the API gives, checked by who has the trust policy and nothing else."""

from __future__ import annotations

import base64

import pytest

from ledger.bundle.verification import verify_bundle
from ledger.errors import VerificationError
from ledger.log.checkpoint import parse_checkpoint
from ledger.log.merkle import leaf_hash, root_of, verify_consistency, verify_inclusion
from ledger.log.note import parse_note
from ledger.log.proof import verify_proof
from ledger.log.tile import CHECKPOINT
from tests.api.asking import Client
from tests.api.story import Told
from tests.cli.transcript import run_program
from tests.writer.on_disk import TRUST, OnDisk, a_gift

SIZES = (1, 2, 5, 255, 256, 257, 300)


def hashes(answer: dict) -> list[bytes]:
    return [bytes.fromhex(step) for step in answer["hashes"]]


def raw_of(client: Client, index: int) -> bytes:
    return client.get(f"/v1/entries/{index}/raw").content


def test_every_entry_is_proved_at_every_size(told: Told, client: Client):
    leaves = [leaf_hash(raw_of(client, index)) for index in range(told.tree_size)]
    for size in (*SIZES, told.tree_size):
        root = root_of(leaves[:size])
        for index in {0, size // 2, size - 1}:
            proof = client.json(f"/v1/entries/{index}/inclusion?at_size={size}")
            assert (proof["tree_size"], proof["root"], proof["leaf_hash"]) == (size, root.hex(), leaves[index].hex())
            verify_inclusion(leaves[index], index, size, hashes(proof), root)


def test_the_root_is_the_one_that_is_signed(told: Told, client: Client):
    signed = parse_checkpoint(parse_note(client.get("/checkpoint").content).text)
    assert client.json("/v1/ledger")["root"] == client.json("/v1/entries/0/inclusion")["root"] == signed.root.hex()
    assert client.json("/v1/ledger")["vkey"] == TRUST.logs[0].vkey.format()


def test_each_tree_goes_on_from_each_before(told: Told, client: Client):
    sizes = [*SIZES, told.tree_size]
    roots = {size: bytes.fromhex(client.json(f"/v1/entries/0/inclusion?at_size={size}")["root"]) for size in sizes}
    for old in sizes:
        for new in (size for size in sizes if size >= old):
            proof = client.json(f"/v1/consistency?old_size={old}&at_size={new}")
            verify_consistency(old, new, hashes(proof), roots[old], bytes.fromhex(proof["root"]))
            assert proof["root"] == roots[new].hex()


def test_a_tlog_proof_is_what_a_verifier_takes(told: Told, client: Client):
    answer = client.get("/v1/entries/7/tlog-proof")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert verify_proof(answer.content, leaf_hash(raw_of(client, 7)), TRUST).tree_size == told.tree_size
    with pytest.raises(VerificationError):
        verify_proof(answer.content, leaf_hash(raw_of(client, 8)), TRUST)


def test_the_command_line_writes_the_same_proofs(told: Told, client: Client, tmp_path):
    for words, address in (
        ([told.refs["gift"]], f"/v1/donations/{told.refs['gift']}/bundle"),
        (["7", "--tlog"], "/v1/entries/7/tlog-proof"),
    ):
        file = tmp_path / "proof"
        file.unlink(missing_ok=True)
        ended = run_program(["--ledger", str(told.directory), "proof", *words, "-o", str(file)])
        assert ended.exit_code == 0, ended.stderr
        assert client.get(address).content == file.read_bytes()


def test_a_bundle_verifies(told: Told, client: Client):
    answer = client.get(f"/v1/donations/{told.refs['gift']}/bundle")
    assert answer.headers["content-type"] == "application/json"
    assert verify_bundle(answer.content, TRUST).verdict == "verified"


def test_a_bundle_above_the_limit_is_not_given(asks, told: Told, monkeypatch):
    from api.v1 import donation

    monkeypatch.setattr(donation, "BUNDLE_BYTES", 1000)
    response = asks().get(f"/v1/donations/{told.refs['gift']}/bundle")
    assert (response.status_code, response.json()["rule"]) == (422, "size-limit") and "1000" in response.json()["detail"]


def test_proofs_with_a_note_are_there_for_every_size_that_was_seen(town: OnDisk, reader: Client):
    town.play("hope: donation 4.00 CNY -> school as gift")
    note = (town.directory / CHECKPOINT).read_bytes()
    first = reader.get(f"/v1/donations/{town.labels['gift']}/bundle")
    town.sequencer.submit([a_gift(town)])
    assert reader.json("/v1/ledger")["tree_size"] == 6
    again = reader.get(f"/v1/donations/{town.labels['gift']}/bundle?at_size=5")
    assert again.content == first.content and note.decode() in first.json()["checkpoint"]
    never = reader.get("/v1/entries/1/tlog-proof?at_size=3")
    assert (never.status_code, never.json()["rule"]) == (404, "checkpoint")


def test_the_bytes_of_an_entry_are_those_of_its_leaf(client: Client):
    whole = client.json("/v1/entries/3")
    assert leaf_hash(base64.b64decode(whole["raw"])).hex() == whole["leaf_hash"]
    assert client.json("/v1/entries/4")["prev"] == whole["leaf_hash"]
