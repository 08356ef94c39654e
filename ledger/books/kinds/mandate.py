"""The kind `mandate`: what a party's officers may do alone, who may sign with them, and how long a change of that waits."""

from itertools import combinations
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from ..field import Day, Part, PartyId, Slug, Sums, each_once
from ..kind import Kind
from ..mandate import ENDLESS, begins_no_later, is_another, mandates, moves_books_from, tells_of_backfill
from ..record import Rows
from ..rule import when
from ..signing import Signing

LONGEST_DELAY_DAYS = 30


class Label(Part):
    """A label of keyed hashes, and what it is used for in which days."""

    label: Slug = Field(description="The label, as in the references that are committed with its key.")
    use: Slug = Field(description="The channel whose references it commits; other for all other channels; accounts or invoices.")
    from_day: Day = Field(description="The first day of the records whose references it commits.")
    until_day: Day | None = Field(None, description="The last of these days. If left out, it has no end.")


class Custody(Part):
    """A channel through which money comes or goes, and the party that keeps the money in it, such as a bank."""

    channel: Slug = Field(description="The channel, as in gifts and payments.")
    custodian: PartyId = Field(description="The party that keeps the money in it.")


def _each_channel_once(channels: tuple[Custody, ...]) -> tuple[Custody, ...]:
    """no channel twice"""
    each_once([one.channel for one in channels], "channel")
    return channels


def _apart(labels: tuple[Label, ...]) -> tuple[Label, ...]:
    """labels of one use do not overlap, and end after they begin; `360giving`, `accounts` and `invoices` have one label, which
    has no end"""
    for one in labels:
        if one.until_day is not None and (one.until_day < one.from_day or one.use in ENDLESS):
            raise ValueError("a label must end after it begins; that of 360giving, accounts or invoices has no end")
    for one, two in combinations(sorted(labels, key=lambda label: label.from_day), 2):
        if one.use == two.use and (one.until_day is None or one.until_day >= two.from_day):
            raise ValueError("labels of one use must not overlap")
    return labels




class Mandate(Kind):
    """Says what the party's officers may do alone, and who may sign with them. The last mandate counts, and replaces all of the one
    before. What it tightens takes effect at once; what it loosens, after the delay that was in force before."""

    stage: ClassVar[str] = "registry"
    signing: ClassVar[Signing] = Signing("any party", must=("own rule or delay",))
    demands: ClassVar[Rows] = (
        when("second", is_another("second")),
        when("books_from", begins_no_later("books_from"), tells_of_backfill("books_from")),
    )
    remembers: ClassVar[Rows] = (mandates(), when("books_from", moves_books_from("books_from")))

    kind: Literal["mandate"]
    thresholds: Sums = Field(
        (), description="Above this sum to one payee in a day, two officers must sign, by unit; with 0, always."
    )
    second: PartyId | None = Field(
        None, description="A party that may sign as the second officer, such as an accountant or the parent organisation."
    )
    key_delay_days: Annotated[int, Field(ge=0, le=LONGEST_DELAY_DAYS)] | None = Field(
        None, description="After how many days a change of keys, or a looser mandate, takes effect."
    )
    labels: Annotated[tuple[Label, ...], Field(max_length=64), AfterValidator(_apart)] = Field(
        (), description="The labels of the party's keyed hashes, each with its use and its days."
    )
    channels: Annotated[tuple[Custody, ...], Field(max_length=16), AfterValidator(_each_channel_once)] = Field(
        (), description="The channels of the party, each with the party that keeps the money in it."
    )
    books_from: Day | None = Field(None, description="The day on which the party's books begin, if it is moved back.")
    major: Sums = Field((), description="From this amount on, a transaction is a major one; one amount for each unit.")
