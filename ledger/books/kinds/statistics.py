"""The kind `statistics`: a signed aggregate of the gifts into a fund in a period, by region or by month."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ...complaint import form
from ..act import Act
from ..field import Amount, Count, Day, FundId, Part, Unit
from ..period import cover
from ..record import BY_OWNER, Record, Signing, fund_of
from ..state import Books

SMALLEST_CELL = 10
OTHER = "other"
_CODE = r"^(?:[A-Z]{2}(?:-[A-Z0-9]{1,3})?|[0-9]{4}-[0-9]{2}|other)$"


class Cell(Part):
    """One region (ISO 3166-2), month (YYYY-MM), or `other`, where cells of fewer than 10 gifts are merged."""

    code: Annotated[str, form(_CODE, "a place such as CN-51, a month such as 2026-09, or other")]
    amount: Amount
    gifts: Annotated[Count, Field(ge=1)]


class Statistics(Record):
    """Gifts received into `fund` from one day to another, split into cells. The total must equal the ledger's."""

    stage: ClassVar[str] = "control"
    signing: ClassVar[Signing] = BY_OWNER

    kind: Literal["statistics"]
    fund: FundId
    unit: Unit
    by: Literal["region", "month"]
    from_day: Day
    to_day: Day
    cells: Annotated[tuple[Cell, ...], Field(min_length=1, max_length=128)]

    @model_validator(mode="after")
    def _cells_hide_the_few(self) -> Self:
        codes = [cell.code for cell in self.cells]
        if codes != sorted(set(codes)):
            raise ValueError("cells have to be sorted by code, each once")
        if any(cell.gifts < SMALLEST_CELL for cell in self.cells) and codes != [OTHER]:
            raise ValueError(f"a cell of fewer than {SMALLEST_CELL} gifts has to be merged into another or into `{OTHER}`")
        if any(code != OTHER and code.isupper() != (self.by == "region") for code in codes):
            raise ValueError(f"codes have to be {self.by}s, or `{OTHER}`")
        return self

    def check(self, books: Books, act: Act) -> None:
        fund_of(books, act, self.fund)
        amount, gifts = given_between(books, f"{self.fund}/{self.unit}", self.from_day, self.to_day)
        said = (sum(cell.amount for cell in self.cells), sum(cell.gifts for cell in self.cells))
        if said != (amount, gifts):
            act.fault(
                "statistics-total",
                f"cells: {said[0]} in {said[1]} gifts; the ledger has {amount} in {gifts} gifts for {self.fund}/{self.unit}",
            )


def given_between(books: Books, tape: str, from_day: str, to_day: str) -> tuple[int, int]:
    """(amount, gifts) recorded so far as received into a tape from one day to another, both included."""
    rows = [row for step in cover(from_day, to_day) if (row := books.given.get(f"{tape}/{step}"))]
    return sum(row.amount for row in rows), sum(row.gifts for row in rows)
