"""Whose funds a figure counts."""

from __future__ import annotations

from typing import NamedTuple

from ..books.rows import Fund
from ..books.state import Books


class Scope(NamedTuple):
    """One fund, the funds of a project's tree, the funds that a charity owns, or all if none is given. If several are given, a fund
    must meet each."""

    fund: str = ""
    project: str = ""
    charity: str = ""

    def holds(self, books: Books, fund_id: str) -> bool:
        """Whether the fund is counted. A name that the ledger does not have matches no fund."""
        row = fund_row(books, fund_id)
        return (
            self.fund in ("", fund_id)
            and (not self.project or row.project == self.project)
            and (not self.charity or row.owner == self.charity)
        )

    def funds(self, books: Books) -> frozenset[str]:
        """The funds that are counted."""
        return frozenset(id for id, _ in books.fund.all() if self.holds(books, id))


NO_FUND = Fund("", "", "", "", "", "", -1, 0)


def fund_row(books: Books, fund_id: str) -> Fund:
    """A fund's row; an empty row if there is none, which a valid ledger never needs."""
    return books.fund.get(fund_id) or NO_FUND


def split_tape(name: str) -> tuple[str, str]:
    """(fund, unit) of a tape's name."""
    fund, _, unit = name.partition("/")
    return fund, unit
