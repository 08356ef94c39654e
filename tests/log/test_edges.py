"""The last that is taken and the first that is refused: each bound of the log from both sides, at the smallest place it has."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ledger.errors import FormatError, GiveTrailError, SizeError, VerificationError
from ledger.log.checkpoint import Checkpoint
from ledger.log.cosignature import cosign
from ledger.log.key import SigningKey
from ledger.log.merkle import EMPTY_ROOT, leaf_hash, node_hash, root_before, verify_subtree_consistency
from ledger.log.note import COSIGNATURE, NoteSignature, VerifierKey, check_name, format_note, format_signature
from ledger.log.policy import Policy
from ledger.log.proof import format_proof
from ledger.log.tile import encode_entries, entries_path, tile_path

KEY = SigningKey.from_seed(bytes(range(32)))
LINE = NoteSignature("a", b"\0\0\0\0", b"\0")
HASH = bytes(32)


def refused(make: Callable[..., object], *given: object, by: type[GiveTrailError] = FormatError) -> str:
    """By which rule that is refused."""
    with pytest.raises(by) as error:
        make(*given)
    return error.value.rule


def test_a_name_has_1_to_255_bytes_and_nothing_that_parts_it_from_others():
    for name in ("a", "a" * 255, "\u00fc" * 127 + "u", "a!", "a\u2014b"):
        check_name(name)
        assert VerifierKey(name, KEY.public).name == Checkpoint(name, 0, HASH).origin == name
    for name in ("", "a" * 256, "\u00fc" * 128, " ", "a b", "a+b", "a\n", "\x1f", "\ud800"):
        assert refused(VerifierKey, name, KEY.public) == "note"
        assert refused(format_signature, NoteSignature(name, b"\0\0\0\0", b"\0")) == "note"
        assert refused(Checkpoint, name, 0, HASH) == "note"


def test_a_key_has_32_bytes_and_one_of_two_algorithms():
    for algorithm in (1, 4):
        assert VerifierKey("a", HASH, algorithm).algorithm == algorithm
        for public in (b"", bytes(31), bytes(33)):
            assert refused(VerifierKey, "a", public, algorithm) == "vkey"
    for algorithm in (0, 2, 3, 5):
        assert refused(VerifierKey, "a", HASH, algorithm) == "vkey"


def test_a_note_has_1_to_100_signatures_of_a_key_id_and_something_behind_it():
    for count in (1, 2, 100):
        assert format_note(b"a\n", [LINE] * count)
    for count in (0, 101):
        assert refused(format_note, b"a\n", [LINE] * count, by=SizeError) == "note"
    for line in (NoteSignature("a", bytes(3), b"\0"), NoteSignature("a", bytes(5), b"\0"), NoteSignature("a", bytes(4), b"")):
        assert refused(format_signature, line) == "note"


def test_a_checkpoint_has_0_to_2_53_less_1_entries_under_32_bytes():
    for size in (0, 1, 2**53 - 1):
        assert Checkpoint("a", size, EMPTY_ROOT).tree_size == size
    for size, root in ((-1, HASH), (2**53, HASH), (0, bytes(31)), (0, bytes(33))):
        assert refused(Checkpoint, "a", size, root) == "checkpoint"


def test_a_witness_signs_times_from_0_to_2_63_less_1():
    checkpoint = Checkpoint("a", 0, EMPTY_ROOT)
    for time in (0, 1, 2**63 - 1):
        assert cosign(checkpoint, time, "w", KEY).key_id == VerifierKey("w", KEY.public, COSIGNATURE).key_id
    for time in (-1, 2**63):
        assert refused(cosign, checkpoint, time, "w", KEY) == "note"


def test_a_proof_has_up_to_64_hashes_of_32_bytes_and_up_to_65536_bytes_beside():
    for hashes, extra in (([HASH] * 64, None), ([], b"x"), ([], bytes(65_536))):
        assert format_proof(0, hashes, b"", extra)
    for hashes, extra in (([HASH] * 65, None), ([], bytes(65_537))):
        assert refused(format_proof, 0, hashes, b"", extra, by=SizeError) == "proof"
    for hashes, extra in (([bytes(31)], None), ([HASH, bytes(33)], None), ([], b"")):
        assert refused(format_proof, 0, hashes, b"", extra) == "proof"


def test_a_tile_is_on_level_0_to_63_and_1_to_256_wide():
    for place, path in (((0, 0, 1), "0/000.p/1"), ((63, 999, 255), "63/999.p/255"), ((1, 1000, 256), "1/x001/000")):
        assert tile_path(*place) == f"tile/{path}"
    for place in ((-1, 0, 1), (64, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)):
        assert refused(tile_path, *place) == "tile"
    assert (tile_path(0, 5), entries_path(5)) == ("tile/0/005", "tile/entries/005")


def test_a_bundle_has_1_to_256_entries_of_up_to_65535_bytes():
    assert encode_entries([bytes(65_535)]) == b"\xff\xff" + bytes(65_535) and encode_entries([b""] * 256) == bytes(512)
    for entries in ([], [b""] * 257, [bytes(65_536)]):
        assert refused(encode_entries, entries, by=SizeError) == "tile"


def test_a_policy_has_up_to_65536_bytes_and_comments_that_are_lines():
    none = b"quorum none\n"
    for comment in (b"", b"#\n", b"#a comment\n", b"# a comment\n", b" \t# x\n", b"#" * (65_536 - len(none) - 1) + b"\n"):
        assert Policy.parse(comment + none) == Policy(())
    assert refused(Policy.parse, b"#" * (65_536 - len(none)) + b"\n" + none, by=SizeError) == "policy"
    for raw in (b"", none[:-1], b"a # comment\n" + none, b"{}", b"\x7f\n" + none, b"\x1f\n" + none, b"\x08\n" + none):
        assert refused(Policy.parse, raw) == "policy"
    for raw, why in ((b' {"v":1}', "but JSON"), (b"quorum none", "newline"), (b"#\x01\n" + none, "control"), (b"#\n", "quorum")):
        with pytest.raises(FormatError, match=why):
            Policy.parse(raw)


def test_a_policy_names_the_keys_of_its_logs_and_no_other():
    ours, other, renamed = VerifierKey("a", KEY.public), VerifierKey("a", HASH), VerifierKey("b", KEY.public)
    for logs, named in (((), ()), ((ours,), (ours,)), ((ours, other), (ours, other))):
        policy = Policy.parse("".join([*(f"log {key.format()}\n" for key in logs), "quorum none\n"]).encode())
        assert [key for key in (ours, other, renamed) if policy.names(key)] == list(named)


def test_a_group_needs_1_to_all_of_its_members():
    keys = [VerifierKey(f"w{number}", SigningKey.from_seed(bytes([number]) * 32).public, COSIGNATURE) for number in range(3)]
    members = "".join(f"witness {key.name} {key.format()}\n" for key in keys)
    for share, threshold in (("1", 1), ("3", 3), ("any", 1), ("all", 3), ("2", 2)):
        raw = f"{members}group g {share} w0 w1 w2\nquorum g\n"
        policy = Policy.parse(raw.encode())
        assert policy.groups[0].threshold == threshold and policy.asks_witnesses and not Policy(()).asks_witnesses
        for count in range(4):
            held = {f"w{number}" for number in range(count)}
            assert policy._held_by(held) == held | ({"g"} if count >= threshold else set())
    for share in ("0", "4", "", "01"):
        raw = f"{members}group g {share} w0 w1 w2\nquorum g\n"
        assert refused(Policy.parse, raw.encode()) == "policy"


def test_a_subtree_within_a_tree_is_shown_by_its_last_part_and_what_stands_beside_its_path():
    """Three leaves behind the first four, with one more behind them, and at the end of the tree."""
    a, b, c, d, e, f, g, h = (leaf_hash(letter.encode()) for letter in "abcdefgh")
    abcd, ef = node_hash(node_hash(a, b), node_hash(c, d)), node_hash(e, f)
    part, of_7, of_8 = node_hash(ef, g), node_hash(abcd, node_hash(ef, g)), node_hash(abcd, node_hash(ef, node_hash(g, h)))
    verify_subtree_consistency(4, 7, 8, [g, h, ef, abcd], part, of_8)
    verify_subtree_consistency(4, 7, 7, [abcd], part, of_7)
    verify_subtree_consistency(4, 6, 7, [g, abcd], ef, of_7)
    for proof in ([g, h, ef], [g, h, ef, abcd, abcd], [h, ef, abcd], [abcd], []):
        assert refused(verify_subtree_consistency, 4, 7, 8, proof, part, of_8, by=VerificationError) == "consistency"
    for start, end, size in ((4, 7, 6), (5, 7, 8), (-4, 7, 8), (7, 4, 8), (4, 4, 3)):
        false = start, end, size, [g, h, ef, abcd], part, of_8
        assert refused(verify_subtree_consistency, *false, by=VerificationError) == "consistency"


def test_of_a_proof_the_left_hashes_are_the_tree_before():
    a, b, c, d, e = (leaf_hash(letter.encode()) for letter in "abcde")
    ab, cd = node_hash(a, b), node_hash(c, d)
    roots = [EMPTY_ROOT, a, ab, node_hash(ab, c), node_hash(ab, cd)]
    proofs = [[b, cd, e], [a, cd, e], [d, ab, e], [c, ab, e], [node_hash(ab, cd)]]
    assert [root_before(index, 5, proof) for index, proof in enumerate(proofs)] == roots
    assert root_before(0, 1, []) == EMPTY_ROOT
