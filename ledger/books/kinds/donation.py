"""The kind `donation`: a gift comes into a fund."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, ClassVar, Literal

from ...errors import Refused
from ..act import Act, Flow, Leg, inflow
from ..field import Amount, Committed, Day, Digest, FundId, Part, Private, Slug, Unit
from ..period import steps_of
from ..record import BY_OWNER, Record, Signing, not_after_today, tape_of
from ..restriction import check_fee
from ..state import Books, Given, total

NONE_GIVEN = Given()


class Fee(Part):
    """What the channel keeps of the gift, and whose fund it goes to."""

    amount: Amount
    fund: FundId


class Donation(Record):
    """A gift of `amount`, fee included. `holder` commits a donor's one-time key; `channel_ref` the channel's own reference. A fee
    goes to a fund of the party, or to an unrestricted one, of no project, of a custodian or platform."""

    stage: ClassVar[str] = "donation"
    signing: ClassVar[Signing] = BY_OWNER
    is_gift: ClassVar[bool] = True
    alike: ClassVar[Callable[[Any], tuple]] = attrgetter("fund", "unit", "received_on", "fee")
    varies: ClassVar[frozenset[str]] = frozenset({"amount", "channel_ref", "private", "holder"})
    private_fields: ClassVar[tuple[str, ...]] = ("name", "contact", "message", "region")

    kind: Literal["donation"]
    fund: FundId
    unit: Unit
    amount: Amount
    channel: Slug
    received_on: Day
    channel_ref: Committed | None = None
    fee: Fee | None = None
    private: Private | None = None
    holder: Digest | None = None

    def unique_keys(self, party: str) -> Sequence[str]:
        return () if self.channel_ref is None else (channel_key(party, self.channel, self.channel_ref),)

    def keys_of_run(self, party: str, columns: dict[str, list[Any]]) -> Sequence[str]:
        beginning = channel_key(party, self.channel, "")
        return [beginning + channel_ref for channel_ref in columns.get("channel_ref", ())]

    def check(self, books: Books, act: Act) -> None:
        not_after_today(books, act, self.received_on, "received_on")
        fee = self.fee
        if fee is not None:
            if fee.amount >= self.amount or fee.fund == self.fund:
                raise Refused(f"fee {fee.amount}: has to be below the amount {self.amount}, in another fund", rule="fee")
            check_fee(books, act, fee.fund)

    def legs(self, books: Books, act: Act) -> Sequence[Leg]:
        tape = tape_of(books, act, self.fund, self.unit)
        if self.fee is None:
            return (inflow(tape, self.amount),)
        fees = tape_of(books, act, self.fee.fund, self.unit, "fee.fund")
        return (inflow(tape, self.amount - self.fee.amount), inflow(fees, self.fee.amount))

    def stands_alone(self) -> bool:
        return self.fee is not None

    def post(self, books: Books, act: Act, rows: Sequence[Flow]) -> None:
        self.post_run(books, rows[0][2], self.amount, 1)

    def post_run(self, books: Books, tape: str, amount: int, count: int) -> None:
        for step in steps_of(self.received_on):
            key = f"{tape}/{step}"
            given = books.given.get(key) or NONE_GIVEN
            books.given.put(key, Given(total(given.amount, amount, f"what was given to {self.fund}"), given.gifts + count))


def channel_key(party: str, channel: str, channel_ref: str) -> str:
    """What may exist once in a ledger: a reference of a party in a channel (its label stands inside it)."""
    return f"reference\0{party}\0{channel}\0{channel_ref}"
