"""The public list of what parties did although a rule of conduct forbids it."""

from __future__ import annotations

from pathlib import Path

from tests.api.asking import client_of
from tests.writer.on_disk import OnDisk, a_town


def told(directory: Path, payments: int) -> OnDisk:
    """Two charities pay themselves and say so, in turn; `river` once, and last."""
    ledger = a_town(directory)
    ledger.play("    river: fund aid restricted; donation 1.00 CNY -> aid")
    ledger.play(f"    hope: fund purse unrestricted; donation {payments}.00 CNY -> purse")
    for number in range(payments):
        ledger.play(f"    hope: payment 1.00 CNY purse -> hope 'breach=self-payment:Number {number}' as own{number}")
    ledger.play("    river: payment 1.00 CNY aid -> river 'breach=self-payment:By mistake' as last")
    return ledger


def test_the_newest_breach_comes_first_with_its_reason(tmp_path: Path):
    ledger = told(tmp_path / "ledger", payments=12)
    refs = [ledger.labels[name] for name in ("last", *(f"own{number}" for number in reversed(range(12))))]
    ledger.close()
    client = client_of(ledger.directory)
    found = client.items("/v1/breaches?limit=5")
    assert [one["ref"] for one in found] == refs, "by number: entry 10 after entry 9"
    assert found[0] == {
        "ref": refs[0], "party": "river", "kind": "payment", "findings": ["self-payment"], "reason": "By mistake",
        "entered_on": found[0]["entered_on"],
    }  # fmt: skip
    assert [one["party"] for one in client.items("/v1/breaches?party=river")] == ["river"]
    assert client.items("/v1/breaches?party=shop") == []
    client.close()
