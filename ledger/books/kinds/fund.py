"""The kind `fund`: a purse of one party, with its purpose, its restriction and its threshold."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ...errors import Refused
from ..act import Act, Flow
from ..field import Name, Slug, Sum, Text
from ..record import Record, Signing, fund_of
from ..state import Books
from ..state import Fund as FundRow

Restriction = Literal["unrestricted", "restricted", "endowment"]
Thresholds = Annotated[tuple[Sum, ...], Field(max_length=16)]


def stricter(own: tuple[Sum, ...], above: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    """Per unit the lower of a fund's own thresholds and those above it."""
    limits = dict(above)
    for limit in own:
        limits[limit.unit] = min(limit.amount, limits.get(limit.unit, limit.amount))
    return tuple(sorted(limits.items()))


def new_fund(books: Books, act: Act, id: str, kind: str, parent: str | None, own: str, thresholds: tuple[Sum, ...]) -> FundRow:
    """A fund's row with what it inherits: root, project, restriction and the stricter threshold. Raises Refused."""
    if books.fund.get(id) is not None:
        raise Refused(f"id {id!r}: a fund of that id exists; choose another", rule="reference")
    project = id if kind == "project" else ""
    if parent is None:
        return FundRow(act.party, "", id, kind, project, own, stricter(thresholds, ()), act.index)
    above = fund_of(books, act, parent, "parent")
    if above.kind == "activity" or (kind == "project" and above.project):
        raise Refused(f"parent {parent!r}: a {kind} cannot stand below a {above.kind} of a project", rule="reference")
    restriction = own if above.restriction == "unrestricted" else above.restriction
    limits = stricter(thresholds, above.thresholds)
    return FundRow(act.party, parent, above.root, kind, project or above.project, restriction, limits, act.index)


def enter_project(books: Books, id: str, fund: FundRow) -> None:
    """Count a new fund to the tree of its project."""
    project = books.project.get(fund.project)
    if project is not None and id not in project.funds:
        books.project.put(fund.project, project._replace(funds=(*project.funds, id)))


class Fund(Record):
    """Makes a fund of the party that says it. The same id again changes the thresholds of a fund that is there."""

    stage: ClassVar[str] = "programme"
    signing: ClassVar[Signing] = Signing("owner of the parent fund", must=("own rule",))

    kind: Literal["fund"]
    id: Slug
    name: Name
    purpose: Text
    restriction: Restriction
    parent: Slug | None = None
    thresholds: Thresholds = ()

    @property
    def parent_fund(self) -> str | None:
        """The fund whose owner says it."""
        return self.parent

    def check(self, books: Books, act: Act) -> None:
        old = books.fund.get(self.id)
        if old is not None and (old.owner, old.parent, old.kind) != (act.party, self.parent or "", "fund"):
            raise Refused(f"id {self.id!r}: a fund of that id exists with another owner, parent or kind", rule="reference")
        if old is not None and old.restriction != self.restriction:
            raise Refused(f"restriction: fund {self.id!r} is {old.restriction}; that never changes", rule="restriction")

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        old = books.fund.get(self.id)
        if old is not None:
            above = books.fund.get(old.parent)
            limits = stricter(self.thresholds, above.thresholds if above else ())
            books.fund.put(self.id, old._replace(thresholds=limits))
            return
        fund = new_fund(books, act, self.id, "fund", self.parent, self.restriction, self.thresholds)
        books.fund.put(self.id, fund)
        enter_project(books, self.id, fund)
