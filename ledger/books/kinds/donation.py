"""The kind `donation`: a gift comes into a fund."""

from typing import ClassVar, Literal

from pydantic import Field

from ..balance import add, moves_on, tree_of
from ..days import in_its_books
from ..demands import below, elsewhere
from ..field import Amount, Committed, Day, Digest, FundId, Part, Private, Slug, Unit
from ..gift_totals import give, given
from ..kind import Kind
from ..moves import comes_in, rest_comes_in
from ..record import BY_OWNER, Rows
from ..restriction import enter_project, enters, takes_fees
from ..rule import when
from ..signing import Signing
from ..state import Books


class Fee(Part):
    """What the channel keeps of the gift, and the fund that it goes to."""

    amount: Amount = Field(description="How much the channel keeps.")
    fund: FundId = Field(description="The fund that receives the fee.")


class Donation(Kind):
    """Records a gift. `amount` includes the fee. A fee goes to a fund of the same party, or to an unrestricted fund of a custodian
    or platform that belongs to no project."""

    stage: ClassVar[str] = "donation"
    signing: ClassVar[Signing] = BY_OWNER
    is_gift: ClassVar[bool] = True
    alike: ClassVar[tuple[str, ...] | None] = ("fund", "unit", "received_on", "fee")
    alone: ClassVar[tuple[str, ...]] = ("fee",)
    varies: ClassVar[frozenset[str]] = frozenset({"amount", "channel_ref", "private", "holder"})
    share: ClassVar[str] = "fee.amount"
    private_fields: ClassVar[tuple[str, ...]] = ("name", "contact", "message", "region")

    demands: ClassVar[Rows] = (
        in_its_books("received_on"),
        when("fee", below("fee.amount", "amount", "unit"), elsewhere("fee.fund", "fund"), takes_fees("fee.fund")),
    )
    moves: ClassVar[Rows] = (
        rest_comes_in("fund/unit", "amount", "fee.amount"),
        when("fee", comes_in("fee.fund/unit", "fee.amount")),
    )
    remembers: ClassVar[Rows] = (given("fund/unit", "received_on", "amount"), enters(), moves_on("received_on"))

    kind: Literal["donation"]
    fund: FundId = Field(description="The fund that receives the gift.")
    unit: Unit = Field(description="The unit of the amount.")
    amount: Amount = Field(description="The whole gift, with the fee.")
    channel: Slug = Field(description="The way the gift came in, such as bank or cash.")
    received_on: Day = Field(description="When the gift came in.")
    channel_ref: Committed | None = Field(None, description="The channel's own number for the gift, as a keyed hash.")
    fee: Fee | None = Field(None, description="What the channel keeps, and the fund that receives it.")
    private: Private | None = Field(None, description="Digests of private data about the donor.")
    holder: Digest | None = Field(None, description="The salted hash of a one-time key of the donor.")

    def post_run(self, books: Books, tape: str, amount: int, count: int, share_tape: str = "", share: int = 0) -> None:
        """Do what `remembers` says for many records at once."""
        give(books, tape, self.received_on, amount, count)
        enter_project(books, tape, amount - share)
        add(books, tree_of(books, tape), self.received_on, amount - share)
        if share:
            enter_project(books, share_tape, share)
            add(books, tree_of(books, share_tape), self.received_on, share)
