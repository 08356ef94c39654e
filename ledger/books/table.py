"""A table of the books: rows by key. It tracks the changed rows until they are committed or undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

Row = TypeVar("Row", bound=tuple[Any, ...])


class Table(Generic[Row]):
    """One table of the books. `get` returns the row of a key as the statement being applied sees it, or None. `before` has the
    earlier value of each row put since the last commit, None for a new row."""

    __slots__ = ("name", "row", "get", "before", "_rows")

    def __init__(self, name: str, row: type[Row]) -> None:
        self.name, self.row = name, row
        self._rows: dict[str, Row] = {}
        self.before: dict[str, Row | None] = {}
        self.get: Callable[[str], Row | None] = self._rows.get

    def __getitem__(self, key: str) -> Row:
        """The row of a key that exists. Raises KeyError."""
        row = self.get(key)
        if row is None:
            raise KeyError(key)
        return row

    def put(self, key: str, row: Row) -> None:
        """Replace a row, provisionally until commit."""
        if key not in self.before:
            self.before[key] = self._rows.get(key)
        self._rows[key] = row

    def items(self) -> Iterator[tuple[str, Row]]:
        """Every row, by key."""
        for key in sorted(self._rows):
            yield key, self._rows[key]

    def all(self) -> Iterable[tuple[str, Row]]:
        """Every row, in no particular order; faster than `items` for large tables."""
        return self._rows.items()

    def changed(self) -> dict[str, Row]:
        """The rows put since the last commit."""
        return {key: self._rows[key] for key in self.before}

    def back_to(self, changed: dict[str, Row]) -> None:
        """Make exactly these rows, from `changed`, the ones put since the last commit."""
        for key, before in self.before.items():
            if before is None:
                del self._rows[key]
            else:
                self._rows[key] = before
        self.before.clear()
        for key, row in changed.items():
            self.put(key, row)

    def load(self, key: str, row: Row) -> None:
        """Put a row that is already committed."""
        self._rows[key] = row

    def unload(self, key: str) -> None:
        """Take back a row that was loaded."""
        del self._rows[key]

    def load_all(self, other: Table[Row]) -> None:
        """Put every row of another table, as already committed."""
        self._rows.update(other._rows)
