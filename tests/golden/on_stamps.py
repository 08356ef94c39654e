"""Mutations of timestamps: of what is not in the log yet, or never was, or at a time that cannot be."""

from __future__ import annotations

from typing import Any

from .forge import Forge
from .mutation import OPERATOR, PARTY, Outcome, broken, mutation
from .on_the_clock import BOTH, CORRECTION, RULES
from .telling import stamp

NOW = "2026-05-06"
Record = dict[str, Any]


def said(f: Forge, *records: Record, day: str = NOW, names: str = "op.chief") -> int:
    """The entry of a statement that is made at noon of a day."""
    return f.append(names, *records, flows=[], time=f"{day}T12:00:00Z", signed_at=f"{day}T12:00:00Z")


def of_all(f: Forge, **members: Any) -> Record:
    """A timestamp at that moment over all that is there."""
    return {**stamp(f.entries, NOW), "time": f"{NOW}T12:00:00Z", **members}


@mutation(OPERATOR)
def consistency_of_a_stamped_root(f: Forge) -> Outcome:
    """The operator records a stamp of a tree that the log never had; the record before is of the one that it has."""
    entry = said(f, of_all(f), of_all(f, root="00" * 32))
    return broken("consistency", entry, 1)


@mutation(OPERATOR)
def time_of_a_stamp_to_come(f: Forge) -> Outcome:
    """A stamp is a second later than the entry that records it; the one before it is of the same second."""
    entry = said(f, of_all(f), of_all(f, time=f"{NOW}T12:00:01Z"))
    return broken("time", entry, 1)


@mutation(OPERATOR)
def time_of_a_stamp_before_the_last(f: Forge) -> Outcome:
    """A stamp is a second earlier than the one that was recorded before it."""
    entry = said(f, of_all(f), of_all(f), of_all(f, time=f"{NOW}T11:59:59Z"))
    return broken("time", entry, 2)


@mutation(OPERATOR)
def time_of_a_correction_before_a_stamp(f: Forge) -> Outcome:
    """The clock is turned back to a time before a stamp that was recorded."""
    said(f, RULES, stamp(f.entries, "2026-05-07"), day="2026-07-20")
    entry = said(f, CORRECTION, names=BOTH)
    return broken("time", entry, 0, also=(("clock-corrected", entry, 0),))


@mutation(OPERATOR)
def reference_stamp_of_its_own_entry(f: Forge) -> Outcome:
    """A stamp is said to be of one entry more than there are before its record."""
    entry = said(f, of_all(f), of_all(f, size=len(f.entries) + 1))
    return broken("reference", entry, 1)


@mutation(OPERATOR)
def reference_stamp_of_nothing(f: Forge) -> Outcome:
    """A stamp is said to be of no entries."""
    return broken("reference", said(f, of_all(f, size=0)), 0)


@mutation(PARTY)
def authority_to_say_timestamp(f: Forge) -> Outcome:
    """A charity records a stamp."""
    return broken("authority", said(f, of_all(f), names="hope.wang"), 0)
