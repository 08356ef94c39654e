"""Units as facts of a message, where it is made by what knows no unit's name."""

from __future__ import annotations

from typing import NamedTuple


class Minor(int):
    """An amount in a message whose unit is not known where the message is made. As text `1250 units`."""

    def __str__(self) -> str:
        return f"{int(self)} units"

    def __format__(self, spec: str) -> str:
        return str(self)


class UnitRange(NamedTuple):
    """The units [start, end) of a fund as a message has them, and what they are worth, where that is known. As text `12.50 CNY
    (units 0 to 1250)`."""

    start: int
    end: int
    worth: object | None = None

    def __str__(self) -> str:
        units = f"units {self.start} to {self.end}"
        return f"{self.worth} ({units})" if self.worth else units

    def __format__(self, spec: str) -> str:
        return str(self)
