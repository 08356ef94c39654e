"""The clock of the log: it goes back only by a correction, which is rare, signed by two, and reported for ever (books §2)."""

from __future__ import annotations

import pytest

from ledger.books.fold import books_time
from tests.language import Ledger


@pytest.fixture
def ahead(ledger: Ledger) -> Ledger:
    """A ledger with an entry under a clock of 2038."""
    return ledger.play("""
        2038-01-19
        hope: donation 1.00 CNY -> school
    """)


def test_no_entry_follows_one_under_a_wrong_clock_until_the_clock_is_corrected(ahead: Ledger):
    ahead.play("""
        2026-09-08
        hope: donation 1.00 CNY -> school
          ! time: is before 2038-01-19
        op: clock-correction "The battery was empty"
          ! approval: an auditor or regulator must sign too
        hope by li, auditco.zhou: clock-correction "The battery was empty"
          ! authority: only the operator
        op by chief, auditco.zhou: clock-correction "The battery was empty"
        hope: donation 1.00 CNY -> school
    """)
    assert books_time(ahead.books) == "2026-09-08T10:00:00Z"


def test_a_correction_is_reported(ahead: Ledger):
    ahead.play("""
        2026-09-08
        op by chief, auditco.zhou: clock-correction "The battery was empty"
    """)
    (remark,) = ahead.context.remarks
    assert remark.fault.rule == "clock-corrected" and "from 2038-01-19T10:00:00Z to 2026-09-08T10:00:00Z" in remark.fault.message


def test_there_are_thirty_days_between_two_corrections(ahead: Ledger):
    ahead.play("""
        2026-09-08
        op by chief, auditco.zhou: clock-correction "The battery was empty"
        2027-09-08
        hope: donation 1.00 CNY -> school
        2026-10-07
        op by chief, auditco.zhou: clock-correction "Again"
          ! time: the clock was corrected on 2026-09-08
        2026-10-08
        op by chief, auditco.zhou: clock-correction "Again"
    """)


def test_a_clock_that_is_not_ahead_is_not_corrected(ledger: Ledger):
    ledger.play("""
        op by chief, auditco.zhou: clock-correction "For fun"
          ! time: there is nothing to correct
    """)


def test_an_overseer_of_the_wrong_clock_cannot_turn_it_back(ahead: Ledger):
    ahead.play("""
        op: party watch auditor one
        2026-09-08
        op by chief, watch.one: clock-correction "The battery was empty"
          ! authority: was given to watch on 2038-01-19
        op by chief, auditco.zhou: clock-correction "The battery was empty"
    """)


def test_what_waits_for_a_day_of_the_wrong_clock_is_said_again(ledger: Ledger):
    ledger.play("""
        op: party river charity xu
        river by xu: mandate 30 second=auditco
        2038-01-19
        river by xu: mandate 30 second=shop
        2026-09-08
        op by chief, auditco.zhou: clock-correction "The battery was empty"
        river by xu: mandate 5 second=shop
    """)
    assert ledger.books.mandate["river"].second == ("", "shop", "2026-10-08")
