"""The reference says what the code does: commands, ids of errors, exit codes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.manual import manual
from ledger import errors
from ledger.findings.table import RULES
from ledger.store.sqlite_connection import _MESSAGES, _OTHER

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
ROW = re.compile(r"^\| `([a-z0-9-]+)` \| ([0-9, ]+) \|", re.MULTILINE)
# Ids that only an audit finds; no command is refused with them.
FOUND_ONLY = {"chain", "continued-after-loss", "overdue-feedback", "overdue-receipt", "recovery", "root"}


def documented() -> dict[str, set[int]]:
    """The ids in errors.md, with their exit codes."""
    rows = ROW.findall((REFERENCE / "errors.md").read_text(encoding="utf-8"))
    return {rule: {int(code) for code in codes.split(",")} for rule, codes in rows}


def modules() -> list[ast.Module]:
    """Every module of the project."""
    paths = [path for package in ("ledger", "cli", "api") for path in (ROOT / package).rglob("*.py")]
    return [ast.parse(path.read_text(encoding="utf-8")) for path in paths]


def names(node: ast.expr) -> str:
    """The last part of what a call names."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def constants(trees: list[ast.Module]) -> dict[str, str]:
    """Module constants that are texts, by name."""
    assigned = [node for tree in trees for node in tree.body if isinstance(node, ast.Assign)]
    texts = [node for node in assigned if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)]
    return {names(target): node.value.value for node in texts for target in node.targets}


def places(trees: list[ast.Module]) -> dict[str, int]:
    """Functions that take a rule by position: which argument it is. Methods leave out `self`."""
    found = {}
    for function in (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        arguments = [argument.arg for argument in function.args.args if argument.arg != "self"]
        if "rule" in arguments:
            found[function.name] = arguments.index("rule")
    return found


def used() -> Iterator[tuple[str, str]]:
    """(rule id, class or function that gets it) of every rule in the code."""
    trees = modules()
    # `fault` is a demand that is not met; a `remark` refuses nothing.
    known, at = constants(trees), {**places(trees), "fault": 0}
    del at["remark"]
    for call in (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)):
        values = [keyword.value for keyword in call.keywords if keyword.arg == "rule"]
        position = at.get(names(call.func), len(call.args))
        values += call.args[position : position + 1]
        for value in values:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value, names(call.func)
            elif isinstance(value, ast.Name) and value.id in known:
                yield known[value.id], names(call.func)
    for rule, _ in (*_MESSAGES.values(), _OTHER):
        yield rule, "StorageError"


def exit_codes(called: str) -> set[int]:
    """The exit code of an error class; books' `fault` is a Refused."""
    kind = errors.Refused if called == "fault" else getattr(errors, called, None)
    return {kind.exit_code} if isinstance(kind, type) and issubclass(kind, errors.GiveTrailError) else set()


def test_the_commands_are_documented():
    written = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    assert written == manual(), "run `make generate`"


def test_every_error_is_documented():
    found = {rule for rule, _ in used()} | set(RULES) - FOUND_ONLY
    lacking, idle = found - set(documented()), set(documented()) - found
    assert not lacking, f"docs/reference/errors.md lacks {sorted(lacking)}"
    assert not idle, f"docs/reference/errors.md has {sorted(idle)} for nothing"


def test_every_error_has_its_exit_codes():
    codes = documented()
    wrong = {(rule, code) for rule, called in used() for code in exit_codes(called) - codes.get(rule, set())}
    assert not wrong, f"docs/reference/errors.md lacks these exit codes: {sorted(wrong)}"


def test_the_errors_are_in_order():
    rules = ROW.findall((REFERENCE / "errors.md").read_text(encoding="utf-8"))
    assert rules == sorted(rules)


ERRORS = [
    name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, errors.GiveTrailError)
]


@pytest.mark.parametrize("name", ERRORS)
def test_every_class_has_its_exit_code(name: str):
    (row,) = re.findall(rf"^\| (\d) \|.*`{name}`", (REFERENCE / "exit-codes.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert int(row) == getattr(errors, name).exit_code


def test_rules_in_the_code_are_seen():
    """The search finds keywords, constants and positions."""
    assert {"usage", "unique-index", "checkpoint-signature", "approval", "disk-full", "inclusion"} <= {rule for rule, _ in used()}
