"""The flows of a statement as books.md §1 gives them, counted on ranges: who lies about money writes flows that fit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Record = dict[str, Any]
Row = list[Any]
Span = tuple[int, int]


class Tapes:
    """Which units of every tape came in, and which of them are left."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._end: dict[str, int] = {}
        self._left: dict[str, list[Span]] = {}
        for _, sign, tape, start, end in rows:
            self._come(tape, end - start) if sign == "+" else self._go(tape, start, end)

    def _come(self, tape: str, amount: int) -> Span:
        start = self._end.get(tape, 0)
        self._end[tape] = start + amount
        left = self._left.setdefault(tape, [])
        joins = bool(left) and left[-1][1] == start
        left[-1:] = [(left[-1][0], start + amount)] if joins else [*left[-1:], (start, start + amount)]
        return start, start + amount

    def _go(self, tape: str, start: int, end: int) -> Span:
        parts = [part for low, high in self._left.get(tape, ()) for part in ((low, min(high, start)), (max(low, end), high))]
        self._left[tape] = [(low, high) for low, high in parts if low < high]
        return start, end

    def _lowest(self, tape: str, amount: int) -> list[Span]:
        """The lowest units, or as many as there are."""
        spans: list[Span] = []
        for start, end in self._left.get(tape, ()):
            spans += [(start, min(end, start + amount))] if amount else []
            amount -= spans[-1][1] - start if amount else 0
        return spans

    def flows(self, number: int, record: Record, about: Record) -> list[Row]:
        """The flows of a record. `about` is the record that its `of` names, `came` in it what came in by that (tape, start, end),
        and `back` how much of it came back. Where units are missing, those that are there."""
        rows: list[Row] = []
        if record["kind"] == "reversal":
            return [[number, *row] for row in self._undone(record, about)]
        for tape, amount, units, costs in outs(record):
            for start, end in parts_of(units or self._lowest(tape, amount), costs):
                rows.append([number, "-", tape, *self._go(tape, start, end)])
        for tape, amount in ins({**about, **record} if record["kind"] in ("payment-return", "receipt") else record):
            rows.append([number, "+", tape, *self._come(tape, amount)])
        return rows


    def _undone(self, record: Record, about: Record) -> list[Row]:
        """What came in goes out, and what went out and has not come back comes in where it was."""
        kind, named, came = about["kind"], record.get("units"), about["came"] or []
        if gave := record.get("gave"):
            tape = f"{gave['fund']}/{gave['unit']}"
            return [["-", tape, *self._go(tape, start, end)] for start, end in gave["units"]]
        if kind == "donation":
            return []
        left = about.get("amount", 0) - about["back"] if kind in ("allocation", "payment", "delivery", "exchange") else 0
        spans = [(came[0][0], *span) for span in named] if named and came else came
        out = [["-", tape, *self._go(tape, start, end)] for tape, start, end in spans]
        left = sum(end - start for _, start, end in spans) if named else left
        tape = f"{about.get('fund')}/{about.get('unit')}"
        return [*out, ["+", tape, *self._come(tape, left)]] if left else out


def outs(record: Record) -> list[tuple[str, int, list[Span], list[int]]]:
    """(tape, amount, units named, costs of what is bought) of what goes out."""
    tape, kind = f"{record.get('fund')}/{record.get('unit')}", record["kind"]
    if kind == "refund":
        cover = record.get("cover", {"fund": "", "units": []})
        amount = sum(end - start for start, end in cover["units"])
        own = [(tape, 0, record["units"], [])] if "units" in record else []
        fee = [(f"{record['fee_from']}/{record['unit']}", record.get("fee", 0), [], [])] if "fee_from" in record else []
        return own + ([(f"{cover['fund']}/{record['unit']}", amount, [], [])] if amount else []) + fee
    if kind not in ("allocation", "payment", "exchange", "delivery", "write-off"):
        return []
    return [(tape, record["amount"], record.get("units", []), [part["cost"] for part in record.get("goods", ())])]


def ins(record: Record) -> list[tuple[str, int]]:
    """(tape, amount) of what comes in."""
    fund, unit, amount = record.get("fund"), record.get("unit"), record.get("amount", 0)
    came = {
        "donation": [(fund, unit, amount - record.get("fee", 0))],
        "income": [(fund, unit, amount)],
        "payment-return": [(fund, unit, amount)],
        "allocation": [(record.get("to"), unit, amount)],
        "exchange": [(fund, record.get("to_unit"), record.get("to_amount", 0))],
        "receipt": [(record.get("into"), unit, amount if "into" in record else 0)],
        "payment": [(part["fund"], part["unit"], part["quantity"]) for part in record.get("goods", ())],
    }.get(record["kind"], [])  # fmt: skip
    return [(f"{into}/{of}", size) for into, of, size in came if size > 0]


def parts_of(units: Iterable[Span], costs: list[int]) -> list[Span]:
    """What becomes several things goes out in as many parts."""
    parts, edges = [], [sum(costs[:number]) for number in range(1, len(costs))]
    for start, end in units:
        inner = [start + edge for edge in edges if 0 < edge < end - start]
        parts += zip([start, *inner], [*inner, end], strict=True)
        edges = [edge - (end - start) for edge in edges]
    return parts
