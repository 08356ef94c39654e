"""What corrections changed of a record, as its page and `/v1` show it."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from ledger.books.kinds.correction import Correction
from ledger.books.kinds.payment import Payment
from ledger.view.corrected import LISTED, corrections_of

REF = "hmac-sha256:2026:" + "A" * 43
OTHER = "hmac-sha256:2026:" + "E" * 43
PAID = Payment(
    kind="payment", fund="school", unit="CNY", amount=100, payee="shop", cost_class="programme", channel="bank", channel_ref=REF,
    paid_on="2026-03-01",
)  # fmt: skip


class Snapshot:
    """The corrections of one payment."""

    def __init__(self, *said: dict[str, Any]) -> None:
        self.said = [Correction(kind="correction", of="3.0", reason=f"Reason {n}", **one) for n, one in enumerate(said)]
        self.store_flows = self

    def reading(self):
        return nullcontext()

    def having(self, *terms: str):
        assert terms == ("kind:correction", "about:3.0")
        return ((5 + n, 0) for n in range(len(self.said)))

    def target(self, entry: int, number: int):
        class Target:
            record = self.said[entry - 5]

        return Target


def shown(*said: dict[str, Any]) -> list[tuple[str, str, tuple[tuple[str, str, str], ...]]]:
    return [tuple(one) for one in corrections_of(Snapshot(*said), "3.0", PAID)]


def test_each_says_what_was_before_it():
    assert shown({"day": "2026-03-02"}, {"cost_class": "administration", "day": "2026-03-03"}) == [
        ("5.0", "Reason 0", (("day", "2026-03-01", "2026-03-02"),)),
        ("6.0", "Reason 1", (("day", "2026-03-02", "2026-03-03"), ("cost_class", "programme", "administration"))),
    ]


def test_a_channel_is_corrected_with_its_reference_and_an_invoice_with_its_amount():
    (one,) = shown({"channel": "cash", "invoice": {"ref": OTHER, "amount": 90}})
    assert one[2] == (("channel", "bank", "cash"), ("channel_ref", REF, ""), ("invoice", "", OTHER), ("invoice_amount", "", "90"))


def test_what_it_says_again_is_not_a_change():
    (one,) = shown({"channel": "bank", "channel_ref": REF, "day": "2026-03-02"})
    assert one[2] == (("day", "2026-03-01", "2026-03-02"),)


def test_the_first_are_shown():
    assert len(shown(*({"day": f"2026-03-{n:02}"} for n in range(1, LISTED + 5)))) == LISTED
