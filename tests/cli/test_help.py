"""Every command, option and argument says in a sentence what it is for."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from cli.main import COMMANDS, cli
from cli.tried import COMMAND, KIND
from ledger.books.record import KINDS

LONGEST = 110
NOTES = re.compile(r"(?:Required|Default: [^.]*|Repeat for more)\.")
"""What is said of many options alike, and explains none of them."""


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command below a group, with the words that call it."""
    ctx = click.Context(group, info_name=path)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("'s", ""))


def faults(path: str, command: click.Command) -> Iterator[str]:
    """What is wrong with the help of one command."""
    if not words_of(command.help or ""):
        yield f"{path}: has no summary"
    for param in command.params:
        if isinstance(param, click.Option):
            yield from (f"{path} {param.opts[0]}: {fault}" for fault in option_faults(param))
        elif (metavar := param.make_metavar(click.Context(command)).strip("[].")) not in (command.help or ""):
            yield f"{path} {metavar}: the help of the command does not say what it is"


def option_faults(option: click.Option) -> Iterator[str]:
    """What is wrong with the help of an option."""
    own = words_of(NOTES.sub("", option.help or ""))
    if not own:
        yield "says nothing of its own"
    elif set(own) - {"the", "a", "an"} <= set(words_of(" ".join(option.opts))):
        yield "only repeats its name"
    if len(option.help or "") > LONGEST:
        yield f"has {len(option.help or '')} characters, more than {LONGEST}"


def test_every_command_and_option_is_explained():
    everything = [("givetrail", cli), *commands(cli, "givetrail")]
    assert len(everything) > len(COMMANDS) + 30, "the kinds of records are among them"
    wrong = [fault for path, command in everything for fault in faults(path, command)]
    assert not wrong, "\n".join(["Say in a short sentence what it is for:", *wrong])


def test_the_list_of_commands_explains_each():
    assert all(words_of(summary) for _, summary in COMMANDS.values())


def command(*params: click.Parameter, said: str = "Do it with FILE.") -> click.Command:
    return click.Command("x", params=list(params), help=said)


UNEXPLAINED = [
    command(said=""), command(click.Option(["--fund"])), command(click.Option(["--fund"], help="Required.")),
    command(click.Option(["--as-of"], help="Default: today. Repeat for more.")),
    command(click.Option(["--fund"], help="The fund.")), command(click.Option(["--cost-class"], help="The cost class.")),
    command(click.Option(["--fund"], help="Who pays. " * 12)), command(click.Argument(["file"]), said="Do it."),
]  # fmt: skip


@pytest.mark.parametrize("unexplained", UNEXPLAINED)
def test_what_is_not_explained_is_found(unexplained: click.Command):
    assert list(faults("x", unexplained))


def test_what_is_explained_passes():
    assert not list(faults("x", command(click.Option(["--fund"], help="The fund to pay from."), click.Argument(["file"]))))


def test_words_that_people_try_lead_to_a_command(run):
    for word, kind in KIND.items():
        assert kind in KINDS and word not in KINDS
        assert f"No such command '{word}'; did you mean '{kind}'? [usage]" in run("record", word).stderr
    for word, name in COMMAND.items():
        assert word not in COMMANDS and (name in COMMANDS or name == "--help")
        assert f"did you mean '{name}'?" in run(word).stderr
    assert "did you mean 'record reversal'?" in run("void").stderr
    assert "did you mean 'payment'?" in run("record", "paymnt").stderr
    assert "did you mean 'revoke'?" in run("key", "revok").stderr
    assert run("record", "xyzzy").stderr.startswith("error: No such command 'xyzzy'. [usage]")
