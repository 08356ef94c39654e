"""A log that continues another one: the books go on under its name and key, and what does not fit is found."""

from __future__ import annotations

import pytest

from ledger.books.record import KINDS
from ledger.errors import Refused
from tests.language import NEXT, ORIGIN, Ledger, key_text

SAID = f"op by chief, auditco.zhou: succession {ORIGIN}:here:{'a' * 64} log_key={key_text('next.log')}"


def test_everything_goes_on_under_the_new_name(ledger: Ledger):
    ledger.play(f"""
        hope: donation 10.00 CNY -> school as gift
        {SAID}
        hope: donation 5.00 CNY -> school
        hope: refund ^gift school CNY units=0..100 reason=donor-request
          - school/CNY 0..100
    """)
    row, ended = ledger.books.ledger.get(""), ledger.books.ended.get(ORIGIN)
    assert (row.origin, row.log_key, row.operator) == (NEXT, key_text("next.log"), "op")
    assert (ended.size, ended.root, ended.log_key) == (len(ledger.leaves) - 3, "a" * 64, key_text("the.log"))


def test_a_statement_for_the_log_that_ended_is_refused(ledger: Ledger):
    ledger.play(SAID)
    records, _ = ledger.read("hope", "donation 5.00 CNY -> school")
    with pytest.raises(Refused, match=f"this is '{NEXT}'"):
        ledger.say("hope", records, ["hope.li"], ledger=ORIGIN)


@pytest.mark.parametrize(
    ("said", "rule", "why"),
    [
        (SAID.replace(ORIGIN, "another.example"), "ledger", "the log before this entry is"),
        (SAID.replace("here", "3"), "ledger", "continues 3 entries"),
        (SAID.replace(key_text("next.log"), key_text("the.log")), "ledger", "the key of a log that ended"),
        (SAID.replace(key_text("next.log"), key_text("hope.li")), "ledger", "is the key of a party"),
        (SAID.replace(", auditco.zhou", ""), "approval", "an auditor or regulator must sign too"),
        (SAID.replace("auditco.zhou", "shop.sun"), "approval", "an auditor or regulator must sign too"),
        (SAID + "; unit EUR 2", "reference", "must be the only record"),
        (SAID.replace("succession", "unit EUR 2; succession"), "reference", "must be the only record"),
    ],
)
def test_what_does_not_fit_is_refused(ledger: Ledger, said: str, rule: str, why: str):
    ledger.play(f"{said}\n  ! {rule}: {why}")
    assert ledger.books.ended.get(ORIGIN) is None


def test_a_name_or_a_key_that_was_used_before_is_refused(ledger: Ledger):
    ledger.play(SAID)
    records, _ = ledger.read("op", f"succession {NEXT}:here:{'b' * 64} log_key={key_text('third.log')}")
    for origin in (ORIGIN, NEXT):
        with pytest.raises(Refused, match="must have its own name"):
            ledger.say("op", records, ["op.chief", "auditco.zhou"], ledger=origin)
        ledger.books.rollback()
    again = [{**records[0], "log_key": key_text("the.log")}]
    with pytest.raises(Refused, match="the key of a log that ended"):
        ledger.say("op", again, ["op.chief", "auditco.zhou"], ledger="third.example")
    ledger.books.rollback()
    ledger.say("op", records, ["op.chief", "auditco.zhou"], ledger="third.example")
    assert [origin for origin, _ in ledger.books.ended.items()] == [ORIGIN, NEXT]


def test_no_party_gets_the_key_of_a_log_that_ended(ledger: Ledger):
    ledger.play(f"""
        {SAID}
        op by chief, the.log: party robot vendor the.log
          ! key-standing: is the log's key
        op by chief, next.log: party robot vendor next.log
          ! key-standing: is the log's key
    """)


def test_an_audit_applies_what_does_not_fit_and_goes_on(ledger: Ledger):
    """One fault is one finding: what follows names the new log."""
    ledger.play(f"""
        {SAID.replace("here", "3")}
          finds 0 ledger: continues 3 entries
        hope: donation 5.00 CNY -> school
    """)
    assert ledger.books.ledger.get("").origin == NEXT


def test_the_second_officer_signs_too(ledger: Ledger):
    ledger.play(f"""
        op by chief, vice: key vice
        2026-09-10
        {SAID}
          ! approval: two different officers must sign
        {SAID.replace("chief,", "chief, vice,")}
    """)


def test_it_is_a_kind_of_the_registry():
    assert KINDS["succession"].stage == "registry"
