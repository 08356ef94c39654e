"""Canonical JSON (RFC 8785, narrowed by formats §1) and the strict texts inside it: base64, hex, slugs, references.

Decoding has one rule: decode, encode again, compare bytes. Spaces, duplicate keys, other escapes, re-ordered keys, `1.0` and `-0`
all fail it. On this profile orjson encodes as RFC 8785 does, but it accepts floats and large integers. `decode` walks over every
value and refuses them; `parse` leaves them to the caller's schema.
"""

from __future__ import annotations

import base64
import binascii
import re
from codecs import getincrementaldecoder
from typing import Any

import orjson

from .bounds import MAX_INTEGER
from .errors import CanonicalError, SizeError, shortened, shown

MAX_DEPTH = 64
SLUG = r"[a-z0-9][a-z0-9.-]{0,62}"
TEXT = "[^\x00-\x09\x0b-\x1f]"
JsonObject = dict[str, Any]
"""A JSON object, read or to be written: a record or a result. A schema or a TypedDict says what its members are."""
_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f]")
_TO_URLSAFE = bytes.maketrans(b"+/", b"-_")
_URLSAFE = re.compile(r"[A-Za-z0-9_-]*")


def encode(value: object) -> bytes:
    """The canonical bytes of `value`. The caller must ensure the profile: ASCII keys, |integers| < 2^53, no floats, no null."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def parse(raw: bytes, what: str = "JSON") -> Any:
    """Decode canonical bytes; scalars are left to a schema.

    Raises CanonicalError when `raw` is not JSON, or is not the canonical encoding of its value.
    """
    try:
        value = orjson.loads(raw)
    except (orjson.JSONDecodeError, RecursionError) as error:
        raise CanonicalError(f"{what}: not JSON: {error}; send canonical JSON (RFC 8785)", rule="canonical") from None
    if encoded_differs(value, raw):
        raise CanonicalError(
            f"{what}: not canonical: its keys, spaces, numbers or escapes differ from RFC 8785; encode it again",
            rule="canonical",
        )
    return value


def encoded_differs(value: object, raw: bytes) -> bool:
    """Whether `raw` is not the canonical encoding of `value`."""
    try:
        return encode(value) != raw
    except (TypeError, RecursionError):
        return True


def decode(raw: bytes, what: str = "JSON", limit: int | None = None) -> object:
    """Decode canonical bytes of at most `limit` bytes and refuse floats, null, large integers, control characters and deep nesting.

    Raises SizeError or CanonicalError.
    """
    if limit is not None and len(raw) > limit:
        raise SizeError(f"{what}: {len(raw)} bytes; at most {limit} are allowed", rule="size-limit")
    value = parse(raw, what)
    check_profile(value, what)
    return value


def ends_early(raw: bytes) -> bool:
    """Whether `raw` is JSON that was cut off: its only error is that it ends too soon."""
    try:
        text = getincrementaldecoder("utf-8")().decode(raw)
        orjson.loads(text)
    except orjson.JSONDecodeError as error:
        return error.pos >= len(text)
    except (UnicodeDecodeError, RecursionError):
        pass
    return False


# Where a value is: the place of its container, and its name or number there. Formatted only when something is wrong.
_Place = tuple[Any, str | int] | None


def check_profile(value: object, what: str) -> None:
    """Refuse values that JSON allows and formats §1 does not. Raises CanonicalError naming the member."""
    if not isinstance(value, dict | list):
        _check_scalar(value, what, None)
        return
    todo: list[tuple[Any, _Place, int]] = [(value, None, 1)]
    while todo:
        holder, place, depth = todo.pop()
        if holder and depth > MAX_DEPTH:
            where = _written(what, place)
            raise CanonicalError(f"{where}: nested deeper than {MAX_DEPTH} levels", rule="canonical", where=where)
        named = isinstance(holder, dict)
        name: Any
        for name, member in holder.items() if named else enumerate(holder):
            if named and (not name.isascii() or _FORBIDDEN.search(name)):
                where = _written(what, place)
                raise CanonicalError(f"{where}: member name {shown(name)} is not ASCII", rule="canonical", where=where)
            if isinstance(member, dict | list):
                todo.append((member, (place, name), depth + 1))
            else:
                _check_scalar(member, what, (place, name))


def _check_scalar(item: object, what: str, place: _Place) -> None:
    if isinstance(item, bool):
        return
    if isinstance(item, int) and abs(item) <= MAX_INTEGER:
        return
    if isinstance(item, str) and not _FORBIDDEN.search(item):
        return
    where = _written(what, place)
    raise CanonicalError(
        f"{where}: {shown(item)} is not allowed; use whole numbers up to 2^53-1 and text without control characters",
        rule="canonical",
        where=where,
    )


def _written(what: str, place: _Place) -> str:
    names = []
    while place is not None:
        place, name = place
        names.append(f"[{name}]" if isinstance(name, int) else f".{name}")
    return shortened(what + "".join(reversed(names)))


def to_base64(raw: bytes) -> str:
    """Standard alphabet, padded (RFC 4648 §4)."""
    return base64.b64encode(raw).decode()


def from_base64(text: str, length: int | None = None) -> bytes:
    """Strict inverse of `to_base64`; `length` is in bytes, where it is fixed. Raises CanonicalError."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
        text = text or " "
    if to_base64(raw) != text or (length is not None and len(raw) != length):
        wanted = "" if length is None else f" of {length} bytes"
        raise CanonicalError(f"{shown(text)} is not padded standard base64{wanted}", rule="canonical")
    return raw


def checked_base64(text: str | bytes) -> bytes:
    """The bytes of text that already matched a pattern for padded, canonical base64. Faster than `from_base64`."""
    return binascii.a2b_base64(text)


def to_base64url(raw: bytes) -> str:
    """URL-safe alphabet, no padding (RFC 4648 §5), as RFC 9901 writes digests."""
    return binascii.b2a_base64(raw, newline=False).translate(_TO_URLSAFE, b"=").decode()


def from_base64url(text: str) -> bytes:
    """Strict inverse of `to_base64url`. Raises CanonicalError."""
    if _URLSAFE.fullmatch(text) and len(text) % 4 != 1:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        if to_base64url(raw) == text:
            return raw
    raise CanonicalError(f"{shown(text)} is not unpadded base64url", rule="canonical")


def from_hex(text: str, length: int) -> bytes:
    """Lower-case hex of exactly `length` bytes. Raises CanonicalError."""
    if len(text) == 2 * length and re.fullmatch(r"[0-9a-f]*", text):
        return bytes.fromhex(text)
    raise CanonicalError(f"{shown(text)} is not {2 * length} digits of lower-case hex", rule="canonical")


def from_decimal(text: str, highest: int = MAX_INTEGER) -> int:
    """A decimal without sign or leading zero, at most `highest`. Raises CanonicalError."""
    if re.fullmatch(r"0|[1-9][0-9]{0,18}", text, re.ASCII) and int(text) <= highest:
        return int(text)
    raise CanonicalError(f"{shown(text)} is not a decimal from 0 to {highest} without leading zeros", rule="canonical")
