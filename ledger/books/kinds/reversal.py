"""The kind `reversal`: undoes an allocation whose units are all unspent, or withdraws a record that moved nothing."""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from ...errors import Refused
from ..act import Act, Flow, Leg
from ..field import Ref, Text
from ..record import Record, Signing, Target
from ..restriction import leave_project, same_project
from ..state import ACTIVE, Allocation, Books
from ..tape import EMPTY, Span

WITHDRAWN = ("progress",)


class Reversal(Record):
    """The units of an allocation go back to the tail of the fund they came from; or a `progress` is withdrawn."""

    stage: ClassVar[str] = "correction"
    signing: ClassVar[Signing] = Signing("allocator", must=("own rule",))

    kind: Literal["reversal"]
    of: Ref
    reason: Text

    def check(self, books: Books, act: Act) -> None:
        allocation = self._allocation(books, act)
        if allocation is None:
            act.claim(self.of, party=act.party)
            return
        if allocation.reversed_by != ACTIVE:
            raise Refused(f"of {self.of}: was reversed at entry {allocation.reversed_by} already", rule="reference")
        span = (allocation.start, allocation.start + allocation.amount)
        if not (books.tape.get(f"{allocation.to}/{allocation.unit}") or EMPTY).is_free(*span):
            raise Refused(f"of {self.of}: some of its units are spent; only an unspent allocation is reversed", rule="overdraft")

    def _allocation(self, books: Books, act: Act) -> Allocation | None:
        return books.allocation.get(act.resolve(self.of, "of"))

    def legs(self, books: Books, act: Act) -> Sequence[Leg]:
        row = self._allocation(books, act)
        if row is None:
            return ()
        units = ((row.start, row.start + row.amount),)
        # A project's inflow counts money once: the allocation took it out of the project that it comes back to.
        inner = row.amount if same_project(books, row.source, row.to) else 0
        return (Leg(f"{row.to}/{row.unit}", row.amount, units, f"{row.source}/{row.unit}", row.amount, inner),)

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        row = self._allocation(books, act)
        if row is None:
            return
        books.allocation.put(act.resolve(self.of, "of"), row._replace(reversed_by=act.index))
        if not same_project(books, row.source, row.to):
            leave_project(books, f"{row.to}/{row.unit}", row.amount)

    @classmethod
    def settle(cls, facts: dict[str, Any], target: Target) -> None:
        """Only a record of the same party that moved nothing and nothing stands on is withdrawn. Raises Refused."""
        if target.record.kind not in WITHDRAWN:
            raise Refused(f"of: a {target.record.kind} is not reversed; an allocation or progress is", rule="reference")
        if facts["party"] != target.party:
            raise Refused("of: was said by another party; its own party withdraws it", rule="authority")

    @classmethod
    def once(cls, facts: dict[str, Any]) -> Sequence[Span]:
        return ((0, 1),)

    @classmethod
    def again(cls, start: int, end: int) -> Refused:
        return Refused("of: was withdrawn before", rule="reference")
