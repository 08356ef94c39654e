"""A new kind is one class and no change elsewhere (books §3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import ClassVar, Literal

import pytest

from ledger.books.act import Act, Leg
from ledger.books.field import Amount, Slug, Text, Unit
from ledger.books.record import KINDS, Hop, Record, Signing, tape_of
from ledger.books.schema import kind_page, kind_schema
from ledger.books.state import Books
from ledger.errors import Refused, Unverifiable


@cache
def set_aside_kind() -> type[Record]:
    """The kind `set-aside`. To define the class is to register it."""

    class SetAside(Record):
        """Puts nine tenths of an amount into another fund of the party."""

        stage: ClassVar[str] = "implementation"
        signing: ClassVar[Signing] = Signing("owner of the fund", must=("second signature",))

        kind: Literal["set-aside"]
        fund: Slug
        to: Slug
        unit: Unit
        amount: Amount
        reason: Text

        def check(self, books: Books, act: Act) -> None:
            if self.amount % 10:
                raise Refused(f"amount {self.amount}: has to be a multiple of 10", rule="set-aside")

        def legs(self, books: Books, act: Act) -> Sequence[Leg]:
            kept = self.amount - self.amount // 10
            return (Leg(tape_of(books, act, self.fund, self.unit), kept, (), tape_of(books, act, self.to, self.unit), kept),)

    return SetAside


@pytest.fixture
def set_aside() -> Iterator[type[Record]]:
    KINDS["set-aside"] = set_aside_kind()
    yield KINDS["set-aside"]
    del KINDS["set-aside"]


def test_a_new_kind_works_like_the_others(set_aside, ledger):
    ledger.play("""
        hope: donation 10.00 CNY -> general
        hope by li, auditco.zhou: set-aside fund=general to=school unit=CNY amount=5.00
          - general/CNY 0..450
          + school/CNY 0..450
        hope: set-aside fund=general to=school unit=CNY amount=5.00
          ! approval: a second officer, or an auditor
        shop by sun, auditco.zhou: set-aside fund=general to=school unit=CNY amount=5.00
          ! authority: the party that owns the fund
        hope by li, auditco.zhou: set-aside fund=general to=school unit=CNY amount=5.05
          ! set-aside: has to be a multiple of 10
        hope by li, auditco.zhou: set-aside fund=general to=school unit=CNY amount=0
          ! schema: amount
        hope by li, auditco.zhou: set-aside fund=general to=school unit=CNY amount=9.00
          ! overdraft: only 550 units are left
    """)
    (record,) = ledger.leaves[5].statement.records
    assert isinstance(record, set_aside)
    assert record.hops(ledger.leaves[5].entry.flows) == (Hop("general/CNY", ((0, 450),), "school/CNY", (0, 450)),)


def test_a_new_kind_has_its_schema_and_its_page(set_aside):
    assert kind_schema("set-aside")["properties"]["kind"] == {"const": "set-aside"}
    assert "Puts nine tenths of an amount into another fund" in kind_page("set-aside")


def test_a_kind_that_is_gone_is_unknown_and_not_false(ledger):
    record = {"kind": "set-aside", "fund": "general", "to": "school", "unit": "CNY", "amount": 500, "reason": "Reason"}
    with pytest.raises(Unverifiable, match="'set-aside' is not one this program knows"):
        ledger.say("hope", [record], ["hope.li"])


def test_a_kind_has_a_stage_that_there_is():
    with pytest.raises(TypeError, match="stage 'party' is none of"):

        class Feast(Record):
            stage: ClassVar[str] = "party"
            kind: Literal["feast"]

    assert "feast" not in KINDS
