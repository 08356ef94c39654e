"""Files and streams that people name; `-` is stdin or stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from ledger.canonical import check_profile
from ledger.errors import CanonicalError, SizeError, StorageError, UsageError, shown

from .command import wants_json
from .outcome import Outcome
from .screen import hint, plain

STREAM = "-"
JSON_BYTES = 1 << 20


def read_bytes(name: str, limit: int) -> bytes:
    """A file's bytes, at most `limit`. Raises UsageError where it cannot be read, SizeError."""
    what = spoken(name)
    try:
        if name == STREAM:
            raw = sys.stdin.buffer.read(limit + 1)
        else:
            with Path(name).open("rb") as file:
                raw = file.read(limit + 1)
    except OSError as error:
        raise UsageError(f"{what}: cannot be read ({error.strerror}); name a file", rule="file", where=what) from None
    if len(raw) > limit:
        raise SizeError(f"{what}: more than {limit} bytes; give less at once", rule="size-limit", where=what)
    return raw


def spoken(name: str, stream: str = "stdin") -> str:
    """How a message calls the file."""
    return stream if name == STREAM else plain(name)


def write_bytes(name: str, raw: bytes) -> None:
    """Put bytes at a path, whole or not at all; into a device or a pipe as they are. Raises StorageError."""
    from ledger.store.durable import write_durably

    path = Path(name)
    if not path.exists() or (path.is_file() and not path.is_symlink()):
        write_durably(path, raw)
        return
    try:
        path.write_bytes(raw)
    except OSError as error:
        raise StorageError(f"{path}: cannot be written: {error.strerror}; name another file", rule="storage", where=name) from None


def written(name: str, raw: bytes, value: dict[str, Any], lines: Iterable[str]) -> Outcome:
    """The outcome of a command that writes a file: to a path, or with `-` to stdout, which then carries nothing else.

    Raises UsageError where `--json` wants stdout too; StorageError.
    """
    if name != STREAM:
        write_bytes(name, raw)
        return Outcome(value, lambda _: lines)
    for line in lines:
        hint(line)
    return Outcome(value, lambda _: (), raw=raw)


def check_output(name: str | None) -> None:
    """Refuse `-o -` together with `--json`, before anything is done. Raises UsageError."""
    if name == STREAM and wants_json():
        raise UsageError("-o - and --json both want stdout; give one of them, or name a file", rule="usage", where="output")


def parse_json(raw: bytes | str, what: str) -> Any:
    """What people write as JSON: spaces and any order are welcome; floats, null, duplicate keys and large integers are not.

    Raises CanonicalError naming the member.
    """
    try:
        text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw
        value = json.loads(text, object_pairs_hook=lambda pairs: _object(pairs, what))
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeError:
        raise CanonicalError(f"{what}: holds what is no Unicode text; save it as UTF-8", rule="canonical", where=what) from None
    except RecursionError:
        raise CanonicalError(f"{what}: nested too deep; records are flat", rule="canonical", where=what) from None
    except ValueError as error:
        raise CanonicalError(f"{what}: not JSON: {error}; correct it", rule="canonical", where=what) from None
    check_profile(value, what)
    return value


def _object(pairs: list[tuple[str, Any]], what: str) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise CanonicalError(f"{what}: member {shown(twice)} stands twice in one object; keep one", rule="canonical", where=twice)
    return value


def output_option(help: str, required: bool = False) -> Any:
    """`-o FILE`."""
    return click.option("-o", "--output", metavar="FILE", required=required, help=help)
