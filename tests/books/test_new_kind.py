"""A new kind is one class, and the books need no change for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

import pytest

from ledger.books.field import Amount, Slug, Text, Unit
from ledger.books.flows import Hop
from ledger.books.kind import Kind
from ledger.books.moves import move
from ledger.books.record import KINDS, Record, Rows
from ledger.books.rule import In, Out, demand
from ledger.books.signing import Signing
from ledger.books.state import Books
from ledger.books.statement_context import Leg, StatementContext, inflow
from ledger.errors import Refused, Unverifiable
from ledger.rulebook.kinds import kind_page
from ledger.rulebook.schema import kind_schema
from tests.rules.matching import registered


def set_aside_kind() -> type[Record]:
    """The kind `set-aside`, and its words. To define the class is to register it."""

    @demand("the amount is a multiple of 10", "set-aside")
    def ten_times(books: Books, context: StatementContext, fields: tuple[str, ...], amount: int) -> None:
        if amount % 10:
            raise Refused(f"{fields[0]} {amount}: has to be a multiple of 10", rule="set-aside")

    @move("nine tenths of so much go out of the tape")
    def nine_tenths_go_out(tape: str, amount: int) -> Out:
        return Leg(tape, amount - amount // 10)

    @move("nine tenths of so much come into the tape")
    def nine_tenths_come_in(tape: str, amount: int) -> In:
        return inflow(tape, amount - amount // 10)

    class SetAside(Kind):
        """Puts nine tenths of an amount into another fund of the party."""

        stage: ClassVar[str] = "implementation"
        signing: ClassVar[Signing] = Signing("owner of the fund", must=("second signature",))
        demands: ClassVar[Rows] = (ten_times("amount"),)
        moves: ClassVar[Rows] = (nine_tenths_go_out("fund/unit", "amount"), nine_tenths_come_in("to/unit", "amount"))

        kind: Literal["set-aside"]
        fund: Slug
        to: Slug
        unit: Unit
        amount: Amount
        reason: Text

    return SetAside


@pytest.fixture
def set_aside() -> Iterator[type[Record]]:
    with registered():
        yield set_aside_kind()


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
          ! overdraft: holds 5.50 CNY
    """)
    (record,) = ledger.leaves[5].statement.records
    assert isinstance(record, set_aside)
    assert record.hops(ledger.leaves[5].entry.flows) == (Hop("general/CNY", ((0, 450),), "school/CNY", (0, 450)),)


def test_a_new_kind_has_its_schema_and_its_page(set_aside):
    assert kind_schema("set-aside")["properties"]["kind"] == {"const": "set-aside"}
    assert "Puts nine tenths of an amount into another fund" in kind_page("set-aside")


def test_a_kind_that_is_gone_is_unknown_and_not_false(ledger):
    record = {"kind": "set-aside", "fund": "general", "to": "school", "unit": "CNY", "amount": 500, "reason": "Reason"}
    with pytest.raises(Unverifiable, match="'set-aside' is not one that this program knows"):
        ledger.say("hope", [record], ["hope.li"])


def test_a_kind_has_a_stage_that_there_is():
    with pytest.raises(TypeError, match="stage 'party' must be one of"):

        class Feast(Kind):
            stage: ClassVar[str] = "party"
            kind: Literal["feast"]

    assert "feast" not in KINDS
