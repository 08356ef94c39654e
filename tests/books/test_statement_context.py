"""What a statement can name: records before its own, that its signer had seen, and that were applied."""

from __future__ import annotations

import pytest

from ledger.books.statement_context import Claim, Kept, Leg, StatementContext, inflow, refuse
from ledger.errors import Refused
from tests.books.by_hand import SIZE, act_of, rule_of


@pytest.fixture
def context() -> StatementContext:
    """Record 2 of entry 5, which is bound to entry 3."""
    return act_of(after=3, number=2)


def test_what_is_not_known_yet():
    context = act_of()
    assert (context.index, context.number, context.ref, context.after) == (SIZE, 0, "5.0", 4)
    assert (context.signers, context.officers, context.needs_two, context.introduced, context.new_keys) == (
        (),
        frozenset(),
        False,
        {},
        frozenset(),
    )
    assert (context.flows, context.claims, context.tapes, context.skipped) == ([], [], {}, ())


def test_a_fault_stops_intake_and_is_kept_by_an_audit():
    with pytest.raises(Refused, match="no such day") as refused:
        act_of().fault("time", "no such day")
    assert refused.value.rule == "time" and act_of().mode is refuse
    kept = Kept()
    kept("time", "no such day")
    kept("fee", "too much")
    assert [(fault.rule, str(fault)) for fault in kept.take()] == [("time", "no such day"), ("fee", "too much")]
    assert kept.take() == []


def test_the_leg_of_a_gift():
    assert inflow("books/CNY", 7) == Leg(into="books/CNY", in_amount=7) == ("", 0, (), "books/CNY", 7, 0, "")


@pytest.mark.parametrize(("since", "rule"), [(0, ""), (3, ""), (4, "after"), (5, ""), (6, "")])
def test_what_was_said_after_the_entry_that_it_is_bound_to_was_not_seen(context: StatementContext, since: int, rule: str):
    """What stands in the statement itself was."""
    assert rule_of(context.check_seen, since, "fund", "books", "made") == rule


def test_a_reference_to_an_earlier_record(context: StatementContext):
    for ref, name in (
        ("0.0", "0.0"), ("3.9", "3.9"), ("@0", "5.0"), ("@1", "5.1"), ("5.1", "5.1"),
    ):  # fmt: skip
        assert context.resolve(ref, "of") == name


def test_a_reference_to_what_is_later_or_was_not_seen(context: StatementContext):
    for ref, rule in (
        ("@2", "reference"), ("@3", "reference"), ("5.2", "reference"), ("6.0", "reference"), ("6.1", "reference"),
     ("4.0", "after"), ("4.9", "after"),
    ):  # fmt: skip
        assert rule_of(context.resolve, ref, "of") == rule


def test_a_reference_to_what_an_audit_skipped():
    """The record, or its whole entry; those beside it are there."""
    context = act_of(skipped={"2.1", "3"})
    assert [rule_of(context.resolve, ref, "of") for ref in ("2.0", "2.1", "3.0", "3.1", "4.3", "1.2")] == [
        "", "skipped", "skipped", "skipped", "", "",
    ]  # fmt: skip


def test_a_claim_is_about_an_earlier_entry(context: StatementContext):
    context.claim("of-gift", "3.1", party="hope")
    assert context.claims == [Claim(3, 1, 2, {"claim": "of-gift", "party": "hope"})]
    for ref in ("@0", "5.1"):
        with pytest.raises(Refused, match="is in the same statement"):
            context.claim("in-log", ref)
    assert len(context.claims) == 1
