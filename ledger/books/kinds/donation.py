"""The kind `donation`: a gift comes into a fund."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from ..balance import add, moves_on, tree_of
from ..days import in_its_books
from ..fees import below, enters_whole, keep, keeps_fee, may_keep_fees, not_for_a_relative
from ..field import Amount, Committed, Day, Digest, FundId, PartyId, Private, Ref, Slug, Unit
from ..gift_totals import give, given
from ..inflow_sums import enter_project
from ..kind import Kind
from ..moves import rest_comes_in
from ..platform import is_a_platform
from ..record import BY_OWNER, Rows, VoidBy
from ..referenced import has_reference, takes_place_of, under_its_label
from ..relation import RELATED, Nature, gives_to, is_another_organisation, lists_related, note_donor, says_how_related
from ..rule import when
from ..signing import Signing
from ..state import Books


class Donation(Kind):
    """Records a gift. `amount` is the whole gift. Of its units the last `fee` are what the party in `fee_to` keeps, a custodian or
    platform; the others come into the fund."""

    stage: ClassVar[str] = "donation"
    signing: ClassVar[Signing] = BY_OWNER
    void_by: ClassVar[VoidBy] = "gift"
    is_gift: ClassVar[bool] = True
    alike: ClassVar[tuple[str, ...] | None] = (
        "fund", "unit", "received_on", "channel", "fee_to", "via", "donor", "related", "replaces",
    )  # fmt: skip
    labelled: ClassVar[str] = "channel_ref"
    alone: ClassVar[tuple[str, ...]] = ("fee", "related", "replaces")
    varies: ClassVar[frozenset[str]] = frozenset({"amount", "channel_ref", "private", "holder"})
    share: ClassVar[str] = "fee"
    together: ClassVar[tuple[tuple[str, ...], ...]] = (("fee", "fee_to"),)
    private_fields: ClassVar[tuple[str, ...]] = ("name", "contact", "message", "region")

    demands: ClassVar[Rows] = (
        in_its_books("received_on"),
        has_reference("channel", "channel_ref"),
        under_its_label("channel_ref", "channel", "received_on"),
        when(
            "fee", below("fee", "amount", "unit"), may_keep_fees("fee_to", "fund"),
            not_for_a_relative("fee_to", "fund", "received_on"),
        ),
        when("via", is_a_platform("via")),
        when("replaces", takes_place_of("replaces")),
        when("donor", is_another_organisation("donor")),
        says_how_related("donor", "received_on", "related"),
    )
    moves: ClassVar[Rows] = (rest_comes_in("fund/unit", "amount", "fee"),)
    remembers: ClassVar[Rows] = (
        given("fund/unit", "received_on", "amount"),
        enters_whole("fund/unit", "amount"),
        when("fee", keeps_fee("fund/unit", "received_on", "fee_to", "amount/fee")),
        moves_on("received_on"),
        when("donor", gives_to("donor", "fund")),
        when("related", lists_related("donor", "received_on", "related")),
    )

    kind: Literal["donation"]
    fund: FundId = Field(description="The fund that receives the gift.")
    unit: Unit = Field(description="The unit of the amount.")
    amount: Amount = Field(description="The whole gift, with the fee.")
    channel: Slug = Field(description="The way the gift came in, such as bank or cash.")
    received_on: Day = Field(description="When the gift came in.")
    channel_ref: Committed | None = Field(None, description="The channel's own number for the gift, as a keyed hash.")
    fee: Amount | None = Field(None, description="What is kept of the gift before it comes into the fund.")
    fee_to: PartyId | None = Field(None, description="The custodian or platform that keeps the fee.")
    via: PartyId | None = Field(
        None, description="The platform over which the gift came, where the charity records it and not the platform."
    )
    donor: PartyId | None = Field(None, description="The organisation that gave it, if it gives under its own name.")
    related: Nature | None = Field(None, description=RELATED)
    private: Private | None = Field(None, description="Digests of private data about the donor.")
    holder: Digest | None = Field(None, description="The salted hash of a one-time key of the donor.")
    replaces: Ref | None = Field(None, description="The void record that this one replaces; its reference may be used again.")

    @model_validator(mode="after")
    def _given_together(self) -> Self:
        """where there is a `fee` there is a `fee_to`, and the other way round"""
        if (self.fee is None) != (self.fee_to is None):
            raise ValueError("fee and fee_to must be given together")
        return self

    def post_run(self, books: Books, tape: str, amount: int, count: int, share: int = 0) -> None:
        """Do what `remembers` says for many records at once."""
        give(books, tape, self.received_on, amount, count)
        enter_project(books, tape, amount)
        if self.donor is not None:
            note_donor(books, self.donor, self.fund)
        add(books, tree_of(books, tape), self.received_on, amount - share)
        if self.fee_to is not None:
            keep(books, tape, self.received_on, self.fee_to, amount, share, count)
