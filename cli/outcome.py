"""How a command ends: with one object that becomes text or JSON, or with one error, and with an exit code.

    0  everything was done; every check passed           4  could not verify
    1  disk error or internal error: no verdict          5  verified, with findings at or above --fail-on
    2  usage or configuration                            6  conflict
    3  failed: at least one check is false               7  partly verified
                                                         130 interrupted, 141 nobody reads stdout
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from itertools import pairwise
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ledger.errors import GiveTrailError, StorageError, UsageError

from .done_so_far import SoFar
from .screen import STDOUT, NobodyReads, hint, let_go, plain, say, speak_utf8, telling_warnings

if TYPE_CHECKING:
    from ledger.canonical import JsonObject

INTERRUPTED = 130
PASSING = ("disk-full", "storage", "busy", "read-only")
"""Errors of the disk: after it is repaired, the same command works."""
FOR_PROGRAMS = ("json", "ndjson", "sarif")
NOBODY_READS = 141


class Outcome(NamedTuple):
    """The result of a command. `value` is the JSON document; `text` renders lines from it; `raw` are bytes that go to stdout
    instead of both, if `-o -` asked for the file itself."""

    value: JsonObject
    text: Callable[[JsonObject], Iterable[str]]
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


def run(command: Callable[[SoFar], Any], as_json: bool) -> int:
    """Run a command, show how it ended, and return the exit code. However it ends, its result or its error says what it
    recorded."""
    speak_utf8()
    so_far = SoFar()
    try:
        with telling_warnings():
            code = _shown(command(so_far), so_far, as_json)
            so_far.then()
            return code
    except click.UsageError as error:
        return _misused(error, so_far, as_json)
    except click.ClickException as error:
        return _failed(UsageError(error.format_message(), rule="usage"), so_far, as_json)
    except GiveTrailError as error:
        return _failed(error, so_far, as_json)
    except (KeyboardInterrupt, click.Abort):
        _tell("interrupted", f"interrupted; {so_far.broken_off()}", as_json)
        return INTERRUPTED
    except NobodyReads:
        let_go(sys.stdout)
        if so_far.stays():
            _failed(StorageError("stdout: the program that read it has ended", rule="storage", where=STDOUT), so_far, as_json)
        return NOBODY_READS


def asks_for_json(words: list[str]) -> bool:
    """Whether `--json`, or `--format` with a form for programs, is among the words of a command line. It is asked before they
    are parsed, because usage errors obey it too."""
    words = words[: words.index("--")] if "--" in words else words
    asked = {*words, *(f"{one}={other}" for one, other in pairwise(words))}
    return not asked.isdisjoint({"--json", *(f"--format={form}" for form in FOR_PROGRAMS)})


def report_unexpected(as_json: bool) -> None:
    """End an unexpected error with one sentence and exit code 1; `GIVETRAIL_DEBUG=1` shows the traceback."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if os.environ.get("GIVETRAIL_DEBUG") == "1":
            sys.__excepthook__(kind, error, trace)
        message = f"unexpected {kind.__name__}: {plain(error)}; this is a bug in givetrail; set GIVETRAIL_DEBUG=1 to see where"
        _tell("internal", message, as_json)

    sys.excepthook = hook


def _shown(outcome: Any, so_far: SoFar, as_json: bool) -> int:
    if not isinstance(outcome, Outcome):
        return int(outcome or 0)
    so_far.result = outcome.value
    outcome.show(as_json)
    return outcome.exit_code


def _failed(error: GiveTrailError, so_far: SoFar, as_json: bool) -> int:
    """Show the error, what was done all the same, how to continue, and, if stdout does not take a result, the document that was
    due."""
    more = {"result": so_far.result} if so_far.stays() and so_far.result else {}
    if error.where == STDOUT:
        let_go(sys.stdout)
    passes = isinstance(error, StorageError) and error.rule in PASSING and error.where != STDOUT
    _tell(error.rule, so_far.failed(error.message, passes), as_json, where=error.where, **more)
    return error.exit_code


def _tell(rule: str, message: str, as_json: bool, where: str = "", **more: object) -> None:
    """Show an error: as a sentence on stderr, or as a document on stdout, or on stderr if stdout cannot take it."""
    if not as_json:
        hint(f"{click.style('error:', fg='red', bold=True)} {plain(message)} [{rule}]")
        return
    told = {"error": rule, "message": message, "where": where, **more}
    try:
        if where != STDOUT:
            _say_json(told)
            return
    except (NobodyReads, StorageError):
        let_go(sys.stdout)
    hint(_as_json(told))


def _misused(error: click.UsageError, so_far: SoFar, as_json: bool) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError) and not as_json:
        error.show()
        return error.exit_code
    message = " ".join(error.format_message().split())
    param = getattr(error, "param", None)
    where = param.name if param is not None and param.name else ""
    code = _failed(UsageError(message, rule="usage", where=where), so_far, as_json)
    if error.ctx is not None and not as_json:
        hint(f"try: {error.ctx.command_path} --help")
    return code


def _as_json(value: JsonObject) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _say_json(value: JsonObject) -> None:
    click.echo(_as_json(value), color=True)
