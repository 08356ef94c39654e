"""Something that an audit found."""

from __future__ import annotations

from typing import NamedTuple

from .table import RULES, Class

WHOLE = -1


class Finding(NamedTuple):
    """Something found. `entry` and `record` are WHOLE if it concerns more than one. With `named`, the record says itself that it
    broke this rule of conduct.

    What a whole festival can trip is one finding with the number of its `cases` and, in minor units of `unit`, their sum, or the
    largest if its meaning says so; `cases` is 0 in a finding that is about one thing."""

    entry: int
    record: int
    rule: str
    message: str
    named: bool = False
    cases: int = 0
    amount: int = 0
    unit: str = ""

    @property
    def kind(self) -> Class:
        """Its class."""
        return "audit" if self.named else RULES[self.rule].kind

    @property
    def where(self) -> str:
        """`entry 12`, `12.3`, or `log`."""
        if self.entry == WHOLE:
            return "log"
        return f"entry {self.entry}" if self.record == WHOLE else f"{self.entry}.{self.record}"

    def as_json(self) -> dict[str, str | int]:
        """The finding as `verify --format json` prints it."""
        one: dict[str, str | int] = {"id": self.rule, "class": self.kind, "entry": self.entry, "record": self.record}
        many: dict[str, str | int] = {"cases": self.cases, "amount": self.amount, "unit": self.unit} if self.cases else {}
        return {**one, "message": self.message, **many}
