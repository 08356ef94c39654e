"""Signed notes and the keys that sign them (C2SP signed-note).

    a text of one or more lines, each ending in a newline

    — <key name> base64(key id ‖ signature)

The signatures follow the last empty line of the note. A note is UTF-8; its only control character is the newline. A key is
identified by its name and its key id, the first 4 bytes of SHA-256(name ‖ 0x0A ‖ algorithm ‖ public key). The text of a key, its
vkey, is `<name>+<key id in hex>+<base64 of algorithm ‖ public key>`. Logs sign with Ed25519; witnesses also with ML-DSA-44. A key
of any other algorithm is read as an `UnknownKey`, whose signatures nobody can check here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

from ..canonical import from_base64, to_base64
from ..errors import CanonicalError, FormatError, InputError, SizeError, UsageError, VerificationError, shown
from .key import KEY_BYTES, SigningKey, verify_note_signature
from .ml_dsa import ML_DSA_KEY_BYTES, verify_ml_dsa

MAX_NOTE_BYTES = 131_072
MAX_SIGNATURES = 100
MAX_NAME_BYTES = 255
KEY_ID_BYTES = 4
ED25519 = 0x01
COSIGNATURE = 0x04
ML_DSA_COSIGNATURE = 0x06
_KEY_BYTES = {ED25519: KEY_BYTES, COSIGNATURE: KEY_BYTES, ML_DSA_COSIGNATURE: ML_DSA_KEY_BYTES}
_KEY_ID = re.compile(r"[0-9a-f]{8}")
_NAME = re.compile(r"[^\s+\x00-\x1f\ud800-\udfff]+")
_CONTROL = re.compile(rb"[\x00-\x09\x0b-\x1f]")
_DASH = "\u2014"


@dataclass(frozen=True)
class VerifierKey:
    """A named public key of a log (ED25519) or of a witness (COSIGNATURE, ML_DSA_COSIGNATURE). Raises FormatError."""

    name: str
    public: bytes
    algorithm: int = ED25519

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.public) != _KEY_BYTES.get(self.algorithm):
            raise FormatError(
                f"key {shown(self.name)}: algorithm 0x{self.algorithm:02x} with {len(self.public)} bytes is not known; "
                "give an Ed25519 key (0x01, of a witness 0x04) of 32 bytes, or a witness's ML-DSA-44 key (0x06) of 1312",
                rule="vkey",
            )

    @property
    def key_id(self) -> bytes:
        """4 bytes that, with the name, identify the key."""
        return sha256(self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public).digest()[:KEY_ID_BYTES]

    def format(self) -> str:
        """The vkey."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(bytes([self.algorithm]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Inverse of `format`. Raises FormatError."""
        name, _, keydata = _parts(text)
        key = cls(name, keydata[1:], int.from_bytes(keydata[:1]))
        if key.format() != text:
            raise FormatError(f"vkey {shown(text)}: the key id does not match the key; get it again", rule="vkey")
        return key


@dataclass(frozen=True)
class UnknownKey:
    """A key of an algorithm that is not known here. Its key id (4 bytes) is what the vkey says, because another algorithm may form
    it in another way. Raises FormatError."""

    name: str
    key_id: bytes
    algorithm: int
    public: bytes

    def __post_init__(self) -> None:
        check_name(self.name)

    def format(self) -> str:
        """The vkey."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(bytes([self.algorithm]) + self.public)}"


def parse_any_key(text: str) -> VerifierKey | UnknownKey:
    """The key of a vkey, of whatever algorithm. Raises FormatError if it is malformed, or its known algorithm does not fit it."""
    name, key_id, keydata = _parts(text)
    if not keydata or keydata[0] in _KEY_BYTES:
        return VerifierKey.parse(text)
    if not _KEY_ID.fullmatch(key_id):
        raise FormatError(f"vkey {shown(text)}: its key id must be 8 hexadecimal digits; get it again", rule="vkey")
    return UnknownKey(name, bytes.fromhex(key_id), keydata[0], keydata[1:])


def _parts(text: str) -> tuple[str, str, bytes]:
    name, _, rest = text.partition("+")
    key_id, _, keydata = rest.partition("+")
    with reading(f"vkey {shown(text)}", "vkey"):
        return name, key_id, from_base64(keydata)


@dataclass(frozen=True)
class NoteSignature:
    """One signature line: the key's name, its id (4 bytes), and the signature as the key's algorithm defines it."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True)
class Note:
    """A text that ends in a newline, and its signatures in the order of their lines. Only `open_note` verifies them."""

    text: bytes
    signatures: tuple[NoteSignature, ...]


def format_note(text: bytes, signatures: Sequence[NoteSignature]) -> bytes:
    """A note of `text`, which must end in a newline, with 1 to 100 signatures. Raises FormatError, SizeError."""
    if _CONTROL.search(text) or not text.endswith(b"\n"):
        raise FormatError("note text: must end in a newline and hold no other control character", rule="note")
    with reading("note text", "note"):
        text.decode()
    if not 1 <= len(signatures) <= MAX_SIGNATURES:
        raise SizeError(f"note: {len(signatures)} signatures; must be 1 to {MAX_SIGNATURES}", rule="note")
    raw = text + b"\n" + b"".join(map(format_signature, signatures))
    return _within_limit(raw)


def parse_note(raw: bytes) -> Note:
    """Inverse of `format_note`, for at most 131,072 bytes. It does not verify anything. Raises FormatError, SizeError."""
    body, _, block = _within_limit(raw).rpartition(b"\n\n")
    note = Note(body + b"\n", tuple(map(parse_signature, block.splitlines(keepends=True))))
    if format_note(note.text, note.signatures) != raw:
        raise FormatError("note: must be a text, an empty line and signature lines; get it again", rule="note")
    return note


def format_signature(signature: NoteSignature) -> bytes:
    """One signature line with its newline. Raises FormatError."""
    check_name(signature.name)
    if len(signature.key_id) != KEY_ID_BYTES or not signature.signature:
        raise FormatError(f"signature of {shown(signature.name)}: it lacks a key id or a signature", rule="note")
    return f"{_DASH} {signature.name} {to_base64(signature.key_id + signature.signature)}\n".encode()


def parse_signature(line: bytes) -> NoteSignature:
    """Inverse of `format_signature`. Raises FormatError."""
    with reading(f"signature line {shown(line)}", "note"):
        _, _, rest = line.decode().partition(" ")
        name, _, blob = rest.removesuffix("\n").partition(" ")
        raw = from_base64(blob)
    signature = NoteSignature(name, raw[:KEY_ID_BYTES], raw[KEY_ID_BYTES:])
    if format_signature(signature) != line:
        raise FormatError(f"signature line {shown(line)}: must be an em dash, a name, base64, a newline", rule="note")
    return signature


def sign_note(text: bytes, name: str, key: SigningKey) -> bytes:
    """A note of `text` with one Ed25519 signature by `key` under `name`. Raises FormatError."""
    vkey = VerifierKey(name, key.public)
    return format_note(text, [NoteSignature(name, vkey.key_id, key.sign(text))])


def with_cosignatures(raw: bytes, before: bytes | None) -> bytes:
    """A note, with the signatures of other keys that an earlier note of exactly the same text has. Witnesses sign after the log,
    and their cosignatures must not be lost. If `before` is not a note, nothing is added. Raises FormatError, SizeError."""
    text = raw.rpartition(b"\n\n")[0] + b"\n\n"
    if before is None or not before.startswith(text):
        return raw
    try:
        added = parse_note(before)
    except InputError:
        return raw
    note = parse_note(raw)
    known = {(signature.name, signature.key_id) for signature in note.signatures}
    more = [signature for signature in added.signatures if (signature.name, signature.key_id) not in known]
    return format_note(note.text, [*note.signatures, *more][:MAX_SIGNATURES]) if added.text == note.text else raw


def open_note(raw: bytes, vkeys: Iterable[VerifierKey]) -> Note:
    """The note with the signatures that known keys made; signatures of unknown keys are left out.

    Raises FormatError, SizeError; VerificationError if a known key's signature is false or there is none; UsageError for a
    witness's key, which does not sign notes.
    """
    known = {(vkey.name, vkey.key_id): vkey for vkey in vkeys}
    note, verified = parse_note(raw), []
    for signature in note.signatures:
        vkey = known.get((signature.name, signature.key_id))
        if vkey is not None:
            if vkey.algorithm != ED25519:
                raise UsageError(f"key {vkey.name}: is the key of a witness; give the key of a log", rule="vkey")
            check_signature(note.text, signature.signature, vkey, "checkpoint-signature")
            verified.append(signature)
    if not verified:
        names = ", ".join(vkey.format() for vkey in known.values()) or "a known key"
        raise VerificationError(f"note: is not signed by {names}; get it again", rule="checkpoint-signature")
    return Note(note.text, tuple(verified))


def check_signature(message: bytes, signature: bytes, vkey: VerifierKey, rule: str) -> None:
    """Verify a signature over `message` by the key's algorithm; the error names the key. Raises VerificationError with `rule`;
    Unverifiable if this computer does not know ML-DSA."""
    verify = verify_ml_dsa if vkey.algorithm == ML_DSA_COSIGNATURE else verify_note_signature
    try:
        verify(vkey.public, signature, message)
    except VerificationError:
        raise VerificationError(
            f"signature of {vkey.name}+{vkey.key_id.hex()}: is false; get the note again", rule=rule
        ) from None


def check_name(name: str, what: str = "key name") -> None:
    """Refuse a name that is empty, longer than 255 bytes, or contains spaces, plus signs or control characters. Raises
    FormatError."""
    if not _NAME.fullmatch(name) or len(name.encode()) > MAX_NAME_BYTES:
        raise FormatError(
            f"{what} {shown(name)}: must be 1 to {MAX_NAME_BYTES} bytes without spaces, + and control characters",
            rule="note",
            where=what,
        )


@contextmanager
def reading(what: str, rule: str) -> Iterator[None]:
    """Turn an error in a part of a format (base64, a decimal, UTF-8, a key) into the FormatError of the whole."""
    try:
        yield
    except (CanonicalError, FormatError, UnicodeDecodeError) as error:
        raise FormatError(f"{what}: {error}", rule=rule, where=what) from None


def _within_limit(raw: bytes) -> bytes:
    if len(raw) > MAX_NOTE_BYTES:
        raise SizeError(f"note of {len(raw)} bytes: at most {MAX_NOTE_BYTES} are allowed", rule="note")
    return raw
