"""Empty is not absent: no option or argument takes an empty text for its default. And a number is written in plain digits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cli.command import NUMBERS
from cli.main import cli

Words = tuple[str, ...]


def commands(command: click.Command, path: Words = ()) -> Iterator[tuple[Words, click.Command]]:
    """Every command of the program, with the words that name it."""
    yield path, command
    if isinstance(command, click.Group):
        ctx = click.Context(command)
        for name in command.list_commands(ctx):
            inner = command.get_command(ctx, name)
            assert inner is not None
            yield from commands(inner, (*path, name))


def empties(command: click.Command) -> Iterator[tuple[click.Parameter, list[str]]]:
    """Every option and argument that takes a text, with words that give it an empty one, and one more where it repeats."""
    arguments = [param for param in command.params if isinstance(param, click.Argument)]
    for param in command.params:
        if isinstance(param, click.Argument):
            at = arguments.index(param)
            yield param, [*["x"] * at, "", *["x"] * (len(arguments) - at - 1)]
        elif isinstance(param, click.Option) and not param.is_flag and not param.count:
            for flag in param.opts:
                yield param, [*["x"] * len(arguments), flag, ""]
                if flag.startswith("--"):
                    yield param, [*["x"] * len(arguments), f"{flag}="]
            if param.multiple:
                yield param, [*["x"] * len(arguments), param.opts[0], "x", param.opts[0], ""]


def test_every_option_of_every_command_refuses_an_empty_text():
    asked = 0
    for path, command in commands(cli):
        for param, words in empties(command):
            with pytest.raises(click.BadParameter) as caught:
                command.make_context("x", words)
            assert "is empty" in caught.value.message and caught.value.param is param, (*path, *words)
            asked += 1
    assert asked > 900


@pytest.mark.parametrize(
    "words",
    [
        ("trace", "--reference", "", "--party", "hope"), ("verify", "L", "--save", ""), ("export", ""), ("record", "--file", ""),
        ("party", "add", "v", "--name", "", "--role", "vendor"), ("--ledger", "", "party", "list"), ("explain", ""),
        ("record", "donation", "--party", "hope", "--fund", "school", "--unit", "CNY", "--amount", "1", "--channel", "cash",
         "--reference", ""),
    ],
)  # fmt: skip
def test_it_is_a_usage_error_that_changes_nothing(words: Words, run, ledger: Path):
    before = (ledger / "checkpoint").read_bytes()
    ended = run(*words)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert "is empty; give a value, or leave the option out [usage]" in ended.stderr
    assert (ledger / "checkpoint").read_bytes() == before


TWICE = [("trace", "7.0", "--as-of", "", "--as-of", "2026-01-01"), ("export", "E", "--ledger=", "--ledger", "L")]


@pytest.mark.parametrize("words", TWICE, ids=lambda words: words[0])
def test_what_a_later_option_hides_is_not_empty_either(words: Words, run, ledger: Path):
    ended = run(*words)
    assert (ended.exit_code, ended.stdout) == (2, "") and "given twice, once without a value" in ended.stderr


ODD = ["\uff11", "\u0661", "1_0", " 1", "1 ", "1e0", "+1", "nan", "inf", "0x1", "1.", ".5", "\u00a01", "1\n", "9" * 5000, "one"]


def test_every_number_of_every_command_is_plain_digits():
    asked = set()
    for path, command in commands(cli):
        for param in command.params:
            if isinstance(param.type, NUMBERS):
                asked.add((*path, param.name))
                before = ["x" for other in command.params if isinstance(other, click.Argument)]
                for word in ODD:
                    with pytest.raises(click.BadParameter, match="plain digits") as caught:
                        command.make_context("x", [*before, f"{param.opts[0]}={word}"])
                    assert caught.value.param is param
    assert len(asked) > 8


@pytest.mark.parametrize("word", ["", " "])
def test_an_empty_word_is_no_command(word: str, run):
    for words in ((word,), ("record", word), ("party", word, "list")):
        assert run(*words).exit_code == 2
