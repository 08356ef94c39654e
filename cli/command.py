"""The classes of all commands: they take `--json`, and `--ledger` if they work on a ledger. Groups import their commands late."""

from __future__ import annotations

import datetime
import os
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from ledger.errors import UsageError, shown

from .screen import require_stdout
from .tried import meant

LEDGER = "givetrail.ledger"
JSON = "givetrail.json"
NUMBERS = (type(click.INT), type(click.FLOAT))
EMPTY = re.compile(r"--[a-z-]+=")
DIGITS = re.compile(r"-?[0-9]{1,16}(?:\.[0-9]{1,16})?")
HELP_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


def _keep_ledger(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value:
        ctx.meta[LEDGER] = value


def _keep_json(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        ctx.meta[JSON] = True


def json_option() -> click.Option:
    """`--json`. Usage errors obey it too, so `outcome` looks for it before the words are parsed."""
    return click.Option(
        ["--json"], is_flag=True, expose_value=False, callback=_keep_json,
        help="Print one JSON document on stdout, also for an error.",
    )


def wants_json() -> bool:
    """Whether the command that runs was given `--json`."""
    return bool(click.get_current_context().meta.get(JSON))


def ledger_option() -> click.Option:
    """`--ledger DIR`; if it is given more than once, the last one counts."""
    words = "The ledger's directory. Default: GIVETRAIL_LEDGER."
    return click.Option(["--ledger"], metavar="DIR", expose_value=False, callback=_keep_ledger, help=words)


def ledger_directory() -> Path:
    """The directory that `--ledger` or GIVETRAIL_LEDGER names. Raises UsageError."""
    named = click.get_current_context().meta.get(LEDGER) or os.environ.get("GIVETRAIL_LEDGER")
    if not named:
        raise UsageError("no ledger is named; give --ledger DIR, or set GIVETRAIL_LEDGER", rule="usage", where="ledger")
    return Path(named)


class AsTyped(click.Command):
    """Checks the typed words before they are converted, so that no option can forget to.

    It refuses an empty text, because a script whose variable is empty does not ask for the default. It refuses a number that is not
    in plain digits, because Python also accepts digits of other scripts, spaces, `1_000`, `1e3` and `nan`.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the words. Raises BadParameter."""
        given, _, order = self.make_parser(ctx).parse_args(list(args))
        for param in order:
            value = given.get(param.name or "")
            for word in value if isinstance(value, list | tuple) else (value,):
                if word == "":
                    raise click.BadParameter("is empty; give a value, or leave the option out", ctx, param)
                if isinstance(word, str) and isinstance(param.type, NUMBERS) and not DIGITS.fullmatch(word):
                    raise click.BadParameter(f"{shown(word)} is not a number in plain digits", ctx, param)
        return super().parse_args(ctx, args)


class Command(AsTyped):
    """A command. `on_ledger` says whether it takes `--ledger`, `prints` whether it needs stdout for its result."""

    def __init__(self, *args: Any, on_ledger: bool = True, prints: bool = True, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._prints = prints
        self.context_settings = {**HELP_SETTINGS, **self.context_settings}
        self.params += [ledger_option(), json_option()] if on_ledger else [json_option()]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the words. It also checks earlier values of a repeated option, which the last one hides and which may be empty
        too."""
        words, rest = list(args), super().parse_args(ctx, args)
        if any(word == "" or EMPTY.fullmatch(word) for word in words):
            raise click.UsageError("an option is given twice, once without a value; give it once", ctx)
        return rest

    def invoke(self, ctx: click.Context) -> object:
        """Run it. Raises StorageError if its result could not be shown."""
        if self._prints:
            require_stdout()
        return super().invoke(ctx)


class Group(AsTyped, click.Group):
    """Commands under one word; it can be a command itself (`invoke_without_command`)."""

    command_class = Command

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.context_settings = {**HELP_SETTINGS, **self.context_settings}
        self.params += [ledger_option(), json_option()]

    def meant(self, ctx: click.Context, word: str) -> str:
        """What a word that is not a command here may mean; "" if nothing is like it."""
        return meant(word, self.list_commands(ctx), {})

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first word names. Raises UsageError, with the command that may be meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            found = self.meant(ctx, args[0])
            if not found:
                raise
            raise click.UsageError(f"{error.message.removesuffix('.')}; did you mean '{found}'?", ctx) from None

    def invoke(self, ctx: click.Context) -> object:
        """Run it. Raises StorageError if its result could not be shown."""
        if self.invoke_without_command:
            require_stdout()
        return super().invoke(ctx)


class LateGroup(Group):
    """Commands in files that are imported when they are needed. `late` maps a name to (module, its line in `--help`)."""

    def __init__(self, *args: object, late: dict[str, tuple[str, str]], **settings: object) -> None:
        super().__init__(*args, **settings)
        self._late = late

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which a ledger needs them."""
        return list(self._late)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import the command of that name."""
        return import_module(self._late[name][0]).command if name in self._late else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in self._late.items()])


class Day(click.ParamType[str]):
    """A day of the calendar, YYYY-MM-DD."""

    name = "day"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The day as it was written. Raises BadParameter."""
        try:
            if datetime.date.fromisoformat(value).isoformat() == value:
                return value
        except ValueError:
            pass
        self.fail(f"{value!r} is not a date; write it as YYYY-MM-DD", param, ctx)
