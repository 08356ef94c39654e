"""How a command ends: with one object that becomes text or JSON, or with one error, and with an exit code.

    0  all that was asked for was checked and holds      4  could not verify
    1  internal error, never a verdict                   5  verified, with findings at or above --fail-on
    2  usage or configuration                            6  conflict
    3  failed: at least one check is false               130 interrupted, 141 nobody read on
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from itertools import pairwise
from types import TracebackType
from typing import Any, NamedTuple

import click

from ledger.errors import GiveTrailError, StorageError, UsageError

from .screen import hint, plain, say, speak_utf8

INTERRUPTED = 130
FOR_PROGRAMS = ("json", "ndjson", "sarif")
NOBODY_READS = 141


class Outcome(NamedTuple):
    """What a command has to say. `value` is the JSON document; `text` renders lines from it; `raw` are bytes that go to stdout
    instead of both, where `-o -` asked for the file itself."""

    value: dict[str, Any]
    text: Callable[[dict[str, Any]], Iterable[str]]
    exit_code: int = 0
    raw: bytes | None = None

    def show(self, as_json: bool) -> None:
        """Write it to stdout."""
        if self.raw is not None:
            sys.stdout.buffer.write(self.raw)
        elif as_json:
            _say_json(self.value)
        else:
            for line in self.text(self.value):
                say(line)
        sys.stdout.flush()


def run(command: Callable[[], Any], as_json: bool) -> int:
    """Run a command, show how it ended, and give the exit code."""
    speak_utf8()
    try:
        return _shown(command(), as_json)
    except click.UsageError as error:
        return _misused(error, as_json)
    except click.ClickException as error:
        return _failed(UsageError(error.format_message(), rule="usage"), as_json)
    except GiveTrailError as error:
        return _failed(error, as_json)
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        _let_go_of_stdout()
        return NOBODY_READS


def asks_for_json(words: list[str]) -> bool:
    """Whether `--json`, or `--format` with a form for programs, stands among the words of a command line; asked before they are
    parsed, for usage errors obey it too."""
    words = words[: words.index("--")] if "--" in words else words
    asked = {*words, *(f"{one}={other}" for one, other in pairwise(words))}
    return not asked.isdisjoint({"--json", *(f"--format={form}" for form in FOR_PROGRAMS)})


def report_unexpected(as_json: bool) -> None:
    """Let an error nobody foresaw end in one sentence and exit code 1; `GIVETRAIL_DEBUG=1` shows where it came from."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if os.environ.get("GIVETRAIL_DEBUG") == "1":
            sys.__excepthook__(kind, error, trace)
        message = f"unexpected {kind.__name__}: {plain(error)}; this is a fault of the program: set GIVETRAIL_DEBUG=1 to see where"
        _failed(GiveTrailError(message, rule="internal"), as_json)

    sys.excepthook = hook


def _shown(outcome: Any, as_json: bool) -> int:
    if not isinstance(outcome, Outcome):
        return int(outcome or 0)
    try:
        outcome.show(as_json)
    except BrokenPipeError:
        raise
    except OSError as error:
        _let_go_of_stdout()
        raise StorageError(f"stdout: cannot be written: {error.strerror}", rule="storage", where="stdout") from None
    return outcome.exit_code


def _failed(error: GiveTrailError, as_json: bool) -> int:
    if as_json:
        _say_json(error.as_json())
        sys.stdout.flush()
    else:
        hint(f"{click.style('error:', fg='red', bold=True)} {plain(error.message)} [{error.rule}]")
    return error.exit_code


def _misused(error: click.UsageError, as_json: bool) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError) and not as_json:
        error.show()
        return error.exit_code
    message = " ".join(error.format_message().split())
    param = getattr(error, "param", None)
    where = param.name if param is not None and param.name else ""
    code = _failed(UsageError(message, rule="usage", where=where), as_json)
    if error.ctx is not None and not as_json:
        hint(f"try: {error.ctx.command_path} --help")
    return code


def _say_json(value: dict[str, Any]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=2), color=True)


def _let_go_of_stdout() -> None:
    """Nobody reads: what Python still holds for stdout goes nowhere, so that its last flush does not complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
