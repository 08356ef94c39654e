"""Files and streams that the user names; `-` is stdin or stdout."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from ledger.canonical import JsonObject
from ledger.disk.regular import read_regular, unreadable
from ledger.errors import SizeError, StorageError, UsageError

from .command import wants_json
from .done_so_far import so_far
from .outcome import Outcome
from .screen import hint, plain

STREAM = "-"
JSON_BYTES = 1 << 20


Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def read_bytes(name: str, limit: int) -> bytes:
    """The bytes of the user's own file or pipe, at most `limit`. Raises UsageError if it cannot be read; SizeError."""

    def read(name: str, most: int) -> bytes:
        with Path(name).open("rb") as file:
            return file.read(most + 1)

    return _read(name, limit, read)


def read_foreign(name: str, limit: int) -> bytes:
    """The same for what someone else has made: only from a regular file, or from stdin if that is named."""
    return _read(name, limit, read_regular)


def _read(name: str, limit: int, read: Callable[[str, int], bytes]) -> bytes:
    what = spoken(name)
    try:
        raw = sys.stdin.buffer.read(limit + 1) if name == STREAM else read(name, limit)
    except OSError as error:
        raise unreadable(what, error, "name a file", "file") from None
    if len(raw) > limit:
        raise SizeError(f"{what}: holds more than {limit} bytes; split it", rule="size-limit", where=what)
    return raw


def spoken(name: str, stream: str = "stdin") -> str:
    """The name of the file in messages."""
    return stream if name == STREAM else plain(name)


def write_bytes(name: str, raw: bytes) -> None:
    """Write bytes to a path, whole or not at all; to a device or a pipe, directly. Raises StorageError."""
    from ledger.disk.durable import write_durably

    path = Path(name)
    if not path.exists() or (path.is_file() and not path.is_symlink()):
        write_durably(path, raw)
        return
    try:
        path.write_bytes(raw)
    except OSError as error:
        raise StorageError(f"{path}: cannot be written: {error.strerror}; name another file", rule="storage", where=name) from None


def written(name: str, raw: bytes, value: JsonObject, lines: Iterable[str]) -> Outcome:
    """The outcome of a command that writes a file: to a path, or with `-` to stdout, which then contains nothing else.

    Raises UsageError if `--json` writes to stdout too; StorageError.
    """
    if name != STREAM:
        write_bytes(name, raw)
        so_far().made = f"{plain(name)} is written"
        return Outcome(value, lambda _: lines)
    for line in lines:
        hint(line)
    return Outcome(value, lambda _: (), raw=raw)


def check_output(name: str | None) -> None:
    """Refuse `-o -` together with `--json`, before anything is done. Raises UsageError."""
    if name == STREAM and wants_json():
        raise UsageError("-o - and --json both write to stdout; leave one out, or name a file", rule="usage", where="output")


def output_option(help: str, required: bool = False) -> Callable[[Decorated], Decorated]:
    """`-o FILE`."""
    return click.option("-o", "--output", metavar="FILE", required=required, help=help)
