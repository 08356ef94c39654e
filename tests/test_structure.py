"""What may import what: no cycle among files or folders, and no long chain. An import counts wherever it is written: at the top,
inside a function, or for the types only.

`ledger/books/kinds/` finds its files by looking into its folder, so that a kind costs one file; nothing but those who ask for a
kind by name imports one.
"""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.sources import ROOT, Source, imports, nodes, project

MAX_CHAIN = 20
MEDIAN_LINES, P90_LINES = 7, 14
Graph = Mapping[str, set[str]]


def graph_of(sources: Iterable[Source]) -> dict[str, set[str]]:
    """The modules that each module imports."""
    by_module = {source.module: source for source in sources}
    graph: dict[str, set[str]] = {}
    for module, source in by_module.items():
        named = [(f"{imported}.{name}", imported) for _, imported, name, _ in imports(source)]
        found = {whole if whole in by_module else imported for whole, imported in named}
        graph[module] = found & by_module.keys()
    return graph


def folders_of(sources: Iterable[Source]) -> dict[str, set[str]]:
    """The folders whose modules each folder's modules import."""
    sources = tuple(sources)
    folder = {source.module: source.path.rpartition("/")[0] for source in sources}
    graph: dict[str, set[str]] = {}
    for module, imported in graph_of(sources).items():
        graph.setdefault(folder[module], set()).update({folder[name] for name in imported} - {folder[module]})
    return graph


def cycle(graph: Graph) -> str:
    """One cycle, "a -> b -> a", or "" where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return " -> ".join(reversed(error.args[1]))
    return ""


def longest_chain(graph: Graph) -> list[str]:
    """The longest chain of modules of which each imports the next. There is no cycle."""
    chains: dict[str, list[str]] = {}
    for module in TopologicalSorter(graph).static_order():
        chains[module] = [module, *max((chains[name] for name in graph.get(module, ())), key=len, default=[])]
    return max(chains.values(), key=len)


def test_no_cycle_among_files():
    found = cycle(graph_of(project()))
    assert not found, f"Move what both need into a module that imports neither: {found}"


def test_no_cycle_among_folders():
    found = cycle(folders_of(project()))
    assert not found, f"Move a file into the folder that may know what it knows: {found}"


def floors() -> dict[str, int]:
    """The rooms and their floors as docs/explanation/structure.md draws them."""
    page = (ROOT / "docs/explanation/structure.md").read_text(encoding="utf-8")
    drawing = page.partition("floor  room\n")[2].partition("```")[0]
    rooms = {line: re.findall(r"(?<=  )(?:ledger|api|cli)\S*", line) for line in drawing.splitlines()}
    return {room: int(line.split()[0]) for line, found in rooms.items() for room in found}


def test_the_drawing_of_the_rooms_is_true():
    graph, drawn = folders_of(project()), floors()
    assert drawn.keys() == {folder for folder in graph if (ROOT / folder / "__init__.py").exists()}
    wrong = [(room, below) for room, rooms in graph.items() for below in rooms if drawn[below] >= drawn[room]]
    assert not wrong, f"Draw these rooms on other floors in docs/explanation/structure.md: {wrong}"


def test_chains_are_short():
    chain = longest_chain(graph_of(project()))
    assert len(chain) <= MAX_CHAIN, f"Cut one of these imports: {' -> '.join(chain)}"


def test_most_functions_are_short():
    lengths = sorted(
        node.end_lineno - node.lineno + 1
        for source in project() for node in nodes(source) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )  # fmt: skip
    assert statistics.median(lengths) <= MEDIAN_LINES
    assert lengths[len(lengths) * 9 // 10] <= P90_LINES


@pytest.mark.parametrize(
    "back", ["import ledger.a", "from ledger import a", "from .a import x", "if TYPE_CHECKING:\n    from . import a",
             "def f():\n    from .a import x"]
)  # fmt: skip
def test_a_cycle_is_found(back: str):
    there = Source("ledger/a.py", "from .b import y")
    assert cycle(graph_of([there, Source("ledger/b.py", back)]))
    assert not cycle(graph_of([there, Source("ledger/b.py", "import json")]))


def test_a_cycle_among_folders_is_found():
    """Though there is none among the files."""
    texts = {"a/x": "from ..b import y", "b/y": "", "b/z": "from ..a import w", "a/w": ""}
    files = [Source(f"ledger/{path}.py", text) for path, text in texts.items()]
    assert cycle(folders_of(files)) and not cycle(graph_of(files))


def test_a_chain_is_measured():
    files = [Source("ledger/a.py", "from .b import y\nfrom .c import z"), Source("ledger/b.py", "def f():\n    from . import c")]
    assert longest_chain(graph_of([*files, Source("ledger/c.py", "")])) == ["ledger.a", "ledger.b", "ledger.c"]
