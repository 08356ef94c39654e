"""The proof file of one entry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import FormatError, InputError, SizeError, Unverifiable, VerificationError
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.key import SigningKey
from ledger.log.merkle import leaf_hash, prove_inclusion, root_of
from ledger.log.note import VerifierKey
from ledger.log.policy import Policy
from ledger.log.proof import MAX_EXTRA_BYTES, MAX_PROOF_BYTES, Proof, format_proof, parse_proof, verify_proof

KEY = SigningKey.from_seed(bytes(range(32)))
VKEY = VerifierKey("ledger.example.org/2026", KEY.public)
POLICY = Policy.for_log(VKEY)
LEAVES = [leaf_hash(bytes([number])) for number in range(7)]
CHECKPOINT = Checkpoint(VKEY.name, 7, root_of(LEAVES))
SIGNED = sign_checkpoint(CHECKPOINT, KEY)

# Entry 5 in the tree of the bytes 00 to 06, in the form of the example in C2SP tlog-proof.
FILE = """c2sp.org/tlog-proof@v1
extra Z2lmdCA1
index 5
TzUhLRL5rSA2SSyV8f55uvTse9m+89/6dXnyKT/1RqQ=
QNiBJ9TTGjiR9BWY7u1BF05byJseubvWaoy/wJlWo/0=
m81RJAr0AFFo8DMSG6hb5abtTw5qX6wmIGZym4+/3ss=

ledger.example.org/2026
7
NWAZGAMChESyMgGKwEf9tWHAnCOnpodsheCLXk1I6fM=

— ledger.example.org/2026 vYlcB5YsatGGoXprq1FKEsneMUzQCKdzCkFF2as2TEimuo2Jdl863xTLlMmIRpvUiqXSx1iyxpW3a3YmPfibMZqfkww=
""".encode()


def proof_of(index: int, extra: bytes | None = None) -> bytes:
    path = prove_inclusion(index, 7, lambda level, at: root_of(LEAVES[at << level : (at + 1) << level]))
    return format_proof(index, path, SIGNED, extra)


def test_a_known_proof():
    assert proof_of(5, b"gift 5") == FILE
    assert proof_of(5) == FILE.replace(b"extra Z2lmdCA1\n", b"")
    assert verify_proof(FILE, leaf_hash(b"\x05"), POLICY) == CHECKPOINT
    assert parse_proof(FILE).checkpoint_raw == SIGNED


def test_every_entry_is_proved():
    for index, leaf in enumerate(LEAVES):
        for extra in (None, b"anything"):
            assert verify_proof(proof_of(index, extra), leaf, POLICY) == CHECKPOINT
            assert parse_proof(proof_of(index, extra)).extra == extra


def test_a_tree_of_one_needs_no_hash():
    checkpoint = Checkpoint(VKEY.name, 1, LEAVES[0])
    raw = format_proof(0, [], sign_checkpoint(checkpoint, KEY))
    assert raw.startswith(b"c2sp.org/tlog-proof@v1\nindex 0\n\nledger.example.org/2026\n1\n")
    assert verify_proof(raw, LEAVES[0], POLICY) == checkpoint


def test_a_proof_is_of_one_entry():
    for index in range(7):
        for other in set(range(7)) - {index}:
            with pytest.raises(VerificationError) as caught:
                verify_proof(proof_of(index), LEAVES[other], POLICY)
            assert caught.value.rule == "inclusion"


def test_a_proof_is_worth_what_its_checkpoint_is():
    stranger = VerifierKey(VKEY.name, SigningKey.from_seed(bytes(32)).public)
    with pytest.raises(VerificationError) as caught:
        verify_proof(proof_of(5), LEAVES[5], Policy.for_log(stranger))
    assert caught.value.rule == "checkpoint-signature"
    with pytest.raises(Unverifiable):
        verify_proof(proof_of(5), LEAVES[5], Policy.for_log(VerifierKey("other.example", KEY.public)))


def test_every_damage_to_a_proof_is_refused(damaged):
    for bad in damaged(proof_of(5)):
        with pytest.raises((InputError, VerificationError, Unverifiable)):
            verify_proof(bad, LEAVES[5], POLICY)


def test_damage_to_extra_shows_and_proves_nothing_else(damaged):
    """`extra` is not authenticated (C2SP tlog-proof): what is damaged there is another extra, never another entry."""
    raw = proof_of(5, b"gift 5")
    for bad in damaged(raw):
        try:
            checkpoint = verify_proof(bad, LEAVES[5], POLICY)
        except (InputError, VerificationError, Unverifiable):
            continue
        assert checkpoint == CHECKPOINT
        assert parse_proof(bad).extra != b"gift 5"
        assert bad.split(b"\n", 2)[2] == raw.split(b"\n", 2)[2]


@given(
    st.integers(0, 2**53 - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=64),
    st.binary(min_size=1, max_size=100) | st.none(),
)
def test_proofs_print_back(index: int, hashes: list[bytes], extra: bytes | None):
    raw = format_proof(index, hashes, SIGNED, extra)
    assert parse_proof(raw) == Proof(index, tuple(hashes), SIGNED, extra)


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b"c2sp.org/tlog-proof@v1\n", b""),
        (b"c2sp.org/tlog-proof@v1\n", b"c2sp.org/tlog-proof@v2\n"),
        (b"c2sp.org/tlog-proof@v1\n", b"\n"),
        (b"extra Z2lmdCA1\n", b"extra\n"),
        (b"extra Z2lmdCA1\n", b"extra \n"),
        (b"extra Z2lmdCA1\n", b"extra Z2lmdCA1\nextra Z2lmdCA1\n"),
        (b"extra Z2lmdCA1\n", b"Extra Z2lmdCA1\n"),
        (b"extra Z2lmdCA1\n", b"extra  Z2lmdCA1\n"),
        (b"index 5\n", b""),
        (b"index 5\n", b"index 05\n"),
        (b"index 5\n", b"index -5\n"),
        (b"index 5\n", b"index \n"),
        (b"index 5\n", b"index 9007199254740992\n"),
        (b"index 5\n", b"index 5\nindex 5\n"),
        (b"index 5\n", b"order 5\n"),
        (b"index 5\n", b"index 5\nAAAA\n"),
        (b"index 5\n", b"index 5\n\n"),
        (b"\n\n", b"\n"),
        (b"\n\n", b"\r\n\r\n"),
        (b"extra Z2lmdCA1\nindex 5\n", b"index 5\nextra Z2lmdCA1\n"),
    ],
)
def test_malformed_proofs_are_refused(good: bytes, bad: bytes):
    raw = proof_of(5, b"gift 5")
    assert good in raw
    with pytest.raises(InputError) as caught:
        verify_proof(raw.replace(good, bad, 1), LEAVES[5], POLICY)
    assert caught.value.rule in ("proof", "checkpoint", "note")


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"c2sp.org/tlog-proof@v1", b"c2sp.org/tlog-proof@v1\n\n", SIGNED])
def test_what_is_no_proof_is_refused(raw: bytes):
    with pytest.raises(FormatError):
        parse_proof(raw)


def test_limits():
    assert (MAX_EXTRA_BYTES, MAX_PROOF_BYTES) == (65_536, 262_144)
    assert parse_proof(format_proof(0, [bytes(32)] * 64, SIGNED, bytes(MAX_EXTRA_BYTES)))
    assert parse_proof(proof_of(5) + bytes(MAX_PROOF_BYTES - len(proof_of(5))))
    with pytest.raises(SizeError):
        format_proof(0, [bytes(32)] * 65, SIGNED)
    with pytest.raises(SizeError):
        format_proof(0, [], SIGNED, bytes(MAX_EXTRA_BYTES + 1))
    with pytest.raises(SizeError):
        parse_proof(proof_of(5) + bytes(MAX_PROOF_BYTES))
    for hashes, extra in (([b"short"], None), ([], b"")):
        with pytest.raises(FormatError):
            format_proof(0, hashes, SIGNED, extra)
