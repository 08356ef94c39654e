"""Makes `meanings.py` from the reference: `python -m api.http.learn_meanings docs/reference/errors.md` prints it;
or `glossary.py`, if the page is glossary.md."""

from __future__ import annotations

import re
import sys
from pathlib import Path

LINE = 132
ROW = re.compile(r"^\| `([a-z0-9-]+)` \| [0-9, ]+ \| (.+?) \| (.+?) \|$", re.MULTILINE)
WORD = re.compile(r"^\| `?([^`|]+?)`? \| (.+) \|$", re.MULTILINE)


def words_of(glossary: str) -> dict[str, str]:
    """Word → what it is, from glossary.md."""
    return dict(WORD.findall(glossary)[1:])


def meanings_of(reference: str) -> dict[str, tuple[str, str]]:
    """Rule id → (what it means, what to do), from errors.md."""
    return {rule: (means, do) for rule, means, do in ROW.findall(reference)}


def module_of(meanings: dict[str, tuple[str, str]]) -> str:
    """The text of the module of errors."""
    rows = "".join(_lines(rule, means, do) for rule, (means, do) in meanings.items())
    says = "What each id of an error means and what to do: made from docs/reference/errors.md by `make generate`."
    return (
        f'"""{says}"""\n\n'
        f"MEANINGS: dict[str, tuple[str, str]] = {{\n{rows}}}\n"
    )


def glossary_of(words: dict[str, str]) -> str:
    """The text of the module of words."""
    rows = "".join(_line(f"    {_quoted(word)}: {_quoted(means)},") for word, means in words.items())
    says = "What each word means: made from docs/reference/glossary.md by `make generate`."
    return (
        f'"""{says}"""\n\n'
        f"WORDS: dict[str, str] = {{\n{rows}}}\n"
    )


def _lines(rule: str, means: str, do: str) -> str:
    return _line(f"    {_quoted(rule)}: ({_quoted(means)},") + _line(f"        {_quoted(do)}),")


def _line(line: str) -> str:
    return f"{line}  # noqa: E501\n" if len(line) > LINE else f"{line}\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


if __name__ == "__main__":
    page = Path(sys.argv[1])
    text = page.read_text(encoding="utf-8")
    print(glossary_of(words_of(text)) if page.name == "glossary.md" else module_of(meanings_of(text)), end="")
