"""Small trace bundles that ask for much: money that goes round and round, flows that all overlap. Nobody needs a key for them."""

from __future__ import annotations

from typing import Any

from ledger.canonical import encode, parse, to_base64
from tests.fuzz.examples import entries, examples

GIVEN = 1_000_000
TODAY = "2026-03-02"


def long_chain(hops: int) -> bytes:
    """A gift that is allocated from one fund to another and back, all but one unit each time."""
    funds = [{"id": id, "kind": "fund", "name": id, "purpose": id, "restriction": "unrestricted"} for id in ("a", "b")]
    unit = {"exponent": 2, "kind": "unit", "name": "Yuan", "unit": "CNY"}
    gift = {"amount": GIVEN, "channel": "cash", "fund": "a", "kind": "donation", "received_on": TODAY, "unit": "CNY"}
    told = [_entry(1, [unit, *funds], []), _entry(2, [gift], [[0, "+", "a/CNY", 0, GIVEN]])]
    end, (start, stop) = {"a": GIVEN, "b": 0}, (0, GIVEN)
    for hop in range(hops):
        fund, to = "ab"[hop % 2], "ba"[hop % 2]
        moved = stop - start - 1
        rows = [[0, "-", f"{fund}/CNY", start, start + moved], [0, "+", f"{to}/CNY", end[to], end[to] + moved]]
        record = {"amount": moved, "fund": fund, "kind": "allocation", "to": to, "unit": "CNY"}
        told.append(_entry(3 + hop, [record], rows))
        start, stop = end[to], end[to] + moved
        end[to] = stop
    return _bundle("2.0", told)


def many_moves(moves: int) -> bytes:
    """One entry with so many flows out of a tape, all of the same units, and as many into it."""
    gift = {"amount": 1, "channel": "cash", "fund": "a", "kind": "donation", "received_on": TODAY, "unit": "CNY"}
    rows = [[0, "-", "a/CNY", 0, moves]] * moves + [[0, "+", "a/CNY", n, n + 1] for n in range(moves)]
    return _bundle("4.0", [_entry(4, [gift], rows)])


def _entry(index: int, records: list[dict[str, Any]], rows: list[list[Any]]) -> dict[str, Any]:
    value = parse(entries()[20])
    value["statement"].update(records=records, after=f"{index - 1}:{'0' * 64}")
    return {"entry": to_base64(encode({**value, "flows": rows, "index": index})), "index": index, "proof": []}


def _bundle(gift: str, told: list[dict[str, Any]]) -> bytes:
    return encode({**parse(examples("bundle")[0]), "entries": told, "gift": gift, "ranges": []})
