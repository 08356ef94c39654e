"""Where a program can be changed in one thing, and the program with that changed."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

SWAPPED: dict[type, type] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn,
    ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.Add,
}  # fmt: skip
FALSE = {"None", "False", "''", "b''", "0", "()", "[]", "{}"}
"""Where one of these is returned, None says the same to most."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Site(NamedTuple):
    """The `number`th change that a file offers: at a line, within a function of the module or of a class."""

    path: str
    number: int
    line: int
    column: int
    function: str
    what: str


Change = tuple[ast.AST, str, Callable[[], None]]
"""The node, what is changed, and what changes it in place."""


def sites_of(root: Path, path: str) -> list[Site]:
    """Every site of a file within a function."""
    tree = ast.parse((root / path).read_text(encoding="utf-8"))
    return [
        Site(path, number, node.lineno, node.col_offset, name, what)
        for number, (name, (node, what, _)) in enumerate(_changes(tree))
    ]


def mutated(root: Path, site: Site) -> ast.Module:
    """The file with that one thing changed."""
    tree = ast.parse((root / site.path).read_text(encoding="utf-8"))
    _, (_, _, change) = list(_changes(tree))[site.number]
    change()
    return ast.fix_missing_locations(tree)


def _changes(tree: ast.Module) -> Iterator[tuple[str, Change]]:
    for name, function in _functions(tree, ""):
        for statement in function.body:
            for change in _within(statement):
                yield name, change


def _functions(node: ast.Module | ast.ClassDef, within: str) -> Iterator[tuple[str, Function]]:
    for one in node.body:
        if isinstance(one, Function):
            yield within + one.name, one
        elif isinstance(one, ast.ClassDef):
            yield from _functions(one, f"{within}{one.name}.")


def _within(node: ast.AST) -> Iterator[Change]:
    """The changes at a node and below it; not of annotations, of sentences, or of what only asserts."""
    yield from _at(node)
    if isinstance(node, ast.Raise | ast.JoinedStr | ast.Assert) or (isinstance(node, ast.keyword) and node.arg == "strict"):
        return
    if isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
        return
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list"):
            continue
        for below in value if isinstance(value, list) else [value]:
            if isinstance(below, ast.AST):
                yield from _within(below)


def _at(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            if type(op) in SWAPPED:
                yield _swap(node, node.ops, place, op)
    elif isinstance(node, ast.BoolOp | ast.BinOp | ast.AugAssign) and type(node.op) in SWAPPED:
        yield _swap(node, node, "op", node.op)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node, "not x became x", lambda: _become(node, node.operand)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant):
        yield node, f"{ast.unparse(node)} became 0", lambda: _become(node, ast.Constant(0))
    elif isinstance(node, ast.Constant) and type(node.value) in (int, bool):
        yield from _numbers(node)
    elif isinstance(node, ast.Raise):
        yield node, "raise removed", lambda: _become(node, ast.Pass())
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Await):
        yield node, f"call removed: {ast.unparse(node)[:60]}", lambda: _become(node, ast.Pass())
    elif isinstance(node, ast.Return) and node.value is not None and ast.unparse(node.value) not in FALSE:
        yield node, f"returned None for {ast.unparse(node.value)[:60]}", lambda: setattr(node, "value", ast.Constant(None))
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        yield node, f"not ({ast.unparse(node.test)[:60]})", lambda: setattr(node, "test", ast.UnaryOp(ast.Not(), node.test))


def _swap(node: ast.AST, holder: object, place: int | str, op: ast.AST) -> Change:
    other = SWAPPED[type(op)]()

    def change() -> None:
        if isinstance(place, int):
            holder[place] = other
        else:
            setattr(holder, place, other)

    return node, f"{type(op).__name__} became {type(other).__name__}: {ast.unparse(node)[:60]}", change


def _numbers(node: ast.Constant) -> Iterator[Change]:
    if isinstance(node.value, bool):
        yield node, f"{node.value} became {not node.value}", lambda: setattr(node, "value", not node.value)
    else:
        for other in (node.value + 1, node.value - 1):
            yield node, f"{node.value} became {other}", lambda other=other: setattr(node, "value", other)


def _become(node: ast.AST, other: ast.AST) -> None:
    """Make a node another one where it is."""
    line = node.lineno
    node.__class__ = other.__class__
    node.__dict__.clear()
    node.__dict__.update(other.__dict__)
    node.lineno = line
