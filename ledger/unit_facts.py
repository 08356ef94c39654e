"""Amounts in messages of code that does not know the name of the unit."""

from __future__ import annotations

from typing import NamedTuple


class Minor(int):
    """An amount in a message of code that does not know its unit. As text `1250 units`."""

    def __str__(self) -> str:
        return f"{int(self)} units"

    def __format__(self, spec: str) -> str:
        return str(self)


class UnitRange(NamedTuple):
    """The units [start, end) of a fund in a message, and their value if it is known. As text `12.50 CNY (units 0 to 1250)`."""

    start: int
    end: int
    worth: object | None = None

    def __str__(self) -> str:
        units = f"units {self.start} to {self.end}"
        return f"{self.worth} ({units})" if self.worth else units

    def __format__(self, spec: str) -> str:
        return str(self)
