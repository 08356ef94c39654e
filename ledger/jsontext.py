"""JSON that other people wrote. Whitespace and any order of members are accepted; JSON that two readers could understand
differently is refused.

All JSON that need not be canonical is read here: records in files and options, and imported files.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from .canonical import MAX_DEPTH, check_profile
from .errors import CanonicalError, shortened, shown

WHOLE_DIGITS = 17
NUMBER_CHARACTERS = 100


def read_json(raw: bytes | str, what: str) -> Any:
    """A value that formats §1 allows: without fractions, null, large integers or control characters.

    Raises CanonicalError naming the member.
    """
    value = _decoded(raw, what, float)
    check_profile(value, what)
    return value


def read_foreign_json(raw: bytes | str, what: str) -> object:
    """A value of which the program uses a part. Null, control characters and fractions (as Decimal) are left to the caller to
    judge.

    Raises CanonicalError.
    """
    return _decoded(raw, what, Decimal)


def _decoded(raw: bytes | str, what: str, fraction: type[float | Decimal]) -> object:
    try:
        text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
        value = json.loads(
            text, object_pairs_hook=lambda pairs: _object(pairs, what), parse_int=lambda text: _whole(text, what),
            parse_float=lambda text: fraction(_readable(text, what)), parse_constant=lambda text: _no_number(text, what),
        )  # fmt: skip
        _check_depth(value, what)
        # An escape can name half of a surrogate pair, which cannot be encoded as UTF-8.
        json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeError:
        raise _error(f"{what}: contains text that is not Unicode; save it as UTF-8", what) from None
    except RecursionError:
        raise _too_deep(what) from None
    except ValueError as error:
        raise _error(f"{what}: not JSON: {error}; correct it", what) from None
    return value


def _object(pairs: list[tuple[str, object]], what: str) -> dict[str, object]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _error(f"{what}: member {shown(twice)} appears twice in one object; keep one", twice)
    return value


def _whole(text: str, what: str) -> int:
    if len(text) > WHOLE_DIGITS:
        raise _error(f"{what}: the number {shortened(text)} is larger than 2^53-1, so programs read it differently", what)
    return int(text)


def _readable(text: str, what: str) -> str:
    if len(text) > NUMBER_CHARACTERS or abs(float(text)) == float("inf"):
        raise _error(f"{what}: the number {shortened(text)} is longer or larger than programs can read", what)
    return text


def _no_number(text: str, what: str) -> None:
    raise _error(f"{what}: {text} is not a number in JSON", what)


def _check_depth(value: object, what: str) -> None:
    level, depth = [value], 0
    while level := [holder for holder in level if isinstance(holder, dict | list)]:
        depth += 1
        if depth > MAX_DEPTH:
            raise _too_deep(what)
        level = [member for holder in level for member in (holder.values() if isinstance(holder, dict) else holder)]


def _too_deep(what: str) -> CanonicalError:
    return _error(f"{what}: nested deeper than {MAX_DEPTH} levels; use fewer", what)


def _error(message: str, where: str) -> CanonicalError:
    return CanonicalError(message, rule="canonical", where=where)
