"""Computes the picture of the flow of money. A table beside it has the same numbers.

Gifts come in on the left. Each column divides what is in the one before it, so the bands add up: a unit is in exactly one band of a
column.
"""

from __future__ import annotations

from typing import NamedTuple

from ledger.view.traceability import Traceability

HEIGHT = 300
BAR = 14
GAP = 26
TOP = 18
LEAST = 2
COLUMNS = (0, 222, 444, 666)


class Node(NamedTuple):
    """A bar of the picture: what it stands for, its minor units, its column, and its position."""

    id: str
    amount: int
    column: int
    x: int
    y: int
    height: int

    @property
    def label_y(self) -> int:
        """The position of its label."""
        return self.y - 6


class Band(NamedTuple):
    """The flow from one bar to another, as the path of its outline."""

    source: str
    target: str
    amount: int
    path: str


class Flow(NamedTuple):
    """The picture of one unit of account, and the rows of its table."""

    unit: str
    nodes: list[Node]
    bands: list[Band]
    height: int


PARTS = {
    "given": ("spent", "disputed", "waiting", "fee", "written-off", "returned"),
    "spent": ("receipt", "no-receipt"),
    "receipt": ("feedback", "no-feedback"),
}
"""The bars that each bar divides into."""
COLUMN = {name: 0 for name in ("given",)} | {name: 1 for name in PARTS["given"]} | {name: 2 for name in PARTS["spent"]}
COLUMN |= {name: 3 for name in PARTS["receipt"]}


def amounts_of(row: Traceability) -> dict[str, int]:
    """The minor units of every bar; each bar is the sum of its parts."""
    states = row.states
    spent, received = row.reached("paid"), row.reached("received")
    return {
        "given": row.given, "spent": spent, "disputed": states["disputed"], "waiting": states["held"] + states["allocated"],
        "fee": states["fee"],
        "written-off": states["written-off"], "returned": row.returned, "receipt": received, "no-receipt": states["paid"],
        "feedback": states["reported"],
        "no-feedback": states["received"],
    }  # fmt: skip


def flow_of(row: Traceability) -> Flow:
    """The picture of how far gifts have come."""
    amounts = amounts_of(row)
    scale = (HEIGHT - TOP - GAP * 4) / max(row.given, 1)
    nodes = {node.id: node for node in _nodes(amounts, scale)}
    bands = [band for source in PARTS if source in nodes for band in _bands(nodes, source, scale)]
    height = max(node.y + node.height for node in nodes.values()) + 8
    return Flow(row.unit, list(nodes.values()), bands, height)


def _nodes(amounts: dict[str, int], scale: float) -> list[Node]:
    """The bars that are not empty. Each column is filled from the top, and no bar is higher than the bar that it divides."""
    nodes: dict[str, Node] = {}
    lowest = [TOP] * len(COLUMNS)
    for name, column in COLUMN.items():
        if amounts[name]:
            parent = next((nodes[source] for source, parts in PARTS.items() if name in parts and source in nodes), None)
            y = max(lowest[column], parent.y if parent else TOP)
            height = max(LEAST, round(amounts[name] * scale))
            nodes[name] = Node(name, amounts[name], column, COLUMNS[column], y, height)
            lowest[column] = y + height + GAP
    return list(nodes.values())


def _bands(nodes: dict[str, Node], source: str, scale: float) -> list[Band]:
    bands, at = [], float(nodes[source].y)
    for name in PARTS[source]:
        if name in nodes:
            node = nodes[name]
            bands.append(Band(source, name, node.amount, _outline(nodes[source], node, at)))
            at += node.amount * scale
    return bands


def _outline(source: Node, target: Node, at: float) -> str:
    """The outline of a band that leaves `source` at height `at`."""
    left, right = source.x + BAR, target.x
    middle, thick = (left + right) // 2, target.height
    return (
        f"M{left} {at:.1f}C{middle} {at:.1f} {middle} {target.y} {right} {target.y}V{target.y + thick}"
        f"C{middle} {target.y + thick} {middle} {at + thick:.1f} {left} {at + thick:.1f}Z"
    )
