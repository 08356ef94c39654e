"""Whose funds a figure counts."""

from __future__ import annotations

from typing import NamedTuple

from ..books.rows import Fund
from ..books.state import Books


class Scope(NamedTuple):
    """One fund, the funds of a project's tree, the funds that a charity owns, or with none of these all; several conditions
    are all met."""

    fund: str = ""
    project: str = ""
    charity: str = ""

    def holds(self, books: Books, fund_id: str) -> bool:
        """Whether the fund is counted. Of a name that the ledger does not have, none is."""
        row = fund_row(books, fund_id)
        return (
            self.fund in ("", fund_id)
            and (not self.project or row.project == self.project)
            and (not self.charity or row.owner == self.charity)
        )


NO_FUND = Fund("", "", "", "", "", "", (), -1, 0)


def fund_row(books: Books, fund_id: str) -> Fund:
    """A fund's row; one that says nothing where there is none, which no ledger that keeps the rules has."""
    return books.fund.get(fund_id) or NO_FUND


def split_tape(name: str) -> tuple[str, str]:
    """(fund, unit) of a tape's name."""
    fund, _, unit = name.partition("/")
    return fund, unit
