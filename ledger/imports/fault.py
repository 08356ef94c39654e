"""Rows that cannot become records: either the first stops the import, or all are counted and the first hundred are kept."""

from __future__ import annotations

from ..errors import InputError, RowError

KEPT = 100


class Faults:
    """The faults of one reading. With `leave_out` a fault is counted, otherwise it is raised."""

    def __init__(self, leave_out: bool) -> None:
        self._leave_out = leave_out
        self._kept: list[tuple[int, RowError]] = []
        self.count = 0

    def meet(self, number: int, place: str, error: InputError) -> None:
        """Row `number`, which messages call `place`, is broken. Raises RowError, unless broken rows are left out."""
        fault = RowError(f"{place}: {error.message}", rule=error.rule, where=str(number))
        if not self._leave_out:
            raise fault from None
        self.count += 1
        if len(self._kept) < KEPT:
            self._kept.append((number, fault))

    def kept(self) -> tuple[RowError, ...]:
        """The first hundred that were found, by row."""
        return tuple(fault for _, fault in sorted(self._kept, key=lambda one: one[0]))
