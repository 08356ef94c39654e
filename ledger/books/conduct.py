"""Rules of conduct: what a party did although it should not have.

Refusing prevents such a thing only on paper. The second payment of an invoice did leave the bank, and a ledger that refuses to say
so becomes false. So a record that breaks a rule of conduct is refused unless it names the rule in its `breach`. Then it is entered
under the party's own rule, and is a finding for ever. What units, references, signatures and form demand is never conduct.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field

from .field import Part, Text
from .naming import fund_of
from .rows import BreachRow
from .rule import demand, memory
from .state import Books
from .statement_context import Flow, StatementContext

Fields = tuple[str, ...]
Rule = Literal["approval", "conflict-of-interest", "cost-limit", "duplicate-invoice", "self-payment"]


def _each_once(findings: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """no finding twice"""
    if len(set(findings)) < len(findings):
        raise ValueError("must name each finding once")
    return findings


class Breach(Part):
    """The rules of conduct that a record breaks, as its party says itself. Naming a rule that is not broken is refused."""

    findings: Annotated[tuple[Rule, ...], Field(min_length=1, max_length=4), AfterValidator(_each_once)] = Field(
        description="The findings that the record will be, such as cost-limit."
    )
    reason: Text = Field(description="Why it was done all the same.")


BREACH = f"Which rules it breaks, and why: {', '.join(get_args(Rule))}."


def named_in(record: object) -> tuple[str, ...]:
    """The rules of conduct that a record names as broken."""
    breach = _breach(record)
    return breach.findings if breach is not None else ()


def _breach(record: object) -> Breach | None:
    return getattr(record, "breach", None)


def hear_breach(context: StatementContext, record: object) -> None:
    """Before a record is judged: which rules of conduct it says that it broke, and why."""
    breach = _breach(record)
    context.breach = named_in(record)
    context.excuse = f"{context.party} says so itself: {breach.reason}" if breach is not None else ""


def check_named(context: StatementContext) -> None:
    """After a record was judged: refuse it if it names a rule that it does not break. Part of a log cannot decide that. Fault:
    `breach`."""
    if not (context.breach and context.whole):
        return
    broken = _remarked(context)
    for rule in context.breach:
        if rule not in broken:
            context.mode("breach", f"breach {rule!r}: the record does not break that rule; leave it out")


def declared(context: StatementContext) -> Iterator[tuple[str, str]]:
    """After a record was judged by a part of the log: each rule that it names as broken and that part cannot decide, and what it
    says of that."""
    broken = _remarked(context)
    return ((rule, f"breach: {context.excuse}") for rule in context.breach if rule not in broken)


def _remarked(context: StatementContext) -> set[str]:
    """The rules of conduct that the record was found to break, and names."""
    return {remark.fault.rule for remark in context.remarks if remark.number == context.number and remark.named}


@demand("it is another party than the owner of the fund", "self-payment", decidable=True)
def another_party(books: Books, context: StatementContext, fields: Fields, payee: str, fund: str) -> None:
    if payee == fund_of(books, context, fund, fields[1]).owner:
        context.fault(
            "self-payment",
            f"{fields[0]} {payee!r}: owns the fund that the units leave; give another party, or allocate to a fund below it",
        )


@memory("which rules of conduct the record breaks, and why")
def breaks(
    books: Books, context: StatementContext, record: Any, rows: Sequence[Flow], findings: tuple[str, ...], reason: str
) -> None:
    books.breach.put(context.ref, BreachRow(context.party, record.kind, findings, reason, context.day))
