"""The kind `fund`: a purse of one party, with its purpose, its restriction and its threshold."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ...errors import Refused
from ..act import Act, Flow
from ..field import FundId, Name, Sum, Text
from ..record import Record, Signing, fund_of
from ..restriction import inherited
from ..state import Books
from ..state import Fund as FundRow

Restriction = Literal["unrestricted", "restricted", "endowment"]
Thresholds = Annotated[tuple[Sum, ...], Field(max_length=16)]


def limits(thresholds: tuple[Sum, ...]) -> tuple[tuple[str, int], ...]:
    """(unit, lowest amount) of thresholds, sorted."""
    lowest: dict[str, int] = {}
    for limit in thresholds:
        lowest[limit.unit] = min(limit.amount, lowest.get(limit.unit, limit.amount))
    return tuple(sorted(lowest.items()))


MOST_BELOW = 16


def new_fund(books: Books, act: Act, id: str, kind: str, parent: str | None, own: str, thresholds: tuple[Sum, ...]) -> FundRow:
    """A fund's row with what it inherits: root, project and restriction. Raises Refused."""
    if books.fund.get(id) is not None:
        raise Refused(f"id {id!r}: a fund of that id exists; choose another", rule="reference")
    project = id if kind == "project" else ""
    if parent is None:
        return FundRow(act.party, "", id, kind, project, own, limits(thresholds), act.index, 0)
    above = fund_of(books, act, parent, "parent")
    if above.kind == "activity" or (kind == "project" and above.project):
        raise Refused(f"parent {parent!r}: a {kind} cannot stand below a {above.kind} of a project", rule="reference")
    if above.depth == MOST_BELOW:
        raise Refused(
            f"parent {parent!r}: is {MOST_BELOW} funds below {above.root!r}, and none can be further down; choose one above it",
            rule="reference",
        )
    restriction, root = inherited(own, above.restriction), above.root
    project = project or above.project
    return FundRow(act.party, parent, root, kind, project, restriction, limits(thresholds), act.index, above.depth + 1)


class Fund(Record):
    """Makes a fund of the party that says it. The same id again changes the thresholds of a fund that is there."""

    stage: ClassVar[str] = "programme"
    signing: ClassVar[Signing] = Signing("owner of the parent fund", must=("own rule",))

    kind: Literal["fund"]
    id: FundId
    name: Name
    purpose: Text
    restriction: Restriction
    parent: FundId | None = None
    thresholds: Thresholds = ()

    @property
    def parent_fund(self) -> str | None:
        """The fund whose owner says it."""
        return self.parent

    def check(self, books: Books, act: Act) -> None:
        above = fund_of(books, act, self.parent, "parent") if self.parent else None
        old = books.fund.get(self.id)
        if old is None:
            return
        if (old.owner, old.parent, old.kind) != (act.party, self.parent or "", "fund"):
            raise Refused(f"id {self.id!r}: a fund of that id exists with another owner, parent or kind", rule="reference")
        if old.restriction != inherited(self.restriction, above.restriction if above else "unrestricted"):
            raise Refused(f"restriction: fund {self.id!r} is {old.restriction}; that never changes", rule="restriction")

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        old = books.fund.get(self.id)
        if old is not None:
            books.fund.put(self.id, old._replace(thresholds=limits(self.thresholds)))
            return
        fund = new_fund(books, act, self.id, "fund", self.parent, self.restriction, self.thresholds)
        books.fund.put(self.id, fund)
