"""The reference of the commands, made from the commands: `python -m cli.manual > docs/reference/commands.md`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from ledger.books.record import KINDS

from .main import COMMANDS, cli
from .signing import signing_options

INTRODUCTION = """# Commands

This file is made by `python -m cli.manual`; a test compares it with the commands.

Results go to stdout. Progress, hints and errors go to stderr. `-` as a file is stdin or stdout. All text is UTF-8, whatever the
locale. Exit codes are in [exit-codes.md](exit-codes.md), the ids of errors in [errors.md](errors.md).

Every command takes `--json`: one JSON document on stdout, also for an error. Every command that works on a ledger takes
`--ledger DIR`, before or after its name; without it, `GIVETRAIL_LEDGER` names the ledger. `-h` or `--help` explains a command.
The tables below leave these three out.

| variable | meaning |
|---|---|
| `GIVETRAIL_LEDGER` | the ledger's directory |
| `GIVETRAIL_PASSPHRASE` | the passphrase of the key files, if there is no `--passphrase-file` |
| `GIVETRAIL_STATE` | the folder that remembers the last checkpoints. Default: the user's state directory |
| `GIVETRAIL_DEBUG=1` | shows where in the program an unexpected error came from |
| `NO_COLOR`, `FORCE_COLOR` | never use colour, always use colour. Default: colour on a terminal |
"""
LEFT_OUT = {"--ledger", "--json", "--help"}
SIGNING = "### Who speaks and who signs\n\nThese options belong to every kind of `record`, and to `key add` and `key revoke`.\n"
DECIMALS = """### Amounts

`--amount`, `--fee`, every `--…-amount`, and the costs and quantities in `--goods` are decimals in the unit given with them. If
the unit has 2 decimals, `--amount 10.00` is 1000 minor units, and `--amount 10.001` is refused. The unit of a receipt or a
payment return is
the unit of the payment in `--of`. In a file given with `--file`, and in what `--json` prints, amounts are whole minor units.

To give a list, repeat the option. Write a value of several parts as `A:B:C` in the order shown, or as JSON with the amounts
as text: `--goods school:box:30:60.00`, or
`--goods '{"fund":"school","unit":"box","quantity":"30","cost":"60.00"}'`. Write a ratio as `1/10`.
"""


def manual() -> str:
    """The whole reference."""
    ctx = click.Context(cli, info_name="givetrail")
    parts = [INTRODUCTION]
    for name in COMMANDS:
        parts += _command(_under(cli, ctx, name), f"givetrail {name}", 2)
    return "\n".join(parts)


def _command(command: click.Command, path: str, depth: int) -> Iterator[str]:
    """A command and those under it."""
    yield f"{'#' * depth} `{_usage(command, path)}`\n"
    yield "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n")) + "\n"
    own = _table(_options(command.params))
    if own:
        yield own
    if not isinstance(command, click.Group):
        return
    if path == "givetrail record":
        yield from _kinds(command)
    else:
        ctx = click.Context(command, info_name=path)
        for name in command.list_commands(ctx):
            yield from _command(_under(command, ctx, name), f"{path} {name}", depth + 1)


def _under(group: click.Group, ctx: click.Context, name: str) -> click.Command:
    command = group.get_command(ctx, name)
    assert command is not None, f"the group lists {name}"
    return command


def _usage(command: click.Command, path: str) -> str:
    arguments = [param.make_metavar(click.Context(command)) for param in command.params if isinstance(param, click.Argument)]
    return " ".join([path, *arguments])


def _options(params: Iterable[click.Parameter]) -> list[click.Option]:
    """The options that are not described once for all commands, or once for all that sign."""
    signing = {option.opts[0] for option in signing_options()}
    shown = [param for param in params if isinstance(param, click.Option) and not LEFT_OUT & set(param.opts)]
    signs = signing <= {option.opts[0] for option in shown}
    return [option for option in shown if not (signs and option.opts[0] in signing)]


def _table(options: Iterable[click.Option]) -> str:
    rows = [f"| `{_spelled(option)}` | {_words(option)} |\n" for option in options]
    return "| option | meaning |\n|---|---|\n" + "".join(rows) if rows else ""


def _spelled(option: click.Option) -> str:
    names = ", ".join(option.opts)
    if option.is_flag:
        return names
    if isinstance(option.type, click.Choice):
        *most, last = option.type.choices
        return f"{names} {' or '.join(filter(None, (', '.join(most), last)))}"
    return f"{names} {option.make_metavar(click.Context(cli))}"


def _words(option: click.Option) -> str:
    notes = [option.help or "", "Required." if option.required else ""]
    if option.show_default and not option.is_flag:
        notes.append(f"Default: {option.default}.")
    return " ".join(note for note in notes if note)


def _kinds(group: click.Group) -> Iterator[str]:
    yield SIGNING
    yield _table(signing_options())
    yield DECIMALS
    ctx = click.Context(group, info_name="givetrail record")
    for name in group.list_commands(ctx):
        yield f"### `givetrail record {name}`\n"
        yield " ".join((KINDS[name].__doc__ or "").split()) + "\n"
        yield _table(_options(_under(group, ctx, name).params))


if __name__ == "__main__":
    print(manual(), end="")
