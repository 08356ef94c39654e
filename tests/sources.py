"""The Python files of the project, as the tests of its rules read them."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("ledger", "cli", "api")


class Source(NamedTuple):
    """One Python file: where it is, from the root of the project, and what it says."""

    path: str
    text: str

    def within(self, *places: str) -> bool:
        """Whether this is one of the named files, or lies below one of the named folders."""
        return any(self.path == place or self.path.startswith(place.rstrip("/") + "/") for place in places)

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def package(self) -> str:
        return self.module if self.path.endswith("/__init__.py") else self.module.rpartition(".")[0]


@cache
def nodes(source: Source) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(source.text, source.path)))


@cache
def imports(source: Source) -> tuple[tuple[int, str, str, str], ...]:
    """Every import, wherever it stands: its line, the module, the name taken from it or "", the local name."""
    found = []
    for node in nodes(source):
        if isinstance(node, ast.Import):
            found += [(node.lineno, a.name, "", a.asname or a.name.partition(".")[0]) for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = source.package.split(".")
            above = base[: len(base) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            found += [(node.lineno, module, a.name, a.asname or a.name) for a in node.names]
    return tuple(found)


@cache
def project() -> tuple[Source, ...]:
    paths = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return tuple(Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths)
