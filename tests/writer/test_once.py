"""What may be in a ledger once is in it once, however it is sent."""

from __future__ import annotations

import hashlib

import pytest

from ledger.canonical import to_base64url
from ledger.entries.statement import sign_statement
from ledger.errors import Conflict, Refused, VerificationError
from ledger.writer.sequencer import Answer
from tests.language import key
from tests.writer.on_disk import OnDisk, a_gift, numbered_id


def reference(number: int, label: str = "2026") -> str:
    digest = hashlib.sha256(b"%d" % number).digest()
    return f"hmac-sha256:{label}:{to_base64url(digest)}"


def with_reference(ledger: OnDisk, *numbers: int, party: str = "hope", channel: str = "bank", label: str = "2026"):
    """A statement of gifts, each with a reference."""
    fund = {"hope": "school", "river": "river-general"}[party]
    gift = {"kind": "donation", "fund": fund, "unit": "CNY", "amount": 100, "channel": channel, "received_on": "2026-09-07"}
    return ledger.made(party, [{**gift, "channel_ref": reference(number, label)} for number in numbers])


def test_the_same_statement_again_is_answered_with_its_entry(town: OnDisk):
    gift = a_gift(town)
    assert town.sequencer.submit_one(gift) == Answer(4, known=False)
    before = town.entries()
    assert town.sequencer.submit_one(gift) == Answer(4, known=True)
    assert town.reopen().sequencer.submit_one(gift) == Answer(4, known=True)
    assert town.entries() == before


def test_the_same_statement_twice_in_a_group_makes_one_entry(town: OnDisk):
    gift, other = a_gift(town), a_gift(town)
    answers = town.sequencer.submit([gift, gift, other, gift])
    assert answers == [Answer(4, False), Answer(4, True), Answer(5, False), Answer(4, True)]
    assert town.sequencer.tree_size == 6


def test_the_same_statement_in_two_groups_of_one_call_makes_one_entry(town: OnDisk):
    gifts = [a_gift(town) for _ in range(130)]
    answers = town.sequencer.submit([*gifts, gifts[0], gifts[129]])
    assert answers[130:] == [Answer(4, True), Answer(133, True)]


def test_known_again_after_its_signer_may_no_longer_sign_it(town: OnDisk):
    """The answer is about what stands there; nothing is judged a second time."""
    gift = a_gift(town)
    town.sequencer.submit_one(gift)
    town.play("""
        2026-12-28
        hope: key wang
        2026-12-31
    """)
    town.play("hope by li, wang: key-revocation li reason=rotated")
    assert town.sequencer.submit_one(gift) == Answer(4, True)


def test_a_known_statement_with_a_false_signature_is_refused(town: OnDisk):
    raw, signatures = a_gift(town)
    town.sequencer.submit_one((raw, signatures))
    forged = sign_statement(raw, [key("river.xu")])
    wrong = ((signatures[0][0], forged[0][1]),)
    with pytest.raises(VerificationError):
        town.sequencer.submit_one((raw, wrong))
    with pytest.raises(VerificationError, match="it is not signed"):
        town.sequencer.submit_one((raw, ()))


@pytest.mark.parametrize("restart", [False, True])
def test_an_id_with_other_content_is_a_conflict(town: OnDisk, restart: bool):
    town.sequencer.submit_one(a_gift(town, id=numbered_id("mine")))
    if restart:
        town.reopen()
    with pytest.raises(Conflict) as refused:
        town.sequencer.submit_one(a_gift(town, 2000, id=numbered_id("mine")))
    assert refused.value.rule == "statement-id"
    assert "entry 4" in refused.value.message
    assert town.sequencer.tree_size == 5


def test_an_id_with_other_content_in_the_same_group_is_a_conflict(town: OnDisk):
    mine = numbered_id("mine")
    first, second = town.sequencer.submit([a_gift(town, id=mine), a_gift(town, 2000, id=mine)])
    assert first == Answer(4, False)
    assert isinstance(second, Conflict) and second.rule == "statement-id"


def test_an_id_belongs_to_one_party_only(town: OnDisk):
    mine = numbered_id("mine")
    town.sequencer.submit_one(a_gift(town, id=mine))
    other = town.made("river", "fund river-general unrestricted", id=mine)
    assert town.sequencer.submit_one(other) == Answer(5, False)


def test_a_refused_statement_does_not_use_up_its_id_or_reference(town: OnDisk):
    mine = numbered_id("mine")
    with pytest.raises(Refused):
        town.sequencer.submit_one(town.made("hope", "allocation 9.00 CNY school -> books", id=mine))
    good, reused = with_reference(town, 1), with_reference(town, 1, 1)
    assert isinstance(town.sequencer.submit([reused])[0], Conflict)
    assert town.sequencer.submit_one(good) == Answer(4, False)
    assert town.sequencer.submit_one(a_gift(town, id=mine)) == Answer(5, False)


def duplicate(answer: object, at: str) -> bool:
    return isinstance(answer, Conflict) and answer.rule == "duplicate-reference" and at in answer.message


def test_a_reference_twice_in_a_statement_is_refused(town: OnDisk):
    (answer,) = town.sequencer.submit([with_reference(town, 1, 2, 1)])
    assert duplicate(answer, "record 2: 4.0")
    assert town.sequencer.tree_size == 4


def test_a_reference_twice_in_a_group_is_refused(town: OnDisk):
    first, second = town.sequencer.submit([with_reference(town, 1, 2), with_reference(town, 3, 2)])
    assert first == Answer(4, False)
    assert duplicate(second, "record 1: 4.1")
    assert town.sequencer.tree_size == 5


def test_a_reference_twice_in_a_ledger_is_refused(town: OnDisk):
    town.sequencer.submit_one(with_reference(town, 1, 2))
    (again,) = town.sequencer.submit([with_reference(town, 2)])
    assert duplicate(again, "record 0: 4.1")
    (after_restart,) = town.reopen().sequencer.submit([with_reference(town, 5, 1)])
    assert duplicate(after_restart, "record 1: 4.0")


def test_a_reference_is_found_among_thousands(town: OnDisk):
    statements = [with_reference(town, *range(first, first + 100)) for first in range(0, 3000, 100)]
    assert all(isinstance(answer, Answer) for answer in town.sequencer.submit(statements))
    for number in (0, 1499, 2999):
        (answer,) = town.sequencer.submit([with_reference(town, 5000, number)])
        assert duplicate(answer, f"record 1: {4 + number // 100}.{number % 100}")


def test_a_reference_of_another_party_or_channel_is_another_one(town: OnDisk):
    town.play("river: fund river-general unrestricted")
    others = [
        with_reference(town, 1), with_reference(town, 1, party="river"), with_reference(town, 1, channel="alipay"),
    ]  # fmt: skip
    assert [answer.known for answer in town.sequencer.submit(others)] == [False] * 3


def test_gift_and_payment_share_the_references_of_a_channel(town: OnDisk):
    town.sequencer.submit_one(with_reference(town, 1))
    payment = town.read("hope", "payment 0.50 CNY school -> shop")[0][0]
    (answer,) = town.sequencer.submit([town.made("hope", [{**payment, "channel": "bank", "channel_ref": reference(1)}])])
    assert duplicate(answer, "4.0")


REFUND = "refund ^gift school CNY reason=legal cover=general:{}"


@pytest.fixture
def spent(town: OnDisk) -> OnDisk:
    """A gift that is spent, and money in an unrestricted fund to pay it back from."""
    town.play("""
        hope: donation 10.00 CNY -> school as gift; donation 50.00 CNY -> general
        hope: payment 10.00 CNY school -> shop
    """)
    return town


def covers(spent: OnDisk, *ranges: str):
    """A statement of refunds that cover these units of the gift."""
    return spent.made("hope", "; ".join(REFUND.format(units) for units in ranges))


def test_a_unit_is_covered_once_in_a_statement(spent: OnDisk):
    (answer,) = spent.sequencer.submit([covers(spent, "0..100", "50..60")])
    assert answer.rule == "refund-units"
    assert spent.sequencer.tree_size == 6


def test_a_unit_is_covered_once_in_a_group(spent: OnDisk):
    answers = spent.sequencer.submit([covers(spent, "0..100"), covers(spent, "99..101"), covers(spent, "100..200")])
    assert [getattr(answer, "rule", "") for answer in answers] == ["", "refund-units", ""]


def test_a_unit_is_covered_once_in_a_ledger(spent: OnDisk):
    spent.sequencer.submit([covers(spent, "0..100")])
    (answer,) = spent.reopen().sequencer.submit([covers(spent, "99..101")])
    assert answer.rule == "refund-units"
    (answer,) = spent.sequencer.submit([covers(spent, "100..200")])
    assert answer == Answer(7, False)


def test_a_donor_is_forgotten_and_refunded_in_one_statement(town: OnDisk):
    """Two records of different kinds claim something about the same gift."""
    digest = to_base64url(bytes(32))
    town.play(f"hope: donation 10.00 CNY -> school as gift private={digest}")
    forgotten = f"erasure of ^gift request digests={digest}"
    refunded = "refund ^gift school CNY reason=donor-request units={}"
    assert town.sequencer.submit_one(town.made("hope", f"{forgotten}; {refunded.format('0..400')}")) == Answer(5, False)
    assert town.sequencer.submit_one(town.made("hope", f"{refunded.format('400..500')}; {forgotten}")) == Answer(6, False)
    (twice,) = town.sequencer.submit([town.made("hope", f"{forgotten}; {refunded.format('400..500')}")])
    assert twice.rule in ("refund-units", "overdraft")
