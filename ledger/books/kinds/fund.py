"""The kind `fund`: a purse of one party, with its purpose, its restriction and its threshold."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ..field import FundId, Name, NewFundId, Sum, Text
from ..programme import as_it_was, can_stand_below, makes_fund
from ..record import Record, Rows, Signing
from ..rule import when

Restriction = Literal["unrestricted", "restricted", "endowment"]
Thresholds = Annotated[tuple[Sum, ...], Field(max_length=16)]


class Fund(Record):
    """Creates a fund of the party that makes the record. If the fund exists, it changes only the thresholds."""

    stage: ClassVar[str] = "programme"
    signing: ClassVar[Signing] = Signing("owner of the parent fund", must=("own rule",))
    demands: ClassVar[Rows] = (as_it_was("id", "parent", "restriction"), when("parent", can_stand_below("parent", "kind")))
    remembers: ClassVar[Rows] = (makes_fund("id", "parent"),)

    kind: Literal["fund"]
    id: NewFundId
    name: Name
    purpose: Text
    restriction: Restriction
    parent: FundId | None = None
    thresholds: Thresholds = ()

    @property
    def parent_fund(self) -> str | None:
        """The fund whose owner says it."""
        return self.parent
