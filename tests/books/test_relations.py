"""Related parties: what a record between them says, who signs it, and what is listed."""

import pytest

from tests.language import Ledger, a_ledger


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger().play("""
        op: party poor beneficiary
        op: party parent charity chen; party rival charity zhao
        hope by li, wang: key wang
        hope: donation 100.00 CNY -> general; donation 9 box -> general
    """)


def remarks(ledger: Ledger) -> list[tuple[str, bool]]:
    """What the last statement is reported for."""
    return [(remark.fault.rule, remark.named) for remark in ledger.context.remarks]


def test_a_payment_to_a_related_party_says_so(ledger: Ledger):
    ledger.play("""
        hope: payment 1.00 CNY general -> shop related=control
          ! related-party: no such relation is on record for 2026-09-07
        hope by li, wang: relation of=shop to=hope nature=founder starts_on=2026-09-01
        hope: payment 1.00 CNY general -> shop
          ! related-party: payee 'shop': is related to hope (founder); record that with related: founder
        hope: payment 1.00 CNY general -> shop related=family
          ! related-party: is related to hope (founder)
        hope: payment 1.00 CNY general -> shop related=founder as pay
        hope: delivery 1 box general -> shop
          ! related-party: to 'shop'
        hope: delivery 1 box general -> shop related=founder
        hope: exchange 7.00 CNY general 1.00 USD rate=1/7 custodian=shop
          ! related-party: custodian 'shop'
        hope: exchange 7.00 CNY general 1.00 USD rate=1/7 custodian=shop related=founder
        hope: exchange 7.00 CNY general 1.00 USD rate=1/7
        hope: payment 1.00 CNY general -> village
    """)
    assert remarks(ledger) == []
    row = ledger.books.related[ledger.labels["pay"]]
    assert row == ("hope", "payment", "shop", "founder", "CNY", 100, "2026-09-07")
    assert len(list(ledger.books.related.all())) == 3


def test_a_relation_is_in_force_from_its_entry_and_between_its_days(ledger: Ledger):
    ledger.play("""
        hope: payment 1.00 CNY general -> shop
        hope by li, wang: relation of=shop to=hope nature=founder starts_on=2026-09-02 ends_on=2026-09-05
        hope: payment 1.00 CNY general -> shop
        hope: payment 1.00 CNY general -> shop paid_on=2026-09-05
          ! related-party: founder
        hope: payment 1.00 CNY general -> shop paid_on=2026-09-02
          ! related-party: founder
        hope: payment 1.00 CNY general -> shop paid_on=2026-09-01
        hope: payment 1.00 CNY general -> shop paid_on=2026-09-06
    """)


def test_the_day_of_the_record_or_of_its_entry_finds_a_relation(ledger: Ledger):
    ledger.play("""
        hope by li, wang: relation of=hope to=shop nature=family starts_on=2026-09-07 officer=li
        hope by li, wang: relation of=hope to=till nature=control starts_on=2026-09-07
        hope by wang: payment 1.00 CNY general -> shop paid_on=2026-09-01
          ! related-party: is related to hope (family)
        hope by li: payment 1.00 CNY general -> shop paid_on=2026-09-01 related=family
          ! conflict-of-interest: through li
        hope by wang: payment 1.00 CNY general -> shop paid_on=2026-09-01 related=family as said
        hope: donation 1.00 CNY -> general fee=0.10 fee_to=till received_on=2026-09-01
          ! fee: is related to hope (control)
        hope by li, wang: correction ^said day=2026-09-07
        auditco: relation of=hope to=shop nature=family starts_on=2026-09-01 ends_on=2026-09-04
        hope by wang: payment 1.00 CNY general -> shop as later
        hope by li, wang: correction ^later day=2026-09-04
          ! related-party: on 2026-09-04 its payee was related to hope (family)
        hope by li, wang: correction ^later day=2026-09-05
    """)


def test_a_relation_in_force_keeps_the_days_that_it_had(ledger: Ledger):
    ledger.play("""
        shop: relation of=shop to=hope nature=control starts_on=2026-09-08
          ! day: starts_on 2026-09-08: is after the day of the entry
        shop: relation of=shop to=hope nature=control starts_on=2026-09-02
        shop: relation of=shop to=hope nature=control starts_on=2026-09-03
          ! day: is on record from 2026-09-02 on and in force
        shop: relation of=shop to=hope nature=control starts_on=2026-09-02 ends_on=2026-09-06
          ! day: a last day from today on
        shop: relation of=shop to=hope nature=control starts_on=2026-09-01 ends_on=2026-09-07
        auditco: relation of=shop to=hope nature=control starts_on=2026-09-03 ends_on=2026-09-03
    """)
    assert remarks(ledger) == []


def test_a_third_party_that_controls_both_makes_them_related(ledger: Ledger):
    ledger.play("""
        parent: relation of=parent to=hope nature=control starts_on=2026-09-01
        parent: relation of=parent to=shop nature=control starts_on=2026-09-01
        hope: payment 1.00 CNY general -> shop
        hope by li, wang: relation of=parent to=hope nature=control starts_on=2026-09-01
        hope: payment 1.00 CNY general -> rival
        shop: relation of=parent to=shop nature=control starts_on=2026-09-01
        hope: payment 1.00 CNY general -> shop
          ! related-party: is related to hope (common-control)
        auditco: relation of=parent to=shop nature=management starts_on=2026-09-01
        hope: payment 1.00 CNY general -> shop
        auditco: relation of=parent to=shop nature=control starts_on=2026-09-01
        hope: payment 1.00 CNY general -> shop related=common-control
    """)


def test_a_relation_of_a_relative_is_none_of_ones_own(ledger: Ledger):
    ledger.play("""
        parent: relation of=parent to=hope nature=control starts_on=2026-09-01
        shop: relation of=shop to=parent nature=control starts_on=2026-09-01
        hope: payment 1.00 CNY general -> shop
        shop: relation of=shop to=village nature=control starts_on=2026-09-01 officer=sun
        shop: relation of=shop to=rival nature=control starts_on=2026-09-01
        hope by li, wang: payment 1.00 CNY general -> village
    """)


def test_one_of_the_two_says_it_or_an_overseer(ledger: Ledger):
    ledger.play("""
        rival: relation of=shop to=hope nature=control starts_on=2026-09-01
          ! authority: only one of the two parties
        hope: relation of=shop to=hope nature=control starts_on=2026-09-01
          ! approval: two different officers must sign
        hope by li, wang: relation of=hope to=hope nature=control starts_on=2026-09-01
          ! schema: must be two parties
        hope by li, wang: relation of=shop to=hope nature=control starts_on=2026-09-02 ends_on=2026-09-01
          ! schema: ends_on is before starts_on
        hope by li, wang: relation of=hope to=shop nature=control starts_on=2026-09-01 officer=nobody
          ! reference: hope has no officer of that name
        hope by li, wang: relation of=hope to=shop nature=control starts_on=2026-09-01 officer=li
        auditco: relation of=hope to=rival nature=family starts_on=2026-09-01
    """)


def test_each_of_the_two_says_its_own_and_an_overseer_for_both(ledger: Ledger):
    ledger.play("""
        hope by li, wang: relation of=hope to=shop nature=main-donor starts_on=2026-09-01
        shop: relation of=shop to=hope nature=control starts_on=2020-01-01
        hope by li, wang: relation of=hope to=shop nature=founder starts_on=2026-09-01
          ! authority: hope said that hope is related to shop (main-donor), and that is in force
        hope by li, wang: relation of=shop to=hope nature=main-donor starts_on=2026-09-01
          ! authority: ask an overseer to say it
        hope: payment 1.00 CNY general -> shop related=main-donor
        auditco: relation of=shop to=hope nature=founder starts_on=2026-09-01
        hope: payment 1.00 CNY general -> shop related=founder
        shop: relation of=shop to=hope nature=control starts_on=2026-09-01
        auditco: relation of=shop to=hope nature=founder starts_on=2026-09-01 ends_on=2026-09-03
        hope: payment 1.00 CNY general -> shop
    """)
    assert remarks(ledger) == []
    ledger.play("hope by li, wang: relation of=hope to=shop nature=main-donor starts_on=2026-09-05")
    assert remarks(ledger) == [("relation-again", False)]


def test_one_side_alone_binds_nobody_else(ledger: Ledger):
    ledger.play("""
        op: party witness implementer wi
        rival: fund purse unrestricted; donation 9.00 CNY -> purse; donation 9.00 CNY -> purse donor=hope
        hope by li, wang: relation of=hope to=rival nature=main-donor starts_on=2026-09-01
        hope by li, wang: relation of=hope to=poor nature=family starts_on=2026-09-01
        hope by li, wang: relation of=hope to=witness nature=family starts_on=2026-09-01
        hope by li, wang: relation of=hope to=auditco nature=family starts_on=2026-09-01
        rival: payment 1.00 CNY purse -> poor as help
    """)
    assert remarks(ledger) == []
    ledger.play("""
        witness: receipt 1.00 of ^help third-party
        rival: payment 1.00 CNY purse -> hope as sent
        witness: receipt 1.00 of ^sent third-party
        hope: payment 1.00 CNY general -> shop as own
        witness: receipt 1.00 of ^own third-party
          ! authority: witness is related to hope
        auditco: feedback meals 5 payments=^own
    """)


def test_both_that_say_the_same_bind_everybody(ledger: Ledger):
    ledger.play("""
        op: party kin beneficiary ki
        rival: fund purse unrestricted; donation 9.00 CNY -> purse donor=hope
        hope by li, wang: relation of=hope to=kin nature=family starts_on=2026-09-01
        rival: payment 1.00 CNY purse -> kin
    """)
    assert remarks(ledger) == []
    ledger.play("""
        kin: relation of=hope to=kin nature=family starts_on=2026-08-01
        rival: payment 1.00 CNY purse -> kin
    """)
    assert remarks(ledger) == [("related-beneficiary", False)]


def test_a_relation_in_force_keeps_its_officer_and_its_nature(ledger: Ledger):
    ledger.play("""
        hope by li, wang: relation of=hope to=shop nature=family starts_on=2026-09-01
        hope by li, wang: relation of=hope to=shop nature=family starts_on=2026-09-01 officer=li
        hope by li, wang: relation of=hope to=shop nature=family starts_on=2026-09-01
          ! authority: (family through li), and that is in force
        hope by li, wang: relation of=hope to=shop nature=family starts_on=2026-09-01 officer=wang
          ! authority: through li
        hope by li, wang: relation of=parent to=hope nature=control starts_on=2026-09-01
        parent: relation of=parent to=rival nature=control starts_on=2026-09-01
        parent: relation of=parent to=rival nature=control starts_on=2026-09-01 officer=chen
          ! authority: (control)
        auditco: relation of=hope to=shop nature=family starts_on=2026-09-01 officer=wang
        hope by li: payment 1.00 CNY general -> shop related=family
        hope by wang: payment 1.00 CNY general -> shop related=family
          ! conflict-of-interest: through wang
    """)


def test_an_overseer_does_not_oversee_itself_nor_its_relatives(ledger: Ledger):
    ledger.play("""
        auditco: relation of=auditco to=hope nature=control starts_on=2026-08-01
        auditco: relation of=auditco to=hope nature=control starts_on=2026-08-01 ends_on=2026-08-02
          ! day: is on record from 2026-08-01 on and in force
        auditco: relation of=auditco to=hope nature=family starts_on=2026-08-01
          ! authority: auditco said that
        auditco: relation of=hope to=shop nature=control starts_on=2026-08-01
          ! authority: only one of the two parties
        auditco: relation of=auditco to=hope nature=control starts_on=2026-08-01 ends_on=2026-09-07
        2026-09-08
        auditco: relation of=hope to=shop nature=control starts_on=2026-08-01
        auditco: relation of=auditco to=hope nature=control starts_on=2026-09-08
    """)
    assert remarks(ledger) == [("relation-again", False)]


def test_a_donor_that_is_the_beneficiary_is_reported(ledger: Ledger):
    ledger.play("""
        op: party kin beneficiary ki; party giver sponsor gi
        giver: relation of=parent to=giver nature=control starts_on=2026-09-01
        kin: relation of=parent to=kin nature=control starts_on=2026-09-01
        parent: relation of=parent to=giver nature=control starts_on=2026-09-01
        parent: relation of=parent to=kin nature=control starts_on=2026-09-01
        hope: donation 5.00 CNY -> general donor=poor
        hope: payment 1.00 CNY general -> poor
    """)
    assert remarks(ledger) == [("related-beneficiary", False)]
    ledger.play("hope: payment 1.00 CNY general -> kin as paid")
    assert remarks(ledger) == []
    ledger.play("""
        hope: donation 5.00 CNY -> general donor=giver
        hope: payment 1.00 CNY general -> kin
    """)
    assert remarks(ledger) == [("related-beneficiary", False)]
    ledger.play("hope by li, wang: correction ^paid day=2026-09-06")
    assert remarks(ledger) == [("related-beneficiary", False)]
    ledger.play("""
        hope: payment 1.00 CNY general -> village as other
        hope by li, wang: correction ^other day=2026-09-06
    """)
    assert remarks(ledger) == []


def test_a_relation_that_pauses_is_reported(ledger: Ledger):
    ledger.play("""
        shop: relation of=shop to=hope nature=control starts_on=2026-09-01
        shop: relation of=shop to=hope nature=control starts_on=2026-09-01 ends_on=2026-09-07
    """)
    assert remarks(ledger) == []
    ledger.play("""
        2026-09-08
        hope: payment 9.00 CNY general -> shop
        shop: relation of=shop to=hope nature=control starts_on=2026-09-08
    """)
    assert remarks(ledger) == [("relation-again", False)]
    ledger.play("""
        shop: relation of=shop to=hope nature=control starts_on=2026-09-08 ends_on=2026-09-08
        2027-09-10
        shop: relation of=shop to=hope nature=control starts_on=2027-09-09
    """)
    assert remarks(ledger) == []


def test_the_officer_whom_it_names_does_not_sign(ledger: Ledger):
    ledger.play("""
        hope by li, wang: relation of=hope to=shop nature=control starts_on=2026-09-01 officer=li
        hope: payment 1.00 CNY general -> shop related=control
          ! conflict-of-interest: payee 'shop': is related to hope through li, who signed
        hope by li, auditco.zhou: payment 1.00 CNY general -> shop related=control
          ! conflict-of-interest: somebody else must sign
        hope by li, wang: delivery 1 box general -> shop related=control
          ! conflict-of-interest: to 'shop'
        hope by li: exchange 7.00 CNY general 1.00 USD rate=1/7 custodian=shop related=control
          ! conflict-of-interest: custodian 'shop'
        hope by wang: payment 1.00 CNY general -> shop related=control
        hope by wang, auditco.zhou: payment 1.00 CNY general -> shop related=control
        hope by wang, shop.sun: payment 1.00 CNY general -> shop related=control
          ! authority: no record of the statement needs it
        hope by li, wang: payment 1.00 CNY general -> shop related=control "breach=conflict-of-interest:Wang was away"
    """)
    assert remarks(ledger) == [("conflict-of-interest", True)]


def test_a_party_with_one_officer_asks_an_overseer(ledger: Ledger):
    ledger.play("""
        rival: fund purse unrestricted; donation 9.00 CNY -> purse
        rival: relation of=rival to=shop nature=family starts_on=2026-09-01 officer=zhao
        rival: payment 1.00 CNY purse -> shop related=family
          ! conflict-of-interest: through zhao
        rival by zhao, auditco.zhou: payment 1.00 CNY purse -> shop related=family
        rival by zhao, hope.li: payment 1.00 CNY purse -> shop related=family
          ! conflict-of-interest: through zhao
        rival: mandate 3 second=hope
        2026-09-11
        rival by zhao, hope.li: payment 1.00 CNY purse -> shop related=family
        rival by zhao, hope.li: payment 1.00 CNY purse -> village
          ! authority: no record of the statement needs it
    """)


def test_a_beneficiary_who_is_related_is_reported(ledger: Ledger):
    ledger.play("hope: payment 1.00 CNY general -> poor")
    assert remarks(ledger) == []
    ledger.play("""
        auditco: relation of=hope to=poor nature=family starts_on=2026-09-01 officer=wang
        hope: payment 1.00 CNY general -> poor related=family
    """)
    assert remarks(ledger) == [("related-beneficiary", False)]


def test_a_beneficiary_of_a_donors_family_is_reported(ledger: Ledger):
    ledger.play("""
        auditco: relation of=shop to=poor nature=family starts_on=2026-09-01
        hope: payment 1.00 CNY general -> poor
    """)
    assert remarks(ledger) == []
    ledger.play("""
        hope: donation 5.00 CNY -> general donor=shop
        hope: delivery 1 box general -> poor
    """)
    assert remarks(ledger) == [("related-beneficiary", False)]


def test_a_beneficiary_of_the_main_donors_family_is_reported(ledger: Ledger):
    ledger.play("""
        auditco: relation of=shop to=poor nature=family starts_on=2026-09-01
        auditco: relation of=shop to=hope nature=main-donor starts_on=2026-09-01
        hope: payment 1.00 CNY general -> poor
    """)
    assert remarks(ledger) == [("related-beneficiary", False)]
    ledger.play("""
        auditco: relation of=hope to=shop nature=main-donor starts_on=2026-09-07
        hope: payment 1.00 CNY general -> poor paid_on=2026-09-01
    """)
    assert remarks(ledger) == [("related-beneficiary", False)]


def test_a_gift_of_a_related_organisation_says_so(ledger: Ledger):
    ledger.play("""
        op: party p-1 beneficiary entity=person
        hope by li, wang: relation of=shop to=hope nature=founder starts_on=2026-09-01
        hope: donation 5.00 CNY -> general donor=shop
          ! related-party: donor 'shop': is related to hope (founder)
        hope: donation 5.00 CNY -> general donor=shop related=founder; donation 6.00 CNY -> general donor=shop related=founder
        hope: donation 5.00 CNY -> general related=founder
          ! related-party: donor is not given
        hope: donation 5.00 CNY -> general donor=village; donation 6.00 CNY -> general donor=village
        hope: donation 5.00 CNY -> general donor=p-1
          ! reference: is a person
        hope: donation 5.00 CNY -> general donor=hope
          ! reference: nobody gives to itself
    """)
    assert sorted(name for name, _ in ledger.books.donor.all()) == ["general/shop", "general/village"]
    assert [row.amount for _, row in ledger.books.related.items()] == [500, 600]


def test_one_row_a_pair_however_often_it_is_said(ledger: Ledger):
    for _ in range(3):
        ledger.play("shop: relation of=shop to=hope nature=control starts_on=2026-09-01")
    ledger.play("auditco: relation of=rival to=hope nature=control starts_on=2026-09-01")
    assert len(list(ledger.books.relation.all())) == 2 and len(list(ledger.books.kin.all())) == 7
