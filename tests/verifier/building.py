"""Small logs in which one thing was edited and all was signed anew, with everybody's keys.

Their bundles say the ranges that follow from their entries, so that a comparison goes through to the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from ledger.canonical import parse
from tests.audit.mirror import SMALL, make_small
from tests.language import key_text
from tests.verifier.asking import Case, check_alike
from tests.verifier.tampering import forgery
from tests.verifier.test_verdicts import own_state

Values = list[dict[str, Any]]
PAYMENT, DAY = "5.0", "2026-09-07"


@cache
def entries(more: str = "", said: str = SMALL) -> tuple[bytes, ...]:
    """The entries of a small ledger in which more was said."""
    with own_state() as place:
        return tuple(make_small(place, said + more, "").entries)


def case(name: str, edit: Callable[[Values], None], more: str = "", gift: str = "3.0", said: str = SMALL) -> Case:
    """A log in which something was edited, and all was signed anew."""
    values = [parse(raw) for raw in entries(more, said)]
    edit(values)
    return forgery(name, values, gift, list(range(len(values))))


def nothing(values: Values) -> None:
    """As it is."""


def record(values: Values, index: int, number: int = 0) -> dict[str, Any]:
    return values[index]["statement"]["records"][number]


def said_anew(
    values: Values, party: str, signers: str, records: list[dict[str, Any]], flows: list[Any], after: int | None = None
) -> None:
    """One more entry, by whoever has the keys of these names."""
    index = len(values)
    seen = index - 1 if after is None else after
    statement = {**values[-1]["statement"], "party": party, "records": records, "after": f"{seen}:{'0' * 64}"}
    statement["id"] = f"00000000-0000-4000-8000-{index:012x}"
    signatures = [{"key": key_text(name), "sig": ""} for name in signers.split()]
    values.append({**values[-1], "index": index, "statement": statement, "signatures": signatures, "flows": flows})


def receipt(level: str, amount: int = 400) -> dict[str, Any]:
    return {"kind": "receipt", "of": PAYMENT, "amount": amount, "level": level, "received_on": DAY}


def hope(values: Values, *records: dict[str, Any], flows: list[Any] | None = None, after: int | None = None) -> None:
    said_anew(values, "hope", "hope.li", list(records), flows or [], after)


def check(cases: Iterator[Case]) -> set[str]:
    """Both verifiers say the same of each. The verdicts."""
    return {one.verdict for one in check_alike(list(cases))}
