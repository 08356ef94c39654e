"""No sum that the books keep passes 2^53-1: who would bring it there is refused, before anything is written."""

from __future__ import annotations

from ledger.bounds import MAX_AMOUNT, MAX_INTEGER

TOP = MAX_INTEGER


def all_of(said: str, total: int = TOP) -> str:
    """Records of `total` together, each of as much as a record can say."""
    parts = [MAX_AMOUNT] * (total // MAX_AMOUNT) + [total % MAX_AMOUNT]
    return "; ".join(said.format(part) for part in parts)


def test_a_tape_is_full_at_the_last_unit(ledger):
    ledger.play(f"""
        hope: {all_of("donation {} CNY -> school", TOP - 1)}
        hope: donation 2 CNY -> school
          ! tape-limit: the fund would exceed 2^53-1 minor units
        hope: donation 1 CNY -> school
        hope: income 1 CNY -> school
          ! tape-limit: use another fund
    """)
    assert ledger.left("school/CNY") == TOP


def test_gifts_with_their_fees_are_summed_up_to_it(ledger):
    """Fees are in what was given, and not on the tape."""
    ledger.play(f"""
        hope: {all_of("donation {} CNY -> general fee=1 fee_to=till", TOP - 5)}
        hope: donation 6 CNY -> general
          ! tape-limit: what was given to general would exceed
        hope: donation 5 CNY -> general
    """)


def test_what_came_into_a_project_through_all_its_funds(ledger):
    ledger.play(f"""
        hope: {all_of("donation {} CNY -> school")}
        hope: income 1 CNY -> books
          ! tape-limit: what came into project 'school' would exceed
        hope: {all_of("allocation {} CNY school -> books")}
        hope: donation 1 CNY -> general
    """)


def test_what_a_payee_was_paid_on_a_day_out_of_a_tree(ledger):
    ledger.play(f"""
        hope: fund low unrestricted parent=general
        hope: {all_of("donation {} CNY -> general")}; {all_of("donation {} CNY -> low")}
        hope: {all_of("payment {} CNY general -> shop")}
        hope: payment 1 CNY low -> shop
          ! tape-limit: what hope gave to shop on a day would exceed
        hope: payment 1 CNY low -> press
    """)


def test_what_was_spent_in_a_cost_class_of_a_project(ledger):
    """Of what no project spends there is no sum: one party would fill it for all."""
    ledger.play(f"""
        hope: {all_of("donation {} CNY -> school")}
        hope: {all_of("payment {} CNY school -> shop")}
        hope: {all_of("donation {} CNY -> general")}
        hope: {all_of("payment {} CNY general -> press")}
    """)
    assert {key: row.amount for key, row in ledger.books.spent.items()} == {"school/CNY/programme": TOP}


def test_an_audit_finds_and_skips_what_passes_it(ledger):
    ledger.play(f"""
        hope: fund low unrestricted parent=general
        hope: {all_of("donation {} CNY -> general")}; {all_of("donation {} CNY -> low")}
        hope: {all_of("payment {} CNY general -> shop")}
        hope: payment 1 CNY low -> shop
          leaf 0 - low/CNY 0..1
          skips 0 tape-limit: what hope gave to shop on a day
    """)
