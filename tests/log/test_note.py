"""Signed notes: the examples of others, strictness, and damage."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import from_base64, to_base64
from ledger.errors import FormatError, GiveTrailError, InputError, SizeError, UsageError, VerificationError
from ledger.log.key import SigningKey
from ledger.log.note import (
    COSIGNATURE,
    MAX_NOTE_BYTES,
    Note,
    NoteSignature,
    UnknownKey,
    VerifierKey,
    format_note,
    format_signature,
    open_note,
    parse_any_key,
    parse_note,
    parse_signature,
    sign_note,
    with_cosignatures,
)

# The package comment of golang.org/x/mod/sumdb/note.
NEUMANN_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_SEED = from_base64("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
NEUMANN_TEXT = b"If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NEUMANN_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()
NEUMANN_NOTE = NEUMANN_TEXT + b"\n" + NEUMANN_LINE

# C2SP signed-note, the example at the top.
QUASIMODO_NOTE = """Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
""".encode()  # noqa: E501

ALICE = SigningKey.from_seed(b"alice" + bytes(27))
ALICE_VKEY = VerifierKey("alice.example", ALICE.public)
BOB = SigningKey.from_seed(b"bob" + bytes(29))
BOB_VKEY = VerifierKey("bob.example", BOB.public)
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="+"), min_size=1)


def signature_by(vkey: VerifierKey, key: SigningKey, text: bytes) -> NoteSignature:
    return NoteSignature(vkey.name, vkey.key_id, key.sign(text))


def test_the_note_of_the_go_documentation():
    vkey = VerifierKey.parse(NEUMANN_VKEY)
    assert (vkey.name, vkey.key_id.hex(), vkey.algorithm) == ("PeterNeumann", "c74f20a3", 1)
    assert vkey.format() == NEUMANN_VKEY
    note = open_note(NEUMANN_NOTE, [vkey])
    assert note.text == NEUMANN_TEXT
    assert [signature.name for signature in note.signatures] == ["PeterNeumann"]
    assert sign_note(NEUMANN_TEXT, "PeterNeumann", SigningKey.from_seed(NEUMANN_SEED)) == NEUMANN_NOTE


def test_the_note_of_the_specification():
    note = parse_note(QUASIMODO_NOTE)
    assert note.text.decode().splitlines()[-2:] == ["", "ed è subito sera."]
    (signature,) = note.signatures
    assert (signature.name, signature.key_id.hex()) == ("quasimodo.example/salvatore", "367ba04b")
    assert len(signature.signature) == 64
    assert format_note(note.text, note.signatures) == QUASIMODO_NOTE


def test_go_signs_a_text_with_empty_lines_as_we_do():
    """Made with golang.org/x/mod/sumdb/note; the text ends in an empty line of its own."""
    raw = (
        "a\n\n\nb\n\n\n— PeterNeumann "
        "x08go2mFdCqV93BtDBQtmab9dNw9YjSF1wZDTfwlf5vfXIKFn+kwWvTwocPtZjU+zSgHAIybruxNpzZPNgbdPbfntAg=\n"
    ).encode()
    assert open_note(raw, [VerifierKey.parse(NEUMANN_VKEY)]).text == b"a\n\n\nb\n\n"
    assert sign_note(b"a\n\n\nb\n\n", "PeterNeumann", SigningKey.from_seed(NEUMANN_SEED)) == raw


def test_unknown_signatures_are_passed_over():
    raw = format_note(
        NEUMANN_TEXT,
        [
            signature_by(BOB_VKEY, BOB, b"another text\n"),
            signature_by(ALICE_VKEY, ALICE, NEUMANN_TEXT),
            # a known name with another id, a known id with another name
            NoteSignature("alice.example", b"\0\0\0\0", b"false"),
            NoteSignature("eve.example", ALICE_VKEY.key_id, b"false"),
        ],
    )
    note = open_note(raw, [ALICE_VKEY])
    assert note == Note(NEUMANN_TEXT, (signature_by(ALICE_VKEY, ALICE, NEUMANN_TEXT),))
    with pytest.raises(VerificationError, match=r"bob\.example\+.* is false"):
        open_note(raw, [ALICE_VKEY, BOB_VKEY])


def test_a_note_without_a_known_signature_is_refused():
    raw = sign_note(NEUMANN_TEXT, "alice.example", ALICE)
    other_key, other_name = VerifierKey("alice.example", BOB.public), VerifierKey("bob.example", ALICE.public)
    for known in ([], [BOB_VKEY], [other_key], [other_name], [BOB_VKEY, other_key]):
        with pytest.raises(VerificationError) as caught:
            open_note(raw, known)
        assert caught.value.rule == "checkpoint-signature"
        names = ", ".join(vkey.format() for vkey in known) or "a known key"
        assert caught.value.message == f"note: is not signed by {names}; get it again"


def test_a_second_signature_by_the_same_key_must_be_true_too():
    true = signature_by(ALICE_VKEY, ALICE, NEUMANN_TEXT)
    false = signature_by(ALICE_VKEY, ALICE, b"another text\n")
    assert len(open_note(format_note(NEUMANN_TEXT, [true, true]), [ALICE_VKEY]).signatures) == 2
    with pytest.raises(VerificationError, match="is false"):
        open_note(format_note(NEUMANN_TEXT, [true, false]), [ALICE_VKEY])


def test_a_witness_key_does_not_open_notes():
    witness = VerifierKey("alice.example", ALICE.public, COSIGNATURE)
    raw = format_note(NEUMANN_TEXT, [signature_by(witness, ALICE, NEUMANN_TEXT)])
    with pytest.raises(UsageError, match="witness"):
        open_note(raw, [witness])


def test_what_others_signed_of_the_same_text_is_kept():
    text = b"a\n"
    ours, bobs = signature_by(ALICE_VKEY, ALICE, text), signature_by(BOB_VKEY, BOB, text)
    again = NoteSignature("alice.example", b"\0\0\0\0", b"another key of that name")
    raw, both = format_note(text, [ours]), format_note(text, [ours, bobs])
    assert with_cosignatures(raw, format_note(text, [bobs])) == with_cosignatures(raw, both) == both
    assert with_cosignatures(both, format_note(text, [bobs, again])) == format_note(text, [ours, bobs, again])
    assert with_cosignatures(raw, format_note(text, [again] * 99)) == format_note(text, [ours, *[again] * 99])
    assert with_cosignatures(raw, format_note(text, [bobs, *[again] * 99])) == format_note(text, [ours, bobs, *[again] * 98])


def test_what_was_signed_of_another_text_or_is_no_note_adds_nothing():
    raw, bobs = sign_note(b"a\n", "alice.example", ALICE), signature_by(BOB_VKEY, BOB, b"a\n")
    longer, other = format_note(b"a\n\nb\n", [bobs]), format_note(b"b\n", [bobs])
    for before in (None, b"", b"a\n\n", b"a\n\nno signature\n", raw, raw + raw, longer, other):
        assert with_cosignatures(raw, before) == raw


def test_every_damage_to_a_note_is_refused(damaged):
    vkey = VerifierKey.parse(NEUMANN_VKEY)
    for bad in damaged(NEUMANN_NOTE):
        with pytest.raises((InputError, VerificationError)):
            open_note(bad, [vkey])


def test_what_is_parsed_prints_back_however_damaged(damaged):
    for bad in damaged(QUASIMODO_NOTE):
        try:
            note = parse_note(bad)
        except InputError:
            continue
        assert format_note(note.text, note.signatures) == bad
        assert note != parse_note(QUASIMODO_NOTE)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        b"\n\n",
        NEUMANN_TEXT,
        NEUMANN_TEXT + b"\n",
        NEUMANN_LINE,
        b"\n" + NEUMANN_LINE,
        NEUMANN_TEXT + NEUMANN_LINE,
        NEUMANN_NOTE[:-1],
        NEUMANN_NOTE + b"\n",
        NEUMANN_NOTE + NEUMANN_TEXT,
        NEUMANN_NOTE.replace(b"\n", b"\r\n"),
        NEUMANN_NOTE.replace(b"If", b"\tIf"),
        NEUMANN_NOTE.replace(b"If", b"\xff\xfe"),
        NEUMANN_NOTE.replace(b"\xe2\x80\x94", b"-"),
        NEUMANN_NOTE.replace("— ".encode(), "—  ".encode()),
        NEUMANN_NOTE.replace("— ".encode(), "—".encode()),
        NEUMANN_NOTE.replace(b"PeterNeumann ", b"Peter Neumann "),
        NEUMANN_NOTE.replace(b"PeterNeumann ", b"Peter+Neumann "),
        NEUMANN_NOTE.replace(b"PeterNeumann ", "Peter\u00a0Neumann ".encode()),
        NEUMANN_NOTE.replace(b"PeterNeumann ", "Peter\u2028Neumann ".encode()),
        NEUMANN_NOTE.replace(b"PeterNeumann ", b" "),
        NEUMANN_NOTE.replace(b"nAM=", b"nAN="),
        NEUMANN_NOTE.replace(b"nAM=", b"nAM"),
        NEUMANN_NOTE.replace(b"nAM=", b"nAM= "),
        NEUMANN_NOTE.replace(b"x08g", b"x08-"),
        NEUMANN_TEXT + "\n— PeterNeumann x08gow==\n".encode(),
        NEUMANN_TEXT + "\n— PeterNeumann \n".encode(),
    ],
)
def test_malformed_notes_are_refused(raw: bytes):
    with pytest.raises(InputError) as caught:
        parse_note(raw)
    assert caught.value.rule == "note"


def test_limits():
    many = [NoteSignature("a", b"\0\0\0\0", b"\0")] * 100
    assert len(parse_note(format_note(b"text\n", many)).signatures) == 100
    with pytest.raises(SizeError, match="101"):
        format_note(b"text\n", [*many, many[0]])
    with pytest.raises(SizeError, match="101"):
        parse_note(format_note(b"text\n", many) + format_signature(many[0]))
    # 16 signatures of 5,000 bytes must be taken (C2SP signed-note, "Format")
    assert parse_note(format_note(b"text\n", [NoteSignature("a", b"\0\0\0\0", bytes(5000))] * 16))
    with pytest.raises(SizeError, match=str(MAX_NOTE_BYTES)):
        format_note(b"x" * MAX_NOTE_BYTES + b"\n", many)
    with pytest.raises(SizeError, match=str(MAX_NOTE_BYTES)):
        parse_note(b"x" * (MAX_NOTE_BYTES + 1))


@pytest.mark.parametrize("text", [b"", b"no newline", b"a\rb\n", b"\x00\n", b"\xff\n", b"\xed\xa0\x80\n"])
def test_what_cannot_stand_in_a_note_is_not_signed(text: bytes):
    with pytest.raises(FormatError):
        sign_note(text, "alice.example", ALICE)


def test_a_note_may_be_as_long_as_the_limit():
    signature = signature_by(ALICE_VKEY, ALICE, b"not looked at")
    text = b"x" * (MAX_NOTE_BYTES - 2 - len(format_signature(signature))) + b"\n"
    raw = format_note(text, [signature])
    assert len(raw) == MAX_NOTE_BYTES == 131_072
    assert parse_note(raw).text == text
    with pytest.raises(SizeError):
        format_note(b"x" + text, [signature])


def test_a_name_may_be_255_bytes():
    assert VerifierKey("ü" * 127 + "u", ALICE.public).name
    with pytest.raises(FormatError):
        VerifierKey("ü" * 127 + "uu", ALICE.public)


@pytest.mark.parametrize(
    "signature",
    [
        NoteSignature("a", b"", b"x" * 9),
        NoteSignature("a", b"\0" * 5, b"x"),
        NoteSignature("a", b"\0\0\0\0", b""),
        NoteSignature("a b", b"\0\0\0\0", b"x"),
    ],
)
def test_what_is_no_signature_is_not_printed(signature: NoteSignature):
    with pytest.raises(FormatError):
        format_signature(signature)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        NEUMANN_LINE[:-1],
        NEUMANN_LINE + b"\n",
        NEUMANN_LINE * 2,
        b" " + NEUMANN_LINE,
        NEUMANN_LINE.replace("—".encode(), b"-"),
        NEUMANN_LINE.replace(b"\n", b"\r\n"),
        b"\xff",
    ],
)
def test_malformed_signature_lines_are_refused(line: bytes):
    with pytest.raises(FormatError):
        parse_signature(line)


@pytest.mark.parametrize("name", ["", " ", "a b", "a+b", "a\nb", "a\x1fb", "a\u3000b", "a\x85b", "\ud800", "ü" * 128])
def test_names_that_are_none(name: str):
    for make in (lambda: VerifierKey(name, ALICE.public), lambda: sign_note(b"text\n", name, ALICE)):
        with pytest.raises(FormatError) as caught:
            make()
        assert caught.value.rule == "note"


@given(NAMES, st.binary(min_size=4, max_size=4), st.binary(min_size=1, max_size=80))
def test_signature_lines_print_back(name: str, key_id: bytes, raw: bytes):
    signature = NoteSignature(name[:60], key_id, raw)
    assert parse_signature(format_signature(signature)) == signature


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n")), st.integers(1, 3))
def test_notes_print_back(text: str, count: int):
    raw_text = text.encode() + b"\n"
    signatures = [signature_by(ALICE_VKEY, ALICE, raw_text)] * count
    assert parse_note(format_note(raw_text, signatures)) == Note(raw_text, tuple(signatures))


@given(NAMES, st.binary(min_size=32, max_size=32), st.sampled_from([1, 4]))
def test_vkeys_print_back(name: str, public: bytes, algorithm: int):
    vkey = VerifierKey(name[:60], public, algorithm)
    assert VerifierKey.parse(vkey.format()) == vkey


def test_every_damage_to_a_vkey_is_refused(damaged):
    for bad in damaged(NEUMANN_VKEY.encode()):
        with pytest.raises(FormatError) as caught:
            VerifierKey.parse(bad.decode("latin-1"))
        assert caught.value.rule in ("vkey", "note")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a3",
        NEUMANN_VKEY.replace("c74f20a3", "C74F20A3"),
        NEUMANN_VKEY.replace("+c74f20a3", ""),
        NEUMANN_VKEY + "\n",
        "PeterNeumann+c74f20a3+",
        "PeterNeumann+c74f20a3+AQ==",
    ],
)
def test_malformed_vkeys_are_refused(text: str):
    with pytest.raises(FormatError):
        VerifierKey.parse(text)


@pytest.mark.parametrize(
    "keydata",
    [
        b"", b"\x01", b"\x01" + bytes(31), b"\x01" + bytes(33), b"\x02" + bytes(32), b"\x04" + bytes(1312), b"\x06" + bytes(32),
        b"\x06" + bytes(1311), b"\x06" + bytes(1313),
    ],
)  # fmt: skip
def test_vkeys_of_other_kinds_are_refused_though_their_key_id_is_right(keydata: bytes):
    """ECDSA (0x02) is assigned by signed-note, and not taken here."""
    key_id = sha256(b"a.example\n" + keydata).digest()[:4]
    with pytest.raises(FormatError, match="not known") as caught:
        VerifierKey.parse(f"a.example+{key_id.hex()}+{to_base64(keydata)}")
    assert caught.value.rule == "vkey"


def vkey_of(keydata: bytes, name: str = "a.example") -> str:
    return f"{name}+{sha256(name.encode() + chr(10).encode() + keydata).digest()[:4].hex()}+{to_base64(keydata)}"


@pytest.mark.parametrize("keydata", [b"\x02" + bytes(65), b"\x0a" + bytes(32), b"\x0a", b"\x00abc", b"\xff" * 2000])
def test_a_key_of_an_algorithm_that_is_not_known_is_kept_as_it_is(keydata: bytes):
    text = vkey_of(keydata)
    key = parse_any_key(text)
    assert isinstance(key, UnknownKey) and (key.name, key.algorithm, key.public) == ("a.example", keydata[0], keydata[1:])
    assert key.format() == text
    other = text.replace(key.key_id.hex(), "01234567")
    assert parse_any_key(other).format() == other, "only who knows the algorithm knows how it forms a key id"


@pytest.mark.parametrize("text", [
    "", "a.example", "a.example+01234567", "a.example+01234567+", "a.example+0123456+CgEC", "a.example+012345678+CgEC",
    "a.example+0123456A+CgEC", "a.example+0x234567+CgEC", "a.example+01234567+CgEC=", "a.example+01234567+CgE", "+01234567+CgEC",
    "a.example+01234567+CgEC+", "a example+01234567+CgEC", vkey_of(b"\x01" + bytes(31)), vkey_of(b"\x06" + bytes(1311)),
    vkey_of(b"\x04" + bytes(32)).replace("a.", "b."), vkey_of(b"\x06" + bytes(1312)).replace("a.", "b."),
])  # fmt: skip
def test_what_is_no_key_of_any_algorithm_is_refused(text: str):
    with pytest.raises(FormatError) as caught:
        parse_any_key(text)
    assert caught.value.rule in ("vkey", "note")


@pytest.mark.parametrize(("algorithm", "size"), [(1, 32), (4, 32), (6, 1312)])
def test_a_key_of_a_known_algorithm_is_read_as_one(algorithm: int, size: int):
    text = vkey_of(bytes([algorithm]) + bytes(size))
    assert parse_any_key(text) == VerifierKey.parse(text) == VerifierKey("a.example", bytes(size), algorithm)
    assert parse_any_key(text).format() == text


def test_errors_stay_short():
    with pytest.raises(GiveTrailError) as caught:
        parse_note(b"text\n\n" + b"x" * 100_000 + b"\n")
    assert len(caught.value.message) < 300
