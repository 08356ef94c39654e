"""How far the money has come that funds received: gifts, and what other funds granted or allocated to them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from ..books.gift import split_ref
from ..books.tape import Span
from .scope import Scope, split_tape
from .snapshot import Snapshot
from .traceability import Traceability, row_of, states_by_tape


class Passed(NamedTuple):
    """Units [start, end) of a tape came from another fund and were not taken back."""

    source: str
    tape: str
    start: int
    end: int


class Part(NamedTuple):
    """`amount` minor units that a fund received: as gifts, or from the fund `source`."""

    fund: str
    source: str
    amount: int


def received(snapshot: Snapshot, *, project: str = "", charity: str = "") -> list[Traceability]:
    """How much of what the funds of a project or a charity received, or all funds, is in each state, for each unit of account:
    gifts to these funds, and what funds outside them granted to them (as far as a receipt took it) or allocated to them. In each
    row, `given` is all of that. It is followed like gifts (`traceability`). Other income is not in it.
    """
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for _, _, unit, states in _states(snapshot, Scope("", project, charity)):
        sums[unit].update(states)
    return [row_of(unit, states) for unit, states in sorted(sums.items())]


def received_by(snapshot: Snapshot, unit: str, stage: str, *, project: str = "", charity: str = "") -> list[Part]:
    """What of that, in one unit, is in a stage, by the fund that received it and where it came from, the largest first: the parts
    that sum to the stage of `received`."""
    sums = Counter[tuple[str, str]]()
    for fund, source, of_unit, states in _states(snapshot, Scope("", project, charity)):
        if of_unit == unit:
            sums[fund, source] += row_of(unit, states).stages.get(stage, 0)
    return sorted((Part(*key, amount) for key, amount in sums.items() if amount), key=lambda part: (-part.amount, part))


def passed_by(snapshot: Snapshot, unit: str, *, project: str = "", charity: str = "") -> list[Part]:
    """What funds outside the project or the charity passed on to its funds in one unit, by the fund that received it and the one
    that it came from; what was taken back is not in it."""
    scope, sums = Scope("", project, charity), Counter[tuple[str, str]]()
    for one in _passed_into(snapshot, scope):
        fund, of_unit = split_tape(one.tape)
        if of_unit == unit:
            sums[fund, one.source] += one.end - one.start
    return [Part(*key, amount) for key, amount in sorted(sums.items())]


def _states(snapshot: Snapshot, scope: Scope) -> Iterator[tuple[str, str, str, Counter[str]]]:
    """(fund, source or "" for gifts, unit, minor units in each state) of what funds of the scope received."""
    books = snapshot.books
    for tape, states in states_by_tape(snapshot).items():
        fund, unit = split_tape(tape)
        if scope.holds(books, fund):
            yield fund, "", unit, states
    with snapshot.reading():
        for one in _passed_into(snapshot, scope):
            fund, unit = split_tape(one.tape)
            yield fund, one.source, unit, snapshot.reader.followed.states(snapshot.store_flows, one.tape, one.start, one.end)


def _passed_into(snapshot: Snapshot, scope: Scope) -> Iterator[Passed]:
    """What funds of the scope got from funds outside of it. Without a scope there is nothing outside."""
    books, all_passed = snapshot.books, snapshot.once(_passed_by_scope)
    for one in all_passed.get(scope.project or scope.charity, ()):
        if scope.holds(books, split_tape(one.tape)[0]) and not scope.holds(books, one.source):
            yield one


def _passed_by_scope(snapshot: Snapshot) -> dict[str, list[Passed]]:
    """By the project and by the owner of the fund that got it."""
    found: dict[str, list[Passed]] = defaultdict(list)
    for one in _passed(snapshot):
        fund = snapshot.books.fund[split_tape(one.tape)[0]]
        for name in {fund.project, fund.owner}:
            found[name].append(one)
    return found


def _passed(snapshot: Snapshot) -> list[Passed]:
    """What was taken of grants, and what is allocated and was not taken back."""
    books, found = snapshot.books, list[Passed]()
    for ref, taken in books.taking.all():
        if books.void.get(ref) is None:
            found.append(Passed(books.disbursement[taken.of].fund, taken.tape, *taken.units[0]))
    for _, row in books.allocation.all():
        tape = f"{row.to}/{row.unit}"
        spans = _kept(snapshot, tape, row.units[0]) if row.returned else iter(row.units)
        found += (Passed(row.source, tape, *span) for span in spans)
    return found


def _kept(snapshot: Snapshot, tape: str, span: Span) -> Iterator[Span]:
    """What of the units that an allocation moved was not taken back by a reversal of it."""
    at, end = span
    for passage in snapshot.store_flows.outflows(tape, *span):
        record = snapshot.store_flows.target(*split_ref(passage.ref)).record
        if record.kind == "reversal":
            if at < passage.start:
                yield at, passage.start
            at = max(at, passage.end)
    if at < end:
        yield at, end
