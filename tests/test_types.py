"""The types of the program hold, and say something: mypy is strict, and what lets it look away is counted."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("ledger", "api", "cli")

# Of what comes from JSON, from pydantic and from click nobody knows more. Lower this when it can be lower.
MOST_ANY = 331
MOST_IGNORED = 5
REASON = re.compile(r"# type: ignore\[[a-z, -]+\]  # \w+")


def sources() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def mypy(*words: str) -> tuple[int, str]:
    """The exit code of mypy and what it says; of the whole program, if it is given no file."""
    done = subprocess.run([sys.executable, "-m", "mypy", *words], cwd=ROOT, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def named(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def anys(text: str) -> list[int]:
    """The lines in which code names Any, each as often as it does; an import does not count."""
    return sorted(node.lineno for node in ast.walk(ast.parse(text)) if isinstance(node, ast.expr) and named(node) == "Any")


def casts(text: str) -> list[int]:
    """The lines that give a value another type without a look at it."""
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    return [node.lineno for node in calls if named(node.func) == "cast"]


def ignored(text: str) -> list[str]:
    """The comments by which mypy, or a part of it, looks away."""
    comments = (token.string for token in tokenize.generate_tokens(StringIO(text).readline) if token.type == tokenize.COMMENT)
    return [comment for comment in comments if re.match(r"# *(type: *ignore|mypy:)", comment)]


def test_the_types_hold():
    code, said = mypy()
    assert code == 0, said


def test_any_is_rare():
    count = sum(len(anys(text)) for _, text in sources())
    assert count <= MOST_ANY, f"Any is written {count} times, more than {MOST_ANY}; say what the value is"


def test_mypy_looks_away_seldom_and_for_a_reason():
    found = [(path, comment) for path, text in sources() for comment in ignored(text)]
    assert len(found) <= MOST_IGNORED, found
    assert not [(path, comment) for path, comment in found if not REASON.match(comment)]


def test_nothing_is_cast():
    assert not [f"{path}:{line}" for path, text in sources() for line in casts(text)]


WRONG = {
    "another": "def first(names: list[str]) -> int:\n    return names[0]\n",
    "untyped": "def first(names):\n    return names[0]\n",
    "bare": "def first(names: list) -> None:\n    print(names[0])\n",
    "model": "from pydantic import BaseModel\n\n\nclass Row(BaseModel):\n    name: str\n\n\nprint(Row(nam='a').name)\n",
}


def test_a_wrong_type_is_found(tmp_path: Path):
    for name, text in WRONG.items():
        (tmp_path / f"{name}.py").write_text(text)
    code, said = mypy(f"--cache-dir={tmp_path / 'cache'}", *(str(tmp_path / f"{name}.py") for name in WRONG))
    assert code == 1
    assert {name for name in WRONG if f"{name}.py:" in said} == WRONG.keys(), said


def test_what_is_counted_is_found():
    text = (
        "from typing import Any, cast\nimport typing\n\n"
        "def first(rows: list[Any]) -> typing.Any:\n"
        '    """Any, and no cast."""\n'
        "    return cast(Any, rows[0])  # type: ignore\n"
    )
    assert (anys(text), casts(text), ignored(text)) == ([4, 4, 6], [6], ["# type: ignore"])
    assert not REASON.match("# type: ignore") and not REASON.match("# type: ignore[misc]")
    assert REASON.match("# type: ignore[misc]  # it cannot know")
