"""What a verification covers. Integrity is always checked, because it ties the entries to the signed checkpoint; without it, no
finding about an entry would be a finding about this log."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from typing import NamedTuple

from ..errors import UsageError
from .table import RULES

AREAS = ("integrity", "authenticity", "accounting", "traceability")
SHARES = 2**64


class Scope(NamedTuple):
    """The areas that are checked, and the share of statements whose signatures are: `share` of 2^64, chosen by `seed`, which must
    be unknown to the log's maker while the log is made. The signatures of entry `surely` are always checked; -1 for none."""

    areas: frozenset[str] = frozenset(AREAS)
    share: int = SHARES
    seed: int = 0
    surely: int = -1

    @property
    def whole(self) -> bool:
        """Whether everything is checked."""
        return self.areas == frozenset(AREAS) and self.share == SHARES

    @property
    def keeps_books(self) -> bool:
        """Whether statements are judged by their schema and folded."""
        return len(self.areas) > 1

    def within(self, size: int) -> Scope:
        """The scope for a log of `size` entries: even the smallest sample has one of them, also chosen by the seed."""
        if not size:
            return self
        drawn = hashlib.blake2b(b"%d" % self.seed, digest_size=8).digest()
        return self._replace(surely=int.from_bytes(drawn) % size)

    def draws(self, index: int) -> bool:
        """Whether the signatures of entry `index` are verified."""
        if "authenticity" not in self.areas:
            return False
        if self.share == SHARES or index == self.surely:
            return True
        drawn = hashlib.blake2b(b"%d:%d" % (self.seed, index), digest_size=8).digest()
        return int.from_bytes(drawn) < self.share

    def covers(self, rule: str) -> bool:
        """Whether findings of that rule belong to the areas asked for. Findings about what could not be read, and what the trust
        policy says of the checkpoint, always do."""
        return RULES[rule].area in self.areas or RULES[rule].kind == "unknown"

    def left_out(self, statements: int, drawn: int) -> Iterator[str]:
        """What was not checked, in words; of `statements` statements, the signatures of `drawn` were verified."""
        for area in AREAS:
            if area not in self.areas:
                yield f"Not checked: {area} ({LEFT_OUT[area]}), because it was not asked for"
        if "authenticity" in self.areas and self.share < SHARES:
            count = f"{statements - drawn} of {statements}"
            yield f"Not checked: signatures of {count} statements, because a sample was asked for (seed {self.seed})"


EVERYTHING = Scope()
LEFT_OUT = {
    "authenticity": "whether the statements are signed by those who may",
    "accounting": "the rules of the money",
    "traceability": "what is overdue",
}


def scope_of(only: Collection[str], share: float = 1.0, seed: int = 0) -> Scope:
    """A scope of these areas (all if none is named) and this share of the signatures. Raises UsageError."""
    unknown = sorted(set(only) - set(AREAS))
    if unknown:
        raise UsageError(f"only {unknown[0]!r}: is not an area; the areas are {', '.join(AREAS)}", rule="usage", where="only")
    if not 0 < share <= 1:
        raise UsageError(f"sample {share}: must be more than 0 and at most 1, which means all", rule="usage", where="sample")
    return Scope(frozenset({"integrity", *only} if only else AREAS), round(share * SHARES), seed)
