"""Makes `meanings.py` from the reference: `python -m api.http.learn_meanings docs/reference/errors.md` prints it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

LINE = 132
ROW = re.compile(r"^\| `([a-z0-9-]+)` \| [0-9, ]+ \| (.+?) \| (.+?) \|$", re.MULTILINE)


def meanings_of(reference: str) -> dict[str, tuple[str, str]]:
    """Rule id → (what it means, what to do), from errors.md."""
    return {rule: (means, do) for rule, means, do in ROW.findall(reference)}


def module_of(meanings: dict[str, tuple[str, str]]) -> str:
    """The text of the module."""
    rows = "".join(_lines(rule, means, do) for rule, (means, do) in meanings.items())
    says = "What each id of an error means and what to do: made from docs/reference/errors.md by `make generate`."
    return (
        f'"""{says}"""\n\n'
        f"MEANINGS: dict[str, tuple[str, str]] = {{\n{rows}}}\n"
    )


def _lines(rule: str, means: str, do: str) -> str:
    first, second = f"    {_quoted(rule)}: ({_quoted(means)},", f"        {_quoted(do)}),"
    return "".join(f"{line}  # noqa: E501\n" if len(line) > LINE else f"{line}\n" for line in (first, second))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


if __name__ == "__main__":
    print(module_of(meanings_of(Path(sys.argv[1]).read_text(encoding="utf-8"))), end="")
