"""Money and goods that leave a fund (books §3): payment, exchange, delivery, write-off, and the return of a payment."""

from __future__ import annotations

import pytest

from ledger.books.flows import Hop


@pytest.fixture
def funded(ledger):
    return ledger.play("""
        hope: donation 100.00 CNY -> school; donation 30.00 CNY -> general
        hope: allocation 50.00 CNY school -> books
    """)


def test_a_payment_takes_the_lowest_units(funded):
    funded.play("""
        hope: payment 7.00 CNY books -> shop
          - books/CNY 0..700
        hope: payment 3.00 CNY books -> shop units=1000..1300
          - books/CNY 1000..1300
        hope: payment 5.00 CNY books -> shop
          - books/CNY 700..1000
          - books/CNY 1300..1500
        hope: payment 5.00 CNY books -> stranger
          ! reference: payee 'stranger': there is no such party
        hope: payment 5.00 CNY books -> shop paid_on=2026-09-09
          ! day: paid_on 2026-09-09
        hope: payment 5.00 CNY books -> shop cost_class=bribes
          ! schema: cost_class
    """)


def test_several_things_are_several_legs_and_their_costs_are_the_payment(funded):
    funded.play("""
        hope: payment 10.00 CNY books -> shop goods=3:box:books:7.00+100:mask:books:3.00
          - books/CNY 0..700
          - books/CNY 700..1000
          + books/box 0..3
          + books/mask 0..100
        hope: payment 10.00 CNY books -> shop goods=3:box:books:7.00+100:mask:books:2.99
          ! schema: the costs of the goods must add up to the amount
        hope: payment 10.00 CNY books -> shop goods=3:box:general:10.00
          ! restriction: must stay in it or below it
        hope: payment 10.00 CNY books -> shop goods=3:box:desks:10.00
          ! restriction: goods bought by 'books'
        hope: payment 10.00 CNY books -> shop goods=3:tent:books:10.00
          ! reference: unit 'tent': there is no such unit
        hope: payment 10.00 CNY books -> shop goods=3:box:nowhere:10.00
          ! reference: goods.fund 'nowhere'
    """)


def test_goods_of_an_unrestricted_fund_lie_anywhere_in_its_tree(funded):
    funded.play("""
        hope: fund store unrestricted general; fund shelf unrestricted general
        hope: allocation 9.00 CNY general -> store
        hope: payment 9.00 CNY store -> shop goods=3:box:shelf:9.00
          - store/CNY 0..900
          + shelf/box 0..3
    """)


def test_each_thing_is_mapped_to_its_own_part_of_the_money(funded):
    funded.play("""
        hope: payment 1.00 CNY books -> shop units=200..300
        hope: payment 5.00 CNY books -> shop goods=3:box:books:4.00+7:mask:books:1.00
    """)
    record = funded.leaves[-1].statement.records[0]
    assert record.hops(funded.context.flows) == (
        Hop("books/CNY", ((0, 200), (300, 500)), "books/box", (0, 3)),
        Hop("books/CNY", ((500, 600),), "books/mask", (0, 7)),
    )


def test_money_is_no_thing_to_buy_deliver_or_get_by_exchange(funded):
    """Money that came in so would have no gift, no threshold and no cost limit behind it."""
    funded.play("""
        hope: payment 10.00 CNY books -> shop goods=500.00:CNY:books:10.00
          ! schema: goods.0.unit 'CNY'
        hope: delivery 10.00 CNY books -> shop
          ! schema: unit 'CNY'
        hope: exchange 10.00 CNY of books -> 5 box rate=1/200
          ! schema: to_unit 'box'
    """)


def test_an_exchange_rounds_down(funded):
    funded.play("""
        hope: exchange 10.00 CNY of general -> 1.42 USD rate=1/7
          - general/CNY 0..1000
          + general/USD 0..142
        hope: exchange 10.00 CNY of general -> 1.43 USD rate=1/7
          ! schema: to_amount must be amount times rate, rounded down
        hope: exchange 1.42 USD of general -> 9.94 CNY rate=7/1
        hope: exchange 10.00 CNY of general -> 10.00 CNY rate=1/1
          ! schema: to_unit must be another unit
        hope: exchange 10.00 CNY of general -> 1.00 USD rate=1/0
          ! schema: must not divide by zero
        hope: exchange 1 CNY of general -> 0 USD rate=1/7
          ! schema: to_amount
    """)


def test_goods_are_delivered_and_written_off(funded):
    funded.play("""
        hope: payment 9.00 CNY books -> shop goods=30:box:books:9.00
        hope: delivery 10 box books -> village
          - books/box 0..10
        hope: delivery 10 box books -> village units=15..20,25..30
        hope: delivery 10 box books -> nobody
          ! reference: to 'nobody': there is no such party
        hope: delivery 1 box books -> village delivered_on=2026-09-08
          ! day: delivered_on
        hope by li, auditco.zhou: write-off 8 box books cause=expiry
          - books/box 10..15
          - books/box 20..23
        hope by li, auditco.zhou: write-off 3 box books
          ! overdraft: holds 2 box
        hope by li, auditco.zhou: write-off 2 box books cause=theft
          ! schema: cause
    """)


def test_a_return_takes_from_the_highest_down_and_enters_at_the_tail(funded):
    funded.play("""
        hope: payment 10.00 CNY books -> shop as paid
        hope: payment-return 3.00 of ^paid
          + books/CNY 5000..5300
        hope: payment-return 2.00 of ^paid
          + books/CNY 5300..5500
        hope: payment-return 5.01 of ^paid
          ! return-excess: only 5.00 CNY of payment
        hope: payment-return 5.00 of ^paid returned_on=2026-09-08
          ! day: returned_on
        hope: payment-return 5.00 of ^paid
        hope: payment-return 1 of ^paid
          ! return-excess: only 0.00
          left books/CNY 50.00
    """)
    assert [back[2:6] for _, back in funded.books.back.items()] == [
        (700, 1000, "books/CNY", 5000), (500, 700, "books/CNY", 5300), (0, 500, "books/CNY", 5500),
    ]  # fmt: skip


def test_what_bought_goods_does_not_come_back_as_money(funded):
    funded.play("""
        hope: payment 9.00 CNY books -> shop goods=30:box:books:9.00 as bought
        hope: delivery 10 box books -> village as handed
        hope: payment-return 1.00 of ^bought
          ! reference: it paid for goods; write off the goods
        hope: payment-return 1 of ^handed
          ! reference: is not a payment
        hope: payment-return 1.00 of 99.0
          ! reference: does not name an earlier record
    """)


def test_nothing_is_moved_that_is_not_there(ledger):
    for record in (
        "allocation 1.00 CNY school -> books", "payment 1.00 CNY books -> shop", "exchange 7.00 CNY of school -> 1.00 USD rate=1/7",
        "delivery 1 box books -> village", "write-off 1.00 CNY books", "payment 1.00 CNY books -> shop goods=1:box:books:1.00",
    ):  # fmt: skip
        by = " by li, auditco.zhou" if record.startswith("write-off") else ""
        ledger.play(f"""
            hope{by}: {record}
              ! overdraft: holds 0
        """)
