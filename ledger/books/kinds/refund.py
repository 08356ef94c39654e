"""The kind `refund`: units of one gift go back to its donor."""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, Self

from pydantic import model_validator

from ...errors import Refused
from ..act import Act, Flow, Leg
from ..field import Day, FundId, Part, Ranges, Ref, Text, Unit
from ..record import Hop, Record, Signing, Target, fund_of, ins, not_after_today, outs, size, tape_of
from ..restriction import check_cover, leave_project
from ..state import Books
from ..tape import EMPTY, Span, split


class Cover(Part):
    """Units of the gift that are spent already, paid back from another fund."""

    fund: FundId
    units: Ranges


class Refund(Record):
    """Names the gift and its units on the tape of the fund it was given to: `units` are still there, `cover.units` are spent. What
    goes back is inflow of a project no more."""

    stage: ClassVar[str] = "correction"
    signing: ClassVar[Signing] = Signing("owner of the fund", must=("own rule",))

    kind: Literal["refund"]
    gift: Ref
    fund: FundId
    unit: Unit
    reason: Literal["donor-request", "recorded-in-error", "purpose-failed", "legal"]
    refunded_on: Day
    units: Ranges | None = None
    cover: Cover | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _names_units(self) -> Self:
        if self.units is None and self.cover is None:
            raise ValueError("names units, cover, or both")
        return self

    def check(self, books: Books, act: Act) -> None:
        fund_of(books, act, self.fund)
        act.resolve(self.gift, "gift")
        not_after_today(books, act, self.refunded_on, "refunded_on")
        act.claim(self.gift, tape=f"{self.fund}/{self.unit}", units=self.units or (), cover=self._covered())
        if self.cover is not None:
            fund_of(books, act, self.cover.fund, "cover.fund")
            check_cover(books, act, self.cover.fund)
            tape = books.tape.get(f"{self.fund}/{self.unit}") or EMPTY
            for start, end in self.cover.units:
                if not tape.is_taken(start, end):
                    raise Refused(f"cover.units [{start}, {end}): some are not spent; refund them as units", rule="overdraft")

    def _covered(self) -> tuple[Span, ...]:
        return self.cover.units if self.cover else ()

    def legs(self, books: Books, act: Act) -> Sequence[Leg]:
        legs = []
        if self.units:
            legs.append(Leg(tape_of(books, act, self.fund, self.unit), size(self.units), self.units))
        if self.cover:
            legs.append(Leg(tape_of(books, act, self.cover.fund, self.unit, "cover.fund"), size(self.cover.units)))
        return legs

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        """What went back to the donor is no inflow to later costs of the project whose money it was."""
        for tape, (start, end) in outs(rows):
            leave_project(books, tape, end - start)

    @classmethod
    def settle(cls, facts: dict[str, Any], target: Target) -> None:
        """The units lie in the gift. Raises Refused."""
        if target.record.kind != "donation":
            raise Refused("gift: is no donation; give the reference of the gift", rule="reference")
        given = [span for tape, span in ins(target.rows) if tape == facts["tape"]]
        for start, end in (*facts["units"], *facts["cover"]):
            if not any(low <= start and end <= high for low, high in given):
                raise Refused(f"units [{start}, {end}): are not of that gift, which holds {given}", rule="refund-units")

    @classmethod
    def once(cls, facts: dict[str, Any]) -> Sequence[Span]:
        return [(start, end) for start, end in (*facts["units"], *facts["cover"])]

    @classmethod
    def again(cls, start: int, end: int) -> Refused:
        return Refused(f"units [{start}, {end}): some were refunded before; a unit goes back once", rule="refund-units")

    def hops(self, rows: Sequence[Flow]) -> tuple[Hop, ...]:
        """The gift's own units are refunded; what covers spent units is lost to the fund that gave it."""
        flows = outs(rows)
        own = size(self.units or ())
        given, covering = split([span for _, span in flows], [own, size(self._covered())])
        hops = [Hop(flows[0][0], given, state="refunded")] if given else []
        return (*hops, *([Hop(flows[-1][0], covering, state="written-off")] if covering else []))
