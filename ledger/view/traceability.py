"""How far the money that was given has come (books §4)."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple

from ..books.fee_rows import Fees
from ..books.levels import LEVELS, SOMEBODY_ELSE
from ..books.life import STATES
from ..books.tape import Span
from .scope import Scope, split_tape
from .snapshot import Snapshot

RETURNED = ("refunded", "covered")
STAGES = ("reported", "reported-self", "signed", "self", "paid", "disputed", "allocated", "held", "fee", "written-off")
"""The states in a bar, the furthest first, with `received` and `reported` parted by who signed the receipt."""
PARTED = {"reported": ("reported", "reported-self"), "received": ("signed", "self")}
KEPT = tuple(state for state in STATES if state not in (*RETURNED, "void"))
REACHED = {
    "paid": ("paid", "received", "reported"),
    "received": ("received", "reported"),
}


class Traceability(NamedTuple):
    """Gifts in one unit of account, in minor units: `given` = `returned` + the sum of `states`.

    `returned` went back to donors and is in no share; `covered` of it had been spent, so another fund gave it back. `states` has
    the other states of books §4 in their order, those without units too; each unit is in exactly one of them. `levels` says who
    acknowledged the units that were received or reported, from the strongest level to the weakest; each of these units counts at
    the strongest level of its receipts. `stages` are the states with those two parted: `signed` and `reported` if somebody else
    signed the receipt, `self` and `reported-self` if only the party that paid did.
    """

    unit: str
    given: int
    returned: int
    covered: int
    states: dict[str, int]
    levels: dict[str, int]
    stages: dict[str, int]

    @property
    def signed(self) -> int:
        """How much somebody else signed for: the recipient, the custodian of the channel, or a third party."""
        return sum(self.levels[level] for level in SOMEBODY_ELSE)

    @property
    def base(self) -> int:
        """The base of the shares: given less returned."""
        return self.given - self.returned

    def reached(self, state: str) -> int:
        """How much has come at least as far as `paid`, `received` or `reported`, which follow one another; for any other state, how
        much is in it now."""
        return sum(self.states[further] for further in REACHED.get(state, (state,)))


def traceability(snapshot: Snapshot, *, fund: str = "", project: str = "", charity: str = "") -> list[Traceability]:
    """How much of the money given is in each state, for each unit of account: of gifts to one fund, to the funds of a project, to
    the funds of a charity, or to all. Units of account are sorted, and those without gifts are left out.

    A gift counts where it was given: a gift to a general fund that is later allocated to a project counts for the charity, not for
    the project. Every part of every gift is followed through all records that moved it, also through goods and the funds of other
    charities, to its one state at this tree size. Refunded money, also where another fund refunded it, is left out of the
    shares. The first money into a fund is used first: that is a convention of the ledger.
    """
    scope, sums = Scope(fund, project, charity), defaultdict[str, Counter[str]](Counter)
    for tape, states in states_by_tape(snapshot).items():
        fund_id, unit = split_tape(tape)
        if scope.holds(snapshot.books, fund_id):
            sums[unit].update(states)
    return [row_of(unit, states) for unit, states in sorted(sums.items())]


def row_of(unit: str, states: Counter[str]) -> Traceability:
    """The figures of minor units by state, and by `<state>/<level>`."""
    returned = sum(states[state] for state in RETURNED)
    given = sum(states[state] for state in STATES)
    levels = {level: sum(states[f"{state}/{level}"] for state in PARTED) for level in LEVELS}
    return Traceability(unit, given, returned, states["covered"], {state: states[state] for state in KEPT}, levels, _stages(states))


def stage_of(state: str, level: str) -> str:
    """The stage of units in a state, whose receipt, if they have one, is of a level."""
    if state not in PARTED:
        return state
    signed, own = PARTED[state]
    return signed if level in SOMEBODY_ELSE else own


def _stages(states: Counter[str]) -> dict[str, int]:
    stages = Counter({stage: states[stage] for stage in STAGES if stage not in PARTED})
    for state, (signed, own) in PARTED.items():
        stages[signed] = sum(states[f"{state}/{level}"] for level in SOMEBODY_ELSE)
        stages[own] = states[state] - stages[signed]
    return {stage: stages[stage] for stage in STAGES}


def states_by_tape(snapshot: Snapshot) -> dict[str, Counter[str]]:
    """For each tape, the minor units of its gifts in each state, and of these with a receipt of each level (`<state>/<level>`)."""
    return snapshot.once(_by_tape)


def _by_tape(snapshot: Snapshot) -> dict[str, Counter[str]]:
    given = {key.rpartition("/")[0] for key, _ in snapshot.books.given.all()}
    return {tape: _states(snapshot, tape) for tape in given}


def _states(snapshot: Snapshot, tape: str) -> Counter[str]:
    """Gifts are followed by their ranges on the tape, however many they are. What is void was not given."""
    reader, row, states = snapshot.reader, snapshot.books.tape.get(tape), Counter[str]()
    ranges = reader.gifts.on(tape, row.end if row else 0)
    for start, end in ranges:
        states.update(reader.followed.states(snapshot.store_flows, tape, start, end))
    for start, end in snapshot.once(_covers).get(tape, ()):
        states.subtract(reader.followed_covers.states(snapshot.store_flows, tape, start, end))
        states["covered"] += end - start
    states.pop("void", None)
    fees = snapshot.books.fee.get(tape) or Fees()
    states.update(fee=fees.kept - fees.refunded - fees.covered, refunded=fees.refunded, covered=fees.covered)
    return states


def _covers(snapshot: Snapshot) -> dict[str, list[Span]]:
    """By tape, the units of gifts that were spent and then refunded from another fund."""
    covers = defaultdict[str, list[Span]](list)
    for refund in snapshot.reader.refunds.until(snapshot.store_flows):
        covers[refund.tape] += refund.covered
    return covers
