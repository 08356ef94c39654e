"""What people see: UTF-8 whatever the locale, colour where it is wanted, foreign text made harmless, and a line that counts."""

from __future__ import annotations

import os
import sys
import time
import unicodedata
from collections.abc import Sequence
from typing import IO

import click

from ledger.text import marked

REDRAW_S = 0.1


def speak_utf8() -> None:
    """Write UTF-8, whatever the locale says. A stream that was closed from the start is as good as /dev/null."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode))
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def as_utf8(word: str) -> str:
    """A word of the command line as the UTF-8 it was typed in; what is no UTF-8 stays as the system gave it."""
    try:
        return os.fsencode(word).decode("utf-8")
    except UnicodeError:
        return word


def wants_colour(stream: IO[str]) -> bool:
    """NO_COLOR forbids, FORCE_COLOR demands, else a terminal gets colour."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def say(text: str) -> None:
    """One line of the result, on stdout."""
    click.echo(text, color=wants_colour(sys.stdout))


def hint(text: str) -> None:
    """One line that is no result, on stderr."""
    click.echo(text, err=True, color=wants_colour(sys.stderr))


def plain(value: object) -> str:
    """Foreign text on one line: what moves the cursor, changes colours, turns the line around or is not seen is written as an
    escape."""
    return "".join(char if _harmless(char) else _escaped(char) for char in marked(str(value), _escaped))


def _harmless(char: str) -> bool:
    # Of marks of format, `marked` has found those that do harm where they stand.
    return char.isprintable() or unicodedata.category(char) == "Cf"


def _escaped(char: str) -> str:
    return ascii(char)[1:-1]


def table(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """Rows as lines with columns as wide as they need; the columns numbered in `right` end at one place."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for row in rows:
        cells = enumerate(zip(row, widths, strict=True))
        lines.append("  ".join(cell.rjust(width) if i in right else cell.ljust(width) for i, (cell, width) in cells).rstrip())
    return lines


def pace(done: int, left: int, seconds: float) -> str:
    """`, 1,200 a second, 3:05 left`, of what was done in so many seconds; "" before anything was."""
    if done <= 0 or seconds <= 0:
        return ""
    minutes, rest = divmod(round(left * seconds / done), 60)
    return f", {done / seconds:,.0f} a second, {minutes}:{rest:02} left"


class Counter:
    """A line on stderr that counts `what`, where stderr is a terminal; cleared when it is left."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._begun: tuple[float, int] | None = None
        self._shown_at = 0.0
        self._on = sys.stderr.isatty()

    def __enter__(self) -> Counter:
        return self

    def __call__(self, done: int, total: int) -> None:
        """Say how far it is, how fast, and how long it will take yet; ten times a second at most."""
        now = time.monotonic()
        self._begun = self._begun or (now, done)
        if self._on and now - self._shown_at >= REDRAW_S:
            self._shown_at = now
            words = pace(done - self._begun[1], total - done, now - self._begun[0])
            print(f"\r{self._what}: {done:,} of {total:,}{words}\x1b[K", end="", file=sys.stderr, flush=True)

    def __exit__(self, *failure: object) -> None:
        if self._shown_at:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
