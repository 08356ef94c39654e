"""An organisation has one number in a public register, and is one party."""

import pytest

from ledger.books.register import bare
from tests.language import a_ledger


@pytest.mark.parametrize("twin", ["GB-CHC-1", "gb-chc-1", "'GB CHC 1'", "GB/CHC.1.", "'-gb - chc / 1'"])
def test_a_number_is_of_one_party_however_it_is_spelled(twin):
    a_ledger().play(f"""
        op: party one vendor identifier=GB-CHC-1
        op: party two vendor identifier={twin}
          ! identifier-again: belongs to one since entry
        op: party two vendor identifier=GB-CHC-11
        op: party three vendor; party four vendor
    """)


def test_two_parties_of_one_statement_do_not_share_a_number():
    a_ledger().play("""
        op: party one vendor identifier=GB-CHC-1; party two vendor identifier=gb/chc/1
          ! identifier-again: belongs to one
        op: party two vendor identifier=gb.chc.1
    """)


@pytest.mark.parametrize(
    ("one", "two"),
    [("GB-CHC-1-23", "GB-CHC-12-3"), ("MX-RFC-Ñ&A010101AAA", "MX-RFC-ÑA010101AAA"), ("GB-CHC-1", "GBCHC1"), ("X-1_2", "X-12"),
     ("X-1:2", "X-1-2"), ("X-1+", "X-1")],
)  # fmt: skip
def test_parties_whose_numbers_differ_in_where_a_sign_stands_are_two(one: str, two: str):
    a_ledger().play(f"""
        op: party one vendor identifier={one}
        op: party two vendor identifier={two}
    """)


def test_an_audit_goes_on_with_both_parties_and_the_number_stays_with_the_first():
    ledger = a_ledger().play("""
        op: party one vendor identifier=GB-CHC-1
        op: party two vendor identifier=GB-CHC-1
          finds 0 identifier-again: belongs to one
        hope: donation 10.00 CNY -> general
        hope: payment 5.00 CNY general -> two
        op: party three vendor identifier=GB-CHC-1
          finds 0 identifier-again: belongs to one
    """)
    assert ledger.books.party["two"].name == "Name"
    assert ledger.books.registered["gb-chc-1"].party == "one"


def test_a_person_who_is_recovered_or_a_party_with_a_new_key_keeps_its_number():
    a_ledger().play("""
        op: party one charity li identifier=GB-CHC-1
        op by op.chief, auditco.zhou, one.new: recovery one one.new officer=li
        op: party two vendor identifier=GB-CHC-1
          ! identifier-again: belongs to one
    """)


@pytest.mark.parametrize(
    ("identifier", "left"),
    [("GB-CHC-1", "gb-chc-1"), ("号-1", "号-1"), ("--", ""), ("É/1", "É-1"),
     ("360G-ALWF-ORG:BRIT_School", "360g-alwf-org:brit_school")],
)
def test_groups_count_and_not_what_separates_them(identifier: str, left: str):
    assert bare(identifier) == left
