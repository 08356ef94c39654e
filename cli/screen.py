"""What people see: UTF-8 whatever the locale, colour if it is wanted, foreign text made harmless, and a progress line."""

from __future__ import annotations

import fcntl
import io
import os
import sys
import time
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import click

from ledger.errors import StorageError
from ledger.store.protocol import StoreWarning
from ledger.text import marked

from .done_so_far import so_far

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

STDOUT = "stdout"
REDRAW_S = 0.1


class NobodyReads(Exception):
    """The reader of the pipe behind stdout has gone. It is not an OSError, because click would end the program over one."""


class Stdout(io.FileIO):
    """The real stdout. Any error of the system on write is raised as NobodyReads or StorageError, `where` STDOUT."""

    def write(self, data: ReadableBuffer, /) -> int:
        """Write as FileIO does."""
        try:
            return super().write(data)
        except BrokenPipeError:
            raise NobodyReads from None
        except OSError as error:
            raise StorageError(f"stdout: cannot be written: {error.strerror}", rule="storage", where=STDOUT) from None


def speak_utf8() -> None:
    """Write UTF-8, whatever the locale says. If stdin or stderr was closed from the start, it acts as /dev/null. If stdout was
    closed, nothing can be written to it, and a file that is opened later cannot take its place."""
    for name, flags, mode in (("stdin", os.O_RDWR, "r"), (STDOUT, os.O_RDONLY, "w"), ("stderr", os.O_RDWR, "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, flags), mode))
            setattr(sys, f"__{name}__", getattr(sys, name))
    if sys.__stdout__ is not None and sys.stdout is sys.__stdout__:
        raw = Stdout(sys.stdout.fileno(), "w", closefd=False)
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(raw), line_buffering=raw.isatty())
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def require_stdout() -> None:
    """Raises StorageError, before anything is done, if stdout was closed from the start, or opened for reading only."""
    try:
        flags = fcntl.fcntl(sys.stdout.fileno(), fcntl.F_GETFL)
    except (OSError, ValueError):
        return
    if flags & os.O_ACCMODE == os.O_RDONLY:
        message = "stdout: is closed, so the result cannot be shown, and nothing was done; send it to a file: `> result.txt`"
        raise StorageError(message, rule="storage", where=STDOUT)


def let_go(stream: IO[str]) -> None:
    """Drop what Python has buffered for a stream that nobody reads, so that its last flush does not fail."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def as_utf8(word: str) -> str:
    """A word of the command line, decoded as UTF-8. If it is not UTF-8, it stays as the system gave it."""
    try:
        return os.fsencode(word).decode("utf-8")
    except UnicodeError:
        return word


def wants_colour(stream: IO[str]) -> bool:
    """NO_COLOR forbids colour, FORCE_COLOR demands it; otherwise a terminal gets it."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def say(text: str) -> None:
    """One line of the result, on stdout."""
    click.echo(text, color=wants_colour(sys.stdout))


def hint(text: str, end: str = "\n") -> None:
    """One line on stderr, beside the result. If it cannot be written, the command goes on."""
    try:
        click.echo(text + end, nl=False, err=True, color=wants_colour(sys.stderr))
    except OSError:
        let_go(sys.stderr)


@contextmanager
def telling_warnings() -> Iterator[None]:
    """Inside the block, show every warning of a store at once, whoever opened the store, even while it closes."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", StoreWarning)
        others = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
            if issubclass(category, StoreWarning):
                hint(f"warning: {plain(message)}")
            else:
                others(message, category, *where, **more)

        warnings.showwarning = show
        yield


def plain(value: object) -> str:
    """Foreign text on one line. Characters that move the cursor, change colours, reverse the line or are invisible are written as
    escapes."""
    return "".join(char if _harmless(char) else _escaped(char) for char in marked(str(value), _escaped))


def counted(count: int, one: str, many: str = "") -> str:
    """`1 row`, `2 rows`; `many` is the plural, if it is more than an s."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def entries(count: int) -> str:
    """`1 entry`, `2 entries`."""
    return counted(count, "entry", "entries")


def by_name(id_: str, name: str) -> str:
    """`Hope Foundation (hope)`; the id alone if there is no name."""
    return f"{plain(name)} ({plain(id_)})" if name else plain(id_)


def _harmless(char: str) -> bool:
    # `marked` has already handled format characters that do harm in their position.
    return char.isprintable() or unicodedata.category(char) == "Cf"


def _escaped(char: str) -> str:
    return ascii(char)[1:-1]


def table(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """Rows as lines, with columns as wide as needed; the columns numbered in `right` are aligned to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = enumerate(zip(row, widths, strict=True))
        lines.append("  ".join(cell.rjust(width) if i in right else cell.ljust(width) for i, (cell, width) in cells).rstrip())
    return lines


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def pace(done: int, left: int, seconds: float) -> str:
    """`, 1,200 a second, 3:05 left`, from what was done in `seconds`; "" before anything was done."""
    if done <= 0 or seconds <= 0:
        return ""
    minutes, rest = divmod(round(left * seconds / done), 60)
    return f", {done / seconds:,.0f} a second, {minutes}:{rest:02} left"


class Counter:
    """A line on stderr that counts `what`, if stderr is a terminal; it is cleared at the end. After an interrupt, the error says
    how far it got, and `again` is what to type to continue."""

    def __init__(self, what: str, again: str = "") -> None:
        self._what, self._again = what, again
        self._begun: tuple[float, int] | None = None
        self._shown_at = 0.0
        self._on = sys.stderr.isatty()

    def __enter__(self) -> Counter:
        so_far().again = self._again
        return self

    def __call__(self, done: int, total: int) -> None:
        """Show how far it is, how fast, and how much time is left; at most ten times a second."""
        now = time.monotonic()
        self._begun = self._begun or (now, done)
        so_far().reached = f"{self._what}: {done:,} of {total:,}"
        if self._on and now - self._shown_at >= REDRAW_S:
            self._shown_at = now
            words = pace(done - self._begun[1], total - done, now - self._begun[0])
            hint(f"\r{self._what}: {done:,} of {total:,}{words}\x1b[K", end="")

    def __exit__(self, *failure: object) -> None:
        if self._shown_at:
            hint("\r\x1b[K", end="")
