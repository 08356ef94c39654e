"""What a mutation is: one change to the golden log, who can make it, and the finding that it must give."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from .forge import Forge

NOTHING = "nothing"
PARTY = "a party's key"
OPERATOR = "operator and log keys"
WHOLE = -1
EXIT_CODES = {"broken": 3, "unknown": 4, "audit": 0}

Found = tuple[str, int, int]


class Outcome(NamedTuple):
    """The finding `expect` of a class, what rightly follows from it, and whether (`kept`) the log's own findings are found too."""

    kind: str
    expect: Found
    also: tuple[Found, ...] = ()
    kept: bool = True


def broken(id: str, entry: int = WHOLE, record: int = WHOLE, also: tuple[Found, ...] = (), kept: bool = True) -> Outcome:
    """The log fails: exit 3."""
    return Outcome("broken", (id, entry, record), also, kept)


def unknown(id: str, entry: int = WHOLE, record: int = WHOLE, also: tuple[Found, ...] = (), kept: bool = True) -> Outcome:
    """The log cannot be verified: exit 4."""
    return Outcome("unknown", (id, entry, record), also, kept)


def audit(id: str, entry: int, record: int, also: tuple[Found, ...] = ()) -> Outcome:
    """For people to judge: exit 0, or 5 for those who ask for it."""
    return Outcome("audit", (id, entry, record), also)


class Mutation(NamedTuple):
    """`name` is the file's; `does` one sentence; `holds` what the attacker has."""

    name: str
    does: str
    holds: str
    make: Callable[[Forge], Outcome]


MUTATIONS: list[Mutation] = []


def mutation(holds: str) -> Callable[[Callable[[Forge], Outcome]], Callable[[Forge], Outcome]]:
    """Register a mutation under its function's name; the docstring says what is done."""

    def register(make: Callable[[Forge], Outcome]) -> Callable[[Forge], Outcome]:
        MUTATIONS.append(Mutation(make.__name__.replace("_", "-"), " ".join((make.__doc__ or "").split()), holds, make))
        return make

    return register
