"""The kind `activity`: a part of a project that money is assigned to and spent from."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ...errors import Refused
from ..act import Act, Flow
from ..field import Day, FundId, Name, PartyId, Place, Sum, Text
from ..record import Record, Signing, fund_of, party_of
from ..state import Activity as ActivityRow
from ..state import Books
from .fund import Thresholds, new_fund


class Activity(Record):
    """Makes the fund of its id below a project's fund; money in it counts as allocated. Implementers may report on it."""

    stage: ClassVar[str] = "programme"
    signing: ClassVar[Signing] = Signing("owner of the parent fund", must=("own rule",))

    kind: Literal["activity"]
    id: FundId
    parent: FundId
    name: Name
    purpose: Text
    implementers: Annotated[tuple[PartyId, ...], Field(max_length=16)] = ()
    budget: Annotated[tuple[Sum, ...], Field(max_length=16)] = ()
    starts_on: Day | None = None
    ends_on: Day | None = None
    thresholds: Thresholds = ()
    place: Place | None = None

    @model_validator(mode="after")
    def _starts_before_it_ends(self) -> Self:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValueError("ends_on lies before starts_on")
        return self

    @property
    def parent_fund(self) -> str:
        """The fund whose owner says it."""
        return self.parent

    def check(self, books: Books, act: Act) -> None:
        if not fund_of(books, act, self.parent, "parent").project:
            raise Refused(f"parent {self.parent!r}: belongs to no project; an activity stands below one", rule="reference")
        for implementer in self.implementers:
            party_of(books, act, implementer, "implementers")

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        fund = new_fund(books, act, self.id, "activity", self.parent, "unrestricted", self.thresholds)
        books.fund.put(self.id, fund)
        books.activity.put(self.id, ActivityRow(fund.project, act.party, self.implementers))
