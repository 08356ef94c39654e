"""What a channel keeps of a gift: a state of the gift's last units, a cost, and a sum that has a limit."""

from __future__ import annotations

import pytest

from ledger.audit.fee_limits import fee_findings
from ledger.books.fee_rows import Fees, FeesKept, Limit
from ledger.books.rows import Sum
from tests.language import Ledger


def test_the_rest_of_a_gift_comes_into_its_fund(ledger: Ledger):
    ledger.play("""
        hope: donation 10.00 CNY -> school fee=0.06 fee_to=till
          + school/CNY 0..994
        hope: donation 10.00 CNY -> school fee=9.99 fee_to=till
          + school/CNY 994..995
        hope: donation 10.00 CNY -> school fee=10.00 fee_to=till
          ! fee: must be less than the amount, 10.00 CNY
        hope: donation 10.00 CNY -> school fee=0.06
          ! schema: fee and fee_to must be given together
        hope: donation 10.00 CNY -> school fee_to=till
          ! schema: fee and fee_to must be given together
    """)


@pytest.mark.parametrize(
    ("keeper", "why"),
    [
        ("hope", "fee: fee_to 'hope': owns the fund"), ("shop", "fee: fee_to 'shop': is not a custodian or platform"),
        ("nobody", "reference: fee_to 'nobody': there is no such party"),
    ],
)  # fmt: skip
def test_who_may_not_keep_a_fee(ledger: Ledger, keeper: str, why: str):
    ledger.play(f"hope: donation 10.00 CNY -> school fee=0.06 fee_to={keeper}\n! {why}")


def test_a_platform_keeps_fees_of_others_and_not_of_itself(ledger: Ledger):
    ledger.play("""
        op: party gate platform guo
        gate: fund appeal restricted
        hope: donation 10.00 CNY -> school fee=0.06 fee_to=gate
        gate: donation 10.00 CNY -> appeal fee=0.06 fee_to=gate
          ! fee: fee_to 'gate': owns the fund of the gift
    """)


def test_a_relative_of_the_owner_keeps_no_fee(ledger: Ledger):
    ledger.play("""
        hope: donation 10.00 CNY -> school fee=0.06 fee_to=till; relation of=hope to=till nature=control starts_on=2026-09-07
        hope: donation 10.00 CNY -> school fee=0.06 fee_to=till
          ! fee: fee_to 'till': is related to hope (control); what stays with a relative of the owner is not a fee
        hope: donation 10.00 CNY -> school fee=0.06 fee_to=till received_on=2026-09-06
          ! fee: is related to hope (control)
    """)


def test_an_audit_finds_a_fee_of_somebody_who_may_keep_none(ledger: Ledger):
    ledger.play("""
        hope: donation 10.00 CNY -> school fee=9.99 fee_to=shop
          leaf 0 + school/CNY 0..1
          skips 0 fee: fee_to 'shop': is not a custodian or platform
    """)


@pytest.fixture
def clinic(ledger: Ledger) -> Ledger:
    """A project that allows a tenth for fundraising, and has one gift of 100.00 with a fee of 4.00."""
    return ledger.play("""
        hope: project clinic restricted cost_limits=fundraising:1/10; activity beds clinic; fund own unrestricted
        hope: donation 100.00 CNY -> clinic fee=4.00 fee_to=till as gift; donation 50.00 CNY -> own
    """)


def sums(ledger: Ledger) -> tuple[int, int]:
    """The inflow of the clinic, and what it spent on fundraising."""
    return ledger.books.came["clinic/CNY"].amount, ledger.books.spent["clinic/CNY/fundraising"].amount


def test_the_gift_is_inflow_whole_and_the_fee_is_a_cost(clinic: Ledger):
    assert sums(clinic) == (10000, 400)
    clinic.play("""
        hope: allocation 6.01 CNY clinic -> beds
        hope: payment 6.01 CNY beds -> press cost_class=fundraising
          ! cost-limit: fundraising costs reach 10.01 CNY
        hope: payment 6.00 CNY beds -> press cost_class=fundraising
    """)
    assert list(fee_findings(clinic.books)) == []


def test_fees_alone_may_pass_the_limit_of_costs_and_are_one_finding(clinic: Ledger):
    clinic.play("hope: donation 10.00 CNY -> clinic fee=8.00 fee_to=till; donation 1.00 CNY -> clinic fee=0.50 fee_to=till")
    (found,) = fee_findings(clinic.books)
    assert (found.rule, found.kind, found.message) == (
        "cost-limit", "audit",
        "project clinic: with fees of 12.50 CNY, fundraising costs are 12.50 CNY, and the project allows at most 11.10 CNY "
        "(1/10 of its inflow, 111.00 CNY)",
    )  # fmt: skip


def test_a_full_refund_with_the_fee_of_the_channel(clinic: Ledger):
    clinic.play("""
        hope: refund ^gift clinic CNY units=0..9600 fee=3.99 reason=legal
          ! fee: is not the fee of that gift
        hope: refund ^gift clinic CNY units=0..9599 fee=4.00 reason=legal
          ! fee: gives it back only with all of the gift
        hope: refund ^gift clinic CNY units=0..9600 fee=4.00 reason=legal
          - clinic/CNY 0..9600
        hope: refund ^gift clinic CNY units=0..9600 fee=4.00 reason=legal
          ! overdraft: some are already used
    """)
    assert sums(clinic) == (0, 0)
    assert clinic.books.fee.get("clinic/CNY") == Fees(400, 1, 400, 0)
    assert clinic.books.project_fee.get("clinic/CNY") == Sum(0)


def test_a_fee_is_given_back_once_and_by_a_fund_of_the_party(clinic: Ledger):
    clinic.play("""
        hope: refund ^gift clinic CNY units=0..1 fee=4.00 fee_from=clinic reason=legal
          ! restriction: fee_from 'clinic': must be an unrestricted fund of hope
        hope: refund ^gift clinic CNY units=0..1 fee_from=own reason=legal
          ! schema: fee_from needs its fee
        hope: refund ^gift clinic CNY units=0..1 fee=4.00 fee_from=own reason=legal
          - clinic/CNY 0..1
          - own/CNY 0..400
        hope: refund ^gift clinic CNY units=1..2 fee=4.00 fee_from=own reason=legal
          ! refund-units: fee: was already given back
    """)
    assert sums(clinic) == (9999, 400)
    assert clinic.books.fee.get("clinic/CNY") == Fees(400, 1, 0, 400)


def test_a_gift_without_a_fee_gives_none_back(clinic: Ledger):
    clinic.play("""
        hope: donation 5.00 CNY -> clinic as plain
        hope: refund ^plain clinic CNY units=9600..9601 fee=1.00 reason=legal
          ! fee: is not the fee of that gift
    """)


PROMISE = "hope: fund shed restricted fee_limits=CNY:1/100:10; fund hut restricted shed"


def test_a_promised_limit_is_judged_on_the_fees_of_a_day(ledger: Ledger):
    """Of two gifts of 10.00 a hundredth and 0.10 each may be kept: 0.40. Gifts without a fee do not make room for more."""
    ledger.play(f"""
        {PROMISE}
        2026-09-08
        hope: donation 10.00 CNY -> hut fee=0.30 fee_to=till; donation 500.00 CNY -> hut
        hope: donation 10.00 CNY -> hut fee=0.10 fee_to=till
    """)
    by = f"fund shed ({len(ledger.leaves) - 3}.0)"
    assert dict(ledger.books.kept.items()) == {f"hut/CNY/2026-09-08/{by}": FeesKept(2000, 40, 2, Limit(1, 100, 10, by))}
    assert list(fee_findings(ledger.books)) == []
    ledger.play("""
        hope: donation 10.00 CNY -> hut fee=0.21 fee_to=till; donation 5.00 CNY -> hut received_on=2026-09-07 fee=1.00 fee_to=till
    """)
    (found,) = fee_findings(ledger.books)
    assert (found.rule, found.kind, found.where) == ("fee-limit", "audit", "log")
    assert found.message == (
        f"fund hut: 1.61 CNY was kept of 4 gifts on 2 days, but at most 0.75 CNY is allowed by {by}, 1/100 of the gifts and "
        "0.10 CNY each"
    )


def test_the_nearest_promise_of_that_unit_counts(ledger: Ledger):
    ledger.play(f"""
        {PROMISE}
        hope: donation 10.00 CNY -> shed fee=0.20 fee_to=till; donation 10.00 USD -> shed fee=9.00 fee_to=till
        hope: fund loft restricted shed fee_limits=CNY:1/2:0; fund attic restricted loft fee_limits=USD:1/2:0
        hope: donation 10.00 CNY -> attic fee=5.00 fee_to=till; donation 10.00 CNY -> hut fee=0.21 fee_to=till
    """)
    assert [found.message.split(",")[0] for found in fee_findings(ledger.books)] == [
        "fund hut: 0.21 CNY was kept of 1 gift on 1 day",
    ]  # fmt: skip
