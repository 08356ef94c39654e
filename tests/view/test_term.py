"""What a record names is read off the types of its fields: a new kind says it by declaring them."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, get_args

import pytest
from pydantic import Field

from ledger.books import field
from ledger.books.field import DisbursementRef, FundId, Names, Part, PartyId, Ref, Slug
from ledger.books.kind import Kind
from ledger.books.naming import ways
from ledger.books.record import KINDS
from ledger.books.signing import Signing
from ledger.books.state import Books
from ledger.books.term import terms
from tests.rules.matching import registered
from tests.view.naive import ACTIVITIES, FUNDS, PARTIES, REFS


def paths(kind: str, what: str) -> list[str]:
    """The paths of a kind that name such a thing."""
    return sorted(".".join(way.path) for way in ways(KINDS[kind]) if way.what == what)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_names_what_the_page_says(kind: str):
    assert sorted(paths(kind, "fund") + paths(kind, "activity")) == sorted(FUNDS.get(kind, ()))
    assert paths(kind, "activity") == sorted(ACTIVITIES.get(kind, ()))
    assert paths(kind, "party") == sorted(PARTIES.get(kind, ()))
    assert sorted(paths(kind, "record") + paths(kind, "disbursement")) == sorted(REFS.get(kind, ()))


def test_every_field_that_holds_a_reference_names_a_record():
    """No kind can forget it: its type says it."""
    for what, declared in (("record", Ref), ("disbursement", DisbursementRef)):
        assert Names(what) in get_args(declared)
        assert [name for name, value in vars(field).items() if Names(what) in getattr(value, "__metadata__", ())] == [
            {"record": "Ref", "disbursement": "DisbursementRef"}[what]
        ]


class Stop(Part):
    """Names nothing in a field, and a fund in another."""

    name: Slug
    fund: FundId | None = None


with registered():

    class Tour(Kind):
        """A kind that no program knows: funds and parties at every depth."""

        stage: ClassVar[str] = "control"
        signing: ClassVar[Signing] = Signing("any party")

        kind: Literal["tour"]
        guide: PartyId
        word: Slug
        guests: tuple[PartyId, ...] = ()
        stops: Annotated[tuple[Stop, ...], Field(max_length=9)] | None = None
        last: Stop | None = None
        notes: Annotated[tuple[Ref, ...], Field(min_length=1)] | None = None


def test_a_new_kind_needs_no_code():
    tour = Tour(
        kind="tour", guide="hope", word="river", guests=("shop", "xu"), stops=(Stop(name="a", fund="school"), Stop(name="b")),
        last=Stop(name="c", fund="books"), notes=("3.1", "@2"),
    )  # fmt: skip
    assert terms(Books(), tour, "op", 7) == [
        "about:3.1", "about:7.2", "fund:books", "fund:school", "kind:tour", "party:hope", "party:op", "party:shop", "party:xu",
    ]  # fmt: skip
    assert terms(Books(), Tour(kind="tour", guide="op", word="x"), "op", 7) == ["kind:tour", "party:op"]
