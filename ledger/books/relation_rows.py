"""The rows of relations between parties, and of the records between related ones."""

from __future__ import annotations

from typing import NamedTuple


class RelationRow(NamedTuple):
    """How `of` is related to `to`, through an officer of `of` or "", from one day to another, or "" for no end; who said so, in
    which entry, and whether as an overseer of both."""

    of: str
    to: str
    nature: str
    officer: str
    starts_on: str
    ends_on: str
    said_by: str
    since: int
    by_overseer: bool

    @property
    def what(self) -> tuple[str, str, str]:
        """What it says, whoever says it, and whatever the days and the officer."""
        return self.of, self.to, self.nature

    def controls(self, one: str, other: str) -> bool:
        """Whether by this the one party controls the other. Through an officer, it is the officer who does."""
        return (*self.what, self.officer) == (one, other, "control", "")

    def covers(self, day: str) -> bool:
        """Whether it is in force on a day."""
        return self.starts_on <= day and (not self.ends_on or day <= self.ends_on)

    def ended_before(self, day: str) -> bool:
        """Whether it ended before that day."""
        return bool(self.ends_on) and self.ends_on < day


class Kin(NamedTuple):
    """The next in the chain of the parties that one is related to, "" at its end."""

    party: str


class Donor(NamedTuple):
    """An organisation that gave to a tree of funds, or whose grant was taken into it."""

    party: str


class Implementer(NamedTuple):
    """A party that leads or implements an activity of a project."""

    party: str


class RelatedRow(NamedTuple):
    """A record of the party about another that it says it is related to: how, how much it moved, on which day."""

    party: str
    kind: str
    other: str
    nature: str
    unit: str
    amount: int
    day: str
