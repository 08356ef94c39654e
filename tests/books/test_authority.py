"""Who may say what, and who has to sign it (books §2): for every kind one who may, and those who may not."""

from __future__ import annotations

import pytest

from ledger.books.authority import DEMANDS, RELATIONS
from ledger.books.record import KINDS
from tests.language import ORIGIN, Ledger, a_ledger, key_text

STORY = """
    2026-09-08
    hope: donation 100.00 CNY -> school as gift; donation 50.00 CNY -> general
    hope: allocation 60.00 CNY school -> books; allocation 1.00 CNY school -> desks as spare
    hope: payment 10.00 CNY books -> shop as paid; payment 4.00 CNY books -> shop goods=10:box:books:4.00
    shop by sun, new: key new
    hope: delivery 4 box books -> village as handed; progress books as done
"""
ENDED = f"{ORIGIN}:here:{'a' * 64}"
# Kind: a statement that is right, and parties that may not say it.
MAY = {
    "rules": ("op: rules", "hope"),
    "unit": ("op: unit EUR 2", "hope"),
    "party": ("op: party new vendor", "hope auditco"),
    "key-withdrawal": ("shop: key-withdrawal shop.new", "hope op"),
    "key-revocation": ("hope: key-revocation hope.li reason=rotated", "shop op"),
    "recovery": ("op by chief, auditco.zhou, hope.new: recovery hope new", "hope auditco"),
    "succession": (f"op by chief, auditco.zhou: succession {ENDED} log_key={key_text('next.log')}", "hope auditco"),
    "relation": ("hope: relation of=shop to=hope nature=founder", "village op"),
    "fund": ("hope: fund reserve restricted school", "shop op"),
    "project": ("hope: project well restricted general", "shop op"),
    "activity": ("hope: activity maps school", "shop op"),
    "donation": ("hope: donation 1.00 CNY -> school", "shop op"),
    "income": ("hope: income 1.00 CNY -> school", "shop op"),
    "allocation": ("hope: allocation 1.00 CNY school -> books", "shop op"),
    "progress": ("hope: progress books", "shop op"),
    "payment": ("hope: payment 1.00 CNY books -> shop", "shop op"),
    "exchange": ("hope: exchange 1.00 CNY of school -> 0.14 USD rate=1/7", "shop op"),
    "delivery": ("hope: delivery 1 box books -> village", "village op"),
    "write-off": ("hope by li, auditco.zhou: write-off 1 box books", "shop op"),
    "payment-return": ("hope: payment-return 1.00 of ^paid", "shop op"),
    "receipt": ("shop: receipt 1.00 of ^paid", "hope friends auditco"),
    "feedback": ("hope: feedback readers 40 payments=^paid", "friends op"),
    "rate": ("auditco: rate USD CNY ratio=7/1 day=2026-09-08", "shop hope"),
    "requirement": (
        "op: requirement jurisdiction=CN name=fee/custodian ratio=6/1000 from_day=2026-09-01 basis=Law", "shop hope",
    ),
    "timestamp": ("op: timestamp 3 2026-09-07T00:00:00Z", "shop hope"),
    "refund": ("hope: refund ^gift school CNY units=9000..9100 reason=donor-request", "shop op"),
    "correction": ("hope: correction of ^paid day=2026-09-06", "shop op"),
    "reversal": ("hope: reversal of ^spare", "shop op"),
    "statistics": ("hope: statistics school CNY from_day=2026-09-08 to_day=2026-09-08 cells=2026-09:101.00:2", "shop op"),
    "regional-statistics": ("hope: regional-statistics school CNY 101.00 from_size=0 cells=other:2:100", "shop op"),
    "bank-statement": (
        "hope by li, auditco.zhou: bank-statement general CNY 0.00 0.00 channel=bank from_day=2026-09-07 to_day=2026-09-08",
        "shop op",
    ),
    "stocktake": ("hope by li, auditco.zhou: stocktake general box 7 auditco", "shop op"),
    "acknowledgement": ("op by chief, auditco.zhou: acknowledgement overdue-receipt of ^paid", "hope auditco"),
}
OF_EVERYBODY = {
    "contact": "complaints=Board",
    "key": "fan2",
    "mandate": "key_delay_days=5",
    "reference-key": f"label=of-2026 check_value={'A' * 43} destroy_on=2036-12-31",
    "source": "media=text/csv bytes=10 digest=" + "a" * 64 + " rows=1 entered=1 known=0 left_out=0",
}
OF_THE_GIFT = {"consent": "granted", "erasure": "request"}


@pytest.fixture
def story(ledger: Ledger) -> Ledger:
    ledger.play(STORY)
    records, _ = ledger.read("hope", "donation 1.00 CNY -> school as secret")
    ledger.say("hope", [{**records[0], "private": ["A" * 43]}], ["hope.li"])
    return ledger


def test_every_kind_is_tried():
    elsewhere = {"ledger", "clock-correction"}  # test_registry, test_clock
    assert {*elsewhere, *MAY, *OF_EVERYBODY, *OF_THE_GIFT} == set(KINDS)


def test_every_word_of_the_kinds_is_in_the_table_and_every_word_of_the_table_in_a_kind():
    signings = [kind.signing for kind in KINDS.values()]
    assert {signing.author for signing in signings} <= set(RELATIONS)
    assert {demand for signing in signings for demand in signing.must} <= set(DEMANDS)
    assert all(words for _, words in [*RELATIONS.values(), *DEMANDS.values()])


@pytest.mark.parametrize("kind", MAY)
def test_who_may(story, kind):
    right, _ = MAY[kind]
    story.play(right)


@pytest.mark.parametrize(("kind", "party"), [(kind, party) for kind, (_, wrong) in MAY.items() for party in wrong.split()])
def test_who_may_not(story, kind, party):
    said = MAY[kind][0].partition(": ")[2]
    first, others = story.first_key[party], MAY[kind][0].partition(":")[0].partition(" by ")[2].split(", ")[1:]
    story.play(f"""
        {party} by {", ".join([first, *others])}: {said}
          ! authority: {"can sign" if kind == "receipt" else "may record it"}
    """)


@pytest.mark.parametrize("kind", OF_EVERYBODY)
def test_everybody_for_himself(story, kind):
    new = ", friends.fan2" if kind == "key" else ""
    story.play(f"""
        friends by hope.li{new}: {kind} {OF_EVERYBODY[kind]}
          ! {"key-standing: no key in force of friends" if new else "authority: no key of friends has signed it"}
        friends by fan{new}: {kind} {OF_EVERYBODY[kind]}
    """)


@pytest.mark.parametrize("kind", OF_THE_GIFT)
def test_who_recorded_a_gift_says_what_is_shown_of_it(story, kind):
    story.play(f"""
        shop: {kind} of ^secret {OF_THE_GIFT[kind]} digests={"A" * 43}
          ! authority: another party made that record
        hope: {kind} of ^secret {OF_THE_GIFT[kind]} digests={"E" * 43}
          ! reference: is not in that record
        hope: {kind} of ^secret {OF_THE_GIFT[kind]} digests={"A" * 43}
    """)


def test_a_ledger_is_named_once(ledger):
    ledger.play("""
        op by chief, two: ledger two
          ! reference: can only be record 0.0
    """)


def test_a_ledger_has_rules_that_are_known_and_a_log_key_of_its_own():
    Ledger().play("""
        op: ledger chief rules=givetrail/2
          ! rules: this program knows 'givetrail/1' only
        op: ledger the.log officer=chief
          ! key-standing: is the log's key; a party needs a key of its own
    """)


def test_entry_0_begins_with_the_ledger():
    Ledger().play("""
        op by chief: party op vendor chief
          ! ledger: entry 0 must begin with the record that names the ledger
        op: unit CNY 2; ledger chief
          ! ledger: entry 0 must begin
    """)


def test_nobody_else_signs(story):
    story.play("""
        hope by li, press.press: donation 1.00 CNY -> school
          ! key-standing: does not belong to any party
        hope by li, shop.sun: donation 1.00 CNY -> school
          ! authority: signature of shop: no record of the statement needs it
        hope by li, auditco.zhou: payment 1.00 CNY books -> shop
          ! authority: signature of auditco
        hope by li, shop.sun: write-off 1.00 CNY books
          ! approval: a second officer, or an auditor, inspector or regulator, must sign too
        hope by li, auditco.zhou: write-off 1.00 CNY books
    """)


def test_the_operator_signs_no_facts_for_others(story):
    story.play("""
        op: donation 1.00 CNY -> school
          ! authority: the party that owns the fund
        hope by op.chief: donation 1.00 CNY -> school
          ! authority: no key of hope has signed it
        op by chief, hope.spare: key hope.spare party=hope
          ! unknown-member: party
    """)


def test_a_party_without_a_key_is_named_and_never_signs(story):
    story.play("""
        op: party quiet vendor
        hope: payment 1.00 CNY books -> quiet as small
        quiet by quiet.a: receipt 1.00 of ^small
          ! key-standing: does not belong to any party
        op: party quiet vendor a
          ! reference: already admitted
    """)


def test_an_organisation_is_named_and_a_person_is_not(ledger):
    ledger.play(f"""
        op: party p-7f31 beneficiary entity=person private={"A" * 43}
        op: party p-7f32 beneficiary entity=person name=Chen
          ! schema: an organisation must have a name, and a person must not
        op: party p-7f33 beneficiary entity=organisation
          ! schema: an organisation must have a name
        op: party p-7f34 beneficiary entity=person identifier=CN-ID-1
          ! schema: a person must not have an identifier in the ledger
        op by chief, p-7f35.a: party p-7f35 beneficiary a,p-7f35.a
          ! schema: must name each key once
    """)


def test_the_operator_is_named_at_entry_0_only(ledger):
    ledger.play("""
        op: party second operator
          ! reference: only entry 0 can name the operator
    """)


def test_a_wrong_name_is_no_wrong_signer(story):
    """Whoever misspells a fund is told so, not that he may not."""
    story.play("""
        hope: donation 1.00 CNY -> skool
          ! reference: fund 'skool': there is no such fund
        hope: write-off 1.00 CNY skool
          ! reference: there is no such fund
        hope: activity maps skool
          ! reference: parent 'skool': there is no such fund
        hope: progress school
          ! reference: is a fund, not an activity
        hope: receipt 1.00 of 1.0
          ! reference: is not a payment or delivery
        hope: key-revocation hope.nobody reason=lost
          ! reference: does not belong to any party; give a key in force
        op: rules rules=givetrail/2
          ! rules: knows 'givetrail/1' only
    """)


def test_entry_0_admits_whom_it_names():
    ledger = Ledger().play("""
        op: ledger chief; unit CNY 2; party hope charity li
        hope: fund general unrestricted; donation 1.00 CNY -> general
    """)
    assert ledger.left("general/CNY") == 100
    assert a_ledger().books.ledger.get("").operator == "op"
