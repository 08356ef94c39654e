"""The house rules, as a test: what the code may not do, and what to do instead.

Each rule is a checker that reads source text and yields "path:line: what is wrong", one short test
that runs it over the project, and a sample at the end of this file that shows it able to fail.
"""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.sources import ROOT, Source, imports, nodes, project

MAX_FILE_LINES = 330
MAX_FUNCTION_LINES = 45

VAGUE_WORD = re.compile("util|helper|manager|service|handler|common", re.IGNORECASE)

# Who may read the clock or draw random numbers, and why. All others are handed the value.
CLOCK_AND_CHANCE_ALLOWED = {
    "ledger/clock.py": "is the clock of the sequencer and of whoever verifies",
    "ledger/log/key.py": "makes signing keys",
    "cli/": "is where the outside world comes in",
}
CLOCK_AND_CHANCE_MODULES = {"random", "secrets", "nacl.utils.random"}
CLOCK_AND_CHANCE_CALLS = re.compile(
    r"(time\.(time|time_ns|monotonic|monotonic_ns|perf_counter|perf_counter_ns|localtime|gmtime)"
    r"|datetime\.datetime\.(now|utcnow|today)|datetime\.date\.today"
    r"|os\.(urandom|getrandom)|uuid\.(uuid1|uuid4)"
    r"|(nacl|cryptography)\..*Key\.generate|(random|secrets|nacl\.utils\.random)(\..*)?)"
)

# Spelled in parts, so that this file does not break its own rule.
FORBIDDEN_TEXT = re.compile(
    b"|".join(
        [
            rb"\b(pypi|pythonhosted)" + rb"\.org\b",
            rb"\b(registry\.npmjs|proxy\.golang|repo\.maven\.apache)" + rb"\.org\b",
            rb"(?<![\w.}>-])/(work|root)" + rb"/",
            rb"(?<![\w.}>-])/(home|Users)" + rb"/\w+/",
        ]
    )
)


Checker = Callable[[Source], Iterator[str]]


def imports_of(source: Source, *wanted: str) -> Iterator[str]:
    for line, module, name, _ in imports(source):
        dotted = f"{module}.{name}" if name else module
        if any(f"{dotted}.".startswith(f"{want}.") for want in wanted):
            yield f"{source.path}:{line}: imports {dotted}"


def dotted_name(node: ast.AST, known_as: dict[str, str]) -> str:
    """What `dt.now` stands for after `from datetime import datetime as dt`, or "" if it was not imported."""
    if isinstance(node, ast.Name):
        return known_as.get(node.id, "")
    if isinstance(node, ast.Attribute) and (owner := dotted_name(node.value, known_as)):
        return f"{owner}.{node.attr}"
    return ""


def long_files(source: Source) -> Iterator[str]:
    lines = len(source.text.splitlines())
    if lines > MAX_FILE_LINES:
        yield f"{source.path}:1: {lines} lines, more than {MAX_FILE_LINES}"


def long_functions(source: Source) -> Iterator[str]:
    for node in nodes(source):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MAX_FUNCTION_LINES:
                yield f"{source.path}:{node.lineno}: {node.name} has {lines} lines, more than {MAX_FUNCTION_LINES}"


def vague_names(source: Source) -> Iterator[str]:
    if VAGUE_WORD.search(source.module):
        yield f"{source.path}:1: module {source.module}"
    for node in nodes(source):
        if isinstance(node, ast.ClassDef) and VAGUE_WORD.search(node.name):
            yield f"{source.path}:{node.lineno}: class {node.name}"


def log_that_knows_books(source: Source) -> Iterator[str]:
    if source.within("ledger/log", "ledger/log.py"):
        yield from imports_of(source, "ledger.books")


def books_that_know_the_log(source: Source) -> Iterator[str]:
    if source.within("ledger/books", "ledger/books.py"):
        yield from imports_of(source, "ledger.log", "hashlib", "nacl", "cryptography")


def clock_or_chance(source: Source) -> Iterator[str]:
    if source.within(*CLOCK_AND_CHANCE_ALLOWED):
        return
    yield from imports_of(source, *CLOCK_AND_CHANCE_MODULES)
    known_as: dict[str, str] = {}
    for _, module, name, local in imports(source):
        known_as[local] = f"{module}.{name}" if name else (local if module.startswith(f"{local}.") else module)
    for node in nodes(source):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            dotted = dotted_name(node, known_as)
            if CLOCK_AND_CHANCE_CALLS.fullmatch(dotted):
                yield f"{source.path}:{node.lineno}: uses {dotted}"


def caught_everything(source: Source) -> Iterator[str]:
    for node in nodes(source):
        if isinstance(node, ast.ExceptHandler):
            kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            if any(k is None or (isinstance(k, ast.Name) and k.id in ("Exception", "BaseException")) for k in kinds):
                yield f"{source.path}:{node.lineno}: catches everything"


def prints(source: Source) -> Iterator[str]:
    if source.within("ledger"):
        for node in nodes(source):
            if isinstance(node, ast.Name) and node.id == "print":
                yield f"{source.path}:{node.lineno}: prints"


def stray_base64(source: Source) -> Iterator[str]:
    if not source.within("ledger/canonical.py"):
        yield from imports_of(source, "base64", "binascii", "pybase64")


def stray_sqlite(source: Source) -> Iterator[str]:
    if not source.within("ledger/store", "ledger/store.py"):
        yield from imports_of(source, "sqlite3", "sqlite_utils")


def unsynced_folders(source: Source) -> Iterator[str]:
    if source.within("ledger") and not source.within("ledger/rulebook/schema.py"):  # which writes a page of the docs
        for node in nodes(source):
            if isinstance(node, ast.Attribute) and node.attr in ("mkdir", "makedirs"):
                if not source.within("ledger/disk/durable.py"):
                    yield f"{source.path}:{node.lineno}: makes a folder that a power cut can take away"


def _is_a_word(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    """A word of the books' rules, whose sentence says what it means (ledger/books/rule.py)."""
    calls = [one.func for one in node.decorator_list if isinstance(one, ast.Call)]
    return any(isinstance(call, ast.Name) and call.id in ("demand", "move", "memory") for call in calls)


def undocumented(source: Source) -> Iterator[str]:
    if source.within("ledger"):
        for node in ast.parse(source.text, source.path).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                if not node.name.startswith("_") and not ast.get_docstring(node) and not _is_a_word(node):
                    yield f"{source.path}:{node.lineno}: {node.name} has no docstring"


def forbidden_text(path: str, content: bytes) -> Iterator[str]:
    for found in FORBIDDEN_TEXT.finditer(content):
        line = content.count(b"\n", 0, found.start()) + 1
        yield f"{path}:{line}: says {found.group().decode(errors='replace')}"


def files_for_git() -> list[Path]:
    """The files git tracks, or would if they were added."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not in a git checkout")
    paths = {ROOT / name for name in listed.stdout.decode().split("\0") if name}
    return sorted(path for path in paths if path.is_file())


def demand(checker: Checker, remedy: str) -> None:
    assert project(), f"no files found under {ROOT}"
    wrong = [complaint for source in project() for complaint in checker(source)]
    assert not wrong, "\n".join([remedy, *wrong])


def test_files_are_short():
    demand(long_files, "Split the file by subject:")


def test_functions_are_short():
    demand(long_functions, "Take a step of the function out and give it a name:")


def test_names_say_what_a_thing_is():
    demand(vague_names, "Name the module or class after the one thing it is or does:")


def test_log_knows_nothing_of_the_books():
    demand(log_that_knows_books, "The log keeps bytes; have the caller turn books into bytes:")


def test_books_know_nothing_of_the_log():
    demand(books_that_know_the_log, "Books are plain records; hash, sign and append them outside ledger/books:")


def test_clock_and_chance_come_in_from_outside():
    allowed = ", ".join(f"{place} {reason}" for place, reason in CLOCK_AND_CHANCE_ALLOWED.items())
    demand(clock_or_chance, f"Take the time or the random bytes as an argument ({allowed}):")


def test_no_error_is_swallowed():
    demand(caught_everything, "Name the errors that can be dealt with here, and let the others through:")


def test_ledger_prints_nothing():
    demand(prints, "Return the value and let cli/ print it:")


def test_base64_is_in_one_place():
    demand(stray_base64, "Use the encoding functions of ledger/canonical.py:")


def test_sqlite_is_below_the_store():
    demand(stray_sqlite, "Ask the store for it, adding to ledger/store what it lacks:")


def test_folders_are_made_durable():
    demand(unsynced_folders, "Make it with `make_folder` of ledger/disk/durable.py:")


def test_public_names_are_documented():
    demand(undocumented, "Say in a docstring what it is for, or start its name with an underscore:")


def test_no_registry_host_and_no_path_of_one_machine():
    wrong = [
        complaint
        for path in files_for_git()
        for complaint in forbidden_text(path.relative_to(ROOT).as_posix(), path.read_bytes())
    ]
    assert not wrong, "\n".join(["Name no package registry's host, and use paths within the project:", *wrong])


LOOP = "def f():\n" + "    x = 1\n" * MAX_FUNCTION_LINES
BROKEN = [
    (long_files, "ledger/a.py", "x = 1\n" * (MAX_FILE_LINES + 1)),
    (long_functions, "cli/a.py", LOOP),
    (long_functions, "api/a.py", "async " + LOOP),
    (vague_names, "ledger/text_utils.py", ""),
    (vague_names, "ledger/common/__init__.py", ""),
    (vague_names, "cli/a.py", "class GiftManager: ..."),
    (log_that_knows_books, "ledger/log/tree.py", "import ledger.books.gift"),
    (log_that_knows_books, "ledger/log/tree.py", "from ledger import books"),
    (log_that_knows_books, "ledger/log/tree.py", "from ..books import gift"),
    (log_that_knows_books, "ledger/log/tree.py", "if TYPE_CHECKING:\n    from ledger.books.gift import Gift"),
    (books_that_know_the_log, "ledger/books/gift.py", "from ledger.log import tree"),
    (books_that_know_the_log, "ledger/books/gift.py", "def f():\n    import hashlib"),
    (books_that_know_the_log, "ledger/books/gift.py", "from nacl.signing import SigningKey"),
    (books_that_know_the_log, "ledger/books/gift.py", "import cryptography.hazmat as c"),
    (clock_or_chance, "ledger/a.py", "import time\nt = time.time()"),
    (clock_or_chance, "ledger/a.py", "from time import time as now\nt = now()"),
    (clock_or_chance, "ledger/a.py", "import datetime as d\nt = d.datetime.now(d.UTC)"),
    (clock_or_chance, "ledger/a.py", "from datetime import datetime\nt = datetime.utcnow()"),
    (clock_or_chance, "ledger/a.py", "import os.path\nn = os.urandom(8)"),
    (clock_or_chance, "ledger/a.py", "from uuid import uuid4\nf = uuid4"),
    (clock_or_chance, "ledger/a.py", "import secrets"),
    (clock_or_chance, "api/a.py", "from random import choice"),
    (clock_or_chance, "ledger/a.py", "from nacl.signing import SigningKey\nk = SigningKey.generate()"),
    (clock_or_chance, "ledger/a.py", "import nacl.signing as s\nk = s.SigningKey.generate()"),
    (caught_everything, "cli/a.py", "try: f()\nexcept Exception: pass"),
    (caught_everything, "cli/a.py", "try: f()\nexcept (OSError, BaseException): pass"),
    (caught_everything, "cli/a.py", "try: f()\nexcept: pass"),
    (prints, "ledger/a.py", "print('x')"),
    (stray_base64, "ledger/log/a.py", "from base64 import b64encode"),
    (stray_base64, "cli/a.py", "import binascii"),
    (stray_sqlite, "ledger/log/a.py", "import sqlite3"),
    (unsynced_folders, "ledger/a.py", "path.mkdir(parents=True)"),
    (unsynced_folders, "ledger/a.py", "import os\nos.makedirs('a')"),
    (undocumented, "ledger/a.py", "def f(): ..."),
    (undocumented, "ledger/a.py", "class Gift:\n    x = 1"),
]
SOUND = [
    (long_functions, "cli/a.py", LOOP.removesuffix("    x = 1\n")),
    (log_that_knows_books, "ledger/log/tree.py", "import hashlib\nfrom ledger import bookshelf"),
    (books_that_know_the_log, "ledger/books/gift.py", "from ledger.logic import rule"),
    (clock_or_chance, "ledger/clock.py", "import time\nt = time.time()"),
    (clock_or_chance, "ledger/a.py", "def f(time, now):\n    return time.time(), now()"),
    (clock_or_chance, "ledger/a.py", "from datetime import datetime\nt = datetime.fromisoformat('2024-01-01')"),
    (caught_everything, "cli/a.py", "try: f()\nexcept (OSError, ValueError): pass"),
    (prints, "cli/a.py", "print('x')"),
    (stray_base64, "ledger/canonical.py", "import base64"),
    (stray_sqlite, "ledger/store/a.py", "import sqlite3"),
    (undocumented, "ledger/a.py", "def _f(): ...\ndef g():\n    'Say it.'"),
]


@pytest.mark.parametrize(("checker", "path", "text"), BROKEN)
def test_rule_can_fail(checker: Checker, path: str, text: str):
    assert list(checker(Source(path, text)))


@pytest.mark.parametrize(("checker", "path", "text"), SOUND)
def test_rule_can_pass(checker: Checker, path: str, text: str):
    assert not list(checker(Source(path, text)))


@pytest.mark.parametrize(
    "parts", [("https://py", "pi.org/simple"), ("files.python", "hosted.org"), ("cd /wo", "rk/x"), ("'/ro", "ot/x'")]
)
def test_text_rule_can_fail(parts: tuple[str, str]):
    assert list(forbidden_text("README.md", "".join(parts).encode()))
    assert not list(forbidden_text("README.md", b"GET /v1/root/7 and {base}/work/"))


@pytest.mark.parametrize("script", sorted((ROOT / "benchmarks").glob("*.py")), ids=lambda script: script.stem)
def test_a_benchmark_fits_the_program(script: Path):
    importlib.import_module(f"benchmarks.{script.stem}")
