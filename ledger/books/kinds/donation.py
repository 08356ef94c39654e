"""The kind `donation`: a gift comes into a fund."""

from typing import ClassVar, Literal

from ..demands import below, elsewhere, not_after_today
from ..field import Amount, Committed, Day, Digest, FundId, Part, Private, Slug, Unit
from ..given import give, given
from ..moves import comes_in, rest_comes_in
from ..record import BY_OWNER, Record, Rows, Signing
from ..restriction import enter_project, enters, takes_fees
from ..rule import when
from ..state import Books


class Fee(Part):
    """What the channel keeps of the gift, and the fund that it goes to."""

    amount: Amount
    fund: FundId


class Donation(Record):
    """A gift of `amount`, including the fee. `holder` commits a donor's one-time key, and `channel_ref` the channel's own
    reference. A fee goes to a fund of the party, or to an unrestricted fund, outside projects, of a custodian or platform."""

    stage: ClassVar[str] = "donation"
    signing: ClassVar[Signing] = BY_OWNER
    is_gift: ClassVar[bool] = True
    alike: ClassVar[tuple[str, ...] | None] = ("fund", "unit", "received_on", "fee")
    alone: ClassVar[tuple[str, ...]] = ("fee",)
    varies: ClassVar[frozenset[str]] = frozenset({"amount", "channel_ref", "private", "holder"})
    private_fields: ClassVar[tuple[str, ...]] = ("name", "contact", "message", "region")

    demands: ClassVar[Rows] = (
        not_after_today("received_on"),
        when("fee", below("fee.amount", "amount", "unit"), elsewhere("fee.fund", "fund"), takes_fees("fee.fund")),
    )
    moves: ClassVar[Rows] = (
        rest_comes_in("fund/unit", "amount", "fee.amount"),
        when("fee", comes_in("fee.fund/unit", "fee.amount")),
    )
    remembers: ClassVar[Rows] = (given("fund/unit", "received_on", "amount"), enters())

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

    def post_run(self, books: Books, tape: str, amount: int, count: int) -> None:
        """What `remembers` says, of many at once."""
        give(books, tape, self.received_on, amount, count)
        enter_project(books, tape, amount)
