"""Plain English, as far as patterns can tell: pages, messages, and what the code says of itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.sources import ROOT, Source, nodes, project

# What is not said in English, and what to say in its place.
UNIDIOMATIC = {
    r"(?<!there )\b(is|are) no\b(?!\w|-| (longer|more|less|fewer|later|earlier)\b)": "is not a, does not have",
    r"(?<!-)\bstands?\b(?!-| for)": "is",
    r"\blies\b(?! about)|\blie in\b": "is",
    r"\bha(s|ve) to be\b": "must be",
    r"(?<!anyone )\bwho has it\b": "anyone with it",
    r"\banybody\b": "anyone",
    r"\bsomebody else than\b": "someone other than",
}
PATTERNS = {re.compile(pattern, re.IGNORECASE): better for pattern, better in UNIDIOMATIC.items()}
# A comment of a program in JavaScript; a string in quotes or backticks; or a regular expression.
SCRIPT_TEXT = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<text>"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|(?<=[(,=!&|:?] )/(?:[^/\\\n]|\\.)+/""",
    re.DOTALL,
)


def unidiomatic(path: str, text: str, first: int = 1) -> Iterator[str]:
    """What a text says that is not English; it begins on line `first`."""
    spaced = re.sub(r"\s", " ", text)
    for pattern, better in PATTERNS.items():
        for found in pattern.finditer(spaced):
            yield f"{path}:{first + text.count(chr(10), 0, found.start())}: says “{found.group().strip()}”; say “{better}”"


def texts(source: Source) -> Iterator[tuple[int, str]]:
    """Texts of two words or more, docstrings too, with their lines; of an f-string its own words."""
    parts = {id(part) for node in nodes(source) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in nodes(source):
        if isinstance(node, ast.JoinedStr):
            yield node.lineno, "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value and id(node) not in parts:
            yield node.lineno, node.value


def script_texts(source: Source) -> Iterator[tuple[int, str]]:
    for found in SCRIPT_TEXT.finditer(source.text):
        if found["text"] and " " in found["text"]:
            yield source.text.count("\n", 0, found.start()) + 1, found["text"]


def strange_english(source: Source) -> Iterator[str]:
    """What the texts of a program say that is not English."""
    for line, text in (texts if source.path.endswith(".py") else script_texts)(source):
        yield from unidiomatic(source.path, text, line)


@cache
def pages() -> dict[str, str]:
    """The pages that people read, by their path."""
    paths = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def scripts() -> tuple[Source, ...]:
    paths = sorted((ROOT / "api" / "verifier").glob("*.js"))
    return tuple(Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths)


@pytest.mark.parametrize("sources", [project, scripts])
def test_programs_say_it_in_plain_english(sources):
    assert sources(), "no file was read"
    wrong = [complaint for source in sources() for complaint in strange_english(source)]
    assert not wrong, "\n".join(["Say it as English does:", *wrong])


def test_pages_are_in_plain_english():
    assert len(pages()) > 1, "no page was read"
    wrong = [complaint for path, text in pages().items() for complaint in unidiomatic(path, text)]
    assert not wrong, "\n".join(["Say it as English does:", *wrong])


STIFF = (
    "It is no bundle.", "These are\nno gifts.", "It stands in the log.", "It lies in it.", "It has\nto be.", "They have to be",
    "Keys that lie in it.", "Share it: who has it can verify.", "Anybody can.", "Get it from somebody else than them.",
)  # fmt: skip


@pytest.mark.parametrize("text", STIFF)
def test_english_rule_can_fail(text: str):
    assert [complaint.split(":")[1] for complaint in unidiomatic("README.md", f"\n{text}")] == ["2"]


@pytest.mark.parametrize(
    "text", ["There is no gift. There are no bundles.", "It is no longer open, and is no later.", "It understands it.",
             "Anyone who has it can verify it.", "It stands for a gift, first-stands."]
)  # fmt: skip
def test_english_rule_can_pass(text: str):
    assert not list(unidiomatic("README.md", text))


@pytest.mark.parametrize(("path", "text"), [
    ("ledger/a.py", "raise Refused(f'{ref}: is no payment')"),
    ("ledger/a.py", "words = (\n    f'{of}: what '\n    'stands there'\n)"),
    ("api/a.py", "why = 'The cells have to be sorted, ' + end"),
    ("api/pages/a.py", "f('This page is no proof.')"),
    ("cli/a.py", 'def f():\n    """Files that are no\n    bundles."""'),
    ("ledger/books/a.py", 'def f():\n    """The units that lie in it."""'),
    ("cli/a.py", "f'{name}: is no directory'"),
    ("api/verifier/a.js", 'throw wrong("it is no key");'),
    ("api/verifier/a.js", "refuse(`${field}: has to be below ${amount}`);"),
    ("api/verifier/a.js", 'const RANGE = /["`]/;\nfault("time", `${day}: lies ahead`);'),
])  # fmt: skip
def test_program_rule_can_fail(path: str, text: str):
    assert list(strange_english(Source(path, text)))


@pytest.mark.parametrize(("path", "text"), [
    ("ledger/a.py", "f('there is no such fund')\ng('the key is no longer in force')\nRULE = 'stands-first'"),
    ("api/verifier/a.js", '// It stands here.\n/* And is no\n message */\nf("is not a key");'),
])  # fmt: skip
def test_program_rule_can_pass(path: str, text: str):
    assert not list(strange_english(Source(path, text)))
