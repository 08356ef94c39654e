"""Bank statements, and receipts that the bank confirms (books §2)."""

from __future__ import annotations

import pytest

from ledger.bank_line import line_bytes, root_over
from ledger.books.levels import steps
from ledger.errors import Refused
from ledger.log.merkle import leaf_hash, prove_inclusion, root_of
from tests.language import Ledger, a_ledger

DIGEST, SALT = "A" * 43, "A" * 22
DAYS = "from_day=2026-09-07 to_day=2026-09-07"
AFTER = "from_day=2026-09-08 to_day=2026-09-08"
REF = f"hmac-sha256:2026:{DIGEST}"
OTHER_REF = f"hmac-sha256:2026:{'B' * 42}A"


def leaf(amount: int, way: str = "out", day: str = "2026-09-07") -> bytes:
    return leaf_hash(line_bytes(day, amount, DIGEST, SALT, way))


def opening(statement: str, leaves: list[bytes], number: int, amount: int) -> dict[str, object]:
    """A line of a statement, as a receipt opens it."""
    path = prove_inclusion(number, len(leaves), lambda level, at: root_of(leaves[at << level : (at + 1) << level]))
    return {
        "statement": statement, "number": number, "line_count": len(leaves), "amount": amount, "rest": DIGEST, "salt": SALT,
        "path": [step.hex() for step in path],
    }  # fmt: skip


def confirm(ledger: Ledger, of: str, amount: int, line: dict[str, object]) -> None:
    """The charity's receipt, with a line of a bank statement."""
    said = {"kind": "receipt", "of": of, "amount": amount, "level": "confirmed", "received_on": "2026-09-07", "line": line}
    ledger.say("hope", [said], ["hope.li"])


BANKED = """
    op: party bank custodian ba
    hope: mandate 0 channels=bank:bank
    hope: donation 90.00 CNY -> general
"""
PAID = f"hope: payment 30.00 CNY general -> shop channel=bank channel_ref={REF} as paid"


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger().play(BANKED).play(PAID)


def state(ledger: Ledger, leaves: list[bytes], by: str = "li, bank.ba", days: str = DAYS) -> str:
    """Record a bank statement with these lines; its name."""
    lines = f"line_count={len(leaves)} lines={root_of(leaves).hex()}"
    ledger.play(f"hope by {by}: bank-statement general CNY 1.00 2.00 channel=bank {days} {lines}")
    return f"{len(ledger.leaves) - 1}.0"


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 64, 100])
def test_a_line_leads_to_the_root_and_to_no_other(size: int):
    lines = [line_bytes("2026-09-07", number + 1, DIGEST, SALT) for number in range(size)]
    leaves = [leaf_hash(line) for line in lines]
    for number in range(size):
        path = opening("1.0", leaves, number, 1)["path"]
        assert root_over(lines[number], number, size, path) == root_of(leaves).hex()
        other = (number + 1) % size
        assert size == 1 or root_over(lines[number], other, size, path) != root_of(leaves).hex()
        assert root_over(lines[number], number, size, [*path, "0" * 64]) == ""
        assert root_over(lines[number], number + size, size, path) == ""


def test_the_bank_confirms_what_left_the_account(ledger: Ledger):
    ledger.play("bank: receipt 20.00 of ^paid confirmed")
    leaves = [leaf(500), leaf(30_00), leaf(7_00, "in")]
    name = state(ledger, leaves)
    confirm(ledger, ledger.labels["paid"], 10_00, opening(name, leaves, 1, 30_00))
    assert list(steps(ledger.books.disbursement[ledger.labels["paid"]])) == [(0, 30_00, "confirmed")]


def test_the_recipient_is_stronger_and_a_third_party_weaker(ledger: Ledger):
    ledger.play("""
        auditco: receipt 30.00 of ^paid third-party
        bank: receipt 20.00 of ^paid confirmed
        shop: receipt 10.00 of ^paid
    """)
    assert list(steps(ledger.books.disbursement[ledger.labels["paid"]])) == [
        (0, 10_00, "recipient-signed"), (10_00, 20_00, "confirmed"), (20_00, 30_00, "third-party"),
    ]  # fmt: skip


def test_a_line_pays_for_so_much_and_a_void_receipt_gives_it_back(ledger: Ledger):
    leaves = [leaf(10_00)]
    name, paid = state(ledger, leaves), ledger.labels["paid"]
    confirm(ledger, paid, 9_00, opening(name, leaves, 0, 10_00))
    with pytest.raises(Refused, match="the line is of 10.00 CNY"):
        confirm(ledger, paid, 2_00, opening(name, leaves, 0, 10_00))
    ledger.books.rollback()
    ledger.play(f"hope by li, auditco.zhou: reversal of={len(ledger.leaves) - 1}.0")
    confirm(ledger, paid, 10_00, opening(name, leaves, 0, 10_00))
    assert ledger.books.line[f"{name}/0"].amount == 10_00


def test_a_statement_without_the_bank_proves_nothing(ledger: Ledger):
    leaves = [leaf(30_00)]
    name = state(ledger, leaves, by="li, auditco.zhou")
    with pytest.raises(Refused, match="no custodian has signed"):
        confirm(ledger, ledger.labels["paid"], 1_00, opening(name, leaves, 0, 30_00))


def test_a_related_bank_does_not_count(ledger: Ledger):
    ledger.play("""
        hope: relation of=bank to=hope nature=control
        bank: receipt 1.00 of ^paid confirmed
          ! authority: can sign
        hope by li, bank.ba: bank-statement general CNY 1.00 2.00 channel=bank from_day=2026-09-07 to_day=2026-09-07
          ! approval: or the custodian of the channel
        bank: relation of=bank to=shop nature=founder
    """)


def test_a_bank_that_is_related_to_the_payee_does_not_confirm(ledger: Ledger):
    ledger.play("""
        bank: relation of=bank to=shop nature=founder
        bank: receipt 1.00 of ^paid confirmed
          ! authority: can sign
    """)


def test_a_bank_keeps_money_by_the_mandate_and_its_role(ledger: Ledger):
    ledger.play("""
        hope: mandate 0
        bank: receipt 1.00 of ^paid confirmed
          ! authority: can sign
        hope: mandate 0 channels=bank:shop
        shop: receipt 1.00 of ^paid confirmed
          ! authority: can sign
        hope: mandate 0 channels=till:bank
        bank: receipt 1.00 of ^paid confirmed
          ! authority: can sign
    """)


def test_a_channel_whose_mandate_changes_has_the_bank_after_the_delay(ledger: Ledger):
    ledger.play("""
        op: party other custodian ot
        hope: mandate 5
        hope: mandate 5 channels=bank:other
        other: receipt 1.00 of ^paid confirmed
          ! authority: can sign
        2026-09-12
        other: receipt 1.00 of ^paid confirmed
          ! authority: can sign
        bank: receipt 1.00 of ^paid confirmed
          ! authority: can sign
    """)


def test_a_correction_of_the_channel_decides_which_bank_may_confirm(ledger: Ledger):
    ledger.play(f"""
        hope: correction of ^paid channel=other channel_ref={REF}
        bank: receipt 1.00 of ^paid confirmed
          ! authority: can sign
    """)


def test_groups_wait_for_documents_or_for_the_bank(ledger: Ledger):
    """What the bank confirms ends the wait, because the level is above `documented`."""
    ledger.play(f"""
        hope: payment 30.00 CNY general group=payroll:12:{DIGEST} channel=bank channel_ref={REF[:-1]}Q as salaries
        bank: receipt 30.00 of ^salaries confirmed
    """)
    assert list(steps(ledger.books.disbursement[ledger.labels["salaries"]])) == [(0, 30_00, "confirmed")]


def test_statements_of_an_account_join(ledger: Ledger):
    state(ledger, [])
    ledger.play(f"hope by li, bank.ba: bank-statement general CNY 2.00 9.00 channel=bank {AFTER}".replace("09-08", "09-07"))
    (remark,) = ledger.context.remarks
    assert remark.fault.rule == "bank-statement-gap"
    assert "begins on 2026-09-07 with 2.00 CNY, but the one before it of this account ends on 2026-09-07 with 2.00 CNY" in str(
        remark.fault
    )
    ledger.play(f"""
        2026-09-08
        hope by li, bank.ba: bank-statement general CNY 9.00 9.00 channel=bank {AFTER}
    """)
    assert ledger.context.remarks == []


def test_an_account_is_of_one_tree_which_its_root_names(ledger: Ledger):
    ledger.play(f"""
        hope: fund camp restricted general; fund reserve restricted
        hope by li, bank.ba: bank-statement camp CNY 1.00 2.00 channel=bank {DAYS}
          ! reference: is below 'general'; name the root
        hope by li, bank.ba: bank-statement general CNY 1.00 2.00 channel=bank {DAYS}
        hope by li, bank.ba: bank-statement reserve USD 1.00 2.00 channel=bank {DAYS}
        hope by li, bank.ba: bank-statement reserve CNY 1.00 2.00 channel=bank {DAYS}
          ! reference: the money of this account is in tree 'general'
    """)


def test_an_account_has_a_label_of_its_own(ledger: Ledger):
    ledger.play(f"""
        hope by li, bank.ba: bank-statement general CNY 1.00 2.00 channel=bank {DAYS} account={REF}
          ! reference: is committed under label '2026', but those of 'accounts'
        hope: mandate 0 labels=konten:accounts:2026-01-01
        hope by li, auditco.zhou: bank-statement general CNY 1.00 2.00 channel=bank {DAYS}
          ! reference: are under 'konten'
    """)


WIDER = "from_day=2026-09-06 to_day=2026-09-07"


def test_a_line_in_two_statements_confirms_no_two_payments(ledger: Ledger):
    ledger.play(PAID.replace("as paid", "as again").replace(REF, OTHER_REF))
    leaves = [leaf(30_00), leaf(5_00)]
    first, second = state(ledger, leaves), state(ledger, leaves, days=WIDER)
    confirm(ledger, ledger.labels["paid"], 20_00, opening(first, leaves, 0, 30_00))
    receipts = [len(ledger.leaves) - 1]
    for number, amount in ((0, 30_00), (1, 5_00)):
        with pytest.raises(Refused, match=f"a receipt opens a line of that account and day from statement {first}") as refused:
            confirm(ledger, ledger.labels["again"], 1_00, opening(second, leaves, number, amount))
        assert refused.value.rule == "bank-line"
        ledger.books.rollback()
    confirm(ledger, ledger.labels["again"], 5_00, opening(first, leaves, 1, 5_00))
    receipts.append(len(ledger.leaves) - 1)
    ledger.play(f"hope by li, auditco.zhou: reversal of={receipts[0]}.0")
    with pytest.raises(Refused, match="from statement"):
        confirm(ledger, ledger.labels["paid"], 1_00, opening(second, leaves, 0, 30_00))
    ledger.books.rollback()
    ledger.play(f"hope by li, auditco.zhou: reversal of={receipts[1]}.0")
    confirm(ledger, ledger.labels["paid"], 1_00, opening(second, leaves, 0, 30_00))
    with pytest.raises(Refused, match=f"from statement {second}"):
        confirm(ledger, ledger.labels["again"], 1_00, opening(first, leaves, 0, 30_00))


def test_another_account_or_another_day_is_told_by_another_statement(ledger: Ledger):
    leaves = [leaf(10_00), leaf(10_00, day="2026-09-06")]
    name = state(ledger, leaves)
    confirm(ledger, ledger.labels["paid"], 10_00, opening(name, leaves, 0, 10_00))
    other = state(ledger, leaves, days=f"{DAYS} account=hmac-sha256:accounts:{'B' * 42}A")
    confirm(ledger, ledger.labels["paid"], 10_00, opening(other, leaves, 0, 10_00))
    wider = state(ledger, leaves, days=WIDER)
    said = {"kind": "receipt", "of": ledger.labels["paid"], "amount": 1_00, "level": "confirmed", "received_on": "2026-09-06"}
    ledger.say("hope", [said | {"line": opening(wider, leaves, 1, 10_00)}], ["hope.li"])


def test_a_transfer_that_bounced_went_out_too(ledger: Ledger):
    """The bank's word contradicts no return, before it or after."""
    ledger.play("""
        bank: receipt 20.00 of ^paid confirmed
        hope: payment-return 30.00 of ^paid
    """)
    assert ledger.context.remarks == []
    ledger.play("    bank: receipt 10.00 of ^paid confirmed")
    assert ledger.context.remarks == []


def test_a_payment_that_is_void_never_went_out(ledger: Ledger):
    ledger.play("""
        hope: reversal of ^paid
        bank: receipt 30.00 of ^paid confirmed
    """)
    assert [remark.fault.rule for remark in ledger.context.remarks] == ["return-against-receipt"]


def test_the_next_bank_confirms_nothing_of_before(ledger: Ledger):
    """Not even where the reference of the payment is corrected, by the same channel."""
    ledger.play(f"""
        op: party other custodian ot
        hope by li, auditco.zhou: mandate channels=bank:other
        2026-09-20
        hope: correction of ^paid channel=bank channel_ref={REF[:-1]}E reason=Typed
        other: receipt 1.00 of ^paid confirmed
          ! authority: can sign
        bank: receipt 1.00 of ^paid confirmed
          ! authority: can sign
    """)
