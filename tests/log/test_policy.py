"""Policies: what they say, how strictly they are read, and whose word they count."""

from __future__ import annotations

from itertools import combinations

import pytest

from ledger.errors import FormatError, InputError, SizeError, Unverifiable, VerificationError
from ledger.log.checkpoint import Checkpoint, format_checkpoint, sign_checkpoint
from ledger.log.cosignature import cosign
from ledger.log.key import SigningKey
from ledger.log.ml_dsa import MLDSAKey
from ledger.log.note import (
    COSIGNATURE,
    ML_DSA_COSIGNATURE,
    NoteSignature,
    UnknownKey,
    VerifierKey,
    format_note,
    parse_note,
)
from ledger.log.policy import MAX_POLICY_BYTES, Cosigner, Group, Log, Policy, Witness

ORIGIN = "ledger.example.org/2026"
LOG_KEY = SigningKey.from_seed(b"log" + bytes(29))
LOG = VerifierKey(ORIGIN, LOG_KEY.public)
NAMES = ["X1", "X2", "X3", "Y1", "Y2", "Y3"]
KEYS = {name: SigningKey.from_seed(name.encode().ljust(32, b"\0")) for name in NAMES}
VKEYS = {name: VerifierKey(f"{name.lower()}.example", key.public, COSIGNATURE) for name, key in KEYS.items()}
CHECKPOINT = Checkpoint(ORIGIN, 12, bytes(32))
ML_DSA = VerifierKey("m.example", MLDSAKey.from_seed(bytes(32)).public, ML_DSA_COSIGNATURE)
WEST = UnknownKey("west.example", b"abcd", 0x0A, bytes(32))
LATER = f"witness west {WEST.format()}"

# C2SP tlog-policy, "Example policy", with keys put in for <vkey>.
EXAMPLE = f"""
log {LOG.format()}

witness X1 {VKEYS["X1"].format()}
witness X2 {VKEYS["X2"].format()}
witness X3 {VKEYS["X3"].format()}
group X-witnesses 2 X1 X2 X3

witness Y1 {VKEYS["Y1"].format()}
witness Y2 {VKEYS["Y2"].format()}
witness Y3 {VKEYS["Y3"].format()}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
""".encode()


def cosigned(names: list[str], checkpoint: Checkpoint = CHECKPOINT, key: SigningKey = LOG_KEY) -> bytes:
    note = parse_note(sign_checkpoint(checkpoint, key))
    lines = [cosign(checkpoint, 1_790_000_000, VKEYS[name].name, KEYS[name]) for name in names]
    return format_note(note.text, [*note.signatures, *lines])


def policy_of(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in [f"log {LOG.format()}", *lines]).encode()


def witness(name: str) -> str:
    return f"witness {name} {VKEYS[name].format()}"


def test_the_example_of_the_specification():
    policy = Policy.parse(EXAMPLE)
    assert policy == Policy(
        logs=(Log(LOG),),
        witnesses=tuple(Witness(name, VKEYS[name]) for name in NAMES),
        groups=(
            Group("X-witnesses", 2, ("X1", "X2", "X3")),
            Group("Y-witnesses", 1, ("Y1", "Y2", "Y3")),
            Group("X-and-Y", 2, ("X-witnesses", "Y-witnesses")),
        ),
        quorum="X-and-Y",
    )
    assert Policy.parse(policy.format()) == policy


@pytest.mark.parametrize("count", range(7))
def test_the_example_wants_two_of_x_and_one_of_y(count: int):
    policy = Policy.parse(EXAMPLE)
    for names in combinations(NAMES, count):
        raw = cosigned(list(names))
        if sum(name[0] == "X" for name in names) >= 2 and any(name[0] == "Y" for name in names):
            assert policy.check(raw) == CHECKPOINT
        else:
            with pytest.raises(VerificationError, match="X-and-Y") as caught:
                policy.check(raw)
            assert caught.value.rule == "witness-quorum"


def test_a_policy_for_one_log():
    policy = Policy.for_log(LOG)
    assert policy.format() == f"log {LOG.format()}\nquorum none\n".encode()
    assert Policy.parse(policy.format()) == policy
    assert policy.check(cosigned([])) == policy.check(cosigned(["X1"])) == CHECKPOINT


def test_a_quorum_may_be_one_witness():
    policy = Policy.parse(policy_of(witness("X1"), witness("X2"), "quorum X2"))
    assert policy.check(cosigned(["X2"])) == CHECKPOINT
    with pytest.raises(VerificationError, match="X1"):
        policy.check(cosigned(["X1"]))


def test_without_the_log_there_is_no_verdict():
    other = Checkpoint("elsewhere.example", 12, bytes(32))
    for policy in (Policy.for_log(LOG), Policy.parse(b"quorum none\n")):
        with pytest.raises(Unverifiable, match=r"elsewhere\.example") as caught:
            policy.check(cosigned([], other, LOG_KEY))
        assert caught.value.rule == "trust-anchor"


def test_the_logs_signature_is_needed_and_must_be_true():
    note = parse_note(cosigned(["X1"]))
    false = NoteSignature(ORIGIN, LOG.key_id, bytes(64))
    stranger = cosigned([], key=SigningKey.from_seed(bytes(32)))
    for raw in (format_note(note.text, note.signatures[1:]), format_note(note.text, [false]), stranger):
        with pytest.raises(VerificationError) as caught:
            Policy.for_log(LOG).check(raw)
        assert caught.value.rule == "checkpoint-signature"


def test_any_one_of_the_logs_may_have_signed():
    second = SigningKey.from_seed(b"second" + bytes(26))
    elsewhere = VerifierKey("elsewhere.example", SigningKey.from_seed(b"third" + bytes(27)).public)
    raw = policy_of(f"log {VerifierKey(ORIGIN, second.public).format()}", f"log {elsewhere.format()}", "quorum none")
    for key in (LOG_KEY, second):
        assert Policy.parse(raw).check(cosigned([], key=key)) == CHECKPOINT


def test_a_false_cosignature_of_a_known_witness_refuses_the_note():
    """C2SP signed-note: if a signature from a known key fails to verify, clients should reject the whole note."""
    policy = Policy.parse(policy_of(witness("X1"), witness("X2"), "group one any X1 X2", "quorum one"))
    note = parse_note(cosigned(["X1"]))
    false = cosign(Checkpoint(ORIGIN, 11, bytes(32)), 1_790_000_000, VKEYS["X2"].name, KEYS["X2"])
    with pytest.raises(VerificationError, match="x2.example") as caught:
        policy.check(format_note(note.text, [*note.signatures, false]))
    assert caught.value.rule == "witness-quorum"


def test_one_witness_counts_once():
    policy = Policy.parse(policy_of(witness("X1"), witness("X2"), "group two all X1 X2", "quorum two"))
    with pytest.raises(VerificationError):
        policy.check(cosigned(["X1", "X1"]))


def test_a_checkpoint_that_is_malformed_is_not_judged():
    raw = format_note(format_checkpoint(CHECKPOINT) + b"extension\n", parse_note(cosigned([])).signatures)
    with pytest.raises(FormatError):
        Policy.for_log(LOG).check(raw)


def test_every_damage_to_a_checked_note_is_refused(damaged):
    policy = Policy.parse(policy_of(witness("X1"), "quorum X1"))
    raw = cosigned(["X1"])
    assert policy.check(raw) == CHECKPOINT
    for bad in damaged(raw):
        with pytest.raises((InputError, VerificationError, Unverifiable)):
            policy.check(bad)


def test_every_damage_to_a_policy_is_refused_or_shows():
    policy = Policy.parse(EXAMPLE)
    for at, byte in enumerate(EXAMPLE):
        for bit in range(8):
            try:
                assert Policy.parse(EXAMPLE[:at] + bytes([byte ^ 1 << bit]) + EXAMPLE[at + 1 :]) != policy
            except InputError as error:
                assert error.rule == "policy"


def test_space_and_comments_mean_nothing():
    loose = EXAMPLE.replace(b" ", b" \t ").replace(b"\n", b"\t\n \n  # a comment, of any octets: \xff\xfe\n\t")
    assert Policy.parse(loose + b"\n") == Policy.parse(EXAMPLE)
    with pytest.raises(FormatError):
        Policy.parse(EXAMPLE.replace(b" X1 ", b" X1\xc2\xa0", 1))  # U+00A0 is no space here


def test_urls_are_kept():
    raw = policy_of(f"{witness('X1')} https://x1.example/submit", "quorum X1")
    raw = raw.replace(b"\n", b" https://ledger.example.org/2026/\n", 1)
    policy = Policy.parse(raw)
    assert policy.logs[0].url == "https://ledger.example.org/2026/"
    assert policy.witnesses[0].url == "https://x1.example/submit"
    assert policy.format() == raw


def test_names_are_octets():
    """C2SP tlog-policy, "Character set": a K is not a Kelvin sign, and what is no UTF-8 is a name all the same."""
    kelvin = b"\xe2\x84\xaa"
    raw = policy_of(witness("X1"), witness("X2"), witness("X3"), "group g 2 X1 X2 X3", "quorum g")
    raw = raw.replace(b"X1 ", b"K ").replace(b"X2 ", kelvin + b" ").replace(b"X3", b"\xff")
    policy = Policy.parse(raw)
    assert len({name.name for name in policy.witnesses}) == 3
    assert policy.format() == raw
    assert policy.check(cosigned(["X1", "X3"])) == CHECKPOINT


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["quorum X1"],
        ["quorum none", "quorum none"],
        ["quorum none none"],
        ["quorum"],
        ["Quorum none"],
        ["quorum X1", witness("X1")],
        [f"log {LOG.format()}", "quorum none"],
        ["log", "quorum none"],
        [f"log {VKEYS['X1'].format()}", "quorum none"],
        [f"log {LOG.format()} url url", "quorum none"],
        [f"witness X1 {LOG.format()}", "quorum none"],
        [f"witness {VKEYS['X1'].format()}", "quorum none"],
        [f"witness none {VKEYS['X1'].format()}", "quorum none"],
        [f"witness X1 {VKEYS['X1'].format()} url url", "quorum none"],
        [witness("X1"), witness("X1"), "quorum none"],
        [witness("X1"), f"witness X2 {VKEYS['X1'].format()}", "quorum none"],
        [witness("X1"), f"witness X1 {VKEYS['X2'].format()}", "quorum none"],
        # another name around the same key is the same key
        [witness("X1"), f"witness X2 {VerifierKey('x2', KEYS['X1'].public, COSIGNATURE).format()}", "quorum none"],
        [witness("X1"), LATER, LATER.replace(" west ", " wild "), "quorum none"],
        [f"log {WEST.format()}", "quorum none"],
        [f"log {ML_DSA.format()}", "quorum none"],
        [f"witness m {ML_DSA.format()[:-4]}", "quorum none"],
        [LATER.replace("+61626364+", "+6162636+"), "quorum none"],
        [LATER.replace("+61626364+", "+6162636G+"), "quorum none"],
        [LATER[:-1], "quorum none"],
        ["group g any X1", "quorum none"],
        [witness("X1"), "group g any", "quorum g"],
        [witness("X1"), "group g", "quorum g"],
        [witness("X1"), "group none any X1", "quorum none"],
        [witness("X1"), "group X1 any X1", "quorum none"],
        [witness("X1"), "group g any g", "quorum none"],
        [witness("X1"), "group g any none", "quorum none"],
        [witness("X1"), "group g any X1 X1", "quorum none"],
        [witness("X1"), "group g any X1", "group h any X1", "quorum none"],
        [witness("X1"), "group g any X1", "group h any g", "group i any g", "quorum none"],
        [witness("X1"), "group g 0 X1", "quorum g"],
        [witness("X1"), "group g 2 X1", "quorum g"],
        [witness("X1"), "group g 01 X1", "quorum g"],
        [witness("X1"), "group g -1 X1", "quorum g"],
        [witness("X1"), "group g All X1", "quorum g"],
        ["threshold 1", "quorum none"],
        ["quorum none # a comment needs its own line"],
        ["quorum none\0"],
        ["# a comment with\1", "quorum none"],
        ["quorum none\x7f"],
    ],
)
def test_policies_that_are_none(lines: list[str]):
    with pytest.raises(FormatError) as caught:
        Policy.parse(policy_of(*lines))
    assert caught.value.rule == "policy"


@pytest.mark.parametrize("lines", [["quorum none\r"], ["# a comment with\r", "quorum none"]])
def test_line_ends_of_another_system_are_damage_on_the_way(lines: list[str]):
    with pytest.raises(Unverifiable) as caught:
        Policy.parse(policy_of(*lines))
    assert caught.value.rule == "transport"


def test_a_policy_ends_in_a_newline_and_has_a_largest_size():
    with pytest.raises(FormatError, match="newline"):
        Policy.parse(b"quorum none")
    with pytest.raises(FormatError, match="newline"):
        Policy.parse(b"")
    assert MAX_POLICY_BYTES == 65_536
    assert Policy.parse(b"#" * (MAX_POLICY_BYTES - 13) + b"\nquorum none\n").logs == ()
    with pytest.raises(SizeError):
        Policy.parse(b"#" * (MAX_POLICY_BYTES - 12) + b"\nquorum none\n")


def test_an_error_names_the_line():
    with pytest.raises(FormatError, match="line 3.*'X9'"):
        Policy.parse(policy_of(witness("X1"), "group g any X9", "quorum g"))


def test_32_of_everything_fit():
    """C2SP tlog-policy, "Implementation limits"."""
    keys = [SigningKey.from_seed(bytes([number]) * 32).public for number in range(64)]
    lines = [f"log {VerifierKey(f'log{number}.example', keys[number]).format()}" for number in range(32)]
    for number in range(32):
        vkey = VerifierKey(f"witness{number}.example", keys[32 + number], COSIGNATURE)
        lines += [f"witness w{number} {vkey.format()}", f"group g{number} any w{number}"]
    raw = policy_of(*lines, "quorum g31")
    policy = Policy.parse(raw)
    assert (len(policy.logs), len(policy.witnesses), len(policy.groups)) == (33, 32, 32)
    assert Policy.parse(policy.format()) == policy


def test_a_witness_of_an_unknown_type_is_kept_and_passed_over():
    raw = policy_of(witness("X1"), f"{LATER} https://west.example/", "group g any X1 west", "quorum g")
    policy = Policy.parse(raw)
    assert policy.passed_over == (Witness("west", WEST, "https://west.example/"),)
    assert Policy.parse(policy.format()) == policy
    assert raw.splitlines()[:3] == policy.format().splitlines()[:3]
    assert policy.check(cosigned(["X1"])) == CHECKPOINT, "another one fills the quorum"


@pytest.mark.parametrize(("quorum", "names", "rule"), [
    ("quorum none", [], ""), ("quorum X1", ["X1"], ""), ("quorum X1", ["X2"], "witness-quorum"),
    ("quorum west", ["X1", "X2"], "unknown-witness"),
    ("group g any west X1\nquorum g", [], "unknown-witness"), ("group g any west X1\nquorum g", ["X1"], ""),
    ("group g all west X1\nquorum g", [], "witness-quorum"), ("group g all west X1\nquorum g", ["X1"], "unknown-witness"),
    ("group g 2 west X1 X2\nquorum g", [], "witness-quorum"), ("group g 2 west X1 X2\nquorum g", ["X2"], "unknown-witness"),
    ("group g 2 west X1 X2\nquorum g", ["X1", "X2"], ""), ("group g 3 west X1 X2\nquorum g", ["X1", "X2"], "unknown-witness"),
    ("group g any west\ngroup h all g X1\nquorum h", ["X2"], "witness-quorum"),
    ("group g any west\ngroup h all g X1\nquorum h", ["X1"], "unknown-witness"),
])  # fmt: skip
def test_a_quorum_that_an_unknown_type_could_fill_is_not_judged(quorum: str, names: list[str], rule: str):
    policy = Policy.parse(policy_of(witness("X1"), witness("X2"), LATER, quorum))
    note = parse_note(cosigned(names))
    said = format_note(note.text, [*note.signatures, NoteSignature(WEST.name, WEST.key_id, b"anything")])
    for raw in (cosigned(names), said):
        if rule:
            with pytest.raises(Unverifiable if rule == "unknown-witness" else VerificationError) as caught:
                policy.check(raw)
            assert caught.value.rule == rule and ("with west" in caught.value.message) == (rule == "unknown-witness")
        else:
            assert policy.check(raw) == CHECKPOINT
        assert [one.witness for one in policy.cosigned_by(raw)] == sorted(names), "it never counts as having cosigned"


def test_an_unknown_type_takes_no_key_id_from_a_known_witness():
    """Its key id is not checked, so it can be written as any other's."""
    posing = UnknownKey(VKEYS["X1"].name, VKEYS["X1"].key_id, 0x0A, bytes(32))
    for lines in ([witness("X1"), f"witness w {posing.format()}"], [f"witness w {posing.format()}", witness("X1")]):
        assert Policy.parse(policy_of(*lines, "quorum X1")).check(cosigned(["X1"])) == CHECKPOINT
        with pytest.raises(Unverifiable):
            Policy.parse(policy_of(*lines, "quorum w")).check(cosigned(["X1"]))


def test_the_same_bytes_under_another_type_are_another_key():
    later = UnknownKey("x1.example", b"abcd", 0x0A, KEYS["X1"].public)
    policy = Policy.parse(policy_of(witness("X1"), f"witness w {later.format()}", "quorum X1"))
    assert policy.check(cosigned(["X1"])) == CHECKPOINT


def test_who_cosigned_and_when():
    policy = Policy.parse(policy_of(witness("X2"), witness("X1"), witness("X3"), "quorum none"))
    note = parse_note(cosigned(["X1", "X2", "Y1"]))
    assert policy.cosigned_by(cosigned([])) == ()
    assert policy.cosigned_by(cosigned(["X1", "X2", "Y1"])) == (
        Cosigner("X2", "x2.example", 1_790_000_000), Cosigner("X1", "x1.example", 1_790_000_000),
    )  # fmt: skip
    again = [cosign(CHECKPOINT, time, VKEYS["X1"].name, KEYS["X1"]) for time in (5, 1_800_000_000, 2**63 - 1, 7)]
    raw = format_note(note.text, [*note.signatures, *again])
    assert policy.cosigned_by(raw)[1] == Cosigner("X1", "x1.example", 2**63 - 1), "the latest"
    false = NoteSignature("x3.example", VKEYS["X3"].key_id, bytes(72))
    with pytest.raises(VerificationError):
        policy.cosigned_by(format_note(note.text, [*note.signatures, false]))


def test_a_name_that_is_no_utf_8_can_be_told():
    raw = policy_of(witness("X1"), witness("X2"), "group g all X1 X2", "quorum g").replace(b"X1", b"\xff")
    with pytest.raises(VerificationError, match="cosigned by \ufffd,") as caught:
        Policy.parse(raw).check(cosigned(["X1"]))
    assert caught.value.message.encode()


def test_the_last_time_of_each_witness_is_told():
    """In whatever order the lines are; a witness that the policy does not name tells none."""
    name, other = sorted(VKEYS)[:2]
    lines = [cosign(CHECKPOINT, time, VKEYS[name].name, KEYS[name]) for time in (7, 9, 8)]
    lines.append(cosign(CHECKPOINT, 99, VKEYS[other].name, KEYS[other]))
    policy = Policy((), (Witness("w", VKEYS[name]),))
    told = policy.cosigned_by(format_note(format_checkpoint(CHECKPOINT), lines))
    assert [(one.witness, one.time) for one in told] == [("w", 9)]


def test_a_false_cosignature_tells_no_time():
    name = sorted(VKEYS)[0]
    line = cosign(CHECKPOINT, 7, VKEYS[name].name, KEYS[name])
    later = NoteSignature(line.name, line.key_id, (8).to_bytes(8) + line.signature[8:])
    with pytest.raises(VerificationError):
        Policy((), (Witness("w", VKEYS[name]),)).cosigned_by(format_note(format_checkpoint(CHECKPOINT), [line, later]))


def test_as_many_witnesses_as_the_quorum_has_are_relied_on():
    one, two = (Witness(name, VKEYS[name]) for name in sorted(VKEYS)[:2])
    both = Policy((), (one, two), (Group("both", 2, (one.name, two.name)),), "both")
    assert both.relies_on({one.name, two.name}) and not both.relies_on({one.name})
    none = Policy((), (one, two))
    assert none.relies_on({one.name, two.name}) and not none.relies_on({one.name}) and not none.relies_on(set()), "one may lie"
