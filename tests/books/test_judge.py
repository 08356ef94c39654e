"""An audit's fold (books §5): one fault is one finding, what can be applied is applied, and it goes on with the log's own flows."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.books.fold import judge, skip
from tests.language import Ledger, a_ledger, flows_of


@pytest.fixture
def log(ledger: Ledger) -> Ledger:
    """A log in which all is well so far: 10.00 given, 4.00 of it allocated."""
    return ledger.play("""
        hope: donation 10.00 CNY -> school
          leaf 0 + school/CNY 0..1000
        hope: allocation 4.00 CNY school -> books
          leaf 0 - school/CNY 0..400
          leaf 0 + books/CNY 0..400
          left school/CNY 6.00
    """)


def test_a_sound_entry_has_no_fault_and_does_what_intake_does(log):
    taken = log.books
    intake = Ledger().play("")
    for leaf in log.leaves:
        context, faults = judge(intake.books, leaf.journal_entry(), leaf.statement.records, leaf.entry.flows)
        intake.books.commit()
        assert not faults and context.flows == leaf.entry.flows
    assert rows(intake.books) == rows(taken)


def rows(books) -> list:
    return [(table.name, list(table.items())) for table in books.tables]


@pytest.mark.parametrize(
    ("flows", "then"),
    [
        ("+ school/CNY 1000..1900", 1900),  # too much
        ("+ school/CNY 1000..1100", 1100),  # too little
        ("+ school/CNY 1500..1700", 1700),  # beyond the end
        ("+ desks/CNY 0..200", 1000),  # elsewhere
        ("- school/CNY 400..600", 1000),  # the wrong way
        ("+ school/CNY 1000..1100\n leaf 0 + school/CNY 1100..1200", 1200),  # in two pieces
    ],
)
def test_one_wrong_inflow_is_one_finding(log, flows, then):
    """The log's writer went on from the wrong flow, and so does the audit: what follows is sound."""
    log.play(f"""
        hope: donation 2.00 CNY -> school
          leaf 0 {flows}
          finds 0 tape-flow: but the rules give 2.00 CNY (units 1000 to 1200) into fund school
        hope: donation 3.00 CNY -> school
          leaf 0 + school/CNY {then}..{then + 300}
        hope: donation 3.00 CNY -> school
          leaf 0 + school/CNY {then + 300}..{then + 600}
    """)


def test_an_entry_without_the_flow_it_should_have(log):
    log.play("""
        hope: donation 2.00 CNY -> school
          leaf
          finds 0 tape-flow: the entry has none, but the rules give
        hope: donation 3.00 CNY -> school
          leaf 0 + school/CNY 1000..1300
        hope: allocation 3.00 CNY school -> books
          leaf
          finds 0 tape-flow: the entry has none
        hope: allocation 3.00 CNY school -> books
          leaf 0 - school/CNY 400..700
          leaf 0 + books/CNY 400..700
    """)


def test_units_that_were_in_the_log_before_cannot_come_in_again(log):
    """The leaf's own flow is not possible; the audit goes on with what the rules give."""
    log.play("""
        hope: donation 2.00 CNY -> school
          leaf 0 + school/CNY 0..200
          finds 0 tape-flow: but the rules give 2.00 CNY (units 1000 to 1200) into fund school
          left school/CNY 8.00
        hope: donation 2.00 CNY -> school
          leaf 0 + school/CNY 1200..1400
    """)


def test_other_units_than_the_lowest_are_one_finding(log):
    """What was passed over is free still, and the next record takes it."""
    log.play("""
        hope: allocation 2.00 CNY school -> books
          leaf 0 - school/CNY 700..900
          leaf 0 + books/CNY 400..600
          finds 0 tape-flow: but the rules give 2.00 CNY (units 400 to 600) out of fund school
          left school/CNY 4.00
        hope: allocation 3.50 CNY school -> books
          leaf 0 - school/CNY 400..700
          leaf 0 - school/CNY 900..950
          leaf 0 + books/CNY 600..950
        hope: payment 1.00 CNY books -> shop
          leaf 0 - books/CNY 200..300
          finds 0 tape-flow: the rules give
        hope: payment 3.00 CNY books -> shop
          leaf 0 - books/CNY 0..200
          leaf 0 - books/CNY 300..400
    """)


def test_an_entry_that_could_not_be_read_is_not_found_again_in_every_later_one(log):
    """An allocation of 1.00 is missing from what the audit could read. The first outflow after it differs, and the second."""
    log.leaves.append(log.leaves[-1])
    log.play("""
        hope: allocation 2.00 CNY school -> books
          leaf 0 - school/CNY 500..700
          leaf 0 + books/CNY 500..700
          finds 0 tape-flow: the rules give
        hope: allocation 1.00 CNY school -> books
          leaf 0 - school/CNY 700..800
          leaf 0 + books/CNY 700..800
          finds 0 tape-flow: the rules give
        hope: allocation 1.00 CNY school -> books
          leaf 0 - school/CNY 800..900
          leaf 0 + books/CNY 800..900
        hope: donation 1.00 CNY -> school
          leaf 0 + school/CNY 1000..1100
    """)


def test_a_record_that_is_skipped_still_moves_its_units(log):
    log.play("""
        hope: donation 2.00 CNY -> school; payment 1.00 CNY school -> nobody; progress books
          leaf 0 + school/CNY 1000..1200
          leaf 1 - school/CNY 400..500
          skips 1 reference: payee 'nobody': there is no such party
        hope: allocation 3.00 CNY school -> books
          leaf 0 - school/CNY 500..800
          leaf 0 + books/CNY 400..700
    """)
    assert log.books.disbursement.get("6.1") is None


def test_what_stands_on_a_skipped_record_is_not_found_again(log):
    log.play("""
        hope: payment 1.00 CNY books -> nobody as lost
          leaf 0 - books/CNY 0..100
          skips 0 reference: payee 'nobody'
        hope: receipt 1.00 of ^lost level=self-declared; feedback readers 4 payments=^lost
          leaf
        hope: payment-return 1.00 of ^lost
          leaf 0 + books/CNY 400..500
        hope: payment 1.00 CNY books -> shop
          leaf 0 - books/CNY 100..200
          left books/CNY 3.00
    """)


def test_an_entry_that_cannot_be_read_moves_its_units_where_its_flows_can(log):
    lost = flows_of(["leaf 0 - school/CNY 400..700", "leaf 0 + books/CNY 400..700", "leaf 1 - school/CNY 0..100"])
    skip(log.books, len(log.leaves), lost)
    log.books.commit()
    log.leaves.append(log.leaves[-1])
    log.play("""
        hope: allocation 1.00 CNY school -> books
          leaf 0 - school/CNY 700..800
          leaf 0 + books/CNY 700..800
        hope: receipt 1.00 of 6.0 level=self-declared
          leaf
    """)


def test_money_that_is_not_there(log):
    """The log let 9.00 out of a fund that held 4.00: once found, it is not looked for again."""
    log.play("""
        hope: payment 9.00 CNY books -> shop
          leaf 0 - books/CNY 0..900
          skips 0 overdraft: holds 4.00 CNY
        hope: payment 1.00 CNY books -> shop
          leaf 0 - books/CNY 0..100
    """)


def test_named_units_that_are_gone(log):
    log.play("""
        hope: allocation 1.00 CNY school -> books units=300..400
          leaf 0 - school/CNY 400..500
          leaf 0 + books/CNY 400..500
          finds 0 overdraft: some are already used
        hope: payment 5.00 CNY books -> shop
          leaf 0 - books/CNY 0..500
    """)


def test_flows_of_records_that_are_not_there_or_not_in_order(log):
    log.play("""
        hope: donation 1.00 CNY -> school
          leaf 0 + school/CNY 1000..1100
          leaf 1 + school/CNY 1100..1200
          finds -1 tape-flow: one of the 1 records in the statement
        hope: donation 1.00 CNY -> school; donation 2.00 CNY -> school
          leaf 1 + school/CNY 1300..1500
          leaf 0 + school/CNY 1200..1300
          finds -1 tape-flow: must be in order
        hope: donation 1.00 CNY -> school
          leaf 0 + school/CNY 1500..1600
    """)


def test_who_may_not_said_it_and_it_counts(log):
    log.play("""
        shop: donation 1.00 CNY -> school
          leaf 0 + school/CNY 1000..1100
          finds 0 authority: the party that owns the fund
        hope by li, shop.sun: donation 1.00 CNY -> school
          leaf 0 + school/CNY 1100..1200
          finds -1 authority: signature of shop
        hope: write-off 1.00 CNY school
          leaf 0 - school/CNY 400..500
          finds 0 approval: a second officer
        hope by ghost: donation 1.00 CNY -> school
          leaf 0 + school/CNY 1200..1300
          finds -1 key-standing: does not belong to any party
          finds -1 authority: no key of hope has signed it
    """)


def test_rules_of_funds_are_found_and_the_record_applies(log):
    log.play("""
        hope: allocation 1.00 CNY books -> desks
          leaf 0 - books/CNY 0..100
          leaf 0 + desks/CNY 0..100
          finds 0 restriction: only to funds below it
        hope: payment 1.00 CNY books -> shop as paid
          leaf 0 - books/CNY 100..200
        shop: receipt 1.01 of ^paid
          leaf
          finds 0 receipt-excess: would reach 1.01 CNY
        hope: donation 1.00 CNY -> school received_on=2026-09-08
          leaf 0 + school/CNY 1000..1100
          finds 0 day: received_on
    """)


def test_several_faults_of_one_entry(log):
    log.play("""
        shop after 9: payment 1.00 CNY books -> shop paid_on=2026-09-09; donation 1.00 CNY -> nowhere
          leaf 0 - books/CNY 0..200
          finds -1 after: must name an entry before 6
          finds 0 authority: the party that owns the fund
          finds 0 day: paid_on
          finds 0 tape-flow: the rules give
          skips 1 reference: there is no such fund
    """)


def test_a_fund_that_was_skipped_is_not_there(log):
    """What the skipped record would have brought is not half there: the tape it would have had is not known."""
    log.play("""
        hope: fund late restricted nowhere; donation 1.00 CNY -> late
          leaf 1 + late/CNY 0..100
          skips 0 reference: parent 'nowhere'
          skips 1 reference: fund 'late': there is no such fund
    """)


def test_a_time_that_does_not_exist_is_that_of_the_entry_before(log):
    leaf, said = log.heard("hope", log.read("hope", "donation 1.00 CNY -> school")[0], ["hope.li"])
    late = said._replace(time="2026-02-30T10:00:00Z")
    _, faults = judge(log.books, late, leaf.statement.records, flows_of(["leaf 0 + school/CNY 1000..1100"]))
    assert [(fault.record, fault.rule, fault.applied) for fault in faults] == [(-1, "time", True)]
    assert log.books.head.get("").time == "2026-09-07T10:00:00Z"


def test_a_log_that_does_not_begin_with_its_ledger():
    ledger = Ledger()
    ledger.play("""
        op by chief: unit CNY 2; key spare
          leaf
          finds -1 ledger: entry 0 must begin with the record that names the ledger
          finds -1 key-standing: does not belong to any party
          skips 1 approval: has not signed its introduction
          skips 1 key-standing: no key in force of op
          finds -1 authority: no key of op has signed it
    """)


def test_what_judge_applied_waits_for_the_commit(log):
    before = rows(log.books)
    leaf, said = log.heard("hope", log.read("hope", "donation 1.00 CNY -> school; donation 1.00 CNY -> nowhere")[0], ["hope.li"])
    judge(log.books, said, leaf.statement.records, flows_of(["leaf 0 + school/CNY 1000..1900"]))
    log.books.rollback()
    assert rows(log.books) == before


FUNDS = st.sampled_from(["school", "books", "general", "late", "nowhere"])
REFS = st.builds("{}.{}".format, st.integers(0, 9), st.integers(0, 2))
RECORDS = st.one_of(
    st.builds("donation {} CNY -> {}".format, st.integers(1, 99), FUNDS),
    st.builds("donation {} CNY -> {} fee=30 fee_to=till".format, st.integers(1, 99), FUNDS),
    st.builds("allocation {} CNY {} -> {}".format, st.integers(1, 99), FUNDS, FUNDS),
    st.builds("payment {} CNY {} -> shop".format, st.integers(1, 99), FUNDS),
    st.builds("payment {0} CNY {1} -> shop goods=3:box:{2}:{0}".format, st.integers(1, 99), FUNDS, FUNDS),
    st.builds("exchange 7 CNY of {} -> 1 USD rate=1/7".format, FUNDS),
    st.builds("delivery {} box {} -> village".format, st.integers(1, 9), FUNDS),
    st.builds("payment-return {} of {}".format, st.integers(1, 99), REFS),
    st.builds("receipt {} of {}".format, st.integers(1, 99), REFS),
    st.builds("feedback readers 4 payments={}".format, REFS),
    st.builds("refund {} {} CNY units={}..99 cover=general:0..9 reason=legal".format, REFS, FUNDS, st.integers(0, 98)),
    st.builds("reversal of {}".format, REFS),
    st.builds("fund late restricted {}".format, FUNDS),
    st.builds("activity late {}".format, FUNDS),
    st.sampled_from(
        ["recovery hope li key=op.chief", "key-revocation li reason=lost", "key shop.sun", "unit CNY 2", "ledger chief"]
    ),
)
FLOWS = st.lists(
    st.builds(
        lambda number, sign, fund, unit, start, size: [number, sign, f"{fund}/{unit}", start, start + size],
        st.integers(0, 2), st.sampled_from("-+"), FUNDS, st.sampled_from(["CNY", "box"]), st.integers(0, 200), st.integers(1, 99),
    ),
    max_size=4,
)  # fmt: skip
ENTRIES = st.lists(st.tuples(st.sampled_from(["hope", "shop", "op"]), st.lists(RECORDS, min_size=1, max_size=3), FLOWS), max_size=8)


@settings(max_examples=80, deadline=None)
@given(ENTRIES)
def test_an_audit_falls_over_nothing(entries):
    """Whatever stands in an entry of the right form: faults are said, and nothing is raised."""
    ledger = a_ledger().play("hope: donation 100 CNY -> school; allocation 60 CNY school -> books; payment 9 CNY books -> shop")
    for party, texts, flows in entries:
        faults = ledger.find(party, ledger.read(party, "; ".join(texts))[0], ["hope.li"], flows)
        assert all(fault.rule and fault.message for fault in faults)
    for name, tape in ledger.books.tape.items():
        assert 0 <= tape.frontier <= tape.end and tape.free() >= 0, name
