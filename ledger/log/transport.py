"""Damage in transport: what editors, mail and text-mode file transfer do to a text. Such a file was not forged, so the verdict is
*could not verify*, not *failed*."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TypeVar

from ..errors import InputError, Unverifiable

T = TypeVar("T")

_LINE_END = re.compile(rb"\r*\n|\r")
_UTF8_MARK = b"\xef\xbb\xbf"
_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", _UTF8_MARK: "utf-8"}
RECODED = "it is UTF-16, so save it as UTF-8 without a byte order mark"
MARKED = "it begins with a byte order mark, so save it as UTF-8 without one"
ENDED = "its lines end as on Windows (CR LF), so save it with Unix line ends (LF)"
ADDED = "a line end was added after the last one, so remove it"


def undamaged(raw: bytes, what: str, read: Callable[[bytes], T]) -> T:
    """The result of `read`. If it can read the bytes only after known damage is undone, raises Unverifiable (`transport`) and
    describes the damage; otherwise raises what `read` raises."""
    try:
        value = read(raw)
    except InputError:
        _refuse(raw, what, read)
        raise
    # A byte order mark could be taken for the first letter of a name.
    if raw.startswith(_UTF8_MARK):
        _refuse(raw, what, read)
    return value


def _refuse(raw: bytes, what: str, read: Callable[[bytes], object]) -> None:
    for text, damage in _undone(raw):
        if damage and _reads(read, text):
            words = "; ".join(damage)
            message = f"{what}: was changed in transit, so it cannot be verified: {words}; or get it again"
            raise Unverifiable(message, rule="transport", where=what) from None


def _reads(read: Callable[[bytes], object], raw: bytes) -> bool:
    try:
        read(raw)
    except InputError:
        return False
    except Unverifiable:
        pass
    return True


def _undone(raw: bytes) -> Iterator[tuple[bytes, list[str]]]:
    """Each text that this one may have been, with the damage that would have changed it. The original ends in exactly one newline,
    or, if it is JSON, in none."""
    text, damage = _decoded(raw)
    unix = _LINE_END.sub(b"\n", text)
    yield unix, [*damage, *([ENDED] if unix != text else [])]
    bare = unix.rstrip(b"\n")
    for whole in (bare + b"\n", bare):
        ended = b"\r" in text.rstrip(b"\r\n")
        yield whole, [*damage, *([ENDED] if ended else []), *([ADDED] if len(whole) < len(unix) else [])]


def _decoded(raw: bytes) -> tuple[bytes, list[str]]:
    for mark, encoding in _MARKS.items():
        if raw.startswith(mark):
            try:
                return raw[len(mark) :].decode(encoding).encode(), [MARKED if encoding == "utf-8" else RECODED]
            except UnicodeError:
                break
    return raw, []
