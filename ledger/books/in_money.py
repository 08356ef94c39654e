"""Refusals as people read them. Tapes count units; here the caller knows the tape, and so the fund and the money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import Refused, shortened
from ..unit_facts import Minor, UnitRange
from .state import Books, money_of
from .statement_context import Flow

VERBS = {
    "allocation": "allocate", "delivery": "deliver", "exchange": "exchange", "payment": "pay", "refund": "refund",
    "write-off": "write off",
}  # fmt: skip


def in_money(books: Books, refused: Refused, tape: str, kind: str = "") -> Refused:
    """The refusal with amounts of money instead of units of a tape, the name of the fund, and what a record of the kind does."""

    def known(name: str, fact: Any) -> Any:
        if isinstance(fact, UnitRange):
            return fact._replace(worth=money_of(books, tape, fact.end - fact.start))
        if isinstance(fact, Minor):
            return money_of(books, tape, fact)
        if name == "fund":
            return f"fund {shortened(tape.partition('/')[0])}"
        return VERBS.get(kind, fact) if name == "take" else fact

    facts = {name: known(name, fact) for name, fact in refused.facts.items()}
    return type(refused)(refused.template, rule=refused.rule, where=refused.where, facts=facts)


def other_flows(books: Books, own: Sequence[Flow], right: Sequence[Flow]) -> tuple[str, dict[str, Any]]:
    """How the flows of a record differ from those that the rules give: a message about the first difference, and its facts."""
    at = next((at for at, (one, other) in enumerate(zip(own, right, strict=False)) if one != other), min(len(own), len(right)))
    facts: dict[str, Any] = {}
    texts = [_flow(books, rows[at : at + 1], name, facts) for name, rows in (("own", own), ("right", right))]
    return f"flow {at}: the entry has {texts[0]}, but the rules give {texts[1]}", facts


def _flow(books: Books, rows: Sequence[Flow], name: str, facts: dict[str, Any]) -> str:
    for _, sign, tape, start, end in rows:
        facts[name] = UnitRange(start, end, money_of(books, tape, end - start))
        facts[f"{name}_fund"] = shortened(tape.partition("/")[0])
        return f"{{{name}}} {'into' if sign == '+' else 'out of'} fund {{{name}_fund}}"
    return "none"
