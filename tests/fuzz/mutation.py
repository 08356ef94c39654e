"""Changes to valid bytes that know what they change: JSON by its members, a note by its lines, anything by its bytes.

`mutated(raw, shape, chance, others)` is all that chance decides, so that Hypothesis and libFuzzer can both drive it. JSON inside
base64 inside JSON (the entries of a trace bundle) is changed as JSON too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from ledger.canonical import encode, from_base64, to_base64
from ledger.errors import CanonicalError

CHANGES = (1, 1, 1, 1, 2, 2, 3, 5)
ODD_TEXTS = (
    "", " ", "\0", "\n", "\r\n", "\t", "\x7f", "\x85", "\u2028", "\ufeff", "é", "e\u0301", "\u0958", "İ", "ß", "٣", "𝟙", "\ufffe",
    "\U0001f600", "\U0010ffff", "\ufb2c" * 200, "—", "+", "/", "=", "==", '"', "\\", "\\u0000", "\\ud800", "%",
    "0", "-0", "-1", "00", "1.0", "1e3", "1e400", "NaN", "9007199254740991", "9007199254740992", "18446744073709551616",
    "null", "true", "@0", "@256", "0.0", "99.0", "CNY", "hope", "hope-school", "hope-school/CNY", "2026-02-30",
    "0001-01-01", "9999-12-31", "2026-03-02T24:00:00Z", "A" * 43, "A" * 43 + "=", "A" * 600, "0" * 64, "f" * 64,
)  # fmt: skip
ODD_BYTES = (
    b"\x00", b"\x00\x00", b"\xff\xff", b"\x80", b"\xc0\x80", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xff\xfe", b"\r\n", b"\r", b"\n\n",
    b"\x1b[2J", b"\xe2\x80\x94 ", b"\\ud800", b"\\u0000", b"\\/", b"[" * 70, b"[" * 1200, b'{"a":' * 70, b'{"a":' * 1200,
    b"9" * 30, b"9" * 5000, b".a" * 1200, b"-0", b"1e999", b"1E5", b"0.1", b",", b":", b'"', b'""', b"'", b"#", b"=", b"  ",
    b"k" * 3000, b"A" * 43 + b"=\n",
)  # fmt: skip
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 255, 256, 2**31, 2**53 - 1, 2**53, 2**63, 2**64 - 1, 0.5, 1e300, -0.0, [], {}, [[]], [0, 1],
    [1, 0], [[0, 1]], [[0, 2**53 - 1]], [0, "+", "hope-school/CNY", 0, 1], {"a": 1}, {"kind": "x"},
    {"amount": 1, "fund": "hope-general"}, {"fund": "hope-general", "units": [[0, 1]]},
)  # fmt: skip

Change = Callable[[Random, bytes, Sequence[bytes]], bytes]


def mutated(raw: bytes, shape: str, chance: Random, others: Sequence[bytes]) -> bytes:
    """`raw` with one to five changes. `shape` is a key of SHAPES; `others` are what pieces are taken from."""
    for _ in range(chance.choice(CHANGES)):
        raw = chance.choice(SHAPES[shape])(chance, raw, others)
    return raw


def _place(chance: Random, raw: bytes) -> int:
    return chance.randint(0, len(raw))


def _slice(chance: Random, raw: bytes) -> tuple[int, int]:
    start = _place(chance, raw)
    return start, min(len(raw), start + chance.choice((1, 2, 4, 16, 64, 300)))


def _flip(chance: Random, raw: bytes, others: Sequence[bytes]) -> bytes:
    if not raw:
        return b"\x01"
    at = chance.randint(0, len(raw) - 1)
    return raw[:at] + bytes([raw[at] ^ 1 << chance.randint(0, 7)]) + raw[at + 1 :]


def _put_in(chance: Random, raw: bytes, others: Sequence[bytes]) -> bytes:
    at = _place(chance, raw)
    return raw[:at] + chance.choice(ODD_BYTES) + raw[at:]


def _put_over(chance: Random, raw: bytes, others: Sequence[bytes]) -> bytes:
    start, end = _slice(chance, raw)
    return raw[:start] + chance.choice(ODD_BYTES) + raw[end:]


def _take_out(chance: Random, raw: bytes, others: Sequence[bytes]) -> bytes:
    start, end = _slice(chance, raw)
    return raw[:start] + raw[end:]


def _repeat(chance: Random, raw: bytes, others: Sequence[bytes]) -> bytes:
    start, end = _slice(chance, raw)
    return raw[:end] + raw[start:end] * chance.choice((1, 1, 2, 30)) + raw[end:]


def _cut_off(chance: Random, raw: bytes, others: Sequence[bytes]) -> bytes:
    return raw[: _place(chance, raw)]


def _splice(chance: Random, raw: bytes, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others)
    return raw[: _place(chance, raw)] + other[_place(chance, other) :]


def _line(chance: Random, raw: bytes, others: Sequence[bytes]) -> bytes:
    """A line left out, said twice, moved, taken from elsewhere, or ended in another way."""
    lines = raw.split(b"\n")
    at = chance.randint(0, len(lines) - 1)
    line = lines.pop(at)
    there = chance.randint(0, len(lines))
    what = chance.randint(0, 5)
    if what == 1:
        lines[at:at] = [line] * chance.choice((2, 2, 120))
    elif what == 2:
        lines.insert(there, line)
    elif what == 3:
        lines[at:at] = [line, chance.choice(chance.choice(others).split(b"\n"))]
    elif what == 4:
        lines.insert(at, line + chance.choice((b"\r", b" ", b"\t", b"\x00")))
    elif what == 5:
        lines.insert(at, _word(chance, line))
    return b"\n".join(lines)


def _word(chance: Random, line: bytes) -> bytes:
    words = line.split(b" ")
    at = chance.randint(0, len(words) - 1)
    words[at : at + 1] = chance.choice(([], [words[at]] * 2, [chance.choice(ODD_TEXTS).encode()]))
    return b" ".join(words)


def _all_line_ends(chance: Random, raw: bytes, others: Sequence[bytes]) -> bytes:
    return raw.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", b"")))


def _member(chance: Random, raw: bytes, others: Sequence[bytes]) -> bytes:
    """A member of the JSON, however deep, put in, taken out, changed, or taken from elsewhere; then canonical again."""
    value = _read(raw)
    if value is None:
        return _flip(chance, raw, others)
    value = _changed(chance, value, _read(chance.choice(others)))
    try:
        return encode(value)
    except TypeError:
        return json.dumps(value).encode()


def _written_otherwise(chance: Random, raw: bytes, others: Sequence[bytes]) -> bytes:
    """The same JSON in other bytes: spaces, escapes, order, a key twice."""
    value = _read(raw)
    if value is None:
        return _put_in(chance, raw, others)
    what = chance.randint(0, 3)
    if what == 0:
        return json.dumps(value).encode()
    if what == 1:
        return json.dumps(value, indent=1, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if what == 2:
        return json.dumps(value, separators=(",", ":")).encode(chance.choice(("utf-16", "utf-32", "utf-8-sig")))
    at = raw.find(b"{", _place(chance, raw)) + 1
    end = raw.find(b",", at)
    return raw[:at] + raw[at : end + 1] + raw[at:] if 0 < at < end else raw + raw


def _read(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _changed(chance: Random, value: Any, other: Any) -> Any:
    """`value` with one thing changed in it; the place is found by going down at random."""
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(list(value))
        what = chance.randint(0, 9)
        if what == 0:
            return {name: member for name, member in value.items() if name != key}
        if what == 1:
            return {**value, chance.choice((key, *ODD_TEXTS)): _odd(chance, value[key])}
        return {**value, key: _changed(chance, value[key], _within(chance, other, key))}
    if isinstance(value, list) and value and chance.random() < 0.9:
        at, what = chance.randint(0, len(value) - 1), chance.randint(0, 7)
        part = _changed(chance, value[at], other)
        return {
            0: lambda: value[:at] + value[at + 1 :], 1: lambda: [*value, value[at]], 2: lambda: value[::-1],
            3: lambda: value[:at] + [value[at]] * 20 + value[at:],
        }.get(what, lambda: [*value[:at], part, *value[at + 1 :]])()  # fmt: skip
    return _odd(chance, value if chance.random() < 0.7 else other)


def _within(chance: Random, other: Any, key: str) -> Any:
    if isinstance(other, dict):
        return other.get(key, other)
    return chance.choice(other) if isinstance(other, list) and other else other


def _odd(chance: Random, value: Any) -> Any:
    """Another value, more often than not of the same kind."""
    what = chance.random()
    if isinstance(value, bool) or what < 0.2:
        return chance.choice(ODD_VALUES)
    if isinstance(value, int) and what < 0.9:
        return value + chance.choice((-1, 1, -value, 10, -10, value, 2**53))
    if isinstance(value, str):
        return _odd_text(chance, value)
    return [value] if what < 0.6 else chance.choice((*ODD_VALUES, *ODD_TEXTS))


def _odd_text(chance: Random, text: str) -> str:
    inner = _inner(text)
    if inner is not None and chance.random() < 0.9:
        return to_base64(_member(chance, inner, (inner,)))
    at, odd = chance.randint(0, len(text)), chance.choice(ODD_TEXTS)
    return chance.choice((odd, text[:at] + odd + text[at:], text[:at] + text[at + 1 :], text[:at], text * 2, text.swapcase()))


def _inner(text: str) -> bytes | None:
    try:
        raw = from_base64(text) if text[:3] == "eyJ" else b""
    except CanonicalError:
        return None
    return raw if raw[:1] == b"{" else None


def _second_part(chance: Random, raw: bytes, others: Sequence[bytes]) -> bytes:
    """Of two parts with a NUL between them the second one is changed."""
    first, nul, second = raw.partition(b"\0")
    return first + nul + chance.choice(LINES)(chance, second, [other.partition(b"\0")[2] for other in others])


BYTES: tuple[Change, ...] = (_flip, _put_in, _put_over, _take_out, _repeat, _cut_off, _splice)
LINES: tuple[Change, ...] = (*BYTES, *[_line] * 7, _all_line_ends)
JSON: tuple[Change, ...] = (*BYTES, *[_member] * 24, _written_otherwise, _written_otherwise)
SHAPES: dict[str, tuple[Change, ...]] = {"bytes": BYTES, "lines": LINES, "json": JSON, "two parts": (*LINES, *[_second_part] * 30)}
